//! The service, served by each implementation.
//!
//! Never measures: the driver reads the process from outside.

pub(crate) mod bare;
mod connectrpc;
pub(crate) mod ironwire;
pub(crate) mod tonic;

use crate::Error;
use crate::messages::{ironwire as own, raw};
use ::ironwire::Server;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Implementation {
    /// This project.
    Ironwire,
    /// The floor: nothing but gRPC framing on `h2`.
    H2,
    /// tonic 0.14 with prost messages.
    Tonic,
    /// connectrpc 0.9 with buffa messages.
    Connectrpc,
    /// pajamax 0.4 with prost messages: synchronous, HTTP/2 of its own, unary calls only, a thread per connection
    /// whatever `--threads` says.
    Pajamax,
}

/// The message library beneath Ironwire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum CodecChoice {
    /// What Ironwire generates.
    Own,
    /// Written by hand, the same code as the bare server's.
    Raw,
}

/// Whether time means what it means elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It does.
    True,
    /// The process runs under a tool that counts instructions, in which everything takes fifty times as long. What
    /// Ironwire does by time it is to do as if it did not.
    Slowed,
}

impl Clock {
    pub(crate) fn server(self) -> Server {
        match self {
            Clock::True => Server::new(),
            Clock::Slowed => Server::new().poll_budget(Duration::MAX),
        }
    }
}

/// Serves on the address until the process is ended.
///
/// # Errors
/// When the address cannot be bound, or the runtime cannot be made.
pub fn run(
    implementation: Implementation,
    codec: CodecChoice,
    address: SocketAddr,
    threads: usize,
    clock: Clock,
) -> Result<(), Error> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    println!("listening on {}", listener.local_addr()?);
    if implementation == Implementation::Pajamax {
        // pajamax binds by itself, so the address is given up and taken again.
        let address = listener.local_addr()?;
        drop(listener);
        return Ok(bench_pajamax::serve(address)?);
    }
    let runtime = crate::runtime(threads)?;
    // In a task, as the accept loops of applications are when they are not the main future.
    let served = runtime.spawn(async move {
        match (implementation, codec) {
            (Implementation::Ironwire, CodecChoice::Own) => {
                ironwire::serve::<own::Own>(clock.server(), listener).await
            }
            (Implementation::Ironwire, CodecChoice::Raw) => {
                ironwire::serve::<raw::Raw>(clock.server(), listener).await
            }
            (Implementation::H2, _) => bare::serve(listener).await,
            (Implementation::Connectrpc, _) => connectrpc::serve(listener).await,
            (Implementation::Tonic | Implementation::Pajamax, _) => tonic::serve(listener).await,
        }
    });
    runtime.block_on(served)?
}
