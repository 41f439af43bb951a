//! What the generator prints for `sample.proto`, written by hand. Differs from generated code in nothing but the path of the
//! runtime, which is `::ironwire::generated` there.

/// An open enum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    #[default]
    Unspecified,
    Red,
    Blue,
    /// A number that this version of the schema does not name. Never one that it names.
    Unrecognized(i32),
}

/// A closed enum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    #[default]
    Small,
    Large,
}

/// Scalars without presence.
#[derive(Clone, Default, PartialEq)]
pub struct Scalars {
    pub a_double: f64,
    pub a_float: f32,
    pub an_int32: i32,
    pub an_int64: i64,
    pub a_uint32: u32,
    pub a_uint64: u64,
    pub a_sint32: i32,
    pub a_sint64: i64,
    pub a_fixed32: u32,
    pub a_fixed64: u64,
    pub a_sfixed32: i32,
    pub a_sfixed64: i64,
    pub a_bool: bool,
    pub a_string: ::ironwire_message::generated::String,
    pub some_bytes: ::ironwire_message::generated::Bytes,
    pub color: Color,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

/// Fields with presence.
#[derive(Clone, Default, PartialEq)]
pub struct Presence {
    pub count: ::core::option::Option<i32>,
    pub name: ::core::option::Option<::ironwire_message::generated::String>,
    pub data: ::core::option::Option<::ironwire_message::generated::Bytes>,
    pub size: ::core::option::Option<Size>,
    pub r#type: ::core::option::Option<bool>,
    pub leaf: ::core::option::Option<Leaf>,
    pub next: ::core::option::Option<::ironwire_message::generated::Box<Presence>>,
    pub inner: ::core::option::Option<presence::Inner>,
    pub secret: ::core::option::Option<::ironwire_message::generated::String>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

impl Presence {
    /// The value of `count`, or its default `5`.
    pub fn count(&self) -> i32 {
        self.count.unwrap_or(5)
    }

    /// The value of `name`, or its default `"nobody"`.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("nobody")
    }

    /// The value of `data`, or its default `""`.
    pub fn data(&self) -> &[u8] {
        self.data.as_deref().unwrap_or(b"")
    }

    /// The value of `size`, or its default `LARGE`.
    pub fn size(&self) -> Size {
        self.size.unwrap_or(Size::Large)
    }

    /// The value of `type`, or its default `false`.
    pub fn r#type(&self) -> bool {
        self.r#type.unwrap_or(false)
    }

    /// The value of `secret`, or its default `""`.
    pub fn secret(&self) -> &str {
        self.secret.as_deref().unwrap_or("")
    }
}

