//! Does buffa-build work with `ironwire-protoc` as its `PROTOC`? Never calls it itself: the build script does.

#[cfg(test)]
mod tests {
    use buffa::Message;
    use generated::library::v1;

    #[allow(unused, clippy::all)]
    mod generated {
        include!(concat!(env!("OUT_DIR"), "/_include.rs"));
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let book = v1::Book {
            title: "Walden".to_owned(),
            pages: Some(352),
            binding: v1::Binding::BINDING_PAPER.into(),
            authors: vec!["Thoreau".to_owned()],
            ..v1::Book::default()
        };
        let bytes = book.encode_to_vec();
        assert_eq!(v1::Book::decode_from_slice(&bytes).unwrap(), book);
        assert!(bytes.starts_with(b"\x0a\x06Walden\x10\xe0\x02\x18\x01"));
    }
}
