//! A guard against regressions that needs no quiet machine: instructions, counted by callgrind, beside those that a file in
//! the repository says.
//!
//! Never looks at a clock. A program's start does not count: two runs of different length are subtracted.

use clap::Parser;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{fs, io};

/// Whatever stops a measurement.
pub type Error = Box<dyn std::error::Error>;

/// More than hash seeds and the moments of timers move a count.
const TOLERANCE: f64 = 0.02;

/// Something whose instructions are counted.
pub struct Case {
    /// How the file calls it. No spaces.
    pub name: String,
    /// A short run and a long one, as how often each does the work.
    pub lengths: [u64; 2],
    /// The program with its arguments, for a run of this length.
    pub run: Box<dyn Fn(u64) -> Command>,
}

#[derive(Parser)]
struct Options {
    /// Only cases whose name contains this.
    #[arg(default_value = "")]
    only: String,
    /// Writes what is counted into the file.
    #[arg(long)]
    update: bool,
    /// What `cargo bench` says to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The `main` of a bench: counts each case, prints it beside the baseline in `file`, and fails when one has risen by more than
/// two percent or is not in the file.
pub fn main(file: &Path, cases: Vec<Case>) -> ExitCode {
    let options = Options::parse();
    match compare(file, cases, &options) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(risen) => {
            eprintln!(
                "{risen} above the baseline. If that is the price of something wanted: \
                 `cargo bench -- --update`, and say so in the commit."
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Gives how many cases are worse than the file says.
fn compare(file: &Path, cases: Vec<Case>, options: &Options) -> Result<usize, Error> {
    let mut baseline = read(file)?;
    let mut risen = 0;
    for case in cases
        .iter()
        .filter(|case| case.name.contains(&options.only))
    {
        let count = case.count()?;
        let known = baseline.insert(case.name.clone(), count);
        let verdict = match known.map(|known| count as f64 / known as f64 - 1.0) {
            None if options.update => "new".to_owned(),
            None => {
                risen += 1;
                "not in the baseline".to_owned()
            }
            Some(change) => {
                risen += usize::from(change > TOLERANCE && !options.update);
                format!("{:+.1} %", change * 100.0)
            }
        };
        println!("{:40} {count:>12} {verdict}", case.name);
    }
    if options.update {
        write(file, &baseline)?;
    }
    Ok(risen)
}

impl Case {
    /// The instructions of doing the work once.
    fn count(&self) -> Result<u64, Error> {
        let [short, long] = self.lengths;
        let [short_run, long_run] = self.lengths.map(|length| counted(&(self.run)(length)));
        let more = long_run?.checked_sub(short_run?);
        let more = more.ok_or_else(|| format!("{}: the long run took less", self.name))?;
        Ok(more / (long - short))
    }
}

/// The instructions of a whole run of a program, counted by callgrind.
///
/// # Errors
/// When there is no valgrind, or the program fails.
pub fn counted(command: &Command) -> Result<u64, Error> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .map_err(|error| format!("valgrind (Debian's package of that name): {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, figure)) if output.status.success() => Ok(figure.trim().parse()?),
        _ => Err(format!("{command:?}: {}\n{text}", output.status).into()),
    }
}

/// A line is a name, spaces, and a count; no file is no baseline.
fn read(file: &Path) -> Result<BTreeMap<String, u64>, Error> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), words.next()) {
                (Some(name), Some(count), None) => Ok((name.to_owned(), count.parse()?)),
                _ => Err(format!("{}: {line:?}", file.display()).into()),
            }
        })
        .collect()
}

fn write(file: &Path, baseline: &BTreeMap<String, u64>) -> Result<(), Error> {
    let mut text = "# Instructions; written by `cargo bench -- --update`.\n".to_owned();
    for (name, count) in baseline {
        writeln!(text, "{name:40} {count:>12}")?;
    }
    Ok(fs::write(file, text)?)
}
