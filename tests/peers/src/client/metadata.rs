//! Metadata of a call that succeeds.
//!
//! Never looks at what the other side adds of its own.

use crate::peer::{EchoRequest, PeerClient};
use ironwire::{MetadataMap, Request};

/// What is sent: each key and its values in order.
const ASCII: [(&str, &[&str]); 2] = [
    ("x-one", &["a value, with a comma"]),
    ("x-repeated", &["first", "second", "third"]),
];
const BINARY: [(&str, &[&[u8]]); 2] = [
    ("x-one-bin", &[&[0, 1, 2, 0xfd, 0xfe, 0xff]]),
    ("x-repeated-bin", &[b"a", b"ab", b"abc", &[0xff; 100]]),
];

pub(super) async fn goes_both_ways(client: &PeerClient) {
    let mut request = Request::new(EchoRequest::default());
    fill(request.metadata_mut());
    let response = client.echo(request).await.unwrap();
    check(response.metadata(), "initial");
    check(response.trailers(), "trailing");
}

pub(super) fn fill(metadata: &mut MetadataMap) {
    for (key, values) in ASCII {
        for value in values {
            metadata.append(key, value).unwrap();
        }
    }
    for (key, values) in BINARY {
        for value in values {
            metadata.append_bin(key, value).unwrap();
        }
    }
}

pub(super) fn check(metadata: &MetadataMap, which: &str) {
    for (key, values) in ASCII {
        let received: Vec<_> = metadata.get_all(key).collect();
        assert_eq!(received, values, "{which} metadata {key}");
    }
    for (key, values) in BINARY {
        let received: Vec<_> = metadata.get_all_bin(key).collect();
        assert_eq!(received, values, "{which} metadata {key}");
    }
}
