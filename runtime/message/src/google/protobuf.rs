//! The well-known types of `google.protobuf`, in the shape that the generator gives every message. Holds no code of its own:
//! conversions are in `well_known`.
#![allow(unsafe_code)]
// The macros of tables are unsafe inside and safe to use; only in this crate does the lint see into them.

/// The one value of an enum that stands for JSON's `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NullValue {
    /// `null`
    #[default]
    NullValue,
    /// A number that this version of the schema does not name. Never one that it names.
    Unrecognized(i32),
}

/// A message of any type, with the URL of its type. Pack and unpack it with [`Any::pack`] and [`Any::unpack`].
#[derive(Clone, Default, PartialEq)]
pub struct Any {
    /// The type's full name behind a slash, as in `type.googleapis.com/google.protobuf.Duration`.
    pub type_url: ::alloc::string::String,
    /// The message's bytes.
    pub value: crate::generated::Bytes,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A point in time, in UTC, from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z. Leap seconds are smeared.
#[derive(Clone, Default, PartialEq)]
pub struct Timestamp {
    /// Seconds since the Unix epoch, which is 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds that follow those seconds, from 0 to 999,999,999, before the epoch too.
    pub nanos: i32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A signed span of time, of at most 315,576,000,000 seconds, which is about 10,000 years.
#[derive(Clone, Default, PartialEq)]
pub struct Duration {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds, up to 999,999,999 and of the same sign as the seconds.
    pub nanos: i32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A message without fields, for calls that have nothing to say.
#[derive(Clone, Default, PartialEq)]
pub struct Empty {
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// Paths of fields, which say what of a message is meant.
#[derive(Clone, Default, PartialEq)]
pub struct FieldMask {
    /// The paths: field names with dots between them.
    pub paths: ::alloc::vec::Vec<::alloc::string::String>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A JSON object.
#[derive(Clone, Default, PartialEq)]
pub struct Struct {
    /// The members.
    pub fields: crate::Map<::alloc::string::String, self::Value>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A JSON value.
#[derive(Clone, Default, PartialEq)]
pub struct Value {
    /// The value, of whichever type it is.
    pub kind: ::core::option::Option<value::Kind>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A JSON array.
#[derive(Clone, Default, PartialEq)]
pub struct ListValue {
    /// The elements.
    pub values: ::alloc::vec::Vec<self::Value>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `double` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct DoubleValue {
    /// The value.
    pub value: f64,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `float` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct FloatValue {
    /// The value.
    pub value: f32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// An `int64` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct Int64Value {
    /// The value.
    pub value: i64,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `uint64` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct UInt64Value {
    /// The value.
    pub value: u64,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// An `int32` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct Int32Value {
    /// The value.
    pub value: i32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `uint32` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct UInt32Value {
    /// The value.
    pub value: u32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `bool` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct BoolValue {
    /// The value.
    pub value: bool,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `string` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct StringValue {
    /// The value.
    pub value: ::alloc::string::String,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

/// A `bytes` that can be absent.
#[derive(Clone, Default, PartialEq)]
pub struct BytesValue {
    /// The value.
    pub value: crate::generated::Bytes,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: crate::generated::UnknownFields,
}

const _: () = {
    use crate::generated::*;

    impl Enumeration for self::NullValue {
        fn table() -> &'static EnumTable {
            static TABLE: EnumTable =
                EnumTable::open("google.protobuf.NullValue", &[("NULL_VALUE", 0)]);
            &TABLE
        }

        fn from_number(number: i32) -> Option<Self> {
            Some(match number {
                0 => Self::NullValue,
                _ => Self::Unrecognized(number),
            })
        }

        fn number(&self) -> i32 {
            match *self {
                Self::NullValue => 0,
                Self::Unrecognized(number) => number,
            }
        }
    }

    impl Message for self::Any {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Any> = Table::new(
                "google.protobuf.Any",
                &[
                    field!(self::Any, type_url, 1, "type_url", Implicit<kind::String>),
                    field!(self::Any, value, 2, "value", Implicit<kind::Bytes>),
                ],
            )
            .unknown_fields(unknown_fields!(self::Any));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::String>(10, &mut self.type_url)?;
                r.field::<kind::Bytes>(18, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Bytes>(18, &self.value);
            w.implicit::<kind::String>(10, &self.type_url);
        }
    }

    impls!(self::Any);

    impl Message for self::Timestamp {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Timestamp> = Table::new(
                "google.protobuf.Timestamp",
                &[
                    field!(
                        self::Timestamp,
                        seconds,
                        1,
                        "seconds",
                        Implicit<kind::Int64>
                    ),
                    field!(self::Timestamp, nanos, 2, "nanos", Implicit<kind::Int32>),
                ],
            )
            .unknown_fields(unknown_fields!(self::Timestamp));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Int64>(8, &mut self.seconds)?;
                r.field::<kind::Int32>(16, &mut self.nanos)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Int32>(16, &self.nanos);
            w.implicit::<kind::Int64>(8, &self.seconds);
        }
    }

    impls!(self::Timestamp);

    impl Message for self::Duration {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Duration> = Table::new(
                "google.protobuf.Duration",
                &[
                    field!(self::Duration, seconds, 1, "seconds", Implicit<kind::Int64>),
                    field!(self::Duration, nanos, 2, "nanos", Implicit<kind::Int32>),
                ],
            )
            .unknown_fields(unknown_fields!(self::Duration));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Int64>(8, &mut self.seconds)?;
                r.field::<kind::Int32>(16, &mut self.nanos)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Int32>(16, &self.nanos);
            w.implicit::<kind::Int64>(8, &self.seconds);
        }
    }

    impls!(self::Duration);

    impl Message for self::Empty {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Empty> = Table::new("google.protobuf.Empty", &[])
                .unknown_fields(unknown_fields!(self::Empty));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {}
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
        }
    }

    impls!(self::Empty);

    impl Message for self::FieldMask {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::FieldMask> = Table::new(
                "google.protobuf.FieldMask",
                &[field!(
                    self::FieldMask,
                    paths,
                    1,
                    "paths",
                    Repeated<kind::String>
                )],
            )
            .unknown_fields(unknown_fields!(self::FieldMask));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.repeated::<kind::String>(10, &mut self.paths)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.repeated::<kind::String>(10, &self.paths);
        }
    }

    impls!(self::FieldMask);

    impl Message for self::Struct {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Struct> = Table::new("google.protobuf.Struct", &[field!(self::Struct, fields, 1, "fields", Map<kind::String, kind::Message<self::Value>>),]).unknown_fields(unknown_fields!(self::Struct));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.map::<kind::String, kind::Message<self::Value>>(10, &mut self.fields)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.map::<kind::String, kind::Message<self::Value>>(10, &self.fields);
        }
    }

    impls!(self::Struct);

    impl Message for self::Value {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Value> = Table::new(
                "google.protobuf.Value",
                &[
                    variant!(
                        self::Value,
                        kind,
                        0,
                        self::value::Kind,
                        NullValue,
                        1,
                        "null_value",
                        kind::Enum<self::NullValue>
                    ),
                    variant!(
                        self::Value,
                        kind,
                        0,
                        self::value::Kind,
                        NumberValue,
                        2,
                        "number_value",
                        kind::Double
                    ),
                    variant!(
                        self::Value,
                        kind,
                        0,
                        self::value::Kind,
                        StringValue,
                        3,
                        "string_value",
                        kind::String
                    ),
                    variant!(
                        self::Value,
                        kind,
                        0,
                        self::value::Kind,
                        BoolValue,
                        4,
                        "bool_value",
                        kind::Bool
                    ),
                    variant!(
                        self::Value,
                        kind,
                        0,
                        self::value::Kind,
                        StructValue,
                        5,
                        "struct_value",
                        kind::Message<self::Struct>
                    ),
                    variant!(
                        self::Value,
                        kind,
                        0,
                        self::value::Kind,
                        ListValue,
                        6,
                        "list_value",
                        kind::Message<self::ListValue>
                    ),
                ],
            )
            .oneofs(&["kind"])
            .unknown_fields(unknown_fields!(self::Value));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.oneof::<kind::Enum<self::NullValue>, _>(
                    8,
                    &mut self.kind,
                    self::value::Kind::NullValue,
                )?;
                r.oneof::<kind::Double, _>(17, &mut self.kind, self::value::Kind::NumberValue)?;
                r.oneof::<kind::String, _>(26, &mut self.kind, self::value::Kind::StringValue)?;
                r.oneof::<kind::Bool, _>(32, &mut self.kind, self::value::Kind::BoolValue)?;
                r.oneof::<kind::Message<self::Struct>, _>(
                    42,
                    &mut self.kind,
                    self::value::Kind::StructValue,
                )?;
                r.oneof::<kind::Message<self::ListValue>, _>(
                    50,
                    &mut self.kind,
                    self::value::Kind::ListValue,
                )?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            match &self.kind {
                None => {}
                Some(self::value::Kind::NullValue(value)) => {
                    w.value::<kind::Enum<self::NullValue>>(8, value)
                }
                Some(self::value::Kind::NumberValue(value)) => w.value::<kind::Double>(17, value),
                Some(self::value::Kind::StringValue(value)) => w.value::<kind::String>(26, value),
                Some(self::value::Kind::BoolValue(value)) => w.value::<kind::Bool>(32, value),
                Some(self::value::Kind::StructValue(value)) => {
                    w.value::<kind::Message<self::Struct>>(42, value)
                }
                Some(self::value::Kind::ListValue(value)) => {
                    w.value::<kind::Message<self::ListValue>>(50, value)
                }
            }
        }
    }

