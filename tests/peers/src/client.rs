//! The rows of the table, as our client tries them.
//!
//! Never prints: a row that returns has passed, one that panics tells what was wrong.

mod endings;
mod metadata;
mod volume;

use crate::peer::PeerClient;
use clap::ValueEnum;
use ironwire::{ConnectError, Endpoint};

/// What is tried.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Row {
    /// Metadata of both kinds, repeated keys included, goes there and comes back.
    Metadata,
    /// Every code arrives, with a message that is not ASCII.
    Status,
    /// The rich error model: details of a status.
    Details,
    /// A deadline is told to the server, and ends the call on both sides.
    Deadline,
    /// A cancelled call is over for the server too.
    Cancellation,
    /// 3,000 calls, ten at a time: more than a proxy or a server allows a connection.
    ManyCalls,
    /// Messages of 3 MiB each way.
    Large,
    /// Messages of 5 MiB are refused by whoever receives them.
    TooLarge,
    /// 10,000 messages from the server.
    ServerStream,
    /// 10,000 messages to the server.
    ClientStream,
    /// 10,000 messages each way in one call.
    BidiStream,
}

/// Makes the calls of the row.
pub(crate) async fn run(row: Row, server: Endpoint) -> Result<(), ConnectError> {
    let client = PeerClient::connect(server).await?;
    match row {
        Row::Metadata => metadata::goes_both_ways(&client).await,
        Row::Status => endings::every_code(&client).await,
        Row::Details => endings::details(&client).await,
        Row::Deadline => endings::deadline(&client).await,
        Row::Cancellation => endings::cancellation(&client).await,
        Row::ManyCalls => volume::many_calls(&client).await,
        Row::Large => volume::large(&client).await,
        Row::TooLarge => volume::too_large(&client).await,
        Row::ServerStream => volume::server_stream(&client).await,
        Row::ClientStream => volume::client_stream(&client).await,
        Row::BidiStream => volume::bidi_stream(&client).await,
    }
    Ok(())
}
