//! Metadata: the key-value pairs that travel beside the messages of a call, as HTTP/2 headers and trailers.
//!
//! A map holds only what may travel: keys are checked when they are set, binary values when they arrive. It never
//! holds the protocol's own headers (`grpc-status`, `te`, …).

mod error;

pub use error::MetadataError;

use crate::protocol_headers::{Others, ProtocolHeader, is_binary};
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use error::Kind;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use std::fmt;

/// Values are sent without padding and accepted with or without it ("Custom-Metadata" of the HTTP/2 mapping).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Names that HTTP/2 forbids (RFC 9113, section 8.2.2) or that the runtime sets itself.
const REFUSED_NAMES: [&str; 10] = [
    "connection",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// The metadata of a request, a response or a status.
///
/// A key may hold several values, kept in order. Keys are lower case; a key that ends in `-bin` holds bytes, any other
/// holds printable ASCII, as the gRPC specification has it.
///
/// ```
/// # use ironwire_rpc::MetadataMap;
/// let mut metadata = MetadataMap::new();
/// metadata.insert("x-request-id", "17")?;
/// metadata.insert_bin("trace-bin", [1, 2, 3])?;
/// assert_eq!(metadata.get("x-request-id"), Some("17"));
/// assert_eq!(metadata.get_bin("trace-bin").as_deref(), Some(&[1, 2, 3][..]));
/// assert!(metadata.insert("grpc-status", "0").is_err());
/// # Ok::<(), ironwire_rpc::MetadataError>(())
/// ```
#[derive(Clone, Default)]
pub struct MetadataMap {
    /// Boxed, because most maps are empty, and each call moves several of them a dozen times.
    fields: Option<Box<Fields>>,
}

#[derive(Clone, Default)]
struct Fields {
    headers: HeaderMap,
    /// How many of the headers are the protocol's own, which came with a peer's metadata: taking them out costs more than
    /// passing over them.
    hidden: usize,
}

/// One value of a [`MetadataMap`], as [`MetadataMap::iter`] shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataValue<'a> {
    /// The value of an ordinary key.
    Ascii(&'a str),
    /// The bytes of a `-bin` key.
    Binary(Bytes),
}

impl MetadataMap {
    /// An empty map. It allocates nothing until something is set.
    pub fn new() -> MetadataMap {
        MetadataMap::default()
    }

    /// Sets `key` to this one value; values that it had are gone.
    ///
    /// # Errors
    /// When the key is not a legal name, is reserved or ends in `-bin`, or the value is not printable ASCII.
    pub fn insert(&mut self, key: &str, value: &str) -> Result<(), MetadataError> {
        let (key, value) = ascii_entry(key, value)?;
        self.put(key, value, Put::Replace)
    }

    /// Adds a value to those that `key` has.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    pub fn append(&mut self, key: &str, value: &str) -> Result<(), MetadataError> {
        let (key, value) = ascii_entry(key, value)?;
        self.put(key, value, Put::Add)
    }

    /// Sets the `-bin` key to this one value of bytes.
    ///
    /// # Errors
    /// When the key is not a legal name, is reserved or does not end in `-bin`.
    pub fn insert_bin(&mut self, key: &str, value: impl AsRef<[u8]>) -> Result<(), MetadataError> {
        let (key, value) = binary_entry(key, value.as_ref())?;
        self.put(key, value, Put::Replace)
    }

    /// Adds a value of bytes to those that the `-bin` key has.
    ///
    /// # Errors
    /// As [`insert_bin`](Self::insert_bin).
    pub fn append_bin(&mut self, key: &str, value: impl AsRef<[u8]>) -> Result<(), MetadataError> {
        let (key, value) = binary_entry(key, value.as_ref())?;
        self.put(key, value, Put::Add)
    }

    /// The first value of an ordinary key.
    ///
    /// `None` also when a peer sent bytes outside printable ASCII there, and for `-bin` keys.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.get_all(key).next()
    }

    /// Every value of an ordinary key, in order.
    pub fn get_all(&self, key: &str) -> impl Iterator<Item = &str> {
        let key = readable(key).filter(|key| !is_binary(key.as_str()));
        self.values(key).filter_map(|value| value.to_str().ok())
    }

    /// The first value of a `-bin` key, decoded.
    pub fn get_bin(&self, key: &str) -> Option<Bytes> {
        self.get_all_bin(key).next()
    }

    /// Every value of a `-bin` key, decoded, in order. Values that a peer joined with commas are separate here.
    pub fn get_all_bin(&self, key: &str) -> impl Iterator<Item = Bytes> {
        let key = readable(key).filter(|key| is_binary(key.as_str()));
        self.values(key).flat_map(binary_values)
    }

    /// Whether the key has a value.
    pub fn contains_key(&self, key: &str) -> bool {
        self.values(readable(key)).next().is_some()
    }

    /// Removes every value of the key; tells whether there was one.
    pub fn remove(&mut self, key: &str) -> bool {
        let fields = self.fields.as_mut();
        fields
            .zip(readable(key))
            .is_some_and(|(fields, key)| fields.headers.remove(key).is_some())
    }

    /// The keys and their values; a key stands once for each of its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, MetadataValue<'_>)> {
        self.fields().flat_map(|(key, value)| {
            let (ascii, binary) = if is_binary(key.as_str()) {
                (None, Some(binary_values(value)))
            } else {
                (value.to_str().ok(), None)
            };
            ascii
                .map(MetadataValue::Ascii)
                .into_iter()
                .chain(binary.into_iter().flatten().map(MetadataValue::Binary))
                .map(move |value| (key.as_str(), value))
        })
    }

    /// How many header fields the map holds.
    pub fn len(&self) -> usize {
        let fields = self.fields.as_ref();
        fields.map_or(0, |fields| fields.headers.len() - fields.hidden)
    }

    /// Whether the map holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes what a peer sent, without the protocol's own headers. `others` is what has been found out about the rest.
    pub(crate) fn received(
        headers: HeaderMap,
        others: Others,
    ) -> Result<MetadataMap, MetadataError> {
        if others.protocol_count == headers.len() {
            return Ok(MetadataMap::new());
        }
        let hidden = others.protocol_count;
        let metadata = MetadataMap {
            fields: Some(Box::new(Fields { headers, hidden })),
        };
        if others.has_binary {
            metadata.check_binary()?;
        }
        Ok(metadata)
    }

    fn check_binary(&self) -> Result<(), MetadataError> {
        let mut binary = self.fields().filter(|(key, _)| is_binary(key.as_str()));
        match binary.find(|(_, value)| split_binary(value).any(|part| decode(part).is_none())) {
            Some((key, _)) => Err(Kind::MalformedBase64(key.to_string()).into()),
            None => Ok(()),
        }
    }

    /// Adds everything to the headers that are about to be sent.
    pub(crate) fn append_to(self, headers: &mut HeaderMap) {
        match self.fields {
            None => {}
            Some(fields) if fields.hidden == 0 && headers.is_empty() => *headers = fields.headers,
            Some(fields) if fields.hidden == 0 => headers.extend(fields.headers),
            Some(_) => self.copy_to(headers),
        }
    }

    /// As [`append_to`](Self::append_to), for headers that may have to be made again.
    pub(crate) fn copy_to(&self, headers: &mut HeaderMap) {
        for (key, value) in self.fields() {
            headers.append(key, value.clone());
        }
    }

    fn fields(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        let has_hidden = self.fields.as_ref().is_some_and(|fields| fields.hidden > 0);
        let fields = self.fields.iter().flat_map(|fields| &fields.headers);
        fields.filter(move |(key, _)| !has_hidden || ProtocolHeader::of(key).is_none())
    }

    /// Every value of a key, in order.
    fn values(&self, key: Option<HeaderName>) -> impl Iterator<Item = &HeaderValue> {
        let found = self.fields.as_ref().zip(key);
        found
            .into_iter()
            .flat_map(|(fields, key)| fields.headers.get_all(key))
    }

    fn put(&mut self, key: HeaderName, value: HeaderValue, put: Put) -> Result<(), MetadataError> {
        let headers = &mut self.fields.get_or_insert_default().headers;
        let result = match put {
            Put::Replace => headers.try_insert(key, value).map(drop),
            Put::Add => headers.try_append(key, value).map(drop),
        };
        result.map_err(|_| Kind::TooMany.into())
    }
}

