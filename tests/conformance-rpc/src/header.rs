//! Metadata as the runner writes it down: names with lists of texts, the bytes of `-bin` keys in base64.
//!
//! Never drops a value without a word: what is no metadata is an error.

use crate::v1::Header;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine as _};
use ironwire::{MetadataMap, MetadataValue, Status};

/// Written without padding and read with or without it, as gRPC has it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Adds what the runner wants sent.
///
/// # Errors
/// `INVALID_ARGUMENT` for what cannot be metadata.
pub(crate) fn add(headers: &[Header], metadata: &mut MetadataMap) -> Result<(), Status> {
    for Header { name, value, .. } in headers {
        for value in value {
            let added = if name.ends_with("-bin") {
                metadata.append_bin(name, BASE64.decode(value).map_err(wrong)?)
            } else {
                metadata.append(name, value)
            };
            added.map_err(wrong)?;
        }
    }
    Ok(())
}

fn wrong(error: impl std::fmt::Display) -> Status {
    Status::invalid_argument(error.to_string())
}

/// What has arrived, a name with all its values.
pub(crate) fn list(metadata: &MetadataMap) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    for (name, value) in metadata.iter() {
        let value = match value {
            MetadataValue::Ascii(text) => text.to_owned(),
            MetadataValue::Binary(bytes) => BASE64.encode(bytes),
        };
        match headers.iter_mut().find(|header| header.name == name) {
            Some(header) => header.value.push(value),
            None => headers.push(Header {
                name: name.to_owned(),
                value: vec![value],
                ..Default::default()
            }),
        }
    }
    headers
}
