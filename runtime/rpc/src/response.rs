//! What a call carries out: a message, or a stream of them, with metadata.
//!
//! Plain data; nothing here sends anything.

use crate::MetadataMap;
use crate::compression::CompressionSwitch;

/// A response: its message (or stream of messages), the metadata before it and the metadata after it.
#[derive(Clone, Debug, Default)]
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

    pub(crate) fn from_parts(message: T, metadata: MetadataMap, trailers: MetadataMap) -> Self {
        Response {
            message,
            metadata,
            trailers,
            compression_switch: None,
            was_compressed: false,
        }
    }

    pub(crate) fn into_parts(self) -> (T, MetadataMap, MetadataMap) {
        (self.message, self.metadata, self.trailers)
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

impl<T> From<T> for Response<T> {
    fn from(message: T) -> Self {
        Response::new(message)
    }
}
