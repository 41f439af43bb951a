//! The buffer of one decoding, positions in it, and what all messages of it share. Never reads a value.
#![allow(unsafe_code)]
// Unsafe, for the gain of positions that are plain pointers and stay in registers: decoding the mesh data set takes two
// thirds of the time that it takes over slices. Every position carries the brand `'b` of its buffer, an invariant lifetime
// that only `run` creates; so a position can only meet the limits of the buffer that it points into.

use bytes::Bytes;
use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::error::DecodeErrorKind;
use crate::wire::reader::Reader;
use crate::wire::scan::{length_delimited, short_body};

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
    nesting: Level,
    memory: usize,
    partial: bool,
    /// How many more levels may open in the message that is read once more.
    rewritten: Option<u32>,
    fault: Option<Fault>,
    brand: Brand<'b>,
}

/// Where a message is among those around it.
#[derive(Clone, Copy)]
pub(crate) struct Level {
    /// How many more may open.
    left: u32,
    /// The number of the group that is open, or 0.
    group: u32,
}

/// Where decoding failed.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) offset: usize,
    /// How many more levels could have opened there.
    pub(crate) depth_left: u32,
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
        nesting: Level {
            left: limits.depth,
            group: 0,
        },
        memory: limits.memory,
        partial: limits.partial,
        rewritten: None,
        fault: None,
        brand: PhantomData,
    };
    match f(span, &mut cx) {
        Ok(_) => cx.fault.map_or(Ok(()), Err),
        Err(Malformed(())) => Err(cx.fault.expect("a failure leaves its fault")),
    }
}

