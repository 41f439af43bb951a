//! What a request asks of its answer: sizes, compression, a status, metadata to come back.
//!
//! Never sends anything.

use crate::grpc::testing::{BoolValue, EchoStatus, Payload, PayloadType};
use bytes::Bytes;
use ironwire::{Code, MetadataMap, Response, Status};

/// The key that comes back before the response ("Echo Metadata").
const INITIAL: &str = "x-grpc-test-echo-initial";
/// The key that comes back behind it.
const TRAILING: &str = "x-grpc-test-echo-trailing-bin";

/// The metadata that comes back.
pub(super) struct Echo {
    initial: MetadataMap,
    trailing: MetadataMap,
}

impl Echo {
    pub(super) fn of(request: &MetadataMap) -> Echo {
        let (mut initial, mut trailing) = (MetadataMap::new(), MetadataMap::new());
        for value in request.get_all(INITIAL) {
            let appended = initial.append(INITIAL, value);
            appended.expect("what was received may be sent");
        }
        for value in request.get_all_bin(TRAILING) {
            let appended = trailing.append_bin(TRAILING, value);
            appended.expect("what was received may be sent");
        }
        Echo { initial, trailing }
    }

    pub(super) fn answer<T>(self, message: T) -> Response<T> {
        let mut response = Response::new(message);
        *response.metadata_mut() = self.initial;
        *response.trailers_mut() = self.trailing;
        response
    }

    /// The metadata before a response, and behind it.
    pub(super) fn into_parts(self) -> (MetadataMap, MetadataMap) {
        (self.initial, self.trailing)
    }

    /// The failure that the request asks for ("Echo Status").
    pub(super) fn failure(&self, wanted: Option<&EchoStatus>) -> Result<(), Status> {
        failure(wanted, &self.trailing)
    }
}

/// The failure that a request asks for, with this metadata behind it.
pub(super) fn failure(wanted: Option<&EchoStatus>, trailing: &MetadataMap) -> Result<(), Status> {
    match wanted {
        Some(wanted) if wanted.code != 0 => {
            let mut status = Status::new(Code::from_i32(wanted.code), wanted.message.clone());
            *status.metadata_mut() = trailing.clone();
            Err(status)
        }
        _ => Ok(()),
    }
}

/// "CompressedRequest": a request that says so must have travelled compressed.
pub(super) fn check_compression(
    expected: Option<&BoolValue>,
    was_compressed: bool,
) -> Result<(), Status> {
    if expected.is_some_and(|expected| expected.value) && !was_compressed {
        return Err(Status::invalid_argument("the request came uncompressed"));
    }
    Ok(())
}

/// A payload of this many zeros.
pub(super) fn payload(r#type: PayloadType, size: i32) -> Result<Payload, Status> {
    let PayloadType::Compressable = r#type else {
        return Err(Status::invalid_argument("no such payload type"));
    };
    let size = usize::try_from(size)
        .map_err(|_| Status::invalid_argument("a response of negative size"))?;
    Ok(Payload {
        r#type,
        body: Bytes::from(vec![0; size]),
        ..Default::default()
    })
}

pub(super) fn text(body: String) -> Payload {
    Payload {
        body: body.into(),
        ..Default::default()
    }
}

/// "Echo Authenticated Username": who the caller says that he is. The token of this server is the name itself.
pub(super) fn user(request: &MetadataMap) -> Result<String, Status> {
    let token = request
        .get("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    let token = token.ok_or_else(|| Status::unauthenticated("no bearer token came"))?;
    Ok(token.to_owned())
}
