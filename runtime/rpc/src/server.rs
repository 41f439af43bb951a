//! The server: what it serves, on which sockets, within which limits.
//!
//! This file is the setters and the entry points; the settings are `server/settings.rs`, accepting is `server/listener.rs` and
//! `server/accept.rs`, finding the method `server/router.rs`, one call `server/call.rs`.

mod accept;
mod call;
mod connection;
mod draining;
mod error;
mod in_process;
mod interceptor;
mod lifetime;
mod limits;
mod listener;
mod outcome;
#[cfg(feature = "services")]
mod own;
mod peer;
mod router;
mod runtimes;
mod settings;
#[cfg(feature = "signal")]
mod signal;
mod task;

pub use call::{HandlerFuture, ServerCall};
#[cfg(feature = "services")]
pub(crate) use connection::unless;
pub use draining::Draining;
pub use error::ServeError;
pub use interceptor::{Intercepted, Next, ServerInterceptor};
pub use limits::MethodLimits;
pub use listener::Listen;
pub use outcome::Outcome;
pub(crate) use peer::Peer;
pub use runtimes::Runtimes;
#[cfg(feature = "signal")]
pub use signal::stop_signal;

use crate::ServiceDescriptor;
use crate::client::{Channel, Endpoint};
use crate::compression::Compression;
#[cfg(feature = "tls")]
use crate::tls::ServerTls;
use connection::Connections;
use interceptor::DynInterceptor;
use router::Router;
use settings::Settings;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// What a [`Server`] can serve; generated `…Server` types implement it.
pub trait Service: Send + Sync + 'static {
    /// The service's name and methods.
    fn descriptor(&self) -> &'static ServiceDescriptor;

    /// Handles a call of the method at this index of the descriptor's methods.
    ///
    /// The future's output is how the call ended. It is dropped where it stands when the caller goes away.
    fn call(&self, method: usize, call: ServerCall) -> HandlerFuture;

    /// The same service with an interceptor before it and no other one. It runs after those of the
    /// [server](Server::intercept), and after those that are put before what this returns.
    fn intercept(self, interceptor: impl ServerInterceptor) -> Intercepted
    where
        Self: Sized,
    {
        Intercepted::new(self, interceptor)
    }
}

/// A gRPC server: services and settings.
///
/// A call begins in the task of its connection and goes on there as long as it waits for nothing but its caller's next
/// message; it gets a task of its own when it waits for anything else. What a handler does until then holds up the other calls
/// of its connection, never those of other connections, and not for long: when the calls of a turn take more than
/// [their budget](Server::poll_budget), and each of them long, the others get tasks of their own, for eight times as long as
/// that took. A handler that blocks or computes for long is best moved to `tokio::task::spawn_blocking` all the same.
///
/// ```no_run
/// # use ironwire_rpc::Server;
/// # async fn run(hello: impl ironwire_rpc::server::Service) -> Result<(), ironwire_rpc::ServeError> {
/// Server::new().add(hello).serve("[::1]:50051").await
/// # }
/// ```
#[must_use = "a server does nothing until it serves"]
pub struct Server {
    services: Vec<Arc<dyn Service>>,
    interceptors: Vec<Arc<dyn DynInterceptor>>,
    settings: Settings,
}

impl Default for Server {
    fn default() -> Self {
        Server::new()
    }
}

impl Server {
    /// A server without services, with the default limits.
    pub fn new() -> Server {
        Server {
            services: Vec::new(),
            interceptors: Vec::new(),
            settings: Settings::default(),
        }
    }

