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

async fn serve(address: &str) -> Result<(), ironwire::ServeError> {
    Server::new()
        .add(ShopServer::new(Corner))
        .serve(address)
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

#[cfg(unix)]
#[tokio::test]
async fn a_service_is_served_and_called() -> Result<(), Status> {
    let (_folder, address) = crate::till::socket();
    let bought = crate::till::against(serve(&address), buy(&address)).await;
    assert_eq!(bought?, 500);
    Ok(())
}
