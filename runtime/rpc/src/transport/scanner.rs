//! Frame headers (RFC 9113, section 4.1) as they pass by in a stream of bytes.
//!
//! Never keeps a payload and never judges a frame: what `h2` refuses, it counts like any other.

/// The length of a frame's header.
const HEAD_BYTES: usize = 9;

/// The types of frames that somebody asks about (section 6).
pub(super) mod kind {
    pub(crate) const DATA: u8 = 0x0;
    pub(crate) const HEADERS: u8 = 0x1;
    pub(crate) const RST_STREAM: u8 = 0x3;
    pub(crate) const PING: u8 = 0x6;
    pub(crate) const GOAWAY: u8 = 0x7;
    pub(crate) const WINDOW_UPDATE: u8 = 0x8;
    pub(crate) const CONTINUATION: u8 = 0x9;
}

/// The flag END_STREAM of DATA and HEADERS, and ACK of PING, which have one value.
pub(super) const END_STREAM_OR_ACK: u8 = 0x1;

/// A frame's header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) payload_bytes: u32,
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
}

/// What is met in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing<'a> {
    Head(Head),
    /// A piece of the payload of a GOAWAY, the only ones that are shown.
    Goaway(&'a [u8]),
}

/// Where in its frames a stream of bytes is.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    head: [u8; HEAD_BYTES],
    /// How much of the header has come.
    filled: u8,
    /// How much of the payload has not.
    rest: u32,
    /// Of that payload's frame.
    kind: u8,
}

impl Scanner {
    /// One that takes no notice of the bytes before the first frame.
    pub(super) fn after(bytes: u32) -> Scanner {
        Scanner {
            rest: bytes,
            ..Scanner::default()
        }
    }

    /// Whether the next byte begins a frame.
    pub(super) fn is_between_frames(&self) -> bool {
        self.rest == 0 && self.filled == 0
    }

    /// Goes through the next bytes and shows each frame header as soon as it is complete.
    #[inline]
    pub(super) fn scan(&mut self, mut bytes: &[u8], mut show: impl FnMut(Passing<'_>)) {
        loop {
            if self.rest > 0 {
                let part;
                (part, bytes) = self.take_payload(bytes);
                if self.kind == kind::GOAWAY {
                    show(Passing::Goaway(part));
                }
            }
            if bytes.is_empty() {
                return;
            }
            let Some(head) = self.take_head(&mut bytes) else {
                return;
            };
            self.rest = head.payload_bytes;
            self.kind = head.kind;
            show(Passing::Head(head));
        }
    }

    /// Takes what there is of the payload; gives it, and what is behind it.
    #[inline]
    fn take_payload<'a>(&mut self, bytes: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        match bytes.split_at_checked(self.rest as usize) {
            Some(parts) => {
                self.rest = 0;
                parts
            }
            None => {
                // Fewer than that.
                self.rest -= bytes.len() as u32;
                (bytes, &[])
            }
        }
    }

    /// Takes the next header from the front of the bytes; `None`, and all of them, when it is not complete.
    #[inline]
    fn take_head(&mut self, bytes: &mut &[u8]) -> Option<Head> {
        // Nearly always it is all there and nothing of it was before.
        if self.filled == 0
            && let Some((head, after)) = bytes.split_first_chunk()
        {
            *bytes = after;
            return Some(read_head(head));
        }
        self.gather_head(bytes)
    }

    /// The same where the header comes in pieces.
    fn gather_head(&mut self, bytes: &mut &[u8]) -> Option<Head> {
        let filled = usize::from(self.filled);
        let (part, after) = bytes.split_at((HEAD_BYTES - filled).min(bytes.len()));
        self.head[filled..filled + part.len()].copy_from_slice(part);
        *bytes = after;
        if filled + part.len() < HEAD_BYTES {
            self.filled += part.len() as u8;
            return None;
        }
        self.filled = 0;
        Some(read_head(&self.head))
    }
}

fn read_head(head: &[u8; HEAD_BYTES]) -> Head {
    let [a, b, c, kind, flags, stream @ ..] = *head;
    Head {
        payload_bytes: u32::from_be_bytes([0, a, b, c]),
        kind,
        flags,
        // The first bit is reserved.
        stream: u32::from_be_bytes(stream) & (u32::MAX >> 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFACE: &[u8] = b"PRI";
    const BYTES: &[u8] =
        b"PRI\0\0\x02\x00\x01\0\0\0\x05hi\0\0\0\x06\x01\x80\0\0\x00\0\0\x03\x07\0\0\0\0\0bye";

    fn scan(parts: &[&[u8]]) -> (Vec<Head>, Vec<u8>, bool) {
        let (mut heads, mut goaway) = (Vec::new(), Vec::new());
        let mut scanner = Scanner::after(PREFACE.len() as u32);
        for part in parts {
            scanner.scan(part, |passing| match passing {
                Passing::Head(head) => heads.push(head),
                Passing::Goaway(part) => goaway.extend(part),
            });
        }
        (heads, goaway, scanner.is_between_frames())
    }

    #[test]
    fn every_split_shows_the_same_frames() {
        let head = |payload_bytes, kind, flags, stream| Head {
            payload_bytes,
            kind,
            flags,
            stream,
        };
        let expected = [
            head(2, kind::DATA, 1, 5),
            head(0, kind::PING, 1, 0),
            head(3, kind::GOAWAY, 0, 0),
        ];
        for first in 0..=BYTES.len() {
            for second in first..=BYTES.len() {
                let parts = [&BYTES[..first], &BYTES[first..second], &BYTES[second..]];
                let (heads, goaway, is_between_frames) = scan(&parts);
                assert_eq!(heads, expected);
                assert_eq!(goaway, b"bye");
                assert!(is_between_frames);
            }
        }
    }

    #[test]
    fn within_a_frame_it_is_not_between_frames() {
        let ends = (0..=BYTES.len()).filter(|&end| scan(&[&BYTES[..end]]).2);
        let first = PREFACE.len() + HEAD_BYTES + 2;
        assert_eq!(
            ends.collect::<Vec<_>>(),
            [PREFACE.len(), first, first + HEAD_BYTES, BYTES.len()]
        );
    }
}
