//! Request bodies for `h2load`, which sends the contents of a file.
//!
//! Never decodes anything.

use crate::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A file with length-prefixed requests, removed with the value.
pub(crate) struct Body {
    path: PathBuf,
}

impl Body {
    /// Writes `messages` times the request with this `id` and a payload of this size.
    pub(crate) fn write(id: u32, payload: usize, messages: usize) -> Result<Body, Error> {
        let name = format!(
            "ironwire-bench-{}-{id}-{payload}-{messages}",
            std::process::id()
        );
        let path = std::env::temp_dir().join(name);
        fs::write(&path, framed(id, payload).repeat(messages))?;
        Ok(Body { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        // What is left in the directory for temporary files does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

fn framed(id: u32, payload: usize) -> Vec<u8> {
    const NAME: &[u8] = b"bench";
    let mut message = vec![0x0a, NAME.len() as u8];
    message.extend(NAME);
    message.push(0x10);
    put_varint(&mut message, id as usize);
    if payload > 0 {
        message.push(0x1a);
        put_varint(&mut message, payload);
        message.resize(message.len() + payload, b'x');
    }
    let mut framed = vec![0];
    framed.extend(
        u32::try_from(message.len())
            .expect("it is small")
            .to_be_bytes(),
    );
    framed.extend(message);
    framed
}

fn put_varint(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