impl<'b> Context<'b, '_> {
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&mut self, kind: DecodeErrorKind, at: Pos<'b>) -> Malformed {
        self.fail_by(self.fault_at(kind, at))
    }

    fn fail_by(&mut self, fault: Fault) -> Malformed {
        let is_first = self
            .fault
            .is_none_or(|fault| fault.kind == DecodeErrorKind::MissingRequired);
        if is_first {
            self.fault = Some(fault);
        }
        Malformed(())
    }

    /// Reads with `f` a part of the message that is being read from `data`, where it was written anew: as though it stood in the
    /// buffer, at what `origin` says for an offset.
    pub(super) fn read_rewritten(
        &mut self,
        data: &[u8],
        f: impl for<'r> FnOnce(Span<'r>, &mut Context<'r, '_>) -> Result<Pos<'r>, Malformed>,
        origin: impl FnOnce(usize) -> (Pos<'b>, usize),
    ) -> Result<(), Malformed> {
        let limits = Limits {
            depth: self.nesting.left,
            memory: self.memory,
            partial: self.partial,
        };
        let mut memory = self.memory;
        let read = run(data, None, limits, |span, cx| {
            cx.rewritten = Some(cx.nesting.left);
            let read = f(span, cx);
            memory = cx.memory;
            read
        });
        self.memory = memory;
        let Err(mut fault) = read else {
            return Ok(());
        };
        let (at, behind) = origin(fault.offset);
        fault.offset = self.offset(at) + behind;
        if fault.kind == DecodeErrorKind::MissingRequired {
            self.fault.get_or_insert(fault);
            return Ok(());
        }
        Err(self.fail_by(fault))
    }

    /// Whether what is read was written anew, which holds no more than a part of its message.
    pub(crate) fn is_rewritten(&self) -> bool {
        self.rewritten == Some(self.nesting.left)
    }

    /// Notes that a message ended without one of its required fields. Reading goes on: the rest of the message may follow, and
    /// what is malformed counts for more.
    #[cold]
    pub(crate) fn note_missing(&mut self, at: Pos<'b>) {
        let fault = self.fault_at(DecodeErrorKind::MissingRequired, at);
        self.fault.get_or_insert(fault);
    }

    fn fault_at(&self, kind: DecodeErrorKind, at: Pos<'b>) -> Fault {
        Fault {
            kind,
            offset: self.offset(at),
            depth_left: self.nesting.left,
        }
    }

    fn offset(&self, at: Pos<'b>) -> usize {
        at.at.as_ptr() as usize - self.data.as_ptr() as usize
    }

    /// The end of the buffer.
    #[inline(always)]
    pub(super) fn limit(&self) -> *const u8 {
        self.limit
    }

    pub(crate) fn is_partial(&self) -> bool {
        self.partial
    }

    /// Whether no message may open in the one that is being read.
    pub(super) fn is_deepest(&self) -> bool {
        self.nesting.left == 0
    }

    /// The number of the group that is being read, or 0.
    pub(crate) fn open_group(&self) -> u32 {
        self.nesting.group
    }

    /// Opens a level for a message, or for the group `number`, and returns what [`leave`](Self::leave) needs.
    #[inline(always)]
    pub(crate) fn enter(&mut self, number: u32) -> Option<Level> {
        let outer = self.nesting;
        self.nesting = Level {
            left: outer.left.checked_sub(1)?,
            group: number,
        };
        Some(outer)
    }

    /// What [`leave`](Self::leave) needs to come back to this level.
    #[inline(always)]
    pub(crate) fn level(&self) -> Level {
        self.nesting
    }

    /// Opens a level for the message behind the length at `at`. Out of line, so that a field of a message takes little code.
    ///
    /// # Errors
    /// When the length is malformed, or the message is nested too deeply.
    #[inline(never)]
    pub(crate) fn open(&mut self, at: Pos<'b>, end: Pos<'b>) -> Result<Span<'b>, Malformed> {
        self.open_in_place(at, end)
    }

    /// [`open`](Self::open) for a message that is read in its place.
    ///
    /// # Errors
    /// As `open`.
    #[inline(always)]
    pub(crate) fn open_in_place(
        &mut self,
        at: Pos<'b>,
        end: Pos<'b>,
    ) -> Result<Span<'b>, Malformed> {
        match short_body(at, end) {
            Some(body) if self.enter(0).is_some() => Ok(body),
            _ => self.open_long(at, end),
        }
    }

    /// [`open`](Self::open) for a message that takes 128 bytes or more, or is refused.
    #[inline(never)]
    fn open_long(&mut self, at: Pos<'b>, end: Pos<'b>) -> Result<Span<'b>, Malformed> {
        match length_delimited(at, end) {
            Some(body) if self.enter(0).is_some() => Ok(body),
            _ => Err(self.refuse(at, end)),
        }
    }

    /// Why there is no message at `at`.
    #[cold]
    fn refuse(&mut self, at: Pos<'b>, end: Pos<'b>) -> Malformed {
        match Reader::new(at.to(end), self).read_span() {
            Ok(_) => self.fail(DecodeErrorKind::TooDeep, at),
            Err(malformed) => malformed,
        }
    }

    #[inline(always)]
    pub(crate) fn leave(&mut self, outer: Level) {
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

    /// Takes back what was accounted for memory that is free again.
    pub(super) fn give_back(&mut self, bytes: usize) {
        self.memory += bytes;
    }
}

impl<'b> Span<'b> {
    #[inline(always)]
    pub(super) fn new(pos: *const u8, end: *const u8) -> Self {
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
    pub(super) unsafe fn new(at: *const u8) -> Self {
        Self {
            // SAFETY: no position in a slice is null.
            at: unsafe { NonNull::new_unchecked(at.cast_mut()) },
            brand: PhantomData,
        }
    }

    #[inline(always)]
    pub(super) fn ptr(self) -> *const u8 {
        self.at.as_ptr()
    }
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
    pub(super) fn slice<'s>(self) -> &'s [u8] {
        let len = self.end.ptr() as usize - self.pos.ptr() as usize;
        // SAFETY: a span lies in its buffer, with its end not before its start; callers do not outlive the buffer.
        unsafe { core::slice::from_raw_parts(self.pos.ptr(), len) }
    }
}
