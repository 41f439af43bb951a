//! Full load on a server whose connections are killed at random: no call is lost without an error, none is made twice, and
//! in the end there is as much memory in use as before.
//!
//!   cargo run --release -p ironwire-tests --bin soak -- --seconds 600
//!
//! Never reads a clock to judge a call: one that hangs is noticed because its deadline passes.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ironwire_rpc::{Channel, Code, Response, Server, Status};
use ironwire_tests::allocation;
use ironwire_tests::call::{all, bidi, client, ready_requests, server, unary, within};
use ironwire_tests::probe::tasks_alive;
use ironwire_tests::proxy::{Fate, Proxy, carry};
use ironwire_tests::random::Random;
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use std::collections::{BTreeMap, VecDeque};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;

#[global_allocator]
static COUNTING: allocation::Counting = allocation::Counting;

const CHANNELS: usize = 8;
const CALLERS: usize = 64;

/// A call that takes longer has been lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the warm-up may have left unfilled of tables and of the threads' spare blocks.
const GROWTH_MAX: isize = 2 << 20;

/// The calls that handlers have begun: for each caller the last ones, so that memory does not grow with time.
#[derive(Default)]
struct Begun {
    callers: Vec<Mutex<VecDeque<u64>>>,
}

impl Begun {
    fn new() -> Arc<Begun> {
        let callers = std::iter::repeat_with(Mutex::default);
        Arc::new(Begun {
            callers: callers.take(CALLERS).collect(),
        })
    }

    /// Takes note of a request, which begins with its caller and number.
    fn begin(&self, mut request: Bytes) -> Result<(), Status> {
        const REMEMBERED: usize = 256;
        let (caller, number) = (request.get_u64() as usize, request.get_u64());
        let mut numbers = self.callers[caller].lock().expect("nobody panics");
        if numbers.contains(&number) {
            return Err(Status::data_loss(format!(
                "call {number} of {caller} was made twice"
            )));
        }
        if numbers.len() == REMEMBERED {
            numbers.pop_front();
        }
        numbers.push_back(number);
        Ok(())
    }
}

/// An echo that takes note of each call.
fn service(begun: &Arc<Begun>) -> TestService {
    let [one, two, three, four] = [(); 4].map(|()| Arc::clone(begun));
    TestService::echo()
        .unary(move |request| {
            let message = request.into_inner();
            let begun = one.begin(message.clone());
            async move { begun.map(|()| Response::new(message)) }
        })
        .server(move |request| {
            let message = request.into_inner();
            let begun = two.begin(message.clone());
            let responses = tokio_stream::iter(vec![Ok(message); 3]);
            async move { begun.map(|()| Response::new(messages(responses))) }
        })
        .client(move |request| {
            let begun = Arc::clone(&three);
            async move {
                let mut requests = request.into_inner();
                let mut joined = BytesMut::new();
                while let Some(message) = requests.message().await? {
                    if joined.is_empty() {
                        begun.begin(message.clone())?;
                    }
                    joined.extend_from_slice(&message);
                }
                Ok(Response::new(joined.freeze()))
            }
        })
        .bidi(move |request| {
            let begun = Arc::clone(&four);
            let mut is_first = true;
            let echo = request.into_inner().map(move |message| {
                let message = message?;
                if std::mem::take(&mut is_first) {
                    begun.begin(message.clone())?;
                }
                Ok(message)
            });
            async move { Ok(Response::new(messages(echo))) }
        })
}

/// Makes one call, of the shape that the number says: an error, or everything came back.
async fn call(channel: &Channel, number: u64, message: Bytes) -> Result<(), Status> {
    const COUNT: usize = 5;
    let requests = vec![message.clone(); COUNT];
    let is_whole = match number % 4 {
        0 => {
            unary(channel, within(PATIENCE, message.clone()))
                .await?
                .into_inner()
                == message
        }
        1 => {
            let responses = server(channel, within(PATIENCE, message.clone())).await?;
            all(responses.into_inner()).await? == vec![message; 3]
        }
        2 => {
            let requests = within(PATIENCE, ready_requests(requests));
            client(channel, requests).await?.into_inner().len() == COUNT * message.len()
        }
        _ => {
            let responses = bidi(channel, within(PATIENCE, ready_requests(requests.clone())));
            all(responses.await?.into_inner()).await? == requests
        }
    };
    is_whole
        .then_some(())
        .ok_or_else(|| Status::data_loss("a call went well without all its messages"))
}

