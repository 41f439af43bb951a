//! protoc's command line (command_line_interface.cc, `ParseArguments` and below).
//!
//! Never reads a file but those that `@` names.

use super::Failure;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// What the arguments ask for.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) mode: Mode,
    /// Virtual prefix, often empty, and the path on disk.
    pub(super) roots: Vec<(String, String)>,
    pub(super) files: Vec<String>,
    /// The full name of a message type, to encode to or to decode from.
    pub(super) codec_type: String,
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
    pub(super) disallow_services: bool,
    pub(super) may_escape_out_dir: bool,
    /// The files that may be imported, where they are listed, and what is said of others.
    pub(super) direct_dependencies: Allowed,
    /// Those that `import option` may name.
    pub(super) option_dependencies: Allowed,
}

/// A list of what may be imported.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    pub(super) files: Option<Vec<String>>,
    /// `%s` in it is the import.
    pub(super) violation: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Compile,
    Help,
    Version,
    Notices,
    Encode,
    Decode,
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

/// Flags that take no value from the next argument. One that is given with `=` is ignored.
const SWITCHES: [&str; 15] = [
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
    "--unsafe_allow_out_dir_escape",
];

impl Arguments {
    pub(super) fn parse(arguments: Vec<String>) -> Result<Arguments, Failure> {
        let words = expanded(arguments)?;
        let mut parsed = Arguments::default();
        if words.is_empty() {
            parsed.mode = Mode::Help;
            return Ok(parsed);
        }
        let mut options = Options::default();
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            let (flag, value) = split(&word);
            let value = match value {
                Some(value) => value,
                None if SWITCHES.contains(&flag) => String::new(),
                None => words
                    .next_if(|next| !next.starts_with('-'))
                    .ok_or_else(|| missing_value(flag))?,
            };
            parsed.take(flag, value, &mut options)?;
            // These end the program where they stand.
            if matches!(parsed.mode, Mode::Help | Mode::Version | Mode::Notices) {
                return Ok(parsed);
            }
        }
        parsed.finish(&options)?;
        Ok(parsed)
    }

    fn take(&mut self, flag: &str, value: String, options: &mut Options) -> Result<(), Failure> {
        match flag {
            "" if value.is_empty() => return Err(EMPTY_ARGUMENT.into()),
            "" => self.files.push(value),
            "-I" | "--proto_path" => {
                for path in list(&value) {
                    self.roots.push(root(path)?);
                }
            }
            "-h" | "--help" => self.mode = Mode::Help,
            "--version" => self.mode = Mode::Version,
            "--notices" => self.mode = Mode::Notices,
            "--encode" | "--decode" | "--decode_raw" => self.take_codec(flag, value)?,
            "--print_free_field_numbers" => self.take_free_numbers(flag)?,
            "--include_imports" => set(&mut self.include_imports, flag)?,
            "--include_source_info" => set(&mut self.include_source_info, flag)?,
            "--retain_options" => set(&mut self.retain_options, flag)?,
            "--fatal_warnings" => set(&mut self.fatal_warnings, flag)?,
            "--disallow_services" => self.disallow_services = true,
            "--unsafe_allow_out_dir_escape" => self.may_escape_out_dir = true,
            "--deterministic_output" => options.is_deterministic = true,
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
            "--enable_codegen_trace"
            | "--experimental_allow_proto3_optional"
            | "--experimental_editions" => {}
            _ => return self.take_path(flag, value, options),
        }
        Ok(())
    }

    /// Flags whose values name files to read and to write.
    fn take_path(
        &mut self,
        flag: &str,
        value: String,
        options: &mut Options,
    ) -> Result<(), Failure> {
        match flag {
            "-o" | "--descriptor_set_out" => {
                set_once(&mut self.descriptor_set_out, flag, value)?;
                if self.mode != Mode::Compile {
                    return Err("Cannot use --encode or --decode and generate descriptors at the same time.".into());
                }
            }
            "--dependency_out" => {
                set_once(&mut self.dependency_out, flag, value)?;
                if !self.descriptor_set_in.is_empty() {
                    return Err(format!("{flag} cannot be used with --descriptor_set_in.").into());
                }
            }
            "--descriptor_set_in" => {
                if !self.descriptor_set_in.is_empty() {
                    return Err(once_as_list(flag, "descriptor sets"));
                }
                if value.is_empty() {
                    return Err(format!("{flag} requires a non-empty value.").into());
                }
                if self.dependency_out.is_some() {
                    return Err(format!("{flag} cannot be used with --dependency_out.").into());
                }
                self.descriptor_set_in = list(&value).map(str::to_owned).collect();
            }
            "--direct_dependencies" => {
                self.direct_dependencies
                    .take(flag, &value, "direct dependencies")?;
            }
            "--option_dependencies" => {
                self.option_dependencies
                    .take(flag, &value, "option dependencies")?;
            }
            "--direct_dependencies_violation_msg" => {
                self.direct_dependencies.violation = Some(value);
            }
            "--option_dependencies_violation_msg" => {
                self.option_dependencies.violation = Some(value);
            }
            _ => return self.take_output(flag, value, options),
        }
        Ok(())
    }

    /// `--encode`, `--decode` and `--decode_raw`, which are in place of compiling.
    fn take_codec(&mut self, flag: &str, value: String) -> Result<(), Failure> {
        if self.mode != Mode::Compile {
            return Err("Only one of --encode and --decode can be specified.".into());
        }
        self.check_no_output(flag)?;
        self.mode = match flag {
            "--encode" => Mode::Encode,
            "--decode" => Mode::Decode,
            _ => Mode::DecodeRaw,
        };
        match self.mode {
            Mode::DecodeRaw if !value.is_empty() => {
                return Err(format!("{flag} does not take a parameter.").into());
            }
            Mode::Encode if value.is_empty() => {
                return Err(format!("Type name for {flag} cannot be blank.").into());
            }
            Mode::Decode if value.is_empty() => {
                return Err(
                    format!("Type name for {flag} cannot be blank.\n{UNKNOWN_TYPE}").into(),
                );
            }
            _ => self.codec_type = value,
        }
        Ok(())
    }

    /// `--print_free_field_numbers`, which is in place of compiling.
    fn take_free_numbers(&mut self, flag: &str) -> Result<(), Failure> {
        if self.mode != Mode::Compile {
            return Err(format!(
                "Cannot use {flag} and use --encode, --decode or print other info at the same time."
            )
            .into());
        }
        self.check_no_output(flag)?;
        self.mode = Mode::FreeFieldNumbers;
        Ok(())
    }

    fn check_no_output(&self, flag: &str) -> Result<(), Failure> {
        if self.descriptor_set_out.is_some() || !self.directives.is_empty() {
            return Err(format!(
                "Cannot use {flag} and generate code or descriptors at the same time."
            )
            .into());
        }
        Ok(())
    }

    /// `--NAME_out` and `--NAME_opt`.
    fn take_output(
        &mut self,
        flag: &str,
        value: String,
        options: &mut Options,
    ) -> Result<(), Failure> {
        let name = flag.strip_prefix("--").unwrap_or_default();
        if let Some(name) = name.strip_suffix("_out") {
            if self.mode != Mode::Compile {
                return Err("Cannot use --encode, --decode or print .proto info and generate code at the same time.".into());
            }
            let (parameter, folder) = value.split_once(':').unwrap_or(("", &value));
            self.directives.push(Directive {
                name: name.to_owned(),
                parameter: parameter.to_owned(),
                folder: folder.to_owned(),
            });
        } else if let Some(name) = name.strip_suffix("_opt") {
            options.parameters.push((name.to_owned(), value));
        } else {
            return Err(format!("Unknown flag: {flag}").into());
        }
        Ok(())
    }

    fn finish(&mut self, options: &Options) -> Result<(), Failure> {
        for directive in &mut self.directives {
            let more = options.parameters.iter();
            let more = more.filter_map(|(name, value)| (*name == directive.name).then_some(value));
            let parameters: Vec<&str> = [&directive.parameter]
                .into_iter()
                .chain(more)
                .map(String::as_str)
                .filter(|parameter| !parameter.is_empty())
                .collect();
            directive.parameter = parameters.join(",");
        }
        let mut unknown: Vec<String> = Vec::new();
        for (name, _) in &options.parameters {
            let is_known = self.directives.iter().any(|known| known.name == *name)
                || self.plugins.contains_key(&format!("protoc-gen-{name}"));
            let text = format!("Unknown flag: --{name}_opt");
            if !is_known && !unknown.contains(&text) {
                unknown.push(text);
            }
        }
        if !unknown.is_empty() {
            return Err(unknown.join("\n").into());
        }
        if self.roots.is_empty() && self.descriptor_set_in.is_empty() {
            self.roots.push((String::new(), ".".to_owned()));
        }
        self.check_combinations(options)
    }

    fn check_combinations(&self, options: &Options) -> Result<(), Failure> {
        let has_output = self.descriptor_set_out.is_some() || !self.directives.is_empty();
        let has_set_in = !self.descriptor_set_in.is_empty();
        let mistake = match self.mode {
            Mode::DecodeRaw if !self.files.is_empty() || has_set_in => {
                "When using --decode_raw, no input files should be given."
            }
            Mode::FreeFieldNumbers | Mode::Encode | Mode::Decode
                if self.files.is_empty() && !has_set_in =>
            {
                "Missing input file."
            }
            Mode::Compile if self.files.is_empty() => "Missing input file.",
            Mode::Compile if !has_output => "Missing output directives.",
            mode if mode != Mode::Compile && self.dependency_out.is_some() => {
                "Can only use --dependency_out=FILE when generating code."
            }
            mode if options.is_deterministic && mode != Mode::Encode => {
                "Can only use --deterministic_output with --encode."
            }
            _ if self.dependency_out.is_some() && self.files.len() > 1 => {
                "Can only process one input file when using --dependency_out=FILE."
            }
            _ => return Ok(()),
        };
        Err(mistake.into())
    }

    /// What is odd and stops nothing.
    pub(super) fn warnings(&self) -> String {
        let flags = [
            (self.include_imports, "--include_imports"),
            (self.include_source_info, "--include_source_info"),
            (self.retain_options, "--retain_options"),
        ];
        let vain = flags
            .into_iter()
            .filter(|(is_set, _)| *is_set && self.descriptor_set_out.is_none());
        vain.map(|(_, flag)| {
            format!("{flag} only makes sense when combined with --descriptor_set_out.\n")
        })
        .collect()
    }
}

