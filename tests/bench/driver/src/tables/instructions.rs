//! Instructions per unary call in a server, counted by callgrind: they repeat to the fourth digit on any machine.
//!
//! Never includes a server's start: two runs of different length are subtracted.

use crate::load::H2load;
use crate::process::{Cores, Implementation, Server};
use crate::request::Body;
use crate::table::Table;
use crate::{Error, Setup};
use std::fs;

/// Streams of the one connection, payload, and calls in the longer run.
const CELLS: [(usize, usize, usize); 3] = [(1, 0, 4_000), (100, 100, 12_000), (10, 10_240, 4_000)];

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let mut table = Table::new("instructions per call, server", &setup.implementations);
    for (streams, payload, calls) in CELLS {
        let name = format!("1 x {streams}, {payload} B");
        if !setup.wants(&name) {
            continue;
        }
        let body = Body::write(1, payload, 1)?;
        for &implementation in &setup.implementations {
            eprintln!("{name}: {implementation}");
            let short = counted(setup, implementation, &body, streams, calls / 4)?;
            let long = counted(setup, implementation, &body, streams, calls)?;
            if let (Some(short), Some(long)) = (short, long) {
                let per_call = (long - short) / (calls - calls / 4) as f64;
                table.add(&name, implementation, per_call);
            }
        }
    }
    println!("{}", table.markdown());
    Ok(())
}

/// All instructions of a server that has answered this many calls; `None` when calls failed.
fn counted(
    setup: &Setup,
    implementation: Implementation,
    body: &Body,
    streams: usize,
    calls: usize,
) -> Result<Option<f64>, Error> {
    let profile = std::env::temp_dir().join(format!("ironwire-bench-{}", std::process::id()));
    let mut command = Cores::First.command("valgrind");
    command
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(setup.programs.join("rpc-server"))
        .arg("--slowed");
    let server = Server::spawn(command, implementation)?;
    let load = H2load {
        address: server.address,
        method: "Unary",
        body,
        connections: 1,
        streams,
        cores: Cores::Second,
    };
    let is_whole = load.run(calls)?.is_some();
    server.terminate()?;
    let text = fs::read_to_string(&profile)?;
    fs::remove_file(&profile)?;
    // One part per thread; "totals" is the sum of a part.
    let totals = text
        .lines()
        .filter_map(|line| line.strip_prefix("totals: "));
    let mut instructions = 0.0;
    for total in totals {
        instructions += total.trim().parse::<f64>()?;
    }
    Ok(is_whole.then_some(instructions))
}
