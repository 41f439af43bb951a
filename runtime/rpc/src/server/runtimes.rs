//! Threads with a runtime each, over which a server spreads its connections.
//!
//! Never moves a connection that has been placed.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Threads with a runtime each, for [`Server::spread_over`](crate::Server::spread_over).
///
/// A connection and all its calls stay on one thread, so nothing of a call is passed between cores, which is worth much
/// with many connections and small calls. In return a handler that computes for long holds up the other connections of its
/// thread, and no idle thread helps: for such handlers one runtime with several threads is better.
///
/// Dropped, it ends the runtimes, and with them the connections that are left; a handler that blocks ends its thread when
/// it comes back.
///
/// ```no_run
/// # use ironwire_rpc::Server;
/// # use ironwire_rpc::server::Runtimes;
/// # async fn run(hello: impl ironwire_rpc::server::Service) -> Result<(), Box<dyn std::error::Error>> {
/// let runtimes = Runtimes::one_per_core()?;
/// Server::new().add(hello).spread_over(&runtimes).serve("[::1]:50051").await?;
/// # Ok(())
/// # }
/// ```
pub struct Runtimes {
    threads: Vec<Thread>,
}

struct Thread {
    place: Place,
    /// Ends the runtime when it is dropped.
    _stop: oneshot::Sender<()>,
}

/// Where connections are placed.
#[derive(Clone)]
pub(crate) struct Place {
    pub(super) runtime: Handle,
    /// One more for each connection that is placed here.
    load: Arc<()>,
}

/// Held while a connection is where it was placed.
pub(super) struct Placed {
    _load: Arc<()>,
}

impl Runtimes {
    /// As many as the process may use cores.
    ///
    /// # Errors
    /// When the system gives no thread or no means to wait for sockets.
    pub fn one_per_core() -> io::Result<Runtimes> {
        Runtimes::new(thread::available_parallelism()?.get())
    }

    /// So many of them.
    ///
    /// # Errors
    /// As [`one_per_core`](Self::one_per_core).
    pub fn new(count: usize) -> io::Result<Runtimes> {
        let threads = (0..count).map(Thread::start).collect::<io::Result<_>>()?;
        Ok(Runtimes { threads })
    }

    pub(super) fn places(&self) -> Vec<Place> {
        let threads = self.threads.iter();
        threads.map(|thread| thread.place.clone()).collect()
    }
}

impl Thread {
    fn start(index: usize) -> io::Result<Thread> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let place = Place {
            runtime: runtime.handle().clone(),
            load: Arc::default(),
        };
        let (stop, stopped) = oneshot::channel();
        thread::Builder::new()
            .name(format!("ironwire-{index}"))
            // The sender sends nothing: that it is gone is the signal.
            .spawn(move || runtime.block_on(async { drop(stopped.await) }))?;
        Ok(Thread { place, _stop: stop })
    }
}

impl Place {
    /// The one with the fewest connections.
    pub(super) fn quietest(places: &[Place]) -> Option<&Place> {
        places
            .iter()
            .min_by_key(|place| Arc::strong_count(&place.load))
    }

    pub(super) fn take(&self) -> Placed {
        Placed {
            _load: Arc::clone(&self.load),
        }
    }
}

impl fmt::Debug for Runtimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Runtimes({})", self.threads.len())
    }
}