/// Whether both have the same keys, each with the same values in the same order.
impl PartialEq for MetadataMap {
    fn eq(&self, other: &MetadataMap) -> bool {
        let has_same = |(key, _): (&HeaderName, _)| {
            let [own, others] = [self, other].map(|map| map.values(Some(key.clone())));
            own.eq(others)
        };
        self.len() == other.len() && self.fields().all(has_same)
    }
}

impl Eq for MetadataMap {}

/// Credentials are not shown: who logs a request does not want to log its caller's token.
impl fmt::Debug for MetadataMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.iter().map(|(key, value)| match key {
            "authorization" | "proxy-authorization" | "cookie" | "set-cookie" => {
                (key, MetadataValue::Ascii("(not shown)"))
            }
            _ => (key, value),
        });
        f.debug_map().entries(shown).finish()
    }
}

enum Put {
    Replace,
    Add,
}

fn lower_case(key: &str) -> Option<HeaderName> {
    HeaderName::from_bytes(key.as_bytes()).ok()
}

/// The name as it may be asked for: not the protocol's own.
fn readable(key: &str) -> Option<HeaderName> {
    lower_case(key).filter(|name| ProtocolHeader::of(name).is_none())
}

/// The name as it may be set by a user: legal, lower-cased by `http`, and not the protocol's own.
fn settable(key: &str) -> Result<HeaderName, MetadataError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let name = lower_case(key)
        .filter(|_| key.bytes().all(legal))
        .ok_or_else(|| Kind::IllegalKey(key.to_owned()))?;
    if name.as_str().starts_with("grpc-") || REFUSED_NAMES.contains(&name.as_str()) {
        return Err(Kind::ReservedKey(key.to_owned()).into());
    }
    Ok(name)
}

