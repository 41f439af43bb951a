//! Where a channel connects to, and its settings.
//!
//! Never connects.

use super::backoff::BackoffPolicy;
use super::connect::Connector;
use super::error::Phase;
use super::{ConnectError, MethodDefaults};
use crate::compression::{Compression, Encodings};
use crate::keepalive::KeepalivePolicy;
use crate::per_method::PerMethod;
#[cfg(feature = "tls")]
use crate::tls::ClientTls;
use crate::transport::Windows;
use http::header::HeaderValue;
use http::uri::Authority;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};

/// The server's address and the channel's settings.
///
/// The address is `http://host:port` (also `dns:///host:port` or plain `host:port`), `https://host:port` with the feature
/// `tls` and `Endpoint::tls`, or `unix:/path/of/socket`.
///
/// ```
/// # use ironwire_rpc::Endpoint;
/// # use std::time::Duration;
/// let endpoint = Endpoint::parse("http://[::1]:50051")?.connect_timeout(Duration::from_secs(3));
/// # Ok::<(), ironwire_rpc::ConnectError>(())
/// ```
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) target: Target,
    pub(crate) authority: Authority,
    /// Whether calls travel over TLS.
    pub(crate) is_secure: bool,
    pub(crate) settings: Settings,
}

/// The shortest time between pings that a client may ask for (gRPC A8).
const KEEPALIVE_INTERVAL_MIN: Duration = Duration::from_secs(10);

/// "User Agents" of the HTTP/2 mapping: `grpc-<language>-<variant>/<version>`.
const USER_AGENT: &str = concat!("grpc-rust-ironwire/", env!("CARGO_PKG_VERSION"));

