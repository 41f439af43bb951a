//! protoc as an oracle. It is run on the files of the golden corpus only.

use std::path::{Path, PathBuf};
use std::process::Command;

use ironwire_compiler::{Compilation, DescriptorSetOptions};

/// A protoc program.
pub(crate) struct Protoc {
    program: PathBuf,
    /// Where it finds the well-known files, if not beside itself.
    well_known: Option<PathBuf>,
}

/// What protoc makes of a file.
pub(crate) struct Verdict {
    /// `FileDescriptorSet`s: with imports and source info, and with source-retention options.
    pub(crate) descriptors: Option<[Vec<u8>; 2]>,
    pub(crate) messages: String,
}

/// The program that `IRONWIRE_PROTOC` names.
pub(crate) fn from_environment() -> Option<Protoc> {
    Some(Protoc {
        program: std::env::var_os("IRONWIRE_PROTOC")?.into(),
        well_known: None,
    })
}

/// protoc 36.2, which a package brings along.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub(crate) fn vendored() -> Option<Protoc> {
    Some(Protoc {
        program: protoc_bin_vendored_linux_x86_64::protoc_bin_path(),
        well_known: None,
    })
}

/// The package for this platform is not among the dependencies.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub(crate) fn vendored() -> Option<Protoc> {
    eprintln!("NOT COMPARED with protoc 36.2: only Linux on x86-64 has it");
    None
}

impl Protoc {
    /// The same, but with the well-known files that we bring along for editions up to 2024.
    pub(crate) fn with_our_well_known_files(self) -> Self {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/files");
        Self {
            well_known: Some(files),
            ..self
        }
    }

    pub(crate) fn compile(&self, root: &Path, file: &str) -> Verdict {
        let with_source = self.run(root, file, &["--include_imports", "--include_source_info"]);
        let (first, messages) = match with_source {
            Ok(set) => (set, String::new()),
            Err(messages) => {
                return Verdict {
                    descriptors: None,
                    messages,
                };
            }
        };
        let second = self
            .run(root, file, &["--retain_options"])
            .expect("it was valid before");
        Verdict {
            descriptors: Some([first, second]),
            messages,
        }
    }

    fn run(&self, root: &Path, file: &str, flags: &[&str]) -> Result<Vec<u8>, String> {
        let out = tempfile::NamedTempFile::new().expect("a file can be made");
        let roots = std::iter::once(root).chain(self.well_known.as_deref());
        let output = Command::new(&self.program)
            .args(roots.map(|root| format!("-I{}", root.display())))
            .arg(format!("--descriptor_set_out={}", out.path().display()))
            .args(flags)
            .arg(file)
            .output()
            .expect("protoc can be run");
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(std::fs::read(out.path()).expect("protoc wrote its output"))
    }
}

/// How our result differs.
pub(crate) fn compare(ours: &Compilation, protoc: &Verdict) -> Result<(), String> {
    let Some([with_source, retained]) = &protoc.descriptors else {
        return match ours.has_errors() {
            true => Ok(()),
            false => Err(format!("accepted, but protoc says\n{}", protoc.messages)),
        };
    };
    if let Some(error) = ours
        .diagnostics()
        .iter()
        .find(|diagnostic| diagnostic.is_error())
    {
        return Err(format!("protoc accepts it, we say: {}", error.message));
    }
    let source = DescriptorSetOptions {
        include_imports: true,
        include_source_info: true,
        retain_options: false,
    };
    if ours.file_descriptor_set(source) != *with_source {
        return Err("descriptors with imports and source info differ".into());
    }
    let retain = DescriptorSetOptions {
        retain_options: true,
        ..DescriptorSetOptions::default()
    };
    if ours.file_descriptor_set(retain) != *retained {
        return Err("descriptors with retained options differ".into());
    }
    Ok(())
}
