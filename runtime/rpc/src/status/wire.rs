//! A status in trailers: `grpc-status`, `grpc-message`, `grpc-status-details-bin`.
//!
//! Never decides what a call's status is; it only writes and reads one.

use crate::metadata;
use crate::protocol_headers::{ProtocolHeader, ProtocolHeaders};
use crate::{Code, MetadataMap, Status};
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

pub(crate) const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
const GRPC_DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// `Percent-Encoded` of the HTTP/2 mapping: everything but `%` and what is not printable ASCII stays as it is.
const MESSAGE_ESCAPED: &AsciiSet = &CONTROLS.add(b'%');

/// The longest encoded message that is sent. Peers cap a whole header list, commonly at 8 KiB, and fail the call with
/// a transport error beyond it; a shortened message is better than a lost status.
const MESSAGE_BYTES_MAX: usize = 4096;

/// The trailers of a call that went well.
pub(crate) fn ok_trailers(metadata: MetadataMap) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    metadata.append_to(&mut trailers);
    trailers.insert(GRPC_STATUS, HeaderValue::from_static("0"));
    trailers
}

/// Adds the status and its metadata to trailers, or to the headers of a trailers-only response.
pub(crate) fn append_to(status: Status, headers: &mut HeaderMap) {
    let inner = *status.inner;
    inner.metadata.append_to(headers);
    headers.insert(GRPC_STATUS, HeaderValue::from(inner.code.as_i32()));
    if !inner.message.is_empty() {
        headers.insert(GRPC_MESSAGE, encode_message(&inner.message));
    }
    if !inner.details.is_empty() {
        headers.insert(GRPC_DETAILS, metadata::encode(&inner.details));
    }
}

/// Reads trailers: the metadata of a call that went well, or the status that it failed with.
///
/// `None` when they hold no `grpc-status`, whose absence only the caller can judge.
pub(crate) fn from_trailers(trailers: HeaderMap) -> Option<Result<MetadataMap, Status>> {
    let protocol = ProtocolHeaders::of(&trailers);
    let code = read_code(protocol.get(ProtocolHeader::Status)?);
    let message = protocol.get(ProtocolHeader::Message).map(decode_message);
    let details = protocol
        .get(ProtocolHeader::Details)
        .map(|value| metadata::decode(value.as_bytes()));
    let others = protocol.others();
    let metadata = match MetadataMap::received(trailers, others) {
        Ok(metadata) => metadata,
        Err(error) => return Some(Err(malformed(error.to_string()))),
    };
    if code == Code::Ok {
        return Some(Ok(metadata));
    }
    let details = match details {
        Some(None) => return Some(Err(malformed("grpc-status-details-bin is not base64"))),
        Some(Some(details)) => details,
        None => Bytes::new(),
    };
    let mut status = Status::with_details(code, message.unwrap_or_default(), details);
    *status.metadata_mut() = metadata;
    Some(Err(status))
}

fn malformed(what: impl std::fmt::Display) -> Status {
    Status::internal(format!("the peer's trailers are malformed: {what}"))
}

/// A `grpc-status` that is no number is a status all the same: `UNKNOWN`, as other implementations read it.
fn read_code(value: &HeaderValue) -> Code {
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    number.map_or(Code::Unknown, Code::from_i32)
}

fn encode_message(message: &str) -> HeaderValue {
    let mut encoded = String::with_capacity(message.len());
    let mut buffer = [0; 4];
    for char in message.chars() {
        let before = encoded.len();
        encoded.extend(utf8_percent_encode(
            char.encode_utf8(&mut buffer),
            MESSAGE_ESCAPED,
        ));
        if encoded.len() > MESSAGE_BYTES_MAX {
            encoded.truncate(before);
            break;
        }
    }
    HeaderValue::try_from(encoded).expect("a percent-encoded message is printable ASCII")
}

/// Broken escapes stay as they are and broken UTF-8 is replaced: the specification wants no error and no loss.
fn decode_message(value: &HeaderValue) -> String {
    percent_decode(value.as_bytes())
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(status: Status) -> HeaderMap {
        let mut headers = HeaderMap::new();
        append_to(status, &mut headers);
        headers
    }

    fn check_message(message: &'static str, on_the_wire: &str) {
        let headers = sent(Status::new(Code::Internal, message));
        assert_eq!(headers["grpc-message"], on_the_wire);
        let status = from_trailers(headers).unwrap().unwrap_err();
        assert_eq!(status.message(), message);
    }

    #[test]
    fn messages_are_percent_encoded() {
        check_message("plain text!", "plain text!");
        check_message("50%", "50%25");
        check_message("a\tb\r\nc", "a%09b%0D%0Ac");
        check_message("\u{4f60} \u{1f642}", "%E4%BD%A0 %F0%9F%99%82");
        check_message("\u{7f}", "%7F");
    }

    #[test]
    fn broken_escapes_are_kept() {
        let mut headers = sent(Status::internal("x"));
        headers.insert("grpc-message", HeaderValue::from_static("100% %zz %41 %ff"));
        let status = from_trailers(headers).unwrap().unwrap_err();
        assert_eq!(status.message(), "100% %zz A \u{fffd}");
    }

    #[test]
    fn a_long_message_is_shortened_between_characters() {
        let headers = sent(Status::internal("\u{e9}".repeat(5000)));
        assert!(headers["grpc-message"].len() <= MESSAGE_BYTES_MAX);
        let status = from_trailers(headers).unwrap().unwrap_err();
        assert!(status.message().chars().all(|char| char == '\u{e9}'));
        assert_eq!(status.message().chars().count(), MESSAGE_BYTES_MAX / 6);
    }

    #[test]
    fn every_code_details_and_metadata_round_trip() {
        for code in Code::ALL.into_iter().skip(1) {
            let mut status = Status::with_details(code, "m", vec![0, 159, 146]);
            status.metadata_mut().insert("k", "v").unwrap();
            let read = from_trailers(sent(status)).unwrap().unwrap_err();
            assert_eq!(read.code(), code);
            assert_eq!(read.details().as_ref(), [0, 159, 146]);
            assert_eq!(read.metadata().get("k"), Some("v"));
            assert_eq!(read.metadata().len(), 1);
        }
    }

    #[test]
    fn foreign_codes_are_unknown_and_a_missing_one_is_told() {
        for value in ["17", "-1", "x", ""] {
            let mut headers = HeaderMap::new();
            headers.insert(GRPC_STATUS, HeaderValue::from_static(value));
            let status = from_trailers(headers).unwrap().unwrap_err();
            assert_eq!(status.code(), Code::Unknown, "{value:?}");
        }
        assert!(from_trailers(HeaderMap::new()).is_none());
    }
}
