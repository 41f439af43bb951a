//! Are connections that the program opens itself served, and used, like those of sockets?

use bytes::Bytes;
use ironwire_rpc::server::{Listen, Runtimes};
use ironwire_rpc::tls::{ClientTls, ServerTls};
use ironwire_rpc::{Channel, Code, Endpoint, Response, Server};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::frames::FramedSocket;
use ironwire_tests::pipes::network;
use ironwire_tests::probe::{settle, tasks_alive};
use ironwire_tests::service::TestService;
use std::future::ready;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::DuplexStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_stream::wrappers::UnboundedReceiverStream;

fn echoing() -> Server {
    Server::new().add(TestService::echo())
}

/// One call of each shape.
async fn call_all(channel: &Channel) {
    let requests = || ready_requests([text("a"), text("b")]);
    assert_eq!(unary(channel, text("m")).await.unwrap().into_inner(), "m");
    let joined = client(channel, requests()).await.unwrap();
    assert_eq!(joined.into_inner(), "ab");
    let responses = server(channel, text("m")).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap(), ["m", "m", "m"]);
    let responses = bidi(channel, requests()).open();
    assert_eq!(all(responses).await.unwrap(), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn pipes_carry_every_call_shape() {
    let service = TestService::echo().unary(|request| async move {
        assert_eq!(request.remote_addr(), None);
        Ok(Response::new(request.into_inner()))
    });
    let (dialer, connections) = network();
    let bound = Server::new().add(service);
    let bound = bound.bind(Listen::incoming(connections)).await.unwrap();
    assert_eq!((bound.local_addr(), bound.address()), (None, String::new()));
    tokio::spawn(bound.serve());
    call_all(&dialer.channel()).await;
}

#[test]
fn connections_are_spread_over_runtimes() {
    let (dialer, connections) = network();
    let runtimes = Runtimes::one_per_core().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let serving = echoing()
            .spread_over(&runtimes)
            .serve(Listen::incoming(connections));
        let calling = async {
            for _ in 0..4 {
                call_all(&dialer.channel()).await;
            }
        };
        tokio::select! {
            served = serving => panic!("{served:?}"),
            () = calling => {}
        }
    });
}

#[tokio::test(start_paused = true)]
async fn tls_is_spoken_over_pipes() {
    const CA: &[u8] = include_bytes!("../certs/ca.pem");
    let tls = ServerTls::from_pem(
        include_bytes!("../certs/server.pem"),
        include_bytes!("../certs/server.key"),
    );
    let (dialer, connections) = network();
    let server = echoing().tls(tls.unwrap());
    tokio::spawn(server.serve(Listen::incoming(connections)));
    let endpoint = dialer.endpoint().tls(ClientTls::from_pem(CA).unwrap());
    call_all(&Channel::connect(endpoint).await.unwrap()).await;
    let plain = Channel::connect(dialer.endpoint().connect_timeout(Duration::from_secs(1))).await;
    let error = plain.unwrap_err().to_string();
    assert!(
        error.starts_with("cannot begin HTTP/2 with localhost:80: "),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn serving_ends_with_the_last_connection_of_a_stream_that_ends() {
    let (near, far) = tokio::io::duplex(1024);
    let pipe = std::sync::Mutex::new(Some(near));
    let endpoint = Endpoint::parse("localhost:1")
        .unwrap()
        .connect_with(move || {
            let left = pipe.lock().unwrap().take();
            ready(left.ok_or_else(|| io::Error::other("the pipe is in use")))
        });
    let serving = echoing().serve(Listen::incoming(tokio_stream::once(Ok(far))));
    let serving = tokio::spawn(serving);
    let channel = Channel::lazy(endpoint).unwrap();
    call_all(&channel).await;
    settle().await;
    assert!(!serving.is_finished());
    drop(channel);
    serving.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_drains_the_connections_of_a_stream_that_has_ended() {
    let (near, far) = tokio::io::duplex(1024);
    let (shutdown, asked) = oneshot::channel::<()>();
    let serving = echoing()
        .drain_timeout(Duration::from_secs(5))
        .serve_with_shutdown(Listen::incoming(tokio_stream::once(Ok(far))), async move {
            asked.await.unwrap()
        });
    let serving = tokio::spawn(serving);
    // A peer that never goes.
    let _socket = FramedSocket::client(near).await;
    settle().await;
    let begin = Instant::now();
    shutdown.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(begin.elapsed() <= Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn errors_of_a_stream_of_connections_are_passed_over() {
    let (sender, results) = mpsc::unbounded_channel::<io::Result<DuplexStream>>();
    let begin = tasks_alive();
    let serving = echoing().serve(Listen::incoming(UnboundedReceiverStream::new(results)));
    let serving = tokio::spawn(serving);
    for kind in [io::ErrorKind::ConnectionReset, io::ErrorKind::OutOfMemory] {
        sender.send(Err(kind.into())).unwrap();
    }
    let (near, far) = tokio::io::duplex(1024);
    sender.send(Ok(far)).unwrap();
    let mut socket = FramedSocket::client(near).await;
    assert!(socket.next().await.is_some(), "it is served");
    drop((socket, sender));
    serving.await.unwrap().unwrap();
    assert_eq!(tasks_alive(), begin);
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_the_programs_own_connector_is_in_the_status() {
    let endpoint = Endpoint::parse("http://shop.example").unwrap();
    let connect = || {
        ready(Err::<DuplexStream, _>(io::Error::other(
            "the proxy is away",
        )))
    };
    let channel = Channel::lazy(endpoint.connect_with(connect)).unwrap();
    let status = unary(&channel, text("m")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(
        status
            .message()
            .contains("cannot connect to shop.example:80: the proxy is away"),
        "{status}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_hangs_is_given_up_and_asked_again() {
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let (dialer, connections) = network();
    tokio::spawn(echoing().serve(Listen::incoming(connections)));
    let endpoint = dialer
        .endpoint()
        .connect_timeout(Duration::from_secs(3))
        .connect_with(move || {
            let is_first = counted.fetch_add(1, Ordering::Relaxed) == 0;
            let dialer = dialer.clone();
            async move {
                if is_first {
                    std::future::pending::<()>().await;
                }
                dialer.dial()
            }
        });
    let channel = Channel::lazy(endpoint).unwrap();
    let mut request = ironwire_rpc::Request::new(text("m"));
    request.set_wait_for_ready(true);
    assert_eq!(unary(&channel, request).await.unwrap().into_inner(), "m");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_server_in_the_process_is_called_with_settings_of_the_client() {
    let service = TestService::echo().unary(|_| std::future::pending());
    let endpoint = Server::new().add(service).in_process_endpoint().unwrap();
    let endpoint = endpoint
        .timeout(Duration::from_secs(2))
        .max_message_bytes(3);
    let channel = Channel::lazy(endpoint).unwrap();
    let begin = Instant::now();
    let status = unary(&channel, text("m")).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert_eq!(begin.elapsed().as_secs(), 2);
    let responses = server(&channel, Bytes::from_static(b"four")).await.unwrap();
    let status = all(responses.into_inner()).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(format!("{channel:?}"), "Channel(in-process)");
}
