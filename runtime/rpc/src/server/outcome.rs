//! How a handler's work ended, before the caller learns of it.
//!
//! Never sends anything: interceptors may still change it.

use crate::payload::Payload;
use crate::{MetadataMap, Status};

/// The end of a call on the server: its status, the trailing metadata, and what of the response has not been sent.
///
/// An interceptor sees it after the handler and before the caller.
pub struct Outcome {
    result: Result<Reply, Status>,
}

/// What is left to send of a call that went well.
pub(super) struct Reply {
    /// The whole response of a call that has one message; a stream's has left already.
    pub(super) unsent: Option<Unsent>,
    pub(super) trailers: MetadataMap,
}

pub(super) struct Unsent {
    pub(super) headers: MetadataMap,
    /// The message with its prefix.
    pub(super) message: Payload,
}

impl Outcome {
    /// The status that the call failed with, if it did.
    ///
    /// # Errors
    /// That status.
    pub fn status(&self) -> Result<(), &Status> {
        self.result.as_ref().map(drop)
    }

    /// The initial metadata, where it has not been sent: in calls with one response that went well.
    pub fn headers_mut(&mut self) -> Option<&mut MetadataMap> {
        let unsent = self.result.as_mut().ok()?.unsent.as_mut()?;
        Some(&mut unsent.headers)
    }

    /// The trailing metadata, of a success as of a failure.
    pub fn trailers_mut(&mut self) -> &mut MetadataMap {
        match &mut self.result {
            Ok(reply) => &mut reply.trailers,
            Err(status) => status.metadata_mut(),
        }
    }

    pub(super) fn into_result(self) -> Result<Reply, Status> {
        self.result
    }
}

/// A call that ends with this status; a response that has not been sent is dropped.
impl From<Status> for Outcome {
    fn from(status: Status) -> Self {
        Outcome {
            result: Err(status),
        }
    }
}

impl From<Result<Reply, Status>> for Outcome {
    fn from(result: Result<Reply, Status>) -> Self {
        Outcome { result }
    }
}
