//! The settings of a run, and its steps. Never reads a `.proto` file itself.

use std::env;
use std::path::PathBuf;

use ironwire_codegen::messages::options::{MessageOptions, NameStyle, Selector};
use ironwire_codegen::{Options, Output, plan, write};
use ironwire_compiler::Compilation;

#[cfg(feature = "rust-protobuf")]
use crate::bridge;
use crate::error::Error;
use crate::{frontend, messages, output, services};

/// What to compile, and how.
///
/// ```no_run
/// # fn main() -> Result<(), ironwire_build::Error> {
/// ironwire_build::Builder::new()
///     .include("proto")
///     .files(["proto/shop/orders.proto", "proto/shop/stock.proto"])
///     .extern_path("company.types", "::company_types::company::types")
///     .build_server(false)
///     .compile()
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is compiled before `compile` is called"]
pub struct Builder {
    includes: Vec<PathBuf>,
    files: Vec<PathBuf>,
    out_dir: Option<PathBuf>,
    messages: Messages,
    options: Options,
}

/// Whose messages are generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Messages {
    /// Ironwire's own: plain structs, of every edition. `ironwire` carries them with its feature `messages`, which is on by
    /// default.
    #[default]
    Ironwire,
    /// Those of the `protobuf` crate, version 3.7, which knows proto2 and proto3. They need the feature `rust-protobuf` of
    /// this crate, and `ironwire` carries them with its feature of that name.
    #[cfg(feature = "rust-protobuf")]
    RustProtobuf,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// Nothing to compile yet.
    pub fn new() -> Self {
        Self {
            includes: Vec::new(),
            files: Vec::new(),
            out_dir: None,
            messages: Messages::default(),
            options: Options::default(),
        }
    }

    /// Adds a folder that imports are looked up in, before those added later. Relative paths start at the package's root.
    /// Defaults to the folders of the files, less those that are inside another of them.
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Self {
        self.includes.push(folder.into());
        self
    }

    /// Adds folders that imports are looked up in; see [`include`](Self::include).
    pub fn includes(mut self, folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.includes.extend(folders.into_iter().map(Into::into));
        self
    }

    /// Adds a file to compile: its path, or the name under which others import it. Whatever it imports is compiled with
    /// it. Defaults to none.
    pub fn file(mut self, file: impl Into<PathBuf>) -> Self {
        self.files.push(file.into());
        self
    }

    /// Adds files to compile; see [`file`](Self::file).
    pub fn files(mut self, files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.files.extend(files.into_iter().map(Into::into));
        self
    }

    /// The folder to write to; its subfolder `ironwire` is what changes. Defaults to `$OUT_DIR`, where `include_proto!`
    /// looks.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Takes `name`, a package with those below it or a single message or enum, from elsewhere instead of generating it.
    ///
    /// For a package, `path` is the absolute path of the module that another crate's own build made of it with Ironwire, such
    /// as `::types::company::types`; the longest matching package wins. For a message or enum it is that of any type that
    /// implements `ironwire::Message` or `ironwire::Enumeration`, such as `::types::Price` or `crate::Price`; what is
    /// declared inside of the message is then in the module beside it that would be generated there. Defaults to none.
    pub fn extern_path(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        let name = name.into();
        let name = name.strip_prefix('.').unwrap_or(&name).to_owned();
        self.options.extern_paths.push((name, path.into()));
        self
    }

    /// Whose messages to generate. Defaults to Ironwire's own.
    pub fn messages(mut self, messages: Messages) -> Self {
        self.messages = messages;
        self.options.codec = match messages {
            Messages::Ironwire => Options::default().codec,
            #[cfg(feature = "rust-protobuf")]
            Messages::RustProtobuf => bridge::CODEC.to_owned(),
        };
        self
    }

    /// The absolute path of the runtime that the generated code names, for a crate that has `ironwire` under another name
    /// or only a part of it. Code for messages alone can use `::ironwire_message`. Defaults to `::ironwire`.
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.options.runtime = path.into();
        self
    }

    /// Generates the well-known types too, where the files import them, instead of taking the runtime's. Defaults to
    /// taking those. The `protobuf` crate's messages have its own in any case.
    pub fn compile_well_known_types(mut self) -> Self {
        self.options.compile_well_known_types = true;
        self
    }

    /// Whether to write the server's half of each service. Defaults to true.
    pub fn build_server(mut self, build: bool) -> Self {
        self.options.server = build;
        self
    }

    /// Whether to write the client's half of each service. Defaults to true.
    pub fn build_client(mut self, build: bool) -> Self {
        self.options.client = build;
        self
    }

    /// Whether servers embed the descriptors of their services' files, which reflection needs. Defaults to true.
    pub fn embed_descriptors(mut self, embed: bool) -> Self {
        self.options.descriptors = embed;
        self
    }

    /// Makes map fields a `BTreeMap`, whose entries are in the order of their keys and are encoded alike every time. `selector`
    /// names fields: `.` all, `.shop.Order` those of a message or package, `.shop.Order.lines`, `Order.lines` or `lines` those whose full
    /// name begins or ends so. This and the following settings are for Ironwire's own messages. Defaults to none, which are
    /// `ironwire::Map`, a `HashMap`.
    pub fn btree_map(mut self, selector: impl Into<String>) -> Self {
        self.own().btree_maps.push(Selector::new(selector));
        self
    }

    /// Makes `bytes` fields a `Vec<u8>`, which owns its bytes alone and can be changed; for selectors see
    /// [`btree_map`](Self::btree_map). Defaults to none, which are `bytes::Bytes` and share the buffer they are decoded from.
    pub fn vec_bytes(mut self, selector: impl Into<String>) -> Self {
        self.own().vec_bytes.push(Selector::new(selector));
        self
    }

    /// Makes `string` fields a type of another crate or of Rust's own, given by its absolute path: `::std::boxed::Box<str>`,
    /// `::std::sync::Arc<str>`, `::compact_str::CompactString`, whatever derefs to `str`, is made from a `&str`, can be compared,
    /// cloned and sent, and has a default. Map keys stay a `String`. For selectors see [`btree_map`](Self::btree_map); of several
    /// that name a field the last one counts. Defaults to none, which are a `String`.
    pub fn string_type(mut self, selector: impl Into<String>, path: impl Into<String>) -> Self {
        let choice = (Selector::new(selector), path.into());
        self.own().string_types.push(choice);
        self
    }

    /// Boxes the message in a field, also in one of a oneof, so that the message around it stays small; for selectors see
    /// [`btree_map`](Self::btree_map). Defaults to those by which a message contains itself.
    pub fn boxed(mut self, selector: impl Into<String>) -> Self {
        self.own().boxed.push(Selector::new(selector));
        self
    }

    /// Puts an attribute on messages, on enums and on the enums of oneofs, which a selector knows by the oneof's name; for
    /// selectors see [`btree_map`](Self::btree_map). The traits of a `#[derive(Eq, Hash)]` join those that are derived in any
    /// case; other attributes stand behind them. Defaults to none.
    pub fn type_attribute(
        mut self,
        selector: impl Into<String>,
        attribute: impl Into<String>,
    ) -> Self {
        let attribute = (Selector::new(selector), attribute.into());
        self.own().type_attributes.push(attribute);
        self
    }

    /// Puts an attribute on fields, on oneofs, and on the values of enums, which a selector knows by the name of their enum
    /// and their own; for selectors see [`btree_map`](Self::btree_map). Defaults to none.
    pub fn field_attribute(
        mut self,
        selector: impl Into<String>,
        attribute: impl Into<String>,
    ) -> Self {
        let attribute = (Selector::new(selector), attribute.into());
        self.own().field_attributes.push(attribute);
        self
    }

    /// Whether messages keep the fields that their schema does not have. Those with extensions do in any case: that is
    /// where they are. Defaults to true.
    ///
    /// Write `..Default::default()` at the end of a message's literal either way: a field that the schema gains breaks no
    /// code then. That is why messages are not `#[non_exhaustive]`, which would forbid literals to other crates.
    pub fn unknown_fields(mut self, keep: bool) -> Self {
        self.own().unknown_fields = keep;
        self
    }

    /// Whether messages implement serde's `Serialize` and `Deserialize` as ProtoJSON, where `ironwire` has its feature `json`.
    /// Without that they can derive these traits by [`type_attribute`](Self::type_attribute). Defaults to true.
    pub fn json(mut self, implement: bool) -> Self {
        self.own().json = implement;
        self
    }

    /// Whether messages have reflection and what works from it: JSON, the text format, extensions, and the `TYPES` of a
    /// registry. Without it they are read and written, merged, compared and packed into `Any` as ever, keep extensions as unknown fields,
    /// and derive `Debug`; whoever asks them for more gets an error from the compiler that names this setting. Defaults to true.
    ///
    /// A program that uses none of this does not hold it either way; what is saved is the time to compile it.
    pub fn reflection(mut self, implement: bool) -> Self {
        self.own().reflection = implement;
        self
    }

    /// Whether names are spelled as prost does, which makes `HttpRule` of `HTTPRule`, for code that comes from there. Defaults
    /// to false.
    pub fn prost_names(mut self, spell: bool) -> Self {
        self.own().names = match spell {
            true => NameStyle::Prost,
            false => NameStyle::Ironwire,
        };
        self
    }

    /// What is chosen for Ironwire's own messages.
    fn own(&mut self) -> &mut MessageOptions {
        &mut self.options.messages
    }

    /// Compiles the files, and tells cargo on standard output which files the result depends on.
    ///
    /// # Errors
    /// When a file cannot be read or is not valid, when messages cannot be expressed in Rust, and when there is nowhere to
    /// write to.
    pub fn compile(self) -> Result<(), Error> {
        let out_dir = self.out_dir.clone();
        let out_dir = out_dir.or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let out_dir = out_dir.ok_or_else(Error::no_out_dir)?.join("ironwire");

        let is_carried = match self.messages {
            Messages::Ironwire => messages::is_carried,
            #[cfg(feature = "rust-protobuf")]
            Messages::RustProtobuf => bridge::is_built_in,
        };
        let loaded = frontend::load(&self.includes, &self.files, is_carried);
        output::tell_cargo(&loaded.read, &loaded.warnings);
        output::write(&out_dir, &self.outputs(&loaded.compiled?)?)
    }

    /// Generates from files that another compiler has read, for programs that get descriptors, as plugins of `protoc` do.
    /// `descriptors` are encoded `FileDescriptorProto`s; of these `files` are asked for, by the names they are imported by.
    /// Nothing is read or written: the settings of folders and files do not count.
    ///
    /// # Errors
    /// When the descriptors are not valid, and when messages cannot be expressed in Rust.
    pub fn generate<'a>(
        self,
        descriptors: impl IntoIterator<Item = &'a [u8]>,
        files: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Vec<GeneratedFile>, Error> {
        let outputs = self.outputs(&frontend::from_descriptors(descriptors, files)?)?;
        let files = outputs.into_iter().map(|output| GeneratedFile {
            path: output.path,
            text: output.text,
        });
        Ok(files.collect())
    }

    fn outputs(&self, compilation: &Compilation) -> Result<Vec<Output>, Error> {
        let schema = compilation.schema();
        let generated = match self.messages {
            Messages::Ironwire => messages::generate(schema, &self.options),
            #[cfg(feature = "rust-protobuf")]
            Messages::RustProtobuf => bridge::generate(compilation, &self.options)?,
        };
        let with_descriptors = self.options.server && self.options.descriptors;
        let files = services::files(compilation, generated, with_descriptors);
        Ok(write(&plan(&files, &self.options)?))
    }
}

/// A file that [`Builder::generate`] made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Its path in the folder that [`compile`](Builder::compile) would write it to, `$OUT_DIR/ironwire`, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}
