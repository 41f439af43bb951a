//! Does a channel without a socket behave like one with a socket, and leave nothing behind?

use bytes::Bytes;
use ironwire_rpc::{Channel, Response, Server};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::probe::{Alive, settle, tasks_alive};
use ironwire_tests::service::TestService;

fn echoing() -> Channel {
    Server::new().add(TestService::echo()).in_process().unwrap()
}

/// One call of each shape.
async fn call_all(channel: &Channel) {
    let requests = || ready_requests([text("a"), text("b")]);
    let response = unary(channel, text("m")).await.unwrap();
    assert_eq!(response.into_inner(), "m");
    let response = client(channel, requests()).await.unwrap();
    assert_eq!(response.into_inner(), "ab");
    let responses = server(channel, text("m")).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap(), ["m", "m", "m"]);
    let responses = bidi(channel, requests()).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn every_call_shape_works_without_a_socket() {
    call_all(&echoing()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_shape_works_on_several_threads() {
    let channel = echoing();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let channel = channel.clone();
        callers.spawn(async move {
            for _ in 0..10 {
                call_all(&channel).await;
            }
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller.unwrap();
    }
}

#[test]
fn a_channel_may_be_made_outside_a_runtime() {
    let channel = echoing();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(call_all(&channel));
}

#[tokio::test]
async fn a_caller_in_the_process_has_no_address() {
    let service = TestService::echo().unary(|request| async move {
        assert_eq!(request.remote_addr(), None);
        Ok(Response::new(Bytes::new()))
    });
    let channel = Server::new().add(service).in_process().unwrap();
    unary(&channel, text("")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_server_goes_with_the_last_channel() {
    let begin = tasks_alive();
    let channel = echoing();
    let clone = channel.clone();
    call_all(&channel).await;
    drop(channel);
    settle().await;
    assert!(tasks_alive() > begin, "a clone keeps it");
    call_all(&clone).await;
    drop(clone);
    settle().await;
    assert_eq!(tasks_alive(), begin);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_of_every_ending_leave_no_task_and_no_handler() {
    let alive = Alive::default();
    let guards = alive.clone();
    let service = TestService::echo().client(move |request| {
        let guard = guards.guard();
        async move {
            let _guard = guard;
            request.into_inner().message().await?;
            std::future::pending().await
        }
    });
    let channel = Server::new().add(service).in_process().unwrap();
    unary(&channel, text("m")).await.unwrap();
    settle().await;
    let begin = tasks_alive();
    for round in 0..250 {
        unary(&channel, text("m")).await.unwrap();
        let mut responses = server(&channel, text("m")).await.unwrap().into_inner();
        responses.message().await.unwrap();
        drop(responses);
        let opened = bidi(&channel, tokio_stream::pending::<Bytes>()).open();
        if round % 2 == 0 {
            settle().await;
        }
        drop(opened);
        tokio::select! {
            _ = client(&channel, tokio_stream::pending::<Bytes>()) => unreachable!("it never ends"),
            () = settle() => {}
        }
    }
    settle().await;
    assert_eq!((tasks_alive(), alive.count()), (begin, 0));
}
