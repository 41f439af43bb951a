//! Printing fields that a message's type does not name, by number and wire type, as `protoc --decode_raw` does.
//!
//! Never parses them back: the text format has no fields by number.

use super::literal;
use super::print::Layout;
use crate::unknown::{UnknownField, UnknownValue, split_field};
use alloc::vec::Vec;

/// Bytes that happen to be well-formed fields may not nest deeper than this when they are guessed to be a message.
const GUESS_DEPTH: u32 = 10;

/// Prints fields in the order given.
pub(super) fn print<'a>(fields: impl Iterator<Item = UnknownField<'a>>, out: &mut Layout) {
    for field in fields {
        print_field(field, GUESS_DEPTH, out);
    }
}

fn print_field(field: UnknownField<'_>, guess_depth: u32, out: &mut Layout) {
    out.field(format_args!("{}", field.number));
    match field.value {
        UnknownValue::Varint(value) => {
            out.value(|text| literal::write_infallible(text, format_args!("{value}")));
        }
        UnknownValue::Fixed32(value) => {
            out.value(|text| literal::write_infallible(text, format_args!("{value:#010x}")));
        }
        UnknownValue::Fixed64(value) => {
            out.value(|text| literal::write_infallible(text, format_args!("{value:#018x}")));
        }
        UnknownValue::LengthDelimited(bytes) => print_bytes(bytes, guess_depth, out),
        UnknownValue::Group(group) => {
            out.open();
            for field in group.iter() {
                print_field(field, guess_depth, out);
            }
            out.close();
        }
    }
}

/// Prints bytes as a message if they can be one, or as a string.
fn print_bytes(bytes: &[u8], guess_depth: u32, out: &mut Layout) {
    let guess = match guess_depth {
        0 => None,
        _ => fields_in(bytes, guess_depth),
    };
    match guess {
        Some(fields) => {
            out.open();
            for field in fields {
                print_field(field, guess_depth - 1, out);
            }
            out.close();
        }
        None => out.value(|text| literal::write_bytes(text, bytes)),
    }
}

/// The fields in bytes that are nothing but fields.
fn fields_in(mut bytes: &[u8], depth: u32) -> Option<Vec<UnknownField<'_>>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (field, rest) = split_field(bytes, depth)?;
        if field.number == 0 {
            return None;
        }
        fields.push(field);
        bytes = rest;
    }
    (!fields.is_empty()).then_some(fields)
}
