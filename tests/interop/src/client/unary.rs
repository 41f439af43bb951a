//! One request, one response.
//!
//! Never expects a failure.

use super::payloads::{check_large, large_request};
use crate::grpc::testing::{Empty, Payload, SimpleRequest, TestServiceClient};
use ironwire::{Request, Status};
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) async fn empty(client: &TestServiceClient) -> Result<(), Status> {
    let response = client.empty_call(Empty::default()).await?;
    assert_eq!(response.into_inner(), Empty::default());
    Ok(())
}

pub(super) async fn large(client: &TestServiceClient) -> Result<(), Status> {
    let response = client.unary_call(large_request()).await?;
    check_large(response.get_ref());
    Ok(())
}

pub(super) async fn cacheable(client: &TestServiceClient) -> Result<(), Status> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a clock after 1970").as_nanos().to_string();
    let call = async || {
        let mut request = Request::new(SimpleRequest {
            payload: Some(Payload {
                body: now.clone().into(),
                ..Default::default()
            }),
            ..Default::default()
        });
        let set = request.metadata_mut().insert("x-user-ip", "1.2.3.4");
        set.expect("the key and the value are legal");
        let response = client.cacheable_unary_call(request).await?;
        let payload = response.into_inner().payload;
        Ok::<_, Status>(payload.expect("the response has a payload").body)
    };
    assert_eq!(
        call().await?,
        call().await?,
        "the second comes from a cache"
    );
    Ok(())
}
