//! Work that ends when a test says so.
//!
//! Never looks at a clock.

use executor::executor::Task;
use ironwire::Cancellation;
use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex};
use tokio::sync::mpsc;

/// Holds tasks until they are released by id.
#[derive(Clone)]
pub(crate) struct Gate {
    shared: Arc<Shared>,
    started: mpsc::UnboundedSender<u64>,
}

#[derive(Default)]
struct Shared {
    released: Mutex<HashSet<u64>>,
    changed: Condvar,
}

impl Gate {
    /// A gate, and the ids of the tasks in the order in which they were started.
    pub(crate) fn new() -> (Gate, mpsc::UnboundedReceiver<u64>) {
        let (started, starts) = mpsc::unbounded_channel();
        let shared = Arc::default();
        (Gate { shared, started }, starts)
    }

    /// Lets the task end, at once if it has not been started.
    pub(crate) fn release(&self, id: u64) {
        self.shared.released.lock().unwrap().insert(id);
        self.shared.changed.notify_all();
    }

    /// Work whose result is the task's id, once that is released.
    pub(crate) fn work(&self) -> impl Fn(&Task, &Cancellation) -> u64 + Send + Sync + 'static {
        let Gate { shared, started } = self.clone();
        move |task, _| {
            // A test that has seen enough does not listen any more.
            let _ = started.send(task.id);
            let released = shared.released.lock().unwrap();
            let held = |released: &mut HashSet<u64>| !released.contains(&task.id);
            drop(shared.changed.wait_while(released, held).unwrap());
            task.id
        }
    }

    /// The same, which also ends when its caller has gone.
    pub(crate) fn work_until_cancelled(
        &self,
    ) -> impl Fn(&Task, &Cancellation) -> u64 + Send + Sync + 'static {
        let runtime = tokio::runtime::Handle::current();
        let work = self.work();
        let gate = self.clone();
        move |task, cancellation| {
            let (gate, id, cancellation) = (gate.clone(), task.id, cancellation.clone());
            runtime.spawn(async move {
                cancellation.cancelled().await;
                gate.release(id);
            });
            work(task, &Cancellation::default())
        }
    }
}
