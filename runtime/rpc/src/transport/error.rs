//! What went wrong on a stream or a connection, without `h2`'s types.
//!
//! Never decides on a retry; it only says whether the peer can have seen the call.

use super::farewell::{Farewell, Goaway};
use crate::mapping::code_of_reset;
use crate::{Code, Status};
use std::fmt;

/// A failure of HTTP/2 or of the socket beneath it.
#[derive(Debug)]
pub(crate) struct TransportError {
    error: h2::Error,
    hint: Option<Hint>,
}

/// What this side knows beyond `h2`'s error.
#[derive(Debug)]
enum Hint {
    /// The peer's, before the connection ended.
    Goaway(Goaway),
    /// The headers were malformed, which `h2` says likewise, or too large.
    HeaderList { bytes_max: u32 },
}

impl From<h2::Error> for TransportError {
    fn from(error: h2::Error) -> Self {
        TransportError { error, hint: None }
    }
}

impl TransportError {
    /// The same on a connection whose peer may have said goodbye.
    pub(super) fn after(mut self, farewell: &Farewell) -> TransportError {
        // A stream that is reset ends for its own reasons.
        if !self.error.is_reset() {
            self.hint = farewell.said().map(Hint::Goaway);
        }
        self
    }

    /// The same of a stream whose headers have not been taken.
    pub(super) fn of_headers(mut self, bytes_max: u32) -> TransportError {
        let error = &self.error;
        let is_refused = error.reason() == Some(h2::Reason::PROTOCOL_ERROR);
        if is_refused && error.is_reset() && !error.is_remote() {
            self.hint = Some(Hint::HeaderList { bytes_max });
        }
        self
    }

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
        }?;
        match &self.hint {
            Some(Hint::Goaway(goaway)) => write!(f, ", after the peer's {goaway}"),
            Some(Hint::HeaderList { bytes_max }) => write!(
                f,
                "; the response's headers are malformed or larger than the {bytes_max} bytes that are accepted"
            ),
            None => Ok(()),
        }
    }
}