fn ascii_entry(key: &str, value: &str) -> Result<(HeaderName, HeaderValue), MetadataError> {
    let name = settable(key)?;
    if is_binary(name.as_str()) {
        return Err(Kind::BinaryKey(key.to_owned()).into());
    }
    if !value.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        return Err(Kind::IllegalValue(key.to_owned()).into());
    }
    let value = HeaderValue::from_str(value).map_err(|_| Kind::IllegalValue(key.to_owned()))?;
    Ok((name, value))
}

fn binary_entry(key: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue), MetadataError> {
    let name = settable(key)?;
    if !is_binary(name.as_str()) {
        return Err(Kind::AsciiKey(key.to_owned()).into());
    }
    Ok((name, encode(value)))
}

/// Bytes as they travel in a header value.
pub(crate) fn encode(value: &[u8]) -> HeaderValue {
    HeaderValue::try_from(BASE64.encode(value)).expect("base64 is a valid header value")
}

/// Bytes out of one header value that holds no comma.
pub(crate) fn decode(part: &[u8]) -> Option<Bytes> {
    BASE64.decode(part.trim_ascii()).ok().map(Bytes::from)
}

fn split_binary(value: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    value.as_bytes().split(|&byte| byte == b',')
}

fn binary_values(value: &HeaderValue) -> impl Iterator<Item = Bytes> {
    split_binary(value).filter_map(decode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol_headers::ProtocolHeaders;

    fn received(entries: &[(&'static str, &'static str)]) -> Result<MetadataMap, MetadataError> {
        let mut headers = HeaderMap::new();
        for &(key, value) in entries {
            headers.append(key, HeaderValue::from_static(value));
        }
        let others = ProtocolHeaders::of(&headers).others();
        MetadataMap::received(headers, others)
    }

    #[test]
    fn repeated_keys_keep_their_order() {
        let mut metadata = MetadataMap::new();
        metadata.append("k", "1").unwrap();
        metadata.append("K", "2").unwrap();
        assert_eq!(metadata.get_all("k").collect::<Vec<_>>(), ["1", "2"]);
        metadata.insert("k", "3").unwrap();
        assert_eq!(metadata.get_all("k").collect::<Vec<_>>(), ["3"]);
    }

    #[test]
    fn binary_values_are_read_padded_unpadded_and_joined() {
        let metadata = received(&[("k-bin", "AQ==,AgM"), ("k-bin", "BA")]).unwrap();
        let values: Vec<_> = metadata.get_all_bin("k-bin").collect();
        assert_eq!(values, [&[1][..], &[2, 3], &[4]]);
    }

    #[test]
    fn binary_values_are_written_without_padding() {
        let mut metadata = MetadataMap::new();
        metadata.insert_bin("k-bin", [1]).unwrap();
        let mut sent = HeaderMap::new();
        metadata.copy_to(&mut sent);
        assert_eq!(sent["k-bin"], "AQ");
        metadata.insert_bin("k-bin", []).unwrap();
        assert_eq!(metadata.get_bin("k-bin").as_deref(), Some(&[][..]));
    }

    #[test]
    fn malformed_base64_from_a_peer_is_an_error() {
        assert!(received(&[("k-bin", "A")]).is_err());
        assert!(received(&[("k-bin", "AQ==,%")]).is_err());
    }

    #[test]
    fn reserved_and_illegal_names_are_refused() {
        let mut metadata = MetadataMap::new();
        for key in [
            "grpc-timeout",
            "grpc-foo",
            "te",
            "Content-Type",
            ":path",
            "a b",
            "",
            "host",
        ] {
            assert!(metadata.insert(key, "x").is_err(), "{key:?}");
        }
        for key in ["grpc-status-details-bin", "grpc-foo-bin", "no-suffix"] {
            assert!(metadata.insert_bin(key, "x").is_err(), "{key:?}");
        }
        assert!(metadata.insert("k-bin", "text").is_err());
        assert!(metadata.insert("k", "caf\u{e9}").is_err());
        assert!(metadata.insert("k", "a\nb").is_err());
        assert!(metadata.is_empty());
    }

    #[test]
    fn credentials_are_not_shown() {
        let mut metadata = MetadataMap::new();
        metadata.insert("authorization", "Bearer secret").unwrap();
        metadata.insert("k", "v").unwrap();
        let shown = format!("{metadata:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("authorization"), "{shown}");
        assert!(shown.contains("\"v\""), "{shown}");
    }

    #[test]
    fn protocol_headers_of_a_peer_are_not_metadata() {
        let metadata = received(&[
            ("content-type", "application/grpc"),
            ("te", "trailers"),
            ("grpc-timeout", "1S"),
            ("user-agent", "peer"),
            ("k", "v"),
        ])
        .unwrap();
        assert_eq!(metadata.get("user-agent"), Some("peer"));
        assert_eq!(metadata.len(), 2);
        for name in ["content-type", "te", "grpc-timeout"] {
            assert_eq!(metadata.get(name), None);
            assert!(!metadata.contains_key(name));
        }
        assert_eq!(metadata.iter().count(), 2);
        let mut sent = HeaderMap::new();
        metadata.append_to(&mut sent);
        assert_eq!(sent.len(), 2);
    }
}
