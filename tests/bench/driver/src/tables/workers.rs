//! Unary calls with one and with two worker threads: what the second one costs per call.
//!
//! Never pins: with two cores in all, server and load share both.

use super::unary::Measured;
use crate::load::H2load;
use crate::process::{Cores, Implementation, Server};
use crate::request::Body;
use crate::table::Table;
use crate::{Error, Setup};

/// Connections and streams on each.
const CELLS: [(usize, usize); 3] = [(1, 100), (10, 1), (10, 10)];

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let columns = setup.those(|&implementation| implementation != Implementation::Pajamax);
    let body = Body::write(1, 100, 1)?;
    let mut cpu = Table::new("server CPU, us/call", &columns);
    for (connections, streams) in CELLS {
        let name = |threads| format!("{connections} x {streams}, 100 B, {threads} workers");
        if !setup.wants(&name(2)) {
            continue;
        }
        eprintln!("{}", name(2));
        let mut servers = Vec::new();
        for &implementation in &columns {
            for threads in [1, 2] {
                let server = Server::start(&setup.programs, implementation, Cores::Both, threads)?;
                let load = H2load {
                    address: server.address,
                    method: "Unary",
                    body: &body,
                    connections,
                    streams,
                    cores: Cores::Both,
                };
                let calls = load.calls_in(setup.seconds)?.ok_or("calls fail")?;
                let measured = Measured {
                    implementation,
                    server,
                    load,
                    calls,
                };
                servers.push((threads, measured));
            }
        }
        for _ in 0..setup.rounds {
            for (threads, measured) in &servers {
                let turn = measured.turn()?.ok_or("calls fail")?;
                cpu.add(&name(*threads), measured.implementation, turn.cpu_micros);
            }
        }
    }
    println!("{}", cpu.markdown());
    Ok(())
}
