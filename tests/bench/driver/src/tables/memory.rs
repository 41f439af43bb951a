//! What an idle connection and an open call cost a server in resident memory.
//!
//! Never sends a message.

use crate::process::{Cores, Implementation, Server};
use crate::table::Table;
use crate::{Error, Setup};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

/// What is held: connections, and calls on each.
const HELD: [(&str, usize, usize); 2] = [
    ("idle connection (1,000)", 1000, 0),
    // Below every default limit of streams; the connections' own share is subtracted.
    ("open bidirectional call (10,000)", 100, 100),
];

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let columns = setup.those(|&implementation| implementation != Implementation::Pajamax);
    let mut table = Table::new("server memory, bytes", &columns);
    for &implementation in &columns {
        for _ in 0..setup.rounds {
            let mut connection_bytes = 0.0;
            for (name, connections, streams) in HELD {
                let held = held(setup, implementation, connections, streams)?;
                if streams == 0 {
                    connection_bytes = held / connections as f64;
                    table.add(name, implementation, connection_bytes);
                } else {
                    let calls = held - connection_bytes * connections as f64;
                    table.add(name, implementation, calls / (connections * streams) as f64);
                }
            }
        }
    }
    println!("{}", table.markdown());
    Ok(())
}

/// By how much the server has grown once everything is open.
fn held(
    setup: &Setup,
    implementation: Implementation,
    connections: usize,
    streams: usize,
) -> Result<f64, Error> {
    let server = Server::start(&setup.programs, implementation, Cores::First, 1)?;
    let before = server.memory()?;
    let mut holder = Cores::Second
        .command(setup.programs.join("rpc-hold"))
        .args(["--addr", &server.address.to_string()])
        .args(["--connections", &connections.to_string()])
        .args(["--streams", &streams.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = holder.stdout.take().ok_or("stdout was asked for")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    if line.trim() != "holding" {
        return Err(format!("rpc-hold says {line:?}").into());
    }
    // The last acknowledgements are still on their way.
    std::thread::sleep(Duration::from_millis(300));
    let grown = server.memory()?.saturating_sub(before);
    drop(holder.stdin.take());
    holder.wait()?;
    Ok(grown as f64)
}
