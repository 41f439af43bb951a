//! Streams: server CPU per message, messages per second.
//!
//! Server and client streams are loaded by `h2load`, ping-pongs by the bare client: never by the server's own client.

use crate::load::{H2load, client};
use crate::process::{Cores, Implementation, Server};
use crate::request::Body;
use crate::table::Table;
use crate::{Error, Setup};

/// About this many bytes of payload make one call.
const CALL_BYTES: usize = 16 * 1024 * 1024;

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let columns = setup.those(|&implementation| implementation != Implementation::Pajamax);
    let mut cpu = Table::new("server CPU, us/message", &columns);
    let mut rate = Table::new("messages/s", &columns);
    for payload in [100, 65_536] {
        let messages = CALL_BYTES / payload;
        let asks = Body::write(u32::try_from(messages)?, payload, 1)?;
        let sends = Body::write(1, payload, messages)?;
        for (method, body) in [("ServerStream", &asks), ("ClientStream", &sends)] {
            let name = format!("{method}, {payload} B");
            if !setup.wants(&name) {
                continue;
            }
            eprintln!("{name}");
            let mut servers = Vec::new();
            for &implementation in &columns {
                let server = Server::start(&setup.programs, implementation, Cores::First, 1)?;
                let load = H2load {
                    address: server.address,
                    method,
                    body,
                    connections: 1,
                    streams: 1,
                    cores: Cores::Second,
                };
                if let Some(calls) = load.calls_in(setup.seconds)? {
                    servers.push((implementation, server, load, calls));
                }
            }
            for _ in 0..setup.rounds {
                for (implementation, server, load, calls) in &servers {
                    let before = server.cpu()?;
                    let Some(calls_per_second) = load.run(*calls)? else {
                        continue;
                    };
                    let micros = (server.cpu()? - before).as_secs_f64() * 1e6;
                    let all = (calls * messages) as f64;
                    cpu.add(&name, *implementation, micros / all);
                    rate.add(&name, *implementation, calls_per_second * messages as f64);
                }
            }
        }
    }
    for cell in PING_PONGS {
        ping_pongs(setup, &columns, &cell, &mut cpu, &mut rate)?;
    }
    println!("{}\n{}", cpu.markdown(), rate.markdown());
    Ok(())
}

/// Ping-pongs side by side.
struct PingPongs {
    name: &'static str,
    connections: usize,
    /// On each connection.
    streams: usize,
    /// Of the server. One has a core of its own; two share both cores with the load.
    workers: usize,
}

const PING_PONGS: [PingPongs; 3] = [
    PingPongs {
        name: "100 ping-pongs, 100 B",
        connections: 1,
        streams: 100,
        workers: 1,
    },
    PingPongs {
        name: "100 ping-pongs, 100 B, 2 workers",
        connections: 1,
        streams: 100,
        workers: 2,
    },
    PingPongs {
        name: "10 x 10 ping-pongs, 100 B, 2 workers",
        connections: 10,
        streams: 10,
        workers: 2,
    },
];

fn ping_pongs(
    setup: &Setup,
    columns: &[Implementation],
    cell: &PingPongs,
    cpu: &mut Table,
    rate: &mut Table,
) -> Result<(), Error> {
    if !setup.wants(cell.name) {
        return Ok(());
    }
    eprintln!("{}", cell.name);
    let (own, load) = match cell.workers {
        1 => (Cores::First, Cores::Second),
        _ => (Cores::Both, Cores::Both),
    };
    let mut servers = Vec::new();
    for &implementation in columns {
        let server = Server::start(&setup.programs, implementation, own, cell.workers)?;
        servers.push((implementation, server));
    }
    let arguments = [
        "--impl=h2".to_owned(),
        "--mode=bidi".to_owned(),
        format!("--connections={}", cell.connections),
        format!("--concurrency={}", cell.streams),
        format!("--seconds={}", setup.seconds),
    ];
    for _ in 0..setup.rounds {
        for (implementation, server) in &servers {
            let before = server.cpu()?;
            let figures = client(&setup.programs, load, server.address, &arguments)?;
            let micros = (server.cpu()? - before).as_secs_f64() * 1e6;
            cpu.add(cell.name, *implementation, micros / figures.get("count")?);
            rate.add(cell.name, *implementation, figures.get("per_second")?);
        }
    }
    Ok(())
}
