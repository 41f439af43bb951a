//! Frames at random, played at our server and at our client: whatever comes, calls end, nothing panics, and nothing is left.
//!
//! An input is a program that a byte each makes frames of: its type, its flags, its stream and the length of its payload,
//! which are the bytes behind. Half of the types are whole frames of a call, so that programs get somewhere. All of it goes
//! through pipes in memory, on a runtime that has neither sockets nor a clock of its own. Never makes inputs.

use crate::allocation::Meter;
use crate::call::{all, bidi, ready_requests, server, text, unary, within};
use crate::frames::{Frame, FramedSocket, kind};
use crate::h2_server::framed;
use crate::pipes::{Dialer, network};
use crate::probe::{Alive, settle, tasks_alive};
use crate::service::TestService;
use ironwire_rpc::server::Listen;
use ironwire_rpc::{Response, Server};
use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep};
use tokio_stream::StreamExt;

/// The frames of an input.
fn frames(mut input: &[u8]) -> Vec<u8> {
    const STREAMS: [u32; 8] = [0, 1, 3, 5, 7, 2, 9, 1001];
    let mut bytes = Vec::new();
    while let [kind, flags, stream, length, rest @ ..] = input {
        let stream = STREAMS[usize::from(*stream) % STREAMS.len()];
        let (payload, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        let frame = match kind % 20 {
            10 => Frame::call(stream, "/test.Test/Unary"),
            11 => Frame::call(stream, "/test.Test/Server"),
            12 => Frame::call(stream, "/test.Test/Client"),
            13 => Frame::call(stream, "/test.Test/Bidi"),
            14 => Frame::data(stream, framed(payload)),
            15 => Frame::data(stream, framed(payload)).ending(),
            16 => Frame::headers(
                stream,
                &[(":status", "200"), ("content-type", "application/grpc")],
            ),
            17 => Frame::headers(stream, &[("grpc-status", "0")]).ending(),
            18 => Frame::new(kind::PING, flags & 1, 0, vec![*flags; 8]),
            19 => Frame::window_update(stream, u32::from(*flags) << (length % 24)),
            kind => Frame::new(kind, *flags, stream, payload.to_vec()),
        };
        bytes.extend(frame.encode());
        input = rest;
    }
    bytes
}

/// An endless afternoon: every deadline and every keepalive fires.
const LONG: Duration = Duration::from_secs(3 * 60 * 60);

/// What a call of ours may take.
const MINUTE: Duration = Duration::from_secs(60);

/// What may be held after any number of inputs, in a program that counts: what a thread keeps for its connections, and
/// tables that have grown.
const KEPT_MAX: isize = 1024 * 1024;

/// What is kept from input to input.
struct Stage {
    runtime: Runtime,
    /// The way to our server.
    dialer: Dialer,
    alive: Alive,
    tasks: usize,
    meter: Meter,
}

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

impl Stage {
    fn new() -> Stage {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let alive = Alive::default();
        let counted = alive.clone();
        let service = TestService::echo().unary(move |request| {
            let guard = counted.guard();
            async move {
                let _guard = guard;
                settle().await;
                Ok(Response::new(request.into_inner()))
            }
        });
        let (dialer, connections) = network();
        let bound = Server::new()
            .add(service)
            .bind(Listen::incoming(connections));
        let bound = runtime.block_on(bound).expect("nothing has to be bound");
        runtime.spawn(bound.serve());
        let tasks = runtime.metrics().num_alive_tasks();
        Stage {
            runtime,
            dialer,
            alive,
            tasks,
            meter: Meter::start(),
        }
    }

    /// A peer of our server.
    async fn attack_server(&self, bytes: &[u8]) {
        let mut socket = FramedSocket::client(self.dialer.dial().expect("it is served")).await;
        let playing = socket.exchange(bytes, |_| false);
        tokio::select! {
            _ = playing => {}
            () = sleep(LONG) => {}
        }
        drop(socket);
        let channel = self.dialer.channel();
        let answer = unary(&channel, text("m"))
            .await
            .expect("the server goes on");
        assert_eq!(answer.into_inner(), "m");
    }

    /// A peer of our client, and whether a call to it went well.
    async fn attack_client(&self, bytes: &[u8]) -> bool {
        let (dialer, connections) = network();
        let mut connections = pin!(connections);
        let channel = dialer.channel();
        let attacking = async {
            while let Some(Ok(connection)) = connections.next().await {
                let mut socket = FramedSocket::server(connection).await;
                // The request is there before the answer.
                socket.next_of(kind::DATA).await;
                socket.exchange(bytes, |_| false).await;
            }
        };
        let calling = async {
            let begin = Instant::now();
            let one = unary(&channel, within(MINUTE, text("m")));
            let many = async {
                let responses = server(&channel, within(MINUTE, text("m"))).await?;
                all(responses.into_inner()).await
            };
            let requests = within(MINUTE, ready_requests([text("a"), text("b")]));
            let both = all(bidi(&channel, requests).open());
            let (one, many, both) = tokio::join!(one, many, both);
            assert!(begin.elapsed() <= MINUTE + MINUTE, "a deadline is missed");
            one.is_ok() || many.is_ok() || both.is_ok()
        };
        tokio::select! {
            went_well = calling => went_well,
            () = attacking => unreachable!("the channel can always dial"),
        }
    }

    fn is_clean(&self) {
        self.runtime.block_on(async {
            sleep(LONG).await;
            assert_eq!(self.alive.count(), 0, "a handler is left");
            assert_eq!(tasks_alive(), self.tasks, "a task is left");
        });
        let kept = self.meter.held();
        assert!(kept < KEPT_MAX, "{kept} bytes are left");
    }
}

/// Plays the frames of the input at a server and at a client. Says whether one of the client's calls went well.
///
/// # Panics
/// When something is left that should have ended.
pub fn play(input: &[u8]) -> bool {
    let bytes = frames(input);
    STAGE.with_borrow_mut(|stage| {
        let stage = stage.get_or_insert_with(Stage::new);
        stage.runtime.block_on(stage.attack_server(&bytes));
        stage.is_clean();
        let went_well = stage.runtime.block_on(stage.attack_client(&bytes));
        stage.is_clean();
        went_well
    })
}
