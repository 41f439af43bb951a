//! A service, served and called: the guide's first chapters.

use ironwire::{Request, Response, Server, Status, Stream, Streaming};
use tokio_stream::StreamExt;

use crate::shop::{
    Bid, Item, Offer, Order, Price, Receipt, Shop, ShopClient, ShopServer, Stock, Watch,
};

pub(crate) struct Corner;

impl Shop for Corner {
    async fn buy(&self, request: Request<Order>) -> Result<Response<Receipt>, Status> {
        let order = request.into_inner();
        if order.count == 0 {
            return Err(Status::invalid_argument("order at least one"));
        }
        let cents = 250 * u64::from(order.count);
        Ok(Response::new(Receipt {
            cents,
            ..Default::default()
        }))
    }

    async fn prices(
        &self,
        _request: Request<Watch>,
    ) -> Result<Response<impl Stream<Item = Result<Price, Status>> + Send>, Status> {
        let prices = tokio_stream::iter([250, 260, 240]);
        let prices = prices.map(|cents| {
            Ok(Price {
                cents,
                ..Default::default()
            })
        });
        Ok(Response::new(prices))
    }

    async fn deliver(&self, request: Request<Streaming<Item>>) -> Result<Response<Stock>, Status> {
        let mut delivery = request.into_inner();
        let mut items = 0;
        while let Some(item) = delivery.message().await? {
            items += item.count;
        }
        Ok(Response::new(Stock {
            items,
            ..Default::default()
        }))
    }

    async fn haggle(
        &self,
        request: Request<Streaming<Bid>>,
    ) -> Result<Response<impl Stream<Item = Result<Offer, Status>> + Send>, Status> {
        let bids = request.into_inner();
        let offers = bids.map(|bid| {
            Ok(Offer {
                cents: bid?.cents + 10,
                ..Default::default()
            })
        });
        Ok(Response::new(offers))
    }
}

async fn serve() -> Result<(), ironwire::ServeError> {
    Server::new()
        .add(ShopServer::new(Corner))
        .serve("[::1]:50051")
        .await
}

async fn buy(address: &str) -> Result<u64, Status> {
    let client = ShopClient::connect(address).await?;
    let order = Order {
        item: "tea".into(),
        count: 2,
        ..Default::default()
    };
    let receipt = client.buy(order).await?.into_inner();
    Ok(receipt.cents)
}

#[tokio::test]
async fn a_service_is_served_and_called() {
    let server = Server::new().add(ShopServer::new(Corner));
    let bound = server.bind("127.0.0.1:0").await.unwrap();
    let address = bound.address();
    tokio::spawn(bound.serve());
    assert_eq!(buy(&address).await.unwrap(), 500);
}

#[tokio::test]
async fn serving_goes_on() {
    // Whether the port is free here or not: either it serves for ever or it says why not.
    let soon = tokio::time::sleep(std::time::Duration::from_millis(10));
    tokio::select! {
        served = serve() => assert!(served.unwrap_err().to_string().contains("[::1]:50051")),
        () = soon => {}
    }
}
