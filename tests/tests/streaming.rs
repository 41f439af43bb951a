//! Do the four call kinds carry their messages, in order, and may either side speak first?

use bytes::Bytes;
use ironwire_rpc::{Channel, Code, Request, Response, Server, Status, Streaming};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::h2_server::{H2Call, channel_to, framed};
use ironwire_tests::probe::settle;
use ironwire_tests::service::{Messages, TestService, messages, ready_messages};
use std::future::pending;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

fn serve(service: TestService) -> Channel {
    Server::new().add(service).in_process().unwrap()
}

fn numbered(count: u32) -> Vec<Bytes> {
    (0..count)
        .map(|number| Bytes::copy_from_slice(&number.to_be_bytes()))
        .collect()
}

/// A stream of requests that the test feeds.
fn fed() -> (mpsc::Sender<Bytes>, ReceiverStream<Bytes>) {
    let (sender, receiver) = mpsc::channel(16);
    (sender, ReceiverStream::new(receiver))
}

#[tokio::test]
async fn a_unary_call_gives_back_its_message() {
    let channel = serve(TestService::echo());
    for message in [Bytes::new(), text("hello"), Bytes::from(vec![7; 1 << 20])] {
        let response = unary(&channel, message.clone()).await.unwrap();
        assert_eq!(response.into_inner(), message);
    }
}

#[tokio::test]
async fn server_stream_messages_arrive_in_order() {
    let channel = serve(
        TestService::echo()
            .server(|_| async { Ok(Response::new(ready_messages(numbered(10_000)))) }),
    );
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap(), numbered(10_000));
}

#[tokio::test]
async fn client_stream_messages_arrive_in_order() {
    let channel = serve(TestService::echo());
    let joined = client(&channel, ready_requests(numbered(10_000)))
        .await
        .unwrap();
    assert_eq!(joined.into_inner(), numbered(10_000).concat());
}

#[tokio::test]
async fn bidi_messages_arrive_in_order_both_ways() {
    let channel = serve(TestService::echo());
    let responses = bidi(&channel, ready_requests(numbered(10_000)))
        .await
        .unwrap();
    assert_eq!(all(responses.into_inner()).await.unwrap(), numbered(10_000));
}

#[tokio::test]
async fn streams_without_messages_end_well() {
    let channel =
        serve(TestService::echo().server(|_| async { Ok(Response::new(ready_messages([]))) }));
    let empty = || ready_requests([]);
    assert_eq!(client(&channel, empty()).await.unwrap().into_inner(), "");
    let responses = bidi(&channel, empty()).await.unwrap().into_inner();
    assert!(all(responses).await.unwrap().is_empty());
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    assert!(all(responses).await.unwrap().is_empty());
}

/// A response with metadata and a stream that never says anything.
fn silent() -> Result<Response<Messages>, Status> {
    let mut response = Response::new(messages(tokio_stream::pending()));
    response.metadata_mut().insert("x-early", "yes").unwrap();
    Ok(response)
}

#[tokio::test]
async fn server_stream_headers_arrive_before_the_first_message() {
    let channel = serve(TestService::echo().server(|_| async { silent() }));
    let response = server(&channel, text("")).await.unwrap();
    assert_eq!(response.metadata().get("x-early"), Some("yes"));
}

#[tokio::test]
async fn bidi_headers_arrive_before_the_first_message() {
    let channel = serve(TestService::echo().bidi(|_| async { silent() }));
    let response = bidi(&channel, tokio_stream::pending()).await.unwrap();
    assert_eq!(response.metadata().get("x-early"), Some("yes"));
    let mut opened = bidi(&channel, tokio_stream::pending()).open();
    let headers = opened.headers().await.unwrap();
    assert_eq!(headers.get("x-early"), Some("yes"));
}

/// Answers each request with the same, but sends no headers before the first has come.
async fn answer_late(request: Request<Streaming<Bytes>>) -> Result<Response<Messages>, Status> {
    let mut requests = request.into_inner();
    let first = requests.message().await?.unwrap_or_default();
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let _ = sender.send(Ok(first)).await;
        while let Ok(Some(message)) = requests.message().await {
            let _ = sender.send(Ok(message)).await;
        }
    });
    Ok(Response::new(messages(ReceiverStream::new(receiver))))
}

