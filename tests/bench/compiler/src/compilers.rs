//! The compilers and their command lines. Every one of them does the same: descriptors with imports and source info.

use crate::{Error, tree};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a compiler is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// All files of the tree.
    Tree,
    /// One file that imports nothing.
    Small,
}

/// A program, under the name it has in the table.
pub(crate) struct Compiler {
    pub(crate) name: &'static str,
    program: OsString,
    syntax: Syntax,
}

/// How a program is told what to do.
#[derive(Clone, Copy)]
enum Syntax {
    Protoc,
    /// A Python that runs protoc.
    PythonProtoc,
    /// The same, which does nothing: what starting Python takes.
    PythonIdle,
    /// Three words, `protox-compile`.
    Protox,
}

/// Ironwire first: the others are its multiples.
pub(crate) fn all(ironwire: PathBuf, python: Option<PathBuf>) -> Result<Vec<Compiler>, Error> {
    let compiler = |name, program: PathBuf, syntax| Compiler {
        name,
        program: program.into(),
        syntax,
    };
    let protox = env::current_exe()?.with_file_name("protox-compile");
    let protoc = protoc_bin_vendored::protoc_bin_path()?;
    let mut all = vec![
        compiler("ironwire", ironwire, Syntax::Protoc),
        compiler("protoc 36.2", protoc, Syntax::Protoc),
        compiler("protox 0.10", protox, Syntax::Protox),
    ];
    if let Some(python) = python {
        all.push(compiler("grpc_tools", python.clone(), Syntax::PythonProtoc));
        all.push(compiler("grpc_tools, idle", python, Syntax::PythonIdle));
    }
    Ok(all)
}

impl Compiler {
    pub(crate) fn command(&self, directory: &Path, task: Task) -> Result<Command, Error> {
        let list = directory.join(match task {
            Task::Tree => tree::LIST,
            Task::Small => tree::SMALL_LIST,
        });
        let out = env::temp_dir().join(format!("bench-compiler-{}.pb", std::process::id()));
        let mut command = Command::new(&self.program);
        match self.syntax {
            Syntax::PythonProtoc | Syntax::PythonIdle => {
                command.args(["-m", "grpc_tools.protoc"]);
            }
            Syntax::Protoc | Syntax::Protox => {}
        }
        match self.syntax {
            Syntax::PythonIdle => {
                command.arg("--version");
            }
            Syntax::Protox => {
                command.arg(directory).arg(&list).arg(&out);
            }
            Syntax::Protoc | Syntax::PythonProtoc => {
                let list = list.to_str().ok_or("a path that is not UTF-8")?;
                command.arg("-I").arg(directory);
                command.args(["--include_imports", "--include_source_info", "-o"]);
                command.arg(&out).arg(format!("@{list}"));
            }
        }
        // protoc warns of imports that it thinks unused.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command)
    }
}
