//! Reading fields from one contiguous buffer. Never allocates for a length that the buffer does not hold.
//!
//! Generated code asks for its fields in the order of their numbers, which is the order that encoders write them in:
//! each question is one comparison with the whole tag. What comes in another order, in another wire type, with an unknown
//! number or malformed is refused here and left to the table (`reflect::decode`), which finds out what it is.
#![allow(unsafe_code)]
// Unsafe, for the gain of bounds that are checked once per value instead of once per byte: decoding the mesh data set takes
// two thirds of the time that it takes over slices. Every position carries the brand `'b` of its buffer, an invariant
// lifetime that only `run` creates; so a position can only meet the limits of the buffer that it points into.

use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::marker::PhantomData;
use core::ptr::{self, NonNull};

use crate::error::DecodeErrorKind;
use crate::message::Message;
use crate::reflect::decode;
use crate::wire::is_utf8;
use crate::wire::kind::{Kind, Packable};
use crate::wire::slot::{MapStorage, Push, Slot, Variant};

type Brand<'b> = PhantomData<fn(&'b ()) -> &'b ()>;

/// The bytes are malformed; the context knows how.
#[derive(Debug)]
pub struct Malformed(());

/// A position in the buffer of brand `'b`: between its start and its end, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pos<'b> {
    at: NonNull<u8>,
    brand: Brand<'b>,
}

/// A position and the end of the message that it is in.
#[derive(Clone, Copy)]
pub struct Span<'b> {
    pos: Pos<'b>,
    end: Pos<'b>,
}

/// What all messages of one decoding share.
pub struct Context<'b, 's> {
    data: &'s [u8],
    source: Option<&'s Bytes>,
    limit: *const u8,
    /// How many levels may still open, in the high half; the number of the group that is open, in the low half, or 0.
    nesting: u64,
    memory: usize,
    partial: bool,
    fault: Option<Fault>,
    brand: Brand<'b>,
}

/// Where decoding failed.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) offset: usize,
    /// How many more levels could have opened there.
    pub(crate) depth_left: u32,
    /// The number of the required field that is missing.
    pub(crate) missing: Option<u32>,
}

/// The bounds of one decoding.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) depth: u32,
    pub(crate) memory: usize,
    pub(crate) partial: bool,
}

/// Decodes the whole of `data` with `f`. Values of `bytes` fields are slices of `source`, which holds `data`.
pub(crate) fn run(
    data: &[u8],
    source: Option<&Bytes>,
    limits: Limits,
    f: impl for<'b> FnOnce(Span<'b>, &mut Context<'b, '_>) -> Result<Pos<'b>, Malformed>,
) -> Result<(), Fault> {
    let range = data.as_ptr_range();
    let pos = |at: *const u8| Pos {
        at: NonNull::new(at.cast_mut()).expect("a slice's pointers are not null"),
        brand: PhantomData,
    };
    let span = Span {
        pos: pos(range.start),
        end: pos(range.end),
    };
    let mut cx = Context {
        data,
        source,
        limit: range.end,
        nesting: u64::from(limits.depth) << 32,
        memory: limits.memory,
        partial: limits.partial,
        fault: None,
        brand: PhantomData,
    };
    match f(span, &mut cx) {
        Ok(_) => Ok(()),
        Err(Malformed(())) => Err(cx.fault.expect("a failure leaves its fault")),
    }
}

