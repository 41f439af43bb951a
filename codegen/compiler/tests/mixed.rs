//! May some files of a run be sources and others descriptors, whichever imports which?

use ironwire_compiler::loader::MemoryLoader;
use ironwire_compiler::{Compilation, Compiler, DescriptorSetOptions, split_descriptor_set};

const OPTIONS: (&str, &str) = (
    "options.proto",
    "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; message Opt { optional int32 a = 1; } extend google.protobuf.MessageOptions { optional Opt opt = 50000; }",
);
const USER: (&str, &str) = (
    "user.proto",
    "syntax = \"proto3\"; import \"options.proto\"; message User { option (opt).a = 1; Opt o = 1; }",
);
const LAST: (&str, &str) = (
    "last.proto",
    "syntax = \"proto3\"; import \"user.proto\"; message Last { User u = 1; }",
);

fn compiler(files: &[(&str, &str)]) -> Compiler<MemoryLoader> {
    let mut loader = MemoryLoader::new();
    for (path, text) in files {
        loader.add(*path, *text);
    }
    Compiler::new(loader)
}

fn set(compilation: &Compilation) -> Vec<u8> {
    assert!(!compilation.has_errors(), "{:?}", compilation.diagnostics());
    compilation.file_descriptor_set(DescriptorSetOptions {
        include_imports: true,
        include_source_info: true,
        retain_options: true,
    })
}

/// What is said of a compilation of `files` and `descriptors`.
fn said(files: &[(&str, &str)], descriptors: &[u8], root: &str) -> Vec<String> {
    let descriptors = split_descriptor_set(descriptors).unwrap();
    let compilation = compiler(files).compile_with([root], &descriptors).unwrap();
    let diagnostics = compilation.diagnostics().iter();
    diagnostics.map(|one| one.message.clone()).collect()
}

#[test]
fn whatever_is_a_descriptor_the_set_is_the_same() {
    let all = [OPTIONS, USER, LAST];
    let expected = set(&compiler(&all).compile(["last.proto"]));
    let descriptors = split_descriptor_set(&expected).unwrap();
    // Bit by bit: which of the three files are there as sources.
    for sources in 0..8 {
        let files: Vec<_> = (0..3).filter(|bit| sources >> bit & 1 == 1).collect();
        let files: Vec<_> = files.into_iter().map(|file| all[file]).collect();
        let compilation = compiler(&files).compile_with(["last.proto"], &descriptors);
        assert!(set(&compilation.unwrap()) == expected, "{files:?}");
    }
}

#[test]
fn a_descriptor_may_lack_an_import() {
    let whole = set(&compiler(&[OPTIONS, USER]).compile(["user.proto"]));
    let user = split_descriptor_set(&whole).unwrap().pop().unwrap();
    let compilation = compiler(&[LAST])
        .compile_with(["last.proto"], &[user])
        .unwrap();
    let messages = compilation.diagnostics().iter().map(|one| &*one.message);
    let expected = "import \"options.proto\" is not among the descriptors";
    assert!(messages.collect::<Vec<_>>().contains(&expected));
}

#[test]
fn sources_and_descriptors_may_not_import_each_other() {
    let user = set(&compiler(&[OPTIONS, USER]).compile(["user.proto"]));
    let cyclic = (
        "options.proto",
        "syntax = \"proto3\"; import \"user.proto\";",
    );
    let said = said(&[cyclic], &user, "user.proto");
    let expected = "file recursively imports itself: user.proto -> options.proto -> user.proto";
    assert!(said.iter().any(|text| text == expected), "{said:?}");
}

#[test]
fn a_malformed_descriptor_is_an_error_where_it_is_needed() {
    // A name, and a message type that ends too early.
    let set = b"\x0a\x10\x0a\x0auser.proto\x22\x02\x0a\x05";
    let descriptors = split_descriptor_set(set).unwrap();
    let compiler = compiler(&[LAST, OPTIONS]);
    assert!(compiler.compile_with(["last.proto"], &descriptors).is_err());
    assert!(
        compiler
            .compile_with(["options.proto"], &descriptors)
            .is_ok()
    );
}
