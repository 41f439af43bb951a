//! What leaves the build script: files, and lines for cargo. Never touches a file whose text is right already.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ironwire_codegen::Output;

use crate::error::Error;

/// Tells cargo to run the build script again when one of the files changes, and what to show people.
pub(crate) fn tell_cargo(read: &BTreeSet<PathBuf>, warnings: &[String]) {
    // Cargo sets this for build scripts alone; other programs want no such lines on their standard output.
    if env::var_os("CARGO_CFG_TARGET_ARCH").is_none() {
        return;
    }
    let files = read
        .iter()
        .map(|path| format!("cargo:rerun-if-changed={}\n", path.display()));
    let warnings = warnings
        .iter()
        .map(|warning| format!("cargo:warning={warning}\n"));
    let lines: String = files.chain(warnings).collect();
    // Nobody is left to hear of an error.
    let _ = io::stdout().write_all(lines.as_bytes());
}

/// Writes the outputs that differ from what is there.
pub(crate) fn write(folder: &Path, outputs: &[Output]) -> Result<(), Error> {
    for output in outputs {
        let path = folder.join(&output.path);
        if fs::read(&path).is_ok_and(|old| old == output.text.as_bytes()) {
            continue;
        }
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        fs::write(&path, &output.text).map_err(|error| Error::io("write", &path, error))?;
    }
    Ok(())
}
