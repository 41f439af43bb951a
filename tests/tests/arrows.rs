//! Do the dependencies point one way only, and does I/O stay in the places that are for it?
//!
//! Reads manifests and sources as text; it builds nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each of our packages, and which of ours it may depend on. A new package needs a line here.
const ARROWS: &[(&str, &[&str])] = &[
    ("ironwire-proto", &[]),
    ("ironwire-message", &[]),
    ("ironwire-rpc", &["ironwire-message"]),
    ("ironwire", &["ironwire-message", "ironwire-rpc"]),
    ("ironwire-compiler", &["ironwire-message", "ironwire-proto"]),
    ("ironwire-codegen", &["ironwire-compiler"]),
    (
        "ironwire-build",
        &["ironwire-codegen", "ironwire-compiler", "ironwire-proto"],
    ),
    (
        "ironwire-cli",
        &[
            "ironwire-build",
            "ironwire-codegen",
            "ironwire-compiler",
            "ironwire-message",
            "ironwire-proto",
        ],
    ),
];

/// What would take the core away from us: frameworks that we replace.
const FRAMEWORKS: &[&str] = &["axum", "hyper", "prost", "tonic", "tower"];

/// What opens a file or a socket.
const IO: &[&str] = &[
    "std::fs",
    "fs::",
    "File::open",
    "File::create",
    "tokio::net",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "UnixListener",
];

/// What reads a clock or waits for one.
const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now", "sleep(", "sleep_until("];

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("tests/ is in the repository")
        .to_owned()
}

/// The name of a manifest's package.
fn package_name(manifest: &str) -> Option<&str> {
    let (_, package) = manifest.split_once("[package]")?;
    let line = package.lines().find(|line| line.starts_with("name"))?;
    Some(line.split_once('=')?.1.trim().trim_matches('"'))
}

/// The packages that a manifest's package is built with, tests aside.
fn dependencies(manifest: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut in_table = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            in_table = table.ends_with("dependencies") && !table.ends_with("dev-dependencies");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| in_table) {
            let name = name.trim().split('.').next().unwrap_or_default();
            names.insert(name.trim_matches('"'));
        }
    }
    names
}

/// Our own dependencies of a package that it may not have.
fn forbidden_arrows<'a>(package: &str, manifest: &'a str) -> Vec<&'a str> {
    let allowed = ARROWS.iter().find(|(name, _)| *name == package);
    let (_, allowed) = allowed.unwrap_or_else(|| panic!("{package} has no line in ARROWS"));
    let ours = |name: &&str| name.starts_with("ironwire");
    let names = dependencies(manifest).into_iter().filter(ours);
    names.filter(|name| !allowed.contains(name)).collect()
}

/// Lines of code that name one of these, comments and unit tests aside.
fn mentions<'a>(source: &'a str, words: &[&str]) -> Vec<&'a str> {
    let tested = source
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    let names_one = |line: &&str| {
        let code = line.split("//").next().unwrap_or_default();
        words.iter().any(|word| {
            // A word does not begin inside another one: `fs::` is not `prefs::`.
            let begins = |(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            code.match_indices(word).any(begins)
        })
    };
    tested.lines().filter(names_one).collect()
}

/// Every file beneath a folder whose name ends so.
fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(files(&path, suffix));
        } else if path.to_string_lossy().ends_with(suffix) {
            found.push(path);
        }
    }
    found
}

/// The manifests of the packages that are published.
fn manifests() -> Vec<String> {
    let folders =
        ["codegen", "proto", "runtime"].map(|folder| files(&root().join(folder), "Cargo.toml"));
    let manifests: Vec<_> = folders
        .into_iter()
        .flatten()
        .map(|path| fs::read_to_string(path).expect("a readable manifest"))
        .collect();
    assert!(manifests.len() >= 6, "the packages are elsewhere now");
    manifests
}

