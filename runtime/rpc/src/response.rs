//! What a call carries out: a message, or a stream of them, with metadata.
//!
//! Plain data; nothing here sends anything.

use crate::MetadataMap;
use crate::compression::CompressionSwitch;
use std::fmt;

/// A response: its message (or stream of messages), the metadata before it and the metadata after it.
#[derive(Clone, Default)]
pub struct Response<T> {
    message: T,
    metadata: MetadataMap,
    trailers: MetadataMap,
    pub(crate) compression_switch: Option<CompressionSwitch>,
    pub(crate) was_compressed: bool,
}

impl<T> Response<T> {
    /// A response without metadata.
    pub fn new(message: T) -> Response<T> {
        Response {
            message,
            metadata: MetadataMap::new(),
            trailers: MetadataMap::new(),
            compression_switch: None,
            was_compressed: false,
        }
    }

    /// A response of these parts: the metadata before the message, and behind it.
    pub fn from_parts(metadata: MetadataMap, message: T, trailers: MetadataMap) -> Response<T> {
        Response {
            message,
            metadata,
            trailers,
            compression_switch: None,
            was_compressed: false,
        }
    }

    /// The metadata before the message, the message, and the metadata behind it.
    pub fn into_parts(self) -> (MetadataMap, T, MetadataMap) {
        (self.metadata, self.message, self.trailers)
    }

    /// The message.
    pub fn get_ref(&self) -> &T {
        &self.message
    }

    /// The message, to be changed.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.message
    }

    /// The message alone.
    pub fn into_inner(self) -> T {
        self.message
    }

    /// The same response with another message.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            message: f(self.message),
            metadata: self.metadata,
            trailers: self.trailers,
            compression_switch: self.compression_switch,
            was_compressed: self.was_compressed,
        }
    }

    /// The initial metadata, which travels before the first message.
    pub fn metadata(&self) -> &MetadataMap {
        &self.metadata
    }

    /// The initial metadata, to be changed.
    pub fn metadata_mut(&mut self) -> &mut MetadataMap {
        &mut self.metadata
    }

    /// The trailing metadata, which travels after the last message.
    ///
    /// On a client it is filled for calls with one response; for streams ask
    /// [`Streaming::trailers`](crate::Streaming::trailers).
    pub fn trailers(&self) -> &MetadataMap {
        &self.trailers
    }

    /// On a server that [compresses](crate::Server::compress), turns that off and on for the messages of this response.
    pub fn compression_switch(&mut self) -> CompressionSwitch {
        self.compression_switch.get_or_insert_default().clone()
    }

    /// On a client, whether the one response travelled compressed; for streams ask
    /// [`Streaming::was_compressed`](crate::Streaming::was_compressed).
    pub fn was_compressed(&self) -> bool {
        self.was_compressed
    }

    /// The trailing metadata, to be changed.
    pub fn trailers_mut(&mut self) -> &mut MetadataMap {
        &mut self.trailers
    }
}

/// The message, the metadata before it and behind it.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("message", &self.message)
            .field("metadata", &self.metadata)
            .field("trailers", &self.trailers)
            .finish_non_exhaustive()
    }
}

impl<T> From<T> for Response<T> {
    fn from(message: T) -> Self {
        Response::new(message)
    }
}
