//! What does an author read who has made a mistake? Never a panic: every text here is an `Error`.

use std::fs;

use ironwire_build::Builder;

/// Compiles the first of `files`, which must fail with a text whose lines start like `expect`, in this order. Paths in it are
/// those below the files' folder, and the include path is its folder `proto`.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let run = Builder::new()
        .include(folder.path().join("proto"))
        .file(folder.path().join(files[0].0))
        .out_dir(folder.path().join("out"));
    let error = run.compile().expect_err("the files are wrong").to_string();
    let shown = error.replace(&format!("{}/", folder.path().display()), "");
    let mut lines = shown.lines();
    for expected in expect {
        assert!(
            lines.any(|line| line.trim_start().starts_with(expected)),
            "no line `{expected}` in its place:\n{shown}"
        );
    }
    assert!(
        !folder.path().join("out").exists(),
        "nothing is written when there is a mistake"
    );
}

/// Compiles `text` as `proto/a.proto`.
#[track_caller]
fn check_text(text: &str, expect: &[&str]) {
    check(&[("proto/a.proto", text)], expect);
}

#[test]
fn a_file_that_is_not_there() {
    let error = Builder::new()
        .includes(["a", "b"])
        .file("nothing.proto")
        .out_dir("c")
        .compile();
    let expect = "error: there is no file nothing.proto\n  = note: looked in `a`, `b`";
    assert_eq!(error.unwrap_err().to_string(), expect);
}

#[test]
fn a_file_outside_of_the_include_paths() {
    check(
        &[("elsewhere/a.proto", "syntax = \"proto3\";")],
        &[
            "error: elsewhere/a.proto is in none of the include paths",
            "= note: they are `proto`",
            "= help: add the folder with `Builder::include`; imports start there",
        ],
    );
}

#[test]
fn a_file_that_another_hides() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["first", "second"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(
            folder.path().join(name).join("a.proto"),
            "syntax = \"proto3\";",
        )
        .unwrap();
    }
    let second = folder.path().join("second");
    let run = Builder::new().includes([folder.path().join("first"), second.clone()]);
    let error = run
        .file(second.join("a.proto"))
        .out_dir(folder.path())
        .compile()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("comes first in the include paths and has the same name"),
        "{error}"
    );
}

#[test]
fn an_import_that_is_not_there() {
    check_text(
        "syntax = \"proto3\";\nimport \"missing.proto\";\n",
        &[
            "error[missing-import]: import \"missing.proto\" was not found",
            "--> proto/a.proto:2:1",
            "= note: looked in `proto`",
        ],
    );
}

#[test]
fn an_import_whose_folder_is_above() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("shop/v1");
    fs::create_dir_all(&deep).unwrap();
    fs::write(
        deep.join("a.proto"),
        "syntax = \"proto3\"; import \"shop/b.proto\";",
    )
    .unwrap();
    fs::write(folder.path().join("shop/b.proto"), "syntax = \"proto3\";").unwrap();
    let run = Builder::new()
        .file(deep.join("a.proto"))
        .out_dir(folder.path().join("out"));
    let error = run.compile().unwrap_err().to_string();
    let help = format!(
        "= help: it is in `{}`: add that with `Builder::include`",
        folder.path().display()
    );
    assert!(error.contains(&help), "{error}");
}

#[test]
fn an_import_that_leaves_the_include_path() {
    check_text(
        "syntax = \"proto3\";\nimport \"../proto/a.proto\";\n",
        &[
            "error[unreadable-import]: import \"../proto/a.proto\" cannot be read",
            "--> proto/a.proto:2:1",
        ],
    );
}

#[test]
fn files_that_import_each_other() {
    let files = [
        (
            "proto/a.proto",
            "syntax = \"proto3\";\nimport \"b.proto\";\n",
        ),
        (
            "proto/b.proto",
            "syntax = \"proto3\";\n\nimport \"a.proto\";\n",
        ),
    ];
    check(
        &files,
        &[
            "error[import-cycle]: file recursively imports itself: a.proto -> b.proto -> a.proto",
            "--> proto/a.proto:2:1",
            "::: proto/b.proto:3:1",
        ],
    );
    check_text(
        "syntax = \"proto3\"; import \"a.proto\";",
        &[
            "error[import-cycle]: file recursively imports itself: a.proto -> a.proto",
            "--> proto/a.proto:1:20",
        ],
    );
}

#[test]
fn every_mistake_in_the_syntax_has_its_file_line_and_column() {
    check_text(
        "syntax = \"proto3\";\nmessage A {\n  string name = ;\n}\nmessage {}\n",
        &["--> proto/a.proto:3:17", "--> proto/a.proto:5:9"],
    );
}

#[test]
fn a_proto2_field_without_a_label_has_two_ways_out() {
    check_text(
        "message HelloRequest {\n  string greeting = 1;\n}\n",
        &[
            "error[missing-label]: a proto2 field needs a label: `optional`, `required` or `repeated`",
            "--> proto/a.proto:2:3",
            "= help: add a label, such as `optional`",
            "= help: or put `syntax = \"proto3\";` at the top of the file, where fields need no label",
        ],
    );
}

#[test]
fn nesting_without_end() {
    let messages = format!("{}{}", "message A {".repeat(10_000), "}".repeat(10_000));
    check_text(
        &format!("syntax = \"proto3\";\n{messages}"),
        &["--> proto/a.proto:2:"],
    );
    let literals = format!("{}{}", "{ b ".repeat(100_000), "}".repeat(100_000));
    check_text(
        &format!("syntax = \"proto3\";\noption (a) = {literals};"),
        &["--> proto/a.proto:2:"],
    );
}

#[test]
fn a_long_chain_of_imports_is_no_mistake() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..300 {
        let text = format!("syntax = \"proto3\"; import \"f{}.proto\";", number + 1);
        fs::write(folder.path().join(format!("f{number}.proto")), text).unwrap();
    }
    fs::write(folder.path().join("f300.proto"), "syntax = \"proto3\";").unwrap();
    let out = folder.path().join("out");
    Builder::new()
        .file(folder.path().join("f0.proto"))
        .out_dir(out)
        .compile()
        .unwrap();
}

#[test]
fn a_chain_of_imports_without_end() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..1_100 {
        let text = format!("syntax = \"proto3\"; import \"f{}.proto\";", number + 1);
        fs::write(folder.path().join(format!("f{number}.proto")), text).unwrap();
    }
    let out = folder.path().join("out");
    let run = Builder::new()
        .file(folder.path().join("f0.proto"))
        .out_dir(out);
    let error = run.compile().unwrap_err().to_string();
    assert!(error.contains("f999.proto:1:20"), "{error}");
    assert!(
        error.contains("imports are more than 1000 levels deep"),
        "{error}"
    );
}

#[test]
fn a_type_that_nobody_declares() {
    check_text(
        "syntax = \"proto3\";\npackage p;\nmessage A {\n  map<string, q.B> b = 1;\n}\n",
        &[
            "error[not-defined]: `q.B` is not defined",
            "--> proto/a.proto:4:15",
        ],
    );
}
