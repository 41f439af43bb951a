//! A service that tells its callers who they are, and two ways to know that: a bearer token in the metadata of each call, or
//! a certificate that the client shows when it connects.
//!
//! ```text
//! cargo run -p auth -- server token               cargo run -p auth -- client --token alices-secret
//! cargo run -p auth -- server certificate         cargo run -p auth -- client --certificate alice
//! ```
//!
//! The service itself never decides who somebody is: an interceptor in front of it does.

pub mod certificate;
pub mod development;
pub mod token;

use ironwire::{Channel, Request, Response, Status};

ironwire::include_proto!("whoami");

use crate::whoami::{Answer, Question, WhoAmI, WhoAmIClient};

/// Who makes a call. Interceptors put it into the call's extensions, where the handler finds it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The name that the server knows the caller by.
    pub name: String,
}

/// The service.
#[derive(Debug)]
pub struct Mirror;

impl WhoAmI for Mirror {
    async fn ask(&self, request: Request<Question>) -> Result<Response<Answer>, Status> {
        let caller: Option<&Caller> = request.extensions().get();
        // A server that was put together without an interceptor must not let anybody in.
        let caller = caller.ok_or_else(|| Status::internal("nobody has checked the caller"))?;
        Ok(Response::new(Answer {
            name: caller.name.clone(),
            ..Default::default()
        }))
    }
}

/// Asks the server for the caller's name.
///
/// # Errors
/// When the server cannot be reached, or does not let the caller in.
pub async fn ask(channel: Channel) -> Result<String, Status> {
    let answer = WhoAmIClient::new(channel).ask(Question::default()).await?;
    Ok(answer.into_inner().name)
}
