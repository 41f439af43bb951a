//! Sockets that are cut or held up in the middle of calls: what is left of the calls afterwards is nothing.

use crate::attack::{KIB, Neighbour};
use bytes::Bytes;
use ironwire_rpc::{Channel, Code, Response, Server, Status};
use ironwire_tests::allocation::Meter;
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary, within};
use ironwire_tests::probe::{Alive, settle, tasks_alive};
use ironwire_tests::proxy::{Fate, Proxy, carry};
use ironwire_tests::random::Random;
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::sleep;

/// When every timer of a connection has fired: the server pings after two hours of silence.
const LONG: Duration = Duration::from_secs(3 * 60 * 60);

/// An echo that knows how many handlers there are.
fn counted(alive: &Alive) -> TestService {
    let [one, two] = [(); 2].map(|()| alive.clone());
    TestService::echo()
        .unary(move |request| {
            let guard = one.guard();
            async move {
                let _guard = guard;
                sleep(Duration::from_millis(1)).await;
                Ok(Response::new(request.into_inner()))
            }
        })
        .bidi(move |request| {
            let guard = two.guard();
            let echo = tokio_stream::StreamExt::map(request.into_inner(), move |message| {
                let _ = &guard;
                message
            });
            std::future::ready(Ok(Response::new(messages(echo))))
        })
}

/// A server behind a proxy, and what there was before anybody called it.
struct Stage {
    served: Served,
    neighbour: Neighbour,
    alive: Alive,
    tasks: usize,
}

impl Stage {
    async fn new() -> Stage {
        let alive = Alive::default();
        let served = Served::start(Server::new().add(counted(&alive))).await;
        let neighbour = Neighbour::new(served.channel()).await;
        settle().await;
        Stage {
            served,
            neighbour,
            alive,
            tasks: tasks_alive(),
        }
    }

    /// Makes calls on a channel through a proxy; each connection has this fate.
    async fn call<T>(&self, up: Fate, down: Fate, make: impl AsyncFnOnce(&Channel) -> T) -> T {
        let proxy = Proxy::bind();
        let channel = Channel::lazy(proxy.endpoint()).unwrap();
        let proxying = async {
            loop {
                let client = proxy.accept().await;
                carry(client, self.served.socket().await, up, down).await;
            }
        };
        let calling = async {
            let made = make(&channel).await;
            drop(channel);
            // The peer is as bad as ever while what is left is cleared away.
            sleep(LONG).await;
            // One of them is the neighbour's.
            assert_eq!(self.alive.count(), 1, "a handler is left: {up:?} {down:?}");
            assert_eq!(tasks_alive(), self.tasks, "a task is left: {up:?} {down:?}");
            made
        };
        tokio::select! {
            made = calling => made,
            () = proxying => unreachable!("it goes on"),
        }
    }
}

fn code<T>(outcome: &Result<T, Status>) -> Code {
    outcome
        .as_ref()
        .map_or_else(|status| status.code(), |_| Code::Ok)
}

#[tokio::test(start_paused = true)]
async fn at_each_byte_of_a_call() {
    let mut stage = Stage::new().await;
    let call = async |channel: &Channel| unary(channel, within(20 * SECOND, text("m"))).await;
    // How many bytes there are: the connection's own frames, a call and its answer.
    const BYTES: usize = 400;
    let mut codes = BTreeMap::new();
    for bytes in 0..BYTES {
        for (up, down) in [
            (Fate::cut_after(bytes), Fate::PASS),
            (Fate::PASS, Fate::cut_after(bytes)),
        ] {
            let outcome = stage.call(up, down, call).await;
            *codes.entry(code(&outcome).as_i32()).or_insert(0) += 1;
            assert!(
                matches!(code(&outcome), Code::Ok | Code::Unavailable),
                "{bytes}: {outcome:?}"
            );
        }
    }
    println!("{codes:?}");
    assert!(codes[&0] > 100 && codes[&14] > 100, "{codes:?}");
    stage.neighbour.goes_on().await;
}

const SECOND: Duration = Duration::from_secs(1);

/// What passes of a direction: everything, or up to a point that is more likely early than late; then perhaps nothing for
/// a while, or for good.
fn fate(random: &mut Random) -> Fate {
    let point = |random: &mut Random| match random.below(3) {
        0 => usize::MAX,
        _ => random.magnitude(18),
    };
    let stalls = [SECOND / 10, SECOND, 100 * SECOND, 2 * LONG];
    Fate {
        stall_after: point(random),
        stall: stalls[random.below(stalls.len())],
        cut_after: point(random),
    }
}

/// A call of any shape, with messages of any size; that what comes back is what was sent.
async fn call_at_random(channel: &Channel, random: &mut Random) -> Result<(), Status> {
    let message = Bytes::from(vec![random.below(256) as u8; random.magnitude(17)]);
    let count = 1 + random.below(5);
    let requests = vec![message.clone(); count];
    let one = within(20 * SECOND, message.clone());
    match random.below(4) {
        0 => assert_eq!(unary(channel, one).await?.into_inner(), message),
        1 => {
            let echoed = all(server(channel, one).await?.into_inner()).await?;
            assert_eq!(echoed, vec![message; 3]);
        }
        2 => {
            let requests = within(20 * SECOND, ready_requests(requests));
            let joined = client(channel, requests).await?.into_inner();
            assert_eq!(joined.len(), message.len() * count);
        }
        _ => {
            let requests = within(20 * SECOND, ready_requests(requests.clone()));
            let echoed = all(bidi(channel, requests).await?.into_inner()).await?;
            assert_eq!(echoed, vec![message; count]);
        }
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_thousand_cuts_and_stalls() {
    let mut stage = Stage::new().await;
    let mut codes = BTreeMap::new();
    let meter = Meter::start();
    for seed in 0..1000 {
        let mut random = Random::new(seed);
        let (up, down) = (fate(&mut random), fate(&mut random));
        let call = async |channel: &Channel| {
            let mut codes = Vec::new();
            for _ in 0..2 {
                codes.push(code(&call_at_random(channel, &mut random).await));
            }
            codes
        };
        for code in stage.call(up, down, call).await {
            assert!(
                matches!(code, Code::Ok | Code::Unavailable | Code::DeadlineExceeded),
                "seed {seed}: {code:?}, {up:?}, {down:?}"
            );
            *codes.entry(code.as_i32()).or_insert(0) += 1;
        }
        // Blocks that the thread keeps, and tables that have grown.
        let left = meter.held();
        assert!(left < 200 * KIB, "seed {seed}: {left} bytes are left");
    }
    println!(
        "{codes:?}, at most {} bytes, {} left",
        meter.peak(),
        meter.held()
    );
    for code in [Code::Ok, Code::Unavailable, Code::DeadlineExceeded] {
        assert!(codes[&code.as_i32()] > 100, "{codes:?}");
    }
    stage.neighbour.goes_on().await;
}
