//! Comments for `protobuf-codegen` to print: as rustdoc, and at the paths where it looks. Never touches a service.

use ironwire_codegen::rustdoc;
use protobuf::descriptor::source_code_info::Location;
use protobuf::descriptor::{DescriptorProto, FileDescriptorProto, SourceCodeInfo};

use super::comments::Comments;

/// Field numbers in descriptor.proto, which paths are made of.
const FILE_MESSAGE: i32 = 4;
const FILE_ENUM: i32 = 5;
const MESSAGE_FIELD: i32 = 2;
const MESSAGE_NESTED: i32 = 3;
const MESSAGE_ENUM: i32 = 4;

/// The comments of a file's messages, fields and enums.
pub(super) fn of(file: &FileDescriptorProto) -> SourceCodeInfo {
    let mut writer = Writer {
        comments: Comments::of(file),
        locations: Vec::new(),
    };
    for (number, message) in (0..).zip(&file.message_type) {
        let path = [FILE_MESSAGE, number];
        writer.message(message, &path, &path);
    }
    writer.each(file.enum_type.len(), &[FILE_ENUM], &[FILE_ENUM]);
    SourceCodeInfo {
        location: writer.locations,
        ..SourceCodeInfo::default()
    }
}

struct Writer<'a> {
    comments: Comments<'a>,
    locations: Vec<Location>,
}

impl Writer<'_> {
    /// `path` is the message's in the descriptor, and `asked` the one that `protobuf-codegen` asks for: it numbers nested
    /// messages without the map entries.
    fn message(&mut self, message: &DescriptorProto, path: &[i32], asked: &[i32]) {
        self.add(path, asked);
        let below = |path: &[i32], kind| [path, &[kind]].concat();
        self.each(
            message.field.len(),
            &below(path, MESSAGE_FIELD),
            &below(asked, MESSAGE_FIELD),
        );
        self.each(
            message.enum_type.len(),
            &below(path, MESSAGE_ENUM),
            &below(asked, MESSAGE_ENUM),
        );
        let nested = (0..)
            .zip(&message.nested_type)
            .filter(|(_, nested)| !nested.options.map_entry());
        for (position, (number, nested)) in (0..).zip(nested) {
            let path = [path, &[MESSAGE_NESTED, number]].concat();
            self.message(
                nested,
                &path,
                &[asked, &[MESSAGE_NESTED, position]].concat(),
            );
        }
    }

    fn each(&mut self, count: usize, path: &[i32], asked: &[i32]) {
        for number in 0..count as i32 {
            self.add(&[path, &[number]].concat(), &[asked, &[number]].concat());
        }
    }

    fn add(&mut self, path: &[i32], asked: &[i32]) {
        let lines = rustdoc(self.comments.at(path));
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(|line| tabbed(line)).collect();
            let mut location = Location {
                path: asked.to_vec(),
                ..Location::default()
            };
            location.set_leading_comments(lines.join("\n"));
            self.locations.push(location);
        }
    }
}

/// The line with tabs for each four spaces before it: `protobuf-codegen` drops a comment with a line that starts with so
/// many, and rustdoc reads a tab like them.
fn tabbed(line: &str) -> String {
    match line.strip_prefix("    ") {
        Some(rest) => format!("\t{}", tabbed(rest)),
        None => line.to_owned(),
    }
}