/// What only the check at the end needs.
#[derive(Default)]
struct Options {
    /// `--NAME_opt`: NAME and the value.
    parameters: Vec<(String, String)>,
    is_deterministic: bool,
}

impl Allowed {
    fn take(&mut self, flag: &str, value: &str, what: &str) -> Result<(), Failure> {
        if self.files.is_some() {
            return Err(once_as_list(flag, what));
        }
        let files = value.split(':').filter(|file| !file.is_empty());
        self.files = Some(files.map(str::to_owned).collect());
        Ok(())
    }
}

const EMPTY_ARGUMENT: &str = "You seem to have passed an empty string as one of the arguments to protoc.  This is actually sort of hard to do.  Congrats.  Unfortunately it is not valid input so the program is going to die now.";

const UNKNOWN_TYPE: &str = "To decode an unknown message, use --decode_raw.";

fn missing_value(flag: &str) -> Failure {
    let advice = match flag {
        "--decode" => format!("\n{UNKNOWN_TYPE}"),
        _ => String::new(),
    };
    Failure(format!("Missing value for flag: {flag}{advice}"))
}

fn once_as_list(flag: &str, what: &str) -> Failure {
    Failure(format!(
        "{flag} may only be passed once. To specify multiple {what}, pass them all as a single parameter separated by \
         '{LIST_SEPARATOR}'."
    ))
}

/// The parts of a list; empty ones do not count.
fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(LIST_SEPARATOR).filter(|part| !part.is_empty())
}

fn set(switch: &mut bool, flag: &str) -> Result<(), Failure> {
    if *switch {
        return Err(format!("{flag} may only be passed once.").into());
    }
    *switch = true;
    Ok(())
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
                // A carriage return belongs to the argument, as protoc has it.
                let lines = text.split_terminator('\n');
                expanded.extend(lines.map(str::to_owned));
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

/// `VIRTUAL=DISK`, or a path; which may have a `=` in it when there is such a folder.
fn root(path: &str) -> Result<(String, String), Failure> {
    let (prefix, disk) = path.split_once('=').unwrap_or(("", path));
    if disk.is_empty() {
        return Err(
            "--proto_path passed empty directory name.  (Use \".\" for current directory.)".into(),
        );
    }
    if !Path::new(disk).exists() && Path::new(path).exists() {
        return Ok((String::new(), path.to_owned()));
    }
    Ok((prefix.to_owned(), disk.to_owned()))
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
