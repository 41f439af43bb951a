//! How calls fail, as a `Status` and as the runner writes it down.
//!
//! Never changes a code: their numbers are the same in both.

use crate::google::rpc;
use crate::v1;
use ironwire::message::google::protobuf::Any;
use ironwire::{Code, Enumeration, Message, MetadataMap, Status};

/// The status of an error that the runner asks for, with one more detail and with metadata.
pub(crate) fn status(error: v1::Error, detail: Option<Any>, metadata: MetadataMap) -> Status {
    let code = Code::from_i32(error.code.number());
    let message = error.message.unwrap_or_default();
    let mut details = error.details;
    details.extend(detail);
    let encoded = rpc::Status {
        code: code.as_i32(),
        message: message.clone(),
        details,
        ..Default::default()
    };
    let mut status = Status::with_details(code, message, encoded.encode_to_bytes());
    *status.metadata_mut() = metadata;
    status
}

/// What came of a call that failed. Details that are no `google.rpc.Status` are none, which the runner notices.
pub(crate) fn observed(status: &Status) -> v1::Error {
    let details = rpc::Status::decode(status.details()).unwrap_or_default();
    v1::Error {
        code: v1::Code::from_number(status.code().as_i32()).unwrap_or_default(),
        message: Some(status.message().to_owned()),
        details: details.details,
        ..Default::default()
    }
}
