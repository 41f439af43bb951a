//! The four methods.
//!
//! Never answers with anything but success: a caller that breaks off is dropped.

use super::message::{Piece, Reader, append, piece};
use crate::messages::raw::Message;
use crate::paths;
use bytes::{Buf, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{RecvStream, SendStream};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Stream messages that are ready go together up to this size.
const PIECE_BYTES: usize = 16 * 1024;

pub(super) type Handler = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The handler of a stream; `None` for a path that is not served, whose stream is reset by dropping it.
pub(super) fn handler(
    request: Request<RecvStream>,
    respond: SendResponse<Piece>,
) -> Option<Handler> {
    let (head, body) = request.into_parts();
    let reader = Reader::new(body);
    Some(match head.uri.path() {
        paths::UNARY => Box::pin(unary(reader, respond)),
        paths::SERVER_STREAM => Box::pin(server_stream(reader, respond)),
        paths::CLIENT_STREAM => Box::pin(client_stream(reader, respond)),
        paths::BIDI => Box::pin(bidi(reader, respond)),
        _ => return None,
    })
}

async fn unary(mut reader: Reader, mut respond: SendResponse<Piece>) {
    let Some(request) = poll_fn(|cx| reader.poll_message(cx)).await else {
        return;
    };
    // Mostly known at once: the end comes with the last bytes.
    if reader.is_end() || poll_fn(|cx| reader.poll_message(cx)).await.is_none() {
        answer_one(request, &mut respond);
    }
}

async fn client_stream(mut reader: Reader, mut respond: SendResponse<Piece>) {
    let mut response = Message::default();
    while poll_fn(|cx| reader.poll_message(cx)).await.is_some() {
        response.id += 1;
    }
    answer_one(response, &mut respond);
}

fn answer_one(message: Message, respond: &mut SendResponse<Piece>) {
    if let Ok(mut stream) = respond.send_response(headers(), false) {
        // An error means that the caller has gone.
        let _ = stream.send_data(piece(message), false);
        let _ = stream.send_trailers(trailers());
    }
}

async fn server_stream(mut reader: Reader, mut respond: SendResponse<Piece>) {
    let Some(request) = poll_fn(|cx| reader.poll_message(cx)).await else {
        return;
    };
    let Ok(mut stream) = respond.send_response(headers(), false) else {
        return;
    };
    let mut left = request.id;
    let is_small = request.encoded_len() < PIECE_BYTES / 2;
    while left > 0 {
        let piece = if is_small {
            let mut buffer = BytesMut::new();
            while left > 0 && buffer.len() < PIECE_BYTES {
                // A message of its own, as a handler makes one for each response.
                append(&request.clone(), &mut buffer);
                left -= 1;
            }
            buffer.freeze().chain(Bytes::new())
        } else {
            left -= 1;
            piece(request.clone())
        };
        if !send(&mut stream, piece).await {
            return;
        }
    }
    let _ = stream.send_trailers(trailers());
}

async fn bidi(mut reader: Reader, mut respond: SendResponse<Piece>) {
    let Ok(mut stream) = respond.send_response(headers(), false) else {
        return;
    };
    loop {
        let mut buffer = BytesMut::new();
        let is_end = poll_fn(|cx| poll_gather(&mut reader, &mut buffer, cx)).await;
        let piece = buffer.freeze().chain(Bytes::new());
        if piece.has_remaining() && !send(&mut stream, piece).await {
            return;
        }
        if is_end {
            let _ = stream.send_trailers(trailers());
            return;
        }
    }
}

/// Waits for a request and appends its answer, with those that are ready behind it. Whether that was the last.
fn poll_gather(reader: &mut Reader, buffer: &mut BytesMut, cx: &mut Context<'_>) -> Poll<bool> {
    while buffer.len() < PIECE_BYTES {
        match reader.poll_message(cx) {
            Poll::Ready(Some(message)) => append(&message, buffer),
            Poll::Ready(None) => return Poll::Ready(true),
            Poll::Pending if buffer.is_empty() => return Poll::Pending,
            Poll::Pending => break,
        }
    }
    Poll::Ready(false)
}

/// Sends when the window has room; whether the caller still listens.
async fn send(stream: &mut SendStream<Piece>, piece: Piece) -> bool {
    let ready = poll_fn(|cx| {
        stream.reserve_capacity(piece.remaining());
        while stream.capacity() == 0 {
            if !matches!(ready!(stream.poll_capacity(cx)), Some(Ok(_))) {
                return Poll::Ready(false);
            }
        }
        Poll::Ready(true)
    });
    ready.await && stream.send_data(piece, false).is_ok()
}

fn headers() -> Response<()> {
    let mut response = Response::new(());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

fn trailers() -> HeaderMap {
    const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
    let mut trailers = HeaderMap::new();
    trailers.insert(GRPC_STATUS, HeaderValue::from_static("0"));
    trailers
}
