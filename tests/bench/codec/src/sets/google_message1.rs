//! One message with nearly all of its fields set: what a small request is like. Never measures.

use crate::random::Random;
use crate::schema::ironwire::google_message1::{GoogleMessage1, GoogleMessage1SubMessage};

pub(super) fn make(_: &mut Random) -> GoogleMessage1 {
    GoogleMessage1 {
        field1: String::new(),
        field2: 8,
        field3: 2_066_379,
        field4: Some("3".to_owned()),
        field6: Some(0),
        field7: Some("1234567890abcdef".to_owned()),
        field9: Some("ten bytes!".to_owned()),
        field15: Some(sub_message()),
        field16: Some(1),
        field17: Some(true),
        field18: Some("eighteen text field".to_owned()),
        field22: Some(1 << 33),
        field59: Some(true),
        field60: Some(77),
        field67: Some(1),
        field68: Some(2),
        field78: Some(true),
        field80: Some(true),
        field81: Some(false),
        field100: Some(4),
        field101: Some(102),
        field102: Some("one hundred and two".to_owned()),
        field104: Some(8),
        field128: Some(1),
        field130: Some(2),
        field131: Some(3),
        field150: Some(5),
        field271: Some(9),
        field272: Some(10),
        field280: Some(11),
        ..Default::default()
    }
}

fn sub_message() -> GoogleMessage1SubMessage {
    GoogleMessage1SubMessage {
        field1: Some(1),
        field2: Some(2),
        field3: Some(3),
        field12: Some(true),
        field13: Some(1 << 30),
        field14: Some(1 << 40),
        field15: Some("sub message text".to_owned()),
        field16: Some(200),
        field19: Some(2),
        field20: Some(true),
        field21: Some(99),
        field22: Some(5),
        field28: Some(true),
        field203: Some(7),
        field204: Some(9),
        field205: Some("abcdef".to_owned()),
        field206: Some(true),
        field207: Some(77_777),
        field300: Some(3),
        ..Default::default()
    }
}
