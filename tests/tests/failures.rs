//! What does a call say that could not be carried: what it was doing, with whom, why it failed, and whether to make it again?

use ironwire_rpc::tls::ClientTls;
use ironwire_rpc::{Channel, Code, Endpoint, Response, Server, Status};
use ironwire_tests::call::{all, bidi, client, text, unary};
use ironwire_tests::frames::code::{CANCEL, ENHANCE_YOUR_CALM, NO_ERROR, REFUSED_STREAM};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_server::H2Server;
use ironwire_tests::probe::settle;
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::error::Error;
use std::future::pending;
use std::time::Duration;
use tokio::net::{TcpListener, UnixStream};

const SAFE: &str = "; the call was not processed and is safe to retry";
const UNSAFE: &str =
    "; the call may have been processed; retry it only if doing it twice does no harm";

/// A status is of this code, has these parts in this order, and says that a retry is safe, or is not.
fn check(status: &Status, code: Code, parts: &[&str], is_retry_safe: bool) {
    assert_eq!(status.code(), code, "{status}");
    let mut rest = status.message();
    for part in parts {
        let at = rest.find(part);
        let at = at.unwrap_or_else(|| panic!("{part:?} is missing from {status}"));
        rest = &rest[at + part.len()..];
    }
    let end = if is_retry_safe { SAFE } else { UNSAFE };
    assert!(rest.ends_with(end), "{status}");
    assert_eq!(status.is_retry_safe(), is_retry_safe, "{status}");
    assert!(status.source().is_some(), "{status} has a cause");
}

/// A call of a channel without a connection.
async fn check_unconnected(endpoint: Endpoint, parts: &[&str]) {
    let channel = Channel::lazy(endpoint).unwrap();
    let status = unary(&channel, text("m")).await.unwrap_err();
    check(&status, Code::Unavailable, parts, true);
}

#[tokio::test]
async fn without_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    drop(listener);
    let endpoint = Endpoint::parse(&addr).unwrap();
    check_unconnected(endpoint, &["cannot connect to", &addr, "refused"]).await;
    // A label of more than 63 bytes is nobody's name (RFC 1035, section 2.3.4), which needs no network to find out.
    let name = format!("{}:50051", "nobody".repeat(11));
    let nobody = Endpoint::parse(&name).unwrap();
    let parts = ["cannot connect to", &name, "lookup"];
    check_unconnected(nobody, &parts).await;
}

