//! JSON and text.

use std::error::Error;

use ironwire::message::google::protobuf::Any;
use ironwire::message::{Registry, json, text};

use crate::catalog::{self, Product};

fn tea() -> Product {
    Product {
        code: "T-1".into(),
        name: Some("tea".into()),
        cents: 250,
        ..Default::default()
    }
}

#[test]
fn json_by_serde() -> Result<(), Box<dyn Error>> {
    let json = serde_json::to_string(&tea())?;
    assert_eq!(json, r#"{"name":"tea","cents":"250","code":"T-1"}"#);
    let product: Product = serde_json::from_str(&json)?;
    assert_eq!(product, tea());
    Ok(())
}

#[test]
fn json_with_options() -> Result<(), Box<dyn Error>> {
    let options = json::ParseOptions::new().ignore_unknown();
    let product: Product = options.from_str(r#"{"code": "T-1", "colour": "green"}"#)?;
    assert_eq!(product.code, "T-1");

    let json = json::PrintOptions::new()
        .proto_names()
        .enums_as_numbers()
        .to_string(&product)?;
    assert_eq!(json, r#"{"code":"T-1"}"#);
    Ok(())
}

#[test]
fn text_format() -> Result<(), Box<dyn Error>> {
    let product: Product = text::parse("code: 'T-1' tags: ['hot', 'green']  # as in a file")?;
    assert_eq!(product.tags, ["hot", "green"]);
    let line = text::PrintOptions::new().single_line().print(&product);
    assert_eq!(line, r#"code: "T-1" tags: "hot" tags: "green""#);
    Ok(())
}

#[test]
fn names_are_in_a_registry() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new().with_types(catalog::TYPES);

    let mut product = tea();
    catalog::RATING.set(&mut product, Some(5));
    let any = Any::pack(&product);
    let json = json::PrintOptions::new()
        .registry(&registry)
        .to_string(&any)?;
    assert!(json.contains(r#""@type":"type.googleapis.com/catalog.Product""#));
    assert!(json.contains(r#""[catalog.rating]":5"#));
    Ok(())
}
