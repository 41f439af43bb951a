//! What a server in service needs: compression, health, reflection, spans, an end.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ironwire::compression::Gzip;
use ironwire::server::Runtimes;
use ironwire::services::grpc::health::v1::{HealthCheckRequest, HealthClient};
use ironwire::services::{Health, ServingStatus};
use ironwire::tracing::Tracing;
use ironwire::{Channel, Endpoint, Request, Response, ServeError, Server, Status};
use tracing::span;
use tracing::subscriber::{Subscriber, set_default};

use crate::services::Corner;
use crate::shop::{Order, Receipt, ShopClient, ShopServer};
use crate::till;

fn compressing(server: Server) -> Server {
    server.compress(Gzip::level(4)).compress_from_bytes(256)
}

fn compressing_client(endpoint: Endpoint) -> Endpoint {
    endpoint.compress(Gzip::default()).compress_from_bytes(256)
}

#[cfg(unix)]
#[tokio::test]
async fn large_messages_are_compressed() -> Result<(), Box<dyn Error>> {
    let (_folder, address) = till::socket();
    let endpoint = compressing_client(Endpoint::parse(&address)?);
    let client = ShopClient::new(Channel::lazy(endpoint)?);
    let order = Order {
        item: "tea".repeat(1000),
        ..Default::default()
    };
    let server = compressing(till::server(|request: Request<Order>| async move {
        assert!(request.was_compressed());
        Ok(Response::new(Receipt::default()))
    }));
    let bought = till::against(server.serve(address.as_str()), client.buy(order)).await;
    assert!(!bought?.was_compressed()); // a receipt is small
    Ok(())
}

async fn secret(_: Request<Order>) -> Result<Response<Receipt>, Status> {
    let mut response = Response::new(Receipt::default());
    response.compression_switch().set(false);
    Ok(response)
}

#[tokio::test]
async fn a_response_can_be_exempt() -> Result<(), Box<dyn Error>> {
    let plain = |_: Request<Order>| async { Ok(Response::new(Receipt::default())) };
    let server = till::server(plain).compress(Gzip::default());
    let client = ShopClient::new(server.in_process()?);
    assert!(client.buy(Order::default()).await?.was_compressed());

    let server = till::server(secret).compress(Gzip::default());
    let client = ShopClient::new(server.in_process()?);
    assert!(!client.buy(Order::default()).await?.was_compressed());
    Ok(())
}

#[tokio::test]
async fn health_is_told() -> Result<(), Box<dyn Error>> {
    let health = Health::new();
    let server = Server::new()
        .add(ShopServer::new(Corner))
        .health(&health)
        .reflection();
    let channel = server.in_process()?;

    health.set("shop.Shop", ServingStatus::NotServing); // the stock room is locked

    let request = HealthCheckRequest {
        service: "shop.Shop".into(),
        ..Default::default()
    };
    let answer = HealthClient::new(channel).check(request).await?;
    assert_eq!(answer.get_ref().status, ServingStatus::NotServing);
    Ok(())
}

async fn serve_until(address: &str, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    Server::new()
        .add(ShopServer::new(Corner))
        .health(&Health::new())
        .lame_duck(Duration::from_secs(5))
        .drain_timeout(Duration::from_secs(20))
        .serve_with_shutdown(address, stop)
        .await
}

async fn run(address: &str) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    serve_until(address, stop).await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_server_ends() -> Result<(), ServeError> {
    let (_folder, address) = till::socket();
    let begin = tokio::time::Instant::now();
    serve_until(&address, async {}).await?;
    assert!(begin.elapsed() >= Duration::from_secs(5));
    Ok(())
}

async fn serve_on_all_cores(address: &str) -> Result<(), Box<dyn Error>> {
    let runtimes = Runtimes::one_per_core()?;
    Server::new()
        .add(ShopServer::new(Corner))
        .spread_over(&runtimes)
        .serve(address)
        .await?;
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn servers_go_on_until_they_are_asked_to_end() -> Result<(), Box<dyn Error>> {
    let (_folder, address) = till::socket();
    let client = ShopClient::new(Channel::lazy(address.as_str())?);
    let order = Order {
        count: 1,
        ..Default::default()
    };
    till::against(run(&address), client.buy(order.clone())).await?;

    let (_folder, address) = till::socket();
    let client = ShopClient::new(Channel::lazy(address.as_str())?);
    till::against(serve_on_all_cores(&address), client.buy(order)).await?;
    Ok(())
}

fn traced(server: Server) -> Result<Channel, ServeError> {
    let channel = server.intercept(Tracing).in_process()?;
    Ok(channel.intercept(Tracing))
}

/// Counts spans.
#[derive(Clone, Default)]
struct Spans(Arc<AtomicU64>);

impl Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.name().starts_with("grpc.")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn calls_have_spans() -> Result<(), Box<dyn Error>> {
    let spans = Spans::default();
    let _guard = set_default(spans.clone());
    let channel = traced(Server::new().add(ShopServer::new(Corner)))?;
    let order = Order {
        count: 1,
        ..Default::default()
    };
    ShopClient::new(channel).buy(order).await?;
    assert_eq!(spans.0.load(Ordering::Relaxed), 2); // the client's and the server's
    Ok(())
}
