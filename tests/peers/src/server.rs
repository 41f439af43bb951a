//! The peer service as we serve it.
//!
//! Never checks anything: the client of the other language does.

use crate::ends::Ends;
use crate::google::rpc;
use crate::peer::{EchoReply, EchoRequest, Key, Limit, Nothing, Number, Peer, PeerServer, Total};
use ironwire::{
    Code, Message, MetadataMap, MetadataValue, Request, Response, ServeError, Server, Status,
    Stream, Streaming,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Prints where it listens and serves until the process is killed.
pub(crate) async fn serve(address: &str) -> Result<(), ServeError> {
    let service = PeerServer::new(PeerService::default());
    let server = Server::new().add(service).bind(address).await?;
    if let Some(address) = server.local_addr() {
        println!("listening on {address}");
    }
    server.serve().await;
    Ok(())
}

#[derive(Default)]
struct PeerService {
    ends: Ends,
}

impl Peer for PeerService {
    async fn echo(&self, request: Request<EchoRequest>) -> Result<Response<EchoReply>, Status> {
        let metadata = echoed(request.metadata());
        let allowed = request.timeout();
        let EchoRequest {
            payload,
            reply_bytes,
            ..
        } = request.into_inner();
        let mut response = Response::new(EchoReply {
            payload: match reply_bytes {
                0 => payload,
                bytes => vec![0; bytes as usize].into(),
            },
            allowed_ms: allowed.map(|allowed| allowed.as_millis() as u64),
            ..Default::default()
        });
        *response.metadata_mut() = metadata.clone();
        *response.trailers_mut() = metadata;
        Ok(response)
    }

    async fn fail(&self, request: Request<rpc::Status>) -> Result<Response<Nothing>, Status> {
        let metadata = echoed(request.metadata());
        let wanted = request.into_inner();
        let code = Code::from_i32(wanted.code);
        let mut status = if wanted.details.is_empty() {
            Status::new(code, wanted.message)
        } else {
            let details = wanted.encode_to_vec();
            Status::with_details(code, wanted.message, details)
        };
        *status.metadata_mut() = metadata;
        Err(status)
    }

    async fn hang(
        &self,
        request: Request<Key>,
    ) -> Result<Response<impl Stream<Item = Result<Nothing, Status>> + Send>, Status> {
        let cancellation = request.cancellation();
        let key = request.into_inner().key;
        let ends = self.ends.clone();
        let (responses, received) = mpsc::channel(1);
        tokio::spawn(async move {
            // Fails when the call is over already, which is what comes next.
            let _ = responses.send(Ok(Nothing::default())).await;
            cancellation.cancelled().await;
            ends.mark(key);
        });
        Ok(Response::new(ReceiverStream::new(received)))
    }

    async fn await_end(&self, request: Request<Key>) -> Result<Response<Nothing>, Status> {
        self.ends.wait(&request.get_ref().key).await;
        Ok(Response::new(Nothing::default()))
    }

    async fn count(
        &self,
        request: Request<Limit>,
    ) -> Result<Response<impl Stream<Item = Result<Number, Status>> + Send>, Status> {
        let numbers = (0..request.into_inner().limit).map(|number| {
            Ok(Number {
                number,
                ..Default::default()
            })
        });
        Ok(Response::new(tokio_stream::iter(numbers)))
    }

    async fn sum(&self, request: Request<Streaming<Number>>) -> Result<Response<Total>, Status> {
        let mut numbers = request.into_inner();
        let mut total = Total::default();
        while let Some(Number { number, .. }) = numbers.message().await? {
            total.count += 1;
            total.sum += u64::from(number);
        }
        Ok(Response::new(total))
    }

    async fn chat(
        &self,
        request: Request<Streaming<Number>>,
    ) -> Result<Response<impl Stream<Item = Result<Number, Status>> + Send>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

/// The metadata that is sent back.
fn echoed(metadata: &MetadataMap) -> MetadataMap {
    let mut echoed = MetadataMap::new();
    for (key, value) in metadata.iter().filter(|(key, _)| key.starts_with("x-")) {
        let appended = match value {
            MetadataValue::Ascii(text) => echoed.append(key, text),
            MetadataValue::Binary(bytes) => echoed.append_bin(key, bytes),
        };
        appended.expect("what was received may be sent");
    }
    echoed
}