#[derive(Clone, Default, PartialEq)]
pub struct Leaf {
    pub value: i32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

#[derive(Clone, Default, PartialEq)]
pub struct Lists {
    pub ints: ::ironwire_message::generated::Vec<i32>,
    pub deltas: ::ironwire_message::generated::Vec<i64>,
    pub doubles: ::ironwire_message::generated::Vec<f64>,
    pub flags: ::ironwire_message::generated::Vec<bool>,
    pub colors: ::ironwire_message::generated::Vec<Color>,
    pub sizes: ::ironwire_message::generated::Vec<Size>,
    pub names: ::ironwire_message::generated::Vec<::ironwire_message::generated::String>,
    pub blobs: ::ironwire_message::generated::Vec<::ironwire_message::generated::Bytes>,
    pub leaves: ::ironwire_message::generated::Vec<Leaf>,
    pub groups: ::ironwire_message::generated::Vec<Leaf>,
    pub loose: ::ironwire_message::generated::Vec<u32>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

#[derive(Clone, Default, PartialEq)]
pub struct Maps {
    pub counts: ::ironwire_message::Map<::ironwire_message::generated::String, i32>,
    pub names: ::ironwire_message::Map<i32, ::ironwire_message::generated::String>,
    pub leaves: ::ironwire_message::Map<bool, Leaf>,
    pub sizes: ::std::collections::BTreeMap<i64, Size>,
    pub nested: ::ironwire_message::Map<::ironwire_message::generated::String, Maps>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

#[derive(Clone, Default, PartialEq)]
pub struct Choice {
    pub kind: ::core::option::Option<choice::Kind>,
    pub after: i32,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

#[derive(Clone, Default, PartialEq)]
pub struct Needs {
    pub name: ::ironwire_message::generated::String,
    pub leaf: Leaf,
    pub inner: ::core::option::Option<::ironwire_message::generated::Box<Needs>>,
    pub more: ::ironwire_message::generated::Vec<Needs>,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

/// Strings that need not be UTF-8.
#[derive(Clone, Default, PartialEq)]
pub struct Loose {
    pub text: ::core::option::Option<::ironwire_message::generated::String>,
    pub more: ::ironwire_message::generated::Vec<::ironwire_message::generated::String>,
    pub names: ::ironwire_message::Map<
        ::ironwire_message::generated::String,
        ::ironwire_message::generated::String,
    >,
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

impl Loose {
    /// The value of `text`, or its default `""`.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or("")
    }
}

#[derive(Clone, Default, PartialEq)]
pub struct Open {
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

/// Extends [`Open`].
pub static RANK: ::ironwire_message::generated::Extension<
    self::Open,
    ::ironwire_message::generated::Optional<::ironwire_message::generated::kind::Int32>,
> = ::ironwire_message::generated::Extension::new("sample.Open", 100, "sample.rank")
    .default_value(::ironwire_message::generated::ValueRef::I32(3));

/// Extends [`Open`].
pub static TAGS: ::ironwire_message::generated::Extension<
    self::Open,
    ::ironwire_message::generated::Repeated<::ironwire_message::generated::kind::String>,
> = ::ironwire_message::generated::Extension::new("sample.Open", 101, "sample.tags");

/// Extends [`Open`].
pub static EXTRA: ::ironwire_message::generated::Extension<
    self::Open,
    ::ironwire_message::generated::Optional<
        ::ironwire_message::generated::kind::Message<self::Leaf>,
    >,
> = ::ironwire_message::generated::Extension::new("sample.Open", 102, "sample.extra");

/// Extends [`Open`].
pub static STEPS: ::ironwire_message::generated::Extension<
    self::Open,
    ::ironwire_message::generated::Packed<::ironwire_message::generated::kind::Sint32>,
> = ::ironwire_message::generated::Extension::new("sample.Open", 103, "sample.steps");

/// Extends [`Open`].
pub static FIT: ::ironwire_message::generated::Extension<
    self::Open,
    ::ironwire_message::generated::Optional<::ironwire_message::generated::kind::Enum<self::Size>>,
> = ::ironwire_message::generated::Extension::new("sample.Open", 104, "sample.fit");

/// Extends [`Open`].
pub static NEEDY: ::ironwire_message::generated::Extension<
    self::Open,
    ::ironwire_message::generated::Repeated<
        ::ironwire_message::generated::kind::Message<self::Needs>,
    >,
> = ::ironwire_message::generated::Extension::new("sample.Open", 105, "sample.needy");

#[derive(Clone, Default, PartialEq)]
pub struct Bag {
    /// Fields that this version of the schema does not have.
    pub unknown_fields: ::ironwire_message::generated::UnknownFields,
}

/// Extends [`Bag`].
pub static LEAF_IN_BAG: ::ironwire_message::generated::Extension<
    self::Bag,
    ::ironwire_message::generated::Optional<
        ::ironwire_message::generated::kind::Message<self::Leaf>,
    >,
> = ::ironwire_message::generated::Extension::new("sample.Bag", 1000, "sample.leaf_in_bag");

/// Extends [`Bag`].
pub static LAST_IN_BAG: ::ironwire_message::generated::Extension<
    self::Bag,
    ::ironwire_message::generated::Optional<
        ::ironwire_message::generated::kind::Message<self::Leaf>,
    >,
> = ::ironwire_message::generated::Extension::new("sample.Bag", 2147483646, "sample.last_in_bag");

const _: () = {
    use ::ironwire_message::generated::*;

    impl Enumeration for self::Color {
        fn table() -> &'static EnumTable {
            static TABLE: EnumTable = EnumTable::open(
                "sample.Color",
                &[
                    ("COLOR_UNSPECIFIED", 0),
                    ("COLOR_RED", 1),
                    ("COLOR_BLUE", 2),
                ],
            );
            &TABLE
        }

        fn from_number(number: i32) -> Option<Self> {
            Some(match number {
                0 => Self::Unspecified,
                1 => Self::Red,
                2 => Self::Blue,
                _ => Self::Unrecognized(number),
            })
        }

        fn number(&self) -> i32 {
            match *self {
                Self::Unspecified => 0,
                Self::Red => 1,
                Self::Blue => 2,
                Self::Unrecognized(number) => number,
            }
        }
    }

