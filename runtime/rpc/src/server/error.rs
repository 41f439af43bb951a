//! Why a server cannot begin to serve.
//!
//! Never about a connection or a call: those fail alone.

use std::fmt;
use std::io;

/// A server could not begin to serve.
pub struct ServeError {
    kind: Kind,
}

enum Kind {
    Bind {
        address: String,
        error: io::Error,
    },
    DuplicateService(&'static str),
    UnknownName(String),
    #[cfg(feature = "services")]
    Descriptors {
        service: &'static str,
        error: ironwire_message::DecodeError,
    },
}

impl ServeError {
    pub(crate) fn bind(address: String, error: io::Error) -> ServeError {
        ServeError {
            kind: Kind::Bind { address, error },
        }
    }

    pub(crate) fn duplicate_service(name: &'static str) -> ServeError {
        ServeError {
            kind: Kind::DuplicateService(name),
        }
    }

    pub(crate) fn unknown_name(name: &str) -> ServeError {
        ServeError {
            kind: Kind::UnknownName(name.to_owned()),
        }
    }

    #[cfg(feature = "services")]
    pub(crate) fn descriptors(
        service: &'static str,
        error: ironwire_message::DecodeError,
    ) -> ServeError {
        ServeError {
            kind: Kind::Descriptors { service, error },
        }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Bind { address, error } => write!(f, "cannot listen on {address}: {error}"),
            Kind::DuplicateService(name) => {
                write!(
                    f,
                    "service {name} was added twice: a server has one of each name"
                )
            }
            Kind::UnknownName(name) => {
                write!(
                    f,
                    "{name:?} has limits and is not served; a name is like hello.HelloService or \
                     hello.HelloService/SayHello"
                )
            }
            #[cfg(feature = "services")]
            Kind::Descriptors { service, error } => {
                write!(f, "the descriptors of service {service}: {error}")
            }
        }
    }
}

/// The same text: it is what a program that returns the error from `main` prints.
impl fmt::Debug for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServeError({self})")
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Bind { error, .. } => Some(error),
            Kind::DuplicateService(_) | Kind::UnknownName(_) => None,
            #[cfg(feature = "services")]
            Kind::Descriptors { error, .. } => Some(error),
        }
    }
}
