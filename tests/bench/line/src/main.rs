//! A long line in one network namespace: a TUN device whose packets come back to it, with source and destination exchanged,
//! after they have travelled.
//!
//! A server that listens on 10.9.0.1 is reached as 10.9.0.2, and sees its clients there. Exchanging two addresses leaves all
//! checksums as they are. Never looks at what packets carry.

use clap::Parser;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use tun_rs::{DeviceBuilder, SyncDevice};

/// Where servers listen. Clients call the next address.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 1);

const PACKET_BYTES_MAX: usize = 65_535;

#[derive(Parser)]
struct Options {
    /// How long a packet travels, in milliseconds: half of a round trip.
    #[arg(long, default_value_t = 25.0)]
    delay_ms: f64,
    /// How much the line carries, both ways together.
    #[arg(long, default_value_t = 1000.0)]
    mbit: f64,
    /// How long a packet may wait for those before it; others are lost.
    #[arg(long, default_value_t = 100.0)]
    queue_ms: f64,
    /// The largest packet.
    #[arg(long, default_value_t = 9000)]
    mtu: u16,
}

/// When packets arrive at the other end.
struct Line {
    delay: Duration,
    queue_max: Duration,
    seconds_per_byte: f64,
    /// When the last packet will have left.
    free: Instant,
}

impl Line {
    fn new(options: &Options) -> Line {
        Line {
            delay: Duration::from_secs_f64(options.delay_ms / 1e3),
            queue_max: Duration::from_secs_f64(options.queue_ms / 1e3),
            seconds_per_byte: 8.0 / (options.mbit * 1e6),
            free: Instant::now(),
        }
    }

    /// When a packet arrives that is sent now; `None` when it is lost.
    fn arrival(&mut self, now: Instant, bytes: usize) -> Option<Instant> {
        let begin = self.free.max(now);
        if begin - now > self.queue_max {
            return None;
        }
        self.free = begin + Duration::from_secs_f64(self.seconds_per_byte * bytes as f64);
        Some(self.free + self.delay)
    }
}

/// A packet on its way.
struct Travelling {
    packet: Vec<u8>,
    arrival: Instant,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    let device = DeviceBuilder::new()
        .name("line")
        .ipv4(ADDRESS, 24, None)
        .mtu(options.mtu)
        .build_sync()
        .map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("no TUN device: {error}. Run it in a network namespace of its own, as `unshare --map-root-user --net` makes one"),
            )
        })?;
    let device = Arc::new(device);
    let (sender, receiver) = channel();
    let far = Arc::clone(&device);
    thread::spawn(move || arrive(&far, &receiver));
    println!("the line is up");
    depart(&device, Line::new(&options), &sender)
}

/// Takes what is sent.
fn depart(device: &SyncDevice, mut line: Line, sender: &Sender<Travelling>) -> io::Result<()> {
    let mut buffer = vec![0; PACKET_BYTES_MAX];
    loop {
        let bytes = device.recv(&mut buffer)?;
        let mut packet = buffer[..bytes].to_vec();
        if !exchange_addresses(&mut packet) {
            continue;
        }
        if let Some(arrival) = line.arrival(Instant::now(), bytes) {
            let travelling = Travelling { packet, arrival };
            sender.send(travelling).map_err(io::Error::other)?;
        }
    }
}

/// Whether the packet is one of IPv4; others are lost.
fn exchange_addresses(packet: &mut [u8]) -> bool {
    let is_ipv4 = packet.len() >= 20 && packet[0] >> 4 == 4;
    if is_ipv4 {
        let (source, destination) = packet[12..20].split_at_mut(4);
        source.swap_with_slice(destination);
    }
    is_ipv4
}

/// Hands packets over as they arrive, which is in the order in which they left.
fn arrive(device: &SyncDevice, receiver: &Receiver<Travelling>) {
    for Travelling { packet, arrival } in receiver {
        thread::sleep(arrival.saturating_duration_since(Instant::now()));
        if let Err(error) = device.send(&packet) {
            eprintln!("a packet is lost: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_queue_up_to_a_limit_and_travel_for_as_long() {
        let options = Options::parse_from(["line", "--mbit=8", "--delay-ms=25", "--queue-ms=2"]);
        let mut line = Line::new(&options);
        let now = line.free;
        let millis = Duration::from_millis;
        let mut arrival = || line.arrival(now, 1000).map(|arrival| arrival - now);
        assert_eq!(arrival(), Some(millis(26)));
        assert_eq!(arrival(), Some(millis(27)));
        assert_eq!(arrival(), Some(millis(28)));
        assert_eq!(arrival(), None);
    }
}