/// What is dialled.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// A name or address and a port, resolved anew for each connection.
    Tcp(String),
    Unix(PathBuf),
}

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) message_bytes_max: usize,
    /// What opens connections instead of dialling the target.
    pub(crate) connector: Option<Connector>,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Option<Duration>,
    pub(crate) methods: PerMethod<MethodDefaults>,
    pub(crate) backoff: BackoffPolicy,
    pub(crate) windows: Windows,
    pub(crate) encodings: Encodings,
    pub(crate) keepalive: KeepalivePolicy,
    pub(crate) user_agent: HeaderValue,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<ClientTls>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            message_bytes_max: crate::MESSAGE_BYTES_MAX,
            connector: None,
            connect_timeout: Duration::from_secs(20),
            timeout: None,
            methods: PerMethod::default(),
            backoff: BackoffPolicy::default(),
            windows: Windows::default(),
            encodings: Encodings::default(),
            keepalive: KeepalivePolicy {
                interval: None,
                timeout: Duration::from_secs(20),
                without_calls: false,
            },
            user_agent: HeaderValue::from_static(USER_AGENT),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Endpoint {
    /// Reads an address.
    ///
    /// # Errors
    /// When the text is none of the forms above.
    pub fn parse(address: &str) -> Result<Endpoint, ConnectError> {
        let wrong = |cause: &str| ConnectError::new(address, Phase::Endpoint, cause);
        if let Some(path) = address.strip_prefix("unix:") {
            // `unix:path`, `unix:/path` and `unix:///path` are the forms of the gRPC naming document.
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(wrong("the path of the socket is missing"));
            }
            let authority = Authority::from_static("localhost");
            return Ok(Endpoint {
                target: Target::Unix(path.into()),
                authority,
                is_secure: false,
                settings: Settings::default(),
            });
        }
        let is_https = address.starts_with("https://");
        if is_https && !cfg!(feature = "tls") {
            return Err(wrong("TLS needs the feature `tls`"));
        }
        let prefixes = ["https://", "http://", "dns:///", "dns:"];
        let rest = prefixes
            .iter()
            .find_map(|prefix| address.strip_prefix(prefix))
            .unwrap_or(address);
        let host_and_port = rest.strip_suffix('/').unwrap_or(rest);
        let authority: Authority = host_and_port.parse().map_err(|_| {
            wrong(match host_and_port.split_once("://") {
                Some(_) => "its scheme is none of http, https, dns and unix",
                None if host_and_port.contains('/') => "a path does not belong into an address",
                None if host_and_port.matches(':').count() > 1 => {
                    "an IPv6 address goes into brackets, as in http://[::1]:50051"
                }
                None => "expected an address like http://host:port",
            })
        })?;
        if authority.as_str().contains('@') {
            return Err(wrong("credentials do not belong into an address"));
        }
        let port = authority
            .port_u16()
            .unwrap_or(if is_https { 443 } else { 80 });
        let target = Target::Tcp(format!("{}:{port}", authority.host()));
        Ok(Endpoint {
            target,
            authority,
            is_secure: is_https,
            settings: Settings::default(),
        })
    }

    /// That of a server in this process, which has a name and no address.
    pub(crate) fn in_process() -> Endpoint {
        Endpoint {
            target: Target::Tcp("in-process".to_owned()),
            authority: Authority::from_static("in-process"),
            is_secure: false,
            settings: Settings::default(),
        }
    }

    /// The largest message that is accepted, in bytes; a call with a larger one ends with `RESOURCE_EXHAUSTED`.
    /// Defaults to 4 MiB.
    pub fn max_message_bytes(mut self, bytes: usize) -> Endpoint {
        self.settings.message_bytes_max = bytes;
        self
    }

    /// The largest header list that is accepted, in bytes as RFC 9113 section 6.5.2 counts them. A call whose response has
    /// larger headers or trailers ends with `RESOURCE_EXHAUSTED`; much larger ones end the connection. Defaults to 16 KiB.
    pub fn max_header_list_bytes(mut self, bytes: u32) -> Endpoint {
        self.settings.windows.header_list_bytes_max = bytes;
        self
    }

    /// How large the window of a stream may become, in bytes. It begins with 512 KiB, and is doubled while it holds up a
    /// server that is far away on a fast line, as far as the windows of the calls that there are then stay below 64 MiB.
    /// Less than 512 KiB is the size that it begins with. Defaults to 16 MiB.
    pub fn max_stream_window(mut self, bytes: u32) -> Endpoint {
        self.settings.windows.limit(bytes);
        self
    }

    /// Speaks TLS, whatever the address says; an `https://` address needs it.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: ClientTls) -> Endpoint {
        self.is_secure = true;
        self.settings.tls = Some(tls);
        self
    }

    /// Compresses requests. Servers that do not know the encoding answer `UNIMPLEMENTED`. Defaults to no compression;
    /// a call or a message can be [exempt](crate::Request::compression_switch).
    pub fn compress(mut self, compression: impl Compression) -> Endpoint {
        self.settings.encodings.send(Arc::new(compression));
        self
    }

    /// Understands responses in one more encoding. Defaults to gzip and deflate with the feature `compression`, and to
    /// none without.
    pub fn accept_compressed(mut self, compression: impl Compression) -> Endpoint {
        self.settings.encodings.accept(Arc::new(compression));
        self
    }

    /// Messages of fewer bytes are sent uncompressed. Defaults to 0.
    pub fn compress_from_bytes(mut self, bytes: usize) -> Endpoint {
        self.settings.encodings.compressed_bytes_min = bytes;
        self
    }

    /// Pings the server when it has been silent for this long while calls are in progress; not less than 10 seconds (gRPC
    /// A8). A server may forbid pings that are too frequent. Defaults to no pings.
    pub fn keepalive(mut self, interval: Duration) -> Endpoint {
        self.settings.keepalive.interval = Some(interval.max(KEEPALIVE_INTERVAL_MIN));
        self
    }

    /// How long the answer to a ping may take before the connection is given up. Defaults to 20 seconds.
    pub fn keepalive_timeout(mut self, timeout: Duration) -> Endpoint {
        self.settings.keepalive.timeout = timeout;
        self
    }

    /// Whether a connection without calls is pinged too. Defaults to `false`.
    pub fn keepalive_without_calls(mut self, ping: bool) -> Endpoint {
        self.settings.keepalive.without_calls = ping;
        self
    }

    /// Opens connections by this function instead of dialling the address, which then serves as a name: for sockets of other
    /// kinds, proxies, and networks that are simulated. It is called for each attempt to connect, within the
    /// [timeout](Self::connect_timeout); TLS, if there is any, begins on what it gives. (TCP sockets are best given
    /// `set_nodelay(true)` first.)
    ///
    /// ```no_run
    /// # use ironwire_rpc::{Channel, Endpoint};
    /// # async fn run() -> Result<(), ironwire_rpc::ConnectError> {
    /// let proxy = || tokio::net::TcpStream::connect("proxy.example:4000");
    /// let endpoint = Endpoint::parse("http://shop.example")?.connect_with(proxy);
    /// let channel = Channel::connect(endpoint).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Defaults to dialling the address.
    pub fn connect_with<F, C>(mut self, connect: impl Fn() -> F + Send + Sync + 'static) -> Endpoint
    where
        F: Future<Output = io::Result<C>> + Send + 'static,
        C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.settings.connector = Some(Connector::new(connect));
        self
    }

    /// How long one attempt to connect may take. Defaults to 20 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Endpoint {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a call may take that sets no timeout of its own. Defaults to no limit.
    pub fn timeout(mut self, timeout: Duration) -> Endpoint {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Gives the calls of a service or a method defaults of their own, instead of those that they were given before. A
    /// service's name is its full one, as in `hello.HelloService`, a method's is its path, as in
    /// `hello.HelloService/SayHello`.
    pub fn method_defaults(
        mut self,
        name: impl Into<String>,
        defaults: MethodDefaults,
    ) -> Endpoint {
        self.settings.methods.set(name.into(), defaults);
        self
    }

    /// The pause after the first failed attempt to connect, and the longest after several; between them each is 1.6
    /// times the one before, give or take a fifth. Defaults to 1 second and 2 minutes.
    pub fn backoff(mut self, first: Duration, max: Duration) -> Endpoint {
        self.settings.backoff = BackoffPolicy { first, max };
        self
    }

    /// What the program calls itself to servers, such as `shop/1.2`; it goes before Ironwire's own name in `user-agent`.
    /// Defaults to that name alone.
    ///
    /// # Errors
    /// When it is not printable ASCII.
    pub fn user_agent(mut self, name: &str) -> Result<Endpoint, ConnectError> {
        let value = HeaderValue::try_from(format!("{name} {USER_AGENT}"));
        self.settings.user_agent =
            value.map_err(|error| ConnectError::new(name, Phase::Endpoint, error))?;
        Ok(self)
    }

    /// The name that calls carry as `:authority`, where the server expects another than the address's.
    ///
    /// # Errors
    /// When it is not a host with an optional port.
    pub fn authority(mut self, authority: &str) -> Result<Endpoint, ConnectError> {
        self.authority = authority
            .parse()
            .map_err(|error| ConnectError::new(authority, Phase::Endpoint, error))?;
        Ok(self)
    }
}

