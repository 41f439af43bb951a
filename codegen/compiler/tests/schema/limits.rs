//! `features.enforce_proto_limits`: declarations that are just small enough, and those with one member more. They are too
//! long to be kept as files. Wording apart, protoc 36.2 must agree.

use ironwire_compiler::Compiler;
use ironwire_compiler::loader::MemoryLoader;

use crate::protoc::{self, Protoc};

const OFF: &str = "option features.enforce_proto_limits = LEGACY_NO_EXPLICIT_LIMITS;";
const ON: &str = "option features.enforce_proto_limits = PROTO_LIMITS2026;";

/// Compiles `body` as edition 2026, and says which errors there are.
fn errors(body: &str) -> Vec<String> {
    let text = format!("edition = \"2026\"; {body}");
    let mut files = MemoryLoader::new();
    files.add("limits.proto", text.as_str());
    let compilation = Compiler::new(files).compile(["limits.proto"]);
    let diagnostics = compilation.diagnostics().iter();
    let errors: Vec<String> = diagnostics
        .filter(|it| it.is_error())
        .map(|it| it.message.clone())
        .collect();
    if let Some(protoc) = protoc::vendored() {
        let accepted = accepts(&protoc, &text);
        assert_eq!(accepted, errors.is_empty(), "protoc 36.2 and {errors:?}");
    }
    errors
}

fn accepts(protoc: &Protoc, text: &str) -> bool {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join("limits.proto"), text).expect("it can be written to");
    let verdict = protoc.compile(folder.path(), "limits.proto");
    verdict.descriptors.is_some()
}

fn fields(first: usize, last: usize) -> String {
    let fields = (first..=last).map(|number| format!("int32 f{number} = {number};"));
    fields.collect()
}

#[test]
fn fields_of_a_message() {
    let message = |last| format!("message M {{ {} }}", fields(1, last));
    assert_eq!(errors(&message(1500)), [""; 0]);
    assert_eq!(errors(&message(1501)), ["message `M` has 1501 fields"]);
    let in_oneofs = format!(
        "message M {{ oneof a {{ {} }} oneof b {{ {} }} }}",
        fields(1, 1000),
        fields(1001, 1501)
    );
    assert_eq!(errors(&in_oneofs), ["message `M` has 1501 fields"]);
    let extensions = format!(
        "message M {{ extensions 1 to max; }} extend M {{ {} }}",
        fields(1, 1501)
    );
    assert_eq!(errors(&extensions), [""; 0]);
}

#[test]
fn oneofs_of_a_message() {
    let message = |count| {
        let oneofs =
            (1..=count).map(|number| format!("oneof o{number} {{ {} }}", fields(number, number)));
        format!("message M {{ {} }}", oneofs.collect::<String>())
    };
    assert_eq!(errors(&message(1000)), [""; 0]);
    assert_eq!(errors(&message(1001)), ["message `M` has 1001 oneofs"]);
}

#[test]
fn fields_of_a_oneof() {
    let oneof = |message_option, oneof_option, last| {
        format!(
            "message M {{ {message_option} oneof o {{ {oneof_option} {} }} }}",
            fields(1, last)
        )
    };
    assert_eq!(errors(&oneof("", "", 1200)), [""; 0]);
    assert_eq!(errors(&oneof("", "", 1201)), ["oneof `o` has 1201 fields"]);
    assert_eq!(errors(&oneof("", OFF, 1201)), [""; 0]);
    assert_eq!(errors(&oneof(OFF, "", 1201)), [""; 0]);
    assert_eq!(errors(&oneof(OFF, ON, 1201)), ["oneof `o` has 1201 fields"]);
    assert_eq!(
        errors(&oneof("", "", 1501)),
        ["message `M` has 1501 fields", "oneof `o` has 1501 fields"]
    );
}

#[test]
fn values_of_an_enum() {
    let item = |option, count| {
        let values = (0..count).map(|number| format!("V{number} = {number};"));
        format!("enum E {{ {option} {} }}", values.collect::<String>())
    };
    assert_eq!(errors(&item("", 1700)), [""; 0]);
    assert_eq!(errors(&item("", 1701)), ["enum `E` has 1701 values"]);
    assert_eq!(errors(&item(OFF, 1701)), [""; 0]);
    let nested = format!("message M {{ {OFF} {} }}", item("", 1701));
    assert_eq!(errors(&nested), [""; 0]);
}
