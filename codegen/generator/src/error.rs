//! Why code could not be generated. Never describes a fault of the `.proto` text: front ends do that.

use std::fmt;

/// The files cannot be expressed in Rust as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    DuplicateItem { file: String, item: String },
}

impl Error {
    pub(crate) fn duplicate_item(file: &str, item: &str) -> Self {
        Self {
            kind: Kind::DuplicateItem {
                file: file.to_owned(),
                item: item.to_owned(),
            },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::DuplicateItem { file, item } => write!(
                f,
                "{file}: two messages or enums are both called `{item}` in Rust, which has one spelling for names \
                 that differ only in case\n  = help: rename one of them"
            ),
        }
    }
}

impl std::error::Error for Error {}
