//! What a file declares: messages, enums, a service. Names are unique in their package by the file's number.

use super::OPTIONS;
use super::random::Random;
use super::text::Text;
use std::collections::BTreeSet;

/// A file that others can import.
pub(crate) struct Neighbour {
    pub(crate) path: String,
    pub(crate) package: String,
    pub(crate) messages: Vec<String>,
}

/// The lower part of a file.
pub(crate) struct Declared {
    pub(crate) text: String,
    pub(crate) messages: Vec<String>,
    /// Paths of the files it needs.
    pub(crate) imports: BTreeSet<String>,
}

pub(crate) fn write(
    index: usize,
    is_proto2: bool,
    neighbours: &[&Neighbour],
    random: &mut Random,
) -> Declared {
    let messages: Vec<String> = (0..2 + random.below(10))
        .map(|position| format!("{}{}{index}x{position}", random.capital(), random.capital()))
        .collect();
    let mut body = Body {
        text: Text::new(),
        index,
        is_proto2,
        neighbours,
        messages: &messages,
        imports: BTreeSet::new(),
        random,
    };
    if !body.random.one_in(3) {
        body.service();
    }
    for message in &messages {
        body.message(message, 0);
    }
    body.enumeration(&format!("Kind{index}"));
    Declared {
        text: body.text.finish(),
        imports: body.imports,
        messages,
    }
}

struct Body<'a> {
    text: Text,
    index: usize,
    is_proto2: bool,
    neighbours: &'a [&'a Neighbour],
    messages: &'a [String],
    imports: BTreeSet<String>,
    random: &'a mut Random,
}