/// Fails for each line of a source beneath `folder` that names one of the words, unless its path begins with an exception.
fn check_sources(folder: &str, except: &[&str], words: &[&str]) {
    let folder = root().join(folder);
    let sources = files(&folder, ".rs");
    assert!(!sources.is_empty(), "{} holds no sources", folder.display());
    let mut faults = Vec::new();
    for path in sources {
        let name = path
            .strip_prefix(&folder)
            .expect("it is beneath")
            .to_string_lossy();
        let is_test = name.ends_with("tests.rs");
        if is_test || except.iter().any(|exception| name.starts_with(exception)) {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a readable source");
        let lines = mentions(&source, words);
        faults.extend(lines.iter().map(|line| format!("{name}: {}", line.trim())));
    }
    assert!(
        faults.is_empty(),
        "{}:\n{}",
        folder.display(),
        faults.join("\n")
    );
}

#[test]
fn our_packages_depend_on_each_other_one_way_only() {
    for manifest in manifests() {
        let package = package_name(&manifest).expect("a package has a name");
        let forbidden = forbidden_arrows(package, &manifest);
        assert!(forbidden.is_empty(), "{package} depends on {forbidden:?}");
    }
}

#[test]
fn nothing_at_run_time_depends_on_the_compiler_or_the_generator() {
    let of_codegen = [
        "ironwire-compiler",
        "ironwire-codegen",
        "ironwire-build",
        "ironwire-cli",
    ];
    for (package, allowed) in ARROWS {
        let at_run_time = ["ironwire", "ironwire-rpc", "ironwire-message"].contains(package);
        let compiled = allowed.iter().any(|name| of_codegen.contains(name));
        assert!(!(at_run_time && compiled), "{package}");
    }
}

#[test]
fn no_package_is_built_on_a_framework() {
    for manifest in manifests() {
        let package = package_name(&manifest).expect("a package has a name");
        for framework in FRAMEWORKS {
            let found = dependencies(&manifest).contains(framework);
            assert!(!found, "{package} depends on {framework}");
        }
    }
}

#[test]
fn only_the_transport_names_h2() {
    check_sources("runtime/rpc/src", &["transport"], &["h2::"]);
}

#[test]
fn the_call_model_opens_nothing_and_reads_no_clock() {
    // These own sockets, files and clocks; a span tells how long its call took.
    let owners = [
        "client",
        "deadline.rs",
        "server",
        "tls",
        "tracing.rs",
        "transport",
    ];
    check_sources("runtime/rpc/src", &owners, IO);
    check_sources("runtime/rpc/src", &owners, CLOCKS);
}

#[test]
fn messages_open_nothing_and_read_no_clock() {
    check_sources("runtime/message/src", &[], IO);
    check_sources("runtime/message/src", &[], CLOCKS);
}

#[test]
fn the_compilers_syntax_and_schema_open_nothing_and_read_no_clock() {
    for folder in ["codegen/compiler/src/syntax", "codegen/compiler/src/schema"] {
        check_sources(folder, &[], IO);
        check_sources(folder, &[], CLOCKS);
    }
}

#[test]
fn a_fault_would_be_found() {
    let manifest = "[package]\nname = \"ironwire-rpc\"\n[dependencies]\nironwire-build.workspace = true\n\
                    ironwire-message = { workspace = true }\n[target.'cfg(unix)'.dependencies]\nhyper = \"1\"\n\
                    [dev-dependencies]\nironwire-codegen = \"1\"\n";
    assert_eq!(package_name(manifest), Some("ironwire-rpc"));
    assert_eq!(
        forbidden_arrows("ironwire-rpc", manifest),
        ["ironwire-build"]
    );
    assert!(dependencies(manifest).contains("hyper"));
    let source = "// std::fs\nuse std::fs;\nlet x = prefs::y();\nlet t = std::time::Instant::now();\n\
                  #[cfg(test)]\nmod tests { use std::fs; }";
    assert_eq!(mentions(source, IO), ["use std::fs;"]);
    assert_eq!(
        mentions(source, CLOCKS),
        ["let t = std::time::Instant::now();"]
    );
}
