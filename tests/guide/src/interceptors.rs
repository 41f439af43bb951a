//! What stands before every call, on either side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ironwire::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use ironwire::server::{Next, Outcome, ServerCall, ServerInterceptor};
use ironwire::{Code, Request, Response, Status};

use crate::shop::{Order, Receipt, ShopClient};
use crate::till;

#[derive(Clone)]
struct Caller(&'static str);

fn authenticate(call: &mut ServerCall) -> Result<(), Status> {
    let caller = match call.metadata().get("authorization") {
        Some("Bearer alices-secret") => Caller("alice"),
        _ => return Err(Status::unauthenticated("a valid token is needed")),
    };
    call.extensions_mut().insert(caller);
    Ok(())
}

async fn buy(request: Request<Order>) -> Result<Response<Receipt>, Status> {
    let Some(Caller(name)) = request.extensions().get() else {
        return Err(Status::internal("nobody has checked the caller"));
    };
    println!("{name} buys {}", request.get_ref().item);
    Ok(Response::new(Receipt::default()))
}

#[tokio::test]
async fn callers_are_known_by_their_tokens() -> Result<(), Box<dyn std::error::Error>> {
    let channel = till::server(buy).intercept(authenticate).in_process()?;

    let stranger = ShopClient::new(channel.clone());
    let status = stranger.buy(Order::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);

    let channel = channel.intercept(|call: &mut ClientCall| {
        call.metadata_mut()
            .insert("authorization", "Bearer alices-secret")?;
        Ok(())
    });
    let alice = ShopClient::new(channel);
    alice.buy(Order::default()).await?;
    Ok(())
}

/// Makes a call again that the server says it could not take.
struct Again;

impl ClientInterceptor for Again {
    async fn intercept(
        &self,
        call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        // A stream of requests can be read only once: then there is no copy.
        let copy = call.try_clone();
        match (next.clone().run(call).await, copy) {
            (Err(status), Some(copy)) if status.code() == Code::Unavailable => next.run(copy).await,
            (result, _) => result,
        }
    }
}

/// Counts how the calls of a server end.
#[derive(Clone, Default)]
struct Ends {
    well: Arc<AtomicU64>,
    badly: Arc<AtomicU64>,
}

impl ServerInterceptor for Ends {
    async fn intercept(&self, call: ServerCall, next: Next) -> Outcome {
        let path = call.path().to_owned();
        let outcome = next.run(call).await;
        match outcome.status() {
            Ok(()) => self.well.fetch_add(1, Ordering::Relaxed),
            Err(status) => {
                println!("{path}: {status}");
                self.badly.fetch_add(1, Ordering::Relaxed)
            }
        };
        outcome
    }
}

#[tokio::test]
async fn calls_are_made_again_and_counted() -> Result<(), Box<dyn std::error::Error>> {
    let ends = Ends::default();
    let calls = AtomicU64::new(0);
    let server = till::server(move |_: Request<Order>| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            match call {
                0 => Err(Status::unavailable("not yet")),
                _ => Ok(Response::new(Receipt::default())),
            }
        }
    });
    let channel = server.intercept(ends.clone()).in_process()?;
    let client = ShopClient::new(channel.intercept(Again));
    client.buy(Order::default()).await?;
    assert_eq!(ends.well.load(Ordering::Relaxed), 1);
    assert_eq!(ends.badly.load(Ordering::Relaxed), 1);
    Ok(())
}
