//! Do spans say what a call was and how it ended?

use ironwire_rpc::tracing::Tracing;
use ironwire_rpc::{Server, Status};
use ironwire_tests::call::{text, unary};
use ironwire_tests::service::TestService;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes everything down.
#[derive(Clone, Default)]
struct Recorder {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

impl Recorder {
    fn add(&self, head: String, values: impl FnOnce(&mut Line)) {
        let mut line = Line(head);
        values(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() != "elapsed_us" {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("ironwire")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.spans.fetch_add(1, Ordering::SeqCst) + 1;
        self.add(format!("span {}", span.metadata().name()), |line| {
            span.record(line)
        });
        Id::from_u64(id)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        self.add("record".to_owned(), |line| values.record(line));
    }

    fn event(&self, event: &Event<'_>) {
        self.add("event".to_owned(), |line| event.record(line));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}

const SPAN: &str = r#"rpc.system="grpc" rpc.service="test.Test" rpc.method="Unary""#;

#[tokio::test]
async fn a_server_tells_how_calls_went() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let service = TestService::echo().unary(|_| async { Err(Status::not_found("nothing")) });
    let channel = Server::new()
        .add(service)
        .intercept(Tracing)
        .in_process()
        .unwrap();
    unary(&channel, text("")).await.unwrap_err();
    let lines = recorder.lines.lock().unwrap().clone();
    assert_eq!(
        lines,
        [
            format!("span grpc.server {SPAN}"),
            "record rpc.grpc.status_code=5".to_owned(),
            "event message=call ended status=NOT_FOUND: nothing".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_client_tells_how_calls_went() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let channel = Server::new()
        .add(TestService::echo())
        .in_process()
        .unwrap()
        .intercept(Tracing);
    unary(&channel, text("")).await.unwrap();
    let lines = recorder.lines.lock().unwrap().clone();
    assert_eq!(
        lines,
        [
            format!("span grpc.client {SPAN}"),
            "record rpc.grpc.status_code=0".to_owned(),
            "event message=call ended".to_owned(),
        ]
    );
}
