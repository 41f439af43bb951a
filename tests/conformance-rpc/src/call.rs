//! One call, made, cancelled and written down as the runner wants it.
//!
//! Never decides whether what came of it is right.

mod channels;

pub(crate) use channels::Channels;

use crate::payload::Carrier;
use crate::v1::client_compat_request::cancel::CancelTiming;
use crate::v1::{
    BidiStreamRequest, ClientCompatRequest, ClientResponseResult, ClientStreamRequest,
    ConformanceServiceClient, ServerStreamRequest, StreamType, UnaryRequest, UnimplementedRequest,
};
use crate::{error, header};
use channels::Initial;
use ironwire::{Message, MetadataMap, Request, Response, Status, Streaming};
use std::error::Error;
use std::future::pending;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;

/// A call that the runner has described.
pub(crate) struct Call {
    description: ClientCompatRequest,
    client: ConformanceServiceClient,
    metadata: MetadataMap,
    /// The response's initial metadata, once it is there.
    initial: Initial,
    cancel: Cancel,
}

/// When the call is cancelled.
#[derive(Clone, Copy)]
enum Cancel {
    Never,
    /// Instead of ending the stream of requests.
    BeforeCloseSend,
    /// So long after the last request.
    AfterCloseSend(Duration),
    AfterResponses(usize),
}

/// What keeps a call from being made.
type Trouble = Box<dyn Error + Send + Sync>;

/// What is seen of a call, by and by.
#[derive(Default)]
struct Seen {
    result: ClientResponseResult,
}

impl Call {
    pub(crate) async fn new(
        mut description: ClientCompatRequest,
        channels: &Channels,
    ) -> Result<Call, Trouble> {
        let (channel, initial) = channels.channel(&description).await?;
        let mut metadata = MetadataMap::new();
        header::add(&description.request_headers, &mut metadata)?;
        let cancel = match description.cancel.take().map(|cancel| cancel.cancel_timing) {
            None => Cancel::Never,
            Some(Some(CancelTiming::BeforeCloseSend(_))) => Cancel::BeforeCloseSend,
            Some(Some(CancelTiming::AfterNumResponses(responses))) => {
                Cancel::AfterResponses(responses as usize)
            }
            Some(Some(CancelTiming::AfterCloseSendMs(ms))) => {
                Cancel::AfterCloseSend(Duration::from_millis(ms.into()))
            }
            Some(None) => Cancel::AfterCloseSend(Duration::ZERO),
        };
        Ok(Call {
            description,
            client: ConformanceServiceClient::new(channel),
            metadata,
            initial,
            cancel,
        })
    }

    /// Makes the call.
    pub(crate) async fn make(self) -> Result<ClientResponseResult, Trouble> {
        let mut seen = Seen::default();
        let ended = match self.description.method() {
            "Unary" => {
                let request = self.request(self.one::<UnaryRequest>()?);
                seen.one(self.unless_cancelled(self.client.unary(request)).await)
            }
            "Unimplemented" => {
                let request = self.request(self.one::<UnimplementedRequest>()?);
                let calling = self.unless_cancelled(self.client.unimplemented(request));
                calling.await.map(drop)
            }
            "ServerStream" => {
                let request = self.request(self.one::<ServerStreamRequest>()?);
                let calling = async {
                    let responses = self.client.server_stream(request).await?.into_inner();
                    seen.rest(responses, self.cancel).await
                };
                self.unless_cancelled(calling).await
            }
            "ClientStream" => self.client_stream(&mut seen).await?,
            "BidiStream" => self.bidi_stream(&mut seen).await?,
            other => return Err(format!("the service has no method {other}").into()),
        };
        if let Some(initial) = self.initial.get() {
            seen.result.response_headers = header::list(initial);
        }
        if let Err(status) = ended {
            seen.result.response_trailers = header::list(status.metadata());
            seen.result.error = Some(error::observed(&status));
        }
        Ok(seen.result)
    }

    async fn client_stream(&self, seen: &mut Seen) -> Result<Result<(), Status>, Trouble> {
        let messages = self.all::<ClientStreamRequest>()?;
        let (sender, receiver) = mpsc::channel(1);
        let request = self.request(ReceiverStream::new(receiver));
        let unsent = &mut seen.result.num_unsent_requests;
        let upload = async {
            *unsent = messages.len() as i32;
            for message in messages {
                self.pause().await;
                if sender.send(message).await.is_err() {
                    // The call is over, and tells how by itself.
                    return pending().await;
                }
                *unsent -= 1;
            }
            if !matches!(self.cancel, Cancel::BeforeCloseSend) {
                drop(sender);
                self.cancelled_after_close().await;
            }
        };
        let response = tokio::select! {
            biased;
            response = self.client.client_stream(request) => response,
            () = upload => Err(cancelled()),
        };
        Ok(seen.one(response))
    }

