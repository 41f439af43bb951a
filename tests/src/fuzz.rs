//! Frames at random, played at our server and at our client: whatever comes, calls end, nothing panics, and nothing is left.
//!
//! An input is a program that a byte each makes frames of: its type, its flags, its stream and the length of its payload,
//! which are the bytes behind. Half of the types are whole frames of a call, so that programs get somewhere. Never makes
//! inputs.

use crate::call::{text, unary, within};
use crate::frames::{Frame, FramedSocket, kind};
use crate::h2_server::{H2Server, framed};
use crate::probe::{Alive, settle, tasks_alive};
use crate::served::Served;
use crate::service::TestService;
use ironwire_rpc::{Channel, Response, Server};
use std::cell::RefCell;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::sleep;

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

/// What is kept from input to input.
struct Stage {
    runtime: Runtime,
    served: Served,
    alive: Alive,
    tasks: usize,
}

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

impl Stage {
    fn new() -> Stage {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
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
        let served = runtime.block_on(Served::start(Server::new().add(service)));
        let tasks = runtime.metrics().num_alive_tasks();
        Stage {
            runtime,
            served,
            alive,
            tasks,
        }
    }

    /// A peer of our server.
    async fn attack_server(&self, bytes: &[u8]) {
        let mut socket = FramedSocket::client(self.served.socket().await).await;
        let playing = socket.exchange(bytes, |_| false);
        tokio::select! {
            _ = playing => {}
            () = sleep(LONG) => {}
        }
        drop(socket);
        let channel = self.served.channel();
        let answer = unary(&channel, text("m"))
            .await
            .expect("the server goes on");
        assert_eq!(answer.into_inner(), "m");
    }

    /// A peer of our client, and how the call ended.
    async fn attack_client(&self, bytes: &[u8]) -> bool {
        let peer = H2Server::bind();
        let channel = Channel::lazy(peer.endpoint()).expect("the endpoint is well-formed");
        let attacking = async {
            loop {
                let mut socket = FramedSocket::server(peer.socket().await).await;
                // The request is there before the answer.
                socket.next_of(kind::DATA).await;
                socket.exchange(bytes, |_| false).await;
            }
        };
        let request = within(Duration::from_secs(60), text("m"));
        tokio::select! {
            ended = unary(&channel, request) => ended.is_ok(),
            () = attacking => unreachable!("it goes on"),
        }
    }

    fn is_clean(&self) {
        self.runtime.block_on(async {
            sleep(LONG).await;
            assert_eq!(self.alive.count(), 0, "a handler is left");
            assert_eq!(tasks_alive(), self.tasks, "a task is left");
        });
    }
}

/// Plays the frames of the input at a server and at a client. Says whether the client's call went well.
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
