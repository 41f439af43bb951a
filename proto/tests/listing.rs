//! Is every vendored file listed, readable and accounted for? Never looks at what the files say about protobuf.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_file_on_disk_is_listed_under_its_import_path() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("files");
    let mut on_disk = BTreeSet::new();
    collect(&root, "", &mut on_disk);

    let listed: BTreeSet<String> = ironwire_proto::files()
        .map(|file| file.name.to_owned())
        .collect();
    assert_eq!(listed, on_disk);
    assert_eq!(
        ironwire_proto::files().count(),
        listed.len(),
        "a file is listed twice"
    );
    for name in &on_disk {
        let text = fs::read_to_string(root.join(name)).expect("a vendored file is UTF-8");
        assert_eq!(ironwire_proto::get(name), Some(text.as_str()), "{name}");
    }
}

#[test]
fn every_file_names_its_licence() {
    for file in ironwire_proto::files() {
        let header = file.text.split("syntax = ").next().unwrap_or_default();
        let header = header.split("edition = ").next().unwrap_or_default();
        assert!(
            ["BSD-style", "Apache License", "Redistribution and use"]
                .iter()
                .any(|licence| header.contains(licence)),
            "{} has no licence header",
            file.name
        );
    }
}

#[test]
fn the_well_known_files_import_only_each_other() {
    let names: Vec<&str> = ironwire_proto::WELL_KNOWN
        .iter()
        .map(|file| file.name)
        .collect();
    for file in ironwire_proto::WELL_KNOWN {
        for line in file.text.lines().filter(|line| line.starts_with("import ")) {
            let import = line.split('"').nth(1).expect("an import names a file");
            assert!(names.contains(&import), "{} imports {import}", file.name);
        }
    }
}

fn collect(folder: &Path, prefix: &str, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder is part of the crate") {
        let entry = entry.expect("the folder can be listed");
        let name = format!(
            "{prefix}{}",
            entry.file_name().to_str().expect("names are UTF-8")
        );
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), names);
        } else {
            names.insert(name);
        }
    }
}
