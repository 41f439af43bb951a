//! The guide's commands, by the functions that the programs are.
//!
//! Never runs what is not ours: `grpcurl` meets the examples in `tests/peers.sh`.

use std::error::Error;
use std::fs;

use ironwire::Message;
use ironwire::message::DescriptorPool;
use ironwire::message::google::protobuf::FileDescriptorSet;
use ironwire::message::google::protobuf::compiler::{CodeGeneratorRequest, CodeGeneratorResponse};

use crate::excerpts::GUIDE;

/// The words of the guide's command that begins so, without the program.
fn arguments(start: &str) -> Vec<&'static str> {
    let command = GUIDE.lines().find(|line| line.starts_with(start));
    let command = command.unwrap_or_else(|| panic!("the guide shows no command {start}"));
    command.split(' ').skip(1).collect()
}

/// What `ironwire-protoc` writes where the guide says `shop.binpb`.
fn descriptors() -> Result<Vec<u8>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.binpb");
    let arguments = arguments("ironwire-protoc -Iproto");
    let written = file.display().to_string();
    let arguments = arguments
        .iter()
        .map(|argument| argument.replace("shop.binpb", &written));
    // Where it fails it has said why on standard error, and there is no file.
    let _ = ironwire_cli::protoc::run(arguments);
    Ok(fs::read(file)?)
}

#[test]
fn descriptors_are_written() -> Result<(), Box<dyn Error>> {
    let pool = DescriptorPool::from_file_set(&descriptors()?)?;
    assert!(pool.message("shop.Order").is_some());
    Ok(())
}

#[test]
fn the_plugin_takes_settings() -> Result<(), Box<dyn Error>> {
    let arguments = arguments("protoc -Iproto --ironwire_out");
    let parameter = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--ironwire_opt="));
    let request = CodeGeneratorRequest {
        file_to_generate: vec!["shop.proto".into()],
        parameter: parameter.map(Into::into),
        proto_file: FileDescriptorSet::decode(&descriptors()?)?.file,
        ..Default::default()
    };
    let answer = ironwire_cli::generator::answer(&request.encode_to_vec())?;
    let answer = CodeGeneratorResponse::decode(&answer)?;
    assert_eq!(answer.error, None);
    let text: String = answer.file.iter().map(|file| file.content()).collect();
    assert!(text.contains("struct ShopServer") && !text.contains("struct ShopClient"));
    Ok(())
}
