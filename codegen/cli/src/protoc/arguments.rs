//! protoc's command line (command_line_interface.cc, `ParseArguments` and below).
//!
//! Never looks at a file but those that `@` names.

use super::Failure;
use std::collections::HashMap;
use std::fs;

pub(super) const USAGE: &str = "\
Usage: ironwire-protoc [OPTION] PROTO_FILES
Parse PROTO_FILES and generate output based on the options given, as protoc does:
  -IPATH, --proto_path=PATH   Search imports in PATH; may be given several times, as VIRTUAL=DISK too.
                              Defaults to the current directory.
  --version                   Show version info and exit.
  -h, --help                  Show this text and exit.
  --decode_raw                Read a message from standard input and print its fields.
  --descriptor_set_in=FILES   Take descriptors from these sets instead of sources.
  -oFILE, --descriptor_set_out=FILE
                              Write a FileDescriptorSet.
  --include_imports           With it: what the files import, too.
  --include_source_info       With it: positions and comments.
  --retain_options            With it: options that are for sources only.
  --dependency_out=FILE       Write what the outputs depend on, for make.
  --error_format=FORMAT       `gcc` (the default) or `msvs`.
  --fatal_warnings            Fail on warnings.
  --print_free_field_numbers  Print which field numbers messages have left.
  --plugin=EXECUTABLE         Use this plugin, as NAME=PATH too; others are looked up in PATH.
  --NAME_out=OUT_DIR          Generate with the plugin protoc-gen-NAME; PARAMETERS:OUT_DIR gives it parameters.
  --NAME_opt=PARAMETERS       More parameters.
  @FILE                       Read arguments from FILE, one a line.
";

/// What the arguments ask for.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) mode: Mode,
    /// Virtual prefix, often empty, and the path on disk.
    pub(super) roots: Vec<(String, String)>,
    pub(super) files: Vec<String>,
    pub(super) descriptor_set_in: Vec<String>,
    pub(super) descriptor_set_out: Option<String>,
    pub(super) dependency_out: Option<String>,
    pub(super) include_imports: bool,
    pub(super) include_source_info: bool,
    pub(super) retain_options: bool,
    pub(super) fatal_warnings: bool,
    pub(super) error_format: ErrorFormat,
    /// Executables by the name of the plugin, `protoc-gen-NAME`.
    pub(super) plugins: HashMap<String, String>,
    pub(super) directives: Vec<Directive>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Compile,
    Help,
    Version,
    DecodeRaw,
    FreeFieldNumbers,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ErrorFormat {
    #[default]
    Gcc,
    Msvs,
}

/// One `--NAME_out`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// The plugin's name, without `protoc-gen-`.
    pub(super) name: String,
    pub(super) parameter: String,
    pub(super) folder: String,
}

/// Flags that take no value.
const SWITCHES: [&str; 14] = [
    "-h",
    "--help",
    "--disallow_services",
    "--include_imports",
    "--include_source_info",
    "--retain_options",
    "--version",
    "--decode_raw",
    "--deterministic_output",
    "--experimental_allow_proto3_optional",
    "--experimental_editions",
    "--fatal_warnings",
    "--notices",
    "--print_free_field_numbers",
];

impl Arguments {
    pub(super) fn parse(arguments: Vec<String>) -> Result<Arguments, Failure> {
        if arguments.is_empty() {
            return Ok(Arguments {
                mode: Mode::Help,
                ..Arguments::default()
            });
        }
        let mut parsed = Arguments::default();
        let mut options: HashMap<String, Vec<String>> = HashMap::new();
        let mut words = expanded(arguments)?.into_iter();
        while let Some(word) = words.next() {
            let (flag, value) = split(&word);
            let value = match value {
                Some(value) => value,
                None if flag.is_empty() || SWITCHES.contains(&flag) => String::new(),
                None => words
                    .next()
                    .ok_or_else(|| format!("Missing value for flag: {flag}"))?,
            };
            if SWITCHES.contains(&flag) && !value.is_empty() {
                return Err(format!("{flag} does not take a parameter.").into());
            }
            parsed.take(flag, value, &mut options)?;
        }
        parsed.finish(&options)?;
        Ok(parsed)
    }

