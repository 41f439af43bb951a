//! From the byte where decoding failed to the field's path: the bytes up to there are walked once more, by descriptors, so
//! that decoding itself keeps no record. Never fails; where the walk ends early, so does the path.

use alloc::collections::BTreeMap;
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
    let mut walk = Walk {
        bytes,
        fault: fault.offset,
        path: String::new(),
    };
    let mut message = message.clone();
    let mut start = 0;
    for _ in 0..levels {
        match walk.descend(&message, start) {
            Some((nested, content)) => (message, start) = (nested, content),
            None => return walk.path,
        }
    }
    walk.last(&message, start);
    walk.path
}

struct Walk<'a> {
    bytes: &'a [u8],
    fault: usize,
    path: String,
}

/// A field in the bytes.
struct Found {
    number: u32,
    /// How many fields of the same number precede it.
    index: usize,
    tag: usize,
    content: usize,
    end: usize,
}

impl Walk<'_> {
    /// From a message whose fields begin at `start` to the message in it that holds the fault.
    fn descend(
        &mut self,
        message: &MessageDescriptor,
        start: usize,
    ) -> Option<(MessageDescriptor, usize)> {
        let fault = self.fault;
        let holds = |found: &Found| found.content <= fault && fault <= found.end;
        let is_message = |found: &Found| {
            let field = message.field(found.number);
            field.is_some_and(|field| field.kind().is_message())
        };
        let found = self.find(start, |found| holds(found) && is_message(found))?;
        let field = message.field(found.number)?;
        self.name(&field, found.index, found.content, found.end);
        let nested = field.message()?;
        if !nested.is_map_entry() {
            return Some((nested, found.content));
        }
        // The value of an entry is the message; the entry itself is no level.
        let value = self.find(found.content, |found| found.number == 2 && holds(found))?;
        Some((nested.field(2)?.message()?, value.content))
    }

    /// Names the field of `message` that holds the fault, which lies no deeper.
    fn last(&mut self, message: &MessageDescriptor, start: usize) {
        let len = self.bytes.len();
        let holds =
            |found: &Found| found.tag <= self.fault && (self.fault < found.end || found.end == len);
        if let Some(found) = self.find(start, holds)
            && let Some(field) = message.field(found.number)
        {
            self.name(&field, found.index, found.content, found.end);
        }
    }

    /// The first field from `at` on for which `matches` holds.
    fn find(&self, mut at: usize, matches: impl Fn(&Found) -> bool) -> Option<Found> {
        let mut counts = BTreeMap::<u32, usize>::new();
        loop {
            let (tag, body) = self.varint(at)?;
            let number = u32::try_from(tag >> 3).ok()?;
            let (content, end) = self.value(tag, body)?;
            let index = counts.entry(number).or_default();
            let found = Found {
                number,
                index: *index,
                tag: at,
                content,
                end,
            };
            if matches(&found) {
                return Some(found);
            }
            *index += 1;
            at = end;
        }
    }

    fn name(&mut self, field: &FieldDescriptor, index: usize, content: usize, end: usize) {
        push(&mut self.path, field.name());
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

    fn entry_key(&self, kind: Kind, start: usize, end: usize) -> String {
        let key = self.find(start, |found| found.number == 1 && found.end <= end);
        match key {
            Some(key) => self.key_text(kind, key.content, key.end),
            None => match kind {
                Kind::String => "\"\"".to_string(),
                Kind::Bool => "false".to_string(),
                _ => "0".to_string(),
            },
        }
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

pub(crate) fn push(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}
