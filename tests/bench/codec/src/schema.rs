//! The code that each generator made of the files in `proto`. Never written by hand.

pub(crate) mod ironwire {
    ::ironwire::include_proto!();
}

#[allow(clippy::all)]
pub(crate) mod prost {
    include!(concat!(env!("OUT_DIR"), "/prost/all.rs"));
}

#[allow(clippy::all)]
pub(crate) mod buffa {
    include!(concat!(env!("OUT_DIR"), "/buffa/all.rs"));
}

#[allow(clippy::all)]
pub(crate) mod rust_protobuf {
    include!(concat!(env!("OUT_DIR"), "/rust_protobuf/mod.rs"));
}
