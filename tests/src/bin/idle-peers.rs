//! Opens idle connections to the server at a Unix socket, says so when the server has answered them all, and keeps them
//! until its standard input ends.
//!
//! Never makes a call.

use ironwire_tests::frames::{Frame, PREFACE};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(count)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: idle-peers SOCKET COUNT");
        std::process::exit(2);
    };
    let count = count.parse().expect("a number of connections");
    let hello = [PREFACE, &Frame::settings(&[]).encode()].concat();
    let mut connections = Vec::new();
    for _ in 0..count {
        let mut connection = UnixStream::connect(&path)?;
        connection.write_all(&hello)?;
        connections.push(connection);
    }
    for connection in &mut connections {
        // The header of the server's SETTINGS.
        connection.read_exact(&mut [0; 9])?;
    }
    println!("{}", connections.len());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
