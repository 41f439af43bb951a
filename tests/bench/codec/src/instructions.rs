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
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["repeat", set, peer, work, &times.to_string()]);
    Ok(bench_baseline::counted(&command)? as f64)
}
