//! Generated messages.

use std::error::Error;
use std::time::SystemTime;

use bytes::Bytes;
use ironwire::message::google::protobuf::{Any, Timestamp};
use ironwire::message::{DecodeErrorKind, DecodeOptions, EncodeOptions, Map};
use ironwire::{Enumeration, Message};

use crate::catalog::{self, Import, Product, Size, product};

fn product() -> Product {
    Product {
        code: "T-1".into(),
        name: Some("tea".into()),
        cents: 250,
        tags: vec!["hot".into(), "green".into()],
        ..Default::default()
    }
}

#[test]
fn bytes_and_back() -> Result<(), Box<dyn Error>> {
    let product = product();
    let bytes: Vec<u8> = product.encode_to_vec();
    assert_eq!(Product::decode(&bytes)?, product);

    let shared: Bytes = product.encode_to_bytes();
    assert_eq!(Product::decode_bytes(shared)?, product);

    let mut framed = Vec::new();
    product.encode_length_delimited(&mut framed);
    assert_eq!(Product::decode_length_delimited(&mut &framed[..])?, product);
    Ok(())
}

#[test]
fn presence_and_defaults() {
    let product = Product::default();
    assert_eq!(product.stock, None);
    assert_eq!(product.stock(), 10); // what the `.proto` file says
    assert_eq!(product.name(), "");
    assert_eq!(product.cents, 0); // without presence: zero is the same as absent

    let sold_out = Product {
        stock: Some(0),
        ..Default::default()
    };
    assert_eq!(sold_out.stock(), 0);
}

#[test]
fn required_fields() {
    let bytes = Product::default().encode_to_vec();
    assert!(Product::decode(&bytes).is_ok()); // `code` is "" and there

    let error = Product::decode(&[]).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::MissingRequired);
    assert_eq!(error.path(), "code");
    assert!(Product::decode_partial(&[]).is_ok());
}

#[test]
fn enums() {
    let product = Product {
        size: Some(Size::Large),
        ..Default::default()
    };
    match product.size() {
        Size::Unknown => println!("any size"),
        Size::Small | Size::Large => println!("{:?}", product.size().name()),
        Size::Unrecognized(number) => println!("from a newer schema: {number}"),
    }
    assert_eq!(Size::Large.number(), 2);
    assert_eq!(Size::from_name("SIZE_SMALL"), Some(Size::Small));
    assert_eq!(Size::from_number(7), Some(Size::Unrecognized(7)));
}

#[test]
fn oneofs_maps_and_messages() {
    let mut product = Product {
        origin: Some(product::Origin::Farm("hill".into())),
        shelves: Map::from_iter([("left".into(), 3)]),
        ..Default::default()
    };
    product.shelves.insert("right".into(), 4);
    product.origin = Some(product::Origin::Imported(Import {
        country: Some("JP".into()),
        ..Default::default()
    }));
    if let Some(product::Origin::Imported(import)) = &product.origin {
        assert_eq!(import.country(), "JP");
    }

    // A message that holds itself is boxed.
    product.replaced_by = Some(Box::new(Product::default()));
}

#[test]
fn unknown_fields_survive() -> Result<(), Box<dyn Error>> {
    let bytes = product().encode_to_vec();
    let import = Import::decode_partial(&bytes)?; // a message that knows field 1 alone
    assert_eq!(import.country(), "tea");
    assert!(!import.unknown_fields.is_empty());
    assert_eq!(Product::decode(&import.encode_to_vec())?, product());
    Ok(())
}

#[test]
fn extensions() -> Result<(), Box<dyn Error>> {
    let mut product = product();
    catalog::RATING.set(&mut product, Some(5));
    let received = Product::decode(&product.encode_to_vec())?;
    assert_eq!(catalog::RATING.get(&received), Some(5));
    Ok(())
}

#[test]
fn limits_and_order() -> Result<(), Box<dyn Error>> {
    let bytes = EncodeOptions::new()
        .deterministic()
        .encode_to_vec(&product());
    let options = DecodeOptions::new().depth_max(20).memory_max(1 << 20);
    let product: Product = options.decode(&bytes)?;
    assert_eq!(product.cents, 250);
    Ok(())
}

#[test]
fn well_known_types() -> Result<(), Box<dyn Error>> {
    let added = Timestamp::try_from(SystemTime::UNIX_EPOCH)?;
    let product = Product {
        added: Some(added),
        ..product()
    };
    let any = Any::pack(&product);
    assert_eq!(any.type_url, "type.googleapis.com/catalog.Product");
    assert_eq!(any.unpack::<Product>()?, product);
    Ok(())
}

#[test]
fn debug_redacts() {
    let product = Product {
        supplier_key: Some("hunter2".into()),
        ..product()
    };
    assert!(!format!("{product:?}").contains("hunter2"));
}
