//! A shop that can only sell, by a function: the stage for what a chapter shows of a handler.

use ironwire::{Channel, Request, Response, Server, Status, Stream, Streaming};

use crate::shop::{Bid, Item, Offer, Order, Price, Receipt, Shop, ShopServer, Stock, Watch};

pub(crate) struct Till<F>(pub(crate) F);

impl<F, Sold> Shop for Till<F>
where
    F: Fn(Request<Order>) -> Sold + Send + Sync + 'static,
    Sold: Future<Output = Result<Response<Receipt>, Status>> + Send,
{
    async fn buy(&self, request: Request<Order>) -> Result<Response<Receipt>, Status> {
        (self.0)(request).await
    }

    async fn prices(
        &self,
        _: Request<Watch>,
    ) -> Result<Response<impl Stream<Item = Result<Price, Status>> + Send>, Status> {
        Err::<Response<Streaming<_>>, _>(Status::unimplemented("a till knows no prices"))
    }

    async fn deliver(&self, _: Request<Streaming<Item>>) -> Result<Response<Stock>, Status> {
        Err(Status::unimplemented("a till takes no deliveries"))
    }

    async fn haggle(
        &self,
        _: Request<Streaming<Bid>>,
    ) -> Result<Response<impl Stream<Item = Result<Offer, Status>> + Send>, Status> {
        Err::<Response<Streaming<_>>, _>(Status::unimplemented("a till does not haggle"))
    }
}

/// A server of such a shop.
pub(crate) fn server<F, Sold>(sell: F) -> Server
where
    F: Fn(Request<Order>) -> Sold + Send + Sync + 'static,
    Sold: Future<Output = Result<Response<Receipt>, Status>> + Send + 'static,
{
    Server::new().add(ShopServer::new(Till(sell)))
}

/// A channel to one.
pub(crate) fn channel<F, Sold>(sell: F) -> Channel
where
    F: Fn(Request<Order>) -> Sold + Send + Sync + 'static,
    Sold: Future<Output = Result<Response<Receipt>, Status>> + Send + 'static,
{
    server(sell).in_process().expect("a server of one service")
}

/// The address of a socket in a folder that goes with it.
#[cfg(unix)]
pub(crate) fn socket() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder for the socket");
    let address = format!("unix:{}", folder.path().join("shop.sock").display());
    (folder, address)
}

/// Does `client` while `server` serves, and gives what it came to. The server is polled first, so its socket is there.
#[cfg(unix)]
pub(crate) async fn against<T, E: std::fmt::Debug>(
    server: impl Future<Output = Result<(), E>>,
    client: impl Future<Output = T>,
) -> T {
    tokio::select! {
        biased;
        ended = server => panic!("the server ended: {ended:?}"),
        done = client => done,
    }
}
