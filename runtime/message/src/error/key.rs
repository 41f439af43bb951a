//! The keys of maps in the paths of errors, as their bytes have them. Never fails: what is malformed is shown as far as it goes.

use alloc::format;
use alloc::string::{String, ToString};

use crate::error::walk::Walk;
use crate::reflect::Kind;
use crate::wire::unzigzag;

/// The key of the map entry whose fields are from `start` to `end`, as text.
pub(super) fn text(walk: Walk<'_>, kind: Kind, start: usize, end: usize) -> String {
    let entry = walk.to(end);
    let key = entry.fields(start).filter(|found| found.number == 1).last();
    match key {
        Some(key) => value(entry, kind, key.content, key.end),
        None => match kind {
            Kind::String => "\"\"".to_string(),
            Kind::Bool => "false".to_string(),
            _ => "0".to_string(),
        },
    }
}

fn value(walk: Walk<'_>, kind: Kind, content: usize, end: usize) -> String {
    let varint = || walk.varint(content).map(|(value, _)| value);
    let shown = match kind {
        Kind::String => {
            let text = String::from_utf8_lossy(&walk.bytes[content..end]);
            Some(format!("{text:?}"))
        }
        Kind::Bool => Some((walk.bytes.get(content) != Some(&0)).to_string()),
        Kind::Sint32 | Kind::Sint64 => varint().map(|key| unzigzag(key).to_string()),
        Kind::Fixed32 | Kind::Fixed64 | Kind::Sfixed32 | Kind::Sfixed64 => {
            let mut key = [0; 8];
            let bytes = &walk.bytes[content..end.min(content + 8)];
            key[..bytes.len()].copy_from_slice(bytes);
            Some(match kind {
                Kind::Fixed64 => u64::from_le_bytes(key).to_string(),
                Kind::Sfixed32 => (i64::from_le_bytes(key) as i32).to_string(),
                _ => i64::from_le_bytes(key).to_string(),
            })
        }
        Kind::Uint32 => varint().map(|key| (key as u32).to_string()),
        Kind::Uint64 => varint().map(|key| key.to_string()),
        Kind::Int32 => varint().map(|key| (key as i32).to_string()),
        _ => varint().map(|key| (key as i64).to_string()),
    };
    shown.unwrap_or_default()
}