impl<'b> Context<'b, '_> {
    #[cold]
    pub(crate) fn fail(&mut self, kind: DecodeErrorKind, at: Pos<'b>) -> Malformed {
        self.fault.get_or_insert(Fault {
            kind,
            offset: at.at.as_ptr() as usize - self.data.as_ptr() as usize,
            depth_left: (self.nesting >> 32) as u32,
            missing: None,
        });
        Malformed(())
    }

    #[cold]
    pub(crate) fn fail_missing(&mut self, number: u32, at: Pos<'b>) -> Malformed {
        let malformed = self.fail(DecodeErrorKind::MissingRequired, at);
        if let Some(fault) = &mut self.fault {
            fault.missing.get_or_insert(number);
        }
        malformed
    }

    pub(crate) fn is_partial(&self) -> bool {
        self.partial
    }

    /// The number of the group that is being read, or 0.
    pub(crate) fn open_group(&self) -> u32 {
        self.nesting as u32
    }

    /// Opens a level for a message, or for the group `number`, and returns what [`leave`](Self::leave) needs.
    #[inline(always)]
    pub(crate) fn enter(&mut self, number: u32) -> Option<u64> {
        let outer = self.nesting;
        if outer >> 32 == 0 {
            return None;
        }
        self.nesting = (((outer >> 32) - 1) << 32) | u64::from(number);
        Some(outer)
    }

    #[inline(always)]
    pub(crate) fn leave(&mut self, outer: u64) {
        self.nesting = outer;
    }

    /// Accounts for `bytes` of memory that elements use beyond what the buffer's size explains.
    #[inline(always)]
    pub(crate) fn charge(&mut self, bytes: usize, at: Pos<'b>) -> Result<(), Malformed> {
        match self.memory.checked_sub(bytes) {
            Some(left) => {
                self.memory = left;
                Ok(())
            }
            None => Err(self.fail(DecodeErrorKind::TooMuchMemory, at)),
        }
    }
}

impl<'b> Span<'b> {
    #[inline(always)]
    fn new(pos: *const u8, end: *const u8) -> Self {
        // SAFETY: both point into or just behind a slice, so they are not null.
        unsafe {
            Self {
                pos: Pos::new(pos),
                end: Pos::new(end),
            }
        }
    }
}

impl Pos<'_> {
    /// # Safety
    /// `at` lies in the buffer of this brand or is its end.
    #[inline(always)]
    unsafe fn new(at: *const u8) -> Self {
        Self {
            // SAFETY: no position in a slice is null.
            at: unsafe { NonNull::new_unchecked(at.cast_mut()) },
            brand: PhantomData,
        }
    }

    #[inline(always)]
    fn ptr(self) -> *const u8 {
        self.at.as_ptr()
    }
}

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
    /// Where the last round over the fields began.
    mark: *const u8,
    cx: &'c mut Context<'b, 's>,
}

