//! A cache in front of the server, as `cacheable_unary` needs one: it gives the same answer to the same request while that is
//! fresh. gRPC has no cacheable requests on the wire any more, so it knows the method.
//!
//! Never keeps more than a few answers.

use bytes::Bytes;
use ironwire::server::{Next, Outcome, ServerCall, ServerInterceptor};
use ironwire::{MetadataMap, Status};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer is fresh.
const AGE_MAX: Duration = Duration::from_secs(60);
/// How many answers are kept.
const ANSWERS_MAX: usize = 1000;

/// Says that a response may be cached.
pub(super) fn mark(headers: &mut MetadataMap) -> Result<(), Status> {
    let control = format!("max-age={}, public", AGE_MAX.as_secs());
    headers
        .insert("cache-control", &control)
        .map_err(|error| Status::internal(error.to_string()))
}

/// The encoded answers, by the encoded requests.
#[derive(Clone, Default)]
pub(super) struct Cache {
    answers: Arc<Mutex<HashMap<Bytes, Answer>>>,
}

struct Answer {
    message: Bytes,
    since: Instant,
}

impl Cache {
    /// The fresh answer to this request: one that is kept, or `made`, which is from now on.
    fn fresh(&self, request: Bytes, made: Bytes) -> Bytes {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|_, answer| answer.since.elapsed() < AGE_MAX);
        if answers.len() >= ANSWERS_MAX {
            answers.clear();
        }
        let answer = answers.entry(request).or_insert_with(|| Answer {
            message: made,
            since: Instant::now(),
        });
        answer.message.clone()
    }
}

impl ServerInterceptor for Cache {
    async fn intercept(&self, mut call: ServerCall, next: Next) -> Outcome {
        if call.path().ends_with("/CacheableUnaryCall") {
            let seen = Arc::new(Mutex::new(Bytes::new()));
            let request = Arc::clone(&seen);
            call.on_request(move |message| {
                *request.lock().unwrap_or_else(PoisonError::into_inner) = message.clone();
                Ok(message)
            });
            let cache = self.clone();
            call.on_response(move |message| {
                let request = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
                Ok(cache.fresh(request, message))
            });
        }
        next.run(call).await
    }
}
