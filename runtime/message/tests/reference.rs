//! Does the fast code agree with the safe one? What generated code and the unsafe reader and writer do, the table's decoder and
//! encoder do without them for a dynamic message of the same type: on random messages, on their bytes after damage, and at every
//! offset of a larger buffer.

mod generated {
    include!("sample/generated/+all.rs");
}

use generated::sample::*;
use ironwire_message::{
    DecodeOptions, DynamicMessage, EncodeOptions, Enumeration, Message, MessageDescriptor,
    ReflectMessage,
};

/// A generator of numbers that is the same on every run (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number of any magnitude.
    fn number(&mut self) -> u64 {
        let bits = self.below(65) as u32;
        self.next() & u64::MAX.checked_shr(64 - bits).unwrap_or(0)
    }

    fn signed(&mut self) -> i64 {
        let number = self.number() as i64;
        match self.below(2) {
            0 => number,
            _ => number.wrapping_neg(),
        }
    }

    fn text(&mut self) -> String {
        let alphabet = ["a", "Z", "0", " ", "é", "日", "🦀"];
        let letters = match self.below(4) {
            0 => alphabet.len() as u64,
            _ => 4,
        };
        // Now and then a text or a blob is so long that it is not copied where the message is written.
        let len = match self.below(40) {
            0 => 5000,
            _ => [0, 1, 7, 8, 9, 20, 70][self.below(7) as usize],
        };
        (0..len)
            .map(|_| alphabet[self.below(letters) as usize])
            .collect()
    }

    fn blob(&mut self) -> bytes::Bytes {
        let len = match self.below(20) {
            0 => self.below(10_000),
            _ => self.below(20),
        };
        (0..len).map(|_| self.next() as u8).collect()
    }

    fn maybe<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| f(self))
    }

    fn list<T>(&mut self, mut f: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let len = [0, 1, 2, 3, 40][self.below(5) as usize];
        (0..len).map(|_| f(self)).collect()
    }

    fn color(&mut self) -> Color {
        Color::from_number(self.signed() as i32 % 4).unwrap_or_default()
    }

    fn size(&mut self) -> Size {
        [Size::Small, Size::Large][self.below(2) as usize]
    }

    fn fit(&mut self) -> Fit {
        [Fit::NoFit, Fit::Slim, Fit::Wide][self.below(3) as usize]
    }

    fn leaf(&mut self) -> Leaf {
        Leaf {
            value: self.signed() as i32,
            ..Default::default()
        }
    }

    fn scalars(&mut self) -> Scalars {
        Scalars {
            a_double: self.signed() as f64,
            a_float: self.signed() as f32,
            an_int32: self.signed() as i32,
            an_int64: self.signed(),
            a_uint32: self.number() as u32,
            a_uint64: self.number(),
            a_sint32: self.signed() as i32,
            a_sint64: self.signed(),
            a_fixed32: self.number() as u32,
            a_fixed64: self.number(),
            a_sfixed32: self.signed() as i32,
            a_sfixed64: self.signed(),
            a_bool: self.below(2) == 0,
            a_string: self.text(),
            some_bytes: self.blob(),
            color: self.color(),
            ..Default::default()
        }
    }

    fn presence(&mut self, depth: u32) -> Presence {
        Presence {
            count: self.maybe(|r| r.signed() as i32),
            name: self.maybe(Self::text),
            data: self.maybe(Self::blob),
            size: self.maybe(Self::size),
            r#type: self.maybe(|r| r.below(2) == 0),
            leaf: self.maybe(Self::leaf),
            next: match depth {
                0 => None,
                _ => self.maybe(|r| Box::new(r.presence(depth - 1))),
            },
            inner: self.maybe(|r| presence::Inner {
                value: r.maybe(|r| r.signed() as i32),
                ..Default::default()
            }),
            secret: self.maybe(Self::text),
            ..Default::default()
        }
    }

    fn lists(&mut self) -> Lists {
        Lists {
            ints: self.list(|r| r.signed() as i32),
            deltas: self.list(Self::signed),
            doubles: self.list(|r| r.signed() as f64),
            flags: self.list(|r| r.below(2) == 0),
            colors: self.list(Self::color),
            sizes: self.list(Self::size),
            names: self.list(Self::text),
            blobs: self.list(Self::blob),
            leaves: self.list(Self::leaf),
            groups: self.list(Self::leaf),
            loose: self.list(|r| r.number() as u32),
            ..Default::default()
        }
    }

    fn maps(&mut self, depth: u32) -> Maps {
        Maps {
            counts: self
                .list(|r| (r.text(), r.signed() as i32))
                .into_iter()
                .collect(),
            names: self
                .list(|r| (r.signed() as i32, r.text()))
                .into_iter()
                .collect(),
            leaves: self
                .list(|r| (r.below(2) == 0, r.leaf()))
                .into_iter()
                .collect(),
            fits: self.list(|r| (r.signed(), r.fit())).into_iter().collect(),
            nested: match depth {
                0 => Default::default(),
                _ => (0..self.below(3))
                    .map(|_| (self.text(), self.maps(depth - 1)))
                    .collect(),
            },
            ..Default::default()
        }
    }

    fn choice(&mut self, depth: u32) -> Choice {
        let kind = match self.below(7) {
            0 => choice::Kind::Number(self.signed() as i32),
            1 => choice::Kind::Text(self.text()),
            2 => choice::Kind::Data(self.blob()),
            3 => choice::Kind::Leaf(self.leaf()),
            4 if depth > 0 => choice::Kind::Again(Box::new(self.choice(depth - 1))),
            _ => choice::Kind::Size(self.size()),
        };
        Choice {
            kind: self.maybe(|_| kind),
            after: self.signed() as i32,
            ..Default::default()
        }
    }

    fn needs(&mut self, depth: u32) -> Needs {
        Needs {
            name: self.text(),
            leaf: self.leaf(),
            inner: match depth {
                0 => None,
                _ => self.maybe(|r| Box::new(r.needs(depth - 1))),
            },
            more: match depth {
                0 => Vec::new(),
                _ => self.list(|r| r.needs(0)),
            },
            ..Default::default()
        }
    }
}

