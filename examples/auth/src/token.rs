//! Authentication by bearer token: the client sends `authorization: Bearer TOKEN` with every call, the server looks the
//! token up.
//!
//! Whoever sees a token can use it, so it travels over TLS only, and never into a log or an error.

use crate::development;
use crate::whoami::WhoAmIServer;
use crate::{Caller, Mirror};
use ironwire::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use ironwire::server::{Next, Outcome, ServerCall, ServerInterceptor};
use ironwire::tls::{ClientTls, ServerTls, TlsError};
use ironwire::{Channel, Endpoint, Server, Status};
use std::error::Error;
use std::hint::black_box;

/// A server that knows its callers by their tokens.
///
/// # Errors
/// When the certificates cannot be used.
pub fn server(callers: Vec<(String, Caller)>) -> Result<Server, TlsError> {
    let tls = ServerTls::from_pem(development::SERVER, development::SERVER_KEY)?;
    Ok(Server::new()
        .tls(tls)
        .intercept(RequireToken { callers })
        .add(WhoAmIServer::new(Mirror)))
}

/// A channel that sends this token with every call.
///
/// # Errors
/// When the address is malformed or the certificates cannot be used.
pub fn channel(address: &str, token: &str) -> Result<Channel, Box<dyn Error>> {
    let tls = ClientTls::from_pem(development::AUTHORITY)?;
    let channel = Channel::lazy(Endpoint::parse(address)?.tls(tls))?;
    Ok(channel.intercept(Bearer::new(token)))
}

/// The client's side: adds the token to each call.
pub struct Bearer {
    authorization: String,
}

impl Bearer {
    /// With a token that does not change. One that expires would be fetched in [`intercept`](ClientInterceptor::intercept),
    /// which may wait.
    pub fn new(token: &str) -> Bearer {
        Bearer {
            authorization: format!("Bearer {token}"),
        }
    }
}

impl ClientInterceptor for Bearer {
    async fn intercept(
        &self,
        mut call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        call.metadata_mut()
            .insert("authorization", &self.authorization)
            .map_err(|_| Status::invalid_argument("the token is not printable ASCII"))?;
        next.run(call).await
    }
}

/// The server's side: lets those calls through whose token is known, and notes whose it is.
pub struct RequireToken {
    /// Tokens and their owners.
    pub callers: Vec<(String, Caller)>,
}

impl ServerInterceptor for RequireToken {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        match self.caller(&call).cloned() {
            Some(caller) => {
                call.extensions_mut().insert(caller);
                next.run(call).await
            }
            None => Status::unauthenticated("a valid bearer token is needed").into(),
        }
    }
}

impl RequireToken {
    fn caller(&self, call: &ServerCall) -> Option<&Caller> {
        let authorization = call.metadata().get("authorization")?;
        // The scheme's name is the same in upper and lower case (RFC 9110, section 11.1).
        let (scheme, token) = authorization.split_once(' ')?;
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        let mut callers = self.callers.iter().filter(|_| is_bearer);
        let (_, caller) = callers.find(|(known, _)| is_same(known, token))?;
        Some(caller)
    }
}

/// Takes as long for a token that is nearly right as for any other, so that nobody can feel their way to one.
fn is_same(known: &str, token: &str) -> bool {
    let pairs = known.bytes().zip(token.bytes());
    let difference = pairs.fold(0, |difference, (a, b)| black_box(difference | (a ^ b)));
    known.len() == token.len() && difference == 0
}
