//! Streams: who waits for whom, and how they end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ironwire::server::Draining;
use ironwire::{Request, Response, Server, Status, Stream, Streaming};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use crate::shop::{
    Bid, Item, Offer, Order, Price, Receipt, Shop, ShopClient, ShopServer, Stock, Watch,
};

/// Tells prices until nobody listens or the server drains.
async fn tell(prices: mpsc::Sender<Result<Price, Status>>, draining: Draining) {
    for cents in 100.. {
        if draining.has_begun() {
            let end = Status::unavailable("the market closes");
            let _ = prices.send(Err(end)).await; // the caller may have gone, too
            return;
        }
        let price = Price {
            cents,
            ..Default::default()
        };
        // Waits while the caller does not read, and fails once the call is over.
        if prices.send(Ok(price)).await.is_err() {
            return;
        }
    }
}

/// A shop whose prices never stop.
#[derive(Clone, Default)]
struct Market {
    /// How many prices have left.
    told: Arc<AtomicU64>,
}

impl Shop for Market {
    async fn prices(
        &self,
        request: Request<Watch>,
    ) -> Result<Response<impl Stream<Item = Result<Price, Status>> + Send>, Status> {
        let (prices, received) = mpsc::channel(16);
        tokio::spawn(tell(prices, request.draining()));
        let stream = ReceiverStream::new(received);
        let told = Arc::clone(&self.told);
        Ok(Response::new(stream.map(move |price| {
            told.fetch_add(1, Ordering::Relaxed);
            price
        })))
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

fn client(market: &Market) -> ShopClient {
    let server = Server::new().add(ShopServer::new(market.clone()));
    ShopClient::new(server.in_process().expect("a server of one service"))
}

#[tokio::test]
async fn a_slow_reader_slows_the_writer() -> Result<(), Status> {
    let market = Market::default();
    let mut prices = client(&market).prices(Watch::default()).await?.into_inner();
    assert_eq!(prices.message().await?.map(|price| price.cents), Some(100));
    // Nobody reads, so nothing is written once the windows and buffers between the two are full.
    let mut before = 0;
    while market.told.load(Ordering::Relaxed) != before {
        before = market.told.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(prices.message().await?.map(|price| price.cents), Some(101));
    drop(prices); // cancels the call
    Ok(())
}

#[tokio::test]
async fn long_work_is_done() -> Result<(), Status> {
    let item = Item {
        count: 3,
        ..Default::default()
    };
    let stock = client(&Market::default())
        .deliver(tokio_stream::iter([item]))
        .await?;
    assert_eq!(stock.get_ref().items, 3);
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn a_stream_ends_when_its_server_drains() -> Result<(), Box<dyn std::error::Error>> {
    use ironwire::{Channel, Code};
    use tokio::sync::oneshot;

    let (_folder, address) = crate::till::socket();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = Server::new()
        .add(ShopServer::new(Market::default()))
        .serve_with_shutdown(address.as_str(), async { drop(stopped.await) });
    let client = ShopClient::new(Channel::lazy(address.as_str())?);
    let read = async {
        let mut prices = client.prices(Watch::default()).await?.into_inner();
        prices.message().await?;
        drop(stop);
        while prices.message().await?.is_some() {}
        Ok::<(), Status>(())
    };
    let (served, read) = tokio::join!(server, read);
    served?;
    assert_eq!(read.unwrap_err().code(), Code::Unavailable);
    Ok(())
}
