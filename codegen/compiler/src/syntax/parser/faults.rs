//! What can be wrong with a statement, in words. No constructor decides anything; `expect` has the words for what is
//! merely missing.

use super::expect::Expectation;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::lexer::{Token, TokenKind};
use crate::syntax::source::SourceFile;
use crate::syntax::span::Span;

/// A token as messages name it.
pub(super) fn describe(source: &SourceFile, token: Token) -> String {
    const SHOWN_MAX: usize = 40;
    let text = String::from_utf8_lossy(source.slice(token.span));
    match token.kind {
        TokenKind::End => "the end of the file".to_owned(),
        TokenKind::String => "a string".to_owned(),
        _ if text.len() > SHOWN_MAX => "a long token".to_owned(),
        _ => format!("`{text}`"),
    }
}

pub(super) fn expected(expected: &Expectation, found: &str, at: Span) -> Diagnostic {
    let message = format!("expected {}, found {found}", expected.what);
    Diagnostic::error(expected.code, message, at).help(expected.help)
}

pub(super) fn expected_behind(what: &Expectation, found: &str, at: Span, end: Span) -> Diagnostic {
    let mut diagnostic = expected(what, found, at).anchored(at);
    diagnostic.labels[0].span = end;
    diagnostic.label(format!("expected {} here", what.what))
}

pub(super) fn too_many(max: usize, file: Span) -> Diagnostic {
    let message = format!("this file has more than {max} faults; the others are not shown");
    Diagnostic::error("too-many-faults", message, Span::at(file.end))
}

pub(super) fn no_syntax(at: Span) -> Diagnostic {
    Diagnostic::warning(
        "no-syntax",
        "this file does not say which language it is written in, so it is read as proto2",
        at,
    )
    .help("begin the file with `syntax = \"proto2\";`, `syntax = \"proto3\";` or `edition = \"2023\";`")
}

pub(super) fn unknown_syntax(value: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "unknown-syntax",
        format!("there is no syntax \"{value}\""),
        at,
    )
    .help(
        "the syntax is \"proto2\" or \"proto3\"; newer languages are written `edition = \"2023\";`",
    )
}

pub(super) fn unknown_edition(value: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "unknown-edition",
        format!("there is no edition \"{value}\""),
        at,
    )
    .help("editions are \"2023\", \"2024\" and \"2026\"")
}

pub(super) fn late_syntax(word: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "late-syntax",
        format!("`{word}` must be the first statement of the file"),
        at,
    )
    .help("move it to the top; there can be only one")
}

pub(super) fn not_top_level(found: &str, at: Span) -> Diagnostic {
    let message = format!("expected a top-level statement, found {found}");
    Diagnostic::error("not-top-level", message, at)
        .note("a file holds `package`, `import`, `option`, `message`, `enum`, `service` and `extend` statements")
}

pub(super) fn unmatched_brace(at: Span) -> Diagnostic {
    Diagnostic::error("unmatched-brace", "this `}` closes nothing", at)
        .help("delete it, or look for a `{` that is missing above")
}

pub(super) fn second_package(at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("second-package", "a file has only one package", at)
        .label("second package statement")
        .also(first, "the package is set here")
        .help("keep one of them")
}

pub(super) fn early_option_import(at: Span) -> Diagnostic {
    Diagnostic::error(
        "early-option-import",
        "`import option` came with edition 2024",
        at,
    )
    .help("use a plain import, or begin the file with `edition = \"2024\";`")
}

pub(super) fn late_import(keyword: Span, at: Span, option_import: Span) -> Diagnostic {
    Diagnostic::error(
        "late-import",
        "plain imports come before option imports",
        keyword.to(at),
    )
    .anchored(at)
    .also(option_import, "an option import stands before it")
    .help("move the import up")
}

pub(super) fn weak_import(at: Span) -> Diagnostic {
    Diagnostic::error(
        "late-weak-import",
        "edition 2024 has no weak imports any more",
        at,
    )
    .help("use `import option` if only options come from the file")
}

pub(super) fn early_visibility(word: &str, at: Span, anchor: Span) -> Diagnostic {
    Diagnostic::error(
        "early-visibility",
        format!("`{word}` came with edition 2024"),
        at,
    )
    .anchored(anchor)
    .help(format!(
        "drop `{word}`, or begin the file with `edition = \"2024\";`"
    ))
}