    impl Enumeration for self::Size {
        fn table() -> &'static EnumTable {
            static TABLE: EnumTable =
                EnumTable::closed("sample.Size", &[("SMALL", 1), ("LARGE", -2)]);
            &TABLE
        }

        fn from_number(number: i32) -> Option<Self> {
            Some(match number {
                1 => Self::Small,
                -2 => Self::Large,
                _ => return None,
            })
        }

        fn number(&self) -> i32 {
            match *self {
                Self::Small => 1,
                Self::Large => -2,
            }
        }
    }

    impl Message for self::Scalars {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Scalars> = Table::new(
                "sample.Scalars",
                &[
                    field!(
                        self::Scalars,
                        a_double,
                        1,
                        "a_double",
                        Implicit<kind::Double>
                    ),
                    field!(self::Scalars, a_float, 2, "a_float", Implicit<kind::Float>),
                    field!(
                        self::Scalars,
                        an_int32,
                        3,
                        "an_int32",
                        Implicit<kind::Int32>
                    ),
                    field!(
                        self::Scalars,
                        an_int64,
                        4,
                        "an_int64",
                        Implicit<kind::Int64>
                    ),
                    field!(
                        self::Scalars,
                        a_uint32,
                        5,
                        "a_uint32",
                        Implicit<kind::Uint32>
                    ),
                    field!(
                        self::Scalars,
                        a_uint64,
                        6,
                        "a_uint64",
                        Implicit<kind::Uint64>
                    ),
                    field!(
                        self::Scalars,
                        a_sint32,
                        7,
                        "a_sint32",
                        Implicit<kind::Sint32>
                    ),
                    field!(
                        self::Scalars,
                        a_sint64,
                        8,
                        "a_sint64",
                        Implicit<kind::Sint64>
                    ),
                    field!(
                        self::Scalars,
                        a_fixed32,
                        9,
                        "a_fixed32",
                        Implicit<kind::Fixed32>
                    ),
                    field!(
                        self::Scalars,
                        a_fixed64,
                        10,
                        "a_fixed64",
                        Implicit<kind::Fixed64>
                    ),
                    field!(
                        self::Scalars,
                        a_sfixed32,
                        11,
                        "a_sfixed32",
                        Implicit<kind::Sfixed32>
                    ),
                    field!(
                        self::Scalars,
                        a_sfixed64,
                        12,
                        "a_sfixed64",
                        Implicit<kind::Sfixed64>
                    ),
                    field!(self::Scalars, a_bool, 13, "a_bool", Implicit<kind::Bool>).json("aBool"),
                    field!(
                        self::Scalars,
                        a_string,
                        14,
                        "a_string",
                        Implicit<kind::String>
                    ),
                    field!(
                        self::Scalars,
                        some_bytes,
                        15,
                        "some_bytes",
                        Implicit<kind::Bytes>
                    ),
                    field!(
                        self::Scalars,
                        color,
                        16,
                        "color",
                        Implicit<kind::Enum<self::Color>>
                    ),
                ],
            )
            .unknown_fields(unknown_fields!(self::Scalars));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Double>(9, &mut self.a_double)?;
                r.field::<kind::Float>(21, &mut self.a_float)?;
                r.field::<kind::Int32>(24, &mut self.an_int32)?;
                r.field::<kind::Int64>(32, &mut self.an_int64)?;
                r.field::<kind::Uint32>(40, &mut self.a_uint32)?;
                r.field::<kind::Uint64>(48, &mut self.a_uint64)?;
                r.field::<kind::Sint32>(56, &mut self.a_sint32)?;
                r.field::<kind::Sint64>(64, &mut self.a_sint64)?;
                r.field::<kind::Fixed32>(77, &mut self.a_fixed32)?;
                r.field::<kind::Fixed64>(81, &mut self.a_fixed64)?;
                r.field::<kind::Sfixed32>(93, &mut self.a_sfixed32)?;
                r.field::<kind::Sfixed64>(97, &mut self.a_sfixed64)?;
                r.field::<kind::Bool>(104, &mut self.a_bool)?;
                r.field::<kind::String>(114, &mut self.a_string)?;
                r.field::<kind::Bytes>(122, &mut self.some_bytes)?;
                r.field::<kind::Enum<self::Color>>(128, &mut self.color)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Enum<self::Color>>(128, &self.color);
            w.implicit::<kind::Bytes>(122, &self.some_bytes);
            w.implicit::<kind::String>(114, &self.a_string);
            w.implicit::<kind::Bool>(104, &self.a_bool);
            w.implicit::<kind::Sfixed64>(97, &self.a_sfixed64);
            w.implicit::<kind::Sfixed32>(93, &self.a_sfixed32);
            w.implicit::<kind::Fixed64>(81, &self.a_fixed64);
            w.implicit::<kind::Fixed32>(77, &self.a_fixed32);
            w.implicit::<kind::Sint64>(64, &self.a_sint64);
            w.implicit::<kind::Sint32>(56, &self.a_sint32);
            w.implicit::<kind::Uint64>(48, &self.a_uint64);
            w.implicit::<kind::Uint32>(40, &self.a_uint32);
            w.implicit::<kind::Int64>(32, &self.an_int64);
            w.implicit::<kind::Int32>(24, &self.an_int32);
            w.implicit::<kind::Float>(21, &self.a_float);
            w.implicit::<kind::Double>(9, &self.a_double);
        }
    }

