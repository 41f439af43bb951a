//! The comments of a descriptor, by the path of what they belong to. Never changes their text.

use std::collections::HashMap;

use protobuf::descriptor::FileDescriptorProto;

/// The comments in one file's `SourceCodeInfo`.
pub(super) struct Comments<'a> {
    by_path: HashMap<&'a [i32], &'a str>,
}

impl<'a> Comments<'a> {
    pub(super) fn of(file: &'a FileDescriptorProto) -> Self {
        let mut by_path = HashMap::new();
        for location in file.source_code_info.iter().flat_map(|info| &info.location) {
            let leading = location.leading_comments();
            let comment = if leading.is_empty() {
                location.trailing_comments()
            } else {
                leading
            };
            if !comment.is_empty() {
                by_path.insert(location.path.as_slice(), comment);
            }
        }
        Self { by_path }
    }

    /// The comment before the declaration at `path`, or else the one behind it, or else nothing.
    pub(super) fn at(&self, path: &[i32]) -> &'a str {
        self.by_path.get(path).copied().unwrap_or_default()
    }
}
