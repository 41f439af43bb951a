//! Does a server listen on every kind of socket that it says it does, and a channel find it there?

use ironwire_rpc::server::{BoundServer, Listen};
use ironwire_rpc::{Channel, Response, Server};
use ironwire_tests::call::{text, unary};
use ironwire_tests::service::TestService;
use std::net::SocketAddr;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// A server whose `Unary` answers with the caller's address.
fn telling() -> Server {
    Server::new().add(TestService::echo().unary(|request| async move {
        let address = format!("{:?}", request.remote_addr().map(|addr| addr.ip()));
        Ok(Response::new(address.into()))
    }))
}

fn serve(server: BoundServer) -> JoinHandle<()> {
    tokio::spawn(server.serve())
}

async fn check_tcp(listen: impl Into<Listen>, scheme: &str, caller: &str) {
    let server = telling().bind(listen).await.unwrap();
    let address: SocketAddr = server.local_addr().unwrap();
    assert_ne!(address.port(), 0);
    let serving = serve(server);
    let channel = Channel::connect(format!("{scheme}{address}"))
        .await
        .unwrap();
    let response = unary(&channel, text("")).await.unwrap();
    assert_eq!(response.into_inner(), format!("Some({caller})"));
    serving.abort();
}

#[tokio::test]
async fn tcp_addresses_of_every_form_are_served() {
    check_tcp("127.0.0.1:0", "http://", "127.0.0.1").await;
    check_tcp("[::1]:0", "http://", "::1").await;
    check_tcp("localhost:0".to_owned(), "", "127.0.0.1").await;
    check_tcp(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        "dns:///",
        "127.0.0.1",
    )
    .await;
}

#[tokio::test]
async fn a_given_tcp_listener_is_served() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = telling().bind(listener).await.unwrap();
    assert_eq!(server.local_addr(), Some(address));
    let serving = serve(server);
    let channel = Channel::connect(format!("http://{address}")).await.unwrap();
    unary(&channel, text("")).await.unwrap();
    serving.abort();
}

fn socket_path() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.sock");
    (folder, path)
}

/// Binds the path, serves, and calls.
async fn check_unix(path: &std::path::Path) {
    let address = format!("unix:{}", path.display());
    let server = telling().bind(address.as_str()).await.unwrap();
    assert_eq!(server.local_addr(), None);
    let serving = serve(server);
    for form in [address, format!("unix://{}", path.display())] {
        let channel = Channel::connect(form).await.unwrap();
        let response = unary(&channel, text("")).await.unwrap();
        assert_eq!(response.into_inner(), "None");
    }
    serving.abort();
}

#[tokio::test]
async fn a_unix_socket_is_served() {
    let (_folder, path) = socket_path();
    check_unix(&path).await;
}

#[tokio::test]
async fn a_socket_file_that_a_dead_server_left_is_replaced() {
    let (_folder, path) = socket_path();
    drop(UnixListener::bind(&path).unwrap());
    assert!(
        path.metadata().unwrap().file_type().is_socket(),
        "it is left"
    );
    check_unix(&path).await;
}

#[tokio::test]
async fn a_socket_on_which_somebody_listens_is_not_taken() {
    let (_folder, path) = socket_path();
    let other = UnixListener::bind(&path).unwrap();
    let address = format!("unix:{}", path.display());
    let error = telling().bind(address.as_str()).await.err().unwrap();
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot listen on {address}: ")),
        "{error}"
    );
    assert!(path.exists());
    drop(other);
}

#[tokio::test]
async fn a_file_that_is_no_socket_is_not_replaced() {
    let (_folder, path) = socket_path();
    std::fs::write(&path, "precious").unwrap();
    let address = format!("unix:{}", path.display());
    assert!(telling().bind(address.as_str()).await.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
}

#[tokio::test]
async fn a_given_unix_listener_is_served() {
    let (_folder, path) = socket_path();
    let server = telling()
        .bind(UnixListener::bind(&path).unwrap())
        .await
        .unwrap();
    let serving = serve(server);
    let channel = Channel::connect(format!("unix:{}", path.display()))
        .await
        .unwrap();
    unary(&channel, text("")).await.unwrap();
    serving.abort();
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error_that_names_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = telling().serve(address).await.unwrap_err();
    let expected = format!("cannot listen on {address}: ");
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn two_services_of_one_name_are_an_error() {
    let twice = telling().add(TestService::echo());
    let error = twice.bind("127.0.0.1:0").await.err().unwrap();
    assert!(error.to_string().contains("test.Test"), "{error}");
    let twice = telling().add(TestService::echo());
    assert!(twice.in_process().is_err());
}

#[tokio::test]
async fn an_address_that_is_none_is_an_error_that_shows_some() {
    for address in [
        "",
        "localhost",
        ":50051",
        "http://[::1]:50051",
        "::1:50051",
        "[::1]:1:1",
        "localhost:http",
    ] {
        let error = telling().serve(address).await.unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "cannot listen on {address}: expected an address like localhost:50051, \
                 [::1]:50051 or unix:/run/app.sock"
            )
        );
    }
}
