//! The part of a message's table that reading needs: the fields' numbers, where they lie and of what type they are, and their
//! names for errors. A program that only reads and writes messages holds this and nothing of what reflection knows. Never a value.
#![allow(unsafe_code)]
// Unsafe, as `table::slot` is and by its rules, and for parts without pointers between them: those of 371 types took 51 KB. What a
// field links to is only made together with what the field is.

use core::num::{NonZeroU16, NonZeroU32};
use core::ptr::NonNull;
use core::slice;

use crate::message::Message;
use crate::reflect::Kind;
use crate::table;
use crate::table::place::{Decode, Prepare};
use crate::table::shape::{Label, Shape};
use crate::table::typed::Tables;

/// What reading knows of a message type: a pointer to a [`Block`].
#[derive(Clone, Copy)]
pub struct WireTable(NonNull<Head>);

// SAFETY: what it points to is constant.
unsafe impl Send for WireTable {}
// SAFETY: see above.
unsafe impl Sync for WireTable {}

/// What reading knows of a message type. Small, for every message that a program reads has one: the parts follow each other
/// without pointers between them, which would take four times their size (the linker notes where each has to be adjusted).
#[repr(C)]
pub(super) struct Block<const FIELDS: usize, const LINKS: usize, const NAMES: usize> {
    pub(super) head: Head,
    /// What the fields link to, in the order of the fields.
    pub(super) links: [Link; LINKS],
    /// In the order of their numbers.
    pub(super) fields: [WireField; FIELDS],
    /// The message's full name, and behind spaces the names of the fields.
    pub(super) names: [u8; NAMES],
}

/// What a block begins with.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// The code that reads the message.
    pub(super) decode: Decode,
    pub(super) links: u16,
    pub(super) fields: u16,
    pub(super) names: u32,
    /// One more than where the struct keeps its unknown fields, if it does.
    pub(super) unknown_fields: Option<NonZeroU32>,
    pub(super) required: u16,
    pub(super) is_message_set: bool,
}

impl WireTable {
    /// The table of the message `M`. The one place that names it: a constant is there once for each function that does.
    #[inline(never)]
    pub(crate) fn of<M: Message>() -> Self {
        M::Tables::WIRE.table
    }

    /// The table in `block`.
    pub(super) const fn new<const FIELDS: usize, const LINKS: usize, const NAMES: usize>(
        block: &'static Block<FIELDS, LINKS, NAMES>,
    ) -> Self {
        let Head {
            links,
            fields,
            names,
            ..
        } = block.head;
        assert!(links as usize == LINKS && fields as usize == FIELDS && names as usize == NAMES);
        // The parts have no gaps between them.
        assert!(align_of::<Link>() <= align_of::<Head>());
        assert!(align_of::<WireField>() <= align_of::<Link>());
        let block = (&raw const *block).cast_mut();
        // SAFETY: a reference is not null; nothing is written by the pointer.
        Self(unsafe { NonNull::new_unchecked(block.cast()) })
    }

    fn head(&self) -> &'static Head {
        // SAFETY: a block begins with its head.
        unsafe { self.0.as_ref() }
    }

    /// The `len` values of a part of the block that begins at `at`.
    ///
    /// # Safety
    /// The block has them there.
    unsafe fn part<T>(&self, at: usize, len: usize) -> &'static [T] {
        // SAFETY: the caller's promise; the pointer is to the whole block, which is constant.
        unsafe { slice::from_raw_parts(self.0.as_ptr().byte_add(at).cast(), len) }
    }

    fn links(&self) -> &'static [Link] {
        // SAFETY: the links follow the head, which says how many there are.
        unsafe { self.part(size_of::<Head>(), self.head().links.into()) }
    }

    /// In the order of their numbers.
    pub(crate) fn fields(&self) -> &'static [WireField] {
        let at = size_of::<Head>() + size_of_val(self.links());
        // SAFETY: the fields follow the links, and the head says how many there are.
        unsafe { self.part(at, self.head().fields.into()) }
    }

    /// The message's full name, and behind it the names of the fields.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        let at = size_of::<Head>() + size_of_val(self.links()) + size_of_val(self.fields());
        // SAFETY: the names follow the fields, and the head says how many bytes they are.
        let names: &[u8] = unsafe { self.part(at, self.head().names as usize) };
        names
            .split(|byte| *byte == b' ')
            .map(|name| core::str::from_utf8(name).unwrap_or_default())
    }

    pub(crate) fn full_name(&self) -> &'static str {
        self.names().next().unwrap_or_default()
    }

    /// The code that reads the message.
    pub(super) fn decode(&self) -> Decode {
        self.head().decode
    }

    /// Where the struct keeps its unknown fields, if it does.
    pub(super) fn unknown_fields(&self) -> Option<usize> {
        let place = self.head().unknown_fields?;
        Some(place.get() as usize - 1)
    }

    /// How many fields are required.
    pub(crate) fn required(&self) -> u16 {
        self.head().required
    }

    pub(crate) fn is_message_set(&self) -> bool {
        self.head().is_message_set
    }

    pub(crate) fn field(&self, number: u32) -> Option<&'static WireField> {
        self.position(number).map(|at| &self.fields()[at])
    }

    fn position(&self, number: u32) -> Option<usize> {
        table::position(self.fields(), number, |field| field.number)
    }

    /// The name of the field with this number.
    pub(crate) fn name(&self, number: u32) -> &'static str {
        let name = self
            .position(number)
            .and_then(|at| self.names().nth(at + 1));
        name.unwrap_or_default()
    }

    /// What the message is whose values the field has, if they are messages.
    pub(crate) fn message(&self, field: &WireField) -> Option<WireTable> {
        let message = field.kind.is_message().then(|| {
            // SAFETY: the first link of a field of messages, as `WireShape::links` has it.
            unsafe { self.links()[usize::from(field.link)].message }
        });
        message.map(|table| table())
    }

    /// Whether the field can have this number, where its values are of an enum.
    pub(crate) fn has_number(&self, field: &WireField, number: i32) -> bool {
        if field.kind != Kind::Enum {
            return true;
        }
        // SAFETY: the first link of a field of enums, as `WireShape::links` has it.
        let has_number = unsafe { self.links()[usize::from(field.link)].has_number };
        has_number(number)
    }

    /// What makes the field's oneof ready to be read, if the field is in one.
    pub(super) fn prepare(&self, field: &WireField) -> Option<Prepare> {
        let link = usize::from(field.link) + usize::from(field.kind.has_table());
        field.is_in_oneof().then(|| {
            // SAFETY: the last link of a oneof's field, as `WireShape::links` has it.
            unsafe { self.links()[link].prepare }
        })
    }
}

