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
