//! `Streaming<T>`: the messages of a stream, as they arrive.
//!
//! Never reads ahead of its user: a message is taken from the connection when it is asked for.

use crate::client::ClientResponse;
use crate::compression::{self, Compression};
use crate::hooks::Hooks;
use crate::length_prefixed::{Deframer, Flag, Framed};
use crate::transport::{Inbound, TransportError};
use crate::{MetadataMap, Status};
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, ready};

/// A stream of messages that a peer sends: the requests of a client stream, the responses of a server stream.
///
/// It is also a [`Stream`] of `Result<T, Status>`. Reading slowly slows the peer down. After an error or the end there
/// is nothing more.
///
/// Dropped before its end, it cancels the call on a client; on a server it makes the client stop sending once the
/// response is complete.
pub struct Streaming<T> {
    source: Source,
    decode: fn(Bytes) -> Result<T, Status>,
}

enum Source {
    Requests(RequestReader),
    Responses(ClientResponse),
    Opening(Opening),
    /// Ended; what a client may still ask for is kept.
    Ended {
        headers: MetadataMap,
        trailers: MetadataMap,
    },
}

/// A call whose response headers have not arrived.
type Opening = Pin<Box<dyn Future<Output = Result<ClientResponse, Status>> + Send>>;

impl<T> Streaming<T> {
    pub(crate) fn requests(reader: RequestReader, decode: fn(Bytes) -> Result<T, Status>) -> Self {
        Streaming {
            source: Source::Requests(reader),
            decode,
        }
    }

    pub(crate) fn responses(
        reader: ClientResponse,
        decode: fn(Bytes) -> Result<T, Status>,
    ) -> Self {
        Streaming {
            source: Source::Responses(reader),
            decode,
        }
    }

    pub(crate) fn opening(opening: Opening, decode: fn(Bytes) -> Result<T, Status>) -> Self {
        Streaming {
            source: Source::Opening(opening),
            decode,
        }
    }

    /// The next message; `None` once the peer has ended the stream and, on a client, the call went well.
    ///
    /// # Errors
    /// The status that the call failed with.
    pub async fn message(&mut self) -> Result<Option<T>, Status> {
        poll_fn(|cx| self.poll_message(cx)).await.transpose()
    }

    /// On a client, the initial metadata, waiting for it where the call was opened without waiting. Empty on a server,
    /// where it is the request's metadata.
    ///
    /// # Errors
    /// The status that the call failed with before there were headers.
    pub async fn headers(&mut self) -> Result<&MetadataMap, Status> {
        if let Source::Opening(opening) = &mut self.source {
            match opening.await {
                Ok(reader) => self.source = Source::Responses(reader),
                Err(status) => {
                    self.end(MetadataMap::new());
                    return Err(status);
                }
            }
        }
        Ok(match &self.source {
            Source::Responses(reader) => reader.metadata(),
            Source::Ended { headers, .. } => headers,
            Source::Requests(_) | Source::Opening(_) => empty(),
        })
    }

    /// Whether the message that was read last travelled compressed; `false` before the first and after the end.
    pub fn was_compressed(&self) -> bool {
        match &self.source {
            Source::Requests(reader) => reader.was_compressed(),
            Source::Responses(reader) => reader.was_compressed(),
            Source::Opening(_) | Source::Ended { .. } => false,
        }
    }

    /// On a client, the trailing metadata of a call that went well; messages that were not read are skipped. Empty on a
    /// server. (A failed call's trailing metadata is in its [`Status`].)
    ///
    /// # Errors
    /// The status that the call failed with.
    pub async fn trailers(&mut self) -> Result<&MetadataMap, Status> {
        while poll_fn(|cx| self.poll_bytes(cx))
            .await
            .transpose()?
            .is_some()
        {}
        match &self.source {
            Source::Ended { trailers, .. } => Ok(trailers),
            _ => Ok(empty()),
        }
    }

    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Status>>> {
        let bytes = match ready!(self.poll_bytes(cx)) {
            Some(Ok(bytes)) => bytes,
            Some(Err(status)) => return Poll::Ready(Some(Err(status))),
            None => return Poll::Ready(None),
        };
        let message = (self.decode)(bytes);
        if message.is_err() {
            self.end(MetadataMap::new());
        }
        Poll::Ready(Some(message))
    }

    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Status>>> {
        if let Source::Opening(opening) = &mut self.source {
            match ready!(opening.as_mut().poll(cx)) {
                Ok(reader) => self.source = Source::Responses(reader),
                Err(status) => {
                    self.end(MetadataMap::new());
                    return Poll::Ready(Some(Err(status)));
                }
            }
        }
        let message = match &mut self.source {
            Source::Requests(reader) => ready!(reader.poll_message(cx)),
            Source::Responses(reader) => ready!(reader.poll_message(cx)),
            Source::Opening(_) | Source::Ended { .. } => return Poll::Ready(None),
        };
        if !matches!(message, Some(Ok(_))) {
            let trailers = match &mut self.source {
                Source::Responses(reader) => reader.take_trailers(),
                _ => MetadataMap::new(),
            };
            self.end(trailers);
        }
        Poll::Ready(message)
    }