    /// Adds a service. Two of one name are an error when the server is bound.
    #[allow(
        clippy::should_implement_trait,
        reason = "a server is no number, and `add` is the word for it"
    )]
    pub fn add(mut self, service: impl Service) -> Server {
        self.services.push(Arc::new(service));
        self
    }

    /// Puts an interceptor before every service, behind those that were added earlier. It also sees calls of methods that
    /// nobody serves.
    pub fn intercept(mut self, interceptor: impl ServerInterceptor) -> Server {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// The largest message that is accepted, in bytes; a call with a larger one ends with `RESOURCE_EXHAUSTED`.
    /// Defaults to 4 MiB.
    pub fn max_message_bytes(mut self, bytes: usize) -> Server {
        self.settings.message_bytes_max = bytes;
        self
    }

    /// The largest header list that is accepted, in bytes as RFC 9113 section 6.5.2 counts them. Defaults to 16 KiB.
    pub fn max_header_list_bytes(mut self, bytes: u32) -> Server {
        self.settings.transport.windows.header_list_bytes_max = bytes;
        self
    }

    /// How many calls a connection may have open at a time; a client's further calls wait. Defaults to 200.
    pub fn max_concurrent_streams(mut self, streams: u32) -> Server {
        self.settings.transport.streams_max = streams;
        self
    }

    /// How many calls that a client reset before they were handled may be pending; beyond it the connection is closed
    /// as abusive. Defaults to 20.
    pub fn max_pending_resets(mut self, resets: usize) -> Server {
        self.settings.transport.pending_resets_max = resets;
        self
    }

    /// Serves TLS instead of plain text. In-process channels go without.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: ServerTls) -> Server {
        self.settings.tls = Some(tls);
        self
    }

    /// Compresses responses for clients that understand the encoding. Defaults to no compression; a response or a message
    /// can be [exempt](crate::Response::compression_switch).
    pub fn compress(mut self, compression: impl Compression) -> Server {
        self.settings.encodings.send(Arc::new(compression));
        self
    }

    /// Understands requests in one more encoding. Defaults to gzip and deflate with the feature `compression`, and to
    /// none without.
    pub fn accept_compressed(mut self, compression: impl Compression) -> Server {
        self.settings.encodings.accept(Arc::new(compression));
        self
    }

    /// Messages of fewer bytes are sent uncompressed. Defaults to 0.
    pub fn compress_from_bytes(mut self, bytes: usize) -> Server {
        self.settings.encodings.compressed_bytes_min = bytes;
        self
    }

    /// How long a new connection may take to send its HTTP/2 preface. Defaults to 10 seconds.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Server {
        self.settings.handshake_timeout = timeout;
        self
    }

    /// Pings a client that has been silent for this long. Defaults to 2 hours (gRPC A9).
    pub fn keepalive(mut self, interval: Duration) -> Server {
        self.settings.keepalive.interval = Some(interval);
        self
    }

    /// How long the answer to a ping may take before the connection is closed. Defaults to 20 seconds.
    pub fn keepalive_timeout(mut self, timeout: Duration) -> Server {
        self.settings.keepalive.timeout = timeout;
        self
    }

    /// The shortest time between a client's pings while it has calls. The third ping that comes earlier, with nothing sent
    /// to the client in between, closes the connection, with ENHANCE_YOUR_CALM and `too_many_pings` (gRPC A8); without
    /// calls the time is two hours. Defaults to 5 minutes.
    pub fn permit_keepalive_interval(mut self, interval: Duration) -> Server {
        self.settings.ping_permit.interval = interval;
        self
    }

    /// Whether clients without calls may ping as often as those with calls. Defaults to `false`.
    pub fn permit_keepalive_without_calls(mut self, permit: bool) -> Server {
        self.settings.ping_permit.without_calls = permit;
        self
    }

    /// How many frames a client may send within a minute by which no call makes progress, such as SETTINGS, PRIORITY and
    /// PING, and WINDOW_UPDATE and RST_STREAM for nothing; then the connection is closed as abusive. Each frame of a call,
    /// either way, makes up for a few. Defaults to 1000.
    pub fn max_idle_frames(mut self, frames: u32) -> Server {
        self.settings.transport.windows.idle_frames_max = frames;
        self
    }

    /// How long a connection may be without calls before it is closed, with a GOAWAY. Defaults to no limit.
    pub fn max_connection_idle(mut self, idle: Duration) -> Server {
        self.settings.lifetime.idle_max = Some(idle);
        self
    }

    /// How old a connection may become, give or take a tenth, before it takes no more calls, with a GOAWAY. Defaults to no
    /// limit.
    pub fn max_connection_age(mut self, age: Duration) -> Server {
        self.settings.lifetime.age_max = Some(age);
        self
    }

    /// How long calls in progress may go on after [`max_connection_age`](Self::max_connection_age); then they are cut.
    /// Defaults to no limit.
    pub fn max_connection_age_grace(mut self, grace: Duration) -> Server {
        self.settings.lifetime.age_grace = Some(grace);
        self
    }

    /// How many connections are held at a time; further clients wait until one ends. Defaults to no limit.
    pub fn max_connections(mut self, connections: usize) -> Server {
        self.settings.connections_max = connections;
        self
    }

    /// How many calls are handled at a time, over all connections; further calls end with `RESOURCE_EXHAUSTED` at once.
    /// Defaults to no limit.
    pub fn max_concurrent_calls(mut self, calls: usize) -> Server {
        self.settings.calls_max = Some(calls);
        self
    }

    /// How long a call may take, its streams included, however long its caller allows; then it ends with
    /// `DEADLINE_EXCEEDED`. Methods that go on for longer are given [their own limit](Self::limit). Defaults to no limit.
    pub fn timeout(mut self, timeout: Duration) -> Server {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Gives a service or a method limits of its own, instead of those that it was given before. A service's name is its full
    /// one, as in `hello.HelloService`, a method's is its path, as in `hello.HelloService/SayHello`; one that is not
    /// served is an error when the server is bound.
    pub fn limit(mut self, name: impl Into<String>, limits: MethodLimits) -> Server {
        self.settings.limits.set(name.into(), limits);
        self
    }

    /// How long the calls of a connection may take together, each turn, in the connection's own task: until they first wait, and
    /// whenever their caller's next message has come. Beyond it calls are tasks from their beginning, and those that wait for
    /// their callers become tasks if they were not quick, which costs more and lets the runtime spread them. Zero makes a task
    /// of each call, [`Duration::MAX`] only of those that wait for something else. Defaults to 500 microseconds.
    pub fn poll_budget(mut self, budget: Duration) -> Server {
        self.settings.polls_max = budget;
        self
    }

    /// How large the window of a stream may become, in bytes. It begins with 512 KiB, and is doubled while it holds up a
    /// client that is far away on a fast line, as far as the windows of the calls that there are then stay below 64 MiB.
    /// What is in the windows of a connection's streams is memory if handlers do not read it. Less than 512 KiB is the size
    /// that it begins with. Defaults to 16 MiB.
    pub fn max_stream_window(mut self, bytes: u32) -> Server {
        self.settings.transport.windows.limit(bytes);
        self
    }

    /// Serves connections on these runtimes, each on the one that has the fewest, instead of the runtime that accepts them.
    /// Defaults to that one. In-process channels stay on it.
    pub fn spread_over(mut self, runtimes: &Runtimes) -> Server {
        self.settings.places = runtimes.places();
        self
    }

    /// How long calls in progress may take to end after a shutdown has begun; then they are cut. Defaults to 30 seconds.
    pub fn drain_timeout(mut self, timeout: Duration) -> Server {
        self.settings.drain_timeout = timeout;
        self
    }

    /// How long the server goes on as before after a shutdown has begun, before it drains: the time that load balancers and
    /// clients have to see that it is no longer healthy and to go elsewhere. Defaults to no time.
    pub fn lame_duck(mut self, time: Duration) -> Server {
        self.settings.lame_duck = time;
        self
    }

    /// Binds the address without serving yet, so that port 0 can be asked for its number.
    ///
    /// # Errors
    /// When the address cannot be bound, two services have one name, or something has [limits](Self::limit) that is not
    /// served.
    pub async fn bind(self, address: impl Into<Listen>) -> Result<BoundServer, ServeError> {
        let (router, settings) = self.into_parts()?;
        let listener = listener::bind(address.into()).await?;
        Ok(BoundServer {
            router,
            settings,
            listener,
        })
    }

    /// Serves until the process ends.
    ///
    /// Dropping the future closes the sockets and cancels every call.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn serve(self, address: impl Into<Listen>) -> Result<(), ServeError> {
        self.serve_with_shutdown(address, pending()).await
    }

    /// Serves until `shutdown` completes, then, after [`lame_duck`](Self::lame_duck), drains: no new connection or call is taken, calls in progress may end
    /// within [`drain_timeout`](Self::drain_timeout), and what is left is cut.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn serve_with_shutdown(
        self,
        address: impl Into<Listen>,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ServeError> {
        self.bind(address)
            .await?
            .serve_with_shutdown(shutdown)
            .await;
        Ok(())
    }

    /// A channel to this server inside the process, without a socket: for tests, and for services that live together.
    ///
    /// The calls pass through the whole stack, HTTP/2 included, over a pipe in memory. The server lives as long as the
    /// channel and its calls.
    ///
    /// # Errors
    /// As [`bind`](Self::bind), but for the address.
    pub fn in_process(self) -> Result<Channel, ServeError> {
        Ok(Channel::to(self.in_process_endpoint()?))
    }

    /// As [`in_process`](Self::in_process), for a channel with settings of its own, which [`Channel::lazy`] makes of it.
    ///
    /// ```
    /// # use ironwire_rpc::{Channel, Server};
    /// # use std::time::Duration;
    /// let endpoint = Server::new().in_process_endpoint()?;
    /// let channel = Channel::lazy(endpoint.timeout(Duration::from_secs(1)))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`bind`](Self::bind), but for the address.
    pub fn in_process_endpoint(self) -> Result<Endpoint, ServeError> {
        let (router, _) = self.into_parts()?;
        Ok(in_process::endpoint(router))
    }

    #[cfg_attr(
        not(feature = "services"),
        allow(unused_mut, reason = "it has none to add")
    )]
    fn into_parts(mut self) -> Result<(Arc<Router>, Arc<Settings>), ServeError> {
        #[cfg(feature = "services")]
        self.settings.own.add_to(&mut self.services)?;
        let settings = Arc::new(self.settings);
        let router = Router::new(self.services, &self.interceptors, Arc::clone(&settings))?;
        Ok((Arc::new(router), settings))
    }
}

/// A server that has its socket and does not accept yet.
#[must_use = "a server does nothing until it serves"]
pub struct BoundServer {
    router: Arc<Router>,
    settings: Arc<Settings>,
    listener: listener::Listener,
}

impl BoundServer {
    /// The address that clients connect to; `None` for a Unix socket.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.listener.local_addr()
    }

    /// The address, as [`Endpoint::parse`](crate::Endpoint::parse) reads it: `127.0.0.1:50051` or `unix:/run/app.sock`.
    /// Empty where the system does not tell, as for a Unix socket without a name.
    pub fn address(&self) -> String {
        self.listener.address()
    }

    /// As [`Server::serve`].
    pub async fn serve(self) {
        self.serve_with_shutdown(pending()).await;
    }

    /// As [`Server::serve_with_shutdown`].
    pub async fn serve_with_shutdown(self, shutdown: impl Future<Output = ()>) {
        let drain_timeout = self.settings.drain_timeout;
        let settings = Arc::clone(&self.settings);
        let mut connections = Connections::new(self.router, self.settings);
        let drained = async move {
            shutdown.await;
            settings.begin_shutdown().await;
        };
        accept::until(drained, self.listener, &mut connections).await;
        connections.drain(drain_timeout).await;
    }
}
