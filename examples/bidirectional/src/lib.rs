//! A stream in both directions: the client sends messages, the server sends each back as soon as it has arrived.
//!
//! ```text
//! cargo run -p bidirectional -- server --addr 127.0.0.1:50051
//! cargo run -p bidirectional -- client --addr 127.0.0.1:50051 one two three
//! ```
//!
//! This file never reads an argument nor prints: that is `main.rs`.

use ironwire::services::Health;
use ironwire::{Request, Response, Server, Status, Stream, Streaming};
use tokio_stream::StreamExt;

ironwire::include_proto!("bidirectional");

use crate::bidirectional::{Bidirectional, BidirectionalClient, BidirectionalServer, Message};

/// The service: it sends every message back.
#[derive(Debug)]
pub struct Echo;

impl Bidirectional for Echo {
    async fn get_server_response(
        &self,
        request: Request<Streaming<Message>>,
    ) -> Result<Response<impl Stream<Item = Result<Message, Status>> + Send>, Status> {
        // The requests are the responses. Neither side is read ahead: a client that stops reading is not read either.
        Ok(Response::new(request.into_inner()))
    }
}

/// A server of the service, to be bound to an address. It tells of its health, and tools what it serves.
pub fn server() -> Server {
    Server::new()
        .add(BidirectionalServer::new(Echo))
        .health(&Health::new())
        .reflection()
}

/// Sends texts to the server at `address` as fast as it takes them; what comes back is read from the result.
///
/// # Errors
/// When the server cannot be reached. Failures of the call come with the messages.
pub async fn converse(
    address: &str,
    texts: impl Stream<Item = String> + Send + 'static,
) -> Result<Streaming<Message>, Status> {
    let client = BidirectionalClient::connect(address).await?;
    let messages = texts.map(|message| Message {
        message,
        ..Default::default()
    });
    // `open` does not wait for the response's headers, which many servers send with their first message only.
    Ok(client.get_server_response(messages).open())
}
