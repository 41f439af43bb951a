//! What can be wrong with a token. Wording only: no constructor decides anything.
//!
//! Constructors that take two spans get the token so far and the byte at which protoc would complain.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

pub(super) fn not_utf8(here: Span) -> Diagnostic {
    Diagnostic::error(
        "not-utf8",
        "the file begins like a UTF-8 byte order mark, but is not one",
        here,
    )
    .help("save the file as UTF-8")
}

pub(super) fn utf16(here: Span) -> Diagnostic {
    Diagnostic::error("utf-16", "the file is UTF-16 text", here).help("save the file as UTF-8")
}

pub(super) fn not_ascii(span: Span, first: u8) -> Diagnostic {
    Diagnostic::error(
        "not-ascii",
        format!("byte 0x{first:02x} is outside ASCII"),
        span,
    )
    .label("only comments and strings may hold other characters")
}

pub(super) fn control_character(span: Span, byte: u8) -> Diagnostic {
    Diagnostic::error(
        "control-character",
        format!("control character 0x{byte:02x} in the text"),
        span,
    )
    .help("delete it; in a string, write it as an escape")
}

pub(super) fn nested_comment(span: Span, here: Span) -> Diagnostic {
    Diagnostic::error("nested-comment", "`/*` inside a block comment", span)
        .anchored(here)
        .label("block comments cannot be nested")
        .help("end the comment before this, or use `//` on every line")
}

pub(super) fn unclosed_comment(open: Span, here: Span) -> Diagnostic {
    Diagnostic::error("unclosed-comment", "this block comment never ends", open)
        .anchored(here)
        .label("it begins here")
        .help("close it with `*/`")
}

pub(super) fn missing_hex_digits(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error("missing-hex-digits", "no digits behind `0x`", token)
        .anchored(here)
        .help("write at least one hexadecimal digit")
}

pub(super) fn not_octal(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error(
        "not-octal",
        "a number with a leading zero is octal and has no 8 or 9",
        here,
    )
    .label("not an octal digit")
    .also(token, "octal because of this zero")
    .help("drop the leading zero to make it decimal")
}

pub(super) fn missing_exponent(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error("missing-exponent", "no digits in the exponent", token)
        .anchored(here)
        .help("write digits behind `e`, or drop it")
}

pub(super) fn letter_behind_number(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error("letter-behind-number", "a letter follows a number", here)
        .label("not part of the number")
        .also(token, "the number")
        .help("put a space between them, or drop the letter")
}

pub(super) fn second_point(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error(
        "second-point",
        "this number already has a point or an exponent",
        here,
    )
    .label("one point too many")
    .also(token, "the number so far")
}

pub(super) fn point_in_integer(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error(
        "point-in-integer",
        "hexadecimal and octal numbers have no fraction",
        here,
    )
    .label("unexpected point")
    .also(token, "the number so far")
    .help("write the number in decimal")
}

pub(super) fn point_behind_name(name: Span, point: Span) -> Diagnostic {
    Diagnostic::error(
        "point-behind-name",
        "a name runs into a decimal point",
        point,
    )
    .also(name, "the name")
    .help("put a space between them; parts of a name begin with a letter")
}

pub(super) fn unclosed_string(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error("unclosed-string", "this string never ends", token)
        .anchored(here)
        .label("it begins here")
        .help("close it with the quote it began with")
}

pub(super) fn line_break_in_string(token: Span, here: Span) -> Diagnostic {
    Diagnostic::error("line-break-in-string", "a string ends on its line", token)
        .anchored(here)
        .label("no closing quote on this line")
        .help(
            "close it, and go on with another string on the next line; adjacent strings are joined",
        )
}

pub(super) fn bad_hex_escape(escape: Span, here: Span) -> Diagnostic {
    Diagnostic::error("bad-escape", r"`\x` wants hexadecimal digits", escape)
        .anchored(here)
        .help(r"write one or two digits, as in `\x0a`")
}

pub(super) fn bad_unicode_escape(escape: Span, here: Span) -> Diagnostic {
    Diagnostic::error("bad-escape", r"`\u` wants four hexadecimal digits", escape)
        .anchored(here)
        .help(r"fill up with zeros, as in `\u00e9`")
}

pub(super) fn bad_long_unicode_escape(escape: Span, here: Span) -> Diagnostic {
    Diagnostic::error(
        "bad-escape",
        r"`\U` wants eight hexadecimal digits up to 0010ffff",
        escape,
    )
    .anchored(here)
    .help(r"fill up with zeros, as in `\U0001f600`")
}

pub(super) fn unknown_escape(escape: Span, here: Span) -> Diagnostic {
    Diagnostic::error("bad-escape", "there is no such escape", escape.to(here))
        .anchored(here)
        .help(r#"escapes are \a \b \f \n \r \t \v \\ \? \' \" \ooo \xhh \uhhhh \Uhhhhhhhh; write a backslash as `\\`"#)
}
