//! What the well-known types can do beyond being messages: conversions to and from the types of Rust, and arithmetic that
//! says when it leaves their range. Never reads a clock.

mod any;
mod duration;
mod timestamp;
mod values;

use core::fmt;

/// A time or a span of time is outside of what its type can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange(&'static str);

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "out of the range of {}", self.0)
    }
}

impl core::error::Error for OutOfRange {}

const NANOS_PER_SECOND: i128 = 1_000_000_000;
