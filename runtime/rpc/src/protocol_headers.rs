//! The headers that are the protocol's own, told from metadata and found in one pass over a block.
//!
//! Never judges a value.

use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, TE};

/// `Request-Headers`, `Response-Headers` and `Trailers` of the gRPC over HTTP/2 specification, less what HTTP/2 has of its
/// own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProtocolHeader {
    ContentType,
    Te,
    AcceptEncoding,
    Encoding,
    Message,
    Status,
    Details,
    Timeout,
}

impl ProtocolHeader {
    const COUNT: usize = 8;

    /// Which one a name is, if it is one.
    #[inline]
    pub(crate) fn of(name: &HeaderName) -> Option<ProtocolHeader> {
        // `http` knows these two by a number.
        if *name == CONTENT_TYPE {
            return Some(ProtocolHeader::ContentType);
        }
        if *name == TE {
            return Some(ProtocolHeader::Te);
        }
        Some(match name.as_str().strip_prefix("grpc-")? {
            "accept-encoding" => ProtocolHeader::AcceptEncoding,
            "encoding" => ProtocolHeader::Encoding,
            "message" => ProtocolHeader::Message,
            "status" => ProtocolHeader::Status,
            "status-details-bin" => ProtocolHeader::Details,
            "timeout" => ProtocolHeader::Timeout,
            _ => return None,
        })
    }
}

/// Those that a block has.
#[derive(Default)]
pub(crate) struct ProtocolHeaders<'a> {
    values: [Option<&'a HeaderValue>; ProtocolHeader::COUNT],
    others: Others,
}

/// What else a block has.
#[derive(Clone, Copy, Default)]
pub(crate) struct Others {
    /// How many headers are the protocol's own, each as often as it is there.
    pub(crate) protocol_count: usize,
    /// Whether any other one's value is bytes in base64.
    pub(crate) has_binary: bool,
}

impl<'a> ProtocolHeaders<'a> {
    /// Looks at each header once, which costs less than asking a map for two of them.
    pub(crate) fn of(headers: &'a HeaderMap) -> ProtocolHeaders<'a> {
        let mut found = ProtocolHeaders::default();
        for (name, value) in headers {
            if let Some(header) = ProtocolHeader::of(name) {
                found.values[header as usize].get_or_insert(value);
                found.others.protocol_count += 1;
            } else {
                found.others.has_binary |= is_binary(name.as_str());
            }
        }
        found
    }

    pub(crate) fn others(&self) -> Others {
        self.others
    }

    /// The first value of a header.
    pub(crate) fn get(&self, header: ProtocolHeader) -> Option<&'a HeaderValue> {
        self.values[header as usize]
    }
}

/// Whether the values of a key are bytes ("Binary-Header" of the specification).
pub(crate) fn is_binary(key: &str) -> bool {
    key.ends_with("-bin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_each_is_found() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("grpc-status", "5"), ("k", "v"), ("grpc-status", "7")] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let found = ProtocolHeaders::of(&headers);
        assert_eq!(found.get(ProtocolHeader::Status).unwrap(), "5");
        assert_eq!(found.get(ProtocolHeader::Message), None);
    }
}
