//! Which task polls a call: its connection's, or one of its own?

use bytes::Bytes;
use ironwire_rpc::{Channel, Response, Server};
use ironwire_tests::call::{client, text, unary};
use ironwire_tests::probe::settle;
use ironwire_tests::service::TestService;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::{Id, JoinHandle};
use tokio_stream::wrappers::ReceiverStream;

/// The tasks in which handlers have found themselves, by what the message said that they had before them.
type Places = Arc<Mutex<Vec<(Bytes, Id)>>>;

/// What a handler does with each message.
#[derive(Clone, Copy)]
enum Work {
    None,
    /// Waits for something that is not its caller.
    Wait,
    /// Takes longer than calls may in their connection's task.
    Block,
}

impl Work {
    async fn done(self) {
        match self {
            Work::None => {}
            Work::Wait => tokio::task::yield_now().await,
            Work::Block => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn serve(server: Server, work: Work) -> (Channel, Places) {
    let places = Places::default();
    let noted = Arc::clone(&places);
    let service = TestService::echo().client(move |request| {
        let noted = Arc::clone(&noted);
        async move {
            let mut requests = request.into_inner();
            while let Some(message) = requests.message().await? {
                noted.lock().unwrap().push((message, tokio::task::id()));
                work.done().await;
            }
            Ok(Response::new(Bytes::new()))
        }
    });
    (server.add(service).in_process().unwrap(), places)
}

/// A call with a stream of requests that the test feeds, one at a time.
struct Call {
    name: &'static str,
    requests: mpsc::Sender<Bytes>,
    call: JoinHandle<()>,
}

impl Call {
    fn open(channel: &Channel, name: &'static str) -> Call {
        let (requests, receiver) = mpsc::channel(1);
        let channel = channel.clone();
        let call = tokio::spawn(async move {
            client(&channel, ReceiverStream::new(receiver))
                .await
                .unwrap();
        });
        Call {
            name,
            requests,
            call,
        }
    }

    async fn send(&self) {
        self.requests.send(text(self.name)).await.unwrap();
        settle().await;
    }

    async fn end(self) {
        drop(self.requests);
        self.call.await.unwrap();
    }
}

/// Where each of two calls has found itself, message by message.
async fn places_of_two_calls(server: Server, work: Work) -> [Vec<Id>; 2] {
    let (channel, places) = serve(server, work);
    let calls = ["a", "b"].map(|name| Call::open(&channel, name));
    for _ in 0..4 {
        for call in &calls {
            call.send().await;
        }
    }
    // Neighbours of one message are answered all the while.
    unary(&channel, text("x")).await.unwrap();
    for call in calls {
        call.end().await;
    }
    let places = places.lock().unwrap();
    ["a", "b"].map(|name| {
        let own = places.iter().filter(|(message, _)| message == name);
        own.map(|(_, id)| *id).collect()
    })
}

#[tokio::test]
async fn calls_that_wait_for_their_callers_stay_with_their_connection() {
    let [a, b] = places_of_two_calls(Server::new(), Work::None).await;
    assert_eq!(a.len(), 4);
    assert!(a.iter().chain(&b).all(|id| *id == a[0]), "{a:?} {b:?}");
}

#[tokio::test]
async fn a_call_that_waits_for_something_else_goes_on_in_a_task_of_its_own() {
    let [a, b] = places_of_two_calls(Server::new(), Work::Wait).await;
    for (own, other) in [(&a, &b), (&b, &a)] {
        assert!(own[1..].iter().all(|id| *id == own[1]), "{own:?}");
        assert!(!other.contains(&own[1]), "{own:?} {other:?}");
    }
}

#[tokio::test]
async fn a_call_that_takes_long_goes_on_in_a_task_of_its_own() {
    let [a, b] = places_of_two_calls(Server::new(), Work::Block).await;
    for (own, other) in [(&a, &b), (&b, &a)] {
        assert!(own[1..].iter().all(|id| *id == own[1]), "{own:?}");
        assert!(!other.contains(&own[1]), "{own:?} {other:?}");
    }
}

#[tokio::test]
async fn without_a_budget_each_call_is_a_task_from_its_beginning() {
    let server = Server::new().poll_budget(Duration::ZERO);
    let [a, b] = places_of_two_calls(server, Work::None).await;
    for (own, other) in [(&a, &b), (&b, &a)] {
        assert!(own.iter().all(|id| *id == own[0]), "{own:?}");
        assert!(!other.contains(&own[0]), "{own:?} {other:?}");
    }
}

/// Woken from outside while the connection is idle, and several at a time.
#[tokio::test]
async fn what_wakes_a_waiting_call_need_not_be_its_connection() {
    let (news, _) = tokio::sync::broadcast::channel::<Bytes>(16);
    let subscribed = news.clone();
    let service = TestService::echo().client(move |request| {
        let mut news = subscribed.subscribe();
        async move {
            let mut requests = request.into_inner();
            let heard = tokio::select! {
                biased;
                message = requests.message() => message?.unwrap_or_default(),
                heard = news.recv() => heard.unwrap(),
            };
            Ok(Response::new(heard))
        }
    });
    let channel = Server::new().add(service).in_process().unwrap();
    let mut senders = Vec::new();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (sender, receiver) = mpsc::channel(1);
        senders.push(sender);
        let channel = channel.clone();
        calls.spawn(async move {
            client(&channel, ReceiverStream::new(receiver))
                .await
                .unwrap()
        });
    }
    settle().await;
    while news.receiver_count() < 50 {
        settle().await;
    }
    news.send(text("news")).unwrap();
    while let Some(joined) = calls.join_next().await {
        assert_eq!(joined.unwrap().into_inner(), text("news"));
    }
}
