//! The settings of `ironwire generate`: those of [`Builder`], each as a flag. Never decides what one does.

use clap::{Args, ValueEnum};
use ironwire_build::{Builder, Messages};

/// What to generate, and how.
#[derive(Args)]
pub struct Settings {
    /// Leaves out the servers' half of services.
    #[arg(long)]
    no_server: bool,
    /// Leaves out the clients' half of services.
    #[arg(long)]
    no_client: bool,
    /// Leaves out the descriptors that reflection needs.
    #[arg(long)]
    no_descriptors: bool,
    /// Whose messages to generate.
    #[arg(long, value_enum, default_value = "ironwire")]
    messages: Whose,
    /// Takes a package, message or enum from elsewhere.
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    extern_path: Vec<(String, String)>,
    /// The path of the runtime in generated code [default: ::ironwire].
    #[arg(long, value_name = "PATH")]
    runtime: Option<String>,
    /// Generates the well-known types too, where the files import them.
    #[arg(long)]
    compile_well_known_types: bool,
    /// Makes these map fields a `BTreeMap`: `.` all, `.shop.Order` those inside of it, `Order.lines` those whose name ends so.
    #[arg(long, value_name = "SELECTOR")]
    btree_map: Vec<String>,
    /// Makes these `bytes` fields a `Vec<u8>`.
    #[arg(long, value_name = "SELECTOR")]
    vec_bytes: Vec<String>,
    /// Makes these `string` fields a type that derefs to `str` and is made from one.
    #[arg(long, value_name = "SELECTOR=PATH", value_parser = pair)]
    string_type: Vec<(String, String)>,
    /// Boxes the message in these fields.
    #[arg(long, value_name = "SELECTOR")]
    boxed: Vec<String>,
    /// Puts an attribute on these messages, enums and enums of oneofs.
    #[arg(long, value_name = "SELECTOR=ATTRIBUTE", value_parser = pair)]
    type_attribute: Vec<(String, String)>,
    /// Puts an attribute on these fields, oneofs and values of enums.
    #[arg(long, value_name = "SELECTOR=ATTRIBUTE", value_parser = pair)]
    field_attribute: Vec<(String, String)>,
    /// Messages drop the fields that their schema does not have.
    #[arg(long)]
    no_unknown_fields: bool,
    /// Messages do without serde's traits.
    #[arg(long)]
    no_json: bool,
    /// Messages do without reflection, and so without JSON, the text format and extensions.
    #[arg(long)]
    no_reflection: bool,
    /// Spells names as prost does.
    #[arg(long)]
    prost_names: bool,
}

/// Whose messages are generated.
#[derive(Clone, Copy, ValueEnum)]
enum Whose {
    /// Ironwire's own.
    Ironwire,
    /// Those of the `protobuf` crate.
    RustProtobuf,
}

impl Settings {
    /// A builder with these settings, and with nothing to compile yet.
    pub fn builder(self) -> Builder {
        let mut builder = Builder::new()
            .build_server(!self.no_server)
            .build_client(!self.no_client)
            .embed_descriptors(!self.no_descriptors)
            .messages(match self.messages {
                Whose::Ironwire => Messages::Ironwire,
                Whose::RustProtobuf => Messages::RustProtobuf,
            })
            .unknown_fields(!self.no_unknown_fields)
            .json(!self.no_json)
            .reflection(!self.no_reflection)
            .prost_names(self.prost_names);
        if let Some(runtime) = self.runtime {
            builder = builder.runtime(runtime);
        }
        if self.compile_well_known_types {
            builder = builder.compile_well_known_types();
        }
        builder = pairs(builder, self.extern_path, Builder::extern_path);
        builder = pairs(builder, self.string_type, Builder::string_type);
        builder = pairs(builder, self.type_attribute, Builder::type_attribute);
        builder = pairs(builder, self.field_attribute, Builder::field_attribute);
        builder = each(builder, self.btree_map, Builder::btree_map);
        builder = each(builder, self.vec_bytes, Builder::vec_bytes);
        each(builder, self.boxed, Builder::boxed)
    }
}

fn each(builder: Builder, values: Vec<String>, set: fn(Builder, String) -> Builder) -> Builder {
    values.into_iter().fold(builder, set)
}

fn pairs(
    builder: Builder,
    values: Vec<(String, String)>,
    set: fn(Builder, String, String) -> Builder,
) -> Builder {
    let values = values.into_iter();
    values.fold(builder, |builder, (name, value)| set(builder, name, value))
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err("there is no `=` in it".to_owned()),
    }
}