impl Kind {
    /// Whether the type of such values is declared in a `.proto` file.
    const fn has_table(self) -> bool {
        matches!(self, Self::Message | Self::Group | Self::Enum)
    }
}

/// What reading knows of a field.
#[derive(Clone, Copy)]
pub(crate) struct WireField {
    pub(crate) number: u32,
    /// Where in the struct the field's storage lies. Those of one oneof lie at one place.
    pub(crate) offset: u32,
    /// Where its links begin among those of the table.
    pub(super) link: u16,
    /// One more than the field's place among the required ones.
    pub(super) required: Option<NonZeroU16>,
    pub(crate) label: Label,
    /// The type of the values; of a map, of those behind the keys.
    pub(crate) kind: Kind,
    /// Of a map, the type of the keys.
    pub(crate) key: Option<Kind>,
    pub(super) flags: u8,
}

const CHECKS_UTF8: u8 = 1;
const IN_ONEOF: u8 = 2;

impl WireField {
    pub(super) const fn new(
        number: u32,
        offset: u32,
        shape: &WireShape,
        checks_utf8: bool,
        required: Option<NonZeroU16>,
    ) -> Self {
        let mut flags = 0;
        if checks_utf8 {
            flags |= CHECKS_UTF8;
        }
        if shape.prepare.is_some() {
            flags |= IN_ONEOF;
        }
        Self {
            number,
            offset,
            link: 0,
            required,
            label: shape.label,
            kind: shape.kind,
            key: shape.key,
            flags,
        }
    }

    /// The field's place among the required ones.
    pub(crate) fn required(&self) -> Option<usize> {
        self.required.map(|place| usize::from(place.get()) - 1)
    }

    /// Whether strings that are not UTF-8 are malformed (`utf8_validation`); otherwise they are unknown fields.
    pub(crate) fn checks_utf8(&self) -> bool {
        self.flags & CHECKS_UTF8 != 0
    }

    /// Of a map, the field of its keys.
    pub(crate) fn key_field(&self) -> Option<Self> {
        Some(Self {
            kind: self.key?,
            ..*self
        })
    }

    fn is_in_oneof(&self) -> bool {
        self.flags & IN_ONEOF != 0
    }
}

/// What a field links to: which of these, the field says.
#[derive(Clone, Copy)]
pub(super) union Link {
    message: fn() -> WireTable,
    has_number: fn(i32) -> bool,
    prepare: Prepare,
}

impl Link {
    /// No link: what arrays are filled with before their links are put there.
    pub(super) const NONE: Self = Self {
        has_number: |_| false,
    };
}

/// What reading knows of a type of field.
#[derive(Clone, Copy)]
pub(super) struct WireShape {
    label: Label,
    kind: Kind,
    key: Option<Kind>,
    of: Of,
    prepare: Option<Prepare>,
}

impl WireShape {
    pub(super) const fn of<S: Shape>() -> Self {
        Self {
            label: S::LABEL,
            kind: S::KIND,
            key: S::KEY,
            of: S::OF,
            prepare: S::PREPARE,
        }
    }

    /// Whether the field is a single number of a fixed width.
    pub(super) const fn is_flat(&self) -> bool {
        use Kind::{Double, Fixed32, Fixed64, Float, Sfixed32, Sfixed64};
        !matches!(self.label, Label::Repeated | Label::Packed | Label::Map)
            && matches!(
                self.kind,
                Double | Float | Fixed32 | Fixed64 | Sfixed32 | Sfixed64
            )
    }

    /// What a field links to: first what its values are of, if that is declared in a `.proto` file, then its oneof.
    pub(super) const fn links(&self) -> [Option<Link>; 2] {
        let of = match self.of {
            Of::Scalar => None,
            Of::Message(message) => Some(Link { message }),
            Of::Enum(has_number) => Some(Link { has_number }),
        };
        assert!(of.is_some() == self.kind.has_table());
        let oneof = match self.prepare {
            None => None,
            Some(prepare) => Some(Link { prepare }),
        };
        [of, oneof]
    }
}

/// The message or the enum that values are of.
#[derive(Clone, Copy)]
pub enum Of {
    /// Neither.
    Scalar,
    /// What reading knows of the message.
    Message(fn() -> WireTable),
    /// Whether the enum has a value of this number.
    Enum(fn(i32) -> bool),
}
