//! Servers as processes: started on given cores, looked at from outside, ended with the value.
//!
//! Never sends them a request.

use crate::Error;
use clap::ValueEnum;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A column of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Implementation {
    Ironwire,
    IronwireRaw,
    H2,
    Tonic,
    Connectrpc,
    Pajamax,
}

impl Implementation {
    /// The arguments that choose it.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Implementation::Ironwire => &["--impl", "ironwire", "--codec", "own"],
            Implementation::IronwireRaw => &["--impl", "ironwire", "--codec", "raw"],
            Implementation::H2 => &["--impl", "h2"],
            Implementation::Tonic => &["--impl", "tonic"],
            Implementation::Connectrpc => &["--impl", "connectrpc"],
            Implementation::Pajamax => &["--impl", "pajamax"],
        }
    }

    /// Whether it is this project, whose ratios are asked for.
    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Implementation::Ironwire | Implementation::IronwireRaw)
    }
}

impl fmt::Display for Implementation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Implementation::Ironwire => "ironwire",
            Implementation::IronwireRaw => "ironwire raw",
            Implementation::H2 => "bare h2",
            Implementation::Tonic => "tonic",
            Implementation::Connectrpc => "connectrpc",
            Implementation::Pajamax => "pajamax",
        })
    }
}

/// The cores that a process may use, as `taskset` takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cores {
    /// Where servers run.
    First,
    /// Where loads run, apart from the servers.
    Second,
    /// Wherever there is room.
    Both,
}

impl Cores {
    /// A command that is confined to them.
    pub(crate) fn command(self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("taskset");
        command.arg("--cpu-list").arg(match self {
            Cores::First => "0",
            Cores::Second => "1",
            Cores::Both => "0,1",
        });
        command.arg(program.as_ref());
        command
    }
}

/// A running server. Dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts `rpc-server` and waits until it listens.
    pub(crate) fn start(
        programs: &Path,
        implementation: Implementation,
        cores: Cores,
        threads: usize,
    ) -> Result<Server, Error> {
        let mut command = cores.command(programs.join("rpc-server"));
        command.args(["--threads", &threads.to_string()]);
        Server::spawn(command, implementation)
    }

    /// Starts `rpc-server` on any core, with one thread, where it listens on this address.
    pub(crate) fn start_on(
        address: IpAddr,
        programs: &Path,
        implementation: Implementation,
    ) -> Result<Server, Error> {
        let command = Cores::Both.command(programs.join("rpc-server"));
        Server::spawn_on(address, command, implementation)
    }

    /// Starts a command that ends in `rpc-server`.
    pub(crate) fn spawn(command: Command, implementation: Implementation) -> Result<Server, Error> {
        Server::spawn_on(Ipv4Addr::LOCALHOST.into(), command, implementation)
    }

    fn spawn_on(
        address: IpAddr,
        mut command: Command,
        implementation: Implementation,
    ) -> Result<Server, Error> {
        command.args(implementation.arguments());
        command.args(["--addr", &SocketAddr::new(address, 0).to_string()]);
        let (child, line) = start(command)?;
        let address = line.trim().strip_prefix("listening on ");
        let address = address.ok_or_else(|| format!("the server says {line:?}"))?;
        let address = address.parse()?;
        Ok(Server { child, address })
    }

    /// The CPU time that it has used: the exact sum over its threads, or, where threads have ended, what the kernel says
    /// in hundredths of a second.
    pub(crate) fn cpu(&self) -> Result<Duration, Error> {
        const TICK: Duration = Duration::from_millis(10);
        let process = format!("/proc/{}", self.child.id());
        let mut threads = Duration::ZERO;
        for thread in fs::read_dir(format!("{process}/task"))? {
            // A thread may end while it is looked at.
            let Ok(schedstat) = fs::read_to_string(thread?.path().join("schedstat")) else {
                continue;
            };
            let nanos = schedstat.split(' ').next().unwrap_or_default().parse()?;
            threads += Duration::from_nanos(nanos);
        }
        let stat = fs::read_to_string(format!("{process}/stat"))?;
        // The name before the last parenthesis may hold spaces; utime and stime are fields 14 and 15.
        let fields = stat.rsplit_once(") ").ok_or("stat has a name")?.1;
        let ticks = fields.split(' ').skip(11).take(2);
        let ticks: u32 = ticks.map(str::parse::<u32>).sum::<Result<_, _>>()?;
        Ok(threads.max(TICK * ticks))
    }

    /// Its private resident memory in bytes, without the pages of its program.
    pub(crate) fn memory(&self) -> Result<u64, Error> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.ok_or("no RssAnon")?.trim().trim_end_matches(" kB");
        Ok(kilobytes.parse::<u64>()? * 1024)
    }

    /// Ends it as a terminal would, which lets valgrind write what it has counted.
    pub(crate) fn terminate(mut self) -> Result<(), Error> {
        Command::new("kill")
            .arg(self.child.id().to_string())
            .status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A running `bench-line`. Dropped, it is killed.
pub(crate) struct Line {
    child: Child,
}

impl Line {
    /// Starts one that carries so much, and waits until it is up.
    pub(crate) fn start(programs: &Path, mbit: u32) -> Result<Line, Error> {
        let mut command = Command::new(programs.join("bench-line"));
        command.args(["--mbit", &mbit.to_string()]);
        let (child, line) = start(command)?;
        if line.is_empty() {
            return Err("bench-line has said why there is no line".into());
        }
        Ok(Line { child })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Starts a program and waits for its first line, by which it says that it is ready.
fn start(mut command: Command) -> Result<(Child, String), Error> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().ok_or("stdout was asked for")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((child, line))
}

fn end(child: &mut Child) {
    // It may have ended already, and then there is nothing to do.
    let _ = child.kill();
    let _ = child.wait();
}
