//! The code of `docs/guide.md`.
//!
//! The guide shows parts of these files, and `excerpts.rs` sees to it that it shows nothing else. Each file is a chapter or two;
//! here is nothing but what they share.

ironwire::include_proto!();

#[cfg(test)]
mod building;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod channels;
#[cfg(test)]
mod deadlines;
#[cfg(test)]
mod dynamic;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod excerpts;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod interceptors;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod metadata;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod services;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod till;
#[cfg(test)]
mod tls;
