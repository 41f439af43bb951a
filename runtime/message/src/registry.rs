//! The types and extensions that JSON and text can name: what an `Any` holds, what stands in brackets.
//!
//! Never loads anything: a type is known when someone has added it.

mod types;

use crate::dynamic::DynamicMessage;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::google::protobuf;
use crate::message::ReflectMessage;
use crate::pool::{DescriptorPool, PoolError};
use crate::reflect::{FieldDescriptor, MessageDescriptor, Reflect, ValueRef, required};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use core::fmt;
pub use types::{Type, Types};

/// The message types that an `Any` may hold and the extensions that messages may carry.
///
/// The binary format needs none of it. JSON and text write both by name, and find them here: in the registry that their
/// options name, or in the [global](Registry::global) one. The well-known types are in every registry.
///
/// ```
/// use ironwire_message::{Registry, google::protobuf::Any};
///
/// let any = Any { type_url: "type.googleapis.com/google.protobuf.Duration".into(), ..Default::default() };
/// let message = Registry::new().unpack(&any)?;
/// assert_eq!(message.full_name(), "google.protobuf.Duration");
/// # Ok::<(), ironwire_message::UnpackError>(())
/// ```
#[derive(Debug, Default)]
pub struct Registry {
    messages: BTreeMap<String, MessageDescriptor>,
    extensions: BTreeMap<String, FieldDescriptor>,
    /// The names of extensions by the message that they extend and their number.
    numbers: BTreeMap<(String, u32), String>,
}

static EMPTY: Registry = Registry::new();

#[cfg(feature = "std")]
static GLOBAL: std::sync::OnceLock<Registry> = std::sync::OnceLock::new();

