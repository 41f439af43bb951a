//! Connections: where to, when, and what happens when one is lost.

use std::time::Duration;

use ironwire::server::Listen;
use ironwire::{Channel, Code, ConnectError, Endpoint, Request, Server};

use crate::services::Corner;
use crate::shop::{Order, ShopClient, ShopServer};

fn lazily() -> Result<Channel, ConnectError> {
    let endpoint = Endpoint::parse("http://shop.example:50051")?
        .connect_timeout(Duration::from_secs(3))
        .backoff(Duration::from_millis(100), Duration::from_secs(10));
    Channel::lazy(endpoint)
}

#[tokio::test]
async fn clients_share_a_channel() {
    let channel = lazily().unwrap();
    let one = ShopClient::new(channel.clone());
    let other = ShopClient::new(channel);
    drop((one, other));
}

#[tokio::test]
async fn a_call_can_wait_for_the_server() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let address = format!("unix:{}", folder.path().join("shop.sock").display());
    let client = ShopClient::new(Channel::lazy(address.as_str())?);
    let status = client.buy(Order::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);

    tokio::spawn(async move {
        let server = Server::new().add(ShopServer::new(Corner));
        server.serve(Listen::from(address)).await
    });
    let mut request = Request::new(Order {
        count: 1,
        ..Default::default()
    });
    request.set_wait_for_ready(true);
    assert_eq!(client.buy(request).await?.get_ref().cents, 250);
    Ok(())
}
