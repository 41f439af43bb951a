//! The richer error model: a `google.rpc.Status` behind a status, with typed details.
//!
//! Never interprets a detail.

use super::google::rpc;
use crate::{Code, Status};
use ironwire_message::Message;
use ironwire_message::google::protobuf::Any;

impl Status {
    /// The same status with one more detail: a message of `google/rpc/error_details.proto`, which are in
    /// [`services::google::rpc`](crate::services::google::rpc), or any other.
    ///
    /// Details travel as `grpc-status-details-bin`, and every gRPC implementation reads them. They count against the
    /// header list that the caller accepts, commonly 8 KiB.
    ///
    /// ```
    /// use ironwire_rpc::Status;
    /// use ironwire_rpc::services::google::rpc::{BadRequest, ErrorInfo, bad_request::FieldViolation};
    ///
    /// let status = Status::invalid_argument("no such name")
    ///     .with_detail(&ErrorInfo { reason: "NAME_TAKEN".into(), ..Default::default() })
    ///     .with_detail(&BadRequest {
    ///         field_violations: vec![FieldViolation { field: "name".into(), ..Default::default() }],
    ///         ..Default::default()
    ///     });
    /// let bad_request: BadRequest = status.detail().unwrap();
    /// assert_eq!(bad_request.field_violations[0].field, "name");
    /// ```
    pub fn with_detail<M: Message>(self, detail: &M) -> Status {
        let mut rich = self.to_rpc();
        rich.details.push(Any::pack(detail));
        self.replace_details(rich.encode_to_bytes())
    }

    /// The first detail of this type; `None` where there is none, or it cannot be read.
    pub fn detail<M: Message>(&self) -> Option<M> {
        self.details_of().next()
    }

    /// The details of this type, in order, less those that cannot be read.
    pub fn details_of<M: Message>(&self) -> impl Iterator<Item = M> + use<M> {
        let details = self.to_rpc().details.into_iter();
        details.filter_map(|detail| detail.unpack().ok())
    }

    /// The whole status as a message. Code and message are this status's; of details that cannot be read there are none.
    pub fn to_rpc(&self) -> rpc::Status {
        let rich = rpc::Status::decode_bytes(self.details().clone());
        rpc::Status {
            code: self.code().as_i32(),
            message: self.message().to_owned(),
            ..rich.unwrap_or_default()
        }
    }
}

/// The status that the message is, with its details.
impl From<rpc::Status> for Status {
    fn from(rich: rpc::Status) -> Self {
        let details = rich.encode_to_bytes();
        Status::with_details(Code::from_i32(rich.code), rich.message, details)
    }
}
