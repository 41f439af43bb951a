//! Does a server spread its connections over runtimes, and keep each on one?

use ironwire_rpc::server::Runtimes;
use ironwire_rpc::{Channel, Response, Server};
use ironwire_tests::call::{text, unary};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::collections::BTreeSet;
use std::time::Duration;

/// Tells which thread it runs on, after a wait that may move what can move.
fn telling() -> TestService {
    TestService::echo().unary(|_| async move {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        Ok(Response::new(name.into()))
    })
}

async fn threads_of(channel: &Channel) -> BTreeSet<String> {
    let mut threads = BTreeSet::new();
    for _ in 0..5 {
        let response = unary(channel, text("")).await.unwrap().into_inner();
        threads.insert(String::from_utf8(response.to_vec()).unwrap());
    }
    threads
}

#[tokio::test]
async fn connections_are_spread_and_each_stays_where_it_is() {
    let runtimes = Runtimes::new(2).unwrap();
    let served = Served::start(Server::new().add(telling()).spread_over(&runtimes)).await;
    let mut all = BTreeSet::new();
    let mut channels = Vec::new();
    for _ in 0..4 {
        let channel = served.channel();
        let threads = threads_of(&channel).await;
        assert_eq!(threads.len(), 1, "{threads:?}");
        all.extend(threads);
        channels.push(channel);
    }
    assert_eq!(Vec::from_iter(all), ["ironwire-0", "ironwire-1"]);
}

#[tokio::test]
async fn a_server_on_runtimes_drains() {
    let runtimes = Runtimes::new(1).unwrap();
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(1);
    let service = TestService::echo().unary(move |_| {
        let begun = begun.clone();
        async move {
            begun.send(()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(Response::new(text("done")))
        }
    });
    let mut served = Served::start(Server::new().add(service).spread_over(&runtimes)).await;
    let channel = served.channel();
    let call = tokio::spawn(async move { unary(&channel, text("")).await });
    has_begun.recv().await.unwrap();
    served.begin_shutdown();
    assert_eq!(call.await.unwrap().unwrap().into_inner(), "done");
    served.ended().await;
}
