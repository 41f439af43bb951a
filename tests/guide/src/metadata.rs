//! What travels beside the messages.

use ironwire::{Request, Response, Status};

use crate::shop::{Order, Receipt, ShopClient};
use crate::till;

async fn buy(request: Request<Order>) -> Result<Response<Receipt>, Status> {
    let tenant = request.metadata().get("x-tenant").unwrap_or("nobody");
    let mut response = Response::new(Receipt::default());
    response.metadata_mut().insert("x-served-for", tenant)?;
    response.trailers_mut().insert("x-cost", "3")?;
    Ok(response)
}

#[tokio::test]
async fn metadata_goes_both_ways() -> Result<(), Box<dyn std::error::Error>> {
    let client = ShopClient::new(till::channel(buy));
    let mut request = Request::new(Order::default());
    request.metadata_mut().insert("x-tenant", "acme")?;
    request
        .metadata_mut()
        .insert_bin("trace-bin", [0xde, 0xad])?;
    let response = client.buy(request).await?;
    assert_eq!(response.metadata().get("x-served-for"), Some("acme"));
    assert_eq!(response.trailers().get("x-cost"), Some("3"));
    Ok(())
}

async fn refuse(_: Request<Order>) -> Result<Response<Receipt>, Status> {
    let mut status = Status::resource_exhausted("slow down");
    status.metadata_mut().insert("retry-after-ms", "500")?;
    Err(status)
}

#[tokio::test]
async fn a_status_has_metadata() {
    let client = ShopClient::new(till::channel(refuse));
    let status = client.buy(Order::default()).await.unwrap_err();
    assert_eq!(status.metadata().get("retry-after-ms"), Some("500"));
}