/// How calls have ended.
type Ends = BTreeMap<i32, u64>;

/// Calls one after another until the time is over.
async fn calls(
    caller: usize,
    channel: Channel,
    numbers: std::ops::RangeFrom<u64>,
    end: Instant,
) -> (Ends, u64) {
    let mut random = Random::new(caller as u64);
    let mut ends = Ends::new();
    for number in numbers {
        if Instant::now() >= end {
            return (ends, number);
        }
        let mut message = BytesMut::new();
        message.put_u64(caller as u64);
        message.put_u64(number);
        message.put_bytes(7, random.magnitude(14));
        let ended = call(&channel, number, message.freeze()).await;
        if let Err(status) = &ended {
            if !matches!(status.code(), Code::Unavailable | Code::Cancelled) {
                eprintln!("caller {caller}, call {number}: {status}");
            }
            // Calls fail at once while a connection is being replaced, and would leave it no time.
            sleep(Duration::from_millis(1)).await;
        }
        let code = ended.map_or_else(|status| status.code(), |()| Code::Ok);
        *ends.entry(code.as_i32()).or_default() += 1;
    }
    unreachable!("there are numbers enough")
}

/// Carries connections, each for a random time, between a fiftieth of a second and two.
async fn kill_at_random(proxy: Proxy, server: std::path::PathBuf) {
    let mut random = Random::new(1);
    let mut connections = JoinSet::new();
    loop {
        let client = proxy.accept().await;
        let life = Duration::from_millis(20 + random.magnitude(11) as u64);
        let Ok(server) = tokio::net::UnixStream::connect(&server).await else {
            continue;
        };
        connections.spawn(timeout(life, carry(client, server, Fate::PASS, Fate::PASS)));
        while connections.try_join_next().is_some() {}
    }
}

/// Load for a while; the next number of each caller.
async fn load(channels: &[Channel], numbers: &[u64], time: Duration) -> (Ends, Vec<u64>) {
    let end = Instant::now() + time;
    let mut callers = JoinSet::new();
    for (caller, &first) in numbers.iter().enumerate() {
        let channel = channels[caller % channels.len()].clone();
        callers.spawn(async move { (caller, calls(caller, channel, first.., end).await) });
    }
    let (mut all, mut next) = (Ends::new(), numbers.to_vec());
    while let Some(ended) = callers.join_next().await {
        let (caller, (ends, number)) = ended.expect("callers do not panic");
        next[caller] = number;
        for (code, count) in ends {
            *all.entry(code).or_default() += count;
        }
    }
    (all, next)
}

/// What is in use once everything has come to rest: tasks, and bytes.
async fn at_rest() -> (usize, isize) {
    sleep(Duration::from_secs(3)).await;
    (tasks_alive(), allocation::total())
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 60,
        (Some("--seconds"), Some(seconds)) => seconds.parse().expect("a number of seconds"),
        _ => {
            eprintln!("usage: soak [--seconds N]");
            return ExitCode::from(2);
        }
    };
    let served = Served::start(Server::new().add(service(&Begun::new()))).await;
    let proxy = Proxy::bind();
    let endpoint = proxy
        .endpoint()
        .backoff(Duration::from_millis(1), Duration::from_millis(1));
    let killing = tokio::spawn(kill_at_random(proxy, served.path().to_owned()));
    let channel = || Channel::lazy(endpoint.clone()).expect("the endpoint is well-formed");
    let channels: Vec<_> = std::iter::repeat_with(channel).take(CHANNELS).collect();
    let warm_up = Duration::from_secs(10);
    let (_, numbers) = load(&channels, &[0; CALLERS], warm_up).await;
    let (tasks_before, bytes_before) = at_rest().await;
    let (ends, _) = load(&channels, &numbers, Duration::from_secs(seconds)).await;
    let (tasks_after, bytes_after) = at_rest().await;
    killing.abort();

    let sum: u64 = ends.values().sum();
    println!("{sum} calls in {seconds} s, by code: {ends:?}");
    println!("tasks: {tasks_before} before, {tasks_after} after");
    println!("bytes: {bytes_before} before, {bytes_after} after");
    let honest = [Code::Ok, Code::Unavailable, Code::Cancelled].map(|code| code.as_i32());
    let all_honest = ends.keys().all(|code| honest.contains(code));
    let is_tidy = tasks_after <= tasks_before && bytes_after - bytes_before < GROWTH_MAX;
    if all_honest && is_tidy && ends.len() > 1 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
