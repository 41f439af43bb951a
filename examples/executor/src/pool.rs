//! A bounded pool of threads: so many workers, and a queue of so many jobs before them.
//!
//! Never makes anyone wait for a place: a job is taken at once or refused at once.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use tokio::sync::watch;

/// Workers that run jobs of type `J`. Dropped, it is closed.
pub(crate) struct Pool<J> {
    shared: Arc<Shared<J>>,
    /// How many workers have not ended.
    workers: watch::Receiver<usize>,
}

struct Shared<J> {
    state: Mutex<State<J>>,
    /// Told when a job is put in the queue, and when the pool is closed.
    changed: Condvar,
    places: usize,
}

/// At any time `waiting.len() + running <= places`.
struct State<J> {
    waiting: VecDeque<J>,
    running: usize,
    closed: bool,
}

/// A job that was not taken, given back.
pub(crate) struct Refused<J> {
    pub(crate) job: J,
    pub(crate) reason: Reason,
}

/// Why a job was not taken.
#[derive(Clone, Copy)]
pub(crate) enum Reason {
    /// Every worker is busy and the queue is full.
    Full,
    /// The pool takes no more jobs.
    Closed,
}

impl<J: Send + 'static> Pool<J> {
    /// Starts the workers. They run jobs with `run`, which must not panic: a worker would end with it.
    pub(crate) fn new(
        workers: NonZeroUsize,
        queue: usize,
        run: impl Fn(J) + Send + Sync + 'static,
    ) -> Pool<J> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                running: 0,
                closed: false,
            }),
            changed: Condvar::new(),
            places: workers.get().saturating_add(queue),
        });
        let run = Arc::new(run);
        let (alive, alive_now) = watch::channel(workers.get());
        for _ in 0..workers.get() {
            let (shared, run, alive) = (Arc::clone(&shared), Arc::clone(&run), alive.clone());
            thread::spawn(move || {
                shared.work(&*run);
                alive.send_modify(|workers| *workers -= 1);
            });
        }
        Pool {
            shared,
            workers: alive_now,
        }
    }

    /// How many jobs the pool holds, running and waiting.
    pub(crate) fn places(&self) -> usize {
        self.shared.places
    }

    /// Hands the job to the next worker that is free.
    pub(crate) fn submit(&self, job: J) -> Result<(), Refused<J>> {
        let mut state = self.shared.state();
        let reason = if state.closed {
            Reason::Closed
        } else if state.waiting.len() + state.running == self.shared.places {
            Reason::Full
        } else {
            state.waiting.push_back(job);
            self.shared.changed.notify_one();
            return Ok(());
        };
        Err(Refused { job, reason })
    }

    /// Waits until a closed pool has run every job that it had taken.
    pub(crate) async fn finished(&self) {
        // An error says that every worker has gone, which is what is waited for.
        let _ = self.workers.clone().wait_for(|&workers| workers == 0).await;
    }
}

impl<J> Pool<J> {
    /// Takes no more jobs. Those that it has are run.
    pub(crate) fn close(&self) {
        self.shared.state().closed = true;
        self.shared.changed.notify_all();
    }
}

impl<J> Drop for Pool<J> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<J> Shared<J> {
    /// A worker's life.
    fn work(&self, run: &impl Fn(J)) {
        while let Some(job) = self.next_job() {
            run(job);
            self.state().running -= 1;
        }
    }

    /// Waits for a job; `None` when there will be none.
    fn next_job(&self) -> Option<J> {
        let mut state = self
            .changed
            .wait_while(self.state(), |state| {
                state.waiting.is_empty() && !state.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        let job = state.waiting.pop_front()?;
        state.running += 1;
        Some(job)
    }

    /// No code that can panic runs under the lock, so a poisoned state is a sound one.
    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
