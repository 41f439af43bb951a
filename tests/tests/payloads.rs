//! Do messages of every size arrive as they were sent, those that are copied on their way and those that are not?

use bytes::{BufMut, Bytes, BytesMut};
use ironwire_rpc::codec::EncodeBuf;
use ironwire_rpc::compression::Gzip;
use ironwire_rpc::{Channel, Codec, Request, Server, Status, client};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, unary};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::framed;
use ironwire_tests::served::Served;
use ironwire_tests::service::{SERVER, TestService, UNARY, ready_messages};

/// Around what is copied at least, what fits into a frame of HTTP/2, and what is gathered before it is written.
const SIZES: [usize; 13] = [
    0, 1, 2047, 2048, 2049, 16_378, 16_379, 16_384, 65_535, 70_000, 5, 1_000_000, 3,
];

fn numbered(size: usize) -> Bytes {
    (0..size).map(|at| (at / 7) as u8).collect()
}

async fn echo() -> (Served, Channel) {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let channel = Channel::lazy(served.endpoint()).unwrap();
    (served, channel)
}

#[tokio::test]
async fn each_size_survives_each_shape() {
    let (_served, channel) = echo().await;
    for size in SIZES {
        let sent = numbered(size);
        let echoed = unary(&channel, sent.clone()).await.unwrap();
        assert_eq!(echoed.into_inner(), sent);
        let thrice = server(&channel, sent.clone()).await.unwrap().into_inner();
        assert_eq!(all(thrice).await.unwrap(), vec![sent; 3]);
    }
    let sent = SIZES.map(numbered);
    let joined = client(&channel, ready_requests(sent.clone())).await;
    assert_eq!(joined.unwrap().into_inner(), sent.concat());
    let echoed = bidi(&channel, ready_requests(sent.clone())).open();
    assert_eq!(all(echoed).await.unwrap(), sent);
}

/// The bytes on the wire are those of the messages in their order, each behind its prefix.
#[tokio::test]
async fn a_stream_is_its_messages_and_nothing_else() {
    let service =
        TestService::echo().server(|_| async { Ok(ready_messages(SIZES.map(numbered)).into()) });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Server", &[]);
    let answer = peer.ask(request, framed(b"")).await.unwrap();
    let expected: Vec<Bytes> = SIZES.iter().map(|size| framed(&numbered(*size))).collect();
    assert_eq!(answer.body, expected.concat());
}

/// A codec that puts the message in three times, with copied bytes between, and then may fail.
struct Pieces<const FAILS: bool>;

impl<const FAILS: bool> Codec<Bytes> for Pieces<FAILS> {
    fn encode(message: &Bytes, buffer: &mut BytesMut) -> Result<(), Status> {
        buffer.put_slice(&[&b"a"[..], message, b"bc", message, message, b"d"].concat());
        Ok(())
    }

    fn encode_segments(message: &Bytes, out: &mut EncodeBuf) -> Result<(), Status> {
        out.buffer().put_slice(b"a");
        out.put_shared(message.clone());
        out.buffer().put_slice(b"bc");
        out.put_shared(message.clone());
        out.put_shared(message.clone());
        out.buffer().put_slice(b"d");
        match FAILS {
            true => Err(Status::internal("after all")),
            false => Ok(()),
        }
    }

    fn decode(bytes: Bytes) -> Result<Bytes, Status> {
        Ok(bytes)
    }
}

/// Makes calls with messages of many pieces.
async fn check_pieces(channel: &Channel) {
    for size in SIZES {
        let message = numbered(size);
        let mut expected = BytesMut::new();
        Pieces::<false>::encode(&message, &mut expected).unwrap();
        let once = client::unary::<Pieces<false>, _, Bytes>;
        let echoed = once(channel, &UNARY, Request::new(message.clone())).await;
        assert_eq!(echoed.unwrap().into_inner(), expected);
        let thrice = client::server_streaming::<Pieces<false>, _, Bytes>;
        let echoed = thrice(channel, &SERVER, Request::new(message)).await;
        let echoed = all(echoed.unwrap().into_inner()).await.unwrap();
        assert_eq!(echoed, vec![expected; 3]);
    }
}

#[tokio::test]
async fn a_message_may_be_of_many_pieces() {
    let (_served, channel) = echo().await;
    check_pieces(&channel).await;
}

/// Compression and interceptors are given each message in one.
#[tokio::test]
async fn pieces_are_joined_for_compression() {
    let server = Server::new().add(TestService::echo());
    let served = Served::start(server.compress(Gzip::default())).await;
    let endpoint = served.endpoint().compress(Gzip::default());
    check_pieces(&Channel::lazy(endpoint).unwrap()).await;
}

#[tokio::test]
async fn a_message_that_cannot_be_encoded_leaves_nothing_behind() {
    let (_served, channel) = echo().await;
    let failed = client::unary::<Pieces<true>, _, Bytes>;
    let failed = failed(&channel, &UNARY, Request::new(numbered(5000))).await;
    assert_eq!(failed.unwrap_err().message(), "after all");
    assert_eq!(
        unary(&channel, numbered(10)).await.unwrap().into_inner(),
        numbered(10)
    );
}