/// A call to a server that does this with each connection.
async fn check_handshake(
    serve: impl AsyncFn(UnixStream),
    endpoint: impl FnOnce(Endpoint) -> Endpoint,
    parts: &[&str],
) {
    let peer = H2Server::bind();
    tokio::select! {
        () = check_unconnected(endpoint(peer.endpoint()), parts) => {}
        () = async { loop { serve(peer.socket().await).await } } => unreachable!("it goes on"),
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_handshake() {
    let hang_up = async |socket| drop(socket);
    let parts = [
        "cannot begin HTTP/2 with unix:",
        "the peer closed the connection",
    ];
    check_handshake(hang_up, |endpoint| endpoint, &parts).await;
    let keep_silent = async |_socket| pending().await;
    let parts = ["cannot begin HTTP/2 with unix:", "no answer within 20s"];
    check_handshake(keep_silent, |endpoint| endpoint, &parts).await;
    let ca = include_bytes!("../certs/ca.pem");
    let tls = || ClientTls::from_pem(ca).unwrap().server_name("localhost");
    let parts = ["cannot begin TLS with unix:"];
    check_handshake(hang_up, |endpoint| endpoint.tls(tls()), &parts).await;
}

/// How far a call has come when its server does something to it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Waiting,
    Reading,
}

use Stage::{Reading, Waiting};

/// The status of a call that is not made again by itself, when its server sends this and hangs up.
async fn met_with(stage: Stage, frames: &[Frame]) -> Status {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let call = tokio::spawn(async move {
        let response = bidi(&channel, tokio_stream::pending()).await?;
        all(response.into_inner()).await
    });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(kind::HEADERS).await.expect("a call");
    if stage == Reading {
        let fields = [(":status", "200"), ("content-type", "application/grpc")];
        socket.send(Frame::headers(1, &fields)).await;
        settle().await;
    }
    for frame in frames {
        socket.send(frame.clone()).await;
    }
    settle().await;
    drop(socket);
    call.await.unwrap().unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn with_a_stream_that_is_reset() {
    let waiting = "waiting for the response of unix:";
    let status = met_with(Waiting, &[Frame::reset(1, REFUSED_STREAM)]).await;
    let parts = [waiting, "the peer reset the stream with REFUSED_STREAM"];
    check(&status, Code::Unavailable, &parts, true);
    let status = met_with(Waiting, &[Frame::reset(1, CANCEL)]).await;
    let parts = [waiting, "the peer reset the stream with CANCEL"];
    check(&status, Code::Cancelled, &parts, false);
    // It has been answered, whatever the server says.
    let status = met_with(Reading, &[Frame::reset(1, REFUSED_STREAM)]).await;
    let parts = ["reading the response of unix:", "REFUSED_STREAM"];
    check(&status, Code::Unavailable, &parts, false);
}

#[tokio::test(start_paused = true)]
async fn with_a_goaway() {
    for (reason, name, code) in [
        (NO_ERROR, "NO_ERROR", Code::Unavailable),
        (
            ENHANCE_YOUR_CALM,
            "ENHANCE_YOUR_CALM",
            Code::ResourceExhausted,
        ),
    ] {
        let closed = format!("the peer closed the connection with {name}");
        let after = format!("after the peer's GOAWAY with {name}");
        let status = met_with(Waiting, &[Frame::goaway(0, reason)]).await;
        let parts = ["waiting for the response of unix:", &closed];
        check(&status, code, &parts, true);
        let status = met_with(Waiting, &[Frame::goaway(1, reason)]).await;
        let parts = ["waiting for", "the connection was lost", &after];
        check(&status, Code::Unavailable, &parts, false);
        let status = met_with(Reading, &[Frame::goaway(1, reason)]).await;
        let parts = ["reading the response of unix:", "lost", &after];
        check(&status, Code::Unavailable, &parts, false);
        let status = met_with(Reading, &[Frame::goaway(0, reason)]).await;
        check(&status, code, &["reading the response of unix:"], false);
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_connection_that_is_cut() {
    for (stage, during) in [(Waiting, "waiting for"), (Reading, "reading")] {
        let status = met_with(stage, &[]).await;
        let parts = [during, "the response of unix:", "the connection was lost:"];
        check(&status, Code::Unavailable, &parts, false);
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_server_that_answers_no_ping() {
    let peer = H2Server::bind();
    let endpoint = peer.endpoint().keepalive(Duration::from_secs(60));
    let channel = Channel::lazy(endpoint).unwrap();
    let call = tokio::spawn(async move { unary(&channel, text("m")).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(kind::PING).await.expect("a ping");
    let status = call.await.unwrap().unwrap_err();
    let parts = [
        "waiting for the response of unix:",
        "the peer was given up, since it answered no ping",
    ];
    check(&status, Code::Unavailable, &parts, false);
}

#[tokio::test(start_paused = true)]
async fn with_a_connection_that_is_too_old() {
    let server = Server::new()
        .max_connection_age(Duration::from_secs(60))
        .max_connection_age_grace(Duration::from_secs(10))
        .add(TestService::echo().client(|_| pending::<Result<Response<_>, _>>()));
    let served = Served::start(server).await;
    let status = client(&served.channel(), tokio_stream::pending()).await;
    let parts = [
        "waiting for the response of unix:",
        "the connection was lost",
        "after the peer's GOAWAY with NO_ERROR",
    ];
    check(&status.unwrap_err(), Code::Unavailable, &parts, false);
}

#[tokio::test]
async fn of_a_status_that_the_server_sent_nothing_is_known() {
    let refusing = TestService::echo().unary(async |_| Err(Status::unavailable("later")));
    let channel = Server::new().add(refusing).in_process().unwrap();
    let status = unary(&channel, text("m")).await.unwrap_err();
    assert_eq!(status.to_string(), "UNAVAILABLE: later");
    assert!(!status.is_retry_safe());
}