/// Checks that `bytes` mean the same to generated code as to the table, whatever they are.
fn agree<M: ReflectMessage>(bytes: &[u8], options: DecodeOptions) {
    let generated = options.decode::<M>(bytes);
    let mut dynamic = DynamicMessage::new(MessageDescriptor::of::<M>());
    let safe = dynamic.merge(bytes, options);
    match (generated, safe) {
        (Ok(generated), Ok(())) => {
            let shared = options.decode_bytes::<M>(bytes.to_vec().into());
            let shared = shared.expect("the same bytes");
            // Bytes are compared, as messages with a NaN in them are not equal.
            let expect = dynamic.encode_to_vec();
            for message in [&generated, &shared] {
                let copy = DynamicMessage::copy_of(message).encode_to_vec();
                assert_eq!(copy, expect, "{}", bytes.escape_ascii());
            }
            let encoded = EncodeOptions::new()
                .deterministic()
                .encode_to_vec(&generated);
            assert_eq!(encoded, expect);
            assert_eq!(generated.encoded_len(), encoded.len());
            let segments = EncodeOptions::new()
                .deterministic()
                .encode_to_segments(&shared);
            assert_eq!(segments.concat(), encoded);
        }
        // Of several faults the two may meet another one first: a map's entry is read in another order.
        (Err(_), Err(_)) => {}
        (generated, safe) => panic!("{generated:?} / {safe:?} of {}", bytes.escape_ascii()),
    }
}

/// Checks `message`, its bytes, and what is left of them after every kind of damage.
fn check<M: ReflectMessage>(random: &mut Random, message: &M) {
    let options = DecodeOptions::new();
    let bytes = message.encode_to_vec();
    let back = M::decode(&bytes).expect("what was encoded");
    assert_eq!(
        DynamicMessage::copy_of(&back),
        DynamicMessage::copy_of(message)
    );
    agree::<M>(&bytes, options);
    for _ in 0..20 {
        let mut damaged = bytes.clone();
        let at = |random: &mut Random, len: usize| random.below(len as u64 + 1) as usize;
        for _ in 0..=random.below(3) {
            let place = at(random, damaged.len());
            match random.below(5) {
                0 => damaged.truncate(place),
                1 => damaged.insert(place, random.next() as u8),
                2 if place < damaged.len() => damaged[place] = random.next() as u8,
                3 if place < damaged.len() => damaged[place] ^= 1 << random.below(8),
                _ => {
                    let other = bytes[at(random, bytes.len())..].to_vec();
                    damaged.splice(place..place, other);
                }
            }
        }
        agree::<M>(&damaged, options);
    }
}

#[test]
fn random_messages_and_damaged_ones() {
    let random = &mut Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..150 {
        let message = random.scalars();
        check(random, &message);
        let message = random.presence(3);
        check(random, &message);
        let message = random.lists();
        check(random, &message);
        let message = random.maps(1);
        check(random, &message);
        let message = random.choice(2);
        check(random, &message);
        let message = random.needs(2);
        check(random, &message);
    }
}

#[test]
fn random_bytes() {
    let random = &mut Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..4000 {
        let len = random.below(24);
        // Small bytes make more fields that exist.
        let bytes: Vec<u8> = (0..len)
            .map(|_| match random.below(3) {
                0 => random.next() as u8,
                _ => random.below(100) as u8,
            })
            .collect();
        let options = DecodeOptions::new().partial();
        agree::<Scalars>(&bytes, options);
        agree::<Presence>(&bytes, options);
        agree::<Lists>(&bytes, options);
        agree::<Maps>(&bytes, options);
        agree::<Choice>(&bytes, options);
        agree::<Bag>(&bytes, options);
    }
}

#[test]
fn values_end_where_the_buffer_ends() {
    // Each value is the last of its buffer, and then followed by one to ten more bytes of another field.
    let scalars = Random(7).scalars().encode_to_vec();
    for end in 0..=scalars.len() {
        agree::<Scalars>(&scalars[..end], DecodeOptions::new());
        for rest in 0..10 {
            let mut longer = scalars[..end].to_vec();
            longer.extend([0x7a, rest]);
            longer.resize(longer.len() + usize::from(rest), b'x');
            agree::<Scalars>(&longer, DecodeOptions::new());
        }
    }
}
