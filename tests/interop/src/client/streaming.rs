//! Streams in either direction and in both.
//!
//! Never expects a failure.

use super::payloads::{check_output, output_request, size, zeros};
use crate::grpc::testing::{
    StreamingInputCallRequest, StreamingOutputCallRequest, TestServiceClient,
};
use ironwire::Status;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

const REQUEST_SIZES: [usize; 4] = [27_182, 8, 1_828, 45_904];
const RESPONSE_SIZES: [usize; 4] = [31_415, 9, 2_653, 58_979];

pub(super) async fn client(client: &TestServiceClient) -> Result<(), Status> {
    let requests = REQUEST_SIZES.map(|bytes| StreamingInputCallRequest {
        payload: zeros(bytes),
        ..Default::default()
    });
    let response = client
        .streaming_input_call(tokio_stream::iter(requests))
        .await?;
    let sum = response.into_inner().aggregated_payload_size;
    assert_eq!(sum, size(REQUEST_SIZES.iter().sum()));
    Ok(())
}

pub(super) async fn server(client: &TestServiceClient) -> Result<(), Status> {
    let request = output_request(0, &RESPONSE_SIZES);
    let mut responses = client.streaming_output_call(request).await?.into_inner();
    for bytes in RESPONSE_SIZES {
        let response = responses.message().await?;
        check_output(&response.expect("there are four responses"), bytes);
    }
    assert_eq!(responses.message().await?, None, "a fifth response");
    Ok(())
}

pub(super) async fn ping_pong(client: &TestServiceClient) -> Result<(), Status> {
    let (sender, requests) = mpsc::channel(1);
    let mut responses = client
        .full_duplex_call(ReceiverStream::new(requests))
        .open();
    for (bytes, response_bytes) in REQUEST_SIZES.into_iter().zip(RESPONSE_SIZES) {
        let request = output_request(bytes, &[response_bytes]);
        let sent = sender.send(request).await;
        sent.expect("the call takes requests");
        let response = responses.message().await?;
        check_output(
            &response.expect("a response to each request"),
            response_bytes,
        );
    }
    drop(sender);
    assert_eq!(responses.message().await?, None, "a fifth response");
    Ok(())
}

pub(super) async fn empty(client: &TestServiceClient) -> Result<(), Status> {
    let requests = tokio_stream::empty::<StreamingOutputCallRequest>();
    let mut responses = client.full_duplex_call(requests).open();
    assert_eq!(responses.message().await?, None, "a response to nothing");
    Ok(())
}