    impls!(self::Scalars);

    impl Message for self::Presence {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Presence> = Table::new(
                "sample.Presence",
                &[
                    field!(self::Presence, count, 1, "count", Optional<kind::Int32>)
                        .default_value(ValueRef::I32(5)),
                    field!(self::Presence, name, 2, "name", Optional<kind::String>)
                        .default_value(ValueRef::String("nobody")),
                    field!(self::Presence, data, 3, "data", Optional<kind::Bytes>),
                    field!(
                        self::Presence,
                        size,
                        4,
                        "size",
                        Optional<kind::Enum<self::Size>>
                    )
                    .default_value(ValueRef::Enum(-2)),
                    field!(self::Presence, r#type, 5, "type", Optional<kind::Bool>),
                    field!(
                        self::Presence,
                        leaf,
                        6,
                        "leaf",
                        Optional<kind::Message<self::Leaf>>
                    ),
                    field!(
                        self::Presence,
                        next,
                        7,
                        "next",
                        Optional<kind::Boxed<self::Presence>>
                    ),
                    field!(
                        self::Presence,
                        inner,
                        8,
                        "inner",
                        Optional<kind::Group<self::presence::Inner>>
                    ),
                    field!(
                        self::Presence,
                        secret,
                        2048,
                        "secret",
                        Optional<kind::String>
                    )
                    .redacted(),
                ],
            )
            .unknown_fields(unknown_fields!(self::Presence));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::Int32>(8, &mut self.count)?;
                r.field::<kind::String>(18, &mut self.name)?;
                r.field::<kind::Bytes>(26, &mut self.data)?;
                r.field::<kind::Enum<self::Size>>(32, &mut self.size)?;
                r.field::<kind::Bool>(40, &mut self.r#type)?;
                r.field::<kind::Message<self::Leaf>>(50, &mut self.leaf)?;
                r.field::<kind::Boxed<self::Presence>>(58, &mut self.next)?;
                r.field::<kind::Group<self::presence::Inner>>(67, &mut self.inner)?;
                r.field::<kind::String>(16386, &mut self.secret)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.optional::<kind::String>(16386, &self.secret);
            w.optional::<kind::Group<self::presence::Inner>>(67, &self.inner);
            w.optional::<kind::Boxed<self::Presence>>(58, &self.next);
            w.optional::<kind::Message<self::Leaf>>(50, &self.leaf);
            w.optional::<kind::Bool>(40, &self.r#type);
            w.optional::<kind::Enum<self::Size>>(32, &self.size);
            w.optional::<kind::Bytes>(26, &self.data);
            w.optional::<kind::String>(18, &self.name);
            w.optional::<kind::Int32>(8, &self.count);
        }
    }

    impls!(self::Presence);

    impl Message for self::Leaf {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Leaf> = Table::new(
                "sample.Leaf",
                &[field!(self::Leaf, value, 1, "value", Implicit<kind::Int32>)],
            )
            .unknown_fields(unknown_fields!(self::Leaf));
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

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Int32>(8, &self.value);
        }
    }

