//! The four kinds of calls, by a client.

use ironwire::{Server, Status};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::services::Corner;
use crate::shop::{Bid, Item, Order, ShopClient, ShopServer, Watch};

fn client() -> ShopClient {
    let server = Server::new().add(ShopServer::new(Corner));
    let channel = server.in_process().expect("a server of one service");
    ShopClient::new(channel)
}

#[tokio::test]
async fn unary() -> Result<(), Status> {
    let client = client();
    let order = Order {
        item: "tea".into(),
        count: 2,
        ..Default::default()
    };
    let response = client.buy(order).await?;
    assert_eq!(response.get_ref().cents, 500);

    let status = client.buy(Order::default()).await.unwrap_err();
    assert_eq!(status.to_string(), "INVALID_ARGUMENT: order at least one");
    Ok(())
}

#[tokio::test]
async fn server_streaming() -> Result<(), Status> {
    let client = client();
    let watch = Watch {
        item: "tea".into(),
        ..Default::default()
    };
    let mut prices = client.prices(watch).await?.into_inner();
    let mut seen = Vec::new();
    while let Some(price) = prices.message().await? {
        seen.push(price.cents);
    }
    assert_eq!(seen, [250, 260, 240]);
    Ok(())
}

#[tokio::test]
async fn client_streaming() -> Result<(), Status> {
    let client = client();
    let item = |count| Item {
        name: "tea".into(),
        count,
        ..Default::default()
    };
    let delivery = tokio_stream::iter([item(5), item(7)]);
    let stock = client.deliver(delivery).await?.into_inner();
    assert_eq!(stock.items, 12);
    Ok(())
}

#[tokio::test]
async fn bidirectional() -> Result<(), Status> {
    let client = client();
    let (bids, received) = mpsc::channel(1);
    let mut offers = client.haggle(ReceiverStream::new(received)).open();
    for cents in [100, 120] {
        let bid = Bid {
            cents,
            ..Default::default()
        };
        bids.send(bid).await.expect("the call goes on");
        let offer = offers.message().await?.expect("an offer for each bid");
        assert_eq!(offer.cents, cents + 10);
    }
    drop(bids); // no more bids: the server ends the stream too
    assert_eq!(offers.message().await?, None);
    Ok(())
}
