//! Is a long and wide line filled, and does a setting keep windows small?

use bytes::Bytes;
use ironwire_rpc::{Channel, Endpoint, Response, Server};
use ironwire_tests::call::{client, ready_requests, server, text};
use ironwire_tests::long_line::Line;
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, ready_messages};
use std::time::Duration;
use tokio::time::Instant;
use tokio_stream::StreamExt;

const MESSAGE_BYTES: usize = 256 * 1024;
const MESSAGES: usize = 512;

/// 100 MB/s and a round trip of 50 ms: 5 MB are on their way when the line is full.
const LINE: Line = Line {
    delay: Duration::from_millis(25),
    bytes_per_second: 100_000_000,
};

fn many() -> impl Iterator<Item = Bytes> {
    std::iter::repeat_n(Bytes::from(vec![7; MESSAGE_BYTES]), MESSAGES)
}

/// Counts what it is sent, and sends much; tells when the second half of the requests began.
fn service() -> TestService {
    TestService::echo()
        .server(|_| async { Ok(Response::new(ready_messages(many()))) })
        .client(|request| async move {
            let mut requests = request.into_inner();
            let mut half = Instant::now();
            for at in 0..MESSAGES {
                requests.message().await?.expect("all of them come");
                if at == MESSAGES / 2 {
                    half = Instant::now();
                }
            }
            Ok(Response::new(half.elapsed().as_micros().to_string().into()))
        })
}

/// How much of the line is used by half of the messages in this time.
fn used(time: Duration) -> f64 {
    let bytes = (MESSAGES / 2 * MESSAGE_BYTES) as f64;
    bytes / time.as_secs_f64() / f64::from(LINE.bytes_per_second)
}

async fn download(channel: &Channel) -> f64 {
    let mut responses = server(channel, text("")).await.unwrap().into_inner();
    let mut half = Instant::now();
    for at in 0..MESSAGES {
        responses.next().await.unwrap().unwrap();
        if at == MESSAGES / 2 {
            half = Instant::now();
        }
    }
    used(half.elapsed())
}

async fn upload(channel: &Channel) -> f64 {
    let response = client(channel, ready_requests(many())).await.unwrap();
    let micros = String::from_utf8(response.into_inner().to_vec()).unwrap();
    used(Duration::from_micros(micros.parse().unwrap()))
}

async fn measured(server: Server, limit: impl FnOnce(Endpoint) -> Endpoint) -> (f64, f64) {
    let served = Served::start(server.add(service())).await;
    let near_end = LINE.to(served.path());
    let endpoint = Endpoint::parse(&format!("unix:{}", near_end.path().display())).unwrap();
    let channel = Channel::connect(limit(endpoint)).await.unwrap();
    (download(&channel).await, upload(&channel).await)
}

#[tokio::test(start_paused = true)]
async fn a_long_and_wide_line_is_filled_in_both_directions() {
    let (down, up) = measured(Server::new(), |endpoint| endpoint).await;
    assert!(down >= 0.8, "{down}");
    assert!(up >= 0.8, "{up}");
}

#[tokio::test(start_paused = true)]
async fn windows_grow_no_further_than_they_may() {
    const LIMIT: u32 = 512 * 1024;
    let server = Server::new().max_stream_window(LIMIT);
    let (down, up) = measured(server, |endpoint| endpoint.max_stream_window(LIMIT)).await;
    // A window for each round trip.
    let most = f64::from(LIMIT) / 0.05 / f64::from(LINE.bytes_per_second);
    assert!(down <= most * 1.1, "{down}");
    assert!(up <= most * 1.1, "{up}");
}
