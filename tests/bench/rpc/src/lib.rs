//! One gRPC service, served and called by every implementation that is compared.
//!
//! The programs are `rpc-server`, `rpc-client` and `rpc-hold`; this library is what they share. It never decides what is
//! measured with what: that is `bench-driver`.

pub mod client;
pub mod hold;
pub mod load;
pub mod messages;
pub mod server;
pub mod usage;

/// Whatever stops a measurement.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The paths of the service's methods.
pub mod paths {
    /// One request, one response.
    pub const UNARY: &str = "/bench.Bench/Unary";
    /// One request, a stream of responses.
    pub const SERVER_STREAM: &str = "/bench.Bench/ServerStream";
    /// A stream of requests, one response.
    pub const CLIENT_STREAM: &str = "/bench.Bench/ClientStream";
    /// A stream in both directions.
    pub const BIDI: &str = "/bench.Bench/Bidi";
}

/// A runtime as the tables mean it: one thread is the current-thread runtime, more are the multi-thread runtime.
///
/// # Errors
/// When the operating system refuses threads or the poller.
pub fn runtime(threads: usize) -> std::io::Result<tokio::runtime::Runtime> {
    if threads <= 1 {
        return tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
    }
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
}
