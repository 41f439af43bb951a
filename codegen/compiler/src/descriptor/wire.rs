//! The protobuf wire format, as far as writing descriptors needs it: tags, varints, length prefixes.
//! It never decides which fields a message has.
//!
//! <https://protobuf.dev/programming-guides/encoding/>

/// A growing message. Sub-messages are written in place: their length is put in front once it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

/// The low three bits of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum WireType {
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn tag(&mut self, number: u32, wire_type: WireType) {
        self.varint(u64::from(number) << 3 | wire_type as u64);
    }

    pub(crate) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Appends bytes that are already encoded.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn uint64_field(&mut self, number: u32, value: u64) {
        self.tag(number, WireType::Varint);
        self.varint(value);
    }

    /// A negative `int32` takes ten bytes: it is sign-extended to 64 bits.
    pub(crate) fn int32_field(&mut self, number: u32, value: i32) {
        self.uint64_field(number, i64::from(value) as u64);
    }

    pub(crate) fn bool_field(&mut self, number: u32, value: bool) {
        self.uint64_field(number, u64::from(value));
    }

    pub(crate) fn bytes_field(&mut self, number: u32, value: &[u8]) {
        self.tag(number, WireType::Length);
        self.varint(value.len() as u64);
        self.raw(value);
    }

    pub(crate) fn string_field(&mut self, number: u32, value: &str) {
        self.bytes_field(number, value.as_bytes());
    }

    /// A length-delimited field whose content `write` appends.
    pub(crate) fn message_field(&mut self, number: u32, write: impl FnOnce(&mut Self)) {
        self.tag(number, WireType::Length);
        let start = self.bytes.len();
        self.bytes.push(0);
        write(self);
        self.patch_length(start);
    }

    /// A group: its content stands between a start tag and an end tag.
    pub(crate) fn group_field(&mut self, number: u32, write: impl FnOnce(&mut Self)) {
        self.tag(number, WireType::StartGroup);
        write(self);
        self.tag(number, WireType::EndGroup);
    }

    /// One byte was left for the length at `start`; longer lengths move the content to the right.
    fn patch_length(&mut self, start: usize) {
        let length = self.bytes.len() - start - 1;
        if length < 0x80 {
            self.bytes[start] = length as u8;
            return;
        }
        let mut prefix = Writer::new();
        prefix.varint(length as u64);
        self.bytes.splice(start..=start, prefix.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Writer::new();
        write(&mut writer);
        writer.into_bytes()
    }

    #[test]
    fn the_encoding_guides_examples() {
        assert_eq!(written(|w| w.uint64_field(1, 150)), [0x08, 0x96, 0x01]);
        assert_eq!(
            written(|w| w.string_field(2, "testing")),
            b"\x12\x07testing"
        );
        assert_eq!(
            written(|w| w.message_field(3, |w| w.uint64_field(1, 150))),
            [0x1a, 3, 0x08, 0x96, 0x01]
        );
    }

    #[test]
    fn negative_int32_is_sign_extended() {
        assert_eq!(
            written(|w| w.int32_field(1, -2)),
            [8, 0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1]
        );
    }

    #[test]
    fn long_messages_get_long_prefixes() {
        let bytes = written(|w| w.message_field(1, |w| w.raw(&[7; 300])));
        assert_eq!(bytes[..3], [0x0a, 0xac, 0x02]);
        assert_eq!(bytes[3..], [7; 300]);
    }

    #[test]
    fn groups_stand_between_tags() {
        assert_eq!(
            written(|w| w.group_field(1, |w| w.bool_field(2, true))),
            [0x0b, 0x10, 1, 0x0c]
        );
    }
}
