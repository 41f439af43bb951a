//! The messages that the cases have in common.
//!
//! Never calls anything.

use crate::grpc::testing::{
    Payload, ResponseParameters, SimpleRequest, SimpleResponse, StreamingOutputCallRequest,
    StreamingOutputCallResponse,
};
use bytes::Bytes;

/// The payload of a large request.
pub(super) const LARGE_REQUEST: usize = 271_828;
/// The payload of a large response.
pub(super) const LARGE_RESPONSE: usize = 314_159;

/// This many zeros.
pub(super) fn zeros(bytes: usize) -> Option<Payload> {
    Some(Payload {
        body: Bytes::from(vec![0; bytes]),
        ..Default::default()
    })
}

/// A request with a payload of this size, for one of that size.
pub(super) fn request(bytes: usize, response_bytes: usize) -> SimpleRequest {
    SimpleRequest {
        response_size: size(response_bytes),
        payload: zeros(bytes),
        ..Default::default()
    }
}

/// The request of `large_unary`.
pub(super) fn large_request() -> SimpleRequest {
    request(LARGE_REQUEST, LARGE_RESPONSE)
}

/// Checks the response to [`large_request`].
pub(super) fn check_large(response: &SimpleResponse) {
    check_zeros(response.payload.as_ref(), LARGE_RESPONSE);
}

/// A request of a stream, with a payload of this size, for responses of those sizes.
pub(super) fn output_request(bytes: usize, response_bytes: &[usize]) -> StreamingOutputCallRequest {
    let parameters = |&bytes| ResponseParameters {
        size: size(bytes),
        ..Default::default()
    };
    StreamingOutputCallRequest {
        response_parameters: response_bytes.iter().map(parameters).collect(),
        payload: zeros(bytes),
        ..Default::default()
    }
}

/// Checks a response of a stream.
pub(super) fn check_output(response: &StreamingOutputCallResponse, bytes: usize) {
    check_zeros(response.payload.as_ref(), bytes);
}

fn check_zeros(payload: Option<&Payload>, bytes: usize) {
    let body = payload.map(|payload| &payload.body[..]).unwrap_or_default();
    assert_eq!(body.len(), bytes, "the size of the response's payload");
    assert!(body.iter().all(|&byte| byte == 0), "the payload is zeros");
}

/// As the messages have sizes.
pub(super) fn size(bytes: usize) -> i32 {
    i32::try_from(bytes).expect("a size below 2 GiB")
}