    async fn bidi_stream(&self, seen: &mut Seen) -> Result<Result<(), Status>, Trouble> {
        let messages = self.all::<BidiStreamRequest>()?;
        Ok(self.converse(messages, seen).await)
    }

    /// Sends the requests, in full duplex each after the response to the one before, and reads the rest.
    async fn converse(
        &self,
        messages: Vec<BidiStreamRequest>,
        seen: &mut Seen,
    ) -> Result<(), Status> {
        let is_full_duplex = self.description.stream_type == StreamType::FullDuplexBidiStream;
        let (sender, receiver) = mpsc::channel(1);
        let request = self.request(ReceiverStream::new(receiver));
        let mut responses = self.client.bidi_stream(request).open();
        let mut unsent = messages.len();
        for message in messages {
            self.pause().await;
            if sender.send(message).await.is_err() {
                break;
            }
            unsent -= 1;
            if is_full_duplex && !seen.next(&mut responses, self.cancel).await? {
                break;
            }
        }
        seen.result.num_unsent_requests = unsent as i32;
        if matches!(self.cancel, Cancel::BeforeCloseSend) {
            return Err(cancelled());
        }
        drop(sender);
        self.unless_cancelled(seen.rest(responses, self.cancel))
            .await
    }

    /// What the future gives, unless the call is to be cancelled before, its requests being sent.
    async fn unless_cancelled<T>(
        &self,
        call: impl Future<Output = Result<T, Status>>,
    ) -> Result<T, Status> {
        tokio::select! {
            biased;
            result = call => result,
            () = self.cancelled_after_close() => Err(cancelled()),
        }
    }

    /// Waits until the call is to be cancelled, if it is, all requests being sent.
    async fn cancelled_after_close(&self) {
        match self.cancel {
            Cancel::AfterCloseSend(delay) => sleep(delay).await,
            _ => pending().await,
        }
    }

    /// The pause before a message of a stream.
    async fn pause(&self) {
        if let ms @ 1.. = self.description.request_delay_ms {
            sleep(Duration::from_millis(ms.into())).await;
        }
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        *request.metadata_mut() = self.metadata.clone();
        if let Some(ms) = self.description.timeout_ms {
            request.set_timeout(Duration::from_millis(ms.into()));
        }
        request
    }

    /// The messages to send.
    fn all<M: Message>(&self) -> Result<Vec<M>, Trouble> {
        let messages = self.description.request_messages.iter();
        messages.map(|any| Ok(any.unpack()?)).collect()
    }

    /// The message to send.
    fn one<M: Message>(&self) -> Result<M, Trouble> {
        let [message] = self.all()?.try_into().map_err(|messages: Vec<M>| {
            format!("the method takes one request, not {}", messages.len())
        })?;
        Ok(message)
    }
}

/// What the caller makes of a call that it has cancelled by dropping it: nothing more is heard of such a call.
fn cancelled() -> Status {
    Status::cancelled("the caller has dropped the call")
}

impl Seen {
    /// Notes the response of a call that has one.
    fn one<M: Carrier>(&mut self, response: Result<Response<M>, Status>) -> Result<(), Status> {
        let response = response?;
        self.result.response_trailers = header::list(response.trailers());
        self.result.payloads.push(response.into_inner().payload());
        Ok(())
    }

    /// Notes the next response; `false` at the end of them.
    async fn next<M: Carrier>(
        &mut self,
        responses: &mut Streaming<M>,
        cancel: Cancel,
    ) -> Result<bool, Status> {
        let Some(response) = responses.message().await? else {
            return Ok(false);
        };
        self.result.payloads.push(response.payload());
        match cancel {
            Cancel::AfterResponses(responses) if self.result.payloads.len() == responses => {
                Err(cancelled())
            }
            _ => Ok(true),
        }
    }

    /// Notes the responses that are left, and the trailers.
    async fn rest<M: Carrier>(
        &mut self,
        mut responses: Streaming<M>,
        cancel: Cancel,
    ) -> Result<(), Status> {
        while self.next(&mut responses, cancel).await? {}
        self.result.response_trailers = header::list(responses.trailers().await?);
        Ok(())
    }
}
