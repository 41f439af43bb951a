//! Instructions of decoding and encoding, counted by callgrind: they repeat to the third digit on a loaded machine. Never
//! includes making the data up: two runs of different length are subtracted.

use crate::Error;
use crate::peers::NAMES;
use crate::sets::Entry;
use crate::table::Table;
use std::process::Command;

pub(crate) fn run(entries: &[&Entry]) -> Result<(), Error> {
    let mut table = Table::new(NAMES);
    for entry in entries {
        for work in ["decode", "encode"] {
            eprintln!("{}, {work}", entry.name);
            let mut samples = Vec::new();
            for peer in NAMES {
                let short = counted(entry.name, peer, work, 1)?;
                let long = counted(entry.name, peer, work, 4)?;
                samples.push(vec![(long - short) / 3e3]);
            }
            table.add(format!("{}, {work}", entry.name), samples);
        }
    }
    println!("{}", table.markdown("thousands of instructions"));
    Ok(())
}

/// All instructions of this program when it repeats one peer's work.
fn counted(set: &str, peer: &str, work: &str, times: u32) -> Result<f64, Error> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["repeat", set, peer, work, &times.to_string()])
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, figure)) if output.status.success() => Ok(figure.trim().parse()?),
        _ => Err(format!("valgrind: {}\n{text}", output.status).into()),
    }
}