    impls!(self::Leaf);

    impl Message for self::Lists {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Lists> = Table::new(
                "sample.Lists",
                &[
                    field!(self::Lists, ints, 1, "ints", Packed<kind::Int32>),
                    field!(self::Lists, deltas, 2, "deltas", Packed<kind::Sint64>),
                    field!(self::Lists, doubles, 3, "doubles", Packed<kind::Double>),
                    field!(self::Lists, flags, 4, "flags", Packed<kind::Bool>),
                    field!(
                        self::Lists,
                        colors,
                        5,
                        "colors",
                        Packed<kind::Enum<self::Color>>
                    ),
                    field!(
                        self::Lists,
                        sizes,
                        6,
                        "sizes",
                        Packed<kind::Enum<self::Size>>
                    ),
                    field!(self::Lists, names, 7, "names", Repeated<kind::String>),
                    field!(self::Lists, blobs, 8, "blobs", Repeated<kind::Bytes>),
                    field!(
                        self::Lists,
                        leaves,
                        9,
                        "leaves",
                        Repeated<kind::Message<self::Leaf>>
                    ),
                    field!(
                        self::Lists,
                        groups,
                        10,
                        "groups",
                        Repeated<kind::Group<self::Leaf>>
                    ),
                    field!(self::Lists, loose, 11, "loose", Repeated<kind::Fixed32>),
                ],
            )
            .unknown_fields(unknown_fields!(self::Lists));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.packed::<kind::Int32>(10, &mut self.ints)?;
                r.packed::<kind::Sint64>(18, &mut self.deltas)?;
                r.packed::<kind::Double>(26, &mut self.doubles)?;
                r.packed::<kind::Bool>(34, &mut self.flags)?;
                r.packed::<kind::Enum<self::Color>>(42, &mut self.colors)?;
                r.packed::<kind::Enum<self::Size>>(50, &mut self.sizes)?;
                r.repeated::<kind::String>(58, &mut self.names)?;
                r.repeated::<kind::Bytes>(66, &mut self.blobs)?;
                r.repeated::<kind::Message<self::Leaf>>(74, &mut self.leaves)?;
                r.repeated::<kind::Group<self::Leaf>>(83, &mut self.groups)?;
                r.repeated::<kind::Fixed32>(93, &mut self.loose)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.repeated::<kind::Fixed32>(93, &self.loose);
            w.repeated::<kind::Group<self::Leaf>>(83, &self.groups);
            w.repeated::<kind::Message<self::Leaf>>(74, &self.leaves);
            w.repeated::<kind::Bytes>(66, &self.blobs);
            w.repeated::<kind::String>(58, &self.names);
            w.packed::<kind::Enum<self::Size>>(50, &self.sizes);
            w.packed::<kind::Enum<self::Color>>(42, &self.colors);
            w.packed::<kind::Bool>(34, &self.flags);
            w.packed::<kind::Double>(26, &self.doubles);
            w.packed::<kind::Sint64>(18, &self.deltas);
            w.packed::<kind::Int32>(10, &self.ints);
        }
    }

    impls!(self::Lists);

    impl Message for self::Maps {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Maps> = Table::new(
                "sample.Maps",
                &[
                    field!(self::Maps, counts, 1, "counts", Map<kind::String, kind::Int32>),
                    field!(self::Maps, names, 2, "names", Map<kind::Int32, kind::String>),
                    field!(self::Maps, leaves, 3, "leaves", Map<kind::Bool, kind::Message<self::Leaf>>),
                    field!(self::Maps, sizes, 4, "sizes", BTreeMap<kind::Sint64, kind::Enum<self::Size>>),
                    field!(self::Maps, nested, 5, "nested", Map<kind::String, kind::Message<self::Maps>>),
                ],
            )
            .unknown_fields(unknown_fields!(self::Maps));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.map::<kind::String, kind::Int32>(10, &mut self.counts)?;
                r.map::<kind::Int32, kind::String>(18, &mut self.names)?;
                r.map::<kind::Bool, kind::Message<self::Leaf>>(26, &mut self.leaves)?;
                r.map::<kind::Sint64, kind::Enum<self::Size>>(34, &mut self.sizes)?;
                r.map::<kind::String, kind::Message<self::Maps>>(42, &mut self.nested)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.map::<kind::String, kind::Message<self::Maps>>(42, &self.nested);
            w.map::<kind::Sint64, kind::Enum<self::Size>>(34, &self.sizes);
            w.map::<kind::Bool, kind::Message<self::Leaf>>(26, &self.leaves);
            w.map::<kind::Int32, kind::String>(18, &self.names);
            w.map::<kind::String, kind::Int32>(10, &self.counts);
        }
    }

