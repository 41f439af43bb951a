//! Are tasks reported as they finish, refused when the queue is full, and finished on shutdown?

#[path = "pool/gate.rs"]
mod gate;

use executor::PooledExecutor;
use executor::executor::{Refusal, Report, Task, report::Outcome};
use gate::Gate;
use ironwire::{Cancellation, Channel, Code, Streaming};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// Waits for what takes no time, and fails when it never comes.
async fn soon<F: Future>(event: F) -> F::Output {
    let event = timeout(Duration::from_secs(30), event).await;
    event.expect("it comes within half a minute")
}

/// An executor of so many workers and places in the queue.
fn executor(
    workers: usize,
    queue: usize,
    work: impl Fn(&Task, &Cancellation) -> u64 + Send + Sync + 'static,
) -> Arc<PooledExecutor> {
    let workers = NonZeroUsize::new(workers).unwrap();
    Arc::new(PooledExecutor::new(workers, queue, work))
}

/// A call in progress: tasks go in one by one, and reports come out.
struct Call {
    tasks: mpsc::UnboundedSender<Task>,
    reports: Streaming<Report>,
}

impl Call {
    fn new(channel: Channel) -> Call {
        let (tasks, sent) = mpsc::unbounded_channel();
        let reports = executor::run(channel, UnboundedReceiverStream::new(sent));
        Call { tasks, reports }
    }

    fn send(&self, id: u64) {
        let task = Task {
            id,
            ..Default::default()
        };
        self.tasks.send(task).unwrap();
    }

    /// The next report: the task's id, and its result or the code of its refusal.
    async fn report(&mut self) -> (u64, Result<u64, Code>) {
        let report = soon(self.reports.message()).await.unwrap().unwrap();
        let result = match report.outcome.unwrap() {
            Outcome::Primes(primes) => Ok(primes),
            Outcome::Refusal(Refusal { code, .. }) => Err(Code::from_i32(code)),
        };
        (report.id, result)
    }
}

#[tokio::test]
async fn a_task_is_reported_when_it_finishes_and_not_in_its_turn() {
    let (gate, mut started) = Gate::new();
    let executor = executor(2, 0, gate.work());
    let mut call = Call::new(executor::server(&executor).in_process().unwrap());
    call.send(1);
    call.send(2);
    soon(started.recv()).await.unwrap();
    soon(started.recv()).await.unwrap();
    gate.release(2);
    assert_eq!(call.report().await, (2, Ok(2)));
    gate.release(1);
    assert_eq!(call.report().await, (1, Ok(1)));
    drop(call.tasks);
    assert_eq!(soon(call.reports.message()).await.unwrap(), None);
}

#[tokio::test]
async fn with_the_queue_full_a_task_is_refused_at_once_and_the_client_goes_on() {
    let (gate, mut started) = Gate::new();
    let executor = executor(1, 1, gate.work());
    let mut call = Call::new(executor::server(&executor).in_process().unwrap());
    for id in [1, 2, 3] {
        call.send(id);
    }
    // Task 1 runs, task 2 waits; neither can finish before the refusal has been read.
    assert_eq!(call.report().await, (3, Err(Code::ResourceExhausted)));
    assert_eq!(soon(started.recv()).await, Some(1));
    gate.release(1);
    assert_eq!(call.report().await, (1, Ok(1)));
    gate.release(2);
    assert_eq!(call.report().await, (2, Ok(2)));
    gate.release(4);
    call.send(4);
    assert_eq!(call.report().await, (4, Ok(4)));
}

#[tokio::test]
async fn the_pool_is_shared_by_all_callers() {
    let (gate, mut started) = Gate::new();
    let executor = executor(1, 0, gate.work());
    let channel = executor::server(&executor).in_process().unwrap();
    let (first, mut second) = (Call::new(channel.clone()), Call::new(channel));
    first.send(1);
    assert_eq!(soon(started.recv()).await, Some(1));
    second.send(2);
    assert_eq!(second.report().await, (2, Err(Code::ResourceExhausted)));
    gate.release(1);
}

#[tokio::test]
async fn on_shutdown_taken_tasks_finish_new_ones_are_refused_and_the_server_ends() {
    let (gate, mut started) = Gate::new();
    let executor = executor(1, 1, gate.work());
    let server = executor::server(&executor)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let address = server.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let (stopping, stop_seen) = oneshot::channel();
    let serving = tokio::spawn(executor::serve_until(server, executor, async {
        let _ = stopped.await;
        let _ = stopping.send(());
    }));

    let mut call = Call::new(Channel::connect(address.as_str()).await.unwrap());
    for id in [1, 2, 3] {
        call.send(id);
    }
    // Task 1 runs and task 2 waits.
    assert_eq!(call.report().await, (3, Err(Code::ResourceExhausted)));
    assert_eq!(soon(started.recv()).await, Some(1));
    drop(stop);
    soon(stop_seen).await.unwrap();
    call.send(4);
    assert_eq!(call.report().await, (4, Err(Code::Unavailable)));
    assert!(!serving.is_finished(), "task 1 is running");

    gate.release(1);
    assert_eq!(call.report().await, (1, Ok(1)));
    gate.release(2);
    assert_eq!(call.report().await, (2, Ok(2)));
    // The client has not ended its stream of tasks: the server ends the call.
    let status = soon(call.reports.message()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    soon(serving).await.unwrap();
    assert!(Channel::connect(address.as_str()).await.is_err());
}

#[tokio::test]
async fn tasks_that_wait_are_dropped_with_their_caller() {
    let (gate, mut started) = Gate::new();
    let executor = executor(1, 1, gate.work_until_cancelled());
    let channel = executor::server(&executor).in_process().unwrap();
    let mut gone = Call::new(channel.clone());
    for id in [1, 2, 3] {
        gone.send(id);
    }
    // The refusal shows that task 1 runs and task 2 waits.
    assert_eq!(gone.report().await, (3, Err(Code::ResourceExhausted)));
    assert_eq!(soon(started.recv()).await, Some(1));
    drop(gone);

    // Task 1 ends because it is told that its caller has gone; until then there is no place.
    let mut call = Call::new(channel);
    gate.release(4);
    call.send(4);
    while call.report().await == (4, Err(Code::ResourceExhausted)) {
        call.send(4);
    }
    assert_eq!(soon(started.recv()).await, Some(4), "task 2 was started");
}

#[tokio::test]
async fn a_task_that_panics_is_reported_and_its_worker_goes_on() {
    let executor = executor(1, 1, |task, _| {
        assert_ne!(task.id, 1, "this panic is part of the test");
        task.id
    });
    let mut call = Call::new(executor::server(&executor).in_process().unwrap());
    call.send(1);
    assert_eq!(call.report().await, (1, Err(Code::Internal)));
    call.send(2);
    assert_eq!(call.report().await, (2, Ok(2)));
}

#[test]
fn primes_are_counted() {
    for (limit, primes) in [(0, 0), (2, 0), (3, 1), (10, 4), (100, 25), (10_000, 1229)] {
        let task = Task {
            limit,
            ..Default::default()
        };
        let counted = executor::count_primes(&task, &Cancellation::default());
        assert_eq!(counted, primes, "below {limit}");
    }
}
