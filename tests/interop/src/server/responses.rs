//! Streams of responses: made by a task of their own, each as large, as late and as compressed as it was asked for.
//!
//! Never makes many responses that the client does not read.

use super::features::{self, Echo};
use crate::grpc::testing::{StreamingOutputCallRequest, StreamingOutputCallResponse};
use ironwire::{MetadataMap, Response, Status, Stream};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// How many responses are made before the client has read them.
const AHEAD_MAX: usize = 4;

/// Where the responses of a call go.
pub(super) struct Responses {
    sender: mpsc::Sender<Result<Made, Status>>,
    /// The metadata behind a failure.
    trailing: MetadataMap,
}

/// A response, and whether it is to travel compressed.
struct Made {
    message: StreamingOutputCallResponse,
    compressed: bool,
}

impl Responses {
    /// Answers one request.
    ///
    /// # Errors
    /// What the request asks for, or that the caller has gone.
    pub(super) async fn send(&self, asked: &StreamingOutputCallRequest) -> Result<(), Status> {
        features::failure(asked.response_status.as_ref(), &self.trailing)?;
        for parameters in &asked.response_parameters {
            if let Ok(pause_us @ 1..) = u64::try_from(parameters.interval_us) {
                sleep(Duration::from_micros(pause_us)).await;
            }
            let payload = features::payload(asked.response_type, parameters.size)?;
            let compressed = parameters.compressed.as_ref();
            let made = Made {
                message: StreamingOutputCallResponse {
                    payload: Some(payload),
                    ..Default::default()
                },
                compressed: compressed.is_some_and(|compressed| compressed.value),
            };
            let sent = self.sender.send(Ok(made)).await;
            sent.map_err(|_| Status::cancelled("the caller has gone"))?;
        }
        Ok(())
    }
}

/// The response whose stream `produce` fills.
pub(super) fn respond<F>(
    echo: Echo,
    produce: impl FnOnce(Responses) -> F,
) -> Response<impl Stream<Item = Result<StreamingOutputCallResponse, Status>> + Send>
where
    F: Future<Output = Result<(), Status>> + Send + 'static,
{
    let (initial, trailing) = echo.into_parts();
    let (sender, received) = mpsc::channel(AHEAD_MAX);
    let produced = produce(Responses {
        sender: sender.clone(),
        trailing: trailing.clone(),
    });
    tokio::spawn(async move {
        if let Err(status) = produced.await {
            // Nobody is left to tell when the caller has gone.
            let _ = sender.send(Err(status)).await;
        }
    });
    let mut response = Response::new(());
    *response.metadata_mut() = initial;
    *response.trailers_mut() = trailing;
    let switch = response.compression_switch();
    response.map(|()| {
        ReceiverStream::new(received).map(move |made| {
            made.map(|made| {
                switch.set(made.compressed);
                made.message
            })
        })
    })
}
