//! The symbol table: full name to definition, over all files of a schema. It knows nothing of imports.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable, hash_table};

use super::{
    EnumId, EnumValueId, FieldId, FileId, MessageId, MethodId, OneofId, ServiceId, Text, TextArena,
};

/// Anything with a full name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Symbol {
    /// A package or the beginning of one, with the first file that is in it.
    Package(FileId),
    Message(MessageId),
    Field(FieldId),
    Oneof(OneofId),
    Enum(EnumId),
    EnumValue(EnumValueId),
    Service(ServiceId),
    Method(MethodId),
}

impl Symbol {
    /// Whether other symbols' names may begin with this one's.
    pub(crate) fn is_aggregate(self) -> bool {
        matches!(
            self,
            Self::Package(_) | Self::Message(_) | Self::Enum(_) | Self::Service(_)
        )
    }

    pub(crate) fn is_type(self) -> bool {
        matches!(self, Self::Message(_) | Self::Enum(_))
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    name: Text,
    symbol: Symbol,
}

/// Definitions by full name, without a leading dot.
#[derive(Clone, Debug, Default)]
pub(crate) struct SymbolTable {
    entries: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

impl SymbolTable {
    pub(crate) fn find(&self, text: &TextArena, name: &str) -> Option<Symbol> {
        let hash = self.hasher.hash_one(name);
        let entry = self
            .entries
            .find(hash, |entry| text.get(entry.name) == name)?;
        Some(entry.symbol)
    }

    /// Adds a definition, unless the name is taken: then the one that has it is returned.
    pub(crate) fn insert(
        &mut self,
        text: &TextArena,
        name: Text,
        symbol: Symbol,
    ) -> Result<(), Symbol> {
        let hasher = &self.hasher;
        let entry = self.entries.entry(
            hasher.hash_one(text.get(name)),
            |entry| text.get(entry.name) == text.get(name),
            |entry| hasher.hash_one(text.get(entry.name)),
        );
        match entry {
            hash_table::Entry::Occupied(taken) => Err(taken.get().symbol),
            hash_table::Entry::Vacant(free) => {
                free.insert(Entry { name, symbol });
                Ok(())
            }
        }
    }
}