    fn take(
        &mut self,
        flag: &str,
        value: String,
        options: &mut HashMap<String, Vec<String>>,
    ) -> Result<(), Failure> {
        match flag {
            "" => self.files.push(value),
            "-I" | "--proto_path" => self.roots.extend(value.split(LIST_SEPARATOR).map(root)),
            "-h" | "--help" => self.mode = Mode::Help,
            "--version" => self.mode = Mode::Version,
            "--decode_raw" => self.mode = Mode::DecodeRaw,
            "--print_free_field_numbers" => self.mode = Mode::FreeFieldNumbers,
            "-o" | "--descriptor_set_out" => set_once(&mut self.descriptor_set_out, flag, value)?,
            "--dependency_out" => set_once(&mut self.dependency_out, flag, value)?,
            "--descriptor_set_in" => {
                self.descriptor_set_in = value.split(LIST_SEPARATOR).map(str::to_owned).collect();
            }
            "--include_imports" => self.include_imports = true,
            "--include_source_info" => self.include_source_info = true,
            "--retain_options" => self.retain_options = true,
            "--fatal_warnings" => self.fatal_warnings = true,
            "--error_format" => {
                self.error_format = match &*value {
                    "gcc" => ErrorFormat::Gcc,
                    "msvs" => ErrorFormat::Msvs,
                    _ => return Err(format!("Unknown error format: {value}").into()),
                }
            }
            "--plugin" => {
                let (name, path) = plugin(&value);
                self.plugins.insert(name, path);
            }
            "--deterministic_output"
            | "--experimental_allow_proto3_optional"
            | "--experimental_editions"
            | "--notices" => {}
            _ => return self.take_output(flag, value, options),
        }
        Ok(())
    }

    /// `--NAME_out` and `--NAME_opt`.
    fn take_output(
        &mut self,
        flag: &str,
        value: String,
        options: &mut HashMap<String, Vec<String>>,
    ) -> Result<(), Failure> {
        let name = flag.strip_prefix("--").unwrap_or_default();
        if let Some(name) = name.strip_suffix("_out") {
            let (parameter, folder) = value.split_once(':').unwrap_or(("", &value));
            self.directives.push(Directive {
                name: name.to_owned(),
                parameter: parameter.to_owned(),
                folder: folder.to_owned(),
            });
        } else if let Some(name) = name.strip_suffix("_opt") {
            options.entry(name.to_owned()).or_default().push(value);
        } else {
            return Err(format!("Unknown flag: {flag}").into());
        }
        Ok(())
    }

    fn finish(&mut self, options: &HashMap<String, Vec<String>>) -> Result<(), Failure> {
        for directive in &mut self.directives {
            let more = options.get(&directive.name).into_iter().flatten();
            let parameters: Vec<&str> = [&directive.parameter]
                .into_iter()
                .chain(more)
                .map(String::as_str)
                .collect();
            let parameters = parameters
                .into_iter()
                .filter(|parameter| !parameter.is_empty());
            directive.parameter = parameters.collect::<Vec<_>>().join(",");
        }
        if let Some(name) = options
            .keys()
            .find(|name| !self.directives.iter().any(|known| known.name == **name))
        {
            return Err(format!("Unknown flag: --{name}_opt").into());
        }
        if self.roots.is_empty() && self.descriptor_set_in.is_empty() {
            self.roots.push((String::new(), ".".to_owned()));
        }
        match self.mode {
            Mode::Help | Mode::Version => return Ok(()),
            Mode::DecodeRaw if self.files.is_empty() => return Ok(()),
            Mode::DecodeRaw => {
                return Err("When using --decode_raw, no input files should be given.".into());
            }
            Mode::FreeFieldNumbers | Mode::Compile => {}
        }
        if self.files.is_empty() {
            return Err("Missing input file.".into());
        }
        let has_output = self.descriptor_set_out.is_some() || !self.directives.is_empty();
        if self.mode == Mode::Compile && !has_output {
            return Err("Missing output directives.".into());
        }
        if self.dependency_out.is_some() && self.files.len() > 1 {
            return Err("Can only process one input file when using --dependency_out=FILE.".into());
        }
        self.check_combinations()
    }

