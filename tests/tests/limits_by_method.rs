//! Do a method and a service have limits and defaults of their own, and nobody else theirs?
//!
//! Time is paused: the durations below are exact and nothing waits.

use bytes::Bytes;
use ironwire_rpc::client::MethodDefaults;
use ironwire_rpc::server::MethodLimits;
use ironwire_rpc::{Channel, Code, Endpoint, Request, Response, Server, Status};
use ironwire_tests::call::{bidi, client, ready_requests, server, text, unary, within};
use ironwire_tests::probe::settle;
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::future::pending;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

const SERVICE: &str = "test.Test";
const UNARY: &str = "test.Test/Unary";
const CLIENT: &str = "test.Test/Client";
const SECOND: Duration = Duration::from_secs(1);

fn message(bytes: usize) -> Bytes {
    Bytes::from(vec![1; bytes])
}

fn code<T>(outcome: Result<T, Status>) -> Code {
    outcome.map_or_else(|status| status.code(), |_| Code::Ok)
}

#[tokio::test]
async fn a_server_takes_messages_up_to_the_limit_of_the_method_else_the_service_else_its_own() {
    let limits = |bytes| MethodLimits::new().max_message_bytes(bytes);
    let check = async |server: Server, of_unary: usize, of_client: usize| {
        let channel = server.add(TestService::echo()).in_process().unwrap();
        for more in [0, 1] {
            let expected = [Code::Ok, Code::ResourceExhausted][more];
            let sent = unary(&channel, message(of_unary + more)).await;
            assert_eq!(code(sent), expected);
            let sent = client(&channel, ready_requests([message(of_client + more)])).await;
            assert_eq!(code(sent), expected);
        }
    };
    let server = || Server::new().max_message_bytes(200);
    check(server(), 200, 200).await;
    check(server().limit(SERVICE, limits(100)), 100, 100).await;
    check(server().limit(UNARY, limits(300)), 300, 200).await;
    let both = server().limit(SERVICE, limits(100));
    check(both.limit(format!("/{UNARY}"), limits(50)), 50, 100).await;
    let twice = server().limit(UNARY, limits(1));
    check(twice.limit(UNARY, limits(300)), 300, 200).await;
}

/// A call of `Client` that its handler never ends.
fn waiting_client(channel: &Channel) -> JoinHandle<Result<Response<Bytes>, Status>> {
    let channel = channel.clone();
    tokio::spawn(async move { client(&channel, tokio_stream::pending::<Bytes>()).await })
}

