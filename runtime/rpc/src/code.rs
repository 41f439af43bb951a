//! The seventeen status codes of gRPC.
//!
//! Only the closed set and its names; how a code travels is `status/wire.rs`, how HTTP errors become codes is `mapping.rs`.

use std::fmt;

/// A gRPC status code.
///
/// The numbers, names and meanings are those of the gRPC "Status codes and their use" page; a number from a peer
/// outside this set is treated as [`Code::Unknown`], as that page asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The call succeeded.
    Ok = 0,
    /// The call was cancelled, typically by its caller.
    Cancelled = 1,
    /// An error that carries no better code, or a code that this side does not know.
    Unknown = 2,
    /// The request is wrong whatever the state of the system.
    InvalidArgument = 3,
    /// The deadline passed before the call ended. The work may have been done all the same.
    DeadlineExceeded = 4,
    /// Something that was asked for does not exist.
    NotFound = 5,
    /// Something that was to be created exists already.
    AlreadyExists = 6,
    /// The caller is known and may not do this.
    PermissionDenied = 7,
    /// A resource has run out: a quota, a queue, a size limit.
    ResourceExhausted = 8,
    /// The system is not in the state that the call needs; retrying without a change does not help.
    FailedPrecondition = 9,
    /// The call was aborted, typically by a concurrency conflict; retry at a higher level.
    Aborted = 10,
    /// The call went past a valid range.
    OutOfRange = 11,
    /// The method does not exist or is not supported here.
    Unimplemented = 12,
    /// An invariant of the system is broken.
    Internal = 13,
    /// The service cannot be reached now; a retry with backoff may succeed.
    Unavailable = 14,
    /// Data was lost or corrupted for good.
    DataLoss = 15,
    /// The call carries no valid credentials.
    Unauthenticated = 16,
}

impl Code {
    /// Every code, in the order of its number.
    pub const ALL: [Code; 17] = [
        Code::Ok,
        Code::Cancelled,
        Code::Unknown,
        Code::InvalidArgument,
        Code::DeadlineExceeded,
        Code::NotFound,
        Code::AlreadyExists,
        Code::PermissionDenied,
        Code::ResourceExhausted,
        Code::FailedPrecondition,
        Code::Aborted,
        Code::OutOfRange,
        Code::Unimplemented,
        Code::Internal,
        Code::Unavailable,
        Code::DataLoss,
        Code::Unauthenticated,
    ];

    /// The code of this number, [`Code::Unknown`] for a number outside the set.
    ///
    /// ```
    /// # use ironwire_rpc::Code;
    /// assert_eq!(Code::from_i32(5), Code::NotFound);
    /// assert_eq!(Code::from_i32(99), Code::Unknown);
    /// ```
    pub fn from_i32(number: i32) -> Code {
        usize::try_from(number)
            .ok()
            .and_then(|index| Code::ALL.get(index).copied())
            .unwrap_or(Code::Unknown)
    }

    /// The number that travels in `grpc-status`.
    pub fn as_i32(self) -> i32 {
        self as i32
    }

    /// The code's name in the specification, as in `"NOT_FOUND"`.
    pub fn name(self) -> &'static str {
        match self {
            Code::Ok => "OK",
            Code::Cancelled => "CANCELLED",
            Code::Unknown => "UNKNOWN",
            Code::InvalidArgument => "INVALID_ARGUMENT",
            Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Code::NotFound => "NOT_FOUND",
            Code::AlreadyExists => "ALREADY_EXISTS",
            Code::PermissionDenied => "PERMISSION_DENIED",
            Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Code::FailedPrecondition => "FAILED_PRECONDITION",
            Code::Aborted => "ABORTED",
            Code::OutOfRange => "OUT_OF_RANGE",
            Code::Unimplemented => "UNIMPLEMENTED",
            Code::Internal => "INTERNAL",
            Code::Unavailable => "UNAVAILABLE",
            Code::DataLoss => "DATA_LOSS",
            Code::Unauthenticated => "UNAUTHENTICATED",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_codes_round_trip() {
        for code in Code::ALL {
            assert_eq!(Code::from_i32(code.as_i32()), code);
        }
        assert_eq!(Code::from_i32(-1), Code::Unknown);
        assert_eq!(Code::from_i32(17), Code::Unknown);
    }
}
