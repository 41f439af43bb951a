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

fn with_defaults() -> Result<Channel, ConnectError> {
    let endpoint = Endpoint::parse("http://[::1]:50051")?
        .timeout(Duration::from_secs(5))
        .method_defaults(
            "shop.Shop/Prices",
            MethodDefaults::new().timeout(Duration::MAX),
        );
    Channel::lazy(endpoint)
}

fn with_limits() -> Server {
    Server::new().timeout(Duration::from_secs(10)).limit(
        "shop.Shop/Prices",
        MethodLimits::new().timeout(Duration::MAX),
    )
}

#[tokio::test]
async fn defaults_and_limits_are_settings() {
    assert!(with_defaults().is_ok());
    let served = with_limits().in_process();
    assert!(served.unwrap_err().to_string().contains("is not served"));
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
