//! gzip and deflate, by flate2's pure-Rust backend.
//!
//! Never inflates more than it is allowed to.

use super::{Compression, too_large};
use crate::Status;
use bytes::{BufMut, BytesMut};
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::{self, Read, Write};

/// How much is inflated at a time.
const CHUNK_BYTES: usize = 8 * 1024;

/// The `gzip` encoding (RFC 1952).
#[derive(Clone, Copy, Debug)]
pub struct Gzip {
    level: flate2::Compression,
}

impl Gzip {
    /// With a level from 0, which only wraps, to 9, which takes longest. Defaults to 6; more than 9 is 9.
    pub fn level(level: u32) -> Gzip {
        Gzip {
            level: flate2::Compression::new(level.min(9)),
        }
    }
}

impl Default for Gzip {
    fn default() -> Self {
        Gzip::level(6)
    }
}

impl Compression for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn compress(&self, message: &[u8], buffer: &mut BytesMut) -> Result<(), Status> {
        let mut encoder = GzEncoder::new(buffer.writer(), self.level);
        encoder
            .write_all(message)
            .and_then(|()| encoder.try_finish())
            .map_err(not_compressed)
    }

    fn decompress(
        &self,
        compressed: &[u8],
        bytes_max: usize,
        buffer: &mut BytesMut,
    ) -> Result<(), Status> {
        inflate(GzDecoder::new(compressed), bytes_max, buffer)
    }
}

/// The `deflate` encoding, which in gRPC as in HTTP is the zlib format (RFC 1950).
#[derive(Clone, Copy, Debug)]
pub struct Deflate {
    level: flate2::Compression,
}

impl Deflate {
    /// With a level from 0, which only wraps, to 9, which takes longest. Defaults to 6; more than 9 is 9.
    pub fn level(level: u32) -> Deflate {
        Deflate {
            level: flate2::Compression::new(level.min(9)),
        }
    }
}

impl Default for Deflate {
    fn default() -> Self {
        Deflate::level(6)
    }
}

impl Compression for Deflate {
    fn name(&self) -> &'static str {
        "deflate"
    }

    fn compress(&self, message: &[u8], buffer: &mut BytesMut) -> Result<(), Status> {
        let mut encoder = ZlibEncoder::new(buffer.writer(), self.level);
        encoder
            .write_all(message)
            .and_then(|()| encoder.try_finish())
            .map_err(not_compressed)
    }

    fn decompress(
        &self,
        compressed: &[u8],
        bytes_max: usize,
        buffer: &mut BytesMut,
    ) -> Result<(), Status> {
        inflate(ZlibDecoder::new(compressed), bytes_max, buffer)
    }
}

fn not_compressed(error: io::Error) -> Status {
    Status::internal(format!("compressing a message: {error}")).with_source(error)
}

fn inflate(mut decoder: impl Read, bytes_max: usize, buffer: &mut BytesMut) -> Result<(), Status> {
    let mut chunk = [0; CHUNK_BYTES];
    let mut left = bytes_max;
    loop {
        let read = decoder.read(&mut chunk).map_err(|error| {
            Status::internal(format!("inflating a message: {error}")).with_source(error)
        })?;
        if read == 0 {
            return Ok(());
        }
        left = left.checked_sub(read).ok_or_else(|| too_large(bytes_max))?;
        buffer.extend_from_slice(&chunk[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn check_round_trip(compression: &dyn Compression, message: &[u8]) {
        let mut compressed = BytesMut::new();
        compression.compress(message, &mut compressed).unwrap();
        let mut inflated = BytesMut::new();
        compression
            .decompress(&compressed, message.len(), &mut inflated)
            .unwrap();
        assert_eq!(inflated, message);
    }

    #[test]
    fn messages_survive_every_level() {
        for level in 0..=9 {
            for message in [&b""[..], b"a", &[7; 100_000]] {
                check_round_trip(&Gzip::level(level), message);
                check_round_trip(&Deflate::level(level), message);
            }
        }
    }

    #[test]
    fn inflation_stops_at_the_limit() {
        let mut bomb = BytesMut::new();
        Gzip::default()
            .compress(&vec![0; 50_000_000], &mut bomb)
            .unwrap();
        let mut inflated = BytesMut::new();
        let status = Gzip::default()
            .decompress(&bomb, 10_000, &mut inflated)
            .unwrap_err();
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert!(inflated.capacity() < 100_000);
    }

    #[test]
    fn malformed_and_cut_bytes_are_refused() {
        let mut whole = BytesMut::new();
        Gzip::default().compress(b"hello", &mut whole).unwrap();
        for bytes in [&b"not gzip"[..], &whole[..whole.len() - 1], b""] {
            let status = Gzip::default()
                .decompress(bytes, 100, &mut BytesMut::new())
                .unwrap_err();
            assert_eq!(status.code(), Code::Internal, "{bytes:?}");
        }
    }
}
