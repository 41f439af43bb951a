//! The program: a server or a client.
//!
//! Never runs a task itself: that is the library.

use clap::{Parser, Subcommand};
use executor::PooledExecutor;
use executor::executor::{Report, Task, report::Outcome};
use ironwire::{Channel, Code};
use std::error::Error;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;

/// Sends tasks to a server, which runs them in a bounded pool and reports each as it finishes.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    half: Half,
    /// Where the server listens. For the server itself port 0 is any free one.
    #[arg(
        long,
        global = true,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:50051"
    )]
    addr: String,
}

#[derive(Subcommand)]
enum Half {
    /// Serves until it is interrupted, then finishes the tasks that it has.
    Server {
        /// How many tasks run at a time.
        #[arg(long, default_value = "2")]
        workers: NonZeroUsize,
        /// How many tasks may wait for a worker.
        #[arg(long, default_value_t = 4)]
        queue: usize,
    },
    /// Sends tasks and prints their reports as they come.
    Client {
        /// Each is a task: to count the primes below it.
        #[arg(required = true)]
        limits: Vec<u64>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.half {
        Half::Server { workers, queue } => serve(args.addr, workers, queue).await,
        Half::Client { limits } => send(&args.addr, limits).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("executor: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(address: String, workers: NonZeroUsize, queue: usize) -> Result<(), Box<dyn Error>> {
    let stop = ironwire::server::stop_signal()?;
    let executor = Arc::new(PooledExecutor::new(workers, queue, executor::count_primes));
    let server = executor::server(&executor).bind(address.as_str()).await?;
    println!("listening on {}", server.address());
    executor::serve_until(server, executor, stop).await;
    Ok(())
}

async fn send(address: &str, limits: Vec<u64>) -> Result<(), Box<dyn Error>> {
    let tasks = (1..).zip(limits).map(|(id, limit)| Task {
        id,
        limit,
        ..Default::default()
    });
    let channel = Channel::connect(address).await?;
    let mut reports = executor::run(channel, tokio_stream::iter(tasks));
    while let Some(report) = reports.message().await? {
        println!("{}", describe(&report));
    }
    Ok(())
}

fn describe(report: &Report) -> String {
    let id = report.id;
    match &report.outcome {
        Some(Outcome::Primes(primes)) => format!("task {id}: {primes} primes"),
        Some(Outcome::Refusal(refusal)) => {
            let code = Code::from_i32(refusal.code);
            format!("task {id}: {code}: {}", refusal.message)
        }
        // An outcome of a newer server's is in the unknown fields.
        None => format!("task {id}: no outcome that is known here"),
    }
}
