//! Does prost-build work with `ironwire-protoc` as its `PROTOC`? Never calls it itself: the build script does.

#[cfg(test)]
mod tests {
    use prost::Message;

    // `FindRequest` is for tonic.
    #[allow(dead_code)]
    mod v1 {
        include!(concat!(env!("OUT_DIR"), "/library.v1.rs"));
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let book = v1::Book {
            title: "Walden".to_owned(),
            pages: Some(352),
            binding: v1::Binding::Paper.into(),
            authors: vec!["Thoreau".to_owned()],
            copies: [("Concord".to_owned(), 2)].into(),
            bought: Some(prost_types::Timestamp {
                seconds: 5,
                nanos: 0,
            }),
            place: Some(v1::book::Place::Shelf("T".to_owned())),
        };
        let bytes = book.encode_to_vec();
        assert_eq!(v1::Book::decode(bytes.as_slice()).unwrap(), book);
        assert!(bytes.starts_with(b"\x0a\x06Walden\x10\xe0\x02\x18\x01"));
    }
}
