//! tonic's client, on the code that `tonic-build` generates.
//!
//! Never tunes a setting.

use super::{Caller, End, Latencies, check_echo, ended_early, note};
use crate::Error;
use crate::messages::NAME;
use crate::messages::prost::Req;
use crate::server::tonic::generated::bench_client::BenchClient;
use bytes::Bytes;
use std::net::SocketAddr;
use std::time::Instant;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

/// A channel.
#[derive(Clone)]
pub struct Tonic(BenchClient<Channel>);

fn request(id: i32, payload: Bytes) -> Req {
    let name = NAME.to_owned();
    Req { name, id, payload }
}

impl Caller for Tonic {
    async fn connect(address: SocketAddr) -> Result<Self, Error> {
        Ok(Tonic(
            BenchClient::connect(format!("http://{address}")).await?,
        ))
    }

    async fn unary(&self, payload: Bytes) -> Result<(), Error> {
        let sent = payload.len();
        let response = self.0.clone().unary(request(1, payload)).await?;
        check_echo(sent, response.get_ref().payload.len())
    }

    async fn server_stream(&self, payload: Bytes, messages: i32) -> Result<u64, Error> {
        let response = self
            .0
            .clone()
            .server_stream(request(messages, payload))
            .await?;
        let mut responses = response.into_inner();
        let mut count = 0;
        while responses.message().await?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    async fn client_stream(&self, payload: Bytes, messages: i32) -> Result<u64, Error> {
        let requests = (0..messages).map(move |_| request(1, payload.clone()));
        let response = self
            .0
            .clone()
            .client_stream(tokio_stream::iter(requests))
            .await?;
        Ok(u64::try_from(response.get_ref().id)?)
    }

    async fn ping_pong(
        &self,
        payload: Bytes,
        end: End,
        latencies: &mut Latencies,
    ) -> Result<u64, Error> {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        // Servers may wait for the first message before they answer with headers.
        sender.send(request(1, payload.clone())).await?;
        let mut start = Instant::now();
        let response = self.0.clone().bidi(ReceiverStream::new(receiver)).await?;
        let mut responses = response.into_inner();
        let mut count = 0;
        loop {
            responses.message().await?.ok_or_else(ended_early)?;
            note(latencies, start);
            count += 1;
            if end.is_reached(count) {
                return Ok(count);
            }
            start = Instant::now();
            sender.send(request(1, payload.clone())).await?;
        }
    }
}
