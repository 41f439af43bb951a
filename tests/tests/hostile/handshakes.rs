//! TLS handshakes at one byte a second, of a client with our server and of a server with our client.

use crate::attack::{KIB, LEFT_MAX, Neighbour};
use crate::starts::{hello, tls};
use ironwire_rpc::server::Listen;
use ironwire_rpc::tls::{ClientTls, ServerTls};
use ironwire_rpc::{Channel, Code, Endpoint, Server};
use ironwire_tests::allocation::Meter;
use ironwire_tests::call::{text, unary};
use ironwire_tests::pipes::{Dialer, network};
use ironwire_tests::probe::{settle, tasks_alive};
use ironwire_tests::service::TestService;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, split};
use tokio::time::{Instant, sleep};
use tokio_stream::StreamExt;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

const CERTIFICATE: &[u8] = include_bytes!("../../certs/server.pem");
const KEY: &[u8] = include_bytes!("../../certs/server.key");
const CA: &[u8] = include_bytes!("../../certs/ca.pem");

#[tokio::test(start_paused = true)]
async fn a_client_is_not_waited_for() {
    let (served, channel) = tls().await;
    let mut neighbour = Neighbour::new(channel).await;
    settle().await;
    let tasks = tasks_alive();
    let meter = Meter::start();
    let mut socket = served.socket().await;
    let begin = Instant::now();
    let mut sent = 0;
    for byte in hello() {
        if socket.write_all(&[byte]).await.is_err() {
            break;
        }
        sent += 1;
        sleep(SECOND).await;
        neighbour.goes_on().await;
    }
    assert!((10..=11).contains(&sent), "{sent} bytes are taken");
    assert!(begin.elapsed() < 12 * SECOND);
    drop(socket);
    settle().await;
    neighbour.goes_on().await;
    settle().await;
    let (peak, left) = (meter.peak(), meter.held());
    println!("client: at most {peak} bytes, {left} left");
    assert!(peak <= 64 * KIB, "{peak} bytes");
    assert!(left <= LEFT_MAX, "{left} bytes left");
    assert_eq!(tasks_alive(), tasks, "a task is left");
}

/// Passes on a byte a second, until either end has gone.
async fn trickle(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    while let Ok(byte) = from.read_u8().await {
        if to.write_u8(byte).await.is_err() {
            return;
        }
        sleep(SECOND).await;
    }
}

/// Which way between a client and a server is slow.
#[derive(Clone, Copy)]
enum Slow {
    ToServer,
    ToClient,
}

/// Carries what a client and a server say to each other.
async fn join(client: DuplexStream, server: DuplexStream, slow: Slow) {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    match slow {
        Slow::ToServer => tokio::select! {
            () = trickle(from_client, to_server) => {}
            _ = copy(&mut from_server, &mut to_client) => {}
        },
        Slow::ToClient => tokio::select! {
            () = trickle(from_server, to_client) => {}
            _ = copy(&mut from_client, &mut to_server) => {}
        },
    }
}

/// A server with TLS that waits for handshakes for so long.
fn serve(patience: Duration) -> Dialer {
    let tls = ServerTls::from_pem(CERTIFICATE, KEY).unwrap();
    let (dialer, connections) = network();
    let server = Server::new()
        .add(TestService::echo())
        .tls(tls)
        .handshake_timeout(patience);
    tokio::spawn(server.serve(Listen::incoming(connections)));
    dialer
}

fn trusting(dialer: &Dialer) -> Endpoint {
    dialer.endpoint().tls(ClientTls::from_pem(CA).unwrap())
}

/// Where connections to that server are slow.
fn slowly(server: Dialer, slow: Slow) -> Dialer {
    let (dialer, mut connections) = network();
    tokio::spawn(async move {
        while let Some(Ok(client)) = connections.next().await {
            let server = server.dial().expect("the server goes on");
            tokio::spawn(join(client, server, slow));
        }
    });
    dialer
}

#[tokio::test(start_paused = true)]
async fn a_server_is_not_waited_for() {
    let server = serve(HOUR);
    let mut neighbour = Neighbour::new(Channel::lazy(trusting(&server)).unwrap()).await;
    let slow = slowly(server, Slow::ToClient);
    settle().await;
    let tasks = tasks_alive();
    let meter = Meter::start();
    let channel = Channel::lazy(trusting(&slow)).unwrap();
    let begin = Instant::now();
    let calling = unary(&channel, text("m"));
    let living = async {
        loop {
            sleep(SECOND).await;
            neighbour.goes_on().await;
        }
    };
    let status = tokio::select! {
        answer = calling => answer.unwrap_err(),
        () = living => unreachable!("it never ends"),
    };
    assert_eq!(begin.elapsed().as_secs(), 20);
    assert_eq!(status.code(), Code::Unavailable);
    let why = "cannot begin TLS with localhost:80: no answer within 20s";
    assert!(status.message().contains(why), "{status}");
    drop((channel, status));
    sleep(2 * SECOND).await;
    neighbour.goes_on().await;
    settle().await;
    let (peak, left) = (meter.peak(), meter.held());
    println!("server: at most {peak} bytes, {left} left");
    assert!(peak <= 256 * KIB, "{peak} bytes");
    assert!(left <= LEFT_MAX, "{left} bytes left");
    assert_eq!(tasks_alive(), tasks, "a task is left");
}

/// Who is given the time is served: it is the deadline that ends the others, and nothing else.
#[tokio::test(start_paused = true)]
async fn with_time_enough_a_slow_handshake_is_completed() {
    for slow in [Slow::ToServer, Slow::ToClient] {
        let dialer = slowly(serve(HOUR), slow);
        let endpoint = trusting(&dialer).connect_timeout(HOUR);
        let channel = Channel::connect(endpoint).await.unwrap();
        let answer = unary(&channel, text("m")).await.unwrap();
        assert_eq!(answer.into_inner(), "m");
    }
}