impl<'b, 's, 'c> Reader<'b, 's, 'c> {
    /// Reads the message in `span`.
    #[inline(always)]
    pub fn new(span: Span<'b>, cx: &'c mut Context<'b, 's>) -> Self {
        Self {
            pos: span.pos.ptr(),
            end: span.end.ptr(),
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
    /// When a field is malformed or a required one is missing.
    #[inline(always)]
    pub fn more_seen<M: Message, const WORDS: usize>(
        &mut self,
        message: &mut M,
        seen: &mut Seen<WORDS>,
    ) -> Result<bool, Malformed> {
        if self.pos == self.end && self.cx.open_group() == 0 {
            if WORDS > 0 {
                decode::require(&M::table().table, &seen.0, self.pos(), self.cx)?;
            }
            return Ok(false);
        }
        if self.pos != self.mark {
            self.mark = self.pos;
            return Ok(true);
        }
        if self.pos > self.end {
            return Err(self.cx.fail(DecodeErrorKind::Truncated, self.end()));
        }
        let span = Span::new(self.pos, self.end);
        let (next, goes_on) =
            decode::left_over(message, &M::table().table, &mut seen.0, span, self.cx)?;
        self.pos = next.ptr();
        self.mark = next.ptr();
        Ok(goes_on)
    }

    /// Where the value of the next field begins, if its tag is `tag`.
    #[inline(always)]
    fn at(&self, tag: u32) -> Option<Pos<'b>> {
        let len = tag_len(tag);
        // The order of the tests matters: `pos` can be behind `end`.
        if self.pos >= self.end {
            return None;
        }
        // SAFETY: `pos < end`, and longer reads check their length first; the result is at most `end`.
        unsafe {
            let found = match len {
                1 => *self.pos == tag as u8,
                _ if (self.end as usize - self.pos as usize) < len => false,
                2 => ptr::read_unaligned(self.pos.cast::<[u8; 2]>()) == two_bytes(tag),
                _ => is_long_tag(self.pos, tag, len),
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
            // A message that meets an earlier one of its field is merged into it, which only the table can do.
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
        if K::COUNTED {
            let count = count_run(self.pos, self.end, tag);
            if size_of::<K::Rust>() > CHARGED_FROM {
                self.cx.charge(count * size_of::<K::Rust>(), value)?;
            }
            values.reserve(count);
        }
        loop {
            match K::read(self, tag, value, &mut Push(values))? {
                Some(next) => self.pos = next.ptr(),
                None => return Ok(false),
            }
            match self.at(tag) {
                Some(next) => value = next,
                None => return Ok(true),
            }
        }
    }

    /// Reads the elements of a packed field, if it comes next.
    ///
    /// # Errors
    /// Never: what is malformed is left to the table.
    #[inline(always)]
    pub fn packed<K: Packable>(
        &mut self,
        tag: u32,
        values: &mut Vec<K::Rust>,
    ) -> Result<bool, Malformed> {
        if let Some(value) = self.at(tag)
            && let Some(body) = length_delimited(value, self.end())
            && K::read_packed(body, values)
        {
            self.pos = body.end.ptr();
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
        let mut found = false;
        while let Some(value) = self.at(tag) {
            let Some(body) = length_delimited(value, self.end()) else {
                break;
            };
            let Some((key, value)) = map_entry::<K, V>(body, self.cx)? else {
                break;
            };
            map.put(key, value);
            self.pos = body.end.ptr();
            found = true;
        }
        Ok(found)
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

    /// The varint at `at` and where it ends; nothing where it is malformed.
    #[inline(always)]
    pub(crate) fn varint(&self, at: Pos<'b>) -> Option<(u64, Pos<'b>)> {
        varint(at, self.cx.limit)
    }

    /// The `N` bytes at `at` and where they end.
    #[inline(always)]
    pub(crate) fn fixed<const N: usize>(&self, at: Pos<'b>) -> Option<([u8; N], Pos<'b>)> {
        let at = at.ptr();
        if (self.cx.limit as usize - at as usize) < N {
            return None;
        }
        // SAFETY: N bytes lie between `at` and the buffer's end.
        unsafe { Some((ptr::read_unaligned(at.cast()), Pos::new(at.add(N)))) }
    }
}

/// Elements of a repeated field that are no larger than this are paid for by the two bytes that each takes on the wire.
const CHARGED_FROM: usize = 32;

/// The key and value of a map entry that has both, once and in order, as encoders write it.
#[inline]
fn map_entry<'b, K: Kind, V: Kind>(
    body: Span<'b>,
    cx: &mut Context<'b, '_>,
) -> Result<Option<(K::Rust, V::Rust)>, Malformed> {
    if size_of::<V::Rust>() > CHARGED_FROM {
        cx.charge(size_of::<V::Rust>(), body.pos)?;
    }
    let mut entry = Reader::new(body, cx);
    let mut key = None;
    let mut value = None;
    let complete = entry.field::<K>(1 << 3 | K::WIRE, &mut key)?
        && entry.field::<V>(2 << 3 | V::WIRE, &mut value)?
        && entry.pos == entry.end;
    Ok(if complete { key.zip(value) } else { None })
}

#[inline(always)]
const fn tag_len(tag: u32) -> usize {
    match tag {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        0x4000..0x20_0000 => 3,
        0x20_0000..0x1000_0000 => 4,
        _ => 5,
    }
}

#[inline(always)]
const fn two_bytes(tag: u32) -> [u8; 2] {
    [tag as u8 | 0x80, (tag >> 7) as u8]
}

/// # Safety
/// `len` bytes can be read at `at`.
#[inline]
unsafe fn is_long_tag(at: *const u8, tag: u32, len: usize) -> bool {
    (0..len).all(|i| {
        let more = if i + 1 < len { 0x80 } else { 0 };
        // SAFETY: by the caller's promise.
        unsafe { *at.add(i) == ((tag >> (7 * i)) as u8 & 0x7f) | more }
    })
}

/// The varint at `at`, which may run to the buffer's end `limit`. Eight bytes are loaded and folded at once.
#[inline(always)]
fn varint<'b>(at: Pos<'b>, limit: *const u8) -> Option<(u64, Pos<'b>)> {
    let p = at.ptr();
    let room = limit as usize - p as usize;
    // SAFETY: every read is within `room` bytes, every new position at most `limit`.
    unsafe {
        if room >= 8 {
            let word = u64::from_le(ptr::read_unaligned(p.cast::<u64>()));
            if word & 0x80 == 0 {
                return Some((word & 0x7f, Pos::new(p.add(1))));
            }
            let stops = !word & 0x8080_8080_8080_8080;
            if stops != 0 {
                let len = stops.trailing_zeros() as usize / 8 + 1;
                let bits = word & (stops ^ (stops - 1)) & 0x7f7f_7f7f_7f7f_7f7f;
                return Some((fold(bits), Pos::new(p.add(len))));
            }
        } else if room > 0 && *p < 0x80 {
            return Some((u64::from(*p), Pos::new(p.add(1))));
        }
        let (value, len) = varint_by_bytes(core::slice::from_raw_parts(p, room))?;
        Some((value, Pos::new(p.add(len))))
    }
}

/// Closes the gaps that the eighth bits leave.
#[inline(always)]
const fn fold(bits: u64) -> u64 {
    let bits = (bits & 0x7f00_7f00_7f00_7f00) >> 1 | (bits & 0x007f_007f_007f_007f);
    let bits = (bits & 0x3fff_0000_3fff_0000) >> 2 | (bits & 0x0000_3fff_0000_3fff);
    (bits & 0x0fff_ffff_0000_0000) >> 4 | (bits & 0x0000_0000_0fff_ffff)
}

/// The varint at the start of `bytes` and its length. The tenth byte holds one bit; what is beyond 64 bits is an error.
#[inline(never)]
fn varint_by_bytes(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (i, byte) in bytes.iter().take(10).enumerate() {
        if i == 9 && *byte > 1 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << (7 * i);
        if *byte < 0x80 {
            return Some((value, i + 1));
        }
    }
    None
}

/// The bytes behind the length at `at`, which have to end before `end`.
#[inline(always)]
pub(crate) fn length_delimited<'b>(at: Pos<'b>, end: Pos<'b>) -> Option<Span<'b>> {
    if at.ptr() >= end.ptr() {
        return None;
    }
    let (len, start) = varint(at, end.ptr())?;
    let start = start.ptr();
    if len > (end.ptr() as usize - start as usize) as u64 {
        return None;
    }
    // SAFETY: `start + len` is at most `end`.
    Some(Span::new(start, unsafe { start.add(len as usize) }))
}

/// How many length-delimited fields follow each other under `tag`, so that a vector grows once.
#[inline]
fn count_run(mut at: *const u8, end: *const u8, tag: u32) -> usize {
    let len = tag_len(tag);
    if len > 2 {
        return 1;
    }
    let mut count = 0;
    // SAFETY: two bytes are read only where more than two are left; `length_delimited` stays below `end`.
    unsafe {
        while end as usize - at as usize > len {
            let same = match len {
                1 => *at == tag as u8,
                _ => ptr::read_unaligned(at.cast::<[u8; 2]>()) == two_bytes(tag),
            };
            if !same {
                break;
            }
            match length_delimited(Pos::new(at.add(len)), Pos::new(end)) {
                Some(body) => at = body.end.ptr(),
                None => break,
            }
            count += 1;
        }
    }
    count
}

/// The string at `at`, a length and UTF-8, and where it ends.
#[inline(never)]
pub(crate) fn string<'b>(at: Pos<'b>, end: Pos<'b>) -> Option<(String, Pos<'b>)> {
    let body = length_delimited(at, end)?;
    let bytes = body.slice();
    if !is_utf8(bytes) {
        return None;
    }
    // SAFETY: just checked.
    let string = unsafe { String::from_utf8_unchecked(bytes.to_vec()) };
    Some((string, body.end))
}

/// Reads the varints that fill `body`. Counts them first, so that the vector grows once and by what is there.
#[inline(always)]
pub(crate) fn packed_varints<T>(
    body: Span<'_>,
    values: &mut Vec<T>,
    decode: impl Fn(u64) -> Option<T>,
) -> bool {
    let before = values.len();
    values.reserve(body.slice().iter().filter(|byte| **byte < 0x80).count());
    let end = body.end.ptr();
    let mut at = body.pos;
    while at.ptr() < end {
        match varint(at, end).and_then(|(wire, next)| Some((decode(wire)?, next))) {
            Some((value, next)) => {
                values.push(value);
                at = next;
            }
            None => {
                values.truncate(before);
                return false;
            }
        }
    }
    true
}

/// Reads the `N`-byte values that fill `body`; on a little-endian machine one copy.
#[inline(always)]
pub(crate) fn packed_fixed<T, const N: usize>(
    body: Span<'_>,
    values: &mut Vec<T>,
    decode: impl Fn([u8; N]) -> T,
) -> bool {
    let (chunks, rest) = body.slice().as_chunks::<N>();
    if rest.is_empty() {
        values.extend(chunks.iter().map(|bytes| decode(*bytes)));
    }
    rest.is_empty()
}

impl<'b, 's> Context<'b, 's> {
    /// The bytes of `span`.
    #[inline(always)]
    pub(crate) fn slice(&self, span: Span<'b>) -> &'s [u8] {
        // The brand says that the span lies in `data`, which lives for `'s`.
        span.slice()
    }

    /// The bytes of `span`, shared with the buffer where that is a `Bytes`.
    pub(crate) fn shared(&self, span: Span<'b>) -> Bytes {
        match self.source {
            Some(source) => source.slice_ref(span.slice()),
            None => Bytes::copy_from_slice(span.slice()),
        }
    }
}

impl<'b> Span<'b> {
    /// Where the bytes begin.
    pub(crate) fn start(self) -> Pos<'b> {
        self.pos
    }

    /// Where the bytes end.
    #[inline(always)]
    pub(crate) fn end(self) -> Pos<'b> {
        self.end
    }

    /// The bytes from `start` to `end`; none where `end` comes first.
    pub(crate) fn between(start: Pos<'b>, end: Pos<'b>) -> Self {
        Self::new(start.ptr(), end.ptr().max(start.ptr()))
    }

    /// The number of bytes.
    pub(crate) fn len(self) -> usize {
        self.slice().len()
    }

    #[inline(always)]
    fn slice<'s>(self) -> &'s [u8] {
        let len = self.end.ptr() as usize - self.pos.ptr() as usize;
        // SAFETY: a span lies in its buffer, with its end not before its start; callers do not outlive the buffer.
        unsafe { core::slice::from_raw_parts(self.pos.ptr(), len) }
    }
}

impl<'b> Reader<'b, '_, '_> {
    /// Goes on at `at`.
    #[inline(always)]
    pub(crate) fn seek(&mut self, at: Pos<'b>) {
        self.pos = at.ptr();
    }
}
