//! The tables that turn HTTP statuses and HTTP/2 error codes into gRPC codes.
//!
//! Pure tables, from the gRPC documents "HTTP to gRPC Status Code Mapping" and "Errors" of the HTTP/2 mapping; the
//! transport converts `h2`'s own types before it asks here.

use crate::Code;
use http::StatusCode;

/// The code for a response that is not gRPC at all: an HTTP status other than 200, as proxies send them.
pub(crate) fn code_of_http_status(status: StatusCode) -> Code {
    match status.as_u16() {
        400 => Code::Internal,
        401 => Code::Unauthenticated,
        403 => Code::PermissionDenied,
        404 => Code::Unimplemented,
        429 | 502 | 503 | 504 => Code::Unavailable,
        _ => Code::Unknown,
    }
}

/// The code for a stream that the peer reset with this HTTP/2 error code (RFC 9113, section 7).
pub(crate) fn code_of_reset(reason: u32) -> Code {
    match reason {
        0x7 => Code::Unavailable,       // REFUSED_STREAM
        0x8 => Code::Cancelled,         // CANCEL
        0xb => Code::ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => Code::PermissionDenied,  // INADEQUATE_SECURITY
        _ => Code::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_statuses_map_as_the_document_says() {
        let expected = [
            (400, Code::Internal),
            (401, Code::Unauthenticated),
            (403, Code::PermissionDenied),
            (404, Code::Unimplemented),
            (429, Code::Unavailable),
            (502, Code::Unavailable),
            (503, Code::Unavailable),
            (504, Code::Unavailable),
            (302, Code::Unknown),
            (500, Code::Unknown),
        ];
        for (status, code) in expected {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(code_of_http_status(status), code, "{status}");
        }
    }
}