    impls!(self::Maps);

    impl Message for self::Choice {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Choice> = Table::new(
                "sample.Choice",
                &[
                    variant!(
                        self::Choice,
                        kind,
                        0,
                        self::choice::Kind,
                        Number,
                        1,
                        "number",
                        kind::Int32
                    ),
                    variant!(
                        self::Choice,
                        kind,
                        0,
                        self::choice::Kind,
                        Text,
                        2,
                        "text",
                        kind::String
                    ),
                    variant!(
                        self::Choice,
                        kind,
                        0,
                        self::choice::Kind,
                        Data,
                        3,
                        "data",
                        kind::Bytes
                    ),
                    variant!(
                        self::Choice,
                        kind,
                        0,
                        self::choice::Kind,
                        Leaf,
                        4,
                        "leaf",
                        kind::Message<self::Leaf>
                    ),
                    variant!(
                        self::Choice,
                        kind,
                        0,
                        self::choice::Kind,
                        Again,
                        5,
                        "again",
                        kind::Boxed<self::Choice>
                    ),
                    variant!(
                        self::Choice,
                        kind,
                        0,
                        self::choice::Kind,
                        Size,
                        6,
                        "size",
                        kind::Enum<self::Size>
                    ),
                    field!(self::Choice, after, 7, "after", Implicit<kind::Int32>),
                ],
            )
            .oneofs(&["kind"])
            .unknown_fields(unknown_fields!(self::Choice));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.oneof::<kind::Int32, _>(8, &mut self.kind, self::choice::Kind::Number)?;
                r.oneof::<kind::String, _>(18, &mut self.kind, self::choice::Kind::Text)?;
                r.oneof::<kind::Bytes, _>(26, &mut self.kind, self::choice::Kind::Data)?;
                r.oneof::<kind::Message<self::Leaf>, _>(
                    34,
                    &mut self.kind,
                    self::choice::Kind::Leaf,
                )?;
                r.oneof::<kind::Boxed<self::Choice>, _>(
                    42,
                    &mut self.kind,
                    self::choice::Kind::Again,
                )?;
                r.oneof::<kind::Enum<self::Size>, _>(48, &mut self.kind, self::choice::Kind::Size)?;
                r.field::<kind::Int32>(56, &mut self.after)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.implicit::<kind::Int32>(56, &self.after);
            match &self.kind {
                None => {}
                Some(self::choice::Kind::Number(value)) => w.value::<kind::Int32>(8, value),
                Some(self::choice::Kind::Text(value)) => w.value::<kind::String>(18, value),
                Some(self::choice::Kind::Data(value)) => w.value::<kind::Bytes>(26, value),
                Some(self::choice::Kind::Leaf(value)) => {
                    w.value::<kind::Message<self::Leaf>>(34, value)
                }
                Some(self::choice::Kind::Again(value)) => {
                    w.value::<kind::Boxed<self::Choice>>(42, value)
                }
                Some(self::choice::Kind::Size(value)) => {
                    w.value::<kind::Enum<self::Size>>(48, value)
                }
            }
        }
    }

    impls!(self::Choice);

