//! A bounded pool of workers behind a service: tasks stream in, reports stream back as they finish.
//!
//! When every worker is busy and the queue is full, a task is refused at once with RESOURCE_EXHAUSTED and the client goes
//! on. On shutdown the tasks that were taken finish, new ones are refused with UNAVAILABLE, and the server ends.
//!
//! ```text
//! cargo run -p executor -- server --addr 127.0.0.1:50051 --workers 2 --queue 4
//! cargo run -p executor -- client --addr 127.0.0.1:50051 1000 2000000 30
//! ```
//!
//! `pool.rs` is the pool, `job.rs` a task on its way through it, `primes.rs` the work; this file is the service. It never
//! reads an argument nor prints: that is `main.rs`.

mod job;
mod pool;
mod primes;

pub use primes::count_primes;

use ironwire::server::BoundServer;
use ironwire::{Cancellation, Channel, Request, Response, Server, Status, Stream, Streaming};
use job::Job;
use pool::{Pool, Refused};
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

ironwire::include_proto!("executor");

use crate::executor::{Executor, ExecutorClient, ExecutorServer, Report, Task};

/// The service: it runs the tasks of all its callers in one pool.
pub struct PooledExecutor {
    pool: Arc<Pool<Job>>,
}

impl PooledExecutor {
    /// An executor with this many workers, which holds up to `queue` tasks that wait for one.
    ///
    /// `work` does a task on a worker's thread, where it may block. It is told when nobody waits for the result any more.
    pub fn new(
        workers: NonZeroUsize,
        queue: usize,
        work: impl Fn(&Task, &Cancellation) -> u64 + Send + Sync + 'static,
    ) -> PooledExecutor {
        PooledExecutor {
            pool: Arc::new(Pool::new(workers, queue, move |job: Job| job.run(&work))),
        }
    }

    /// Refuses new tasks from now on. Calls end when the tasks that were taken are finished.
    pub fn close(&self) {
        self.pool.close();
    }
}

impl fmt::Debug for PooledExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PooledExecutor").finish_non_exhaustive()
    }
}

impl Executor for PooledExecutor {
    async fn run(
        &self,
        request: Request<Streaming<Task>>,
    ) -> Result<Response<impl Stream<Item = Result<Report, Status>> + Send>, Status> {
        // More slots than the pool has places: a caller that reads its reports meets the pool's limit and never this one.
        let (reports, received) = mpsc::channel(self.pool.places() + 1);
        let call = Call {
            pool: Arc::clone(&self.pool),
            cancellation: request.cancellation(),
            reports,
        };
        tokio::spawn(call.take_tasks(request.into_inner()));
        Ok(Response::new(ReceiverStream::new(received)))
    }
}

/// The incoming half of a call.
struct Call {
    pool: Arc<Pool<Job>>,
    cancellation: Cancellation,
    reports: mpsc::Sender<Result<Report, Status>>,
}

impl Call {
    /// Submits the tasks as they arrive, until the caller has sent its last or the executor is closed.
    async fn take_tasks(self, mut tasks: Streaming<Task>) {
        // The slot for a report comes before the task: so no worker ever waits for a caller, and a caller that does not
        // read its reports is not read either. There is none once the caller has gone.
        while let Ok(slot) = self.reports.clone().reserve_owned().await {
            let next = tokio::select! {
                next = tasks.message() => next,
                () = self.pool.finished() => Err(Status::unavailable("the executor shuts down")),
            };
            match next {
                Ok(Some(task)) => {
                    let job = Job::new(task, slot, self.cancellation.clone());
                    if let Err(Refused { job, reason }) = self.pool.submit(job) {
                        job.refuse(reason);
                    }
                }
                Ok(None) => return,
                Err(status) => {
                    slot.send(Err(status));
                    return;
                }
            }
        }
    }
}

/// A server of the executor, to be bound to an address.
pub fn server(executor: &Arc<PooledExecutor>) -> Server {
    Server::new().add(ExecutorServer::from_arc(Arc::clone(executor)))
}

/// Serves until `stop` completes, then lets the tasks that were taken finish.
pub async fn serve_until(
    server: BoundServer,
    executor: Arc<PooledExecutor>,
    stop: impl Future<Output = ()>,
) {
    let stop = async {
        stop.await;
        // Open calls would hold the server up until its drain timeout; this makes them end.
        executor.close();
    };
    server.serve_with_shutdown(stop).await;
}

/// Streams tasks to an executor; their reports are read from the result.
pub fn run(
    channel: Channel,
    tasks: impl Stream<Item = Task> + Send + 'static,
) -> Streaming<Report> {
    ExecutorClient::new(channel).run(tasks).open()
}
