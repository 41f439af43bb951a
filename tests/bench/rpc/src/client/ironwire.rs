//! Ironwire's client, as generated code and a user would write it.
//!
//! Never tunes a setting but the message limit, which the 1 MB messages do not reach either.

use super::{Caller, End, Latencies, check_echo, ended_early, note};
use crate::messages::Messages;
use crate::messages::ironwire::Resp;
use crate::messages::raw::Message;
use crate::server::{self, Clock};
use crate::{Error, paths};
use bytes::Bytes;
use ironwire::generated;
use ironwire::{CallKind, Channel, MethodDescriptor, Request};
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::time::Instant;
use tokio_stream::wrappers::ReceiverStream;

/// A channel, and the messages that it carries.
pub struct Ironwire<M> {
    channel: Channel,
    messages: PhantomData<M>,
}

impl<M: Messages> Ironwire<M> {
    /// A client of a server in this process; between them is a pipe in memory.
    ///
    /// # Errors
    /// When the server's settings do not fit together.
    pub fn in_memory(clock: Clock) -> Result<Self, Error> {
        let server = server::ironwire::bench::<M>(clock.server());
        Ok(Ironwire::on(server.in_process()?))
    }
}

impl<M> Ironwire<M> {
    fn on(channel: Channel) -> Self {
        let messages = PhantomData;
        Ironwire { channel, messages }
    }
}

impl<M> Clone for Ironwire<M> {
    fn clone(&self) -> Self {
        Ironwire {
            channel: self.channel.clone(),
            messages: PhantomData,
        }
    }
}

/// What the client looks at in a response.
pub trait Response {
    /// The `id`.
    fn id(&self) -> i32;
    /// The length of the payload.
    fn payload_len(&self) -> usize;
}

impl Response for Message {
    fn id(&self) -> i32 {
        self.id
    }

    fn payload_len(&self) -> usize {
        self.payload.len()
    }
}

impl Response for Resp {
    fn id(&self) -> i32 {
        self.id
    }

    fn payload_len(&self) -> usize {
        self.payload.len()
    }
}

const UNARY: MethodDescriptor = method("Unary", paths::UNARY, CallKind::Unary);
const SERVER_STREAM: MethodDescriptor = method(
    "ServerStream",
    paths::SERVER_STREAM,
    CallKind::ServerStreaming,
);
const CLIENT_STREAM: MethodDescriptor = method(
    "ClientStream",
    paths::CLIENT_STREAM,
    CallKind::ClientStreaming,
);
const BIDI: MethodDescriptor = method("Bidi", paths::BIDI, CallKind::Bidi);

const fn method(name: &'static str, path: &'static str, kind: CallKind) -> MethodDescriptor {
    MethodDescriptor { name, path, kind }
}

impl<M> Caller for Ironwire<M>
where
    M: Messages<Resp: Response>,
{
    async fn connect(address: SocketAddr) -> Result<Self, Error> {
        let channel = Channel::connect(format!("http://{address}")).await?;
        Ok(Ironwire::on(channel))
    }

    async fn unary(&self, payload: Bytes) -> Result<(), Error> {
        let sent = payload.len();
        let request = Request::new(M::request(1, payload));
        let response =
            generated::unary::<M::Codec, M::Req, M::Resp>(&self.channel, &UNARY, request).await?;
        check_echo(sent, response.get_ref().payload_len())
    }

    async fn server_stream(&self, payload: Bytes, messages: i32) -> Result<u64, Error> {
        let request = Request::new(M::request(messages, payload));
        let response = generated::server_streaming::<M::Codec, M::Req, M::Resp>(
            &self.channel,
            &SERVER_STREAM,
            request,
        );
        let mut responses = response.await?.into_inner();
        let mut count = 0;
        while responses.message().await?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    async fn client_stream(&self, payload: Bytes, messages: i32) -> Result<u64, Error> {
        let requests = (0..messages).map(move |_| M::request(1, payload.clone()));
        let requests = Request::new(tokio_stream::iter(requests));
        let response = generated::client_streaming::<M::Codec, _, M::Resp>(
            &self.channel,
            &CLIENT_STREAM,
            requests,
        );
        Ok(u64::try_from(response.await?.get_ref().id())?)
    }

    async fn ping_pong(
        &self,
        payload: Bytes,
        end: End,
        latencies: &mut Latencies,
    ) -> Result<u64, Error> {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let requests = Request::new(ReceiverStream::new(receiver));
        let call = generated::bidi::<M::Codec, _, M::Resp>(&self.channel, &BIDI, requests);
        let mut responses = call.open();
        let mut count = 0;
        while !end.is_reached(count) {
            let start = Instant::now();
            sender.send(M::request(1, payload.clone())).await?;
            responses.message().await?.ok_or_else(ended_early)?;
            note(latencies, start);
            count += 1;
        }
        Ok(count)
    }
}
