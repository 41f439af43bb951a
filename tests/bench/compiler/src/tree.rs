//! A tree of made-up `.proto` files that import each other, such as a large organisation has: comments, options, nested
//! types, services. It never holds a word of anyone's schema.

mod body;
mod random;
mod text;

use crate::Error;
use body::Neighbour;
use random::Random;
use std::fs;
use std::path::Path;
use text::Text;

/// The list of all files, one a line, as `protoc @LIST` takes it.
pub(crate) const LIST: &str = "files.txt";
/// The list of one small file.
pub(crate) const SMALL_LIST: &str = "small.txt";

const SMALL: &str = "small/small.proto";
const OPTIONS: &str = "acme/api/options.proto";
/// Files of one folder share a package.
const FILES_PER_PACKAGE: usize = 12;

/// Writes `files` files below a directory, and the lists.
pub(crate) fn write(directory: &Path, files: usize, seed: u64) -> Result<(), Error> {
    let mut random = Random::new(seed);
    let mut list = vec![OPTIONS.to_owned()];
    put(directory, OPTIONS, include_str!("tree/options.proto"))?;
    put(directory, SMALL, include_str!("tree/small.proto"))?;
    let mut known: Vec<Neighbour> = Vec::with_capacity(files);
    let mut bytes = 0;
    for index in 1..files {
        let (path, text, neighbour) = file(index, &known, &mut random);
        bytes += text.len();
        put(directory, &path, &text)?;
        list.push(path);
        known.push(neighbour);
    }
    put(directory, LIST, &(list.join("\n") + "\n"))?;
    put(directory, SMALL_LIST, &format!("{SMALL}\n"))?;
    println!("{} files, {:.1} MB", list.len(), bytes as f64 / 1e6);
    Ok(())
}

fn put(directory: &Path, path: &str, text: &str) -> Result<(), Error> {
    let path = directory.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(())
}

/// The path, the text, and what later files may refer to.
fn file(index: usize, known: &[Neighbour], random: &mut Random) -> (String, String, Neighbour) {
    let number = index / FILES_PER_PACKAGE;
    let area = random::WORDS[number % random::WORDS.len()];
    let package = format!("acme.{area}.p{number}.v1");
    let path = format!("acme/{area}/p{number}/v1/part{index}.proto");
    let is_proto2 = random.one_in(8);
    let body = body::write(index, is_proto2, &neighbours(index, known, random), random);
    let mut text = Text::new();
    text.licence();
    text.line(if is_proto2 {
        "syntax = \"proto2\";"
    } else {
        "syntax = \"proto3\";"
    });
    text.blank();
    text.line(&format!("package {package};"));
    text.blank();
    for import in &body.imports {
        text.line(&format!("import \"{import}\";"));
    }
    text.blank();
    file_options(&mut text, area, number, index);
    let neighbour = Neighbour {
        path: path.clone(),
        package,
        messages: body.messages,
    };
    (path, text.finish() + &body.text, neighbour)
}

fn file_options(text: &mut Text, area: &str, number: usize, index: usize) {
    text.line(&format!(
        "option go_package = \"example.com/acme/{area}/p{number}/v1;{area}pb\";"
    ));
    text.line("option java_multiple_files = true;");
    text.line(&format!(
        "option java_outer_classname = \"Part{index}Proto\";"
    ));
    text.line(&format!(
        "option java_package = \"com.example.acme.{area}.p{number}.v1\";"
    ));
    text.line(&format!(
        "option php_namespace = \"Acme\\\\P{number}\\\\V1\";"
    ));
}

/// What a file may import: mostly files of the same package, some from anywhere.
fn neighbours<'a>(index: usize, known: &'a [Neighbour], random: &mut Random) -> Vec<&'a Neighbour> {
    if known.is_empty() {
        return Vec::new();
    }
    let near = known.len().saturating_sub(index % FILES_PER_PACKAGE);
    let mut chosen: Vec<usize> = (0..random.below(5))
        .map(|_| match known.len() - near {
            siblings if siblings > 0 && !random.one_in(3) => near + random.below(siblings),
            _ => random.below(known.len()),
        })
        .collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
        .into_iter()
        .map(|position| &known[position])
        .collect()
}
