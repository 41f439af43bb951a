//! Messages that are not what they say: lengths that lie, and compressed ones that swell.

use crate::attack::{KIB, MIB, Neighbour, service};
use bytes::{Bytes, BytesMut};
use ironwire_rpc::Server;
use ironwire_rpc::compression::{Compression, Deflate, Gzip};
use ironwire_tests::allocation::Meter;
use ironwire_tests::h2_client::{H2Client, answer, grpc_request};
use ironwire_tests::probe::{Alive, settle};
use ironwire_tests::served::Served;

/// Sends this body to `Unary` on many streams at once: the status of each answer, and how much memory it took.
async fn check(name: &str, encoding: &str, body: &[u8], code: &str, memory_max: isize) {
    const CALLS: usize = 50;
    let alive = Alive::default();
    let served = Served::start(Server::new().add(service(&alive))).await;
    let mut neighbour = Neighbour::new(served.channel()).await;
    let mut peer = H2Client::connect(&served).await;
    let body = Bytes::copy_from_slice(body);
    settle().await;
    let meter = Meter::start();
    let mut answers = Vec::new();
    for _ in 0..CALLS {
        let request = grpc_request("/test.Test/Unary", &[("grpc-encoding", encoding)]);
        let (response, mut stream) = peer.open(request);
        stream.send_data(body.clone(), false).unwrap();
        answers.push((answer(response), stream));
    }
    for (answer, _stream) in answers {
        let answer = answer.await.unwrap();
        assert_eq!(answer.grpc_status().0, code, "{name}: {answer:?}");
    }
    let peak = meter.peak();
    println!("{name}: {CALLS} calls with {code}, at most {peak} bytes");
    assert!(peak <= memory_max, "{name}: {peak} bytes");
    neighbour.goes_on().await;
}

#[tokio::test(start_paused = true)]
async fn lengths_that_lie() {
    let prefix = |flag, length: u32| [&[flag][..], &length.to_be_bytes()].concat();
    for (name, length) in [
        ("4 GiB", u32::MAX),
        ("2 GiB", 1 << 31),
        ("4 MiB and a byte", (1 << 22) + 1),
    ] {
        check(name, "identity", &prefix(0, length), "8", MIB).await;
        check(name, "gzip", &prefix(1, length), "8", MIB).await;
    }
    let more = [prefix(0, 1), vec![7; 1000]].concat();
    check("more than it says", "identity", &more, "13", MIB).await;
}

#[tokio::test(start_paused = true)]
async fn flags_that_lie() {
    for (name, encoding, flag, code) in [
        ("compressed without an encoding", "identity", 1, "13"),
        ("compressed and is not", "gzip", 1, "13"),
        ("no flag", "gzip", 2, "13"),
        ("an unknown encoding", "fantasy", 1, "12"),
    ] {
        let body = [flag, 0, 0, 0, 5, b'h', b'e', b'l', b'l', b'o'];
        check(name, encoding, &body, code, MIB).await;
    }
}

/// A message of so many zeros, compressed, with its prefix.
fn bomb(compression: &dyn Compression, bytes: usize) -> Vec<u8> {
    let mut packed = BytesMut::new();
    compression.compress(&vec![0; bytes], &mut packed).unwrap();
    let length = u32::try_from(packed.len()).unwrap();
    [&[1][..], &length.to_be_bytes(), &packed].concat()
}

#[tokio::test(start_paused = true)]
async fn messages_that_swell() {
    const HUGE: usize = 256 << 20;
    // The default limit once or twice over, not once for each of the calls.
    let memory_max = 8 * MIB + 512 * 50 * KIB;
    let gzip = bomb(&Gzip::level(9), HUGE);
    check("256 MiB by gzip", "gzip", &gzip, "8", memory_max).await;
    let deflate = bomb(&Deflate::level(9), HUGE);
    check("256 MiB by deflate", "deflate", &deflate, "8", memory_max).await;
    let cut = &mut bomb(&Gzip::level(9), 1 << 20);
    let last = cut.len() - 20;
    cut.truncate(last);
    let length = u32::try_from(last - 5).unwrap();
    cut[1..5].copy_from_slice(&length.to_be_bytes());
    check("gzip that is cut", "gzip", cut, "13", memory_max).await;
}
