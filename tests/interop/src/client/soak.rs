//! Large calls for as long as one likes, over one channel or over a new one each.
//!
//! Never stops at a failure: it counts them.

use super::Target;
use super::payloads::request;
use crate::grpc::testing::TestServiceClient;
use ironwire::Status;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// How a soak case runs; the flags `--soak_…` by their names.
#[derive(Clone, Debug)]
pub struct Soak {
    /// How many calls are made.
    pub iterations: usize,
    /// How many of them may fail or be late.
    pub max_failures: usize,
    /// How long a call may take without being late.
    pub per_iteration_max_acceptable_latency: Duration,
    /// After this the case ends, and has failed unless it is through.
    pub overall_timeout: Duration,
    /// The shortest time from the start of a call to the next one's.
    pub min_time_between_rpcs: Duration,
    /// The bytes of a request's payload.
    pub request_size: usize,
    /// The bytes of a response's payload.
    pub response_size: usize,
    /// How many workers share the calls.
    pub num_threads: usize,
}

/// What became of the calls.
#[derive(Clone, Copy, Default)]
struct Count {
    succeeded: usize,
    failed: usize,
}

impl Soak {
    /// Makes the calls, each with a client of its own from `client`.
    ///
    /// # Errors
    /// When too many calls failed, or not all were made in time.
    pub(super) async fn run(
        &self,
        target: &Target,
        client: impl Fn() -> Result<TestServiceClient, Status> + Clone + Send + Sync + 'static,
    ) -> Result<(), Status> {
        let workers = self.num_threads.max(1);
        if !self.iterations.is_multiple_of(workers) {
            let message = "soak_iterations must be a multiple of soak_num_threads";
            return Err(Status::invalid_argument(message));
        }
        let end = Instant::now() + self.overall_timeout;
        let mut running = JoinSet::new();
        for number in 0..workers {
            let worker = Worker {
                number,
                soak: self.clone(),
                server: target.endpoint.to_string(),
                client: client.clone(),
            };
            running.spawn(worker.run(self.iterations / workers, end));
        }
        let mut total = Count::default();
        for worker in running.join_all().await {
            total.succeeded += worker.succeeded;
            total.failed += worker.failed;
        }
        self.judge(target, total)
    }

    fn judge(&self, target: &Target, total: Count) -> Result<(), Status> {
        let Count { succeeded, failed } = total;
        eprintln!(
            "(server_uri: {}) soak test successes: {succeeded} / {} iterations. Total failures: {failed}.",
            target.endpoint, self.iterations
        );
        if succeeded + failed < self.iterations {
            return Err(Status::deadline_exceeded(
                "soak_overall_timeout_seconds passed",
            ));
        }
        if failed > self.max_failures {
            return Err(Status::aborted(format!("{failed} calls failed")));
        }
        Ok(())
    }
}

/// Makes its share of the calls, one after the other.
struct Worker<F> {
    number: usize,
    soak: Soak,
    server: String,
    client: F,
}

impl<F: Fn() -> Result<TestServiceClient, Status>> Worker<F> {
    async fn run(self, calls: usize, end: Instant) -> Count {
        let mut count = Count::default();
        for call in 0..calls {
            let start = Instant::now();
            if start >= end {
                break;
            }
            let called = self.call().await;
            let elapsed_ms = start.elapsed().as_millis();
            let outcome = match called {
                Ok(()) => {
                    count.succeeded += 1;
                    "succeeded".to_owned()
                }
                Err(status) => {
                    count.failed += 1;
                    format!("failed: {status}")
                }
            };
            eprintln!(
                "Worker {}: soak iteration: {call} elapsed_ms: {elapsed_ms} server_uri: {} {outcome}",
                self.number, self.server
            );
            sleep_until(start + self.soak.min_time_between_rpcs).await;
        }
        count
    }

    async fn call(&self) -> Result<(), Status> {
        let start = Instant::now();
        let client = (self.client)()?;
        let request = request(self.soak.request_size, self.soak.response_size);
        let response = client.unary_call(request).await?.into_inner();
        let bytes = response.payload.map_or(0, |payload| payload.body.len());
        if bytes != self.soak.response_size {
            return Err(Status::data_loss(format!(
                "a payload of {bytes} bytes came"
            )));
        }
        if start.elapsed() > self.soak.per_iteration_max_acceptable_latency {
            return Err(Status::deadline_exceeded("exceeds max acceptable latency"));
        }
        Ok(())
    }
}
