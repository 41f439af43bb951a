//! A server and a client that says hello to it, on Ironwire.

use ironwire::{Request, Response, Server, Status};

ironwire::include_proto!("hello");
use hello::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest};

struct English;

impl Greeter for English {
    async fn say_hello(
        &self,
        request: Request<HelloRequest>,
    ) -> Result<Response<HelloReply>, Status> {
        let text = format!("Hello, {}!", request.into_inner().name);
        Ok(Response::new(HelloReply {
            text,
            ..Default::default()
        }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::new()
        .add(GreeterServer::new(English))
        .bind("127.0.0.1:0")
        .await?;
    let address = server.address();
    tokio::spawn(server.serve());
    let client = GreeterClient::connect(format!("http://{address}")).await?;
    let request = HelloRequest {
        name: "world".into(),
        ..Default::default()
    };
    println!("{}", client.say_hello(request).await?.into_inner().text);
    Ok(())
}
