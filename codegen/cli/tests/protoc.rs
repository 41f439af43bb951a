//! Does `ironwire-protoc` behave like protoc, to make, to plugins and to people? What is expected here is what protoc 35.1
//! does.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A folder with `a.proto`, which imports `sub/b.proto`.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let text =
        "syntax = \"proto3\";\nimport \"sub/b.proto\";\nmessage A { B b = 1; reserved 3; }\n";
    fs::write(folder.path().join("a.proto"), text).unwrap();
    let text = "syntax = \"proto3\";\nmessage B { int32 x = 2; }\n";
    fs::write(folder.path().join("sub/b.proto"), text).unwrap();
    folder
}

fn protoc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ironwire-protoc"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn check_fails(folder: &Path, arguments: &[&str], stderr: &str) {
    let output = protoc(folder, arguments);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap().trim_end(), stderr);
    assert!(output.stdout.is_empty());
}

#[track_caller]
fn check_prints(folder: &Path, arguments: &[&str], stdout: &str) {
    let output = protoc(folder, arguments);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), stdout);
}

#[test]
fn mistakes_on_the_command_line_are_protocs() {
    let folder = project();
    let folder = folder.path();
    check_fails(folder, &["-I."], "Missing input file.");
    check_fails(folder, &["a.proto"], "Missing output directives.");
    check_fails(folder, &["--nothing", "a.proto"], "Unknown flag: --nothing");
    check_fails(folder, &["a.proto", "-o"], "Missing value for flag: -o");
    check_fails(
        folder,
        &["-ox", "none.proto"],
        "Could not make proto path relative: none.proto: No such file or directory",
    );
    check_fails(
        folder,
        &["-ox", "--dependency_out=y", "a.proto", "sub/b.proto"],
        "Can only process one input file when using --dependency_out=FILE.",
    );
}

#[test]
fn flags_that_exclude_each_other_are_refused_as_protoc_refuses_them() {
    let folder = project();
    let folder = folder.path();
    let once = "--include_imports may only be passed once.";
    let twice = ["-ox", "--include_imports", "--include_imports", "a.proto"];
    check_fails(folder, &twice, once);
    check_fails(
        folder,
        &["-o", "--include_imports", "a.proto"],
        "Missing value for flag: -o",
    );
    check_fails(
        folder,
        &["-ox", "--decode_raw"],
        "Cannot use --decode_raw and generate code or descriptors at the same time.",
    );
    check_fails(
        folder,
        &[
            "-ox",
            "--dependency_out=y",
            "--descriptor_set_in=z",
            "a.proto",
        ],
        "--descriptor_set_in cannot be used with --dependency_out.",
    );
    check_fails(
        folder,
        &["-ox", "--direct_dependencies=x.proto", "a.proto"],
        "a.proto: File is imported but not declared in --direct_dependencies: sub/b.proto",
    );
    check_fails(
        folder,
        &["-ox", "sub"],
        "Could not map to virtual file: sub: Input file is a directory.",
    );
}

#[test]
fn mistakes_in_files_are_shown_in_the_format_that_is_asked_for() {
    let folder = project();
    fs::write(
        folder.path().join("c.proto"),
        "syntax = \"proto3\";\nmessage A { Nope n = 1; }\n",
    )
    .unwrap();
    let message = "`Nope` is not defined";
    check_fails(
        folder.path(),
        &["-ox", "c.proto"],
        &format!("c.proto:2:13: {message}"),
    );
    check_fails(
        folder.path(),
        &["-ox", "--error_format=msvs", "c.proto"],
        &format!("c.proto(2) : error in column=13: {message}"),
    );
}

