//! What callers may use, and how connections are kept.

use std::time::Duration;

use ironwire::client::MethodDefaults;
use ironwire::server::MethodLimits;
use ironwire::{Code, Endpoint, Server};

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

fn small_receipts(endpoint: Endpoint) -> Endpoint {
    let small = MethodDefaults::new().max_message_bytes(1);
    endpoint.method_defaults("shop.Shop/Buy", small)
}

fn watchful(endpoint: Endpoint) -> Endpoint {
    endpoint
        .keepalive(Duration::from_secs(60))
        .keepalive_timeout(Duration::from_secs(10))
}

fn server_behind_a_balancer() -> Server {
    Server::new()
        .add(ShopServer::new(Corner))
        .permit_keepalive_interval(Duration::from_secs(30))
        .max_connection_idle(Duration::from_secs(15 * 60))
        .max_connection_age(Duration::from_secs(30 * 60))
        .max_connection_age_grace(Duration::from_secs(60))
}

#[cfg(unix)]
#[tokio::test]
async fn a_client_has_limits_too() -> Result<(), Box<dyn std::error::Error>> {
    use ironwire::{Channel, ConnectError};

    let (_folder, address) = crate::till::socket();
    let order = Order {
        count: 1,
        ..Default::default()
    };
    let client = |endpoint| Channel::lazy(endpoint).map(ShopClient::new);
    let calls = async {
        let watchful = client(watchful(Endpoint::parse(&address)?))?;
        let bounded = client(small_receipts(Endpoint::parse(&address)?))?;
        let bought = watchful.buy(order.clone()).await;
        Ok::<_, ConnectError>((bought, bounded.buy(order).await))
    };
    let server = server_behind_a_balancer().serve(address.as_str());
    let (bought, refused) = crate::till::against(server, calls).await?;
    assert_eq!(bought?.get_ref().cents, 250);
    assert_eq!(refused.unwrap_err().code(), Code::ResourceExhausted);
    Ok(())
}
