//! The descriptors that a package embeds so that its services can be asked about: those of the services' files and of all
//! that these import. Never looks inside one.

use std::collections::BTreeSet;

use super::FileSet;
use crate::input::File;
use crate::names::Scope;

/// What a package embeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescriptorSet {
    /// The name of the static, such as `FILE_DESCRIPTOR_SET`.
    pub name: String,
    /// The encoded `FileDescriptorSet`, imports before importers; empty where there is none.
    pub bytes: Vec<u8>,
}

/// `FileDescriptorSet.file`, as a tag: field 1, length-delimited.
const FILE: u8 = 1 << 3 | 2;

/// Collects the descriptors of a package's services. `values` is what is taken in its module.
pub(crate) fn plan(set: &FileSet<'_>, files: &[&File], values: &mut Scope) -> DescriptorSet {
    let mut collected = Collected {
        set,
        seen: BTreeSet::new(),
        bytes: Vec::new(),
    };
    for file in files.iter().filter(|file| !file.services.is_empty()) {
        collected.add(file);
    }
    if collected.bytes.is_empty() {
        return DescriptorSet::default();
    }
    DescriptorSet {
        name: values.claim("FILE_DESCRIPTOR_SET"),
        bytes: collected.bytes,
    }
}

struct Collected<'a> {
    set: &'a FileSet<'a>,
    seen: BTreeSet<&'a str>,
    bytes: Vec<u8>,
}

impl<'a> Collected<'a> {
    fn add(&mut self, file: &'a File) {
        if !self.seen.insert(&file.name) || file.descriptor.is_empty() {
            return;
        }
        for import in &file.imports {
            if let Some(import) = self.set.file(import) {
                self.add(import);
            }
        }
        self.bytes.push(FILE);
        let mut length = file.descriptor.len();
        while length >= 0x80 {
            self.bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.bytes.push(length as u8);
        self.bytes.extend(&file.descriptor);
    }
}
