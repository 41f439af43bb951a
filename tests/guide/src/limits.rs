//! What callers may use, and how connections are kept.

use std::time::Duration;

use ironwire::client::MethodDefaults;
use ironwire::server::MethodLimits;
use ironwire::{Code, ConnectError, Endpoint, Server};

use crate::services::Corner;
use crate::shop::{Order, ShopClient, ShopServer};

fn limited() -> Server {
    Server::new()
        .add(ShopServer::new(Corner))
        .max_connections(10_000)
        .max_concurrent_calls(2_000)
        .max_message_bytes(64 * 1024)
        .limit("shop.Shop", MethodLimits::new().max_concurrent_calls(1_000))
        .limit(
            "shop.Shop/Buy",
            MethodLimits::new()
                .max_message_bytes(1024)
                .timeout(Duration::from_secs(2)),
        )
}

#[tokio::test]
async fn a_message_can_be_too_large() {
    let client = ShopClient::new(limited().in_process().unwrap());
    let order = Order {
        item: "tea".repeat(1000),
        ..Default::default()
    };
    let status = client.buy(order).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
}

fn with_large_answers() -> Result<Endpoint, ConnectError> {
    let large = MethodDefaults::new().max_message_bytes(64 * 1024 * 1024);
    Ok(Endpoint::parse("http://[::1]:50051")?.method_defaults("shop.Shop/Prices", large))
}

fn patient_client() -> Result<Endpoint, ConnectError> {
    Ok(Endpoint::parse("http://[::1]:50051")?
        .keepalive(Duration::from_secs(60))
        .keepalive_timeout(Duration::from_secs(10)))
}

fn server_behind_a_balancer() -> Server {
    Server::new()
        .add(ShopServer::new(Corner))
        .permit_keepalive_interval(Duration::from_secs(30))
        .max_connection_idle(Duration::from_secs(15 * 60))
        .max_connection_age(Duration::from_secs(30 * 60))
        .max_connection_age_grace(Duration::from_secs(60))
}

#[tokio::test]
async fn settings_are_accepted() {
    assert!(with_large_answers().is_ok());
    assert!(patient_client().is_ok());
    let client = ShopClient::new(server_behind_a_balancer().in_process().unwrap());
    let order = Order {
        count: 1,
        ..Default::default()
    };
    assert!(client.buy(order).await.is_ok());
}
