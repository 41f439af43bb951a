//! `content-type: application/grpc`, and which forms of it this crate speaks.
//!
//! Never decides what a wrong one means: servers answer HTTP 415, clients make a status of it.

use http::header::HeaderValue;

/// What is sent.
pub(crate) const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");

/// Whether it announces gRPC with protobuf messages: `application/grpc`, `application/grpc+proto`, either with
/// parameters.
pub(crate) fn is_grpc(value: &HeaderValue) -> bool {
    // What nearly everybody sends.
    value == GRPC || value.to_str().is_ok_and(is_form_of_grpc)
}

fn is_form_of_grpc(value: &str) -> bool {
    let essence = value.split(';').next().unwrap_or_default().trim_end();
    essence.eq_ignore_ascii_case("application/grpc")
        || essence.eq_ignore_ascii_case("application/grpc+proto")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &'static str, expected: bool) {
        let header = HeaderValue::from_static(value);
        assert_eq!(is_grpc(&header), expected, "{value:?}");
    }

    #[test]
    fn grpc_is_told_from_its_relatives() {
        check("application/grpc", true);
        check("application/grpc+proto", true);
        check("Application/gRPC;charset=utf-8", true);
        check("application/grpc+proto ; x=y", true);
        check("application/grpc+json", false);
        check("application/grpc-web", false);
        check("application/grpcx", false);
        check("application/json", false);
        check("", false);
    }
}
