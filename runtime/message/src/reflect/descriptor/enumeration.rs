//! Enum types: their names and values. Never knows a Rust enum.

use core::fmt;

use crate::pool::{self, PoolEnum};
use crate::table::EnumTable;

/// An enum type.
#[derive(Clone)]
pub struct EnumDescriptor(pub(crate) EnumRepr);

#[derive(Clone)]
pub(crate) enum EnumRepr {
    Table(&'static EnumTable),
    Pool(PoolEnum),
}

impl EnumDescriptor {
    /// The name with its package.
    pub fn full_name(&self) -> &str {
        match &self.0 {
            EnumRepr::Table(table) => table.full_name,
            EnumRepr::Pool(e) => &e.data().full_name,
        }
    }

    /// Whether numbers without a name are unknown fields.
    pub fn is_closed(&self) -> bool {
        match &self.0 {
            EnumRepr::Table(table) => table.is_closed,
            EnumRepr::Pool(e) => e.data().is_closed,
        }
    }

    /// The names and numbers, in the order of the `.proto` file.
    pub fn values(&self) -> impl Iterator<Item = (&str, i32)> {
        let (table, pool): (&[_], &[pool::EnumValue]) = match &self.0 {
            EnumRepr::Table(table) => (table.values, &[]),
            EnumRepr::Pool(e) => (&[], &e.data().values),
        };
        let pool = pool.iter().map(|value| (&*value.name, value.number));
        table.iter().copied().chain(pool)
    }

    /// The first name of this number.
    pub fn name_of(&self, number: i32) -> Option<&str> {
        let mut values = self.values();
        values.find(|(_, n)| *n == number).map(|(name, _)| name)
    }

    /// The number of this name.
    pub fn number_of(&self, name: &str) -> Option<i32> {
        let mut values = self.values();
        values.find(|(n, _)| *n == name).map(|(_, number)| number)
    }

    /// The number of the first value.
    pub fn default_number(&self) -> i32 {
        self.values().next().map_or(0, |(_, number)| number)
    }
}

impl PartialEq for EnumDescriptor {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (EnumRepr::Table(a), EnumRepr::Table(b)) => a.full_name == b.full_name,
            (EnumRepr::Pool(a), EnumRepr::Pool(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for EnumDescriptor {}

impl fmt::Debug for EnumDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnumDescriptor({})", self.full_name())
    }
}
