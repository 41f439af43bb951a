//! Calls that do not succeed: by a status, by a deadline, by being cancelled.
//!
//! Never measures time: what a side knows is asked for.

use super::metadata;
use crate::google::rpc;
use crate::peer::{EchoRequest, Key, PeerClient};
use ironwire::message::google::protobuf::Any;
use ironwire::{Code, Message, Request, Status};
use std::time::Duration;

/// Not ASCII, with characters that percent-encoding uses and must encode.
const MESSAGE: &str = "100 % caf\u{e9} \u{65e5}\u{672c} \u{1f980}\ttab\nline";

pub(super) async fn every_code(client: &PeerClient) {
    for code in Code::ALL.into_iter().filter(|&code| code != Code::Ok) {
        let status = fail(client, wanted(code)).await;
        assert_eq!(status.code(), code);
        assert_eq!(status.message(), MESSAGE, "{code}");
        assert!(status.details().is_empty(), "{code}");
        metadata::check(status.metadata(), "trailing");
    }
}

pub(super) async fn details(client: &PeerClient) {
    let mut wanted = wanted(Code::FailedPrecondition);
    let info = rpc::ErrorInfo {
        reason: "STOPPED".to_owned(),
        domain: "peer.example".to_owned(),
        metadata: [("key".to_owned(), "value".to_owned())]
            .into_iter()
            .collect(),
        ..Default::default()
    };
    wanted.details = vec![Any::pack(&info)];
    let status = fail(client, wanted.clone()).await;
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(status.message(), MESSAGE);
    let received = rpc::Status::decode(status.details()).unwrap();
    assert_eq!(received, wanted);
    let unpacked = received.details[0].unpack::<rpc::ErrorInfo>().unwrap();
    assert_eq!(unpacked, info);
}

fn wanted(code: Code) -> rpc::Status {
    rpc::Status {
        code: code.as_i32(),
        message: MESSAGE.to_owned(),
        ..Default::default()
    }
}

async fn fail(client: &PeerClient, wanted: rpc::Status) -> Status {
    let mut request = Request::new(wanted);
    metadata::fill(request.metadata_mut());
    client.fail(request).await.unwrap_err()
}

pub(super) async fn deadline(client: &PeerClient) {
    let reply = client.echo(EchoRequest::default()).await.unwrap();
    assert_eq!(reply.get_ref().allowed_ms, None, "without a deadline");

    let mut request = Request::new(EchoRequest::default());
    request.set_timeout(Duration::from_secs(1_000));
    let reply = client.echo(request).await.unwrap();
    let allowed_ms = reply.get_ref().allowed_ms.unwrap();
    assert!((900_000..=1_000_000).contains(&allowed_ms), "{allowed_ms}");

    let mut request = Request::new(key("deadline"));
    request.set_timeout(Duration::from_millis(300));
    let mut responses = client.hang(request).await.unwrap().into_inner();
    assert!(responses.message().await.unwrap().is_some());
    let status = responses.message().await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
    client.await_end(key("deadline")).await.unwrap();
}

pub(super) async fn cancellation(client: &PeerClient) {
    let mut responses = client.hang(key("cancelled")).await.unwrap().into_inner();
    assert!(responses.message().await.unwrap().is_some());
    drop(responses);
    client.await_end(key("cancelled")).await.unwrap();
}

fn key(key: &str) -> Key {
    Key {
        key: key.to_owned(),
        ..Default::default()
    }
}