    impls!(self::Value);

    impl Message for self::ListValue {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::ListValue> = Table::new(
                "google.protobuf.ListValue",
                &[field!(
                    self::ListValue,
                    values,
                    1,
                    "values",
                    Repeated<kind::Message<self::Value>>
                )],
            )
            .unknown_fields(unknown_fields!(self::ListValue));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.repeated::<kind::Message<self::Value>>(10, &mut self.values)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.repeated::<kind::Message<self::Value>>(10, &self.values);
        }
    }

    impls!(self::ListValue);

    impl Message for self::DoubleValue {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::DoubleValue> = Table::new(
                "google.protobuf.DoubleValue",
                &[field!(
                    self::DoubleValue,
                    value,
                    1,
                    "value",
                    Implicit<kind::Double>
                )],
            )
            .unknown_fields(unknown_fields!(self::DoubleValue));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Double>(9, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Double>(9, &self.value);
        }
    }

    impls!(self::DoubleValue);

    impl Message for self::FloatValue {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::FloatValue> = Table::new(
                "google.protobuf.FloatValue",
                &[field!(
                    self::FloatValue,
                    value,
                    1,
                    "value",
                    Implicit<kind::Float>
                )],
            )
            .unknown_fields(unknown_fields!(self::FloatValue));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Float>(13, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Float>(13, &self.value);
        }
    }

