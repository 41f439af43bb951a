//! What went wrong on a stream or a connection, without `h2`'s types.
//!
//! Never decides on a retry; it only says whether the peer can have seen the call.

use crate::mapping::code_of_reset;
use crate::{Code, Status};
use std::fmt;

/// A failure of HTTP/2 or of the socket beneath it.
#[derive(Debug)]
pub(crate) struct TransportError {
    error: h2::Error,
}

impl From<h2::Error> for TransportError {
    fn from(error: h2::Error) -> Self {
        TransportError { error }
    }
}

impl TransportError {
    /// Whether the peer promises that it did not touch the call: a refused stream, or a stream beyond the last one of a
    /// graceful GOAWAY (RFC 9113, sections 6.8 and 8.7).
    pub(crate) fn is_unprocessed(&self) -> bool {
        let error = &self.error;
        let reason = error.reason();
        (error.is_reset() && error.is_remote() && reason == Some(h2::Reason::REFUSED_STREAM))
            || (error.is_go_away() && error.is_remote() && reason == Some(h2::Reason::NO_ERROR))
    }

    /// The status of the call that failed by this; `during` is what the call was doing, `peer` whom with.
    pub(crate) fn into_status(self, during: &str, peer: &str) -> Status {
        Status::new(self.code(), format!("{during} {peer}: {self}")).with_source(self.error)
    }

    fn code(&self) -> Code {
        match self.error.reason() {
            Some(reason) if self.error.is_reset() => code_of_reset(reason.into()),
            Some(h2::Reason::ENHANCE_YOUR_CALM) => Code::ResourceExhausted,
            _ => Code::Unavailable,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = if self.error.is_remote() {
            "the peer"
        } else {
            "this side"
        };
        match self.error.reason() {
            Some(reason) if self.error.is_reset() => {
                write!(f, "{by} reset the stream with {reason:?} ({reason})")
            }
            Some(reason) if self.error.is_go_away() => {
                write!(f, "{by} closed the connection with {reason:?} ({reason})")
            }
            _ => match self.error.get_io() {
                Some(error) => write!(f, "the connection was lost: {error}"),
                None => write!(f, "the connection failed: {}", self.error),
            },
        }
    }
}
