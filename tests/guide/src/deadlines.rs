//! How long calls may take.

use std::time::Duration;

use ironwire::client::MethodDefaults;
use ironwire::server::MethodLimits;
use ironwire::{Channel, Code, ConnectError, Endpoint, Request, Response, Server, Status};

use crate::shop::{Order, Receipt, ShopClient};
use crate::till;

async fn slowly(_: Request<Order>) -> Result<Response<Receipt>, Status> {
    tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(Response::new(Receipt::default()))
}

#[tokio::test(start_paused = true)]
async fn a_call_has_a_deadline() {
    let client = ShopClient::new(till::channel(slowly));
    let mut request = Request::new(Order::default());
    request.set_timeout(Duration::from_secs(2));
    let status = client.buy(request).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

fn with_defaults(address: &str) -> Result<Channel, ConnectError> {
    let unlimited = MethodDefaults::new().timeout(Duration::MAX);
    let endpoint = Endpoint::parse(address)?
        .timeout(Duration::from_millis(500))
        .method_defaults("shop.Shop/Prices", unlimited);
    Channel::lazy(endpoint)
}

fn with_limits(server: Server) -> Server {
    let unlimited = MethodLimits::new().timeout(Duration::MAX);
    server
        .timeout(Duration::from_secs(10))
        .limit("shop.Shop/Prices", unlimited)
}

#[tokio::test(start_paused = true)]
async fn a_handler_sees_and_passes_on_the_deadline() {
    let stock = till::channel(slowly);
    // The shop calls its own supplier. What is left of the caller's time is all that call has.
    let shop = till::channel(move |request: Request<Order>| {
        let supplier = ShopClient::new(stock.clone());
        async move {
            assert!(request.timeout() <= Some(Duration::from_secs(2)));
            supplier.buy(request.into_inner()).await
        }
    });
    let mut request = Request::new(Order::default());
    request.set_timeout(Duration::from_secs(2));
    let status = ShopClient::new(shop).buy(request).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test(start_paused = true)]
async fn a_server_has_a_limit() {
    let server = with_limits(till::server(slowly));
    let client = ShopClient::new(server.in_process().unwrap());
    let begin = tokio::time::Instant::now();
    let status = client.buy(Order::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(begin.elapsed() < Duration::from_secs(11));
}

#[cfg(unix)]
#[tokio::test]
async fn a_channel_has_a_default() -> Result<(), ConnectError> {
    let (_folder, address) = till::socket();
    let client = ShopClient::new(with_defaults(&address)?);
    let server = till::server(slowly).serve(address.as_str());
    let called = till::against(server, client.buy(Order::default())).await;
    assert_eq!(called.unwrap_err().code(), Code::DeadlineExceeded);
    Ok(())
}
