//! The messages and stubs that `connectrpc-build` generates.
//!
//! Never adds to them.

mod generated {
    #![allow(missing_docs, clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/connectrpc.rs"));
}

pub use generated::bench::*;