impl Registry {
    /// A registry of nothing but the well-known types.
    pub const fn new() -> Self {
        Self {
            messages: BTreeMap::new(),
            extensions: BTreeMap::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// Adds a generated message type.
    #[must_use]
    pub fn with<M: ReflectMessage>(mut self) -> Self {
        self.add_message(MessageDescriptor::of::<M>());
        self
    }

    /// Adds the message types and extensions of a generated package: `Registry::new().with_types(catalog::TYPES)`. Those of the
    /// same name are replaced. What the package imports is in the constants of its own packages.
    #[must_use]
    pub fn with_types(mut self, types: Types) -> Self {
        for message in types.messages() {
            self.add_message(message);
        }
        for extension in types.extensions() {
            self.add_extension(extension);
        }
        self
    }

    /// Adds the message types and extensions of the files in an encoded `google.protobuf.FileDescriptorSet`: what a generated
    /// package has as `FILE_DESCRIPTOR_SET`, where it has services. Those of the same name are replaced.
    ///
    /// # Errors
    /// As [`DescriptorPool::from_file_set`].
    ///
    /// ```
    /// use ironwire_message::google::protobuf::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};
    /// use ironwire_message::{Message, Registry};
    ///
    /// let file = FileDescriptorProto {
    ///     package: Some("shop".into()),
    ///     message_type: vec![DescriptorProto { name: Some("Item".into()), ..Default::default() }],
    ///     ..Default::default()
    /// };
    /// let set = FileDescriptorSet { file: vec![file], ..Default::default() };
    /// let registry = Registry::new().with_files(&set.encode_to_vec())?;
    /// assert!(registry.message("shop.Item").is_some());
    /// # Ok::<(), ironwire_message::PoolError>(())
    /// ```
    pub fn with_files(mut self, file_set: &[u8]) -> Result<Self, PoolError> {
        self.add_pool(&DescriptorPool::from_file_set(file_set)?);
        Ok(self)
    }

    /// Adds the message types and extensions of a pool; those of the same name are replaced.
    pub fn add_pool(&mut self, pool: &DescriptorPool) {
        for message in pool.messages() {
            self.add_message(message);
        }
        for extension in pool.extensions() {
            self.add_extension(extension);
        }
    }

    /// Adds a message type; one of the same name is replaced.
    pub fn add_message(&mut self, message: MessageDescriptor) {
        self.messages.insert(message.full_name().into(), message);
    }

    /// Adds an extension; one of the same name is replaced. Fields that are no extensions are left out.
    pub fn add_extension(&mut self, extension: FieldDescriptor) {
        if extension.is_extension() {
            let key = (extension.containing_name().into(), extension.number());
            self.numbers.insert(key, extension.full_name());
            self.extensions.insert(extension.full_name(), extension);
        }
    }

    /// The message type with this full name.
    pub fn message(&self, full_name: &str) -> Option<MessageDescriptor> {
        match self.messages.get(full_name) {
            Some(message) => Some(message.clone()),
            None => well_known(full_name),
        }
    }

    /// The extension with this full name.
    pub fn extension_by_name(&self, full_name: &str) -> Option<&FieldDescriptor> {
        self.extensions.get(full_name)
    }

    /// The extension of the message `extendee` with this number.
    pub fn extension(&self, extendee: &str, number: u32) -> Option<&FieldDescriptor> {
        let name = self.numbers.get(&(extendee.into(), number))?;
        self.extensions.get(name)
    }

    /// Makes this the registry of everything that names no other: `serde_json::to_string`, a `Deserialize` in a web
    /// framework, the default options of JSON and text.
    ///
    /// # Errors
    /// When there is one already; this registry is returned.
    #[cfg(feature = "std")]
    pub fn set_global(self) -> Result<(), Registry> {
        GLOBAL.set(self)
    }

    /// The registry that was made global, or [a new one](Registry::new). Without the standard library always that.
    pub fn global() -> &'static Registry {
        #[cfg(feature = "std")]
        return GLOBAL.get().unwrap_or(&EMPTY);
        #[cfg(not(feature = "std"))]
        return &EMPTY;
    }

    /// Checks that the messages in the extensions that this registry knows have their required fields, wherever in `message`
    /// they are. Decoding checks everything else, but cannot check these: a message keeps its extensions as bytes.
    ///
    /// # Errors
    /// When a field is missing; the error has its path and no offset.
    pub fn check_required(&self, message: &dyn Reflect) -> Result<(), DecodeError> {
        match required::missing_path(message, self) {
            None => Ok(()),
            Some(path) => {
                let kind = DecodeErrorKind::MissingRequired;
                let full_name = message.descriptor().full_name().into();
                Err(DecodeError::new(kind, full_name, path, 0))
            }
        }
    }

    /// Whether any extension of this message is known, so that looking at each unknown field can be saved.
    pub(crate) fn has_extensions_of(&self, extendee: &str) -> bool {
        let first = (String::from(extendee), 0);
        let mut next = self.numbers.range(first..);
        next.next().is_some_and(|((name, _), _)| name == extendee)
    }

    /// The message type that a type URL names: whatever stands behind its last slash.
    pub(crate) fn resolve(&self, type_url: &str) -> Result<MessageDescriptor, UnpackError> {
        let name = match type_url.rsplit_once('/') {
            Some((_, name)) if !name.is_empty() => name,
            _ => return Err(UnpackError(UnpackFault::NoUrl(type_url.into()))),
        };
        self.message(name)
            .ok_or_else(|| UnpackError(UnpackFault::UnknownType(type_url.into())))
    }

    /// The message in a `google.protobuf.Any`, generated or dynamic. Required fields that it lacks are no matter: whoever
    /// packed it answers for them.
    ///
    /// # Errors
    /// When the type URL names no type of this registry, or the bytes are malformed.
    pub fn unpack(&self, any: &dyn Reflect) -> Result<DynamicMessage, UnpackError> {
        self.unpack_parts(&AnyParts::of(any))
    }

    pub(crate) fn unpack_parts(&self, any: &AnyParts<'_>) -> Result<DynamicMessage, UnpackError> {
        let descriptor = self.resolve(any.type_url)?;
        let mut message = DynamicMessage::new(descriptor);
        message
            .merge(any.value, crate::DecodeOptions::new().partial())
            .map_err(UnpackError::malformed)?;
        Ok(message)
    }
}

/// The well-known type with this full name.
fn well_known(full_name: &str) -> Option<MessageDescriptor> {
    Some(match full_name.strip_prefix("google.protobuf.")? {
        "Any" => MessageDescriptor::of::<protobuf::Any>(),
        "BoolValue" => MessageDescriptor::of::<protobuf::BoolValue>(),
        "BytesValue" => MessageDescriptor::of::<protobuf::BytesValue>(),
        "DoubleValue" => MessageDescriptor::of::<protobuf::DoubleValue>(),
        "Duration" => MessageDescriptor::of::<protobuf::Duration>(),
        "Empty" => MessageDescriptor::of::<protobuf::Empty>(),
        "FieldMask" => MessageDescriptor::of::<protobuf::FieldMask>(),
        "FloatValue" => MessageDescriptor::of::<protobuf::FloatValue>(),
        "Int32Value" => MessageDescriptor::of::<protobuf::Int32Value>(),
        "Int64Value" => MessageDescriptor::of::<protobuf::Int64Value>(),
        "ListValue" => MessageDescriptor::of::<protobuf::ListValue>(),
        "StringValue" => MessageDescriptor::of::<protobuf::StringValue>(),
        "Struct" => MessageDescriptor::of::<protobuf::Struct>(),
        "Timestamp" => MessageDescriptor::of::<protobuf::Timestamp>(),
        "UInt32Value" => MessageDescriptor::of::<protobuf::UInt32Value>(),
        "UInt64Value" => MessageDescriptor::of::<protobuf::UInt64Value>(),
        "Value" => MessageDescriptor::of::<protobuf::Value>(),
        _ => return None,
    })
}

/// What a `google.protobuf.Any` consists of.
pub(crate) struct AnyParts<'a> {
    pub(crate) type_url: &'a str,
    pub(crate) value: &'a [u8],
}

