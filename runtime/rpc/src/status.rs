//! `Status`: how a call ended, the one error of the RPC surface.
//!
//! How it travels is `status/wire.rs`, what a lost call ends with `status/failure.rs`; this file never touches a header.

pub(crate) mod failure;
pub(crate) mod wire;

use crate::{Code, MetadataMap};
use bytes::Bytes;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// How a call ended: a code, a message for people, and optionally details and metadata.
///
/// One pointer in size, so `Result<T, Status>` is no larger than it must be.
///
/// ```
/// # use ironwire_rpc::{Code, Status};
/// let status = Status::not_found("no person of id 7");
/// assert_eq!(status.code(), Code::NotFound);
/// assert_eq!(status.to_string(), "NOT_FOUND: no person of id 7");
/// ```
#[derive(Clone)]
pub struct Status {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    code: Code,
    message: Cow<'static, str>,
    details: Bytes,
    metadata: MetadataMap,
    source: Option<Arc<dyn Error + Send + Sync>>,
    is_retry_safe: bool,
}

/// A constructor for each code that reports an error.
macro_rules! constructors {
    ($($name:ident $code:ident)*) => {$(
        #[doc = concat!("A status of [`Code::", stringify!($code), "`].")]
        pub fn $name(message: impl Into<Cow<'static, str>>) -> Status {
            Status::new(Code::$code, message)
        }
    )*};
}

impl Status {
    /// A status of this code and message.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Status {
        Status {
            inner: Box::new(Inner {
                code,
                message: message.into(),
                details: Bytes::new(),
                metadata: MetadataMap::new(),
                source: None,
                is_retry_safe: false,
            }),
        }
    }

    /// A status with details: an encoded `google.rpc.Status`, which travels as `grpc-status-details-bin`.
    pub fn with_details(
        code: Code,
        message: impl Into<Cow<'static, str>>,
        details: impl Into<Bytes>,
    ) -> Status {
        let mut status = Status::new(code, message);
        status.inner.details = details.into();
        status
    }

    /// The same status with other details.
    #[cfg(feature = "services")]
    pub(crate) fn replace_details(mut self, details: Bytes) -> Status {
        self.inner.details = details;
        self
    }

    constructors! {
        cancelled Cancelled
        unknown Unknown
        invalid_argument InvalidArgument
        deadline_exceeded DeadlineExceeded
        not_found NotFound
        already_exists AlreadyExists
        permission_denied PermissionDenied
        resource_exhausted ResourceExhausted
        failed_precondition FailedPrecondition
        aborted Aborted
        out_of_range OutOfRange
        unimplemented Unimplemented
        internal Internal
        unavailable Unavailable
        data_loss DataLoss
        unauthenticated Unauthenticated
    }

    /// The same status, with the error that caused it. The cause stays on this side of the wire.
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Status {
        self.inner.source = Some(Arc::from(source.into()));
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.inner.code
    }

    /// The message, for people; empty when there is none.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Whether it is certain that no server has processed the call, so that it may be made again whatever it does: there was
    /// no connection, or the server refused the stream or left it out of its GOAWAY.
    ///
    /// `false` when that is not known, and for every status that a server has sent. It is known on the client that made the
    /// call and does not travel. A call with one request is [sent again](crate::client) a few times before it fails like this.
    ///
    /// ```
    /// # use ironwire_rpc::{Channel, Endpoint, Status};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let error = Channel::connect("http://127.0.0.1:1").await.unwrap_err();
    /// assert!(Status::from(error).is_retry_safe());
    /// # });
    /// assert!(!Status::unavailable("come back later").is_retry_safe());
    /// ```
    pub fn is_retry_safe(&self) -> bool {
        self.inner.is_retry_safe
    }

    /// The encoded `google.rpc.Status`, empty when there is none.
    pub fn details(&self) -> &Bytes {
        &self.inner.details
    }

    /// The trailing metadata that came, or goes, with the status.
    pub fn metadata(&self) -> &MetadataMap {
        &self.inner.metadata
    }

    /// The trailing metadata, to be changed.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        &mut self.inner.metadata
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message() {
            "" => write!(f, "{}", self.code()),
            message => write!(f, "{}: {message}", self.code()),
        }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Status");
        debug
            .field("code", &self.code())
            .field("message", &self.message());
        if !self.inner.details.is_empty() {
            debug.field("details", &self.inner.details);
        }
        if !self.inner.metadata.is_empty() {
            debug.field("metadata", &self.inner.metadata);
        }
        if let Some(source) = &self.inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl Error for Status {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.inner.source.as_ref().map(|source| &**source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_pointer() {
        assert_eq!(size_of::<Status>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Status>>(), size_of::<usize>());
    }

    #[test]
    fn the_source_is_reachable() {
        let status = Status::unavailable("no").with_source(std::io::Error::other("cause"));
        assert_eq!(status.source().unwrap().to_string(), "cause");
    }
}