impl Body<'_> {
    fn service(&mut self) {
        self.text.blank();
        self.text.comment(self.random);
        self.text.open(&format!("service Service{}", self.index));
        self.imports.insert(OPTIONS.to_owned());
        let host = self.random.word();
        self.text
            .line(&format!("option (acme.api.host) = \"{host}.example.com\";"));
        self.text.line("option (acme.api.scopes) =");
        self.text.line("    \"https://auth.example.com/all,\"");
        self.text.line("    \"https://auth.example.com/read\";");
        for method in 0..2 + self.random.below(6) {
            self.method(method);
        }
        self.text.close();
    }

    fn method(&mut self, number: usize) {
        let request = &self.messages[self.random.below(self.messages.len())];
        let response = &self.messages[self.random.below(self.messages.len())];
        let stream = if self.random.one_in(6) { "stream " } else { "" };
        let verb = self
            .random
            .pick(&["Get", "List", "Create", "Update", "Delete"]);
        self.text.blank();
        self.text.comment(self.random);
        self.text.open(&format!(
            "rpc {verb}{number}({request}) returns ({stream}{response})"
        ));
        let (one, other) = (self.random.word(), self.random.word());
        self.text.open("option (acme.api.http) =");
        self.text.line(&format!(
            "post: \"/v1/{{name={one}s/*/{other}s/*}}:{verb}\""
        ));
        self.text.line("body: \"*\"");
        if self.random.one_in(4) {
            self.text.line(&format!(
                "additional_bindings {{ get: \"/v1/{{parent={one}s/*}}\" }}"
            ));
        }
        self.text.close_literal();
        self.text
            .line(&format!("option (acme.api.signature) = \"name,{one}\";"));
        self.text.close();
    }

    fn message(&mut self, name: &str, depth: usize) {
        self.text.blank();
        self.text.comment(self.random);
        self.text.open(&format!("message {name}"));
        if self.random.one_in(4) {
            self.resource(name);
        }
        let nested = if depth < 2 && self.random.one_in(4) {
            self.message("Part", depth + 1);
            self.enumeration("State");
            self.text.blank();
            true
        } else {
            false
        };
        let fields = 1 + self.random.below(9);
        for number in 1..=fields {
            self.field(number, nested);
        }
        if self.random.one_in(4) {
            self.oneof(fields + 1);
        }
        if self.random.one_in(8) {
            self.text.line(&format!(
                "reserved {}, {} to {};",
                fields + 10,
                fields + 12,
                fields + 20
            ));
            self.text.line("reserved \"retired\";");
        }
        self.text.close();
    }

    fn resource(&mut self, name: &str) {
        self.imports.insert(OPTIONS.to_owned());
        let word = self.random.word();
        self.text.open("option (acme.api.resource) =");
        self.text
            .line(&format!("type: \"{word}.example.com/{name}\""));
        self.text.line(&format!(
            "pattern: \"projects/{{project}}/{word}s/{{{word}}}\""
        ));
        self.text.line(&format!(
            "pattern: \"folders/{{folder}}/{word}s/{{{word}}}\""
        ));
        self.text.close_literal();
        self.text.blank();
    }

    fn field(&mut self, number: usize, has_nested: bool) {
        self.text.comment(self.random);
        let name = format!("{}_{}{number}", self.random.word(), self.random.word());
        let is_map = self.random.one_in(12);
        let ty = match self.random.below(10) {
            _ if is_map => {
                let value = self.message_type(has_nested);
                format!("map<string, {value}>")
            }
            0..6 => self.scalar().to_owned(),
            6 => self.well_known_type(),
            7 if has_nested => "State".to_owned(),
            7 => format!("Kind{}", self.index),
            _ => self.message_type(has_nested),
        };
        let label = match self.random.below(8) {
            _ if is_map => "",
            0 | 1 => "repeated ",
            2 => "optional ",
            _ if self.is_proto2 => "optional ",
            _ => "",
        };
        let options = match self.random.below(8) {
            0 | 1 => " [(acme.api.behavior) = REQUIRED]",
            2 => " [(acme.api.behavior) = OUTPUT_ONLY, deprecated = true]",
            3 => {
                " [\n    (acme.api.behavior) = OPTIONAL,\n    (acme.api.reference) = { type: \"acme.example.com/Thing\" }\n  ]"
            }
            _ => "",
        };
        if !options.is_empty() {
            self.imports.insert(OPTIONS.to_owned());
        }
        self.text
            .line(&format!("{label}{ty} {name} = {number}{options};"));
        self.text.blank();
    }

    fn oneof(&mut self, first: usize) {
        self.text.comment(self.random);
        self.text.open("oneof choice");
        for number in first..first + 1 + self.random.below(4) {
            self.text.comment(self.random);
            let scalar = self.scalar();
            self.text
                .line(&format!("{scalar} choice_{number} = {number};"));
        }
        self.text.close();
    }

    fn enumeration(&mut self, name: &str) {
        let prefix = name.to_uppercase();
        self.text.blank();
        self.text.comment(self.random);
        self.text.open(&format!("enum {name}"));
        self.text.line(&format!("{prefix}_UNSPECIFIED = 0;"));
        for number in 1..2 + self.random.below(8) {
            self.text.blank();
            self.text.comment(self.random);
            self.text.line(&format!("{prefix}_{number} = {number};"));
        }
        self.text.close();
    }

    fn scalar(&mut self) -> &'static str {
        self.random.pick(&[
            "string", "string", "string", "int32", "int64", "bool", "bytes", "double", "uint32",
        ])
    }

    fn well_known_type(&mut self) -> String {
        let types = ["Timestamp", "Duration", "Any"];
        let ty = self.random.pick(&types);
        self.imports
            .insert(format!("google/protobuf/{}.proto", ty.to_lowercase()));
        format!("google.protobuf.{ty}")
    }

    /// Written as people write it: relative where that is possible, with the package otherwise.
    fn message_type(&mut self, has_nested: bool) -> String {
        if has_nested && self.random.one_in(2) {
            return "Part".to_owned();
        }
        if !self.neighbours.is_empty() && self.random.one_in(2) {
            let import = self.neighbours[self.random.below(self.neighbours.len())];
            self.imports.insert(import.path.clone());
            let message = &import.messages[self.random.below(import.messages.len())];
            return format!("{}.{message}", import.package);
        }
        self.messages[self.random.below(self.messages.len())].clone()
    }
}
