//! What a server in service needs: compression, health, reflection, spans, an end.

use std::error::Error;
use std::time::Duration;

use ironwire::compression::Gzip;
use ironwire::server::Runtimes;
use ironwire::services::grpc::health::v1::{HealthCheckRequest, HealthClient};
use ironwire::services::{Health, ServingStatus};
use ironwire::tracing::Tracing;
use ironwire::{Channel, ConnectError, Endpoint, Request, Response, ServeError, Server};

use crate::services::Corner;
use crate::shop::{Order, Receipt, ShopClient, ShopServer};
use crate::till;

fn compressing_server() -> Server {
    Server::new()
        .add(ShopServer::new(Corner))
        .compress(Gzip::level(4))
        .compress_from_bytes(256)
}

fn compressing_channel(address: &str) -> Result<Channel, ConnectError> {
    let endpoint = Endpoint::parse(address)?
        .compress(Gzip::default())
        .compress_from_bytes(256);
    Channel::lazy(endpoint)
}

#[tokio::test]
async fn messages_are_compressed() -> Result<(), Box<dyn Error>> {
    let bound = compressing_server().bind("127.0.0.1:0").await?;
    let client = ShopClient::new(compressing_channel(&bound.address())?);
    tokio::spawn(bound.serve());
    let item = "tea".repeat(1000);
    let order = Order {
        item,
        count: 1,
        ..Default::default()
    };
    let response = client.buy(order).await?;
    assert!(!response.was_compressed()); // a receipt is smaller than 256 bytes
    Ok(())
}

#[tokio::test]
async fn secrets_are_sent_as_they_are() -> Result<(), Box<dyn Error>> {
    let server = till::server(|request: Request<Order>| async move {
        assert!(!request.was_compressed());
        let mut response = Response::new(Receipt::default());
        response.compression_switch().set(false);
        Ok(response)
    });
    let server = server.compress(Gzip::default());
    let client = ShopClient::new(server.in_process()?);
    let response = client.buy(Order::default()).await?;
    assert!(!response.was_compressed());
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

async fn serve_until(stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    Server::new()
        .add(ShopServer::new(Corner))
        .health(&Health::new())
        .lame_duck(Duration::from_secs(5))
        .drain_timeout(Duration::from_secs(20))
        .serve_with_shutdown("[::1]:0", stop)
        .await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    serve_until(stop).await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_server_ends() {
    let begin = tokio::time::Instant::now();
    // A machine without IPv6 cannot bind the address; then there is nothing that could end.
    if serve_until(async {}).await.is_ok() {
        assert!(begin.elapsed() >= Duration::from_secs(5));
    }
}

#[tokio::test]
async fn a_server_goes_on_until_it_is_asked_to_end() {
    let soon = tokio::time::sleep(Duration::from_millis(10));
    tokio::select! {
        ran = run() => assert!(ran.is_err()),
        () = soon => {}
    }
}

fn traced(server: Server) -> Result<Channel, ServeError> {
    let channel = server.intercept(Tracing).in_process()?;
    Ok(channel.intercept(Tracing))
}

#[tokio::test]
async fn calls_have_spans() -> Result<(), Box<dyn Error>> {
    let channel = traced(Server::new().add(ShopServer::new(Corner)))?;
    let order = Order {
        count: 1,
        ..Default::default()
    };
    ShopClient::new(channel).buy(order).await?;
    Ok(())
}

#[tokio::test]
async fn every_first_poll_can_be_a_task() -> Result<(), Box<dyn Error>> {
    let server = Server::new()
        .add(ShopServer::new(Corner))
        .first_poll_budget(Duration::ZERO);
    let client = ShopClient::new(server.in_process()?);
    let order = Order {
        count: 1,
        ..Default::default()
    };
    assert_eq!(client.buy(order).await?.get_ref().cents, 250);
    Ok(())
}

async fn serve_on_all_cores() -> Result<(), Box<dyn Error>> {
    let runtimes = Runtimes::one_per_core()?;
    Server::new()
        .add(ShopServer::new(Corner))
        .spread_over(&runtimes)
        .serve("[::1]:50052")
        .await?;
    Ok(())
}

#[tokio::test]
async fn connections_are_spread() {
    let soon = tokio::time::sleep(Duration::from_millis(10));
    tokio::select! {
        served = serve_on_all_cores() => assert!(served.is_err()),
        () = soon => {}
    }
}