    impls!(self::FloatValue);

    impl Message for self::Int64Value {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Int64Value> = Table::new(
                "google.protobuf.Int64Value",
                &[field!(
                    self::Int64Value,
                    value,
                    1,
                    "value",
                    Implicit<kind::Int64>
                )],
            )
            .unknown_fields(unknown_fields!(self::Int64Value));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Int64>(8, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Int64>(8, &self.value);
        }
    }

    impls!(self::Int64Value);

    impl Message for self::UInt64Value {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::UInt64Value> = Table::new(
                "google.protobuf.UInt64Value",
                &[field!(
                    self::UInt64Value,
                    value,
                    1,
                    "value",
                    Implicit<kind::Uint64>
                )],
            )
            .unknown_fields(unknown_fields!(self::UInt64Value));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Uint64>(8, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Uint64>(8, &self.value);
        }
    }

    impls!(self::UInt64Value);

    impl Message for self::Int32Value {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Int32Value> = Table::new(
                "google.protobuf.Int32Value",
                &[field!(
                    self::Int32Value,
                    value,
                    1,
                    "value",
                    Implicit<kind::Int32>
                )],
            )
            .unknown_fields(unknown_fields!(self::Int32Value));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Int32>(8, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Int32>(8, &self.value);
        }
    }

    impls!(self::Int32Value);

    impl Message for self::UInt32Value {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::UInt32Value> = Table::new(
                "google.protobuf.UInt32Value",
                &[field!(
                    self::UInt32Value,
                    value,
                    1,
                    "value",
                    Implicit<kind::Uint32>
                )],
            )
            .unknown_fields(unknown_fields!(self::UInt32Value));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Uint32>(8, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Uint32>(8, &self.value);
        }
    }

    impls!(self::UInt32Value);

    impl Message for self::BoolValue {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::BoolValue> = Table::new(
                "google.protobuf.BoolValue",
                &[field!(
                    self::BoolValue,
                    value,
                    1,
                    "value",
                    Implicit<kind::Bool>
                )],
            )
            .unknown_fields(unknown_fields!(self::BoolValue));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Bool>(8, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Bool>(8, &self.value);
        }
    }

    impls!(self::BoolValue);

    impl Message for self::StringValue {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::StringValue> = Table::new(
                "google.protobuf.StringValue",
                &[field!(
                    self::StringValue,
                    value,
                    1,
                    "value",
                    Implicit<kind::String>
                )],
            )
            .unknown_fields(unknown_fields!(self::StringValue));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::String>(10, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::String>(10, &self.value);
        }
    }

    impls!(self::StringValue);

    impl Message for self::BytesValue {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::BytesValue> = Table::new(
                "google.protobuf.BytesValue",
                &[field!(
                    self::BytesValue,
                    value,
                    1,
                    "value",
                    Implicit<kind::Bytes>
                )],
            )
            .unknown_fields(unknown_fields!(self::BytesValue));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Bytes>(10, &mut self.value)?;
            }
            Ok(r.pos())
        }

        fn encode_fields(&self, w: &mut Writer<'_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Bytes>(10, &self.value);
        }
    }

    impls!(self::BytesValue);
};

/// What is declared inside [`Value`].
pub mod value {
    /// The kinds of a JSON value.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Kind {
        /// `null`
        NullValue(super::NullValue),
        /// A number.
        NumberValue(f64),
        /// A string.
        StringValue(::alloc::string::String),
        /// `true` or `false`.
        BoolValue(bool),
        /// An object.
        StructValue(super::Struct),
        /// An array.
        ListValue(super::ListValue),
    }
}
