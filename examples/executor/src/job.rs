//! A task on its way through the pool, together with the place where its report goes.
//!
//! Never leaves a task without its one report, but where nobody is left to read it.

use crate::executor::{Refusal, Report, Task, report::Outcome};
use crate::pool::Reason;
use ironwire::{Cancellation, Code, Status};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::mpsc::OwnedPermit;

pub(crate) struct Job {
    task: Task,
    report: OwnedPermit<Result<Report, Status>>,
    cancellation: Cancellation,
}

impl Job {
    pub(crate) fn new(
        task: Task,
        report: OwnedPermit<Result<Report, Status>>,
        cancellation: Cancellation,
    ) -> Job {
        Job {
            task,
            report,
            cancellation,
        }
    }

    /// Does the task and reports, on a worker's thread.
    pub(crate) fn run(self, work: &impl Fn(&Task, &Cancellation) -> u64) {
        if self.cancellation.is_cancelled() {
            return;
        }
        // Unwind safety: the task is not used again after a panic, and the work is not ours to judge.
        let done = catch_unwind(AssertUnwindSafe(|| work(&self.task, &self.cancellation)));
        self.report(match done {
            Ok(primes) => Outcome::Primes(primes),
            Err(_) => refusal(Code::Internal, "the task panicked"),
        });
    }

    /// Reports that the task was not taken.
    pub(crate) fn refuse(self, reason: Reason) {
        self.report(match reason {
            Reason::Full => refusal(Code::ResourceExhausted, "the queue is full"),
            Reason::Closed => refusal(Code::Unavailable, "the executor shuts down"),
        });
    }

    fn report(self, outcome: Outcome) {
        self.report.send(Ok(Report {
            id: self.task.id,
            outcome: Some(outcome),
            ..Default::default()
        }));
    }
}

fn refusal(code: Code, message: &str) -> Outcome {
    Outcome::Refusal(Refusal {
        code: code.as_i32(),
        message: message.to_owned(),
        ..Default::default()
    })
}
