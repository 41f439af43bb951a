//! Reading the fields of one message. Never allocates for a length that the buffer does not hold.
//!
//! Generated code asks for its fields in the order of their numbers, which is the order that encoders write them in:
//! each question is one comparison with the whole tag. What comes in another order, in another wire type, with an unknown
//! number or malformed is refused here and left to `left_over`, which finds out what it is.
#![allow(unsafe_code)]
// Unsafe, for the reasons and by the rules that `wire::context` gives.

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ptr;

use crate::message::Message;
use crate::table::{Place, WireTable};
use crate::wire::context::{Context, Malformed, Pos, Span};
use crate::wire::kind::{Kind, Packable};
use crate::wire::left_over;
use crate::wire::scan;
use crate::wire::slot::{MapStorage, Push, Slot, Variant};

/// Which required fields were read, 64 to a word.
pub struct Seen<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Seen<WORDS> {
    /// None.
    #[inline(always)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self([0; WORDS])
    }

    /// Notes whether the required field of this index was read.
    #[inline(always)]
    pub fn mark(&mut self, index: usize, read: bool) {
        self.0[index / 64] |= u64::from(read) << (index % 64);
    }
}

/// Reads the fields of one message. A local of each decoding function, so that its positions stay in registers.
pub struct Reader<'b, 's, 'c> {
    // `pos` and `end` lie in the buffer; `pos` can be behind `end` when a scalar ran over the message's end.
    pos: *const u8,
    end: *const u8,
    /// The end of the buffer.
    limit: *const u8,
    /// Where the last round over the fields began.
    mark: *const u8,
    cx: &'c mut Context<'b, 's>,
}

impl<'b, 's, 'c> Reader<'b, 's, 'c> {
    /// Reads the message in `span`.
    #[inline(always)]
    pub fn new(span: Span<'b>, cx: &'c mut Context<'b, 's>) -> Self {
        Self {
            pos: span.start().ptr(),
            end: span.end().ptr(),
            limit: cx.limit(),
            mark: ptr::null(),
            cx,
        }
    }

