//! The inside of a package's module: what it offers from its files, then its services.

use super::{client, descriptor, server};
use crate::plan::{DescriptorSet, Options, Package, PackageTypes, SharedModule};

pub(super) fn text(package: &Package, options: &Options) -> String {
    let mut parts = vec![format!(
        "const _: () = {}::generated::V0_1;\n",
        options.runtime
    )];
    parts.extend(package.files.iter().map(|file| {
        format!(
            "// The messages of `{}`.\npub use self::__ironwire::{}::*;\n",
            file.name, file.module
        )
    }));
    parts.extend(package.reexports.iter().map(|item| {
        let rename = if item.name == item.alias {
            String::new()
        } else {
            format!(" as {}", item.alias)
        };
        format!(
            "pub use self::__ironwire::{}::{}{rename};\n",
            item.module, item.name
        )
    }));
    parts.extend(package.shared.iter().map(shared_module));
    parts.push(files_module(package));
    if !package.descriptors.bytes.is_empty() {
        parts.push(descriptor_set(&package.descriptors));
    }
    if let Some(types) = &package.types {
        parts.push(self::types(types, &options.runtime));
    }
    for service in &package.services {
        parts.push(descriptor::text(service, package, &options.runtime));
        if options.server {
            parts.push(server::text(service, options));
        }
        if options.client {
            parts.push(client::text(service, options));
        }
    }
    format!("\n{}", parts.join("\n"))
}

fn shared_module(shared: &SharedModule) -> String {
    let uses: Vec<String> = shared
        .modules
        .iter()
        .map(|module| {
            format!(
                "    pub use super::__ironwire::{module}::{}::*;\n",
                shared.name
            )
        })
        .collect();
    format!(
        "/// What the `{0}` modules of the package's files have.\npub mod {0} {{\n{1}}}\n",
        shared.name,
        uses.join("\n")
    )
}

/// The modules of the files, for crates that import them: `extern_path` leads here.
fn files_module(package: &Package) -> String {
    let uses: Vec<String> = package
        .files
        .iter()
        .map(|file| format!("    pub use super::__ironwire::{};\n", file.module))
        .collect();
    format!(
        "#[doc(hidden)]\npub mod __files {{\n{}}}\n",
        uses.join("\n")
    )
}

/// One line for each file, however many there are.
fn types(types: &PackageTypes, runtime: &str) -> String {
    let ty = format!("{runtime}::generated::Types");
    let files: Vec<String> = types
        .files
        .iter()
        .map(|file| format!("    self::__ironwire::{file},\n"))
        .collect();
    format!(
        "/// The package's messages and extensions, for `Registry::with_types`.\n\
         #[rustfmt::skip]\n\
         pub const {}: {ty} = {ty}::new(&[\n{}]);\n",
        types.name,
        files.concat()
    )
}

/// A line of a byte string may be this long, its margin included.
const LINE_MAX: usize = 99;

fn descriptor_set(set: &DescriptorSet) -> String {
    let mut text = format!(
        "/// The descriptors of the services' files and of what these import: an encoded\n\
         /// `google.protobuf.FileDescriptorSet`.\n\
         pub static {}: &[u8] = b\"\\\n    ",
        set.name
    );
    let mut column = 4;
    for &byte in &set.bytes {
        let mut escaped = match byte {
            b'\'' => "'".to_owned(),
            byte => byte.escape_ascii().to_string(),
        };
        if column + escaped.len() > LINE_MAX {
            text.push_str("\\\n    ");
            column = 4;
        }
        // Behind a line's end white space is skipped.
        if column == 4 && byte == b' ' {
            escaped = "\\x20".to_owned();
        }
        column += escaped.len();
        text.push_str(&escaped);
    }
    text.push_str("\";\n");
    text
}
