//! Connections that are opened and not begun: prefaces and TLS handshakes that are cut off, then silence.

use crate::attack::{KIB, LEFT_MAX, Neighbour};
use ironwire_rpc::tls::ServerTls;
use ironwire_rpc::{Channel, Server};
use ironwire_tests::allocation::Meter;
use ironwire_tests::frames::{Frame, PREFACE};
use ironwire_tests::probe::{settle, tasks_alive};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const CERTIFICATE: &[u8] = include_bytes!("../../certs/server.pem");
const KEY: &[u8] = include_bytes!("../../certs/server.key");
const CA: &[u8] = include_bytes!("../../certs/ca.pem");

/// Opens a connection for each of these beginnings, all at once, and says when the server hangs up on the last.
async fn check(
    name: &str,
    served: &Served,
    channel: Channel,
    beginnings: &[Vec<u8>],
    seconds: u64,
) {
    let mut neighbour = Neighbour::new(channel).await;
    settle().await;
    let tasks = tasks_alive();
    let meter = Meter::start();
    let mut sockets = Vec::new();
    let begin = Instant::now();
    for beginning in beginnings {
        let mut socket = served.socket().await;
        socket.write_all(beginning).await.unwrap();
        sockets.push(socket);
    }
    settle().await;
    let each = meter.held() / beginnings.len() as isize;
    neighbour.goes_on().await;
    for socket in &mut sockets {
        // An error is a hang-up as well.
        let _ = socket.read_to_end(&mut Vec::new()).await;
    }
    assert_eq!(begin.elapsed().as_secs(), seconds, "{name}");
    drop(sockets);
    settle().await;
    neighbour.goes_on().await;
    settle().await;
    let left = meter.held();
    println!(
        "{name}: {} connections of {each} bytes each, {left} left",
        beginnings.len()
    );
    assert!(each < 96 * KIB, "{name}: {each} bytes for each connection");
    assert!(left <= LEFT_MAX, "{name}: {left} bytes left");
    assert_eq!(tasks_alive(), tasks, "{name}: a task is left");
}

/// Each part of these bytes but the whole.
fn parts(bytes: &[u8]) -> Vec<Vec<u8>> {
    (0..bytes.len()).map(|end| bytes[..end].to_vec()).collect()
}

#[tokio::test(start_paused = true)]
async fn every_part_of_a_preface() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    check("prefaces", &served, served.channel(), &parts(PREFACE), 10).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_preface_is_refused_at_once() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut wrong: Vec<_> = (0..PREFACE.len())
        .map(|at| {
            let mut preface = PREFACE.to_vec();
            preface[at] ^= 1;
            preface
        })
        .collect();
    wrong.push(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec());
    wrong.push([PREFACE, &Frame::data(1, &b"x"[..]).encode()].concat());
    check("no prefaces", &served, served.channel(), &wrong, 0).await;
}

/// The first bytes of a TLS client.
pub(crate) fn hello() -> Vec<u8> {
    let provider = Arc::new(rustls_graviola::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut bytes = Vec::new();
    connection.write_tls(&mut bytes).unwrap();
    bytes
}

/// A server that speaks TLS, and a client that trusts it.
pub(crate) async fn tls() -> (Served, Channel) {
    let tls = ServerTls::from_pem(CERTIFICATE, KEY).unwrap();
    let served = Served::start(Server::new().add(TestService::echo()).tls(tls)).await;
    let trusting = ironwire_rpc::tls::ClientTls::from_pem(CA).unwrap();
    let endpoint = served.endpoint().tls(trusting.server_name("localhost"));
    let channel = Channel::lazy(endpoint).unwrap();
    (served, channel)
}

#[tokio::test(start_paused = true)]
async fn every_part_of_a_tls_handshake() {
    let (served, channel) = tls().await;
    let hello = hello();
    let mut beginnings: Vec<_> = parts(&hello).into_iter().step_by(7).collect();
    beginnings.push(hello);
    check("handshakes", &served, channel, &beginnings, 10).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_no_tls_is_refused_at_once() {
    let (served, channel) = tls().await;
    let wrong = [
        PREFACE.to_vec(),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        // A record beyond the largest (RFC 8446, section 5.1).
        [&[0x16, 3, 1, 0xff, 0xff][..], &[0; 1000]].concat(),
        // A handshake message of 16 MiB.
        [
            &[0x16, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff][..],
            &[0; 16_380],
        ]
        .concat(),
    ];
    check("no handshakes", &served, channel, &wrong, 0).await;
}
