//! Calls that fail, are cancelled, or take too long.
//!
//! Never expects a success, but of the call that shows that the channel has survived.

use super::payloads::{check_output, output_request};
use super::unary;
use crate::grpc::testing::{
    EchoStatus, Empty, SimpleRequest, StreamingInputCallRequest, StreamingOutputCallRequest,
    TestServiceClient, UnimplementedServiceClient,
};
use ironwire::{Channel, Code, Request, Status};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// How long the requests of a cancelled call may go on.
const CANCELLATION_MAX: Duration = Duration::from_secs(10);

pub(super) async fn status_code_and_message(client: &TestServiceClient) -> Result<(), Status> {
    const MESSAGE: &str = "test status message";
    check(unary_failure(client, MESSAGE).await, MESSAGE);

    let request = StreamingOutputCallRequest {
        response_status: unknown(MESSAGE),
        ..Default::default()
    };
    let mut responses = client.full_duplex_call(tokio_stream::once(request)).open();
    let status = responses.message().await.expect_err("the call fails");
    check(status, MESSAGE);
    Ok(())
}

pub(super) async fn special_status_message(client: &TestServiceClient) -> Result<(), Status> {
    const MESSAGE: &str =
        "\t\ntest with whitespace\r\nand Unicode BMP \u{263a} and non-BMP \u{1f608}\t\n";
    check(unary_failure(client, MESSAGE).await, MESSAGE);
    Ok(())
}

/// The status that a call asks for.
fn unknown(message: &str) -> Option<EchoStatus> {
    Some(EchoStatus {
        code: Code::Unknown.as_i32(),
        message: message.to_owned(),
        ..Default::default()
    })
}

async fn unary_failure(client: &TestServiceClient, message: &str) -> Status {
    let request = SimpleRequest {
        response_status: unknown(message),
        ..Default::default()
    };
    let called = client.unary_call(request).await;
    called.expect_err("the call fails")
}

fn check(status: Status, message: &str) {
    assert_eq!(status.code(), Code::Unknown, "{status}");
    assert_eq!(status.message(), message);
}

pub(super) async fn unimplemented_method(client: &TestServiceClient) -> Result<(), Status> {
    let called = client.unimplemented_call(Empty::default()).await;
    let status = called.expect_err("the call fails");
    assert_eq!(status.code(), Code::Unimplemented, "{status}");
    Ok(())
}

pub(super) async fn unimplemented_service(channel: Channel) -> Result<(), Status> {
    let client = UnimplementedServiceClient::new(channel);
    let called = client.unimplemented_call(Empty::default()).await;
    let status = called.expect_err("the call fails");
    assert_eq!(status.code(), Code::Unimplemented, "{status}");
    Ok(())
}

/// A dropped call is a cancelled call, so there is nobody to be told `CANCELLED`; that it is over shows in its requests,
/// which nobody takes any more.
pub(super) async fn cancel_after_begin(client: &TestServiceClient) -> Result<(), Status> {
    let (sender, requests) = mpsc::channel::<StreamingInputCallRequest>(1);
    let call = client.streaming_input_call(ReceiverStream::new(requests));
    // There is no answer before a request, so the time passes; the headers have left long before.
    let waited = tokio::time::timeout(Duration::from_millis(100), call).await;
    waited.expect_err("the call waits for requests");
    is_over(sender).await;
    unary::empty(client).await
}

pub(super) async fn cancel_after_first_response(client: &TestServiceClient) -> Result<(), Status> {
    let (sender, requests) = mpsc::channel(1);
    let mut responses = client
        .full_duplex_call(ReceiverStream::new(requests))
        .open();
    let sent = sender.send(output_request(27_182, &[31_415])).await;
    sent.expect("the call takes requests");
    let response = responses.message().await?;
    check_output(&response.expect("there is a response"), 31_415);
    drop(responses);
    is_over(sender).await;
    unary::empty(client).await
}

async fn is_over<T>(requests: mpsc::Sender<T>) {
    let closed = tokio::time::timeout(CANCELLATION_MAX, requests.closed()).await;
    closed.expect("a cancelled call takes no more requests");
}

pub(super) async fn timeout_on_sleeping_server(client: &TestServiceClient) -> Result<(), Status> {
    let (sender, requests) = mpsc::channel(1);
    let mut request = Request::new(ReceiverStream::new(requests));
    request.set_timeout(Duration::from_millis(1));
    let mut responses = client.full_duplex_call(request).open();
    // The call may be over already.
    let _ = sender.send(output_request(27_182, &[])).await;
    let status = responses.message().await.expect_err("the time passes");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status}");
    Ok(())
}
