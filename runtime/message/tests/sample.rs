//! Does the generated shape do what its parts promise? One message of every kind of field, through the public API alone.

#[path = "sample/messages.rs"]
mod messages;

use ironwire_message::{DynamicMessage, EncodeOptions, Message, MessageDescriptor};
use messages::*;

/// Checks that `message` encodes to `bytes` and comes back from them, in its own code and by its table.
#[track_caller]
fn check<M: Message>(message: M, bytes: &[u8]) {
    assert_eq!(
        EncodeOptions::new().deterministic().encode_to_vec(&message),
        bytes
    );
    assert_eq!(message.encoded_len(), bytes.len());
    assert_eq!(M::decode(bytes).unwrap(), message);
    assert_eq!(M::decode_bytes(bytes.to_vec().into()).unwrap(), message);
    let dynamic = DynamicMessage::decode(MessageDescriptor::of::<M>(), bytes).unwrap();
    assert_eq!(dynamic, DynamicMessage::copy_of(&message));
    assert_eq!(dynamic.encode_to_vec(), bytes);
}

#[test]
fn scalars() {
    check(Scalars::default(), b"");
    let scalars = Scalars {
        a_double: 1.0,
        a_float: -0.0,
        an_int32: -1,
        an_int64: 300,
        a_uint32: u32::MAX,
        a_uint64: 1 << 56,
        a_sint32: -1,
        a_sint64: i64::MIN,
        a_fixed32: 1,
        a_fixed64: 2,
        a_sfixed32: -1,
        a_sfixed64: -2,
        a_bool: true,
        a_string: "é".into(),
        some_bytes: vec![0xff].into(),
        color: Color::Unrecognized(7),
        ..Default::default()
    };
    let bytes = b"\x09\0\0\0\0\0\0\xf0\x3f\x15\0\0\0\x80\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x20\xac\x02\
        \x28\xff\xff\xff\xff\x0f\x30\x80\x80\x80\x80\x80\x80\x80\x80\x01\x38\x01\
        \x40\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x4d\x01\0\0\0\x51\x02\0\0\0\0\0\0\0\
        \x5d\xff\xff\xff\xff\x61\xfe\xff\xff\xff\xff\xff\xff\xff\x68\x01\x72\x02\xc3\xa9\x7a\x01\xff\x80\x01\x07";
    check(scalars, bytes);
}
