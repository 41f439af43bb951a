//! The channels that calls are made on: address, certificates, compression, limits.
//!
//! Never makes a call.

use super::Trouble;
use crate::v1::{ClientCompatRequest, Compression, TLSCreds};
use bytes::Bytes;
use ironwire::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use ironwire::compression::{Deflate, Gzip};
use ironwire::tls::ClientTls;
use ironwire::{Channel, Endpoint, MetadataMap, Status};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::OnceCell;

/// The channels of the program. Calls that want the same one share it, as they do in any program.
#[derive(Default)]
pub(crate) struct Channels {
    channels: Mutex<HashMap<Config, Arc<OnceCell<Channel>>>>,
}

/// What a description says of the channel.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Config {
    address: String,
    authority: Bytes,
    own: Option<(Bytes, Bytes)>,
    compression: Compression,
    message_bytes_max: u32,
}

/// The initial metadata of a response, once it has arrived: also of a call that fails afterwards.
pub(super) type Initial = Arc<OnceLock<MetadataMap>>;

impl Channels {
    /// A connected channel for this call alone, and where its response's initial metadata will be.
    pub(super) async fn channel(
        &self,
        call: &ClientCompatRequest,
    ) -> Result<(Channel, Initial), Trouble> {
        let config = Config::new(call);
        let shared = {
            let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(channels.entry(config.clone()).or_default())
        };
        // Connected now, because the call's time must not be spent on it.
        let connect = async || Ok::<_, Trouble>(Channel::connect(config.endpoint()?).await?);
        let channel = shared.get_or_try_init(connect).await?;
        let initial = Initial::default();
        Ok((channel.intercept(Listener(Arc::clone(&initial))), initial))
    }
}

impl Config {
    fn new(call: &ClientCompatRequest) -> Config {
        let own = call.client_tls_creds.clone();
        Config {
            address: format!("http://{}:{}", call.host, call.port),
            authority: call.server_tls_cert.clone(),
            own: own.map(|TLSCreds { cert, key, .. }| (cert, key)),
            compression: call.compression,
            message_bytes_max: call.message_receive_limit,
        }
    }

    fn endpoint(&self) -> Result<Endpoint, Trouble> {
        let mut endpoint = Endpoint::parse(&self.address)?;
        if let Some(tls) = self.tls()? {
            endpoint = endpoint.tls(tls);
        }
        if let bytes @ 1.. = self.message_bytes_max {
            endpoint = endpoint.max_message_bytes(bytes as usize);
        }
        match self.compression {
            Compression::Unspecified | Compression::Identity => Ok(endpoint),
            Compression::Gzip => Ok(endpoint.compress(Gzip::default())),
            Compression::Deflate => Ok(endpoint.compress(Deflate::default())),
            other => Err(format!("{other:?} is not among the encodings that there are").into()),
        }
    }

    fn tls(&self) -> Result<Option<ClientTls>, Trouble> {
        if self.authority.is_empty() {
            return Ok(None);
        }
        Ok(Some(match &self.own {
            None => ClientTls::from_pem(&self.authority)?,
            Some((cert, key)) => ClientTls::mutual_from_pem(&self.authority, cert, key)?,
        }))
    }
}

/// Notes the initial metadata.
struct Listener(Initial);

impl ClientInterceptor for Listener {
    async fn intercept(
        &self,
        call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let response = next.run(call).await?;
        // Each call has an interceptor of its own, so that there is nothing yet.
        self.0.get_or_init(|| response.metadata().clone());
        Ok(response)
    }
}
