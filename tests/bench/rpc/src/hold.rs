//! Connections and calls that are opened and then left alone, to see what each costs a server in memory.
//!
//! Never sends a message.

use crate::Error;
use crate::client::Bare;
use crate::client::Caller;
use std::net::SocketAddr;

/// Opens the connections, and on each the streams, and tells on standard output; then holds them until standard input
/// ends.
///
/// # Errors
/// When the server refuses.
pub async fn hold(address: SocketAddr, connections: usize, streams: usize) -> Result<(), Error> {
    let mut held = Vec::new();
    for _ in 0..connections {
        let caller = Bare::connect(address).await?;
        let mut open = Vec::new();
        for _ in 0..streams {
            open.push(caller.open_bidi().await?);
        }
        held.push((caller, open));
    }
    println!("holding");
    let mut end = String::new();
    tokio::task::spawn_blocking(move || std::io::stdin().read_line(&mut end)).await??;
    Ok(())
}