impl<'a> AnyParts<'a> {
    /// The full name of `Any`.
    #[cfg(feature = "text")]
    pub(crate) const FULL_NAME: &'static str = "google.protobuf.Any";
    /// The numbers of any.proto.
    pub(crate) const TYPE_URL: u32 = 1;
    pub(crate) const VALUE: u32 = 2;

    /// The parts of a message that is an `Any`.
    pub(crate) fn of(any: &'a dyn Reflect) -> Self {
        let get = |number| {
            let field = any.descriptor().field(number)?;
            any.get(&field)
        };
        Self {
            type_url: match get(Self::TYPE_URL) {
                Some(ValueRef::String(type_url)) => type_url,
                _ => "",
            },
            value: match get(Self::VALUE) {
                Some(ValueRef::Bytes(value)) => value,
                _ => &[],
            },
        }
    }
}

/// Why the message in an `Any` cannot be had.
#[derive(Clone, Debug)]
pub struct UnpackError(UnpackFault);

#[derive(Clone, Debug)]
enum UnpackFault {
    NoUrl(String),
    UnknownType(String),
    OtherType(String, &'static str),
    Malformed(DecodeError),
}

impl UnpackError {
    pub(crate) fn other_type(type_url: &str, expected: &'static str) -> Self {
        Self(UnpackFault::OtherType(type_url.into(), expected))
    }

    pub(crate) fn malformed(error: DecodeError) -> Self {
        Self(UnpackFault::Malformed(error))
    }
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match &self.0 {
            UnpackFault::NoUrl(url) => {
                format!("{url:?} is no type URL: it names no type behind a slash")
            }
            UnpackFault::UnknownType(url) => format!("the type {url:?} is in no registry"),
            UnpackFault::OtherType(url, expected) => {
                format!("the type {url:?} is not {expected}")
            }
            UnpackFault::Malformed(error) => format!("the value of an Any is malformed: {error}"),
        })
    }
}

impl core::error::Error for UnpackError {}
