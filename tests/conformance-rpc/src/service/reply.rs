//! Responses as a request defines them.
//!
//! Never reads a request.

use super::Responses;
use crate::error;
use crate::header;
use crate::payload::Carrier;
use crate::v1::conformance_payload::RequestInfo;
use crate::v1::unary_response_definition::Response as Outcome;
use crate::v1::{ConformancePayload, Error, StreamResponseDefinition, UnaryResponseDefinition};
use bytes::Bytes;
use ironwire::message::google::protobuf::Any;
use ironwire::{MetadataMap, Request, Response, Status};
use std::time::Duration;
use tokio::time::sleep;

/// What the service has seen of a call.
pub(super) fn request_info<T>(request: &Request<T>, requests: Vec<Any>) -> RequestInfo {
    let timeout_ms = request.timeout().map(|timeout| timeout.as_millis() as i64);
    RequestInfo {
        request_headers: header::list(request.metadata()),
        timeout_ms,
        requests,
        ..Default::default()
    }
}

/// The answer of a call that has one response.
pub(super) async fn one<M: Carrier>(
    definition: Option<UnaryResponseDefinition>,
    info: RequestInfo,
) -> Result<Response<M>, Status> {
    let definition = definition.unwrap_or_default();
    let delay = Duration::from_millis(definition.response_delay_ms.into());
    if !delay.is_zero() {
        sleep(delay).await;
    }
    let data = match definition.response {
        Some(Outcome::Error(error)) => {
            // There is no response that could have headers, so they go where the trailers go.
            let mut metadata = MetadataMap::new();
            header::add(&definition.response_headers, &mut metadata)?;
            header::add(&definition.response_trailers, &mut metadata)?;
            return Err(error::status(error, Some(Any::pack(&info)), metadata));
        }
        Some(Outcome::ResponseData(data)) => data,
        None => Bytes::new(),
    };
    let mut response = Response::new(M::carrying(ConformancePayload {
        data,
        request_info: Some(info),
        ..Default::default()
    }));
    header::add(&definition.response_headers, response.metadata_mut())?;
    header::add(&definition.response_trailers, response.trailers_mut())?;
    Ok(response)
}

/// What is left to send of a call that has a stream of responses.
pub(super) struct Replies {
    data: std::vec::IntoIter<Bytes>,
    delay: Duration,
    error: Option<Error>,
    trailers: MetadataMap,
    /// What the caller has not been told.
    info: Option<RequestInfo>,
    any_sent: bool,
}

impl Replies {
    /// The responses, and the metadata around them.
    pub(super) fn new(
        definition: Option<StreamResponseDefinition>,
        info: RequestInfo,
    ) -> Result<(Replies, Response<()>), Status> {
        let definition = definition.unwrap_or_default();
        let mut head = Response::new(());
        header::add(&definition.response_headers, head.metadata_mut())?;
        header::add(&definition.response_trailers, head.trailers_mut())?;
        let replies = Replies {
            data: definition.response_data.into_iter(),
            delay: Duration::from_millis(definition.response_delay_ms.into()),
            error: definition.error,
            trailers: head.trailers().clone(),
            info: Some(info),
            any_sent: false,
        };
        Ok((replies, head))
    }

    /// What the next response tells of the requests.
    pub(super) fn set_received(&mut self, requests: Vec<Any>) {
        self.info = Some(RequestInfo {
            requests,
            ..Default::default()
        });
    }

    /// Sends one response; `false` when none is left, or nobody is there to take it.
    pub(super) async fn send_next<M: Carrier>(&mut self, sender: &Responses<M>) -> bool {
        let Some(data) = self.data.next() else {
            return false;
        };
        if !self.delay.is_zero() {
            sleep(self.delay).await;
        }
        self.any_sent = true;
        let payload = ConformancePayload {
            data,
            request_info: self.info.take(),
            ..Default::default()
        };
        sender.send(Ok(M::carrying(payload))).await.is_ok()
    }

    /// Sends what is left, and the error that the call shall end with.
    pub(super) async fn send_rest<M: Carrier>(mut self, sender: Responses<M>) {
        while self.send_next(&sender).await {}
        if let Some(error) = self.error {
            let info = self.info.filter(|_| !self.any_sent);
            let detail = info.as_ref().map(Any::pack);
            let status = error::status(error, detail, self.trailers);
            // A caller who has gone needs no error.
            let _ = sender.send(Err(status)).await;
        }
    }
}
