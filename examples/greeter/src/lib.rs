//! `HelloService` served and called, from a `.proto` file with neither a `syntax` line nor a package.
//!
//! Files without a package have the module `unpackaged`, and their services answer at `/HelloService/SayHello`. Without a
//! `syntax` line the file is proto2: its fields carry labels, and an `optional` one is an `Option`.
//!
//! ```text
//! cargo run -p greeter                                    # serves, calls, prints the reply
//! cargo run -p greeter -- server 127.0.0.1:50051
//! cargo run -p greeter -- client 127.0.0.1:50051 world
//! ```
//!
//! This file never reads an argument nor prints: that is `main.rs`.

use ironwire::services::Health;
use ironwire::{Request, Response, Server, Status};

ironwire::include_proto!("");

use unpackaged::{
    HelloRequest, HelloResponse, HelloService, HelloServiceClient, HelloServiceServer,
};

/// The service: it greets back.
#[derive(Debug)]
pub struct Greeter;

impl HelloService for Greeter {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloResponse>, Status> {
        let Some(greeting) = request.into_inner().greeting else {
            return Err(Status::invalid_argument("the greeting is missing"));
        };
        Ok(Response::new(HelloResponse {
            reply: Some(format!("Hello, {greeting}!")),
            ..Default::default()
        }))
    }
}

/// A server of the service, to be bound to an address. It tells of its health, and tools what it serves.
pub fn server() -> Server {
    Server::new()
        .add(HelloServiceServer::new(Greeter))
        .health(&Health::new())
        .reflection()
}

/// Calls the server at `address` and gives its reply.
///
/// # Errors
/// When it cannot be reached or answers with an error.
pub async fn greet(address: &str, name: &str) -> Result<String, Status> {
    let client = HelloServiceClient::connect(address).await?;
    let request = HelloRequest {
        greeting: Some(name.to_owned()),
        ..Default::default()
    };
    let response = client.say_hello(request).await?;
    Ok(response.into_inner().reply.unwrap_or_default())
}
