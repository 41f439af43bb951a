//! How much of a long line is filled: payload that streams carry over it, beside a plain TCP connection in the same round.
//!
//! Never runs in the machine's own network: `bench-line` makes the line in a namespace that was made for it.

use crate::load::client;
use crate::process::{Cores, Implementation, Line, Server};
use crate::stats::median;
use crate::table::Table;
use crate::{Error, Setup};
use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Where servers listen, and where they are reached over the line.
const NEAR: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 9, 0, 1));
const FAR: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 9, 0, 2));

/// What the lines carry, in millions of bits a second; a round trip takes 50 ms. Of the widest, 6.25 MB are on their way.
const RATES: [u32; 3] = [100, 400, 1000];

/// The most that the system gives a connection for its buffers, which must not be what holds it up.
const BUFFER_BYTES_MAX: u32 = 32 * 1024 * 1024;

/// What is sent: one stream, as the client calls it.
const LOADS: [(&str, &str); 2] = [
    ("ServerStream", "server-stream"),
    ("ClientStream", "client-stream"),
];

const PAYLOAD_BYTES: u32 = 65_536;

pub(crate) fn run(setup: &Setup) -> Result<(), Error> {
    // Those that stream at both ends: what is tested is the window of who receives.
    let columns = setup.those(|implementation| {
        !matches!(implementation, Implementation::H2 | Implementation::Pajamax)
    });
    let mut table = Table::new("a line of 50 ms, percent of plain TCP", &columns);
    let mut plain = Vec::new();
    for rate in RATES {
        let name = format!("{rate} Mbit/s");
        if setup.wants(&name) {
            let rates = run_on(setup, rate, &columns, &mut table)?;
            plain.push(format!(
                "{name}: {:.1} MB/s",
                median(&rates).unwrap_or_default()
            ));
        }
    }
    println!("{}", table.markdown());
    println!("Plain TCP: {}.", plain.join(", "));
    Ok(())
}

/// Fills the table's rows for one line; gives what plain TCP has carried.
fn run_on(
    setup: &Setup,
    rate: u32,
    columns: &[Implementation],
    table: &mut Table,
) -> Result<Vec<f64>, Error> {
    let _line = Line::start(&setup.programs, rate)?;
    widen_buffers()?;
    let mut servers = Vec::new();
    for &implementation in columns {
        let server = Server::start_on(NEAR, &setup.programs, implementation)?;
        servers.push((implementation, server));
    }
    let mut plain = Vec::new();
    for (name, mode) in LOADS {
        eprintln!("{rate} Mbit/s, {name}");
        for _ in 0..setup.rounds {
            let tcp = megabytes_by_tcp(Duration::from_secs_f64(setup.seconds))?;
            plain.push(tcp);
            for (implementation, server) in &servers {
                let address = SocketAddr::new(FAR, server.address.port());
                let arguments = arguments(setup, *implementation, mode, rate);
                let figures = client(&setup.programs, Cores::Both, address, &arguments)?;
                let own = figures.get("per_second")? * f64::from(PAYLOAD_BYTES) / 1e6;
                let row = format!("{rate} Mbit/s, {name}");
                table.add(&row, *implementation, own / tcp * 100.0);
            }
        }
    }
    Ok(plain)
}

/// One call with as much as the line carries in a turn.
fn arguments(setup: &Setup, implementation: Implementation, mode: &str, mbit: u32) -> Vec<String> {
    let bytes = f64::from(mbit) * 1e6 / 8.0 * setup.seconds;
    let messages = (bytes / f64::from(PAYLOAD_BYTES)).ceil();
    let own = implementation.arguments().iter().map(ToString::to_string);
    let load = [
        format!("--mode={mode}"),
        format!("--payload={PAYLOAD_BYTES}"),
        format!("--messages={messages}"),
        "--count=1".to_owned(),
    ];
    own.chain(load).collect()
}

/// In this namespace only.
fn widen_buffers() -> Result<(), Error> {
    for name in ["tcp_rmem", "tcp_wmem"] {
        let path = format!("/proc/sys/net/ipv4/{name}");
        fs::write(&path, format!("4096 131072 {BUFFER_BYTES_MAX}"))
            .map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

/// What a connection with nothing on it but bytes carries.
fn megabytes_by_tcp(time: Duration) -> Result<f64, Error> {
    let listener = TcpListener::bind((NEAR, 0))?;
    let address = SocketAddr::new(FAR, listener.local_addr()?.port());
    let sender = thread::spawn(move || -> std::io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        let piece = vec![0; 64 * 1024];
        let end = Instant::now() + time;
        while Instant::now() < end {
            stream.write_all(&piece)?;
        }
        Ok(())
    });
    let (mut stream, _) = listener.accept()?;
    let start = Instant::now();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0_u64;
    loop {
        match stream.read(&mut buffer)? {
            0 => break,
            count => bytes += count as u64,
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    sender.join().map_err(|_| "the sender panicked")??;
    Ok(bytes as f64 / seconds / 1e6)
}
