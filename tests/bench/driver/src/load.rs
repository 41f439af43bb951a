//! Loads: `h2load` from outside, `rpc-client` where calls must be answered one by one.
//!
//! Never chooses cores or sizes.

use crate::Error;
use crate::process::Cores;
use crate::request::Body;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// A load by `h2load`.
pub(crate) struct H2load<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) method: &'static str,
    pub(crate) body: &'a Body,
    pub(crate) connections: usize,
    /// Calls side by side on each connection.
    pub(crate) streams: usize,
    pub(crate) cores: Cores,
}

impl H2load<'_> {
    /// Makes this many calls; gives calls per second, `None` when not all of them went well.
    pub(crate) fn run(&self, calls: usize) -> Result<Option<f64>, Error> {
        let mut command = self.cores.command("h2load");
        command
            .args(["--clients", &self.connections.to_string()])
            .args(["--max-concurrent-streams", &self.streams.to_string()])
            .args(["--requests", &calls.to_string()])
            .args(["--header", "content-type: application/grpc"])
            .args(["--header", "te: trailers"])
            .arg("--data")
            .arg(self.body.path())
            .arg(format!(
                "http://{}/bench.Bench/{}",
                self.address, self.method
            ));
        let output = output(command)?;
        let all = format!(" {calls} succeeded,");
        let is_whole = output.contains(&all);
        // "finished in 163.00ms, 122700.89 req/s, 17.09MB/s"
        let rate = output
            .lines()
            .find(|line| line.starts_with("finished in"))
            .and_then(|line| line.split(", ").nth(1)?.strip_suffix(" req/s"))
            .ok_or_else(|| format!("h2load says {output:?}"))?;
        let rate: f64 = rate.parse()?;
        Ok(is_whole.then_some(rate))
    }

    /// How many calls take about this long, found by short runs, which also warm the server up.
    pub(crate) fn calls_in(&self, seconds: f64) -> Result<Option<usize>, Error> {
        let least = self.connections * self.streams;
        let mut calls = least.max(20);
        loop {
            let Some(rate) = self.run(calls)? else {
                return Ok(None);
            };
            if calls as f64 / rate >= 0.3 {
                return Ok(Some(least.max((rate * seconds) as usize)));
            }
            calls *= 4;
        }
    }
}

/// Runs `rpc-client`; gives the figures of its line by name.
pub(crate) fn client(
    programs: &Path,
    cores: Cores,
    address: SocketAddr,
    arguments: &[String],
) -> Result<Figures, Error> {
    let mut command = cores.command(programs.join("rpc-client"));
    command
        .args(["--addr", &address.to_string()])
        .args(arguments);
    Ok(Figures(output(command)?))
}

/// A line of `name=value` pairs.
pub(crate) struct Figures(String);

impl Figures {
    pub(crate) fn get(&self, name: &str) -> Result<f64, Error> {
        let values = self
            .0
            .split_whitespace()
            .filter_map(|pair| pair.split_once('='));
        let value = values.into_iter().find(|(known, _)| *known == name);
        let (_, value) = value.ok_or_else(|| format!("no {name} in {:?}", self.0))?;
        Ok(value.parse()?)
    }
}

fn output(mut command: Command) -> Result<String, Error> {
    let output = command.output()?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?}: {}: {stderr}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