    fn end(&mut self, trailers: MetadataMap) {
        let headers = match &mut self.source {
            Source::Responses(reader) => reader.take_headers(),
            _ => MetadataMap::new(),
        };
        self.source = Source::Ended { headers, trailers };
    }
}

fn empty() -> &'static MetadataMap {
    static EMPTY: LazyLock<MetadataMap> = LazyLock::new(MetadataMap::new);
    &EMPTY
}

impl<T> Stream for Streaming<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_message(cx)
    }
}

impl<T> fmt::Debug for Streaming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streaming").finish_non_exhaustive()
    }
}

/// Messages out of the receiving half of a stream.
pub(crate) struct MessageReader {
    inbound: Inbound,
    deframer: Deframer,
    /// What messages that are flagged so are compressed with.
    compression: Option<Arc<dyn Compression>>,
    message_bytes_max: usize,
    /// Whether the last message was.
    was_compressed: bool,
    hooks: Hooks,
}

/// Why there is no next message.
pub(crate) enum ReadError {
    /// The peer's bytes are not what the protocol allows.
    Protocol(Status),
    Transport(TransportError),
}

impl MessageReader {
    pub(crate) fn new(
        inbound: Inbound,
        message_bytes_max: usize,
        compression: Option<Arc<dyn Compression>>,
    ) -> MessageReader {
        MessageReader {
            inbound,
            deframer: Deframer::new(message_bytes_max),
            compression,
            message_bytes_max,
            was_compressed: false,
            hooks: Hooks::default(),
        }
    }

    fn message(&mut self, framed: Framed) -> Result<Bytes, Status> {
        self.was_compressed = framed.flag == Flag::Compressed;
        let message = match framed.flag {
            Flag::Plain => framed.message,
            Flag::Compressed => compression::decompress(
                self.compression.as_ref(),
                &framed.message,
                self.message_bytes_max,
            )?,
        };
        self.hooks.run(message)
    }

    /// The next message, `None` at the end of the data.
    pub(crate) fn poll_message(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, ReadError>>> {
        loop {
            match self.deframer.next() {
                Ok(Some(framed)) => {
                    let message = self.message(framed).map_err(ReadError::Protocol);
                    return Poll::Ready(Some(message));
                }
                Ok(None) => {}
                Err(status) => return Poll::Ready(Some(Err(ReadError::Protocol(status)))),
            }
            match ready!(self.inbound.poll_data(cx)) {
                Some(Ok(chunk)) => self.deframer.push(chunk),
                Some(Err(error)) => return Poll::Ready(Some(Err(ReadError::Transport(error)))),
                None if self.deframer.is_between_messages() => return Poll::Ready(None),
                None => {
                    let cut = Status::internal("the stream ended inside a message");
                    return Poll::Ready(Some(Err(ReadError::Protocol(cut))));
                }
            }
        }
    }

    /// Whether there is nothing more to come, as far as is known without waiting.
    fn is_end(&self) -> bool {
        self.deframer.is_between_messages() && self.inbound.is_end()
    }

    /// Whether the last message travelled compressed.
    pub(crate) fn was_compressed(&self) -> bool {
        self.was_compressed
    }

    pub(crate) fn hooks(&mut self) -> &mut Hooks {
        &mut self.hooks
    }

    pub(crate) fn inbound(&mut self) -> &mut Inbound {
        &mut self.inbound
    }
}

/// The messages of a request, on a server.
pub(crate) struct RequestReader {
    messages: MessageReader,
}

impl RequestReader {
    pub(crate) fn new(messages: MessageReader) -> RequestReader {
        RequestReader { messages }
    }

    pub(crate) fn hooks(&mut self) -> &mut Hooks {
        self.messages.hooks()
    }

    /// Whether the last message travelled compressed.
    pub(crate) fn was_compressed(&self) -> bool {
        self.messages.was_compressed()
    }

    /// Whether it is known already that there is no next message.
    pub(crate) fn is_end(&self) -> bool {
        self.messages.is_end()
    }

    pub(crate) fn poll_message(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Status>>> {
        self.messages.poll_message(cx).map(|message| {
            Some(message?.map_err(|error| match error {
                ReadError::Protocol(status) => status,
                // The caller has gone; whatever the reason, its call is cancelled.
                ReadError::Transport(error) => {
                    Status::cancelled(format!("reading the request: {error}"))
                }
            }))
        })
    }
}
