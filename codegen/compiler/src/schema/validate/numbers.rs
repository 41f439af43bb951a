//! Numbers of fields and extensions, ranges, and what is reserved in messages.

use std::collections::{HashMap, HashSet};

use super::Checker;
use crate::schema::model::{
    FieldId, IdRange, MAX_FIELD_NUMBER, MessageId, OneofId, ReservedName, Symbol,
};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// Numbers that the wire format's implementations keep for themselves.
const IMPLEMENTATION: std::ops::RangeInclusive<i32> = 19_000..=19_999;

/// A range of a message, whatever it is for. The end is exclusive.
#[derive(Clone, Copy)]
struct Stretch {
    start: i32,
    end: i32,
    span: Span,
    /// For extensions, rather than reserved.
    is_extensions: bool,
    /// Position in the source.
    position: usize,
}

impl Checker<'_> {
    pub(super) fn numbers(&mut self) {
        let all = self.model.files[self.file].all;
        for message in all.messages.iter() {
            if self.model.messages[message].is_map_entry {
                continue;
            }
            self.field_numbers(message);
            self.ranges(message);
            if !self.subject.is_broken {
                self.empty_oneofs(message);
            }
        }
        for field in all.fields.iter() {
            if self.model.fields[field].is_extension() {
                self.extension_number(field);
            }
        }
    }

    fn field_numbers(&mut self, message: MessageId) {
        let fields = self.model.messages[message].fields;
        let mut seen: HashMap<i32, FieldId> = HashMap::with_capacity(fields.len());
        for id in fields.iter() {
            let field = &self.model.fields[id];
            let (number, span) = (field.number, field.number_span);
            // Without a number the field is broken already.
            if span.is_empty() {
                continue;
            }
            if let Some(error) = self.bad_number(message, number, span) {
                self.report(error);
                continue;
            }
            match seen.get(&number) {
                None => {
                    seen.insert(number, id);
                }
                Some(&first) => self.number_used_twice(message, id, first),
            }
        }
    }

    /// A number that no field can have.
    fn bad_number(&self, message: MessageId, number: i32, span: Span) -> Option<Diagnostic> {
        let error = if number <= 0 {
            let message = "field numbers must be positive integers";
            Diagnostic::error("field-number-not-positive", message, span)
        } else if number > MAX_FIELD_NUMBER {
            let message = format!("field numbers cannot be greater than {MAX_FIELD_NUMBER}");
            Diagnostic::error("field-number-too-large", message, span)
        } else if self.is_of_implementation(number) {
            number_of_implementation(span)
        } else {
            return None;
        };
        Some(error.help(self.free_number(message)))
    }

    /// protoc looks at the files it was asked for only (`ParseInputFiles`, command_line_interface.cc).
    fn is_of_implementation(&self, number: i32) -> bool {
        self.subject.is_root && IMPLEMENTATION.contains(&number)
    }

    fn number_used_twice(&mut self, message: MessageId, id: FieldId, first: FieldId) {
        let (field, first) = (&self.model.fields[id], &self.model.fields[first]);
        let text = format!(
            "field number {} has already been used in `{}` by field `{}`",
            field.number,
            self.message_name(message),
            self.text(first.name),
        );
        let error = Diagnostic::error("field-number-twice", text, field.number_span)
            .label("used again here")
            .also(first.number_span, "first used here")
            .help(self.free_number(message));
        self.report(error);
    }

    /// Advice with the least number that nothing in the message has.
    fn free_number(&self, message: MessageId) -> String {
        let data = &self.model.messages[message];
        let fields = data.fields.iter().map(|field| {
            let number = self.model.fields[field].number;
            (number, number.saturating_add(1))
        });
        let mut taken: Vec<(i32, i32)> = fields.collect();
        taken.extend(
            data.reserved_ranges
                .iter()
                .map(|range| (range.start, range.end)),
        );
        let extensions = data
            .extension_ranges
            .iter()
            .map(|id| &self.model.extension_ranges[id]);
        taken.extend(extensions.map(|range| (range.start, range.end)));
        taken.push((*IMPLEMENTATION.start(), *IMPLEMENTATION.end() + 1));
        taken.sort_unstable();
        let mut free = 1;
        for (start, end) in taken {
            if start <= free {
                free = free.max(end);
            }
        }
        if free > MAX_FIELD_NUMBER {
            return "the message has no number left: nest its fields in another one".to_owned();
        }
        format!("the next available field number is {free}")
    }

    fn ranges(&mut self, message: MessageId) {
        let data = &self.model.messages[message];
        let mut stretches = Vec::new();
        for (position, range) in data.reserved_ranges.iter().enumerate() {
            let (start, end, span) = (range.start, range.end, range.span);
            stretches.push(Stretch {
                start,
                end,
                span,
                is_extensions: false,
                position,
            });
        }
        for (position, id) in data.extension_ranges.iter().enumerate() {
            let range = &self.model.extension_ranges[id];
            let (start, end, span) = (range.start, range.end, range.span);
            stretches.push(Stretch {
                start,
                end,
                span,
                is_extensions: true,
                position,
            });
        }
        for stretch in &stretches {
            self.limits(message, stretch);
        }
        stretches.retain(|stretch| stretch.start < stretch.end);
        stretches.sort_by_key(|stretch| (stretch.start, stretch.end));
        self.overlaps(&stretches);
        self.fields_in_ranges(data.fields, &stretches);
        let names = data.reserved_names.as_slice();
        let fields = data.fields.iter().map(|field| {
            let field = &self.model.fields[field];
            (self.model.text.get(field.name), field.name_span)
        });
        let fields: Vec<_> = fields.collect();
        self.reserved_names("field name", data.name_span, names, &fields);
    }

    fn limits(&mut self, message: MessageId, stretch: &Stretch) {
        let Stretch {
            start, end, span, ..
        } = *stretch;
        let kind = if stretch.is_extensions {
            "extension"
        } else {
            "reserved"
        };
        if start <= 0 {
            let text = format!("{kind} numbers must be positive integers");
            self.report(Diagnostic::error("range-not-positive", text, span));
        }
        if start >= end {
            let text = format!("{kind} range end must not be less than its start");
            let error = Diagnostic::error("range-reversed", text, span);
            self.report(error.help("put the smaller number first"));
        }
        // Items of message sets carry their numbers as plain `int32`s.
        let is_message_set = self.model.messages[message].is_message_set;
        let max = if is_message_set {
            i32::MAX
        } else {
            MAX_FIELD_NUMBER
        };
        let last = i64::from(end) - 1;
        if stretch.is_extensions && last > i64::from(max) {
            let text = format!("extension numbers cannot be greater than {max}");
            let error = Diagnostic::error("extension-range-too-large", text, span);
            self.report(error.help("write `max` for the greatest number"));
        }
    }

    /// `stretches` are sorted by their start.
    fn overlaps(&mut self, stretches: &[Stretch]) {
        let mut furthest: Option<Stretch> = None;
        for &stretch in stretches {
            if let Some(before) = furthest.filter(|before| before.end > stretch.start) {
                self.overlap(before, stretch);
            }
            if furthest.is_none_or(|before| before.end < stretch.end) {
                furthest = Some(stretch);
            }
        }
    }

    /// Reported at the first of two like ranges, and at the extension range of two unlike ones, as protoc does.
    fn overlap(&mut self, a: Stretch, b: Stretch) {
        let is_later = |stretch: &Stretch| (stretch.is_extensions, stretch.position);
        let (first, second) = if is_later(&a) < is_later(&b) {
            (a, b)
        } else {
            (b, a)
        };
        let kind = |stretch: &Stretch| {
            if stretch.is_extensions {
                "extension"
            } else {
                "reserved"
            }
        };
        let text = format!(
            "{} range {} to {} overlaps with {} range {} to {}",
            kind(&second),
            second.start,
            second.end - 1,
            kind(&first),
            first.start,
            first.end - 1,
        );
        let is_alike = first.is_extensions == second.is_extensions;
        let anchor = if is_alike { first.span } else { second.span };
        let error = Diagnostic::error("range-overlap", text, second.span)
            .also(first.span, "the other range")
            .anchored(anchor);
        self.report(error);
    }

    fn fields_in_ranges(&mut self, fields: IdRange<FieldId>, stretches: &[Stretch]) {
        if stretches.is_empty() {
            return;
        }
        for id in fields.iter() {
            let field = &self.model.fields[id];
            let behind = stretches.partition_point(|stretch| stretch.start <= field.number);
            // Where ranges overlap, which has been reported, one of them is enough.
            let around = stretches[..behind]
                .last()
                .filter(|stretch| field.number < stretch.end);
            let Some(stretch) = around else { continue };
            if field.number_span.is_empty() {
                continue;
            }
            let name = self.text(field.name);
            let number = field.number;
            let (code, text) = if stretch.is_extensions {
                let (start, last) = (stretch.start, stretch.end - 1);
                let text =
                    format!("extension range {start} to {last} includes field `{name}` ({number})");
                ("field-in-extension-range", text)
            } else {
                (
                    "field-number-reserved",
                    format!("field `{name}` uses reserved number {number}"),
                )
            };
            let mut error = Diagnostic::error(code, text, field.number_span)
                .also(stretch.span, "the range")
                .anchored(stretch.span);
            if let Some(message) = field.parent {
                error = error.help(self.free_number(message));
            }
            self.report(error);
        }
    }

    /// Names that are reserved twice, or in use. protoc reports the former at the name of the whole.
    pub(super) fn reserved_names(
        &mut self,
        kind: &str,
        whole: Span,
        reserved: &[ReservedName],
        used: &[(&str, Span)],
    ) {
        if reserved.is_empty() {
            return;
        }
        let mut seen: HashMap<&[u8], Span> = HashMap::new();
        for name in reserved {
            let text = String::from_utf8_lossy(&name.name);
            match seen.get(&*name.name) {
                None => {
                    seen.insert(&name.name, name.span);
                }
                Some(&first) => {
                    let text = format!("{kind} `{text}` is reserved multiple times");
                    let error = Diagnostic::error("name-reserved-twice", text, name.span)
                        .also(first, "first reserved here")
                        .anchored(whole)
                        .help("remove one of the two");
                    self.report(error);
                }
            }
        }
        for &(name, span) in used {
            if let Some(&reserved) = seen.get(name.as_bytes()) {
                let error = Diagnostic::error(
                    "name-reserved",
                    format!("{kind} `{name}` is reserved"),
                    span,
                )
                .also(reserved, "reserved here")
                .help("choose another name");
                self.report(error);
            }
        }
    }

    fn empty_oneofs(&mut self, message: MessageId) {
        let data = &self.model.messages[message];
        let members = data
            .fields
            .iter()
            .filter_map(|field| self.model.fields[field].oneof);
        let members: HashSet<OneofId> = members.collect();
        for id in data.oneofs.iter().filter(|id| !members.contains(id)) {
            let oneof = &self.model.oneofs[id];
            let text = "oneof must have at least one field";
            let error = Diagnostic::error("empty-oneof", text, oneof.name_span);
            self.report(error.help("add a field, or remove the oneof"));
        }
    }

    fn extension_number(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        let span = field.number_span;
        if span.is_empty() {
            return;
        }
        if field.number <= 0 {
            let text = "field numbers must be positive integers";
            self.report(Diagnostic::error("field-number-not-positive", text, span));
            return;
        }
        if self.is_of_implementation(field.number) {
            self.report(number_of_implementation(span));
        }
        let Some(message) = field.extendee.and_then(|extendee| extendee.message) else {
            return;
        };
        let ranges = self.model.messages[message].extension_ranges;
        let is_in = |id| {
            let range = &self.model.extension_ranges[id];
            (range.start..range.end).contains(&field.number)
        };
        if !ranges.iter().any(is_in) {
            self.not_an_extension_number(id, message);
        } else if let Some(&first) = self.extension_numbers.get(&(message, field.number))
            && first != id
        {
            self.extension_number_twice(id, first, message);
        }
    }

    fn not_an_extension_number(&mut self, id: FieldId, message: MessageId) {
        const FEW: usize = 4;
        let field = &self.model.fields[id];
        let name = self.message_name(message);
        let text = format!(
            "`{name}` does not declare {} as an extension number",
            field.number
        );
        let mut error = Diagnostic::error("not-an-extension-number", text, field.number_span).also(
            self.model.name_span(Symbol::Message(message)),
            "the message is defined here",
        );
        let ranges = self.model.messages[message].extension_ranges;
        let shown = ranges.iter().take(FEW).map(|id| {
            let range = &self.model.extension_ranges[id];
            format!("{} to {}", range.start, i64::from(range.end) - 1)
        });
        let shown: Vec<String> = shown.collect();
        error = if shown.is_empty() {
            error.help(format!(
                "let `{name}` declare a range, such as `extensions 100 to max;`"
            ))
        } else {
            error.help(format!("its ranges are {}", shown.join(", ")))
        };
        self.report(error);
    }

    /// Within one file this is an error. Across files protoc warns, since such files are out there.
    fn extension_number_twice(&mut self, id: FieldId, first: FieldId, message: MessageId) {
        let (field, other) = (&self.model.fields[id], &self.model.fields[first]);
        let text = format!(
            "extension number {} has already been used in `{}` by extension `{}`",
            field.number,
            self.message_name(message),
            self.text(other.full_name),
        );
        let diagnostic = if other.file == field.file {
            Diagnostic::error("extension-number-twice", text, field.number_span)
        } else {
            let path = self.text(self.model.files[other.file].path);
            let text = format!("{text}, defined in \"{path}\"");
            Diagnostic::warning("extension-number-conflict", text, field.number_span)
        };
        self.report(diagnostic.also(other.number_span, "first used here"));
    }
}

fn number_of_implementation(span: Span) -> Diagnostic {
    let text = "field numbers 19000 to 19999 are reserved for the protocol buffer implementation";
    Diagnostic::error("field-number-of-implementation", text, span)
}
