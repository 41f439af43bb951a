//! Random input as the source of a `.proto` file. Never opens a file: imports find the well-known ones, or nothing.

use ironwire_compiler::loader::MemoryLoader;
use ironwire_compiler::syntax::render::{Format, render};
use ironwire_compiler::{Compilation, Compiler, DescriptorSetOptions};

const FILE: &str = "a.proto";

/// Compiles the input. Says whether it was valid.
///
/// # Panics
/// When faults cannot be shown, or a descriptor set is not read again as the same.
pub fn compiler(input: &[u8]) -> bool {
    let mut files = MemoryLoader::new();
    files.add(FILE, input);
    let compilation = Compiler::new(files).compile([FILE]);
    for format in [Format::Rich, Format::Protoc, Format::JsonLines] {
        let shown = render(compilation.diagnostics(), compilation.sources(), format);
        assert_eq!(shown.is_empty(), compilation.diagnostics().is_empty());
    }
    if compilation.has_errors() {
        return false;
    }
    let options = DescriptorSetOptions {
        include_imports: true,
        include_source_info: true,
        retain_options: true,
    };
    let set = compilation.file_descriptor_set(options);
    let again = Compilation::from_descriptor_set(&set).expect("it is a descriptor set");
    assert!(!again.has_errors(), "{:?}", again.diagnostics());
    assert_eq!(again.file_descriptor_set(options), set);
    true
}
