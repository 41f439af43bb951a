//! Are messages compressed when both sides want it, and only then?

use bytes::Bytes;
use ironwire_rpc::compression::{Deflate, Gzip};
use ironwire_rpc::{Channel, Code, Request, Response, Server};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::{H2Call, H2Server, answer_all, framed, header_map};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};

/// The echo of gzip, compressing too.
async fn gzip_server() -> Served {
    Served::start(
        Server::new()
            .add(TestService::echo())
            .compress(Gzip::default()),
    )
    .await
}

fn long() -> Bytes {
    Bytes::from(vec![b'x'; 10_000])
}

#[tokio::test]
async fn every_call_shape_survives_compression_both_ways() {
    let served = gzip_server().await;
    for endpoint in [
        served.endpoint().compress(Gzip::default()),
        served.endpoint().compress(Deflate::level(9)),
    ] {
        let channel = Channel::lazy(endpoint).unwrap();
        assert_eq!(unary(&channel, long()).await.unwrap().into_inner(), long());
        let responses = server(&channel, long()).await.unwrap().into_inner();
        assert_eq!(all(responses).await.unwrap(), vec![long(); 3]);
        let joined = client(&channel, ready_requests([long(), long()]))
            .await
            .unwrap();
        assert_eq!(joined.into_inner().len(), 20_000);
        let echoed = bidi(&channel, ready_requests([long(), long()])).open();
        assert_eq!(all(echoed).await.unwrap(), vec![long(); 2]);
    }
}

/// What a server answers to a message of 10,000 bytes from a client that accepts these encodings.
async fn answered(served: &Served, accepts: &[(&str, &str)]) -> (Option<String>, Bytes) {
    let mut peer = H2Client::connect(served).await;
    let request = grpc_request("/test.Test/Unary", accepts);
    let answer = peer.ask(request, framed(&long())).await.unwrap();
    let encoding = answer.headers.get("grpc-encoding");
    (
        encoding.map(|value| value.to_str().unwrap().to_owned()),
        answer.body,
    )
}

#[tokio::test]
async fn a_client_is_answered_in_an_encoding_that_it_accepts() {
    let served = gzip_server().await;
    let (encoding, body) = answered(&served, &[("grpc-accept-encoding", "deflate, gzip")]).await;
    assert_eq!(encoding.as_deref(), Some("gzip"));
    assert_eq!(body[0], 1);
    assert!(body.len() < 1000);
    for accepts in [&[][..], &[("grpc-accept-encoding", "identity,deflate")]] {
        let (encoding, body) = answered(&served, accepts).await;
        assert_eq!(encoding, None);
        assert_eq!(body, framed(&long()));
    }
}

#[tokio::test]
async fn small_messages_are_left_alone() {
    let service = TestService::echo();
    let server = Server::new()
        .add(service)
        .compress(Gzip::default())
        .compress_from_bytes(10_001);
    let served = Served::start(server).await;
    let (encoding, body) = answered(&served, &[("grpc-accept-encoding", "gzip")]).await;
    assert_eq!(encoding.as_deref(), Some("gzip"));
    assert_eq!(body, framed(&long()));
}

#[tokio::test]
async fn an_unknown_encoding_is_unimplemented_and_the_known_ones_are_told() {
    let served = gzip_server().await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Unary", &[("grpc-encoding", "snappy")]);
    let answer = peer.ask(request, framed(b"x")).await.unwrap();
    assert_eq!(
        answer.grpc_status().0,
        Code::Unimplemented.as_i32().to_string()
    );
    assert_eq!(
        answer.headers["grpc-accept-encoding"],
        "deflate,gzip,identity"
    );
}

#[tokio::test]
async fn a_flag_without_an_encoding_is_an_error() {
    let served = gzip_server().await;
    let mut peer = H2Client::connect(&served).await;
    for encoding in [&[][..], &[("grpc-encoding", "identity")]] {
        let request = grpc_request("/test.Test/Unary", encoding);
        let body = Bytes::from_static(&[1, 0, 0, 0, 1, b'x']);
        let answer = peer.ask(request, body).await.unwrap();
        assert_eq!(answer.grpc_status().0, Code::Internal.as_i32().to_string());
    }
}

