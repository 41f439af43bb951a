//! Are callers let in who have shown who they are, and nobody else?

use auth::token::{Bearer, RequireToken};
use auth::whoami::{Question, WhoAmIClient, WhoAmIServer};
use auth::{Mirror, ask, certificate, development, token};
use ironwire::{Channel, Code, Request, Server};

/// The server behind the tokens; in this process there is no TLS.
fn behind_tokens() -> Channel {
    let tokens = RequireToken {
        callers: development::tokens(),
    };
    let server = Server::new()
        .intercept(tokens)
        .add(WhoAmIServer::new(Mirror));
    server.in_process().unwrap()
}

/// The name that the server gives to a call with this `authorization`, or how it refuses.
async fn authorized(authorization: &str) -> Result<String, Code> {
    let mut request = Request::new(Question::default());
    let metadata = request.metadata_mut();
    metadata.insert("authorization", authorization).unwrap();
    match WhoAmIClient::new(behind_tokens()).ask(request).await {
        Ok(answer) => Ok(answer.into_inner().name),
        Err(status) => Err(status.code()),
    }
}

#[tokio::test]
async fn a_known_token_says_whose_it_is() {
    for (token, name) in [("alices-secret", "alice"), ("bobs-secret", "bob")] {
        let channel = behind_tokens().intercept(Bearer::new(token));
        assert_eq!(ask(channel).await.unwrap(), name);
    }
    assert_eq!(authorized("bearer bobs-secret").await.as_deref(), Ok("bob"));
}

#[tokio::test]
async fn other_tokens_are_refused() {
    let others = [
        "Bearer alices-secres",
        "Bearer alices-secret ",
        "Bearer alices-secre",
        "Bearer ",
        "Bearer",
        "Basic alices-secret",
        "alices-secret",
    ];
    for other in others {
        assert_eq!(
            authorized(other).await,
            Err(Code::Unauthenticated),
            "{other:?}"
        );
    }
    let without = ask(behind_tokens()).await.unwrap_err();
    assert_eq!(without.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_service_without_an_interceptor_lets_nobody_in() {
    let server = Server::new().add(WhoAmIServer::new(Mirror));
    let status = ask(server.in_process().unwrap()).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
}

/// The address of a server that runs as long as the test.
async fn serve(server: Server) -> String {
    let server = server.bind("127.0.0.1:0").await.unwrap();
    let address = server.address();
    tokio::spawn(server.serve());
    address
}

#[tokio::test]
async fn a_token_travels_over_tls() {
    let address = serve(token::server(development::tokens()).unwrap()).await;
    let channel = token::channel(&address, "alices-secret").unwrap();
    assert_eq!(ask(channel).await.unwrap(), "alice");
    let in_plain_text = Channel::lazy(address).unwrap();
    let status = ask(in_plain_text.intercept(Bearer::new("alices-secret"))).await;
    assert_eq!(status.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn a_certificate_says_whose_it_is_and_must_be_signed_by_the_right_authority() {
    let address = serve(certificate::server().unwrap()).await;
    let channel = certificate::channel(&address, Some(development::ALICE)).unwrap();
    assert_eq!(ask(channel).await.unwrap(), "alice");
    for other in [None, Some(development::MALLORY)] {
        let channel = certificate::channel(&address, other).unwrap();
        let status = ask(channel).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable, "{status}");
    }
}