pub(super) fn misplaced_visibility(word: &str, modifier: Span, at: Span) -> Diagnostic {
    Diagnostic::error(
        "misplaced-visibility",
        format!("only messages and enums can be marked `{word}`"),
        modifier,
    )
    .anchored(at)
    .help(format!(
        "drop `{word}`; if it is meant as the name of a type, write it with its package"
    ))
}

pub(super) fn nested_too_deeply(max: u32, at: Span) -> Diagnostic {
    Diagnostic::error(
        "message-depth",
        format!("messages nest deeper than {max} levels"),
        at,
    )
    .help("move inner messages to the top level")
}

pub(super) fn unclosed_block(what: &str, open: Span, end: Span) -> Diagnostic {
    let message = format!("the file ends inside this {what}");
    Diagnostic::error("unclosed-block", message, open)
        .anchored(end)
        .label("opened here")
        .help("close it with `}`")
}

pub(super) fn empty_block(what: &str, open: Span, end: Span) -> Diagnostic {
    let message = format!("this {what} has no fields");
    Diagnostic::error("empty-block", message, open.to(end))
        .anchored(end)
        .help("declare a field in it, or delete it")
}

pub(super) fn explicit_map_entry(at: Span) -> Diagnostic {
    Diagnostic::error(
        "explicit-map-entry",
        "`map_entry` is set by the compiler alone",
        at,
    )
    .help("use a field of type `map<key, value>`")
}

pub(super) fn missing_label(ty: Span, explain: bool) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "missing-label",
        "a proto2 field needs a label: `optional`, `required` or `repeated`",
        ty,
    )
    .label("no label before the type");
    if !explain {
        return diagnostic;
    }
    diagnostic
        .help("add a label, such as `optional`")
        .help("or put `syntax = \"proto3\";` at the top of the file, where fields need no label")
}

pub(super) fn optional_in_edition(at: Span) -> Diagnostic {
    Diagnostic::error("label-in-edition", "editions have no label `optional`", at)
        .note(
            "a field without a label has presence unless `features.field_presence` says otherwise",
        )
        .help("drop the label")
}

pub(super) fn required_in_edition(at: Span) -> Diagnostic {
    Diagnostic::error("label-in-edition", "editions have no label `required`", at)
        .help("write `[features.field_presence = LEGACY_REQUIRED]` behind the number")
}

pub(super) fn label_in_oneof(at: Span) -> Diagnostic {
    Diagnostic::error("label-in-oneof", "fields of a oneof have no label", at)
        .help("drop the label; at most one field of a oneof is set at a time")
}

pub(super) fn map_in_oneof(map: Span, at: Span) -> Diagnostic {
    Diagnostic::error("map-in-oneof", "a oneof cannot hold a map", map)
        .anchored(at)
        .help("put the map into a message of its own")
}

pub(super) fn labelled_map(label: Span, at: Span) -> Diagnostic {
    Diagnostic::error("labelled-map", "a map field has no label", label)
        .anchored(at)
        .help("drop the label; a map always holds any number of entries")
}

pub(super) fn map_extension(map: Span, at: Span) -> Diagnostic {
    Diagnostic::error("map-extension", "an extension cannot be a map", map)
        .anchored(at)
        .help("use a repeated message with a key and a value")
}

pub(super) fn group_in_map(at: Span) -> Diagnostic {
    Diagnostic::error("group-in-map", "a map cannot hold groups", at)
        .help("declare a message, and name it here")
}

pub(super) fn group_in_edition(at: Span) -> Diagnostic {
    Diagnostic::error("group-in-edition", "editions have no groups", at)
        .help("declare a message, and a field of it with `[features.message_encoding = DELIMITED]`")
}

pub(super) fn group_name(at: Span) -> Diagnostic {
    Diagnostic::error(
        "group-name",
        "the name of a group begins with a capital letter",
        at,
    )
    .note("a group declares a message; the field is called the same in lower case")
}

pub(super) fn missing_group_body(found: &str, at: Span) -> Diagnostic {
    let message = format!("expected the body of the group, found {found}");
    Diagnostic::error("missing-group-body", message, at)
        .help("a group is written `optional group Name = 1 { }`")
}

