//! What the generator is told about a set of `.proto` files: plain data, from whatever front end and message backend
//! there is. Never holds a decision about Rust names other than those that the message backend has made already.

/// A `.proto` file: one that is generated, or one that others import.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The name under which others import it, such as `google/api/http.proto`.
    pub name: String,
    /// Its package, empty if it has none.
    pub package: String,
    /// The names of the files it imports. Those that are not in the set are ignored.
    pub imports: Vec<String>,
    /// Where the Rust types of its messages and enums are.
    pub messages: Messages,
    /// Its messages and enums, nested ones included.
    pub types: Vec<Type>,
    /// Its services.
    pub services: Vec<Service>,
    /// Its encoded `FileDescriptorProto`, for reflection; empty to leave it out.
    pub descriptor: Vec<u8>,
}

/// Where a file's messages are.
#[derive(Clone, Debug)]
pub enum Messages {
    /// In this module, which is part of the output.
    Module(Module),
    /// In an existing module with this absolute path, such as `::ironwire::generated::protobuf::well_known_types::any`.
    At(String),
}

impl Default for Messages {
    fn default() -> Self {
        Self::Module(Module::default())
    }
}

/// The Rust module that holds one file's messages.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its text, without inner attributes. It reaches the modules of other files as `super::` + [`module_name`].
    pub text: String,
    /// The public items that the package's module offers to its users.
    pub exports: Vec<Export>,
}

/// A public item of a [`Module`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its identifier.
    pub name: String,
    /// Its kind.
    pub kind: ExportKind,
}

/// What an [`Export`] is, and so what happens when another item of the package has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// A message or an enum, or the module of what is nested in one.
    Type,
    /// The static of an extension.
    Extension,
    /// A module that every file has under the same name; those of one package are merged.
    SharedModule,
    /// The constant that lists the file's messages and extensions for registries: a `&[Type]` of the runtime. The package lists
    /// those of its files.
    Types,
    /// The function that returns the file's descriptor. Offered only by packages of a single file.
    Descriptor,
}

/// A message or an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// Its full name, such as `google.protobuf.Field.Kind`.
    pub full_name: String,
    /// Its path in the file's module, such as `field::Kind`, or an absolute one.
    pub path: String,
}

/// A service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its name, without the package.
    pub name: String,
    /// The comment above it.
    pub comment: String,
    /// Whether it says `option deprecated = true;`.
    pub deprecated: bool,
    /// Its methods.
    pub methods: Vec<Method>,
}

/// A method.
#[derive(Clone, Debug, Default)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// The comment above it.
    pub comment: String,
    /// Whether it says `option deprecated = true;`.
    pub deprecated: bool,
    /// The full name of the request message.
    pub input: String,
    /// The full name of the response message.
    pub output: String,
    /// Whether the client sends a stream.
    pub client_streaming: bool,
    /// Whether the server sends a stream.
    pub server_streaming: bool,
}

/// The name of the Rust module that holds the messages of the file `name`.
///
/// It depends on nothing else, so that a crate can name the modules of another crate's files, and two files never have
/// the same: `/` becomes `__`, and a name for which that could be ambiguous carries a hash of the whole.
pub fn module_name(name: &str) -> String {
    let stem = name.strip_suffix(".proto").unwrap_or(name);
    let plain = stem != name
        && stem.split('/').all(|part| {
            let ends = part.starts_with('_') || part.ends_with('_') || part.is_empty();
            let characters = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            characters && !ends && !part.contains("__")
        })
        && !stem.starts_with(|c: char| c.is_ascii_digit());
    let spelled: String = stem
        .replace('/', "__")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if plain {
        format!("{spelled}_proto")
    } else {
        format!("file_{spelled}_{:016x}_proto", fnv1a(name.as_bytes()))
    }
}

/// FNV-1a, 64 bits: stable between releases of Rust, which the standard hashers are not.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::module_name;

    #[test]
    fn module_names_are_readable_and_different() {
        assert_eq!(module_name("hello.proto"), "hello_proto");
        assert_eq!(
            module_name("google/api/http.proto"),
            "google__api__http_proto"
        );
        assert_eq!(module_name("a_b/c.proto"), "a_b__c_proto");
        let names = [
            "a_/b.proto",
            "a/_b.proto",
            "a__b.proto",
            "a/b.proto",
            "a-b.proto",
            "a.b.proto",
            "a/b",
            "1.proto",
        ];
        let modules: std::collections::BTreeSet<String> =
            names.into_iter().map(module_name).collect();
        assert_eq!(modules.len(), names.len(), "{modules:?}");
        assert!(
            modules
                .iter()
                .all(|name| !name.starts_with(|c: char| c.is_ascii_digit()))
        );
    }
}
