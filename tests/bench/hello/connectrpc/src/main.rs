//! A server and a client that says hello to it over gRPC, on connectrpc.

use connectrpc::client::{ClientConfig, Http2Connection};
use connectrpc::{
    ConnectRpcService, Encodable, Protocol, RequestContext, Response, Server, ServiceRequest,
    ServiceResult,
};

mod generated {
    #![allow(clippy::all, warnings)]
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
use generated::hello::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest};

struct English;

impl Greeter for English {
    async fn say_hello<'a>(
        &'a self,
        _: RequestContext,
        request: ServiceRequest<'_, HelloRequest>,
    ) -> ServiceResult<impl Encodable<HelloReply> + Send + use<'a>> {
        let text = format!("Hello, {}!", request.name);
        Response::ok(HelloReply {
            text,
            ..Default::default()
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let service = ConnectRpcService::new(GreeterServer::new(English));
    tokio::spawn(Server::from_listener(listener).serve_with_service(service));
    let uri: http::Uri = format!("http://{address}").parse()?;
    let connection = Http2Connection::connect_plaintext(uri.clone()).await?;
    let config = ClientConfig::new(uri).with_protocol(Protocol::Grpc);
    let client = GreeterClient::new(connection.shared(16), config);
    let request = HelloRequest {
        name: "world".into(),
        ..Default::default()
    };
    println!("{}", client.say_hello(request).await?.view().text);
    Ok(())
}
