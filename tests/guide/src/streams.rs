//! Streams: who waits for whom, and how they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ironwire::{Request, Response, Server, Status, Stream, Streaming};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::shop::{
    Bid, Item, Offer, Order, Price, Receipt, Shop, ShopClient, ShopServer, Stock, Watch,
};

/// A shop whose prices never stop.
struct Market {
    told: Arc<AtomicU64>,
}

impl Shop for Market {
    async fn prices(
        &self,
        request: Request<Watch>,
    ) -> Result<Response<impl Stream<Item = Result<Price, Status>> + Send>, Status> {
        let draining = request.draining();
        let (prices, received) = mpsc::channel(16);
        let told = Arc::clone(&self.told);
        tokio::spawn(async move {
            for cents in 100.. {
                let price = match draining.has_begun() {
                    false => Ok(Price {
                        cents,
                        ..Default::default()
                    }),
                    true => Err(Status::unavailable("the market closes")),
                };
                let is_last = price.is_err();
                // Waits while the caller does not read, and fails once the call is over.
                if prices.send(price).await.is_err() || is_last {
                    return;
                }
                told.store(cents, Ordering::Relaxed);
            }
        });
        Ok(Response::new(ReceiverStream::new(received)))
    }

    async fn buy(&self, _: Request<Order>) -> Result<Response<Receipt>, Status> {
        Err(Status::unimplemented("nothing is sold here"))
    }

    async fn deliver(&self, request: Request<Streaming<Item>>) -> Result<Response<Stock>, Status> {
        let cancellation = request.cancellation();
        let mut delivery = request.into_inner();
        let mut items = 0;
        while let Some(item) = delivery.message().await? {
            items += item.count;
        }
        let counted = tokio::task::spawn_blocking(move || {
            // Long work outlives the call's future unless it asks.
            (0..items)
                .take_while(|_| !cancellation.is_cancelled())
                .count()
        });
        let counted = counted
            .await
            .map_err(|error| Status::internal(error.to_string()))?;
        Ok(Response::new(Stock {
            items: counted as u32,
            ..Default::default()
        }))
    }

    async fn haggle(
        &self,
        _: Request<Streaming<Bid>>,
    ) -> Result<Response<impl Stream<Item = Result<Offer, Status>> + Send>, Status> {
        Err::<Response<Streaming<_>>, _>(Status::unimplemented("prices are fixed here"))
    }
}

fn market() -> (ShopClient, Arc<AtomicU64>) {
    let told = Arc::new(AtomicU64::new(0));
    let server = Server::new().add(ShopServer::new(Market {
        told: Arc::clone(&told),
    }));
    (ShopClient::new(server.in_process().unwrap()), told)
}

#[tokio::test]
async fn a_slow_reader_slows_the_writer() -> Result<(), Status> {
    let (client, told) = market();
    let mut prices = client.prices(Watch::default()).await?.into_inner();
    assert_eq!(prices.message().await?.map(|price| price.cents), Some(100));
    // Nobody reads, so nothing is written once the windows and buffers between the two are full.
    let mut before = u64::MAX;
    while told.load(Ordering::Relaxed) != before {
        before = told.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(prices.message().await?.map(|price| price.cents), Some(101));
    drop(prices); // cancels the call
    Ok(())
}

#[tokio::test]
async fn long_work_is_done() -> Result<(), Status> {
    let (client, _) = market();
    let item = Item {
        count: 3,
        ..Default::default()
    };
    let stock = client.deliver(tokio_stream::iter([item])).await?;
    assert_eq!(stock.get_ref().items, 3);
    Ok(())
}
