//! Bytes on their way out, where large payloads are still what the message held.
//!
//! Never copies them together, unless somebody wants to see a whole message.

use bytes::{Buf, Bytes};
use std::cell::RefCell;
use std::io::IoSlice;

/// Shorter slices are worth no more than their copy.
const SHOWN_BYTES_MIN: usize = 4 * 1024;

/// Copied bytes are kept only where they are one large message: those of many small ones are to be written to again soon.
const COPIED_SHOWN_BYTES_MIN: usize = 32 * 1024;

thread_local! {
    /// The large bytes among those that [`Payload::chunks_vectored`] has given last.
    ///
    /// `h2` asks for the slices of a payload and passes them to the socket at once, on this thread. A slice cannot be kept, but
    /// bytes can, so this lets the socket find the bytes that a slice is of.
    static SHOWN: RefCell<Vec<Bytes>> = const { RefCell::new(Vec::new()) };
}

/// Whether the slice is of bytes that have just been shown.
pub(crate) fn is_shown(slice: &[u8]) -> bool {
    slice.len() >= SHOWN_BYTES_MIN && SHOWN.with_borrow(|shown| shown.iter().any(holds(slice)))
}

/// The slice as the bytes that it is of, if they have just been shown.
pub(crate) fn shown(slice: &[u8]) -> Option<Bytes> {
    if slice.len() < SHOWN_BYTES_MIN {
        return None;
    }
    SHOWN.with_borrow(|shown| {
        let bytes = shown.iter().find(|bytes| holds(slice)(bytes))?;
        Some(bytes.slice_ref(slice))
    })
}

/// To be called when the slices have been used.
pub(crate) fn forget_shown() {
    SHOWN.with_borrow_mut(Vec::clear);
}

fn holds(slice: &[u8]) -> impl Fn(&Bytes) -> bool {
    let part = slice.as_ptr_range();
    move |bytes| {
        let whole = bytes.as_ptr_range();
        whole.start <= part.start && part.end <= whole.end
    }
}

/// Bytes in several places. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload {
    copied: Bytes,
    /// What goes between the copied bytes, and how many of those go before it; the last one first.
    shared: Vec<(usize, Bytes)>,
    /// How many of the copied bytes have been taken.
    taken: usize,
}

impl Payload {
    /// `shared` says of each how many of the copied bytes go before it, in their order.
    pub(crate) fn new(copied: Bytes, mut shared: Vec<(usize, Bytes)>) -> Payload {
        shared.reverse();
        Payload {
            copied,
            shared,
            taken: 0,
        }
    }

    /// The same as one buffer, copied together if it is several.
    pub(crate) fn into_bytes(mut self) -> Bytes {
        self.copy_to_bytes(self.remaining())
    }

    /// The copied bytes up to the next shared ones.
    fn before_shared(&self) -> &[u8] {
        match self.shared.last() {
            Some((at, _)) => &self.copied[..at - self.taken],
            None => &self.copied,
        }
    }
}

impl Buf for Payload {
    fn remaining(&self) -> usize {
        let shared = self.shared.iter().map(|(_, bytes)| bytes.len());
        self.copied.len() + shared.sum::<usize>()
    }

    fn chunk(&self) -> &[u8] {
        match (self.before_shared(), self.shared.last()) {
            ([], Some((_, shared))) => shared,
            (copied, _) => copied,
        }
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let mut taken = self.taken;
        let mut count = 0;
        let mut put = |bytes: &'a [u8]| {
            let fits = !bytes.is_empty() && count < slices.len();
            if fits {
                slices[count] = IoSlice::new(bytes);
                count += 1;
            }
            fits
        };
        SHOWN.with_borrow_mut(|shown| {
            shown.clear();
            if self.copied.len() >= COPIED_SHOWN_BYTES_MIN {
                shown.push(self.copied.clone());
            }
            for (at, shared) in self.shared.iter().rev() {
                put(&self.copied[taken - self.taken..at - self.taken]);
                if put(shared) && shared.len() >= SHOWN_BYTES_MIN {
                    shown.push(shared.clone());
                }
                taken = *at;
            }
        });
        put(&self.copied[taken - self.taken..]);
        count
    }

    fn advance(&mut self, mut bytes: usize) {
        loop {
            let copied = bytes.min(self.before_shared().len());
            self.copied.advance(copied);
            self.taken += copied;
            bytes -= copied;
            if bytes == 0 {
                return;
            }
            let (_, shared) = self.shared.last_mut().expect("no more than remains");
            if bytes < shared.len() {
                return shared.advance(bytes);
            }
            bytes -= shared.len();
            self.shared.pop();
        }
    }

    fn copy_to_bytes(&mut self, len: usize) -> Bytes {
        if self.shared.is_empty() {
            self.taken += len;
            return self.copied.copy_to_bytes(len);
        }
        let mut copy = Vec::with_capacity(len);
        while copy.len() < len {
            let chunk = self.chunk();
            let part = chunk.len().min(len - copy.len());
            copy.extend_from_slice(&chunk[..part]);
            self.advance(part);
        }
        Bytes::from(copy)
    }
}

impl From<Bytes> for Payload {
    fn from(bytes: Bytes) -> Payload {
        Payload::new(bytes, Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(pieces: &[(&'static str, &'static str)], end: &'static str) -> Payload {
        let mut copied = String::new();
        let mut shared = Vec::new();
        for (before, bytes) in pieces {
            copied += before;
            shared.push((copied.len(), Bytes::from(*bytes)));
        }
        copied += end;
        Payload::new(Bytes::from(copied), shared)
    }

    fn check(payload: &Payload, expected: &str) {
        assert_eq!(payload.remaining(), expected.len());
        assert_eq!(payload.clone().into_bytes(), expected);
        let mut slices = [IoSlice::new(&[]); 16];
        let count = payload.chunks_vectored(&mut slices);
        let slices: Vec<&[u8]> = slices[..count].iter().map(|slice| &**slice).collect();
        assert_eq!(slices.concat(), expected.as_bytes());
        assert_eq!(slices.first().copied().unwrap_or_default(), payload.chunk());
        assert!(slices.iter().all(|slice| !slice.is_empty()));
        // The first slices, where there is room for no more.
        let mut first = [IoSlice::new(&[])];
        assert_eq!(payload.chunks_vectored(&mut first), count.min(1));
        assert_eq!(&*first[0], payload.chunk());
    }

    fn check_every_step(whole: &Payload, expected: &str) {
        for first in 0..=expected.len() {
            let mut rest = whole.clone();
            rest.advance(first);
            check(&rest, &expected[first..]);
            for second in 0..=expected.len() - first {
                let mut rest = rest.clone();
                let taken = rest.copy_to_bytes(second);
                assert_eq!(taken, &expected[first..first + second]);
                check(&rest, &expected[first + second..]);
            }
        }
    }

    #[test]
    fn pieces_come_in_order_whatever_is_taken_at_once() {
        check_every_step(&payload(&[], ""), "");
        check_every_step(&payload(&[], "copied"), "copied");
        check_every_step(&payload(&[("head", "shared")], ""), "headshared");
        check_every_step(&payload(&[("", "shared")], "tail"), "sharedtail");
        let three = payload(&[("a", "bcd"), ("", "ef"), ("ghi", "j")], "kl");
        check_every_step(&three, "abcdefghijkl");
    }

    #[test]
    fn one_piece_is_not_copied() {
        let bytes = Bytes::from(vec![7; 100]);
        let payload = Payload::from(bytes.clone());
        assert_eq!(payload.into_bytes().as_ptr(), bytes.as_ptr());
    }
}
