//! Ten thousand connections on which nothing happens.

use crate::attack::{KIB, Neighbour};
use ironwire_rpc::Server;
use ironwire_tests::allocation::Meter;
use ironwire_tests::probe::tasks_alive;
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::process::Stdio;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// How many connections this process may have: a part of what it may open.
fn connections() -> usize {
    const WANTED: usize = 10_000;
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok())
        .unwrap_or(1024);
    WANTED.min(files / 2)
}

#[tokio::test]
async fn connections_cost_little_and_leave_nothing() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut neighbour = Neighbour::new(served.channel()).await;
    let tasks = tasks_alive();
    let meter = Meter::start();
    let count = connections();
    // Their ends are another program's, so that only the server's memory is counted.
    let mut peers = Command::new(env!("CARGO_BIN_EXE_idle-peers"))
        .arg(served.path())
        .arg(count.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = peers.stdout.take().unwrap();
    let mut line = vec![0; count.to_string().len()];
    said.read_exact(&mut line).await.unwrap();
    neighbour.goes_on().await;
    let each = meter.held() / count as isize;
    println!("{count} connections of {each} bytes each");
    assert!(each < 40 * KIB, "{each} bytes for each connection");
    assert!(tasks_alive() >= tasks + count);
    drop(peers.stdin.take());
    assert!(peers.wait().await.unwrap().success());
    while tasks_alive() > tasks {
        tokio::task::yield_now().await;
    }
    neighbour.goes_on().await;
    let left = meter.held();
    println!("{left} bytes left");
    assert!(left < 512 * KIB, "{left} bytes are left");
}
