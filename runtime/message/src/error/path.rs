//! From the byte where decoding failed to the field's path: the bytes up to there are walked once more, by what is known of the
//! message types, so that decoding itself keeps no record. Never fails; where the walk ends early, so does the path.

use alloc::format;
use alloc::string::String;

use crate::error::key;
use crate::error::outline::{Outline, Part};
use crate::error::walk::{Found, Walk};
use crate::table::Label;
use crate::wire::Fault;

/// The path of the field at `fault`, which lies `levels` messages below `message`, whose bytes are `bytes`.
pub(crate) fn find<O: Outline>(message: &O, bytes: &[u8], fault: &Fault, levels: u32) -> String {
    let mut search = Search {
        walk: Walk { bytes },
        fault: fault.offset,
        path: String::new(),
    };
    let mut message = message.clone();
    let mut start = 0;
    for _ in 0..levels {
        match search.descend(&message, start) {
            Some((nested, content)) => (message, start) = (nested, content),
            None => return search.path,
        }
    }
    search.last(&message, start);
    search.path
}

struct Search<'a> {
    walk: Walk<'a>,
    fault: usize,
    path: String,
}

impl Search<'_> {
    /// From a message whose fields begin at `start` to the message in it that holds the fault.
    fn descend<O: Outline>(&mut self, message: &O, start: usize) -> Option<(O, usize)> {
        let fault = self.fault;
        let holds = |found: &Found| found.content <= fault && fault <= found.end;
        let (found, index) = self.find(start, |found| {
            let field = message.field(found.number);
            holds(found) && field.is_some_and(|field| field.message.is_some())
        })?;
        let field = message.field(found.number)?;
        self.name(message, &field, &found, index);
        let content = match field.key {
            None => found.content,
            // The value of an entry is the message; the entry itself is no level.
            Some(_) => {
                let mut fields = self.walk.fields(found.content);
                fields
                    .find(|found| found.number == 2 && holds(found))?
                    .content
            }
        };
        Some((field.message?, content))
    }

    /// Names the field of `message` that holds the fault, which lies no deeper.
    fn last<O: Outline>(&mut self, message: &O, start: usize) {
        let len = self.walk.bytes.len();
        let holds =
            |found: &Found| found.tag <= self.fault && (self.fault < found.end || found.end == len);
        if let Some((found, index)) = self.find(start, holds)
            && let Some(field) = message.field(found.number)
        {
            self.name(message, &field, &found, index);
        }
    }

    /// The first field from `at` on for which `matches` holds, and how many fields of the same number precede it.
    fn find(&self, at: usize, matches: impl Fn(&Found) -> bool) -> Option<(Found, usize)> {
        let found = self.walk.fields(at).find(matches)?;
        let earlier = self
            .walk
            .fields(at)
            .take_while(|field| field.tag < found.tag);
        let index = earlier.filter(|field| field.number == found.number).count();
        Some((found, index))
    }

    fn name<O: Outline>(&mut self, message: &O, field: &Part<O>, found: &Found, index: usize) {
        push(&mut self.path, &message.name(found.number));
        if let Some(kind) = field.key {
            let key = key::text(self.walk, kind, found.content, found.end);
            self.path.push_str(&format!("[{key}]"));
        } else if matches!(field.label, Label::Repeated | Label::Packed) {
            self.path.push_str(&format!("[{index}]"));
        }
    }
}

pub(crate) fn push(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}
