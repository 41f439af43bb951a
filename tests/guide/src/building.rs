//! Build scripts with settings.

use ironwire_build::{Builder, Error, Messages};
use std::fs;
use std::path::Path;

fn configured(out: &Path) -> Result<(), Error> {
    Builder::new()
        .include("proto")
        .files(["proto/shop.proto", "proto/catalog.proto"])
        .build_server(false)
        .out_dir(out)
        .compile()
}

fn with_extern_path(out: &Path) -> Result<(), Error> {
    Builder::new()
        .file("proto/shop.proto")
        .extern_path("company.types", "::company_types::company::types")
        .out_dir(out)
        .compile()
}

fn with_settings(out: &Path) -> Result<(), Error> {
    Builder::new()
        .file("proto/catalog.proto")
        .btree_map(".catalog.Product.shelves")
        .boxed("Product.added")
        .type_attribute(".catalog.Import", "#[derive(Eq, Hash)]")
        .out_dir(out)
        .compile()
}

fn bridged(out: &Path) -> Result<(), Error> {
    Builder::new()
        .file("proto/shop.proto")
        .messages(Messages::RustProtobuf)
        .out_dir(out)
        .compile()
}

/// All that was written, in one string.
fn written(compile: impl FnOnce(&Path) -> Result<(), Error>) -> String {
    let out = tempfile::tempdir().unwrap();
    compile(out.path()).unwrap();
    let mut text = String::new();
    let mut folders = vec![out.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => text.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap())),
            }
        }
    }
    text
}

#[test]
fn a_half_can_be_left_out() {
    let text = written(configured);
    assert!(text.contains("struct ShopClient"));
    assert!(!text.contains("ShopServer"));
}

#[test]
fn packages_can_come_from_elsewhere() {
    assert!(written(with_extern_path).contains("struct ShopServer"));
}

#[test]
fn messages_have_settings() {
    let text = written(with_settings);
    assert!(text.contains("BTreeMap<"));
    assert!(text.contains("PartialEq, Eq, Hash)]"));
    assert!(text.contains("Box<::ironwire::generated::google::protobuf::Timestamp>"));
}

#[test]
fn messages_can_be_those_of_the_protobuf_crate() {
    assert!(written(bridged).contains("::ironwire::generated::protobuf"));
}

#[test]
fn mistakes_are_shown_together() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.proto");
    fs::write(
        &file,
        "syntax = \"proto3\";\nmessage M {\n  strin a = 1;\n  int32 b = 0;\n}\n",
    )
    .unwrap();
    let error = Builder::new()
        .file(file)
        .out_dir(folder.path())
        .compile()
        .unwrap_err();
    let shown = error.to_string();
    assert!(
        shown.contains("wrong.proto:3:3") && shown.contains("wrong.proto:4:"),
        "{shown}"
    );
}
