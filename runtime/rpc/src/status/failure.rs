//! The status of a call that could not be carried to its end, and what that means for making it again.
//!
//! Never about a status that a server has sent.

use crate::{Code, Status};
use std::fmt;

/// How far a call had come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum During {
    /// Nothing of it was sent.
    Opening,
    /// No headers of a response have come.
    Waiting,
    /// They have.
    Reading,
}

impl fmt::Display for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            During::Opening => "opening a call to",
            During::Waiting => "waiting for the response of",
            During::Reading => "reading the response of",
        })
    }
}

/// How much of a call a server can have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing, or its headers in a frame that it says it has not looked at.
    Nothing,
    /// That is not known.
    Perhaps,
}

/// The status of a call that failed in this way: what was being done, whom with, and why it failed.
pub(crate) fn failure(code: Code, what: impl fmt::Display, seen: Seen) -> Status {
    let retry = match seen {
        Seen::Nothing => "the call was not processed and is safe to retry",
        Seen::Perhaps => {
            "the call may have been processed; retry it only if doing it twice does no harm"
        }
    };
    let mut status = Status::new(code, format!("{what}; {retry}"));
    status.inner.is_retry_safe = seen == Seen::Nothing;
    status
}