    /// Where the next field begins.
    #[inline(always)]
    pub fn pos(&self) -> Pos<'b> {
        // SAFETY: `pos` lies in the buffer.
        unsafe { Pos::new(self.pos) }
    }

    /// Whether another round over the fields of `message` is needed. Reads a field that the last round left.
    ///
    /// # Errors
    /// When that field is malformed.
    #[inline(always)]
    pub fn more<M: Message>(&mut self, message: &mut M) -> Result<bool, Malformed> {
        self.more_seen(message, &mut Seen::<0>::new())
    }

    /// [`more`](Self::more) for a message with required fields: `seen` has a bit for each, and all have to be set in the end.
    ///
    /// # Errors
    /// When a field is malformed. A required one that is missing is noted in the context.
    #[inline(always)]
    pub fn more_seen<M: Message, const WORDS: usize>(
        &mut self,
        message: &mut M,
        seen: &mut Seen<WORDS>,
    ) -> Result<bool, Malformed> {
        if self.pos == self.end && self.cx.open_group() == 0 {
            if WORDS > 0 {
                left_over::require(
                    WireTable::of::<M>().required(),
                    &seen.0,
                    self.pos(),
                    self.cx,
                );
            }
            return Ok(false);
        }
        if self.pos != self.mark {
            self.mark = self.pos;
            return Ok(true);
        }
        // A position behind the end, where a scalar ran over it, is refused as a tag that is cut off there.
        let span = Span::new(self.pos, self.end);
        let (next, goes_on) = left_over::field(Place::new(message), &mut seen.0, span, self.cx)?;
        self.pos = next.ptr();
        self.mark = next.ptr();
        Ok(goes_on)
    }

    /// Where the value of the next field begins, if its tag is `tag`.
    #[inline(always)]
    fn at(&self, tag: u32) -> Option<Pos<'b>> {
        let len = scan::tag_len(tag);
        // The order of the tests matters: `pos` can be behind `end`.
        if self.pos >= self.end {
            return None;
        }
        // SAFETY: `pos < end`, and longer reads check their length first; the result is at most `end`.
        unsafe {
            let found = match len {
                1 => *self.pos == tag as u8,
                _ if (self.end as usize - self.pos as usize) < len => false,
                2 => ptr::read_unaligned(self.pos.cast::<[u8; 2]>()) == scan::two_bytes(tag),
                _ => scan::is_long_tag(self.pos, tag, len),
            };
            found.then(|| Pos::new(self.pos.add(len)))
        }
    }

    /// Reads a singular field, if it comes next, and says whether it did.
    ///
    /// # Errors
    /// When a message in it is malformed.
    #[inline(always)]
    pub fn field<K: Kind>(
        &mut self,
        tag: u32,
        slot: &mut impl Slot<K::Rust>,
    ) -> Result<bool, Malformed> {
        let Some(value) = self.at(tag) else {
            return Ok(false);
        };
        match K::read(self, tag, value, slot)? {
            Some(next) => {
                self.pos = next.ptr();
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Reads a oneof's field, if it comes next and the oneof is not set.
    ///
    /// # Errors
    /// When a message in it is malformed.
    #[inline(always)]
    pub fn oneof<K: Kind, E>(
        &mut self,
        tag: u32,
        oneof: &mut Option<E>,
        variant: impl Fn(K::Rust) -> E,
    ) -> Result<bool, Malformed> {
        if oneof.is_some() {
            // A message that meets an earlier one of its field is merged into it, which only `left_over` does.
            return Ok(false);
        }
        let mut slot = Variant {
            oneof,
            variant,
            value: PhantomData,
        };
        self.field::<K>(tag, &mut slot)
    }

    /// Reads the elements of a repeated field that come next, each under its own tag.
    ///
    /// # Errors
    /// When a message in it is malformed, or the elements would use more memory than is allowed.
    #[inline(always)]
    pub fn repeated<K: Kind>(
        &mut self,
        tag: u32,
        values: &mut Vec<K::Rust>,
    ) -> Result<bool, Malformed> {
        let Some(mut value) = self.at(tag) else {
            return Ok(false);
        };
        let mut counted = 0;
        let mut is_first = true;
        loop {
            if K::COUNTED && counted == 0 {
                if is_first {
                    counted = scan::count_run(self.pos, self.end, tag).count;
                    values.reserve(counted);
                    is_first = false;
                } else {
                    counted = CHARGED_AHEAD;
                }
                if size_of::<K::Rust>() > CHARGED_FROM {
                    self.cx.charge(counted * size_of::<K::Rust>(), value)?;
                }
            }
            match K::read(self, tag, value, &mut Push(values))? {
                Some(next) => self.pos = next.ptr(),
                None => return Ok(false),
            }
            counted = counted.saturating_sub(1);
            match self.at(tag) {
                Some(next) => value = next,
                None => return Ok(true),
            }
        }
    }

    /// Reads the elements of a packed field, if it comes next.
    ///
    /// # Errors
    /// Never: what is malformed is left to `left_over`.
    #[inline(always)]
    pub fn packed<K: Packable>(
        &mut self,
        tag: u32,
        values: &mut Vec<K::Rust>,
    ) -> Result<bool, Malformed> {
        if let Some(value) = self.at(tag)
            && let Some(body) = scan::length_delimited(value, self.end())
            && K::read_packed(self, body, values)
        {
            self.pos = body.end().ptr();
            return Ok(true);
        }
        Ok(false)
    }

    /// Reads the entries of a map that come next.
    ///
    /// # Errors
    /// When a message in it is malformed, or the entries would use more memory than is allowed.
    #[inline(always)]
    pub fn map<K: Kind, V: Kind>(
        &mut self,
        tag: u32,
        map: &mut impl MapStorage<K::Rust, V::Rust>,
    ) -> Result<bool, Malformed> {
        let Some(first) = self.at(tag) else {
            return Ok(false);
        };
        if map.count() == 0 {
            map.reserve(self.count_entries::<(K::Rust, V::Rust)>(tag));
        }
        let mut found = false;
        let mut next = Some(first);
        while let Some(value) = next {
            let Some(body) = scan::length_delimited(value, self.end()) else {
                break;
            };
            let Some((key, value)) = map_entry::<K, V>(body, self.cx)? else {
                break;
            };
            map.put(key, value);
            self.pos = body.end().ptr();
            found = true;
            next = self.at(tag);
        }
        Ok(found)
    }

    /// How many entries of type `E` to make room for: as many as follow, but no more than fit into a small multiple of the
    /// bytes that they take, since their keys may all be one.
    #[inline]
    fn count_entries<E>(&self, tag: u32) -> usize {
        let run = scan::count_run(self.pos, self.end, tag);
        run.count
            .min(run.bytes * ENTRY_GROWTH / size_of::<E>().max(1))
    }

    #[inline(always)]
    pub(crate) fn end(&self) -> Pos<'b> {
        // SAFETY: `end` lies in the buffer.
        unsafe { Pos::new(self.end) }
    }

    #[inline(always)]
    pub(crate) fn cx(&mut self) -> &mut Context<'b, 's> {
        self.cx
    }

    /// The end of the buffer.
    #[inline(always)]
    pub(super) fn limit(&self) -> *const u8 {
        self.limit
    }

    /// The varint at `at` and where it ends; nothing where it is malformed.
    #[inline(always)]
    pub(crate) fn varint(&self, at: Pos<'b>) -> Option<(u64, Pos<'b>)> {
        scan::varint(at, self.limit)
    }

    /// The varint at `at`, where every length is as likely as another.
    #[inline(always)]
    pub(crate) fn any_varint(&self, at: Pos<'b>) -> Option<(u64, Pos<'b>)> {
        scan::any_varint(at, self.limit)
    }

    /// The `N` bytes at `at` and where they end.
    #[inline(always)]
    pub(crate) fn fixed<const N: usize>(&self, at: Pos<'b>) -> Option<([u8; N], Pos<'b>)> {
        let at = at.ptr();
        if (self.limit as usize - at as usize) < N {
            return None;
        }
        // SAFETY: N bytes lie between `at` and the buffer's end.
        unsafe { Some((ptr::read_unaligned(at.cast()), Pos::new(at.add(N)))) }
    }
}

/// Elements of a repeated field that are no larger than this are paid for by the two bytes that each takes on the wire.
const CHARGED_FROM: usize = 32;

/// How many elements are paid for at a time in a list that is longer than what was counted ahead.
const CHARGED_AHEAD: usize = 32;

/// How many bytes of memory a map may reserve for each byte of its entries.
const ENTRY_GROWTH: usize = 8;

/// A key and a value.
type Entry<K, V> = (<K as Kind>::Rust, <V as Kind>::Rust);

/// The key and value of a map entry that has both, once and in order, as encoders write it.
#[inline]
fn map_entry<'b, K: Kind, V: Kind>(
    body: Span<'b>,
    cx: &mut Context<'b, '_>,
) -> Result<Option<Entry<K, V>>, Malformed> {
    if size_of::<V::Rust>() > CHARGED_FROM {
        cx.charge(size_of::<V::Rust>(), body.start())?;
    }
    let mut entry = Reader::new(body, cx);
    let mut key = None;
    let mut value = None;
    let complete = entry.field::<K>(1 << 3 | K::WIRE, &mut key)?
        && entry.field::<V>(2 << 3 | V::WIRE, &mut value)?
        && entry.pos == entry.end;
    Ok(if complete { key.zip(value) } else { None })
}

impl<'b> Reader<'b, '_, '_> {
    /// Goes on at `at`.
    #[inline(always)]
    pub(crate) fn seek(&mut self, at: Pos<'b>) {
        self.pos = at.ptr();
    }
}
