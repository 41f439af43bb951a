//! Editions, and the features that are all that distinguishes them. Nothing here asks which syntax a file
//! was written in: proto2 and proto3 are editions like the others.

use std::fmt;

/// `google.protobuf.Edition`. Editions are ordered by age.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edition(i32);

impl Edition {
    /// What every default of a feature starts from.
    pub(crate) const LEGACY: Self = Self(900);
    /// `syntax = "proto2"`, or no `syntax` at all.
    pub const PROTO2: Self = Self(998);
    /// `syntax = "proto3"`.
    pub const PROTO3: Self = Self(999);
    /// `edition = "2023"`.
    pub const EDITION_2023: Self = Self(1000);
    /// `edition = "2024"`.
    pub const EDITION_2024: Self = Self(1001);
    /// `edition = "2026"`.
    pub const EDITION_2026: Self = Self(1002);
    /// `edition = "UNSTABLE"`: a placeholder for features that no edition has yet.
    pub(crate) const UNSTABLE: Self = Self(9999);

    /// The newest edition that files may be written in.
    pub(crate) const NEWEST: Self = Self::EDITION_2026;

    /// The names of `descriptor.proto`, without `EDITION_`.
    const NAMES: [(&'static str, Self); 14] = [
        ("LEGACY", Self::LEGACY),
        ("PROTO2", Self::PROTO2),
        ("PROTO3", Self::PROTO3),
        ("2023", Self::EDITION_2023),
        ("2024", Self::EDITION_2024),
        ("2026", Self::EDITION_2026),
        ("UNSTABLE", Self::UNSTABLE),
        ("1_TEST_ONLY", Self(1)),
        ("2_TEST_ONLY", Self(2)),
        ("99997_TEST_ONLY", Self(99997)),
        ("99998_TEST_ONLY", Self(99998)),
        ("99999_TEST_ONLY", Self(99999)),
        ("MAX", Self(i32::MAX)),
        ("UNKNOWN", Self(0)),
    ];

    /// The value of `google.protobuf.Edition`.
    pub fn number(self) -> i32 {
        self.0
    }

    pub(crate) fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Whether files of this edition are written with `syntax` rather than `edition`.
    pub fn is_legacy(self) -> bool {
        self < Self::EDITION_2023
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMES.iter().find(|(_, edition)| edition == self) {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

macro_rules! feature_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $number:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($(#[$variant_doc])* $variant = $number,)* }

        impl $name {
            /// The value of that number; none for the `UNKNOWN` value.
            pub(crate) fn from_number(number: i32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

feature_enums! {
    /// `features.field_presence`: what a field without a value means.
    FieldPresence {
        /// Set and unset differ.
        Explicit = 1,
        /// The zero value is the unset one.
        Implicit = 2,
        /// A message without it is incomplete: proto2's `required`.
        LegacyRequired = 3,
    }
    /// `features.enum_type`: what becomes of unknown numbers.
    EnumType {
        /// They are values of the field.
        Open = 1,
        /// They are unknown fields.
        Closed = 2,
    }
    /// `features.repeated_field_encoding`.
    RepeatedFieldEncoding {
        /// One length-delimited record for all elements of a scalar type.
        Packed = 1,
        /// One record for each element.
        Expanded = 2,
    }
    /// `features.utf8_validation`.
    Utf8Validation {
        /// Strings that are not UTF-8 are refused.
        Verify = 2,
        /// They are taken as they come.
        None = 3,
    }
    /// `features.message_encoding`.
    MessageEncoding {
        /// A length in front.
        LengthPrefixed = 1,
        /// Between a start tag and an end tag, as proto2's groups.
        Delimited = 2,
    }
    /// `features.json_format`.
    JsonFormat {
        /// JSON names must not conflict.
        Allow = 1,
        /// Conflicts of JSON names are only warned of.
        LegacyBestEffort = 2,
    }
    /// `features.enforce_naming_style`.
    EnforceNamingStyle {
        /// The style guide of 2024.
        Style2024 = 1,
        /// Any name.
        StyleLegacy = 2,
        /// The style guide of 2026.
        Style2026 = 3,
    }
    /// `features.default_symbol_visibility`: what `export` and `local` stand for where neither is written.
    DefaultSymbolVisibility {
        /// Every symbol is exported.
        ExportAll = 1,
        /// Top-level symbols are exported, nested ones are local.
        ExportTopLevel = 2,
        /// Every symbol is local.
        LocalAll = 3,
        /// Every symbol is local, and nested ones cannot be exported.
        Strict = 4,
    }
    /// `features.enforce_proto_limits`: how many members a message, a oneof or an enum may have.
    EnforceProtoLimits {
        /// Any number; generated code may fail to compile.
        LegacyNoExplicitLimits = 1,
        /// As many as edition 2026 allows.
        ProtoLimits2026 = 2,
    }
}

/// The features of one element, resolved: every one has a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FeatureSet {
    /// `field_presence`.
    pub field_presence: FieldPresence,
    /// `enum_type`.
    pub enum_type: EnumType,
    /// `repeated_field_encoding`.
    pub repeated_field_encoding: RepeatedFieldEncoding,
    /// `utf8_validation`.
    pub utf8_validation: Utf8Validation,
    /// `message_encoding`.
    pub message_encoding: MessageEncoding,
    /// `json_format`.
    pub json_format: JsonFormat,
    /// `enforce_naming_style`.
    pub enforce_naming_style: EnforceNamingStyle,
    /// `default_symbol_visibility`.
    pub default_symbol_visibility: DefaultSymbolVisibility,
    /// `enforce_proto_limits`.
    pub enforce_proto_limits: EnforceProtoLimits,
}

impl FeatureSet {
    /// The `edition_defaults` of `descriptor.proto`, that of protoc 36.2 where it differs.
    pub(crate) fn of_edition(edition: Edition) -> Self {
        let mut features = Self {
            field_presence: FieldPresence::Explicit,
            enum_type: EnumType::Closed,
            repeated_field_encoding: RepeatedFieldEncoding::Expanded,
            utf8_validation: Utf8Validation::None,
            message_encoding: MessageEncoding::LengthPrefixed,
            json_format: JsonFormat::LegacyBestEffort,
            enforce_naming_style: EnforceNamingStyle::StyleLegacy,
            default_symbol_visibility: DefaultSymbolVisibility::ExportAll,
            enforce_proto_limits: EnforceProtoLimits::LegacyNoExplicitLimits,
        };
        if edition >= Edition::PROTO3 {
            features.field_presence = FieldPresence::Implicit;
            features.enum_type = EnumType::Open;
            features.repeated_field_encoding = RepeatedFieldEncoding::Packed;
            features.utf8_validation = Utf8Validation::Verify;
            features.json_format = JsonFormat::Allow;
        }
        if edition >= Edition::EDITION_2023 {
            features.field_presence = FieldPresence::Explicit;
        }
        if edition >= Edition::EDITION_2024 {
            features.enforce_naming_style = EnforceNamingStyle::Style2024;
            features.default_symbol_visibility = DefaultSymbolVisibility::ExportTopLevel;
        }
        if edition >= Edition::EDITION_2026 {
            features.enforce_naming_style = EnforceNamingStyle::Style2026;
            features.default_symbol_visibility = DefaultSymbolVisibility::Strict;
            features.enforce_proto_limits = EnforceProtoLimits::ProtoLimits2026;
        }
        features
    }
}