#[tokio::test]
async fn a_bomb_is_refused_by_its_limit() {
    let server = Server::new()
        .add(TestService::echo())
        .max_message_bytes(9_999);
    let served = Served::start(server).await;
    let channel = Channel::lazy(served.endpoint().compress(Gzip::default())).unwrap();
    let status = unary(&channel, long()).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
}

#[tokio::test]
async fn a_call_and_a_message_can_be_exempt() {
    let peer = H2Server::bind();
    let endpoint = peer.endpoint().compress(Gzip::default());
    tokio::spawn(answer_all(peer, tell_flags));
    let channel = Channel::lazy(endpoint).unwrap();
    let flags = |response: Response<Bytes>| response.into_inner().to_vec();

    assert_eq!(flags(unary(&channel, text("x")).await.unwrap()), [1]);
    let mut exempt = Request::new(text("x"));
    exempt.compression_switch().set(false);
    assert_eq!(flags(unary(&channel, exempt).await.unwrap()), [0]);

    let mut requests = Request::new(());
    let switch = requests.compression_switch();
    let stream = tokio_stream::iter(0..4);
    let stream = tokio_stream::StreamExt::map(stream, move |index| {
        switch.set(index % 2 == 0);
        text("x")
    });
    let requests = requests.map(|()| stream);
    assert_eq!(
        flags(client(&channel, requests).await.unwrap()),
        [1, 0, 1, 0]
    );
}

/// Answers with the flags of the requests' messages.
async fn tell_flags(mut call: H2Call) {
    let flags = flags_of(call.read().await);
    let mut stream = call.headers(&[]);
    let sent = stream.send_data(framed(&flags), false);
    sent.and_then(|()| stream.send_trailers(header_map(&[("grpc-status", "0")])))
        .expect("the call is open");
}

fn flags_of(mut body: Bytes) -> Vec<u8> {
    let mut flags = Vec::new();
    while body.len() >= 5 {
        let prefix = body.split_to(5);
        let length = u32::from_be_bytes([prefix[1], prefix[2], prefix[3], prefix[4]]);
        let _ = body.split_to(length as usize);
        flags.push(prefix[0]);
    }
    flags
}

#[tokio::test]
async fn a_response_and_its_messages_can_be_exempt() {
    let service = TestService::echo().server(|_| async {
        let mut response = Response::new(());
        let switch = response.compression_switch();
        let stream = tokio_stream::StreamExt::map(tokio_stream::iter(0..4), move |index| {
            switch.set(index % 2 == 1);
            Ok(text("x"))
        });
        Ok(response.map(|()| messages(stream)))
    });
    let served = Served::start(Server::new().add(service).compress(Gzip::default())).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Server", &[("grpc-accept-encoding", "gzip")]);
    let answer = peer.ask(request, framed(b"")).await.unwrap();
    assert_eq!(flags_of(answer.body), [0, 1, 0, 1]);
}

#[tokio::test]
async fn both_sides_are_told_how_a_message_travelled() {
    let service = TestService::echo()
        .unary(|request| async move {
            let told = if request.was_compressed() {
                "yes"
            } else {
                "no"
            };
            Ok(Response::new(text(told)))
        })
        .client(|request| async move {
            let mut requests = request.into_inner();
            let mut told = Vec::new();
            while requests.message().await?.is_some() {
                told.push(u8::from(requests.was_compressed()));
            }
            Ok(Response::new(Bytes::from(told)))
        });
    let served = Served::start(Server::new().add(service).compress(Gzip::default())).await;
    let channel = Channel::lazy(served.endpoint().compress(Gzip::default())).unwrap();

    let response = unary(&channel, text("x")).await.unwrap();
    assert!(response.was_compressed());
    assert_eq!(response.into_inner(), "yes");
    let mut exempt = Request::new(text("x"));
    exempt.compression_switch().set(false);
    assert_eq!(unary(&channel, exempt).await.unwrap().into_inner(), "no");
    let told = client(&channel, ready_requests([text("x"), text("y")])).await;
    assert_eq!(told.unwrap().into_inner().as_ref(), [1, 1]);

    let plain = Channel::lazy(served.endpoint()).unwrap();
    let mut responses = server(&plain, text("x")).await.unwrap().into_inner();
    assert!(!responses.was_compressed());
    assert!(responses.message().await.unwrap().is_some());
    assert!(responses.was_compressed());
}