#[tokio::test(start_paused = true)]
async fn calls_beyond_the_limit_of_method_service_or_server_are_refused_at_once() {
    let calls = |calls| MethodLimits::new().max_concurrent_calls(calls);
    let channel = Server::new()
        .max_concurrent_calls(4)
        .limit(SERVICE, calls(3))
        .limit(CLIENT, calls(1))
        .add(TestService::echo())
        .in_process()
        .unwrap();
    let check = async |status: Status, of: &str| {
        assert_eq!(status.code(), Code::ResourceExhausted);
        let expected = format!("{of} handles as many calls as it may");
        assert_eq!(status.message(), expected);
    };

    let first = waiting_client(&channel);
    settle().await;
    let refused = client(&channel, ready_requests([])).await;
    check(refused.unwrap_err(), "/test.Test/Client").await;
    unary(&channel, text("x")).await.unwrap();

    let open = || bidi(&channel, tokio_stream::pending::<Bytes>()).open();
    let others = [open(), open()];
    settle().await;
    check(unary(&channel, text("x")).await.unwrap_err(), SERVICE).await;

    first.abort();
    settle().await;
    unary(&channel, text("x")).await.unwrap();
    drop(others);
    settle().await;
    let refused_counts_no_more = client(&channel, ready_requests([])).await;
    refused_counts_no_more.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_server_ends_calls_by_the_time_of_method_service_or_server_and_never_later_than_the_caller()
 {
    let limits = |seconds: u32| MethodLimits::new().timeout(seconds * SECOND);
    let stuck = || {
        TestService::echo()
            .unary(|_| pending())
            .client(|_| pending())
    };
    let seconds = async |call: &mut (dyn Future<Output = Code> + Unpin)| {
        let begin = Instant::now();
        assert_eq!(call.await, Code::DeadlineExceeded);
        begin.elapsed().as_secs()
    };
    let check = async |server: Server, of_unary: u64, of_client: u64| {
        let channel = server.add(stuck()).in_process().unwrap();
        let mut call = Box::pin(async { code(unary(&channel, text("")).await) });
        assert_eq!(seconds(&mut call).await, of_unary);
        let mut call = Box::pin(async { code(client(&channel, ready_requests([])).await) });
        assert_eq!(seconds(&mut call).await, of_client);
        let mut call =
            Box::pin(async { code(unary(&channel, within(3 * SECOND, text(""))).await) });
        assert_eq!(seconds(&mut call).await, of_unary.min(3));
    };
    let server = || Server::new().timeout(20 * SECOND);
    check(server(), 20, 20).await;
    check(server().limit(SERVICE, limits(10)), 10, 10).await;
    check(server().limit(UNARY, limits(40)), 40, 20).await;
    let both = server().limit(SERVICE, limits(10));
    check(both.limit(UNARY, limits(2)), 2, 10).await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_sees_the_shorter_of_the_callers_time_and_the_servers() {
    let told = TestService::echo().unary(|request: Request<Bytes>| async move {
        let timeout = request.timeout().map(|timeout| timeout.as_secs());
        Ok(Response::new(Bytes::from(format!("{timeout:?}"))))
    });
    let server = Server::new().timeout(10 * SECOND).add(told);
    let channel = server.in_process().unwrap();
    let check = async |request: Request<Bytes>, expected: &str| {
        let seen = unary(&channel, request).await.unwrap().into_inner();
        assert_eq!(seen, expected);
    };
    check(Request::new(text("")), "Some(10)").await;
    check(within(60 * SECOND, text("")), "Some(10)").await;
    check(within(5 * SECOND, text("")), "Some(5)").await;
}

#[tokio::test(start_paused = true)]
async fn a_method_may_take_for_ever_on_a_server_with_a_limit() {
    let slow = TestService::echo().unary(|request: Request<Bytes>| async move {
        sleep(1_000_000 * SECOND).await;
        Ok(Response::new(request.into_inner()))
    });
    let channel = Server::new()
        .timeout(SECOND)
        .limit(UNARY, MethodLimits::new().timeout(Duration::MAX))
        .add(slow)
        .in_process()
        .unwrap();
    unary(&channel, text("x")).await.unwrap();
}

#[test]
fn limits_of_what_is_not_served_are_refused() {
    for name in ["test.Other", "test.Test/Other", "test.Test/", "Unary", ""] {
        let server = Server::new()
            .add(TestService::echo())
            .limit(name, MethodLimits::new());
        let error = server.in_process().unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{name:?} has limits and is not served")),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_its_own_time_else_the_methods_else_the_services_else_the_channels() {
    let told = TestService::echo()
        .unary(|request: Request<Bytes>| async move { Ok(Response::new(seconds_of(&request))) })
        .client(|request| async move { Ok(Response::new(seconds_of(&request))) });
    let served = Served::start(Server::new().add(told)).await;
    let defaults = |seconds: u32| MethodDefaults::new().timeout(seconds * SECOND);
    let check = async |endpoint: Endpoint, of_unary: &str, of_client: &str| {
        let channel = Channel::lazy(endpoint).unwrap();
        let seen = unary(&channel, text("")).await.unwrap();
        assert_eq!(seen.get_ref(), of_unary);
        let seen = client(&channel, ready_requests([])).await.unwrap();
        assert_eq!(seen.get_ref(), of_client);
        let own = within(3 * SECOND, text(""));
        let seen = unary(&channel, own).await.unwrap();
        assert_eq!(seen.get_ref(), "Some(3)");
    };
    let endpoint = || served.endpoint();
    check(endpoint(), "None", "None").await;
    let service = || endpoint().method_defaults(SERVICE, defaults(10));
    check(service(), "Some(10)", "Some(10)").await;
    check(service().timeout(20 * SECOND), "Some(10)", "Some(10)").await;
    let method = |endpoint: Endpoint| endpoint.method_defaults(UNARY, defaults(5));
    check(method(service()), "Some(5)", "Some(10)").await;
    let channel = endpoint().timeout(20 * SECOND);
    check(method(channel), "Some(5)", "Some(20)").await;
}

fn seconds_of<T>(request: &Request<T>) -> Bytes {
    let timeout = request.timeout().map(|timeout| timeout.as_secs());
    Bytes::from(format!("{timeout:?}"))
}

#[tokio::test]
async fn a_client_takes_messages_up_to_the_limit_of_the_method_else_the_service_else_its_own() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let defaults = |bytes| MethodDefaults::new().max_message_bytes(bytes);
    let endpoint = served
        .endpoint()
        .max_message_bytes(10)
        .method_defaults(SERVICE, defaults(200))
        .method_defaults(UNARY, defaults(100));
    let channel = Channel::lazy(endpoint).unwrap();
    for more in [0, 1] {
        let expected = [Code::Ok, Code::ResourceExhausted][more];
        let answer = unary(&channel, message(100 + more)).await;
        assert_eq!(code(answer), expected);
        let mut answers = server(&channel, message(200 + more))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(code(answers.message().await), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_a_connection_where_it_or_its_method_or_service_says_so() {
    let defaults = |wait| MethodDefaults::new().wait_for_ready(wait);
    let endpoint = Endpoint::parse("unix:/nobody/listens/here")
        .unwrap()
        .timeout(60 * SECOND)
        .method_defaults(SERVICE, defaults(true))
        .method_defaults(UNARY, defaults(false));
    let channel = Channel::lazy(endpoint).unwrap();
    let unary_waiting = async |own: Option<bool>| {
        let mut request = Request::new(text(""));
        if let Some(wait) = own {
            request.set_wait_for_ready(wait);
        }
        code(unary(&channel, request).await)
    };
    assert_eq!(unary_waiting(None).await, Code::Unavailable);
    assert_eq!(unary_waiting(Some(false)).await, Code::Unavailable);
    assert_eq!(unary_waiting(Some(true)).await, Code::DeadlineExceeded);
    let of_service = client(&channel, ready_requests([])).await;
    assert_eq!(code(of_service), Code::DeadlineExceeded);
}
