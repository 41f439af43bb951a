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
    ping_pongs(setup, &columns, &mut cpu, &mut rate)?;
    println!("{}\n{}", cpu.markdown(), rate.markdown());
    Ok(())
}

fn ping_pongs(
    setup: &Setup,
    columns: &[Implementation],
    cpu: &mut Table,
    rate: &mut Table,
) -> Result<(), Error> {
    const NAME: &str = "100 ping-pongs, 100 B";
    if !setup.wants(NAME) {
        return Ok(());
    }
    eprintln!("{NAME}");
    let mut servers = Vec::new();
    for &implementation in columns {
        let server = Server::start(&setup.programs, implementation, Cores::First, 1)?;
        servers.push((implementation, server));
    }
    let seconds = setup.seconds.to_string();
    let arguments = [
        "--impl",
        "h2",
        "--mode",
        "bidi",
        "--concurrency",
        "100",
        "--seconds",
        &seconds,
    ];
    let arguments = arguments.map(str::to_owned);
    for _ in 0..setup.rounds {
        for (implementation, server) in &servers {
            let before = server.cpu()?;
            let figures = client(&setup.programs, Cores::Second, server.address, &arguments)?;
            let micros = (server.cpu()? - before).as_secs_f64() * 1e6;
            cpu.add(NAME, *implementation, micros / figures.get("count")?);
            rate.add(NAME, *implementation, figures.get("per_second")?);
        }
    }
    Ok(())
}
