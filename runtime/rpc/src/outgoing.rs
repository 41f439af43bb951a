//! A stream of messages on its way out, encoded into pieces.
//!
//! Never delays a message: whatever is ready goes into one piece, and the piece goes as soon as nothing more is ready.

use crate::codec::Codec;
use crate::{Status, length_prefixed};
use bytes::BytesMut;
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// A piece is sent at the latest when it has grown to this, about the default size of an HTTP/2 DATA frame.
const PIECE_BYTES: usize = 16 * 1024;

/// Why [`gather`] stopped.
pub(crate) enum Gathered {
    /// There may be more later.
    Piece,
    /// The stream is over.
    End,
    /// The stream, or the encoding of a message, failed. Bytes before it are still good.
    Failed(Status),
}

/// Waits for a message and encodes it into `piece`, together with those that are ready behind it.
pub(crate) async fn gather<C, M, S>(
    mut messages: Pin<&mut S>,
    message_of: impl Fn(S::Item) -> Result<M, Status>,
    piece: &mut BytesMut,
) -> Gathered
where
    C: Codec<M>,
    S: Stream,
{
    poll_fn(|cx| {
        while piece.len() < PIECE_BYTES {
            let item = match messages.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => item,
                Poll::Ready(None) => return Poll::Ready(Gathered::End),
                Poll::Pending if piece.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            };
            let start = piece.len();
            let encoded = message_of(item)
                .and_then(|message| length_prefixed::encode::<C, M>(&message, piece));
            if let Err(status) = encoded {
                piece.truncate(start);
                return Poll::Ready(Gathered::Failed(status));
            }
        }
        Poll::Ready(Gathered::Piece)
    })
    .await
}
