//! The load: connections, calls side by side on each, latencies, and what this process paid.
//!
//! Never knows which implementation it drives.

use crate::client::{Caller, End, Latencies};
use crate::{Error, usage};
use bytes::Bytes;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// Calls one after the other.
    Unary,
    /// Calls with many responses; responses are counted.
    ServerStream,
    /// Calls with many requests; requests are counted.
    ClientStream,
    /// Ping-pongs on one call; round trips are counted.
    Bidi,
}

/// A load.
#[derive(Clone, Debug)]
pub struct Load {
    /// Where to.
    pub address: SocketAddr,
    /// What is called.
    pub mode: Mode,
    /// Calls side by side on each connection.
    pub concurrency: usize,
    /// Connections.
    pub connections: usize,
    /// The size of the payload, in bytes.
    pub payload: usize,
    /// How long.
    pub length: Length,
    /// Messages per call of a server or client stream; by default about 64 MiB worth of them, at most 100,000.
    pub messages: Option<i32>,
    /// Unary calls per second over all connections; by default as many as there can be.
    pub rate: Option<f64>,
}

/// How long a load lasts.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// So long.
    Time(Duration),
    /// Until each of the calls side by side has done so many: calls, messages or round trips.
    Count(u64),
}

/// What came of a load.
pub struct Outcome {
    /// Calls, messages or round trips.
    pub count: u64,
    /// The wall time that they took.
    pub time: Duration,
    /// The CPU time of this process.
    pub cpu: Duration,
    /// Of unary calls and round trips; empty for the other streams.
    pub latencies: Latencies,
}

impl Load {
    /// Runs it.
    ///
    /// # Errors
    /// The first error of any call.
    pub async fn run<C: Caller>(self) -> Result<Outcome, Error> {
        let mut callers = Vec::new();
        for _ in 0..self.connections {
            callers.push(C::connect(self.address).await?);
        }
        self.run_on(callers).await
    }

    /// Runs it on connections that are there, one for each of `connections`.
    ///
    /// # Errors
    /// The first error of any call.
    pub async fn run_on<C: Caller>(self, callers: Vec<C>) -> Result<Outcome, Error> {
        let start = Instant::now();
        let cpu = usage::cpu_time();
        let mut workers = tokio::task::JoinSet::new();
        let all = self.connections * self.concurrency;
        for number in 0..all {
            let caller = callers[number % self.connections].clone();
            workers.spawn(self.clone().work(caller, start, number as f64 / all as f64));
        }
        let mut count = 0;
        let mut latencies = histogram();
        while let Some(worked) = workers.join_next().await {
            let (worked, own) = worked??;
            count += worked;
            latencies.add(own)?;
        }
        Ok(Outcome {
            count,
            time: start.elapsed(),
            cpu: usage::cpu_time() - cpu,
            latencies,
        })
    }

    /// One of the calls that run side by side; `phase` in 0..1 spreads them where the rate is fixed.
    async fn work<C: Caller>(
        self,
        caller: C,
        start: Instant,
        phase: f64,
    ) -> Result<(u64, Latencies), Error> {
        let payload = Bytes::from(vec![b'x'; self.payload]);
        let end = match self.length {
            Length::Time(time) => End::At(start + time),
            Length::Count(count) => End::After(count),
        };
        let mut latencies = histogram();
        let mut count = 0;
        match self.mode {
            Mode::Unary => {
                let pause = self.rate.map(|rate| {
                    let workers = (self.connections * self.concurrency) as f64;
                    Duration::from_secs_f64(workers / rate)
                });
                let mut next = start + pause.unwrap_or_default().mul_f64(phase);
                while !end.is_reached(count) {
                    if let Some(pause) = pause {
                        tokio::time::sleep_until(next.into()).await;
                        next += pause;
                    }
                    let begun = Instant::now();
                    caller.unary(payload.clone()).await?;
                    let nanos = u64::try_from(begun.elapsed().as_nanos())?;
                    latencies.saturating_record(nanos);
                    count += 1;
                }
            }
            Mode::ServerStream => {
                while !end.is_reached(count) {
                    let messages = self.messages();
                    count += caller.server_stream(payload.clone(), messages).await?;
                }
            }
            Mode::ClientStream => {
                while !end.is_reached(count) {
                    let messages = self.messages();
                    count += caller.client_stream(payload.clone(), messages).await?;
                }
            }
            Mode::Bidi => count = caller.ping_pong(payload, end, &mut latencies).await?,
        }
        Ok((count, latencies))
    }

    fn messages(&self) -> i32 {
        const CALL_BYTES: usize = 64 * 1024 * 1024;
        let default = (CALL_BYTES / self.payload.max(1)).clamp(1, 100_000);
        self.messages
            .unwrap_or_else(|| i32::try_from(default).expect("it is at most 100,000"))
    }
}

/// From 1 ns to a minute, to three digits.
fn histogram() -> Latencies {
    const MINUTE_NANOS: u64 = 60_000_000_000;
    Latencies::new_with_bounds(1, MINUTE_NANOS, 3).expect("the bounds are valid")
}

/// One line of `name=value` pairs, which the driver reads.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count as f64;
        let seconds = self.time.as_secs_f64();
        let cpu_micros = self.cpu.as_secs_f64() * 1e6;
        let micros = |quantile| self.latencies.value_at_quantile(quantile) as f64 / 1e3;
        write!(
            f,
            "count={} seconds={seconds:.3} per_second={:.0} client_cpu_us={:.3} p50_us={:.1} p99_us={:.1} p999_us={:.1}",
            self.count,
            count / seconds,
            cpu_micros / count,
            micros(0.5),
            micros(0.99),
            micros(0.999),
        )
    }
}