#[test]
fn a_warning_stops_nothing_unless_it_is_fatal() {
    let folder = project();
    let text = "syntax = \"proto3\";\nimport \"sub/b.proto\";\n";
    fs::write(folder.path().join("c.proto"), text).unwrap();
    let warning = "c.proto:2:1: warning: import sub/b.proto is unused";
    let output = protoc(folder.path(), &["-ox", "c.proto"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap().trim_end(),
        warning
    );
    check_fails(
        folder.path(),
        &["-ox", "--fatal_warnings", "c.proto"],
        warning,
    );
    check_fails(
        folder.path(),
        &["--print_free_field_numbers", "--fatal_warnings", "c.proto"],
        warning,
    );
}

#[test]
fn make_is_told_of_what_was_read() {
    let folder = project();
    let arguments = ["-I.", "-oout.pb", "--dependency_out=deps", "a.proto"];
    check_prints(folder.path(), &arguments, "");
    let deps = fs::read_to_string(folder.path().join("deps")).unwrap();
    assert_eq!(deps, "out.pb: sub/b.proto\\\n a.proto");
}

#[test]
fn descriptors_read_back_give_the_same_descriptors() {
    let folder = project();
    let flags = ["--include_imports", "--include_source_info", "a.proto"];
    check_prints(folder.path(), &[&["-oone"], &flags[..]].concat(), "");
    let arguments = [&["--descriptor_set_in=one", "-otwo"], &flags[..]].concat();
    check_prints(folder.path(), &arguments, "");
    let read = |name| fs::read(folder.path().join(name)).unwrap();
    assert!(!read("one").is_empty());
    assert_eq!(read("one"), read("two"));
}

#[test]
fn what_is_not_on_disk_is_looked_up_in_descriptor_sets() {
    let folder = project();
    let folder = folder.path();
    let flags = ["--include_imports", "--include_source_info"];
    check_prints(
        folder,
        &[&["-oall", "-I."], &flags[..], &["a.proto"]].concat(),
        "",
    );
    check_prints(
        folder,
        &["-osub.set", "--include_source_info", "sub/b.proto"],
        "",
    );
    fs::remove_file(folder.join("sub/b.proto")).unwrap();
    let arguments = [
        &["-oagain", "-I.", "--descriptor_set_in=sub.set"],
        &flags[..],
    ]
    .concat();
    check_prints(folder, &[&arguments[..], &["a.proto"]].concat(), "");
    let read = |name| fs::read(folder.join(name)).unwrap();
    assert!(!read("all").is_empty());
    assert_eq!(read("all"), read("again"));
    check_prints(folder, &[&arguments[..], &["sub/b.proto"]].concat(), "");
    assert_eq!(read("sub.set"), read("again"));
    check_fails(
        folder,
        &[&arguments[..], &["none.proto"]].concat(),
        "Could not make proto path relative: none.proto: No such file or directory",
    );
}

#[test]
fn free_numbers_are_counted() {
    let folder = project();
    let line = format!("{:<35} free: 2 4-INF\n", "A");
    check_prints(
        folder.path(),
        &["--print_free_field_numbers", "a.proto"],
        &line,
    );
}

#[test]
fn arguments_may_stand_in_a_file() {
    let folder = project();
    fs::write(
        folder.path().join("arguments"),
        "-I.\n--print_free_field_numbers\nsub/b.proto\n",
    )
    .unwrap();
    let line = format!("{:<35} free: 1 3-INF\n", "B");
    check_prints(folder.path(), &["@arguments"], &line);
}

/// A plugin that keeps its request and answers with the bytes of the file beside it.
#[cfg(unix)]
fn plugin(folder: &Path, name: &str, response: &[u8]) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(name);
    fs::write(folder.join(format!("{name}.response")), response).unwrap();
    fs::write(
        &path,
        "#!/bin/sh\ncat >\"$0.request\"\ncat \"$0.response\"\n",
    )
    .unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    format!("--plugin={}", path.display())
}

/// `CodeGeneratorResponse.File` in a response: name, insertion point, content.
#[cfg(unix)]
fn file(name: &str, point: &str, content: &str) -> Vec<u8> {
    let mut file = Vec::new();
    for (tag, text) in [(10, name), (18, point), (122, content)] {
        if !text.is_empty() {
            file.extend([tag, u8::try_from(text.len()).unwrap()]);
            file.extend(text.as_bytes());
        }
    }
    [&[122, u8::try_from(file.len()).unwrap()], &file[..]].concat()
}

#[cfg(unix)]
#[test]
fn plugins_generate_and_insert() {
    let folder = project();
    let point = "// @@protoc_insertion_point(here)\n";
    let first = [file("x/out.txt", "", point), file("", "", "more\n")].concat();
    let first = plugin(folder.path(), "protoc-gen-one", &first);
    let second = plugin(
        folder.path(),
        "protoc-gen-two",
        &file("x/out.txt", "here", "inserted\n"),
    );
    let arguments = [
        &first,
        &second,
        "--one_out=p=1:.",
        "--one_opt=q",
        "--two_out=.",
        "a.proto",
    ];
    check_prints(folder.path(), &arguments, "");
    let out = fs::read_to_string(folder.path().join("x/out.txt")).unwrap();
    assert_eq!(out, format!("inserted\n{point}more\n"));
    let request = fs::read(folder.path().join("protoc-gen-one.request")).unwrap();
    // file_to_generate, parameter, compiler_version 7.35.1 with an empty suffix
    assert!(
        request
            .starts_with(b"\n\x07a.proto\x12\x05p=1,q\x1a\x08\x08\x07\x10\x23\x18\x01\x22\x00\x7a")
    );
}

#[cfg(unix)]
#[test]
fn a_plugins_error_is_told() {
    let folder = project();
    let given = plugin(folder.path(), "protoc-gen-one", b"\n\x02no");
    check_fails(
        folder.path(),
        &[&given, "--one_out=.", "a.proto"],
        "--one_out: no",
    );
    check_fails(
        folder.path(),
        &["--none_out=.", "a.proto"],
        "protoc-gen-none: program not found or is not executable\nPlease specify a program using absolute path or make \
         sure the program is available in your PATH system variable\n--none_out: protoc-gen-none: Plugin failed with \
         status code 1.",
    );
}

