//! Who calls, and who answers.
//!
//! Never proves anything: the test server believes what it is told.

use super::payloads::{check_large, large_request, request};
use crate::grpc::testing::{SimpleRequest, TestServiceClient};
use ironwire::{Request, Status};

/// How many calls must reach the same server.
const CALLS: usize = 100;

/// Credentials that one call carries in its metadata. The document's own case is for Google's servers, which want a signed
/// token; here the token is the name.
pub(super) async fn per_rpc_creds(client: &TestServiceClient, user: &str) -> Result<(), Status> {
    let mut request = Request::new(SimpleRequest {
        fill_username: true,
        ..large_request()
    });
    let set = request
        .metadata_mut()
        .insert("authorization", &format!("Bearer {user}"));
    set.map_err(|error| Status::invalid_argument(error.to_string()))?;
    let response = client.unary_call(request).await?.into_inner();
    check_large(&response);
    assert_eq!(response.username, user);

    let without = client.unary_call(SimpleRequest {
        fill_username: true,
        ..large_request()
    });
    let refused = without.await.map(drop);
    refused.expect_err("the credentials were those of one call");
    Ok(())
}

pub(super) async fn pick_first_unary(client: &TestServiceClient) -> Result<(), Status> {
    let mut first = None;
    for _ in 0..CALLS {
        let asked = SimpleRequest {
            fill_server_id: true,
            ..request(1, 1)
        };
        let id = client.unary_call(asked).await?.into_inner().server_id;
        assert!(!id.is_empty(), "the server has an id");
        assert_eq!(first.get_or_insert_with(|| id.clone()), &id);
    }
    Ok(())
}
