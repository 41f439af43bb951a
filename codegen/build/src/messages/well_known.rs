//! The files whose messages the runtime has. Never reads one: they are known by their names.

/// Whether the runtime has the messages of the file with this name.
pub(crate) fn is_carried(file: &str) -> bool {
    module(file).is_some()
}

/// The module, below the runtime's `generated`, that has the types of the file with this name.
pub(super) fn module(file: &str) -> Option<&'static str> {
    let name = file.strip_prefix("google/protobuf/")?;
    match name.strip_suffix(".proto")? {
        "any" | "api" | "descriptor" | "duration" | "empty" | "field_mask" | "source_context"
        | "struct" | "timestamp" | "type" | "wrappers" => Some("google::protobuf"),
        "compiler/plugin" => Some("google::protobuf::compiler"),
        _ => None,
    }
}