/// As [`Endpoint::parse`].
impl FromStr for Endpoint {
    type Err = ConnectError;

    fn from_str(address: &str) -> Result<Endpoint, ConnectError> {
        Endpoint::parse(address)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Tcp(address) => f.write_str(address),
            Target::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What a channel can be connected to: an [`Endpoint`], or the text of one.
pub trait IntoEndpoint {
    /// The endpoint.
    ///
    /// # Errors
    /// As [`Endpoint::parse`].
    fn into_endpoint(self) -> Result<Endpoint, ConnectError>;
}

impl IntoEndpoint for Endpoint {
    fn into_endpoint(self) -> Result<Endpoint, ConnectError> {
        Ok(self)
    }
}

impl IntoEndpoint for &str {
    fn into_endpoint(self) -> Result<Endpoint, ConnectError> {
        Endpoint::parse(self)
    }
}

impl IntoEndpoint for String {
    fn into_endpoint(self) -> Result<Endpoint, ConnectError> {
        Endpoint::parse(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, dialled: &str, authority: &str) {
        let endpoint = Endpoint::parse(address).unwrap();
        assert_eq!(endpoint.to_string(), dialled, "{address}");
        assert_eq!(endpoint.authority.as_str(), authority, "{address}");
    }

    #[test]
    fn every_form_is_read() {
        check("http://[::1]:50051", "[::1]:50051", "[::1]:50051");
        check("http://example.com", "example.com:80", "example.com");
        check("http://example.com:81/", "example.com:81", "example.com:81");
        check("localhost:5", "localhost:5", "localhost:5");
        check("dns:///localhost:5", "localhost:5", "localhost:5");
        check("unix:/run/a.sock", "unix:/run/a.sock", "localhost");
        check("unix:///run/a.sock", "unix:/run/a.sock", "localhost");
        check("unix:a.sock", "unix:a.sock", "localhost");
    }

    fn check_refused(address: &str, why: &str) {
        let error = address.parse::<Endpoint>().unwrap_err().to_string();
        assert_eq!(error, format!("{address:?} is not an endpoint: {why}"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        const WANTED: &str = "expected an address like http://host:port";
        check_refused("", WANTED);
        check_refused("http://", WANTED);
        check_refused("http://a b", WANTED);
        let credentials = "credentials do not belong into an address";
        check_refused("http://u:p@h:1", credentials);
        check_refused("unix:", "the path of the socket is missing");
        let path = "a path does not belong into an address";
        check_refused("http://h/path", path);
        let brackets = "an IPv6 address goes into brackets, as in http://[::1]:50051";
        check_refused("http://::1:50051", brackets);
        let scheme = "its scheme is none of http, https, dns and unix";
        check_refused("tcp://h:1", scheme);
    }
}
