//! Options, defaults and message literals: names and values that later passes give a type. They are not typed here.

use super::{CommentsRef, Ident, Path, StringLiteral};
use crate::syntax::span::Span;

/// Options in brackets: `[deprecated = true, (my.option) = 1]`
#[derive(Debug)]
pub struct CompactOptions {
    /// From `[` to `]`.
    pub span: Span,
    /// The options, in order.
    pub entries: Vec<CompactOption>,
}

/// One entry in brackets. Only fields have the last two, which are no options in the descriptor.
#[derive(Debug)]
pub enum CompactOption {
    /// An option proper.
    Setting(OptionSetting),
    /// `default = …`
    Default(DefaultValue),
    /// `json_name = "…"`
    JsonName(JsonName),
}

/// `default = value`, already checked against the field's type as far as it is built in.
#[derive(Debug)]
pub struct DefaultValue {
    /// From `default` to the end of the value.
    pub span: Span,
    /// The value with its sign.
    pub value_span: Span,
    /// The value; `None` when it is not one for this type, which has been reported.
    pub value: Option<DefaultKind>,
}

/// A default value, by the type of its field.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultKind {
    /// Of a signed integer type.
    Signed(i64),
    /// Of an unsigned integer type.
    Unsigned(u64),
    /// Of `float` or `double`.
    Float(f64),
    /// Of `bool`.
    Bool(bool),
    /// Of `string`.
    String(Box<[u8]>),
    /// Of `bytes`, not escaped.
    Bytes(Box<[u8]>),
    /// Of a named type: whatever token is there, hopefully a value of an enum. It is at `value_span`.
    Token,
}

/// `json_name = "…"`
#[derive(Debug)]
pub struct JsonName {
    /// From `json_name` to the end of the value.
    pub span: Span,
    /// The name.
    pub value: StringLiteral,
}

/// `option name = value;` as a statement, `name = value` in brackets.
#[derive(Debug)]
pub struct OptionSetting {
    /// The whole statement or assignment.
    pub span: Span,
    /// What is set.
    pub name: OptionName,
    /// To what.
    pub value: OptionValue,
    /// Comments around the statement; none in brackets.
    pub comments: CommentsRef,
}

/// `features.(pb.java).large_enum`
#[derive(Debug)]
pub struct OptionName {
    /// The whole name.
    pub span: Span,
    /// At least one part.
    pub parts: Vec<OptionNamePart>,
}

/// One part of an option name.
#[derive(Clone, Copy, Debug)]
pub struct OptionNamePart {
    /// The part, with its parentheses.
    pub span: Span,
    /// An identifier, or the dotted name between the parentheses.
    pub name: Path,
    /// Whether it is in parentheses.
    pub is_extension: bool,
}

/// The value of an option.
#[derive(Debug)]
pub struct OptionValue {
    /// The value with its sign; of strings, all that are concatenated.
    pub span: Span,
    /// What it is, by the fields of `UninterpretedOption`.
    pub kind: OptionValueKind,
}

/// The kinds of values `UninterpretedOption` tells apart.
#[derive(Debug)]
pub enum OptionValueKind {
    /// An identifier; its text is the span.
    Identifier,
    /// An integer that fits `uint64`.
    PositiveInt(u64),
    /// `-` and an integer, together fitting `int64`.
    NegativeInt(i64),
    /// A float, a larger integer, `-inf` or `-nan`.
    Double(f64),
    /// String literals.
    String(Box<[u8]>),
    /// `{ … }`
    Aggregate(MessageLiteral),
}

/// A message in text format.
#[derive(Debug)]
pub struct MessageLiteral {
    /// From `{` or `<` to its partner.
    pub span: Span,
    /// The fields, in order.
    pub fields: Vec<LiteralField>,
    /// Whether it could be read to its end; otherwise this has been reported.
    pub complete: bool,
}

/// `name: value` in a message literal.
#[derive(Debug)]
pub struct LiteralField {
    /// Name and value.
    pub span: Span,
    /// What is set.
    pub name: LiteralName,
    /// Whether there is a colon; only messages, and lists of them, go without.
    pub colon: bool,
    /// To what.
    pub value: LiteralValue,
}

/// A field name in a message literal.
#[derive(Clone, Copy, Debug)]
pub enum LiteralName {
    /// `name`, or the name of a group.
    Field(Ident),
    /// `[my.extension]`; the path lies within the brackets.
    Extension(Path),
    /// `[type.googleapis.com/my.Type]`, of a `google.protobuf.Any`.
    Any {
        /// Before the last `/`.
        prefix: Path,
        /// After it.
        type_name: Path,
    },
}

/// A value in a message literal.
#[derive(Debug)]
pub struct LiteralValue {
    /// The value with its sign.
    pub span: Span,
    /// What it is.
    pub kind: LiteralKind,
}

/// The kinds of values in text format. What numbers and identifiers mean depends on the field's type, so they stay
/// tokens: `lexer::parse_integer` and `lexer::parse_float` read them.
#[derive(Debug)]
pub enum LiteralKind {
    /// An identifier, perhaps with `-` before it: `true`, `RED`, `-inf`.
    Identifier {
        /// Whether there is a sign.
        negative: bool,
        /// The identifier alone.
        token: Span,
    },
    /// A decimal, hexadecimal or octal integer.
    Integer {
        /// Whether there is a sign.
        negative: bool,
        /// The digits alone.
        token: Span,
    },
    /// A number with a point or an exponent.
    Float {
        /// Whether there is a sign.
        negative: bool,
        /// The number alone.
        token: Span,
    },
    /// String literals.
    String(Box<[u8]>),
    /// `{ … }` or `< … >`
    Message(MessageLiteral),
    /// `[ …, … ]`
    List(Vec<LiteralValue>),
}
