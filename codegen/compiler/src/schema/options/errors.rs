//! Wording of faults in names and values of options. Nothing is checked here.
//!
//! protoc reports faults of a name at its start and faults of a value at the value's start; labels are finer.

use crate::schema::lookup::Miss;
use crate::schema::model::{EnumId, FieldId, FileId, MessageId, Model, Symbol};
use crate::schema::names;
use crate::syntax::ast;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::source::SourceFile;
use crate::syntax::span::Span;

pub(super) fn already_set(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(
        "option-set-twice",
        format!("option `{name}` was already set"),
        span,
    )
    .label("set again here")
    .also(first, "first set here")
    .help("remove one of the two")
}

pub(super) fn name_too_long(span: Span, max: usize) -> Diagnostic {
    let message = format!("the name of this option has more than {max} parts");
    Diagnostic::error("option-name-depth", message, span)
}

pub(super) fn incomplete(
    model: &Model,
    field: FieldId,
    missing: &[String],
    span: Span,
) -> Diagnostic {
    let name = full_name(model, field);
    let missing = missing.join(", ");
    let message = format!("option `{name}` is missing required fields: {missing}");
    Diagnostic::error("option-missing-fields", message, span)
}

pub(super) fn reserved_name(span: Span) -> Diagnostic {
    Diagnostic::error(
        "reserved-option-name",
        "option must not use the reserved name `uninterpreted_option`",
        span,
    )
}

pub(super) fn unknown_option(
    model: &Model,
    name: &ast::OptionName,
    part: &ast::OptionNamePart,
    text: &str,
    message: MessageId,
) -> Diagnostic {
    let message_name = model.text.get(model.messages[message].full_name);
    let is_first = part.span == name.parts[0].span;
    let error = Diagnostic::error(
        if is_first {
            "unknown-option"
        } else {
            "unknown-option-field"
        },
        format!("option `{text}` is unknown"),
        part.span,
    )
    .label(format!("`{message_name}` has no field of this name"))
    .anchored(name.span);
    if name.parts.len() == 1 || part.span.start == name.span.start {
        error.help(format!(
            "custom options are written in parentheses: `({text})`"
        ))
    } else {
        error.also(
            model.messages[message].name_span,
            "the message is defined here",
        )
    }
}

pub(super) fn unknown_extension(
    model: &Model,
    file: FileId,
    text: &str,
    span: Span,
    miss: Miss,
) -> Diagnostic {
    if let Some(symbol) = miss.not_imported {
        let path = model.text.get(model.files[model.file_of(symbol)].path);
        let importer = model.text.get(model.files[file].path);
        return Diagnostic::error(
            "option-not-imported",
            format!("option `({text})` is defined in \"{path}\", which is not imported by \"{importer}\""),
            span,
        )
        .also(model.name_span(symbol), "defined here")
        .help(format!("add `import \"{path}\";`"));
    }
    if let Some(resolved) = miss.resolved_to {
        return Diagnostic::error(
            "option-not-defined-in-inner-scope",
            format!("option `({text})` is resolved to `({resolved})`, which is not defined"),
            span,
        )
        .note("the innermost scope that has the first part of a name decides")
        .help(format!(
            "write `(.{text})` to start from the outermost scope"
        ));
    }
    Diagnostic::error(
        "unknown-custom-option",
        format!("option `({text})` is unknown"),
        span,
    )
    .help("import the file that defines the option")
}

pub(super) fn not_an_extension(model: &Model, text: &str, span: Span, found: Symbol) -> Diagnostic {
    Diagnostic::error(
        "not-an-option",
        format!("option `({text})` is unknown"),
        span,
    )
    .label(format!("this is {}, not an extension", names::kind(found)))
    .also(model.name_span(found), "defined here")
}

pub(super) fn wrong_extendee(
    model: &Model,
    text: &str,
    span: Span,
    field: FieldId,
    message: MessageId,
) -> Diagnostic {
    let wanted = model.text.get(model.messages[message].full_name);
    let error = Diagnostic::error(
        "wrong-option-message",
        format!("option field `({text})` is not a field or extension of message `{wanted}`"),
        span,
    );
    match model.containing_message(field) {
        Some(other) => error.also(
            model.fields[field].name_span,
            format!(
                "it belongs to `{}`",
                model.text.get(model.messages[other].full_name)
            ),
        ),
        None => error,
    }
}

