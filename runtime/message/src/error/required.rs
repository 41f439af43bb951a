//! Which required field a message lacks, by its bytes: a message may come in several parts, of which no one needs to have them
//! all, and whether the rest followed is known at the end. Never keeps a value.

use alloc::collections::BinaryHeap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::error::key;
use crate::error::outline::{Outline, Part};
use crate::error::path::push;
use crate::error::walk::{Found, Walk};
use crate::reflect::Kind;
use crate::table::Label;
use crate::wire::{WireType, is_utf8};

/// A required field that is missing.
pub(crate) struct Missing {
    /// Its path from the outermost message.
    pub(crate) path: String,
    /// Where the last part of the message that lacks it ends.
    pub(crate) offset: usize,
}

/// The first required field that `message`, whose well-formed bytes are `bytes`, or a message in it lacks.
pub(crate) fn find<O: Outline>(message: &O, bytes: &[u8]) -> Option<Missing> {
    let whole = 0..bytes.len();
    missing(message, Walk { bytes }, core::slice::from_ref(&whole))
}

/// The parts of one message.
type Parts = Vec<Range<usize>>;

/// The messages that a message has in one field, in the order in which they came: each with what stands behind the field's name in
/// a path, and its parts. None is left of a map's entry whose key came again.
#[derive(Default)]
struct Held(Vec<Option<(String, Parts)>>);

/// What there is for each of some numbers, in their order. No tree, whose code would be a twentieth of a small program's.
struct ByNumber<T>(Vec<(u32, T)>);

fn missing<O: Outline>(message: &O, walk: Walk<'_>, parts: &[Range<usize>]) -> Option<Missing> {
    let fields = held(message, walk, parts);
    let mut required = message.required().into_iter();
    if let Some(number) = required.find(|number| fields.place(*number).is_err()) {
        return Some(Missing {
            path: message.name(number),
            offset: parts.last().map_or(0, |part| part.end),
        });
    }
    fields.0.into_iter().find_map(|(number, mut held)| {
        let field = message.field(number)?;
        let nested = field.message?;
        if field.key.is_some() {
            held.drop_replaced();
        }
        held.0.into_iter().flatten().find_map(|(element, parts)| {
            let Missing { path: rest, offset } = missing(&nested, walk, &parts)?;
            let mut path = format!("{}{element}", message.name(number));
            push(&mut path, &rest);
            Some(Missing { path, offset })
        })
    })
}

/// The fields that a message has, by their numbers.
fn held<O: Outline>(message: &O, walk: Walk<'_>, parts: &[Range<usize>]) -> ByNumber<Held> {
    let mut fields = ByNumber(Vec::new());
    let mut oneofs = ByNumber(Vec::new());
    for part in parts {
        for found in walk.to(part.end).fields(part.start) {
            let Some(field) = message.field(found.number) else {
                continue;
            };
            if !is_value(message, &field, walk, &found) {
                continue;
            }
            if let Some(oneof) = field.oneof {
                let set = oneofs.entry(oneof);
                if *set != found.number {
                    fields.remove(*set);
                    *set = found.number;
                }
            }
            let held: &mut Held = fields.entry(found.number);
            if field.message.is_some() {
                held.add(&field, walk, &found);
            }
        }
    }
    fields
}

impl Held {
    fn add<O>(&mut self, field: &Part<O>, walk: Walk<'_>, found: &Found) {
        let part = found.content..found.end;
        if let Some(key) = field.key {
            let element = format!("[{}]", key::text(walk, key, part.start, part.end));
            let values = walk
                .to(part.end)
                .fields(part.start)
                .filter(|found| found.number == 2 && found.wire == WireType::Len);
            let mut parts: Parts = values.map(|value| value.content..value.end).collect();
            if parts.is_empty() {
                // An empty message.
                parts.push(part.end..part.end);
            }
            self.0.push(Some((element, parts)));
        } else if field.label == Label::Repeated {
            let element = format!("[{}]", self.0.len());
            self.0.push(Some((element, [part].into())));
        } else if let Some(Some((_, parts))) = self.0.first_mut() {
            parts.push(part);
        } else {
            self.0.push(Some((String::new(), [part].into())));
        }
    }
}

impl Held {
    /// Drops the entries of a map whose key came again.
    fn drop_replaced(&mut self) {
        let keys = self.0.iter().enumerate();
        let mut keys: BinaryHeap<(String, usize)> = keys
            .filter_map(|(at, message)| Some((message.as_ref()?.0.clone(), at)))
            .collect();
        let mut later = None;
        while let Some((key, at)) = keys.pop() {
            if later.as_ref() == Some(&key) {
                self.0[at] = None;
            }
            later = Some(key);
        }
    }
}

impl<T: Default> ByNumber<T> {
    fn place(&self, number: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&number, |(number, _)| *number)
    }

    fn entry(&mut self, number: u32) -> &mut T {
        let at = self.place(number).unwrap_or_else(|at| {
            self.0.insert(at, (number, T::default()));
            at
        });
        &mut self.0[at].1
    }

    fn remove(&mut self, number: u32) {
        if let Ok(at) = self.place(number) {
            self.0.remove(at);
        }
    }
}

/// Whether what was found is a value of the field, and no unknown field of its number.
fn is_value<O: Outline>(message: &O, field: &Part<O>, walk: Walk<'_>, found: &Found) -> bool {
    let own = match field.key {
        Some(_) => WireType::Len,
        None => field.kind.wire_type(),
    };
    if found.wire != own {
        let is_packed = matches!(field.label, Label::Repeated | Label::Packed);
        return is_packed && found.wire == WireType::Len;
    }
    match field.kind {
        _ if field.key == Some(Kind::String) && !field.checks_utf8 => {
            let keys = walk.to(found.end).fields(found.content);
            let is_text = |key: Found| is_utf8(&walk.bytes[key.content..key.end]);
            let key = keys
                .filter(|key| key.number == 1 && key.wire == WireType::Len)
                .last();
            key.is_none_or(is_text)
        }
        _ if field.key.is_some() => true,
        Kind::Enum => {
            let number = walk.varint(found.content).map_or(0, |(value, _)| value);
            message.has_value(found.number, number as i32)
        }
        Kind::String => field.checks_utf8 || is_utf8(&walk.bytes[found.content..found.end]),
        _ => true,
    }
}
