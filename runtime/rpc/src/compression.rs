//! Message encodings: which ones a side understands, which one it sends with, and the negotiation between them.
//!
//! Follows the gRPC "Compression" document. Never allocates by what compressed bytes claim: inflation stops at the limit
//! for messages.

#[cfg(feature = "compression")]
mod flate;

#[cfg(feature = "compression")]
pub use flate::{Deflate, Gzip};

use crate::Status;
use crate::outgoing::Compressor;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
pub(crate) const GRPC_ACCEPT_ENCODING: HeaderName = HeaderName::from_static("grpc-accept-encoding");

/// What leaves a message as it is.
const IDENTITY: &str = "identity";

/// A message encoding, by the name that peers know it by.
///
/// Implement it for encodings beyond gzip and deflate; both sides must be told of it.
pub trait Compression: Send + Sync + 'static {
    /// The name in `grpc-encoding`: lower case letters, digits and `-`.
    fn name(&self) -> &'static str;

    /// Appends the compressed message to `buffer`.
    ///
    /// # Errors
    /// The status that the call ends with.
    fn compress(&self, message: &[u8], buffer: &mut BytesMut) -> Result<(), Status>;

    /// Appends the message to `buffer`, at most `bytes_max` bytes of it.
    ///
    /// # Errors
    /// The status that the call ends with: `INTERNAL` for bytes that are malformed, [`too_large`] for a message beyond
    /// the limit.
    fn decompress(
        &self,
        compressed: &[u8],
        bytes_max: usize,
        buffer: &mut BytesMut,
    ) -> Result<(), Status>;
}

/// The status for a message that would inflate beyond its limit.
pub fn too_large(bytes_max: usize) -> Status {
    Status::resource_exhausted(format!(
        "a message inflates beyond the limit of {bytes_max} bytes"
    ))
}

/// Turns the compression of a call's messages off and on while they are sent.
///
/// It counts for the messages that are encoded after it is set, which in a stream are those that the stream gives next.
#[derive(Clone, Debug)]
pub struct CompressionSwitch {
    on: Arc<AtomicBool>,
}

impl Default for CompressionSwitch {
    fn default() -> Self {
        CompressionSwitch {
            on: Arc::new(AtomicBool::new(true)),
        }
    }
}

impl CompressionSwitch {
    /// Whether the next messages are compressed.
    pub fn set(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }
}

/// The encodings of a server or a channel.
#[derive(Clone)]
pub(crate) struct Encodings {
    accepted: Vec<Arc<dyn Compression>>,
    /// The value of `grpc-accept-encoding`; `None` where nothing but the identity is understood.
    accepted_value: Option<HeaderValue>,
    sent: Option<Arc<dyn Compression>>,
    /// Messages of fewer bytes are sent as they are.
    pub(crate) compressed_bytes_min: usize,
}

impl Default for Encodings {
    fn default() -> Self {
        let accepted = builtin();
        Encodings {
            accepted_value: accepted_value(&accepted),
            accepted,
            sent: None,
            compressed_bytes_min: 0,
        }
    }
}

#[cfg(feature = "compression")]
fn builtin() -> Vec<Arc<dyn Compression>> {
    vec![Arc::new(Gzip::default()), Arc::new(Deflate::default())]
}

#[cfg(not(feature = "compression"))]
fn builtin() -> Vec<Arc<dyn Compression>> {
    Vec::new()
}

impl Encodings {
    /// Understands one more encoding, or one instead of another of its name.
    pub(crate) fn accept(&mut self, compression: Arc<dyn Compression>) {
        self.accepted
            .retain(|accepted| accepted.name() != compression.name());
        self.accepted.push(compression);
        self.accepted_value = accepted_value(&self.accepted);
    }

    /// Sends with this encoding where the peer understands it.
    pub(crate) fn send(&mut self, compression: Arc<dyn Compression>) {
        self.accept(Arc::clone(&compression));
        self.sent = Some(compression);
    }

    pub(crate) fn sent(&self) -> Option<&Arc<dyn Compression>> {
        self.sent.as_ref()
    }

    /// What a server answers with: its own encoding, if the client's `grpc-accept-encoding` names it.
    pub(crate) fn sent_to(&self, request: &HeaderMap) -> Option<&Arc<dyn Compression>> {
        let sent = self.sent.as_ref()?;
        let accepted = request.get_all(GRPC_ACCEPT_ENCODING);
        let mut names = accepted
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','));
        names.any(|name| name.trim() == sent.name()).then_some(sent)
    }

    /// How the messages of a call are compressed.
    pub(crate) fn compressor(
        &self,
        compression: Option<&Arc<dyn Compression>>,
        switch: Option<CompressionSwitch>,
    ) -> Option<Compressor> {
        let compression = Arc::clone(compression?);
        Some(Compressor {
            compression,
            bytes_min: self.compressed_bytes_min,
            switch,
        })
    }

    /// What the messages behind this `grpc-encoding` are compressed with.
    ///
    /// # Errors
    /// The name, where it is not one that is understood here.
    pub(crate) fn of(
        &self,
        encoding: Option<&HeaderValue>,
    ) -> Result<Option<Arc<dyn Compression>>, String> {
        let Some(value) = encoding else {
            return Ok(None);
        };
        let name = String::from_utf8_lossy(value.as_bytes());
        if name == IDENTITY {
            return Ok(None);
        }
        let known = self
            .accepted
            .iter()
            .find(|accepted| accepted.name() == name);
        known.cloned().map(Some).ok_or_else(|| name.into_owned())
    }

    /// The value of `grpc-accept-encoding`; `None` where nothing but the identity is understood.
    pub(crate) fn accepted(&self) -> Option<HeaderValue> {
        self.accepted_value.clone()
    }
}

fn accepted_value(accepted: &[Arc<dyn Compression>]) -> Option<HeaderValue> {
    if accepted.is_empty() {
        return None;
    }
    let names: Vec<&str> = accepted
        .iter()
        .map(|accepted| accepted.name())
        .chain([IDENTITY])
        .collect();
    HeaderValue::try_from(names.join(",")).ok()
}

/// Undoes the compression of a message that is flagged as compressed.
pub(crate) fn decompress(
    compression: Option<&Arc<dyn Compression>>,
    message: &[u8],
    bytes_max: usize,
) -> Result<Bytes, Status> {
    let compression = compression.ok_or_else(|| {
        Status::internal("a message is flagged as compressed, and grpc-encoding names no encoding")
    })?;
    let mut buffer = BytesMut::new();
    compression.decompress(message, bytes_max, &mut buffer)?;
    Ok(buffer.freeze())
}

/// The value of `grpc-encoding` for messages that may be compressed so.
pub(crate) fn encoding_value(compression: &dyn Compression) -> HeaderValue {
    HeaderValue::from_static(compression.name())
}