pub(super) fn feature_of_this_file(
    model: &Model,
    text: &str,
    span: Span,
    field: FieldId,
) -> Diagnostic {
    Diagnostic::error(
        "feature-of-this-file",
        format!("feature `({text})` can't be used in the same file it's defined in"),
        span,
    )
    .also(model.fields[field].name_span, "defined here")
    .help("define the feature in a file of its own")
}

pub(super) fn not_a_message(
    model: &Model,
    source: &SourceFile,
    part: &ast::OptionNamePart,
    field: FieldId,
) -> Diagnostic {
    let name = source.text(part.span);
    Diagnostic::error(
        "option-is-atomic",
        format!("option `{name}` is an atomic type, not a message"),
        part.span,
    )
    .also(model.fields[field].type_span, "its type")
    .help("set the option itself")
}

pub(super) fn repeated_message(
    model: &Model,
    source: &SourceFile,
    part: &ast::OptionNamePart,
    field: FieldId,
) -> Diagnostic {
    let name = source.text(part.span);
    Diagnostic::error(
        "option-is-repeated",
        format!("option field `{name}` is a repeated message"),
        part.span,
    )
    .also(model.fields[field].name_span, "defined here")
    .help(format!("add a whole message: `{name} = {{ … }}`"))
}

fn full_name(model: &Model, field: FieldId) -> &str {
    model.text.get(model.fields[field].full_name)
}

fn value_error(
    code: &'static str,
    model: &Model,
    field: FieldId,
    wanted: &str,
    span: Span,
) -> Diagnostic {
    let name = full_name(model, field);
    Diagnostic::error(
        code,
        format!("value must be {wanted} for option `{name}`"),
        span,
    )
}

pub(super) fn not_an_integer(
    model: &Model,
    field: FieldId,
    min: i128,
    max: i128,
    span: Span,
) -> Diagnostic {
    value_error(
        "option-not-an-integer",
        model,
        field,
        &format!("an integer from {min} to {max}"),
        span,
    )
}

pub(super) fn out_of_range(
    model: &Model,
    field: FieldId,
    min: i128,
    max: i128,
    span: Span,
) -> Diagnostic {
    Diagnostic::error(
        "option-out-of-range",
        format!(
            "value out of range for option `{}`",
            full_name(model, field)
        ),
        span,
    )
    .note(format!("its values are {min} to {max}"))
}

pub(super) fn not_a_number(model: &Model, field: FieldId, span: Span) -> Diagnostic {
    value_error("option-not-a-number", model, field, "a number", span)
}

pub(super) fn not_a_bool(model: &Model, field: FieldId, span: Span) -> Diagnostic {
    value_error("option-not-a-bool", model, field, "`true` or `false`", span)
}

pub(super) fn not_a_string(model: &Model, field: FieldId, span: Span) -> Diagnostic {
    value_error("option-not-a-string", model, field, "a quoted string", span)
}

pub(super) fn not_an_enum_value(model: &Model, field: FieldId, span: Span) -> Diagnostic {
    value_error(
        "option-not-an-enum-value",
        model,
        field,
        "the name of an enum value",
        span,
    )
}

pub(super) fn unknown_enum_value(
    model: &Model,
    field: FieldId,
    ty: EnumId,
    name: &str,
    span: Span,
) -> Diagnostic {
    const FEW: usize = 8;
    let values = model.enums[ty].values;
    let known = values
        .iter()
        .take(FEW)
        .map(|value| format!("`{}`", model.text.get(model.enum_values[value].name)));
    let known: Vec<String> = known.collect();
    let more = if values.len() > FEW { ", …" } else { "" };
    let enum_name = model.text.get(model.enums[ty].full_name);
    Diagnostic::error(
        "option-unknown-enum-value",
        format!(
            "enum type `{enum_name}` has no value named `{name}` for option `{}`",
            full_name(model, field),
        ),
        span,
    )
    .help(format!("use one of its values: {}{more}", known.join(", ")))
}

pub(super) fn not_an_aggregate(model: &Model, field: FieldId, span: Span) -> Diagnostic {
    let name = model.text.get(model.fields[field].name);
    Diagnostic::error(
        "option-is-a-message",
        format!("option `{}` is a message", full_name(model, field)),
        span,
    )
    .help(format!(
        "set all of it with `{name} = {{ … }}`, or a field of it with `{name}.field = value`"
    ))
}

/// A fault inside of a message literal: protoc reports it at the literal's start.
pub(super) fn in_literal(
    code: &'static str,
    message: impl Into<String>,
    span: Span,
    literal: Span,
) -> Diagnostic {
    Diagnostic::error(code, message, span).anchored(literal)
}
