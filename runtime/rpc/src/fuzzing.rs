//! What fuzz targets need of the crate's inside: the parsers of what peers send, and what has to hold for any input.
//!
//! Each says whether it accepted the input. No part of the API, and never makes inputs.

use crate::length_prefixed::Deframer;
use crate::protocol_headers::ProtocolHeaders;
use crate::status::wire;
use crate::{MetadataError, MetadataMap, timeout};
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};

/// Cuts the input into messages, as it comes in pieces of the size that its first byte says.
///
/// # Panics
/// When other pieces would give other messages, or when there is more in them than came.
pub fn length_prefixed(input: &[u8]) -> bool {
    let Some((&size, bytes)) = input.split_first() else {
        return false;
    };
    let whole = messages(bytes, bytes.len().max(1));
    let pieces = messages(bytes, usize::from(size).max(1));
    assert_eq!(whole, pieces);
    let bytes_out: usize = whole.0.iter().map(|message| message.len() + 5).sum();
    assert!(bytes_out <= bytes.len());
    whole.1 && !whole.0.is_empty()
}

/// The messages, and whether they are all of the input.
fn messages(bytes: &[u8], size: usize) -> (Vec<Bytes>, bool) {
    const MESSAGE_BYTES_MAX: usize = 1000;
    let mut deframer = Deframer::new(MESSAGE_BYTES_MAX);
    let mut messages = Vec::new();
    for piece in bytes.chunks(size) {
        deframer.push(Bytes::copy_from_slice(piece));
        loop {
            match deframer.next() {
                Ok(Some(_)) => messages.push(deframer.take()),
                Ok(None) => break,
                Err(_) => return (messages, false),
            }
        }
    }
    (messages, deframer.is_between_messages())
}

/// Headers from lines of `name:value`; those that HTTP/2 would not have are passed over.
fn headers(input: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in input.split(|&byte| byte == b'\n') {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(&line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// Everything in the metadata, as text.
fn shown(metadata: &MetadataMap) -> Vec<String> {
    metadata.iter().map(|entry| format!("{entry:?}")).collect()
}

fn received(headers: HeaderMap) -> Result<MetadataMap, MetadataError> {
    let others = ProtocolHeaders::of(&headers).others();
    MetadataMap::received(headers, others)
}

/// Reads headers as metadata.
///
/// # Panics
/// When what was read is not read again as the same.
pub fn metadata(input: &[u8]) -> bool {
    let Ok(metadata) = received(headers(input)) else {
        return false;
    };
    for (key, _) in metadata.iter() {
        assert!(metadata.contains_key(key), "{key}");
    }
    let before = shown(&metadata);
    let mut written = HeaderMap::new();
    metadata.append_to(&mut written);
    let again = received(written).expect("what was written can be read");
    assert_eq!(shown(&again), before);
    !before.is_empty()
}

/// Reads a `grpc-timeout`.
///
/// # Panics
/// When it would be written as a shorter one.
pub fn timeout(input: &[u8]) -> bool {
    let Some(read) = HeaderValue::from_bytes(input)
        .ok()
        .as_ref()
        .and_then(timeout::parse)
    else {
        return false;
    };
    let again = timeout::parse(&timeout::format(read)).expect("what was written can be read");
    assert!(again >= read, "{read:?} became {again:?}");
    true
}

/// Reads trailers.
///
/// # Panics
/// When a status is not read again as the same.
pub fn status(input: &[u8]) -> bool {
    let status = match wire::from_trailers(headers(input)) {
        None => return false,
        Some(Ok(_)) => return true,
        Some(Err(status)) => status,
    };
    let shown_before = (
        status.code(),
        shown(status.metadata()),
        status.details().clone(),
    );
    let message = status.message().to_owned();
    let mut written = HeaderMap::new();
    wire::append_to(status, &mut written);
    let again = wire::from_trailers(written)
        .expect("there is a status")
        .expect_err("it is no success");
    let shown_after = (
        again.code(),
        shown(again.metadata()),
        again.details().clone(),
    );
    assert_eq!(shown_after, shown_before);
    // A long message is shortened.
    assert!(message.starts_with(again.message()), "{message:?}");
    true
}