#[tokio::test(start_paused = true)]
async fn an_open_bidi_call_writes_before_it_has_read_anything() {
    let channel = serve(TestService::echo().bidi(answer_late));
    let (requests, stream) = fed();
    let mut responses = bidi(&channel, stream).open();
    settle().await;
    for message in ["one", "two", "three"].map(text) {
        requests.send(message.clone()).await.unwrap();
        assert_eq!(responses.message().await.unwrap(), Some(message));
    }
    drop(requests);
    assert_eq!(responses.message().await.unwrap(), None);
}

#[tokio::test]
async fn an_awaited_bidi_call_sends_its_requests_before_the_headers_come() {
    let channel = serve(TestService::echo().bidi(answer_late));
    let responses = bidi(&channel, ready_requests(numbered(3))).await.unwrap();
    assert_eq!(all(responses.into_inner()).await.unwrap(), numbered(3));
}

#[tokio::test]
async fn a_server_may_end_a_bidi_call_before_the_client_does() {
    let channel = serve(
        TestService::echo().bidi(|_| async { Ok(Response::new(ready_messages(numbered(2)))) }),
    );
    let (_requests, stream) = fed();
    let responses = bidi(&channel, stream).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap(), numbered(2));
}

#[tokio::test]
async fn an_early_answer_to_a_client_stream_is_whole_however_large() {
    let large = Bytes::from(vec![5; 3 << 20]);
    let answer = large.clone();
    let channel = serve(TestService::echo().client(move |_| {
        let answer = answer.clone();
        async move { Ok(Response::new(answer)) }
    }));
    let endless = tokio_stream::StreamExt::map(tokio_stream::iter(0..), |_: u64| {
        Bytes::from_static(&[1; 1000])
    });
    let response = client(&channel, endless).await.unwrap();
    assert_eq!(response.into_inner(), large);
}

#[tokio::test]
async fn a_handler_that_drops_its_requests_keeps_its_responses() {
    let channel = serve(TestService::echo().bidi(|request| async {
        drop(request);
        Ok(Response::new(ready_messages(numbered(5_000))))
    }));
    let endless = tokio_stream::StreamExt::map(tokio_stream::iter(0..), |_: u64| {
        Bytes::from_static(&[1; 1000])
    });
    let responses = bidi(&channel, endless).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap(), numbered(5_000));
}

#[tokio::test]
async fn many_calls_share_a_connection_without_mixing_their_messages() {
    let channel = serve(TestService::echo());
    let mut calls = tokio::task::JoinSet::new();
    for call in 0..100_u8 {
        let channel = channel.clone();
        calls.spawn(async move {
            let requests = vec![Bytes::from(vec![call; 100]); 50];
            let responses = bidi(&channel, ready_requests(requests.clone()))
                .await
                .unwrap();
            assert_eq!(all(responses.into_inner()).await.unwrap(), requests);
        });
    }
    while let Some(joined) = calls.join_next().await {
        joined.unwrap();
    }
}

/// A unary call to a server that answers with this many messages.
async fn check_responses(count: usize, expected: Result<Bytes, Code>) {
    let channel = channel_to(move |mut call: H2Call| async move {
        call.read().await;
        let mut stream = call.headers(&[]);
        for _ in 0..count {
            stream.send_data(framed(b"m"), false).unwrap();
        }
        let trailers = ironwire_tests::h2_server::header_map(&[("grpc-status", "0")]);
        stream.send_trailers(trailers).unwrap();
    });
    let outcome = unary(&channel, text("")).await;
    let outcome = outcome
        .map(Response::into_inner)
        .map_err(|status| status.code());
    assert_eq!(outcome, expected, "{count} responses");
}

#[tokio::test]
async fn a_call_with_one_response_takes_exactly_one() {
    check_responses(0, Err(Code::Unimplemented)).await;
    check_responses(1, Ok(text("m"))).await;
    check_responses(2, Err(Code::Unimplemented)).await;
}

#[tokio::test]
async fn a_handler_that_waits_for_ever_does_not_hold_up_its_neighbours() {
    let channel = serve(TestService::echo().client(|_| pending()));
    let stuck = tokio::spawn({
        let channel = channel.clone();
        async move { client(&channel, ready_requests([])).await }
    });
    for _ in 0..100 {
        unary(&channel, text("x")).await.unwrap();
    }
    assert!(!stuck.is_finished());
}
