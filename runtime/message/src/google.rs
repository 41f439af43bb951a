//! Messages of the packages below `google` that every protobuf program shares. Never holds a service.

pub mod protobuf;
