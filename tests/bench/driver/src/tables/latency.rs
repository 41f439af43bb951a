//! Latency as the bare client sees it: calls one after the other, and many at half of what the slowest server can do.
//!
//! Never compares servers at different rates.

use crate::load::{Figures, client};
use crate::process::{Cores, Implementation, Server};
use crate::table::Table;
use crate::{Error, Setup};

const CONNECTIONS: usize = 10;
const STREAMS: usize = 10;

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    let columns = setup.those(|&implementation| implementation != Implementation::Pajamax);
    let mut table = Table::new("latency, us", &columns);
    let mut servers = Vec::new();
    for &implementation in &columns {
        let server = Server::start(&setup.programs, implementation, Cores::First, 1)?;
        servers.push((implementation, server));
    }
    let call = |server: &Server, arguments: &[String]| -> Result<Figures, Error> {
        let mut all = vec![
            "--impl=h2".to_owned(),
            format!("--seconds={}", setup.seconds),
        ];
        all.extend_from_slice(arguments);
        client(&setup.programs, Cores::Second, server.address, &all)
    };
    let many = [
        format!("--connections={CONNECTIONS}"),
        format!("--concurrency={STREAMS}"),
    ];
    let mut slowest = f64::INFINITY;
    for (_, server) in &servers {
        slowest = slowest.min(call(server, &many)?.get("per_second")?);
    }
    let half = slowest / 2.0;
    let mut rated = many.to_vec();
    rated.push(format!("--rate={half:.0}"));
    let loads: [(String, &[String]); 2] = [
        ("1 x 1".to_owned(), &[]),
        (format!("{CONNECTIONS} x {STREAMS} at {half:.0}/s"), &rated),
    ];
    for (name, arguments) in &loads {
        eprintln!("{name}");
        for _ in 0..setup.rounds {
            for (implementation, server) in &servers {
                let figures = call(server, arguments)?;
                note(&mut table, name, *implementation, &figures)?;
            }
        }
    }
    println!("{}", table.markdown());
    Ok(())
}

fn note(
    table: &mut Table,
    name: &str,
    implementation: Implementation,
    figures: &Figures,
) -> Result<(), Error> {
    for (label, figure) in [("p50", "p50_us"), ("p99", "p99_us"), ("p99.9", "p999_us")] {
        table.add(
            &format!("{name}, {label}"),
            implementation,
            figures.get(figure)?,
        );
    }
    Ok(())
}
