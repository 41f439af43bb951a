//! The client: makes the calls that come in on standard input, and tells on standard output what came of each.
//!
//! Never makes a call itself: that is `call.rs`.

use crate::call::{Call, Channels};
use crate::delimited;
use crate::v1::client_compat_response::Result as Outcome;
use crate::v1::{ClientCompatRequest, ClientCompatResponse, ClientErrorResult};
use std::error::Error;
use std::io;
use std::sync::Arc;
use tokio::io::BufReader;
use tokio::sync::{Semaphore, mpsc};

/// How many calls are made at a time; the runner allows any number and any order. As many as it makes itself when it tests
/// a server.
const CALLS_MAX: usize = 8;

/// Makes calls until standard input ends.
///
/// # Errors
/// When standard input or output fails, or holds something else.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let (sender, receiver) = mpsc::channel(CALLS_MAX);
    let writer = tokio::spawn(write_all(receiver));
    let permits = Arc::new(Semaphore::new(CALLS_MAX));
    let channels = Arc::new(Channels::default());
    let mut input = BufReader::new(tokio::io::stdin());
    while let Some(request) = delimited::read::<ClientCompatRequest>(&mut input).await? {
        let permit = Arc::clone(&permits).acquire_owned().await?;
        let sender = sender.clone();
        let channels = Arc::clone(&channels);
        tokio::spawn(async move {
            // Fails when the output has, which ends the program.
            let _ = sender.send(answer(request, &channels).await).await;
            drop(permit);
        });
    }
    drop(sender);
    Ok(writer.await??)
}

async fn write_all(mut responses: mpsc::Receiver<ClientCompatResponse>) -> io::Result<()> {
    let mut output = tokio::io::stdout();
    while let Some(response) = responses.recv().await {
        delimited::write(&mut output, &response).await?;
    }
    Ok(())
}

/// Makes the call; what keeps it from being made is an error of the test, not of the call.
async fn answer(request: ClientCompatRequest, channels: &Channels) -> ClientCompatResponse {
    let test_name = request.test_name.clone();
    let made = match Call::new(request, channels).await {
        Ok(call) => call.make().await,
        Err(error) => Err(error),
    };
    let result = match made {
        Ok(result) => Outcome::Response(result),
        Err(error) => Outcome::Error(ClientErrorResult {
            message: error.to_string(),
            ..Default::default()
        }),
    };
    ClientCompatResponse {
        test_name,
        result: Some(result),
        ..Default::default()
    }
}
