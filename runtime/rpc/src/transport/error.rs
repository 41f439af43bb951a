//! What went wrong on a stream or a connection, without `h2`'s types.
//!
//! Never decides on a retry; it only says whether the peer can have seen the call.

use super::farewell::{Farewell, Goaway};
use crate::mapping::code_of_reset;
use crate::status::failure::{During, Seen, failure};
use crate::{Code, Status};
use std::fmt;

/// A failure of HTTP/2 or of the socket beneath it.
#[derive(Debug)]
pub(crate) enum TransportError {
    /// As `h2` tells it.
    Http2 {
        error: h2::Error,
        hint: Option<Hint>,
    },
    /// The headers or trailers of a response are larger than is accepted.
    HeaderList { bytes_max: u32 },
}

/// What this side knows beyond `h2`'s error.
#[derive(Debug)]
pub(crate) enum Hint {
    /// The peer's, before the connection ended.
    After(Goaway),
    /// The peer has not answered a ping.
    GivenUp,
    /// The headers were malformed, which `h2` says likewise, or so large that it has not kept them.
    Refused { bytes_max: u32 },
}

impl From<h2::Error> for TransportError {
    fn from(error: h2::Error) -> Self {
        TransportError::Http2 { error, hint: None }
    }
}

impl TransportError {
    /// The same on a connection of whose end something may be known.
    pub(super) fn after(self, farewell: &Farewell) -> TransportError {
        match self {
            // A stream that is reset ends for its own reasons.
            TransportError::Http2 { error, hint: None } if !error.is_reset() => {
                let hint = match farewell.is_given_up() {
                    true => Some(Hint::GivenUp),
                    false => farewell.said().map(Hint::After),
                };
                TransportError::Http2 { error, hint }
            }
            other => other,
        }
    }

    /// The same of a stream whose headers have not been taken.
    pub(super) fn of_headers(self, bytes_max: u32) -> TransportError {
        match self {
            TransportError::Http2 { error, hint: None }
                if error.reason() == Some(h2::Reason::PROTOCOL_ERROR)
                    && error.is_reset()
                    && !error.is_remote() =>
            {
                let hint = Some(Hint::Refused { bytes_max });
                TransportError::Http2 { error, hint }
            }
            other => other,
        }
    }

    /// Whether the peer promises that it did not touch the call: a refused stream, or a stream beyond the last one of a GOAWAY,
    /// whatever that is about (RFC 9113, sections 6.8 and 8.7).
    pub(crate) fn is_unprocessed(&self) -> bool {
        self.seen() == Seen::Nothing
    }

    /// What the peer can have seen of a call that failed by this. `h2` fails those that a GOAWAY leaves out with the
    /// GOAWAY's own error, and only those.
    fn seen(&self) -> Seen {
        match self {
            TransportError::Http2 { error, .. }
                if error.is_remote()
                    && (error.is_go_away()
                        || error.is_reset()
                            && error.reason() == Some(h2::Reason::REFUSED_STREAM)) =>
            {
                Seen::Nothing
            }
            _ => Seen::Perhaps,
        }
    }

    /// The status of the call with this peer that failed by this.
    pub(crate) fn into_status(self, during: During, peer: &str) -> Status {
        let seen = match during {
            During::Opening => Seen::Nothing,
            During::Waiting => self.seen(),
            // Whatever a peer says that has answered.
            During::Reading => Seen::Perhaps,
        };
        let status = failure(self.code(), format_args!("{during} {peer}: {self}"), seen);
        match self {
            TransportError::Http2 { error, .. } => status.with_source(error),
            TransportError::HeaderList { .. } => status,
        }
    }

    fn code(&self) -> Code {
        let TransportError::Http2 { error, .. } = self else {
            return Code::ResourceExhausted;
        };
        match error.reason() {
            Some(reason) if error.is_reset() => code_of_reset(reason.into()),
            Some(h2::Reason::ENHANCE_YOUR_CALM) => Code::ResourceExhausted,
            _ => Code::Unavailable,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TransportError::Http2 { error, hint } => {
                match hint {
                    Some(Hint::GivenUp) => {
                        return f.write_str("the peer was given up, since it answered no ping");
                    }
                    Some(Hint::After(_) | Hint::Refused { .. }) | None => fmt_http2(error, f)?,
                }
                match hint {
                    Some(Hint::After(goaway)) => write!(f, ", after the peer's {goaway}"),
                    Some(Hint::Refused { bytes_max }) => write!(
                        f,
                        ", for the response's headers are malformed or larger than the {bytes_max} bytes that are accepted"
                    ),
                    Some(Hint::GivenUp) | None => Ok(()),
                }
            }
            TransportError::HeaderList { bytes_max } => write!(
                f,
                "the response's headers or trailers are larger than the {bytes_max} bytes that are accepted"
            ),
        }
    }
}

fn fmt_http2(error: &h2::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let by = if error.is_remote() {
        "the peer"
    } else {
        "this side"
    };
    match error.reason() {
        Some(reason) if error.is_reset() => {
            write!(f, "{by} reset the stream with {reason:?} ({reason})")
        }
        Some(reason) if error.is_go_away() => {
            write!(f, "{by} closed the connection with {reason:?} ({reason})")
        }
        // Without an error, but before it was of use.
        Some(h2::Reason::NO_ERROR) => f.write_str("the peer closed the connection"),
        _ => match error.get_io() {
            Some(error) => write!(f, "the connection was lost: {error}"),
            None => write!(f, "the connection failed: {error}"),
        },
    }
}
