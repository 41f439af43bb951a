//! The program: adds to a book, or lists it.
//!
//! Never decides what a person needs: that is the message's.

use addressbook::BookError;
use addressbook::tutorial::Person;
use addressbook::tutorial::person::{PhoneNumber, PhoneType};
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Keeps people in a file.
#[derive(Parser)]
struct CommandLine {
    /// The file; `add` begins it when there is none.
    file: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Adds a person.
    Add(NewPerson),
    /// Prints everyone.
    List,
}

#[derive(Args)]
struct NewPerson {
    /// The name, which every person needs.
    #[arg(long)]
    name: String,
    /// The number, which every person needs.
    #[arg(long)]
    id: i32,
    #[arg(long)]
    email: Option<String>,
    /// A phone, as in 555-0100 or 555-0100:work; any number of times.
    #[arg(long, value_name = "NUMBER[:mobile|home|work]", value_parser = phone)]
    phone: Vec<PhoneNumber>,
}

fn main() -> ExitCode {
    let CommandLine { file, command } = CommandLine::parse();
    let done = match command {
        Command::Add(person) => addressbook::add(&file, &person.into()),
        Command::List => list(&file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("addressbook: {error}");
            ExitCode::FAILURE
        }
    }
}

fn list(file: &Path) -> Result<(), BookError> {
    print!("{}", addressbook::describe(&addressbook::read(file)?));
    Ok(())
}

impl From<NewPerson> for Person {
    fn from(new: NewPerson) -> Self {
        Person {
            name: new.name,
            id: new.id,
            email: new.email,
            phone: new.phone,
            ..Default::default()
        }
    }
}

fn phone(text: &str) -> Result<PhoneNumber, String> {
    let (number, kind) = match text.split_once(':') {
        None => (text, None),
        Some((number, "mobile")) => (number, Some(PhoneType::Mobile)),
        Some((number, "home")) => (number, Some(PhoneType::Home)),
        Some((number, "work")) => (number, Some(PhoneType::Work)),
        Some((_, other)) => return Err(format!("{other:?} is not mobile, home or work")),
    };
    Ok(PhoneNumber {
        number: number.to_owned(),
        r#type: kind,
        ..Default::default()
    })
}
