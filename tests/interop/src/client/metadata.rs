//! Metadata there and back.
//!
//! Never sends other keys than the server knows.

use super::payloads::{
    LARGE_REQUEST, LARGE_RESPONSE, check_large, check_output, large_request, output_request,
};
use crate::grpc::testing::TestServiceClient;
use ironwire::{MetadataMap, Request, Status};

const INITIAL: &str = "x-grpc-test-echo-initial";
const INITIAL_VALUE: &str = "test_initial_metadata_value";
const TRAILING: &str = "x-grpc-test-echo-trailing-bin";
const TRAILING_VALUE: &[u8] = &[0xab; 3];

pub(super) async fn custom(client: &TestServiceClient) -> Result<(), Status> {
    let response = client.unary_call(with_metadata(large_request())).await?;
    check(response.metadata(), response.trailers());
    check_large(response.get_ref());

    let request = output_request(LARGE_REQUEST, &[LARGE_RESPONSE]);
    let requests = with_metadata(tokio_stream::once(request));
    let mut responses = client.full_duplex_call(requests).open();
    let response = responses.message().await?;
    check_output(&response.expect("there is a response"), LARGE_RESPONSE);
    let initial = responses.headers().await?.clone();
    check(&initial, responses.trailers().await?);
    Ok(())
}

fn with_metadata<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    let metadata = request.metadata_mut();
    metadata
        .insert(INITIAL, INITIAL_VALUE)
        .and_then(|()| metadata.insert_bin(TRAILING, TRAILING_VALUE))
        .expect("the keys and values are legal");
    request
}

fn check(initial: &MetadataMap, trailing: &MetadataMap) {
    assert_eq!(initial.get(INITIAL), Some(INITIAL_VALUE));
    assert_eq!(trailing.get_bin(TRAILING).as_deref(), Some(TRAILING_VALUE));
}
