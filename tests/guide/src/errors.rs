//! What a call that fails says.

use ironwire::services::google::rpc::bad_request::FieldViolation;
use ironwire::services::google::rpc::{BadRequest, ErrorInfo};
use ironwire::{Code, Request, Response, Status};

use crate::shop::{Order, Receipt, ShopClient};
use crate::till;

async fn load(item: &str) -> Result<u64, std::io::Error> {
    match item {
        "tea" => Ok(250),
        _ => Err(std::io::Error::other("the disk is on fire")),
    }
}

async fn buy(request: Request<Order>) -> Result<Response<Receipt>, Status> {
    let order = request.into_inner();
    let cents = load(&order.item)
        .await
        .map_err(|error| Status::internal("the price cannot be read").with_source(error))?;
    Ok(Response::new(Receipt {
        cents,
        ..Default::default()
    }))
}

#[tokio::test]
async fn a_status_is_code_and_message() {
    let client = ShopClient::new(till::channel(buy));
    let order = Order {
        item: "coffee".into(),
        ..Default::default()
    };
    let status = client.buy(order).await.unwrap_err();
    match status.code() {
        Code::NotFound => println!("there is none"),
        _ if status.is_retry_safe() => println!("try again: {}", status.message()),
        code => println!("{code}: {}", status.message()),
    }
    assert_eq!(status.to_string(), "INTERNAL: the price cannot be read");
}

fn check(order: &Order) -> Result<(), Status> {
    if order.count > 0 {
        return Ok(());
    }
    let violation = FieldViolation {
        field: "count".into(),
        description: "must be 1 or more".into(),
        ..Default::default()
    };
    let bad_request = BadRequest {
        field_violations: vec![violation],
        ..Default::default()
    };
    let info = ErrorInfo {
        reason: "EMPTY_ORDER".into(),
        ..Default::default()
    };
    Err(Status::invalid_argument("the order cannot be taken")
        .with_detail(&bad_request)
        .with_detail(&info))
}

#[tokio::test]
async fn details_have_types() {
    let client = ShopClient::new(till::channel(|request: Request<Order>| async move {
        check(request.get_ref())?;
        Ok(Response::new(Receipt::default()))
    }));
    let status = client.buy(Order::default()).await.unwrap_err();
    if let Some(bad_request) = status.detail::<BadRequest>() {
        for violation in &bad_request.field_violations {
            println!("{}: {}", violation.field, violation.description);
        }
    }
    let reason = status.detail::<ErrorInfo>().map(|info| info.reason);
    assert_eq!(reason.as_deref(), Some("EMPTY_ORDER"));
    assert_eq!(status.to_rpc().details.len(), 2);
}