    impl Message for self::Needs {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Needs> = Table::new(
                "sample.Needs",
                &[
                    field!(self::Needs, name, 1, "name", Required<kind::String>).required(0),
                    field!(
                        self::Needs,
                        leaf,
                        2,
                        "leaf",
                        Required<kind::Message<self::Leaf>>
                    )
                    .required(1),
                    field!(
                        self::Needs,
                        inner,
                        3,
                        "inner",
                        Optional<kind::Boxed<self::Needs>>
                    ),
                    field!(
                        self::Needs,
                        more,
                        4,
                        "more",
                        Repeated<kind::Message<self::Needs>>
                    ),
                ],
            )
            .unknown_fields(unknown_fields!(self::Needs));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut seen = Seen::<1>::new();
            let mut r = Reader::new(span, cx);
            while r.more_seen(self, &mut seen)? {
                seen.mark(0, r.field::<kind::String>(10, &mut self.name)?);
                seen.mark(1, r.field::<kind::Message<self::Leaf>>(18, &mut self.leaf)?);
                r.field::<kind::Boxed<self::Needs>>(26, &mut self.inner)?;
                r.repeated::<kind::Message<self::Needs>>(34, &mut self.more)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.repeated::<kind::Message<self::Needs>>(34, &self.more);
            w.optional::<kind::Boxed<self::Needs>>(26, &self.inner);
            w.value::<kind::Message<self::Leaf>>(18, &self.leaf);
            w.value::<kind::String>(10, &self.name);
        }
    }

    impls!(self::Needs);

    impl Message for self::Loose {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Loose> = Table::new(
                "sample.Loose",
                &[
                    field!(self::Loose, text, 1, "text", Optional<kind::String>).unchecked_utf8(),
                    field!(self::Loose, more, 2, "more", Repeated<kind::String>).unchecked_utf8(),
                    field!(self::Loose, names, 3, "names", Map<kind::String, kind::String>)
                        .unchecked_utf8(),
                ],
            )
            .unknown_fields(unknown_fields!(self::Loose));
            &TABLE
        }

        fn decode_fields<'b>(
            &mut self,
            span: Span<'b>,
            cx: &mut Context<'b, '_>,
        ) -> Result<Pos<'b>, Malformed> {
            let mut r = Reader::new(span, cx);
            while r.more(self)? {
                r.field::<kind::String>(10, &mut self.text)?;
                r.repeated::<kind::String>(18, &mut self.more)?;
                r.map::<kind::String, kind::String>(26, &mut self.names)?;
            }
            Ok(r.pos())
        }

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
            w.map::<kind::String, kind::String>(26, &self.names);
            w.repeated::<kind::String>(18, &self.more);
            w.optional::<kind::String>(10, &self.text);
        }
    }

    impls!(self::Loose);

    impl Message for self::Open {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Open> =
                Table::new("sample.Open", &[]).unknown_fields(unknown_fields!(self::Open));
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

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.unknown(&self.unknown_fields);
        }
    }

    impls!(self::Open);

    impl Message for self::Bag {
        fn table() -> &'static Table<Self> {
            static TABLE: Table<self::Bag> = Table::new("sample.Bag", &[])
                .message_set()
                .unknown_fields(unknown_fields!(self::Bag));
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

        fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
            w.message_set(&self.unknown_fields);
        }
    }

    impls!(self::Bag);
};

/// What is declared inside [`Presence`].
pub mod presence {
    #[derive(Clone, Default, PartialEq)]
    pub struct Inner {
        pub value: ::core::option::Option<i32>,
        /// Fields that this version of the schema does not have.
        pub unknown_fields: ::ironwire_message::generated::UnknownFields,
    }

    impl Inner {
        /// The value of `value`, or its default `0`.
        pub fn value(&self) -> i32 {
            self.value.unwrap_or(0)
        }
    }

    const _: () = {
        use ::ironwire_message::generated::*;

        impl Message for self::Inner {
            fn table() -> &'static Table<Self> {
                static TABLE: Table<self::Inner> = Table::new(
                    "sample.Presence.Inner",
                    &[field!(
                        self::Inner,
                        value,
                        1,
                        "value",
                        Optional<kind::Int32>
                    )],
                )
                .unknown_fields(unknown_fields!(self::Inner));
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

            fn encode_fields<'m>(&'m self, w: &mut Writer<'m, '_>) {
                w.unknown(&self.unknown_fields);
                w.optional::<kind::Int32>(8, &self.value);
            }
        }

        impls!(self::Inner);
    };
}

/// What is declared inside [`Choice`].
pub mod choice {
    #[derive(Clone, Debug, PartialEq)]
    pub enum Kind {
        Number(i32),
        Text(::ironwire_message::generated::String),
        Data(::ironwire_message::generated::Bytes),
        Leaf(super::Leaf),
        Again(::ironwire_message::generated::Box<super::Choice>),
        Size(super::Size),
    }
}
