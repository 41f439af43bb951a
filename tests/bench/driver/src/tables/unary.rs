//! Unary calls under `h2load`: server CPU per call, calls per second.
//!
//! Never uses a client of any implementation, so that all servers have the same load.

use crate::load::H2load;
use crate::process::{Cores, Implementation, Server};
use crate::request::Body;
use crate::table::Table;
use crate::{Error, Setup};

/// Connections, streams on each, payload, and whether both sides share a core.
const CELLS: [(usize, usize, usize, bool); 10] = [
    (1, 1, 0, true),
    (1, 1, 100, false),
    (1, 10, 100, false),
    (1, 100, 100, false),
    (10, 1, 100, false),
    (10, 10, 100, false),
    (10, 100, 100, false),
    (1, 10, 10_240, false),
    (10, 10, 10_240, false),
    (10, 10, 1_048_576, false),
];

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let mut cpu = Table::new("server CPU, us/call", &setup.implementations);
    let mut rate = Table::new("calls/s", &setup.implementations);
    for (connections, streams, payload, is_shared) in CELLS {
        let place = if is_shared { ", one core" } else { "" };
        let name = format!("{connections} x {streams}, {payload} B{place}");
        if !setup.wants(&name) {
            continue;
        }
        eprintln!("{name}");
        let body = Body::write(1, payload, 1)?;
        let mut servers = Vec::new();
        for &implementation in &setup.implementations {
            let server = Server::start(&setup.programs, implementation, Cores::First, 1)?;
            let load = H2load {
                address: server.address,
                method: "Unary",
                body: &body,
                connections,
                streams,
                cores: if is_shared {
                    Cores::First
                } else {
                    Cores::Second
                },
            };
            servers.push(load.calls_in(setup.seconds)?.map(|calls| Measured {
                implementation,
                server,
                load,
                calls,
            }));
        }
        for _ in 0..setup.rounds {
            for measured in servers.iter().flatten() {
                let Some(turn) = measured.turn()? else {
                    continue;
                };
                cpu.add(&name, measured.implementation, turn.cpu_micros);
                rate.add(&name, measured.implementation, turn.calls_per_second);
            }
        }
    }
    println!("{}\n{}", cpu.markdown(), rate.markdown());
    Ok(())
}

/// A server with its load.
pub(crate) struct Measured<'a> {
    pub(crate) implementation: Implementation,
    pub(crate) server: Server,
    pub(crate) load: H2load<'a>,
    pub(crate) calls: usize,
}

/// What a turn has given.
pub(crate) struct Turn {
    pub(crate) cpu_micros: f64,
    pub(crate) calls_per_second: f64,
}

impl Measured<'_> {
    /// One turn; `None` when calls failed.
    pub(crate) fn turn(&self) -> Result<Option<Turn>, Error> {
        let before = self.server.cpu()?;
        let Some(calls_per_second) = self.load.run(self.calls)? else {
            return Ok(None);
        };
        let cpu = self.server.cpu()? - before;
        Ok(Some(Turn {
            cpu_micros: cpu.as_secs_f64() * 1e6 / self.calls as f64,
            calls_per_second,
        }))
    }
}
