//! Connections: where to, when, and what happens when one is lost.

use std::future::ready;
use std::io;
use std::time::Duration;

use ironwire::server::Listen;
use ironwire::{Channel, ConnectError, Endpoint, Server};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;

use crate::services::Corner;
use crate::shop::{Order, ShopClient, ShopServer};

fn lazily(address: &str) -> Result<Channel, ConnectError> {
    let endpoint = Endpoint::parse(address)?
        .connect_timeout(Duration::from_secs(3))
        .backoff(Duration::from_millis(100), Duration::from_secs(10));
    Channel::lazy(endpoint)
}

#[cfg(unix)]
#[tokio::test]
async fn a_call_can_wait_for_the_server() -> Result<(), Box<dyn std::error::Error>> {
    use crate::till;
    use ironwire::{Code, Request};

    let (_folder, address) = till::socket();
    let channel = lazily(&address)?;
    let client = ShopClient::new(channel.clone());
    let status = client.buy(Order::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);

    let client = ShopClient::new(channel);
    let patiently = async {
        let order = Order {
            count: 1,
            ..Default::default()
        };
        let mut request = Request::new(order);
        request.set_wait_for_ready(true);
        client.buy(request).await
    };
    let server = Server::new().add(ShopServer::new(Corner));
    let bought = till::against(server.serve(address.as_str()), patiently).await;
    assert_eq!(bought?.get_ref().cents, 250);
    Ok(())
}

#[tokio::test]
async fn a_program_opens_its_connections_itself() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::new().add(ShopServer::new(Corner));
    let (sender, accepted) = mpsc::unbounded_channel();
    let connections = UnboundedReceiverStream::new(accepted).map(Ok);
    let serving = server.serve(Listen::incoming(connections));

    let endpoint = Endpoint::parse("http://shop.example")?.connect_with(move || {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let sent = sender.send(far);
        ready(sent.map(|()| near).map_err(io::Error::other))
    });
    let channel = Channel::lazy(endpoint)?;

    let order = Order {
        count: 1,
        ..Default::default()
    };
    let buying = async {
        let client = ShopClient::new(channel);
        client.buy(order).await
    };
    tokio::select! {
        served = serving => panic!("the server ended: {served:?}"),
        bought = buying => assert_eq!(bought?.get_ref().cents, 250),
    }
    Ok(())
}
