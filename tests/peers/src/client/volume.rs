//! Large messages and many messages.
//!
//! Never holds a stream in memory.

use crate::peer::{EchoRequest, Limit, Number, PeerClient};
use ironwire::{Code, Streaming};
use tokio::task::JoinSet;

const MIB: usize = 1024 * 1024;
const MESSAGES: u32 = 10_000;

pub(super) async fn many_calls(client: &PeerClient) {
    let mut callers = JoinSet::new();
    for caller in 0..10 {
        let client = client.clone();
        callers.spawn(async move {
            for call in 0..300 {
                let payload = format!("{caller}/{call}");
                let request = EchoRequest {
                    payload: payload.clone().into(),
                    ..Default::default()
                };
                let reply = client.echo(request).await.unwrap().into_inner();
                assert_eq!(reply.payload, payload);
            }
        });
    }
    while let Some(called) = callers.join_next().await {
        called.unwrap();
    }
}

pub(super) async fn large(client: &PeerClient) {
    let payload: Vec<u8> = (0..3 * MIB).map(|index| (index % 251) as u8).collect();
    let request = EchoRequest {
        payload: payload.clone().into(),
        ..Default::default()
    };
    let reply = client.echo(request).await.unwrap().into_inner();
    assert!(reply.payload == payload, "3 MiB come back as they went");
}

pub(super) async fn too_large(client: &PeerClient) {
    let large_request = EchoRequest {
        payload: vec![1; 5 * MIB].into(),
        ..Default::default()
    };
    let large_reply = EchoRequest {
        reply_bytes: 5 * MIB as u32,
        ..Default::default()
    };
    for request in [large_request, large_reply] {
        let status = client.echo(request).await.unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
    }
    // The connection outlives both.
    client.echo(EchoRequest::default()).await.unwrap();
}

pub(super) async fn server_stream(client: &PeerClient) {
    let limit = Limit {
        limit: MESSAGES,
        ..Default::default()
    };
    check(client.count(limit).await.unwrap().into_inner()).await;
}

pub(super) async fn client_stream(client: &PeerClient) {
    let numbers = tokio_stream::iter((0..MESSAGES).map(number));
    let total = client.sum(numbers).await.unwrap().into_inner();
    assert_eq!(total.count, u64::from(MESSAGES));
    assert_eq!(total.sum, (0..u64::from(MESSAGES)).sum::<u64>());
}

pub(super) async fn bidi_stream(client: &PeerClient) {
    let numbers = tokio_stream::iter((0..MESSAGES).map(number));
    check(client.chat(numbers).open()).await;
}

/// Every number comes, in order, and then the end.
async fn check(mut numbers: Streaming<Number>) {
    for index in 0..MESSAGES {
        assert_eq!(numbers.message().await.unwrap(), Some(number(index)));
    }
    assert_eq!(numbers.message().await.unwrap(), None);
}

fn number(number: u32) -> Number {
    Number {
        number,
        ..Default::default()
    }
}
