//! `Streaming<T>`: the messages of a stream, as they arrive.
//!
//! Never reads ahead of its user: a message is taken from the connection when it is asked for.

use crate::cancellation::Cancelled;
use crate::client::ClientResponse;
use crate::codec::DecodeFront;
use crate::compression::{self, Compression};
use crate::hooks::{Hooks, MessageHook};
use crate::length_prefixed::{Deframer, Flag};
use crate::reading::Reader;
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
    decode: DecodeFront<T>,
}

#[allow(
    clippy::large_enum_variant,
    reason = "a server's streams are the many, and they begin and end as the large one"
)]
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

impl Source {
    fn responses(mut reader: ClientResponse) -> Source {
        reader.share();
        Source::Responses(reader)
    }
}

/// A call whose response headers have not arrived.
type Opening = Pin<Box<dyn Future<Output = Result<ClientResponse, Status>> + Send>>;

impl<T> Streaming<T> {
    pub(crate) fn requests(mut reader: RequestReader, decode: DecodeFront<T>) -> Self {
        reader.share();
        Streaming {
            source: Source::Requests(reader),
            decode,
        }
    }

    pub(crate) fn responses(reader: ClientResponse, decode: DecodeFront<T>) -> Self {
        Streaming {
            source: Source::responses(reader),
            decode,
        }
    }

    pub(crate) fn opening(opening: Opening, decode: DecodeFront<T>) -> Self {
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
        match poll_fn(|cx| self.source.poll_arrived(cx)).await {
            Some(Ok(())) => self.decode().map(Some),
            Some(Err(status)) => Err(status),
            None => Ok(None),
        }
    }

