//! One request, one response: the client says something, the server tells what it has received.
//!
//! ```text
//! cargo run -p unary -- server --addr 127.0.0.1:50051
//! cargo run -p unary -- client --addr 127.0.0.1:50051 hello
//! ```
//!
//! This file never reads an argument nor prints: that is `main.rs`.

use ironwire::services::Health;
use ironwire::{Request, Response, Server, Status};

ironwire::include_proto!("unary");

use crate::unary::{Message, MessageResponse, Unary, UnaryClient, UnaryServer};

/// The service: it tells what it has received.
#[derive(Debug)]
pub struct Receiver;

impl Unary for Receiver {
    async fn get_server_response(
        &self,
        request: Request<Message>,
    ) -> Result<Response<MessageResponse>, Status> {
        let message = request.into_inner().message;
        Ok(Response::new(MessageResponse {
            message: format!("Hello I am up and running received \"{message}\" message from you"),
            received: true,
            ..Default::default()
        }))
    }
}

/// A server of the service, to be bound to an address. It tells of its health, and tools what it serves.
pub fn server() -> Server {
    Server::new()
        .add(UnaryServer::new(Receiver))
        .health(&Health::new())
        .reflection()
}

/// Sends a message to the server at `address` and gives its answer.
///
/// # Errors
/// When it cannot be reached or answers with an error.
pub async fn send(address: &str, message: String) -> Result<MessageResponse, Status> {
    let client = UnaryClient::connect(address).await?;
    let request = Message {
        message,
        ..Default::default()
    };
    Ok(client.get_server_response(request).await?.into_inner())
}
