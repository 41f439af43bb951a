//! What several tests need.

pub(crate) mod golden;
pub(crate) mod protoc;
pub(crate) mod wire;