    /// On a client, the initial metadata, waiting for it where the call was opened without waiting. Empty on a server,
    /// where it is the request's metadata.
    ///
    /// # Errors
    /// The status that the call failed with before there were headers.
    pub async fn headers(&mut self) -> Result<&MetadataMap, Status> {
        if let Source::Opening(opening) = &mut self.source {
            match opening.await {
                Ok(reader) => self.source = Source::responses(reader),
                Err(status) => {
                    self.source.end();
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
        while let Some(arrived) = poll_fn(|cx| self.source.poll_arrived(cx)).await {
            arrived?;
            self.source.take();
        }
        match &self.source {
            Source::Ended { trailers, .. } => Ok(trailers),
            _ => Ok(empty()),
        }
    }

    /// Decodes the message that has arrived.
    fn decode(&mut self) -> Result<T, Status> {
        let message = self.source.take_by(self.decode);
        if message.is_err() {
            self.source.end();
        }
        message
    }
}

impl Source {
    /// Waits for a message, which is to be taken before the next is asked for.
    fn poll_arrived(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Status>>> {
        let arrived = match self {
            Source::Requests(reader) => ready!(reader.poll_arrived(cx)),
            Source::Responses(reader) => ready!(reader.poll_arrived(cx)),
            Source::Opening(_) => return self.poll_opened(cx),
            Source::Ended { .. } => return Poll::Ready(None),
        };
        if !matches!(arrived, Some(Ok(()))) {
            self.end();
        }
        Poll::Ready(arrived)
    }

    fn poll_opened(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Status>>> {
        if let Source::Opening(opening) = self {
            match ready!(opening.as_mut().poll(cx)) {
                Ok(reader) => *self = Source::responses(reader),
                Err(status) => {
                    self.end();
                    return Poll::Ready(Some(Err(status)));
                }
            }
        }
        self.poll_arrived(cx)
    }

    /// The message that has arrived.
    fn take(&mut self) -> Bytes {
        match self {
            Source::Requests(reader) => reader.take(),
            Source::Responses(reader) => reader.take(),
            Source::Opening(_) | Source::Ended { .. } => Bytes::new(),
        }
    }

    /// As [`take`](Self::take), for somebody who reads it in place.
    fn take_by<M>(&mut self, decode: DecodeFront<M>) -> Result<M, Status> {
        match self {
            Source::Requests(reader) => reader.take_by(decode),
            Source::Responses(reader) => reader.take_by(decode),
            Source::Opening(_) | Source::Ended { .. } => decode(&Bytes::new(), 0),
        }
    }

    fn end(&mut self) {
        let (headers, trailers) = match self {
            Source::Responses(reader) => (reader.take_headers(), reader.take_trailers()),
            _ => (MetadataMap::new(), MetadataMap::new()),
        };
        *self = Source::Ended { headers, trailers };
    }
}

fn empty() -> &'static MetadataMap {
    static EMPTY: LazyLock<MetadataMap> = LazyLock::new(MetadataMap::new);
    &EMPTY
}

impl<T> Stream for Streaming<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(match ready!(self.source.poll_arrived(cx)) {
            Some(Ok(())) => Some(self.decode()),
            Some(Err(status)) => Some(Err(status)),
            None => None,
        })
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
    /// The message that has arrived, if it is not as it travelled.
    changed: Option<Bytes>,
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
            changed: None,
            compression,
            message_bytes_max,
            was_compressed: false,
            hooks: Hooks::default(),
        }
    }

    /// Waits for the next message, which [`take`](Self::take) gives and which is to be taken before the next is asked for;
    /// `None` at the end of the data.
    pub(crate) fn poll_arrived(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), ReadError>>> {
        loop {
            match self.deframer.next() {
                Ok(Some(flag)) => {
                    let received = self.receive(flag).map_err(ReadError::Protocol);
                    return Poll::Ready(Some(received));
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

    /// Undoes the compression of the next message and shows it to the hooks.
    fn receive(&mut self, flag: Flag) -> Result<(), Status> {
        self.was_compressed = flag == Flag::Compressed;
        if flag == Flag::Plain && self.hooks.is_empty() {
            return Ok(());
        }
        let travelled = self.deframer.take();
        let message = match flag {
            Flag::Plain => travelled,
            Flag::Compressed => compression::decompress(
                self.compression.as_ref(),
                &travelled,
                self.message_bytes_max,
            )?,
        };
        self.changed = Some(self.hooks.run(message)?);
        Ok(())
    }

    /// The message that has arrived.
    pub(crate) fn take(&mut self) -> Bytes {
        match self.changed.take() {
            Some(message) => message,
            None => self.deframer.take(),
        }
    }

    /// As [`take`](Self::take), for somebody who reads it in place.
    #[inline]
    pub(crate) fn take_by<M>(&mut self, decode: DecodeFront<M>) -> Result<M, Status> {
        match self.changed.take() {
            Some(message) => decode(&message, message.len()),
            None => self.deframer.take_by(decode),
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
    /// Of a stream of requests.
    reader: Option<Reader>,
    /// What an interceptor has looked at before the handler, which is the next to be read.
    seen: Option<Result<Bytes, Status>>,
}

impl RequestReader {
    pub(crate) fn new(messages: MessageReader) -> RequestReader {
        RequestReader {
            messages,
            reader: None,
            seen: None,
        }
    }

    /// Tells the call when it is waited for a message.
    pub(crate) fn tell(&mut self, call: Arc<dyn Cancelled>) {
        self.reader = Some(Reader::new(call));
    }

    /// Adds a hook, which sees at once what has been read already.
    pub(crate) fn hook(&mut self, mut hook: MessageHook) {
        self.seen = self.seen.take().map(|message| hook(message?));
        self.messages.hooks().push(hook);
    }

    /// The first message, which stays the next to be read; `None` when there is none.
    pub(crate) async fn peek(&mut self) -> Result<Option<Bytes>, Status> {
        if self.seen.is_none() {
            self.seen = poll_fn(|cx| self.poll_message(cx)).await;
        }
        self.seen.clone().transpose()
    }

    /// For a reader that may take its time between messages.
    pub(crate) fn share(&mut self) {
        self.messages.inbound.share();
    }

    /// Whether the last message travelled compressed.
    pub(crate) fn was_compressed(&self) -> bool {
        self.messages.was_compressed()
    }

    /// Whether it is known already that there is no next message.
    pub(crate) fn is_end(&self) -> bool {
        self.messages.is_end()
    }

    /// As [`MessageReader::poll_arrived`].
    pub(crate) fn poll_arrived(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), Status>>> {
        if let Some(seen) = &self.seen {
            return Poll::Ready(Some(seen.as_ref().map(drop).map_err(Status::clone)));
        }
        let Poll::Ready(arrived) = self.messages.poll_arrived(cx) else {
            if let Some(reader) = &mut self.reader {
                reader.waits(cx.waker());
            }
            return Poll::Pending;
        };
        Poll::Ready(arrived.map(|arrived| {
            arrived.map_err(|error| match error {
                ReadError::Protocol(status) => status,
                // The caller has gone; whatever the reason, its call is cancelled.
                ReadError::Transport(error) => {
                    Status::cancelled(format!("reading the request: {error}"))
                }
            })
        }))
    }

    /// The message that has arrived.
    pub(crate) fn take(&mut self) -> Bytes {
        match self.seen.take() {
            Some(seen) => seen.unwrap_or_default(),
            None => self.messages.take(),
        }
    }

    /// As [`take`](Self::take), for somebody who reads it in place.
    #[inline]
    fn take_by<M>(&mut self, decode: DecodeFront<M>) -> Result<M, Status> {
        if self.seen.is_some() {
            let message = self.take();
            return decode(&message, message.len());
        }
        self.messages.take_by(decode)
    }

    /// The next message, `None` at the end of the data.
    pub(crate) fn poll_message(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Status>>> {
        let arrived = ready!(self.poll_arrived(cx));
        Poll::Ready(arrived.map(|arrived| arrived.map(|()| self.take())))
    }
}
