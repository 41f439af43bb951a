//! What a call sends: one message, or a stream of them by a task of its own beside the one that reads the responses.
//!
//! The task never outlives its call: it is aborted when the call is over, which drops the user's stream.

use crate::Status;
use crate::codec::Codec;
use crate::outgoing::{Gathered, Outgoing};
use crate::transport::{Outbound, TransportError};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use tokio::task::JoinHandle;

/// The requests of a call.
pub(super) enum Body {
    /// One message with its prefix.
    Message(Bytes),
    Stream(SendAll),
}

/// Sends a stream of messages of any type to its end.
type SendAll =
    Box<dyn FnOnce(Outbound, Outgoing, Failure) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Why an upload has cancelled its call, once it has.
type Failure = Arc<OnceLock<Status>>;

impl Body {
    pub(super) fn stream<C, M, S>(messages: S) -> Body
    where
        C: Codec<M>,
        S: Stream<Item = M> + Send + 'static,
        M: 'static,
    {
        Body::Stream(Box::new(|outbound, outgoing, failure| {
            Box::pin(send_all::<C, M, S>(messages, outbound, outgoing, failure))
        }))
    }
}

/// A running upload. Dropped, it ends where it stands.
pub(super) struct Upload {
    task: JoinHandle<()>,
    failure: Failure,
}

impl Upload {
    /// Sends the messages as fast as the server takes them, and ends the stream after the last.
    pub(super) fn spawn(send_all: SendAll, outbound: Outbound, outgoing: Outgoing) -> Upload {
        let failure = Failure::default();
        let task = tokio::spawn(send_all(outbound, outgoing, Arc::clone(&failure)));
        Upload { task, failure }
    }

    /// Why the upload has cancelled the call.
    pub(super) fn failure(&self) -> Option<Status> {
        self.failure.get().cloned()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn send_all<C, M, S>(
    messages: S,
    mut outbound: Outbound,
    mut outgoing: Outgoing,
    failure: Failure,
) where
    C: Codec<M>,
    S: Stream<Item = M>,
{
    let mut messages = pin!(messages);
    let mut piece = BytesMut::new();
    loop {
        match outgoing
            .gather::<C, M, S>(messages.as_mut(), Ok, &mut piece)
            .await
        {
            Gathered::Piece => {
                if send(&mut outbound, piece.split().freeze()).await.is_err() {
                    // The server wants no more; what it answers is for the reader of the responses.
                    return;
                }
            }
            Gathered::End => {
                // As above.
                let _ = outbound.send_last(piece.split().freeze());
                return;
            }
            Gathered::Failed(status) => {
                // Said before the call is cancelled, so that whoever sees that finds the reason.
                let _ = failure.set(status);
                outbound.cancel();
                return;
            }
        }
    }
}

async fn send(outbound: &mut Outbound, piece: Bytes) -> Result<(), TransportError> {
    poll_fn(|cx| outbound.poll_ready(piece.len(), cx)).await?;
    outbound.send(piece)
}
