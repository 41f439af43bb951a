//! The inside of a package's module: what it offers from its files, then its services.

use super::{client, descriptor, server};
use crate::plan::{Options, Package, SharedModule};

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
    for service in &package.services {
        parts.push(descriptor::text(service, &options.runtime));
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
