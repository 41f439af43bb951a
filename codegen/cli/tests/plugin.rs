//! Does our generator, as a plugin, write what a build script would have?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const TEXT: &str = "syntax = \"proto3\";\npackage shop;\nimport \"google/protobuf/empty.proto\";\n// Something.\nmessage Item {\n  optional string name = 1;\n  map<string, bytes> HTTPParts = 2;\n  google.protobuf.Empty nothing = 3;\n  bytes picture = 4;\n  HTTPRule rule = 5;\n}\nmessage HTTPRule {}\nservice Shop { rpc Sell(Item) returns (google.protobuf.Empty); }\n";

fn generate(folder: &Path, parameter: &str) -> Result<BTreeMap<String, String>, String> {
    fs::write(folder.join("shop.proto"), TEXT).unwrap();
    let out = folder.join("plugin");
    fs::create_dir_all(&out).unwrap();
    let plugin = env!("CARGO_BIN_EXE_protoc-gen-ironwire");
    let output = Command::new(env!("CARGO_BIN_EXE_ironwire-protoc"))
        .arg(format!("--plugin={plugin}"))
        .arg(format!("--ironwire_out={}", out.display()))
        .arg(format!("--ironwire_opt={parameter}"))
        .arg("shop.proto")
        .current_dir(folder)
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(texts(&out)),
        false => Err(String::from_utf8(output.stderr).unwrap()),
    }
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            found.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    found
}

#[test]
fn the_plugin_writes_what_the_builder_writes() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = generate(folder.path(), "client=false").unwrap();
    let builder = ironwire_build::Builder::new()
        .include(folder.path())
        .file("shop.proto")
        .out_dir(folder.path())
        .build_client(false);
    builder.compile().unwrap();
    assert!(plugin.contains_key("shop.rs"), "{:?}", plugin.keys());
    assert_eq!(plugin, texts(&folder.path().join("ironwire")));
}

#[test]
fn descriptors_are_embedded_unless_they_are_not_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let package = |parameter| {
        let texts = generate(folder.path(), parameter).unwrap();
        texts["+packages/shop.rs"].clone()
    };
    assert!(package("").contains("file_descriptor_set: FILE_DESCRIPTOR_SET,"));
    let without = package("descriptors=false");
    assert!(without.contains("file_descriptor_set: &[],"));
    assert!(!without.contains("FILE_DESCRIPTOR_SET"));
}

#[test]
fn messages_have_the_settings_that_parameters_name() {
    let generate = |parameter: &str| {
        let folder = tempfile::tempdir().unwrap();
        generate(folder.path(), parameter).unwrap()
    };
    let plain = generate("");
    let check = |parameter: &str, expect: &str| {
        let is_there = |texts: &BTreeMap<String, String>| {
            let mut texts = texts.values();
            texts.any(|text| text.contains(expect))
        };
        assert!(!is_there(&plain), "{expect}");
        let texts = generate(parameter);
        assert!(is_there(&texts), "{parameter}: {texts:#?}");
    };
    check("btree_map=Item.HTTPParts", "BTreeMap<");
    check(
        "vec_bytes=.shop.Item",
        "pub picture: ::ironwire::generated::Vec<u8>",
    );
    check(
        "string_type=.shop=::std::boxed::Box<str>",
        "pub name: ::core::option::Option<::std::boxed::Box<str>>",
    );
    check(
        "boxed=nothing",
        "Box<::ironwire::generated::google::protobuf::Empty>",
    );
    check(
        "type_attribute=Item=#[derive(Eq\\,Hash)]",
        "PartialEq, Eq, Hash)]",
    );
    check(
        "field_attribute=.shop.Item.name=#[cfg(all())]",
        "#[cfg(all())]",
    );
    check("json=false", "debug!(self::Item);");
    check("reflection=false", "lean_table!(self::Item");
    check("prost_names=true", "pub struct HttpRule");
    check("runtime=::other", "::other::generated");
    check("compile_well_known_types=true", "pub struct Empty");
    check("extern_path=shop.HTTPRule=::other::Rule", "::other::Rule");
    let without = generate("unknown_fields=false");
    assert!(!without["+messages/shop_proto.rs"].contains("unknown_fields"));
    assert!(plain["+messages/shop_proto.rs"].contains("unknown_fields"));
}

#[test]
fn a_parameter_that_does_not_exist_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        generate(folder.path(), "sevrer=false").unwrap_err(),
        "--ironwire_out: there is no parameter `sevrer=false`\n"
    );
}
