//! The languages a file can be written in. What they mean is decided by the features pass.

/// The language of a file, decided by its first statement. [`number`](Dialect::number) puts them in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `syntax = "proto2"`, or nothing.
    Proto2,
    /// `syntax = "proto3"`.
    Proto3,
    /// `edition = "…"`.
    Edition(Edition),
}

/// The editions protoc knows by name (`enum Edition`, descriptor.proto).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edition {
    /// `LEGACY`: before every other; refused when a file asks for it.
    Legacy,
    /// `1_TEST_ONLY`.
    TestOnly1,
    /// `2_TEST_ONLY`.
    TestOnly2,
    /// `2023`.
    Edition2023,
    /// `2024`.
    Edition2024,
    /// `2026`.
    Edition2026,
    /// `UNSTABLE`.
    Unstable,
    /// `99997_TEST_ONLY`.
    TestOnly99997,
    /// `99998_TEST_ONLY`.
    TestOnly99998,
    /// `99999_TEST_ONLY`.
    TestOnly99999,
    /// `MAX`.
    Max,
}

impl Dialect {
    /// Its number in `enum Edition` (descriptor.proto), which orders all of them.
    pub const fn number(self) -> i32 {
        match self {
            Self::Proto2 => 998,
            Self::Proto3 => 999,
            Self::Edition(edition) => edition.number(),
        }
    }
}

impl Edition {
    /// Its number in `enum Edition` (descriptor.proto).
    pub const fn number(self) -> i32 {
        match self {
            Self::Legacy => 900,
            Self::TestOnly1 => 1,
            Self::TestOnly2 => 2,
            Self::Edition2023 => 1000,
            Self::Edition2024 => 1001,
            Self::Edition2026 => 1002,
            Self::Unstable => 9999,
            Self::TestOnly99997 => 99997,
            Self::TestOnly99998 => 99998,
            Self::TestOnly99999 => 99999,
            Self::Max => i32::MAX,
        }
    }
}
