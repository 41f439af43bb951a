//! A server and a client that says hello to it, on tonic.

use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

mod generated {
    #![allow(clippy::all)]
    include!(concat!(env!("OUT_DIR"), "/hello.Greeter.rs"));
}
use generated::greeter_client::GreeterClient;
use generated::greeter_server::{Greeter, GreeterServer};

#[derive(Clone, PartialEq, ::prost::Message)]
pub struct HelloRequest {
    #[prost(string, tag = "1")]
    pub name: String,
}

#[derive(Clone, PartialEq, ::prost::Message)]
pub struct HelloReply {
    #[prost(string, tag = "1")]
    pub text: String,
}

struct English;

#[tonic::async_trait]
impl Greeter for English {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let text = format!("Hello, {}!", request.into_inner().name);
        Ok(Response::new(HelloReply { text }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tonic::transport::Server::builder().add_service(GreeterServer::new(English));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    let mut client = GreeterClient::connect(format!("http://{address}")).await?;
    let request = HelloRequest {
        name: "world".into(),
    };
    println!("{}", client.say_hello(request).await?.into_inner().text);
    Ok(())
}
