//! The compiler's own copies of the files that come with protoc. They stand in for files that a loader lacks; this never
//! looks for any.

use crate::schema::model::Edition;

/// The file that types options. It imports nothing.
pub(crate) const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// The text of a well-known file. What `descriptor.proto` says depends on who asks: see [`descriptor`].
pub(crate) fn get(path: &str) -> Option<&'static str> {
    let mut files = ironwire_proto::WELL_KNOWN.iter();
    files.find(|file| file.name == path).map(|file| file.text)
}

/// `descriptor.proto` for a run whose newest file is of that edition. A newer one declares features that older
/// editions do not have, and would make other descriptors of those who import it.
pub(crate) fn descriptor(newest: i32) -> &'static str {
    if newest >= Edition::EDITION_2026.number() {
        return ironwire_proto::DESCRIPTOR_2026;
    }
    get(DESCRIPTOR).expect("descriptor.proto is a well-known file")
}
