//! Do handlers learn that their server shuts down, so that endless calls can end?

use ironwire_rpc::{Channel, Response, Server};
use ironwire_tests::call::{all, server, text, unary};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use tokio_stream::StreamExt;

/// A subscription: it sends one message, and ends when the server drains.
fn subscribing() -> TestService {
    TestService::echo().server(|request| async move {
        let draining = request.draining();
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        tokio::spawn(async move {
            let _ = sender.send(Ok(text("first"))).await;
            draining.begun().await;
            let _ = sender.send(Ok(text("goodbye"))).await;
        });
        let stream = tokio_stream::wrappers::ReceiverStream::new(receiver);
        Ok(Response::new(messages(stream)))
    })
}

#[tokio::test(start_paused = true)]
async fn an_endless_call_ends_when_the_server_drains() {
    let mut served = Served::start(Server::new().add(subscribing())).await;
    let channel = served.channel();
    let mut responses = server(&channel, text("")).await.unwrap().into_inner();
    assert_eq!(responses.next().await.unwrap().unwrap(), "first");
    let begin = tokio::time::Instant::now();
    served.begin_shutdown();
    assert_eq!(all(responses).await.unwrap(), ["goodbye"]);
    served.ended().await;
    assert!(
        begin.elapsed().as_secs() < 30,
        "the drain timeout has cut it"
    );
}

#[tokio::test]
async fn a_running_server_is_not_draining() {
    let service = TestService::echo().unary(|request| async move {
        let begun = request.draining().has_begun().to_string();
        Ok(Response::new(begun.into()))
    });
    let served = Served::start(Server::new().add(service.clone())).await;
    let in_process: Channel = Server::new().add(service).in_process().unwrap();
    for channel in [served.channel(), in_process] {
        assert_eq!(
            unary(&channel, text("")).await.unwrap().into_inner(),
            "false"
        );
    }
}
