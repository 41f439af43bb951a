//! Clients: their CPU per unary call, calls per second, all against the bare server.
//!
//! Never measures the server.

use crate::load::client;
use crate::process::{Cores, Implementation, Server};
use crate::table::Table;
use crate::{Error, Setup};

/// Calls side by side, payload, and whether both sides share a core.
const CELLS: [(usize, usize, bool); 4] = [
    (1, 0, true),
    (1, 100, false),
    (100, 100, false),
    (10, 10_240, false),
];

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let columns = setup.those(|&implementation| implementation != Implementation::Pajamax);
    let mut cpu = Table::new("client CPU, us/call", &columns);
    let mut rate = Table::new("calls/s", &columns);
    for (streams, payload, is_shared) in CELLS {
        let place = if is_shared { ", one core" } else { "" };
        let name = format!("1 x {streams}, {payload} B{place}");
        if !setup.wants(&name) {
            continue;
        }
        eprintln!("{name}");
        let server = Server::start(&setup.programs, Implementation::H2, Cores::First, 1)?;
        let cores = if is_shared {
            Cores::First
        } else {
            Cores::Second
        };
        for _ in 0..setup.rounds {
            for &implementation in &columns {
                let mut arguments: Vec<String> = implementation
                    .arguments()
                    .iter()
                    .map(|&text| text.to_owned())
                    .collect();
                arguments.extend([
                    format!("--concurrency={streams}"),
                    format!("--payload={payload}"),
                    format!("--seconds={}", setup.seconds),
                ]);
                let figures = client(&setup.programs, cores, server.address, &arguments)?;
                cpu.add(&name, implementation, figures.get("client_cpu_us")?);
                rate.add(&name, implementation, figures.get("per_second")?);
            }
        }
    }
    println!("{}\n{}", cpu.markdown(), rate.markdown());
    Ok(())
}
