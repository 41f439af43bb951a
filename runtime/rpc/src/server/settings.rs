//! What a server was told, and what it does where it was told nothing.
//!
//! Never checks a value: each is legal.

use super::MethodLimits;
use super::lifetime::LifetimePolicy;
#[cfg(feature = "services")]
use super::own::OwnServices;
use super::runtimes::Place;
use crate::compression::Encodings;
use crate::keepalive::{KeepalivePolicy, PingPermit};
use crate::per_method::PerMethod;
#[cfg(feature = "tls")]
use crate::tls::ServerTls;
use crate::transport::Windows;
use crate::transport::server::ServerLimits;
use std::time::Duration;
use tokio::time::sleep;

/// A server's limits, each set by the method of its name.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) message_bytes_max: usize,
    pub(crate) timeout: Option<Duration>,
    pub(crate) handshake_timeout: Duration,
    pub(crate) drain_timeout: Duration,
    pub(crate) lame_duck: Duration,
    #[cfg(feature = "services")]
    pub(super) own: OwnServices,
    pub(crate) transport: ServerLimits,
    pub(crate) encodings: Encodings,
    pub(crate) keepalive: KeepalivePolicy,
    pub(crate) ping_permit: PingPermit,
    pub(crate) lifetime: LifetimePolicy,
    pub(crate) connections_max: usize,
    pub(crate) calls_max: Option<usize>,
    pub(crate) limits: PerMethod<MethodLimits>,
    pub(crate) polls_max: Duration,
    /// Where connections are served; empty for the runtime that the server is on.
    pub(crate) places: Vec<Place>,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<ServerTls>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            message_bytes_max: crate::MESSAGE_BYTES_MAX,
            timeout: None,
            handshake_timeout: Duration::from_secs(10),
            drain_timeout: Duration::from_secs(30),
            lame_duck: Duration::ZERO,
            #[cfg(feature = "services")]
            own: OwnServices::default(),
            transport: ServerLimits {
                windows: Windows::default(),
                streams_max: 200,
                pending_resets_max: 20,
            },
            encodings: Encodings::default(),
            keepalive: KeepalivePolicy {
                interval: Some(Duration::from_secs(2 * 60 * 60)),
                timeout: Duration::from_secs(20),
                without_calls: true,
            },
            ping_permit: PingPermit {
                interval: Duration::from_secs(5 * 60),
                without_calls: false,
            },
            lifetime: LifetimePolicy::default(),
            connections_max: usize::MAX,
            calls_max: None,
            limits: PerMethod::default(),
            polls_max: Duration::from_micros(500),
            places: Vec::new(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Settings {
    /// Tells those who ask that the server is about to drain, and gives them time to ask.
    pub(super) async fn begin_shutdown(&self) {
        #[cfg(feature = "services")]
        self.own.shut_down();
        if !self.lame_duck.is_zero() {
            sleep(self.lame_duck).await;
        }
    }
}
