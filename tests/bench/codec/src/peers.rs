//! What is compared: the same message in the types of each implementation. Every peer has its defaults. Never measures.

use crate::Error;
use clap::ValueEnum;
use std::hint::black_box;

/// What a turn does.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Work {
    /// From a slice to the message, and dropping that.
    Decode,
    /// From the message to a vector of its own, and dropping that.
    Encode,
}

/// A message in the types of one implementation.
pub(crate) trait Peer {
    fn name(&self) -> &'static str;
    fn encoded(&self) -> Vec<u8>;
    /// Whether `bytes` are this message.
    fn reads(&self, bytes: &[u8]) -> Result<bool, Error>;
    /// Does the work so many times; `bytes` is what to decode.
    fn work(&self, work: Work, bytes: &[u8], times: u32);
}

/// The columns' names, Ironwire's first.
pub(crate) const NAMES: [&str; 4] = ["ironwire", "prost", "buffa", "rust-protobuf"];

macro_rules! peers {
    ($($name:ident($index:literal, $($bound:tt)*) { $decode:expr, $encode:expr })*) => {$(
        pub(crate) struct $name<M>(M);

        impl<M: $($bound)*> $name<M> {
            /// The message that `bytes` are.
            pub(crate) fn of(bytes: &[u8]) -> Result<Box<dyn Peer>, Error>
            where
                M: 'static,
            {
                Ok(Box::new(Self($decode(bytes)?)))
            }
        }

        impl<M: $($bound)*> Peer for $name<M> {
            fn name(&self) -> &'static str {
                NAMES[$index]
            }

            fn encoded(&self) -> Vec<u8> {
                $encode(&self.0)
            }

            fn reads(&self, bytes: &[u8]) -> Result<bool, Error> {
                let message: M = $decode(bytes)?;
                Ok(message == self.0)
            }

            fn work(&self, work: Work, bytes: &[u8], times: u32) {
                match work {
                    Work::Decode => (0..times).for_each(|_| {
                        let message: M = $decode(black_box(bytes)).expect("it was decoded before");
                        black_box(message);
                    }),
                    Work::Encode => (0..times).for_each(|_| {
                        black_box($encode(black_box(&self.0)));
                    }),
                }
            }
        }
    )*};
}

peers! {
    Ironwire(0, ironwire::message::Message) { M::decode, M::encode_to_vec }
    Prost(1, prost::Message + Default + PartialEq) { M::decode, M::encode_to_vec }
    Buffa(2, buffa::Message) { M::decode_from_slice, M::encode_to_vec }
    RustProtobuf(3, protobuf::Message) { M::parse_from_bytes, |message: &M| {
        message.write_to_bytes().expect("its required fields are set")
    } }
}
