//! What the responses of the service have in common: a payload and nothing else.
//!
//! Never looks inside the payload.

use crate::v1::{
    BidiStreamResponse, ClientStreamResponse, ConformancePayload, IdempotentUnaryResponse,
    ServerStreamResponse, UnaryResponse,
};

/// A response that carries a payload.
pub(crate) trait Carrier: Send + 'static {
    /// The response with this payload.
    fn carrying(payload: ConformancePayload) -> Self;

    /// The payload; an absent one is empty.
    fn payload(self) -> ConformancePayload;
}

macro_rules! carriers {
    ($($response:ident)*) => {$(
        impl Carrier for $response {
            fn carrying(payload: ConformancePayload) -> Self {
                $response { payload: Some(payload), ..Default::default() }
            }

            fn payload(self) -> ConformancePayload {
                self.payload.unwrap_or_default()
            }
        }
    )*};
}

carriers! {
    BidiStreamResponse ClientStreamResponse IdempotentUnaryResponse ServerStreamResponse UnaryResponse
}