#[cfg(unix)]
#[test]
fn what_is_inserted_has_its_chunks_and_ends_its_line() {
    let folder = project();
    let point = "f(/* @@protoc_insertion_point(here) */)\n";
    let first = plugin(folder.path(), "protoc-gen-one", &file("out.txt", "", point));
    let chunks = [file("out.txt", "here", "a\n"), file("", "", "b")].concat();
    let second = plugin(folder.path(), "protoc-gen-two", &chunks);
    let arguments = [&first, &second, "--one_out=.", "--two_out=.", "a.proto"];
    check_prints(folder.path(), &arguments, "");
    let out = fs::read_to_string(folder.path().join("out.txt")).unwrap();
    assert_eq!(out, "f(a\nb\n/* @@protoc_insertion_point(here) */)\n");
    let chunk = plugin(folder.path(), "protoc-gen-one", &file("", "", "b"));
    check_fails(
        folder.path(),
        &[&chunk, "--one_out=.", "a.proto"],
        "--one_out: protoc-gen-one: First file chunk returned by plugin did not specify a file name.",
    );
}

#[cfg(unix)]
#[test]
fn an_output_folder_has_to_be_there_even_if_nothing_is_written() {
    let folder = project();
    let given = plugin(folder.path(), "protoc-gen-one", b"");
    for (out, path) in [("--one_out=none", "none/"), ("--one_out=", "")] {
        let said = format!("{path}: No such file or directory");
        check_fails(folder.path(), &[&given, out, "a.proto"], &said);
    }
    check_prints(folder.path(), &[&given, "--one_out=sub", "a.proto"], "");
}

#[cfg(unix)]
#[test]
fn an_output_may_be_an_archive() {
    let folder = project();
    let given = plugin(folder.path(), "protoc-gen-one", &file("x.txt", "", "text"));
    check_prints(folder.path(), &[&given, "--one_out=out.zip", "a.proto"], "");
    check_prints(
        folder.path(),
        &[&given, "--one_out=out.srcjar", "a.proto"],
        "",
    );
    let archive = fs::read(folder.path().join("out.zip")).unwrap();
    assert_eq!(archive, fs::read(folder.path().join("out.srcjar")).unwrap());
    assert!(archive.starts_with(b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0"));
    assert!(archive.windows(9).any(|window| window == b"x.txttext"));
    // The directory begins behind a header of 30 bytes, the name and the text.
    assert!(archive.ends_with(b"\x27\0\0\0\0\0"));
    assert_eq!(archive.len(), 39 + 51 + 22);
}

#[cfg(unix)]
#[test]
fn a_plugin_that_does_not_know_the_edition_is_told() {
    let folder = project();
    let text = "edition = \"2024\";\nmessage E { int32 x = 1; }\n";
    fs::write(folder.path().join("e.proto"), text).unwrap();
    // Both features, and editions from 2023 to 2023.
    let given = plugin(
        folder.path(),
        "protoc-gen-one",
        b"\x10\x03\x18\xe8\x07\x20\xe8\x07",
    );
    check_fails(
        folder.path(),
        &[&given, "--one_out=.", "e.proto"],
        "e.proto: is a file using edition 2024, which isn't supported by code generator protoc-gen-one.  Please ask the \
         owner of this code generator to add support or switch back to a maximum of edition 2023.--one_out:",
    );
}

#[cfg(unix)]
#[test]
fn a_plugin_stays_in_its_folder() {
    let folder = project();
    let given = plugin(
        folder.path(),
        "protoc-gen-one",
        &file("../out.txt", "", "x"),
    );
    let output = protoc(folder.path(), &[&given, "--one_out=sub", "a.proto"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.path().join("out.txt").exists());
}

#[test]
fn faults_are_shown_where_files_lie() {
    let folder = project();
    let folder = folder.path();
    fs::write(
        folder.join("sub/bad.proto"),
        "syntax = \"proto3\";\nmessage A { B b = 1; }\n",
    )
    .unwrap();
    let said = "sub/bad.proto:2:13: `B` is not defined";
    for arguments in [
        &["-Isub", "-ox", "bad.proto"][..],
        &["-I./sub", "-ox", "sub/bad.proto"],
        &["-Iy/z=sub", "-ox", "y/z/bad.proto"],
    ] {
        check_fails(folder, arguments, said);
    }
    let said = "sub/bad.proto(2) : error in column=13: `B` is not defined";
    check_fails(
        folder,
        &["-Isub", "-ox", "--error_format=msvs", "bad.proto"],
        said,
    );
}
