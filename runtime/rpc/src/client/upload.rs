//! The task that sends a call's stream of requests, beside the one that reads its responses.
//!
//! Never outlives its call: it is aborted when the call is over, which drops the user's stream.

use crate::Status;
use crate::codec::Codec;
use crate::outgoing::{Gathered, gather};
use crate::transport::{Outbound, TransportError};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use tokio::task::JoinHandle;

/// A running upload. Dropped, it ends where it stands.
pub(crate) struct Upload {
    task: JoinHandle<()>,
    failure: Arc<OnceLock<Status>>,
}

impl Upload {
    /// Sends the messages as fast as the server takes them, and ends the stream after the last.
    pub(crate) fn spawn<C, M, S>(outbound: Outbound, messages: S) -> Upload
    where
        C: Codec<M>,
        S: Stream<Item = M> + Send + 'static,
        M: 'static,
    {
        let failure = Arc::<OnceLock<Status>>::default();
        let task = tokio::spawn(send_all::<C, M, S>(
            outbound,
            messages,
            Arc::clone(&failure),
        ));
        Upload { task, failure }
    }

    /// Why the upload has cancelled the call: a message could not be encoded.
    pub(crate) fn failure(&self) -> Option<Status> {
        self.failure.get().cloned()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn send_all<C, M, S>(mut outbound: Outbound, messages: S, failure: Arc<OnceLock<Status>>)
where
    C: Codec<M>,
    S: Stream<Item = M>,
{
    let mut messages = pin!(messages);
    let mut piece = BytesMut::new();
    loop {
        match gather::<C, M, S>(messages.as_mut(), Ok, &mut piece).await {
            Gathered::Piece => {
                if send(&mut outbound, piece.split().freeze()).await.is_err() {
                    // The server wants no more; what it answers is for the reader of the responses.
                    return;
                }
            }
            Gathered::End => {
                let _ = outbound.send_last(piece.split().freeze());
                return;
            }
            Gathered::Failed(status) => {
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
