//! The data sets. Never measures.

mod google_message1;
mod graph;
mod log;
mod mesh;
mod minecraft;
mod mk48;

use crate::Error;
use crate::peers::{Buffa, Ironwire, Peer, Prost, RustProtobuf};
use crate::random::Random;
use crate::schema;
use ironwire::message::Message;

/// A data set by name.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    make: fn() -> Result<Set, Error>,
}

/// One message, as bytes and in the types of each peer.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// In the order of [`NAMES`](crate::peers::NAMES).
    pub(crate) peers: [Box<dyn Peer>; 4],
}

macro_rules! sets {
    ($($name:literal: $package:ident::$message:ident;)*) => {
        const ENTRIES: &[Entry] = &[$(Entry {
            name: $name,
            make: || {
                let message: schema::ironwire::$package::$message = $package::make(&mut Random::new(1));
                let bytes = message.encode_to_vec();
                Ok(Set {
                    name: $name,
                    peers: [
                        Ironwire::<schema::ironwire::$package::$message>::of(&bytes)?,
                        Prost::<schema::prost::$package::$message>::of(&bytes)?,
                        Buffa::<schema::buffa::$package::$message>::of(&bytes)?,
                        RustProtobuf::<schema::rust_protobuf::$package::$message>::of(&bytes)?,
                    ],
                    bytes,
                })
            },
        }),*];
    };
}

sets! {
    "log": log::Logs;
    "mesh": mesh::Mesh;
    "minecraft": minecraft::Players;
    "mk48": mk48::Updates;
    "GoogleMessage1": google_message1::GoogleMessage1;
    "graph": graph::Graph;
}

impl Entry {
    /// Makes the set up.
    pub(crate) fn make(&self) -> Result<Set, Error> {
        (self.make)()
    }
}

impl Set {
    /// Fails unless every peer reads what every peer writes.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for writer in &self.peers {
            let bytes = writer.encoded();
            for reader in &self.peers {
                if !reader.reads(&bytes)? {
                    let (reader, writer) = (reader.name(), writer.name());
                    return Err(format!("{}: {reader} misreads {writer}", self.name).into());
                }
            }
        }
        Ok(())
    }

    pub(crate) fn peer(&self, name: &str) -> Result<&dyn Peer, Error> {
        let mut peers = self.peers.iter();
        let peer = peers.find(|peer| peer.name() == name);
        Ok(peer.ok_or_else(|| format!("no peer {name}"))?.as_ref())
    }
}

/// The set of this name.
pub(crate) fn named(name: &str) -> Result<&'static Entry, Error> {
    let entry = ENTRIES.iter().find(|entry| entry.name == name);
    Ok(entry.ok_or_else(|| format!("no set {name}"))?)
}

/// The sets of these names; all for none.
pub(crate) fn select(names: &[String]) -> Result<Vec<&'static Entry>, Error> {
    match names {
        [] => Ok(ENTRIES.iter().collect()),
        names => names.iter().map(|name| named(name)).collect(),
    }
}