    fn check_combinations(&self) -> Result<(), Failure> {
        let without_set = [
            (self.include_imports, "--include_imports"),
            (self.include_source_info, "--include_source_info"),
            (self.retain_options, "--retain_options"),
        ];
        match without_set.into_iter().find(|(is_set, _)| *is_set) {
            Some((_, flag)) if self.descriptor_set_out.is_none() => Err(format!(
                "{flag} only makes sense when combined with --descriptor_set_out."
            )
            .into()),
            _ => Ok(()),
        }
    }
}

/// What separates paths in a list, as in `$PATH`.
const LIST_SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// `@file` stands for the lines of the file.
fn expanded(arguments: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut expanded = Vec::new();
    for argument in arguments {
        match argument.strip_prefix('@') {
            Some(path) => {
                let text = fs::read_to_string(path)
                    .map_err(|_| format!("Failed to open argument file: {path}"))?;
                expanded.extend(text.lines().map(str::to_owned));
            }
            None => expanded.push(argument),
        }
    }
    Ok(expanded)
}

/// The flag of a word, empty for a file, and its value where it has one in the same word.
fn split(word: &str) -> (&str, Option<String>) {
    if !word.starts_with('-') || word == "-" {
        return ("", Some(word.to_owned()));
    }
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (word, None),
        };
    }
    // A flag of one letter has its value right behind it.
    let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
    let (flag, value) = word.split_at(end);
    (flag, (!value.is_empty()).then(|| value.to_owned()))
}

fn root(path: &str) -> (String, String) {
    match path.split_once('=') {
        Some((prefix, disk)) => (prefix.to_owned(), disk.to_owned()),
        None => (String::new(), path.to_owned()),
    }
}

/// `NAME=PATH`, or a path whose file name is the name.
fn plugin(value: &str) -> (String, String) {
    if let Some((name, path)) = value.split_once('=') {
        return (name.to_owned(), path.to_owned());
    }
    let file = value.rsplit(['/', '\\']).next().unwrap_or(value);
    let name = file.split('.').next().unwrap_or(file);
    (name.to_owned(), value.to_owned())
}

fn set_once(slot: &mut Option<String>, flag: &str, value: String) -> Result<(), Failure> {
    if slot.is_some() {
        return Err(format!("{flag} may only be passed once.").into());
    }
    if value.is_empty() {
        return Err(format!("{flag} requires a non-empty value.").into());
    }
    *slot = Some(value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Arguments {
        match Arguments::parse(words.iter().map(|word| (*word).to_owned()).collect()) {
            Ok(arguments) => arguments,
            Err(Failure(text)) => panic!("{text}"),
        }
    }

    #[test]
    fn flags_have_their_values_in_every_way_that_protoc_allows() {
        for words in [
            &["-Ia", "-ox", "f.proto"][..],
            &["-I", "a", "-o", "x", "f.proto"],
            &["--proto_path=a", "--descriptor_set_out=x", "f.proto"],
            &["--proto_path", "a", "--descriptor_set_out", "x", "f.proto"],
        ] {
            let arguments = parsed(words);
            assert_eq!(arguments.roots, [(String::new(), "a".to_owned())]);
            assert_eq!(arguments.descriptor_set_out.as_deref(), Some("x"));
            assert_eq!(arguments.files, ["f.proto"]);
        }
    }

    #[test]
    fn lists_mappings_and_parameters_are_taken_apart() {
        let arguments = parsed(&[
            "-Ia:v=b",
            "--x_out=p=1:out",
            "--x_opt=q,r",
            "--x_opt=s",
            "f.proto",
        ]);
        let roots =
            [("", "a"), ("v", "b")].map(|(prefix, disk)| (prefix.to_owned(), disk.to_owned()));
        assert_eq!(arguments.roots, roots);
        let directive = Directive {
            name: "x".to_owned(),
            parameter: "p=1,q,r,s".to_owned(),
            folder: "out".to_owned(),
        };
        assert_eq!(arguments.directives, [directive]);
    }

    #[test]
    fn a_plugin_is_named_or_called_like_its_file() {
        let arguments = parsed(&[
            "--plugin=bin/protoc-gen-a.sh",
            "--plugin=protoc-gen-b=c",
            "--version",
        ]);
        assert_eq!(arguments.plugins["protoc-gen-a"], "bin/protoc-gen-a.sh");
        assert_eq!(arguments.plugins["protoc-gen-b"], "c");
    }
}