pub(super) fn built_in_type(word: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "not-a-message",
        format!("expected a message, found the built-in type `{word}`"),
        at,
    )
    .help("wrap the value in a message")
}

pub(super) fn out_of_range(min: &str, max: u64, at: Span) -> Diagnostic {
    Diagnostic::error("integer-out-of-range", "this integer is too large", at)
        .note(format!("numbers from {min} to {max} fit here"))
}

pub(super) fn number_past_end(number: Span, at: Span) -> Diagnostic {
    Diagnostic::error("number-out-of-bounds", "this is not a field number", number)
        .anchored(at)
        .help("field numbers end at 536870911; write `max` for all that are left")
}

pub(super) fn negative_unsigned(at: Span) -> Diagnostic {
    Diagnostic::error(
        "negative-default",
        "an unsigned field has no negative values",
        at,
    )
    .help("drop the sign, or use a signed type")
}

pub(super) fn message_default(at: Span) -> Diagnostic {
    Diagnostic::error(
        "message-default",
        "a message field has no default value",
        at,
    )
    .help("drop the default; an absent message is its own default")
}

pub(super) fn second_default(at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("second-default", "the default is already set", at)
        .also(first, "set here")
        .help("keep one of them")
}

pub(super) fn second_json_name(at: Span, first: Span) -> Diagnostic {
    Diagnostic::error("second-json-name", "the JSON name is already set", at)
        .also(first, "set here")
        .help("keep one of them")
}

pub(super) fn signed_identifier(value: Span, at: Span) -> Diagnostic {
    Diagnostic::error(
        "signed-identifier",
        "only numbers, `inf` and `nan` can be negative",
        value,
    )
    .anchored(at)
    .help("drop the sign")
}

pub(super) fn signed_string(sign: Span, at: Span) -> Diagnostic {
    Diagnostic::error("signed-string", "a string has no sign", sign)
        .anchored(at)
        .help("drop the sign")
}

pub(super) fn reserved_string_in_edition(at: Span) -> Diagnostic {
    Diagnostic::error(
        "reserved-string",
        "editions reserve names without quotes",
        at,
    )
    .help("drop the quotes")
}

pub(super) fn reserved_identifier(at: Span) -> Diagnostic {
    Diagnostic::error(
        "reserved-identifier",
        "proto2 and proto3 reserve names in quotes",
        at,
    )
    .help("put the name in quotes")
}

pub(super) fn odd_reserved_name(name: &str, at: Span) -> Diagnostic {
    Diagnostic::warning(
        "odd-reserved-name",
        format!("no field can be called \"{name}\", so reserving it does nothing"),
        at,
    )
    .help("reserve one name per string, made of letters, digits and `_`")
}

pub(super) fn useless_alias_option(
    name: &str,
    declared: Span,
    option: Span,
    at: Span,
) -> Diagnostic {
    Diagnostic::error(
        "useless-allow-alias",
        format!("`allow_alias` is not turned on for `{name}`, so the option has no effect"),
        option,
    )
    .anchored(at)
    .also(declared, "the enum")
    .help("delete the option")
}

pub(super) fn unused_alias_option(name: &str, option: Span, at: Span) -> Diagnostic {
    Diagnostic::error(
        "unused-allow-alias",
        format!("`{name}` allows aliases, but no two of its values share a number"),
        option,
    )
    .anchored(at)
    .help("delete the option until there is an alias")
}

pub(super) fn bad_literal(
    code: &'static str,
    message: String,
    at: Span,
    literal: Span,
) -> Diagnostic {
    Diagnostic::error(code, message, at).anchored(literal)
}

pub(super) fn literal_too_deep(max: u32, at: Span, literal: Span) -> Diagnostic {
    let message = format!("this value nests messages deeper than {max} levels");
    bad_literal("literal-depth", message, at, literal)
}

pub(super) fn literal_comment(at: Span) -> Diagnostic {
    Diagnostic::warning(
        "literal-comment",
        "`#` hides everything up to the end of this value, not only of this line",
        at,
    )
    .note("the value is joined into one line before it is read as text format")
    .help("use `//`")
}
