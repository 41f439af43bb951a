//! From the byte where decoding failed to the field's path: the bytes up to there are walked once more, by descriptors, so
//! that decoding itself keeps no record. Never fails; where the walk ends early, so does the path.

use alloc::format;
use alloc::string::{String, ToString};

use crate::reflect::{FieldDescriptor, Kind, MessageDescriptor};
use crate::wire::Fault;

/// The path of the field at `fault`, which lies `levels` messages below `message`, whose bytes are `bytes`.
pub(crate) fn find(
    message: &MessageDescriptor,
    bytes: &[u8],
    fault: &Fault,
    levels: u32,
) -> String {
    let mut path = String::new();
    let mut walk = Walk {
        bytes,
        fault: fault.offset,
        path: &mut path,
    };
    walk.message(message.clone(), 0, levels);
    if let Some(missing) = fault.missing {
        push(&mut path, missing);
    }
    path
}

struct Walk<'a> {
    bytes: &'a [u8],
    fault: usize,
    path: &'a mut String,
}

impl Walk<'_> {
    /// Walks the fields from `at` on, until one of them holds the fault.
    fn message(&mut self, mut message: MessageDescriptor, mut at: usize, mut levels: u32) {
        let mut indices = alloc::collections::BTreeMap::<u32, usize>::new();
        while let Some((tag, body)) = self.varint(at) {
            let number = (tag >> 3) as u32;
            let Some((content, end)) = self.value(tag, body) else {
                return;
            };
            let holds =
                at <= self.fault && self.fault <= end && (levels == 0 || content <= self.fault);
            let field = message.field(number);
            let index = indices.entry(number).or_default();
            if !holds || (levels == 0 && self.fault == end && end != self.bytes.len()) {
                *index += 1;
                at = end;
                continue;
            }
            let Some(field) = field else { return };
            let nested = field.message().filter(|_| levels > 0);
            if nested.is_none() && self.fault == at && levels == 0 {
                self.name(&field, *index, content, end);
                return;
            }
            self.name(&field, *index, content, end);
            let Some(mut nested) = nested else { return };
            at = content;
            if nested.is_map_entry() {
                // The value of an entry is the message; the entry itself is no level.
                let Some(value) = nested.field(2).and_then(|value| value.message()) else {
                    return;
                };
                let Some(start) = self.entry_value(content, end) else {
                    return;
                };
                nested = value;
                at = start;
            }
            message = nested;
            levels -= 1;
            indices.clear();
        }
    }

    fn name(&mut self, field: &FieldDescriptor, index: usize, content: usize, end: usize) {
        push(self.path, field.name());
        if field.is_list() {
            self.path.push_str(&format!("[{index}]"));
        } else if let Some((key, _)) = field.map_entry() {
            let key = self.entry_key(key.kind(), content, end);
            self.path.push_str(&format!("[{key}]"));
        }
    }

    /// Where the content of a value begins and where the value ends.
    fn value(&self, tag: u64, at: usize) -> Option<(usize, usize)> {
        let end = match tag & 7 {
            0 => self.varint(at).map_or(self.bytes.len(), |(_, end)| end),
            1 => at + 8,
            5 => at + 4,
            2 => {
                let Some((len, content)) = self.varint(at) else {
                    return Some((at, self.bytes.len()));
                };
                let end = (content as u64).saturating_add(len);
                return Some((content, end.min(self.bytes.len() as u64) as usize));
            }
            3 => self.group_end(tag >> 3, at).unwrap_or(self.bytes.len()),
            _ => return None,
        };
        Some((at, end.min(self.bytes.len())))
    }

    /// The end of a group, or nothing where it has none.
    fn group_end(&self, number: u64, mut at: usize) -> Option<usize> {
        let mut open = alloc::vec![number];
        while let Some(number) = open.last() {
            let (tag, body) = self.varint(at)?;
            at = match tag & 7 {
                3 => {
                    open.push(tag >> 3);
                    body
                }
                4 if tag >> 3 == *number => {
                    open.pop();
                    body
                }
                4 => return None,
                _ => self.value(tag, body)?.1,
            };
        }
        Some(at)
    }

    fn entry_key(&self, kind: Kind, mut at: usize, end: usize) -> String {
        while at < end {
            let Some((tag, body)) = self.varint(at) else {
                break;
            };
            let Some((content, next)) = self.value(tag, body) else {
                break;
            };
            if tag >> 3 == 1 {
                return self.key_text(kind, content, next);
            }
            at = next;
        }
        String::new()
    }

    fn key_text(&self, kind: Kind, content: usize, end: usize) -> String {
        match kind {
            Kind::String => format!("{:?}", String::from_utf8_lossy(&self.bytes[content..end])),
            Kind::Bool => (self.bytes.get(content) != Some(&0)).to_string(),
            Kind::Sint32 | Kind::Sint64 => {
                self.varint(content).map_or_else(String::new, |(key, _)| {
                    crate::wire::unzigzag(key).to_string()
                })
            }
            Kind::Fixed32 | Kind::Fixed64 | Kind::Sfixed32 | Kind::Sfixed64 => {
                let mut key = [0; 8];
                let bytes = &self.bytes[content..end.min(content + 8)];
                key[..bytes.len()].copy_from_slice(bytes);
                i64::from_le_bytes(key).to_string()
            }
            _ => self
                .varint(content)
                .map_or_else(String::new, |(key, _)| (key as i64).to_string()),
        }
    }

    /// Where the content of the entry's value begins that holds the fault.
    fn entry_value(&self, mut at: usize, end: usize) -> Option<usize> {
        while at < end {
            let (tag, body) = self.varint(at)?;
            let (content, next) = self.value(tag, body)?;
            if tag >> 3 == 2 && self.fault <= next {
                return Some(content);
            }
            at = next;
        }
        None
    }

    fn varint(&self, at: usize) -> Option<(u64, usize)> {
        let mut value = 0;
        for (i, byte) in self.bytes.get(at..)?.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * i);
            if *byte < 0x80 {
                return Some((value, at + i + 1));
            }
        }
        None
    }
}

fn push(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}
