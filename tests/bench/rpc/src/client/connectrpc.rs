//! connectrpc's client, on the code that `connectrpc-build` generates.
//!
//! Never tunes a setting but the protocol, which is gRPC.

use super::{Caller, End, Latencies, check_echo, ended_early, note};
use crate::Error;
use crate::messages::NAME;
use crate::messages::connectrpc::{BenchClient, Req, Resp};
use bytes::Bytes;
use connectrpc::Protocol;
use connectrpc::client::{ClientConfig, Http2Connection, SharedHttp2Connection};
use std::net::SocketAddr;
use std::time::Instant;

/// How many calls may wait for the connection, as its documentation has it.
const BUFFERED_CALLS: usize = 1024;

/// A connection that calls share.
#[derive(Clone)]
pub struct ConnectRpc(BenchClient<SharedHttp2Connection>);

fn request(id: i32, payload: &[u8]) -> Req {
    Req {
        name: NAME.to_owned(),
        id,
        payload: payload.to_vec(),
        ..Default::default()
    }
}

impl Caller for ConnectRpc {
    async fn connect(address: SocketAddr) -> Result<Self, Error> {
        let uri: http::Uri = format!("http://{address}").parse()?;
        let connection = Http2Connection::connect_plaintext(uri.clone()).await?;
        let config = ClientConfig::new(uri).with_protocol(Protocol::Grpc);
        Ok(ConnectRpc(BenchClient::new(
            connection.shared(BUFFERED_CALLS),
            config,
        )))
    }

    async fn unary(&self, payload: Bytes) -> Result<(), Error> {
        let response = self.0.unary(request(1, &payload)).await?;
        check_echo(payload.len(), response.view().payload.len())
    }

    async fn server_stream(&self, payload: Bytes, messages: i32) -> Result<u64, Error> {
        let mut responses = self.0.server_stream(request(messages, &payload)).await?;
        let mut count = 0;
        while responses.message::<Resp>().await?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    async fn client_stream(&self, payload: Bytes, messages: i32) -> Result<u64, Error> {
        let requests = (0..messages).map(move |_| request(1, &payload));
        let response = self.0.client_stream(tokio_stream::iter(requests)).await?;
        Ok(u64::try_from(response.view().id)?)
    }

    async fn ping_pong(
        &self,
        payload: Bytes,
        end: End,
        latencies: &mut Latencies,
    ) -> Result<u64, Error> {
        let mut stream = self.0.bidi().await?;
        let mut count = 0;
        while !end.is_reached(count) {
            let start = Instant::now();
            stream.send(request(1, &payload)).await?;
            stream.message::<Resp>().await?.ok_or_else(ended_early)?;
            note(latencies, start);
            count += 1;
        }
        Ok(count)
    }
}
