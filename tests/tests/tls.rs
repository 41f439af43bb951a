//! Does TLS keep strangers out, on both sides, and say why?

use ironwire_rpc::tls::{ClientTls, ServerTls, TlsError};
use ironwire_rpc::{Channel, ConnectError, Endpoint, Response, Server};
use ironwire_tests::call::{text, unary};
use ironwire_tests::service::TestService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const CA: &[u8] = include_bytes!("../certs/ca.pem");
const STRANGER: &[u8] = include_bytes!("../certs/stranger.pem");
const SERVER: (&[u8], &[u8]) = (
    include_bytes!("../certs/server.pem"),
    include_bytes!("../certs/server.key"),
);
const RENEWED: (&[u8], &[u8]) = (
    include_bytes!("../certs/renewed.pem"),
    include_bytes!("../certs/renewed.key"),
);
const CLIENT: (&[u8], &[u8]) = (
    include_bytes!("../certs/client.pem"),
    include_bytes!("../certs/client.key"),
);

/// Answers with the number of certificates that the caller showed.
async fn serve(tls: ServerTls) -> SocketAddr {
    let service = TestService::echo().unary(|request| async move {
        let shown = request.peer_certificates().len().to_string();
        Ok(Response::new(shown.into()))
    });
    let server = Server::new().add(service).tls(tls);
    let bound = server.bind("127.0.0.1:0").await.expect("a free port");
    let address = bound.local_addr().expect("TCP has an address");
    tokio::spawn(bound.serve());
    address
}

fn server_tls() -> ServerTls {
    ServerTls::from_pem(SERVER.0, SERVER.1).expect("they belong together")
}

async fn connect(address: SocketAddr, tls: ClientTls) -> Result<Channel, ConnectError> {
    let endpoint = Endpoint::parse(&format!("https://localhost:{}", address.port()))?;
    Channel::connect(endpoint.tls(tls)).await
}

fn trusting(authorities: &[u8]) -> ClientTls {
    ClientTls::from_pem(authorities).expect("an authority")
}

fn check_refused(connected: Result<Channel, ConnectError>, why: &str) {
    let error = connected.expect_err("nobody is let in");
    let text = error.to_string();
    assert!(
        text.starts_with("cannot begin TLS with localhost:"),
        "{text}"
    );
    assert!(text.contains(why), "{text}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_trusted_server_is_called() {
    let address = serve(server_tls()).await;
    let channel = connect(address, trusting(CA)).await.unwrap();
    let response = unary(&channel, text("")).await.unwrap();
    assert_eq!(response.into_inner(), "0");
}

#[tokio::test]
async fn a_server_of_another_authority_is_not_trusted() {
    let address = serve(server_tls()).await;
    check_refused(connect(address, trusting(STRANGER)).await, "UnknownIssuer");
}

#[tokio::test]
async fn a_server_of_another_name_is_not_trusted() {
    let address = serve(server_tls()).await;
    let tls = trusting(CA).server_name("example.com");
    check_refused(connect(address, tls).await, "not valid for name");
}

#[tokio::test]
async fn with_mutual_tls_the_handler_sees_the_callers_certificate() {
    let tls = ServerTls::mutual_from_pem(SERVER.0, SERVER.1, CA).unwrap();
    let address = serve(tls).await;
    let tls = ClientTls::mutual_from_pem(CA, CLIENT.0, CLIENT.1).unwrap();
    let channel = connect(address, tls).await.unwrap();
    let response = unary(&channel, text("")).await.unwrap();
    assert_eq!(response.into_inner(), "1");
}

#[tokio::test]
async fn with_mutual_tls_a_client_without_a_certificate_is_refused() {
    let tls = ServerTls::mutual_from_pem(SERVER.0, SERVER.1, CA).unwrap();
    let address = serve(tls).await;
    // In TLS 1.3 the client is done before the server has judged it, so the refusal comes with HTTP/2.
    let error = connect(address, trusting(CA)).await.unwrap_err();
    assert!(error.to_string().contains("CertificateRequired"), "{error}");
}

#[tokio::test]
async fn reloaded_certificates_count_for_new_connections() {
    let tls = server_tls();
    let address = serve(tls.clone()).await;
    let before = connect(address, trusting(CA)).await.unwrap();
    tls.reload(&ServerTls::from_pem(RENEWED.0, RENEWED.1).unwrap());
    assert_eq!(shown_by(address).await, RENEWED.0);
    assert!(unary(&before, text("")).await.is_ok());
}

/// The certificate that a server shows, as PEM.
async fn shown_by(address: SocketAddr) -> &'static [u8] {
    let stream = offering(&[b"h2"], address).await;
    let shown = &stream.get_ref().1.peer_certificates().unwrap()[0];
    let is_shown = |pem: &&[u8]| CertificateDer::from_pem_slice(pem).unwrap() == *shown;
    [SERVER.0, RENEWED.0]
        .into_iter()
        .find(is_shown)
        .expect("one of ours")
}

/// A connection of bare rustls that offers these protocols.
async fn offering(protocols: &[&[u8]], address: SocketAddr) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(CA).unwrap())
        .unwrap();
    let provider = Arc::new(rustls_graviola::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let socket = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, socket)
        .await
        .unwrap()
}

#[tokio::test]
async fn plain_text_is_not_served() {
    let address = serve(server_tls()).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    socket.write_all(preface).await.unwrap();
    let mut answer = Vec::new();
    // An alert or nothing, and then the end.
    let _ = socket.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(&[0, 0]), "an HTTP/2 frame: {answer:?}");
}

#[tokio::test]
async fn a_client_that_does_not_offer_h2_is_refused() {
    let address = serve(server_tls()).await;
    let mut stream = offering(&[], address).await;
    let mut answer = Vec::new();
    // An error, as the server does not say goodbye, or the end.
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "an HTTP/2 frame: {answer:?}");
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_named() {
    let bound = Server::new()
        .add(TestService::echo())
        .handshake_timeout(Duration::from_millis(50));
    let bound = bound.bind("127.0.0.1:0").await.unwrap();
    let address = bound.local_addr().unwrap();
    tokio::spawn(bound.serve());
    check_refused(connect(address, trusting(CA)).await, "");
}

#[tokio::test]
async fn https_without_anyone_to_trust_is_an_error() {
    let address = serve(server_tls()).await;
    let connected = Channel::connect(format!("https://localhost:{}", address.port())).await;
    check_refused(connected, "Endpoint::tls");
}

fn check_unusable(made: Result<ServerTls, TlsError>, text: &str) {
    let error = made.expect_err("it is unusable").to_string();
    assert!(error.starts_with(text), "{error}");
}

#[test]
fn certificates_that_cannot_be_used_are_named() {
    check_unusable(
        ServerTls::from_pem(b"", SERVER.1),
        "the server's certificates: there is no certificate in the PEM text",
    );
    check_unusable(ServerTls::from_pem(SERVER.0, b""), "the private key: ");
    check_unusable(
        ServerTls::from_pem(SERVER.0, RENEWED.1),
        "the server's certificates: ",
    );
    check_unusable(
        ServerTls::mutual_from_pem(SERVER.0, SERVER.1, b"none"),
        "the client authorities: there is no certificate in the PEM text",
    );
}
