//! Does a call end with the status that the other side meant: code, message, details and metadata?

use bytes::Bytes;
use ironwire::message::google::protobuf::Duration;
use ironwire_rpc::services::google::rpc::{BadRequest, Help, RetryInfo, help::Link};
use ironwire_rpc::{Channel, Code, Response, Server, Status};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::frames::code::{ENHANCE_YOUR_CALM, NO_ERROR};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_client::{H2Client, grpc_request};
use ironwire_tests::h2_server::{H2Call, H2Server, channel_to, framed, header_map};
use ironwire_tests::served::Served;
use ironwire_tests::service::{TestService, messages};
use std::sync::Arc;

/// A service whose calls all fail with this status; streams after one message.
fn failing(make: impl Fn() -> Status + Send + Sync + 'static) -> TestService {
    let make: Arc<dyn Fn() -> Status + Send + Sync> = Arc::new(make);
    let fail = [(); 4].map(|()| Arc::clone(&make));
    let [one, two, three, four] = fail;
    TestService::echo()
        .unary(move |_| std::future::ready(Err(one())))
        .client(move |_| std::future::ready(Err(two())))
        .server(move |_| {
            let items = [Ok(text("m")), Err(three())];
            std::future::ready(Ok(Response::new(messages(tokio_stream::iter(items)))))
        })
        .bidi(move |_| std::future::ready(Err(four())))
}

fn channel_to_failing(make: impl Fn() -> Status + Send + Sync + 'static) -> Channel {
    Server::new().add(failing(make)).in_process().unwrap()
}

/// The status that each of the four shapes ends with.
async fn statuses(channel: &Channel) -> [Status; 4] {
    let mut responses = server(channel, text("")).await.unwrap().into_inner();
    assert_eq!(responses.message().await.unwrap(), Some(text("m")));
    [
        unary(channel, text("")).await.unwrap_err(),
        client(channel, ready_requests([])).await.unwrap_err(),
        responses.message().await.unwrap_err(),
        bidi(channel, ready_requests([])).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn every_code_arrives_in_every_call_shape() {
    for code in Code::ALL.into_iter().filter(|&code| code != Code::Ok) {
        let channel = channel_to_failing(move || Status::new(code, "why"));
        for status in statuses(&channel).await {
            assert_eq!((status.code(), status.message()), (code, "why"));
        }
    }
}

#[tokio::test]
async fn details_and_metadata_arrive_in_every_call_shape() {
    let channel = channel_to_failing(|| {
        let mut status = Status::with_details(Code::Aborted, "m", vec![8, 10, 0, 255]);
        let metadata = status.metadata_mut();
        metadata.append("x-retry", "1").unwrap();
        metadata.append("x-retry", "2").unwrap();
        metadata.insert_bin("x-why-bin", [0, 255]).unwrap();
        status
    });
    for status in statuses(&channel).await {
        assert_eq!(status.details().as_ref(), [8, 10, 0, 255]);
        let metadata = status.metadata();
        assert_eq!(metadata.get_all("x-retry").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(metadata.get_bin("x-why-bin").unwrap(), [0, 255][..]);
        assert_eq!(metadata.len(), 3, "{metadata:?}");
    }
}

async fn check_message(message: &'static str, encoded: &'static str) {
    let service = failing(move || Status::internal(message));
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Unary", &[]);
    let answer = peer.ask(request, framed(b"")).await.unwrap();
    assert_eq!(answer.grpc_status(), ("13", encoded));
    let channel = channel_to(move |mut call: H2Call| async move {
        let headers = [
            ("content-type", "application/grpc"),
            ("grpc-status", "13"),
            ("grpc-message", encoded),
        ];
        call.headers_only(200, &headers);
    });
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Internal, message));
}

#[tokio::test]
async fn messages_are_percent_encoded_and_decoded() {
    check_message(
        "plain text, with ~ and \"quotes\"",
        "plain text, with ~ and \"quotes\"",
    )
    .await;
    check_message("100%", "100%25").await;
    check_message("line\r\n\ttab", "line%0D%0A%09tab").await;
    check_message("\u{4f60}\u{1f642}\u{e9}", "%E4%BD%A0%F0%9F%99%82%C3%A9").await;
    check_message("\0\u{7f}", "%00%7F").await;
}

/// What our client makes of a `grpc-message` that no gRPC peer should send.
async fn check_foreign_message(encoded: &'static str, message: &'static str) {
    let channel = channel_to(move |mut call: H2Call| async move {
        let headers = [
            ("content-type", "application/grpc"),
            ("grpc-status", "5"),
            ("grpc-message", encoded),
        ];
        call.headers_only(200, &headers);
    });
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::NotFound, message));
}

#[tokio::test]
async fn a_badly_encoded_message_is_kept_and_never_fails_the_status() {
    check_foreign_message("50% off", "50% off").await;
    check_foreign_message("%4", "%4").await;
    check_foreign_message("%zz%41", "%zzA").await;
    check_foreign_message("%ff", "\u{fffd}").await;
    check_foreign_message("caf\u{e9}", "caf\u{e9}").await;
}

#[tokio::test]
async fn a_message_of_any_length_leaves_the_status_readable() {
    let channel = channel_to_failing(|| Status::not_found("x".repeat(1 << 20)));
    for status in statuses(&channel).await {
        assert_eq!(status.code(), Code::NotFound);
        assert!(status.message().len() >= 1000);
        assert!(status.message().chars().all(|char| char == 'x'));
    }
}

#[tokio::test]
async fn a_failure_without_a_message_is_trailers_only() {
    let service = failing(|| Status::not_found("no"));
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    for path in ["/test.Test/Unary", "/test.Test/Client", "/test.Test/Bidi"] {
        let answer = peer
            .ask(grpc_request(path, &[]), framed(b""))
            .await
            .unwrap();
        assert_eq!(answer.headers["grpc-status"], "5", "{path}");
        assert_eq!(answer.headers["content-type"], "application/grpc");
        assert_eq!((answer.trailers, answer.body.len()), (None, 0), "{path}");
    }
}

#[tokio::test]
async fn a_failure_after_a_message_comes_in_trailers() {
    let service = failing(|| Status::not_found("no"));
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Server", &[]);
    let answer = peer.ask(request, framed(b"")).await.unwrap();
    assert_eq!(answer.body, framed(b"m"));
    assert!(!answer.headers.contains_key("grpc-status"));
    assert_eq!(answer.trailers.unwrap()["grpc-status"], "5");
}

/// Trailers-only from a server, in each shape; `Ok` stands for a stream that ends well at once.
async fn check_trailers_only(grpc_status: &'static str, streamed: Result<(), Code>) {
    let channel = channel_to(move |mut call: H2Call| async move {
        let headers = [
            ("content-type", "application/grpc"),
            ("grpc-status", grpc_status),
            ("x-k", "v"),
        ];
        call.headers_only(200, &headers);
    });
    let outcome = match bidi(&channel, ready_requests([])).await {
        Ok(response) => {
            let mut responses = response.into_inner();
            let messages = responses
                .message()
                .await
                .map(|message| assert!(message.is_none()));
            assert_eq!(responses.trailers().await.unwrap().get("x-k"), Some("v"));
            messages
        }
        Err(status) => {
            assert_eq!(status.metadata().get("x-k"), Some("v"));
            Err(status)
        }
    };
    assert_eq!(outcome.map_err(|status| status.code()), streamed);
}

#[tokio::test]
async fn trailers_only_responses_are_understood() {
    check_trailers_only("0", Ok(())).await;
    check_trailers_only("5", Err(Code::NotFound)).await;
    check_trailers_only("16", Err(Code::Unauthenticated)).await;
}

#[tokio::test]
async fn codes_outside_the_set_are_unknown() {
    for code in ["17", "99999999999", "-1", "x", ""] {
        check_trailers_only(code, Err(Code::Unknown)).await;
    }
}

/// The code that a unary call ends with when the trailers after its message are these.
async fn check_trailers(trailers: &'static [(&'static str, &'static str)], expected: Code) {
    let channel = channel_to(move |mut call: H2Call| async move {
        call.read().await;
        let mut stream = call.headers(&[]);
        stream.send_data(framed(b"m"), false).unwrap();
        stream.send_trailers(header_map(trailers)).unwrap();
    });
    let code = match unary(&channel, text("")).await {
        Ok(_) => Code::Ok,
        Err(status) => status.code(),
    };
    assert_eq!(code, expected, "{trailers:?}");
}

#[tokio::test]
async fn an_answer_counts_only_with_a_status_that_says_so() {
    check_trailers(&[("grpc-status", "0")], Code::Ok).await;
    check_trailers(&[("grpc-status", "0"), ("grpc-message", "fine")], Code::Ok).await;
    check_trailers(&[("grpc-status", "9")], Code::FailedPrecondition).await;
    check_trailers(&[("x-k", "v")], Code::Unknown).await;
    check_trailers(
        &[("grpc-status", "9"), ("grpc-status-details-bin", "!")],
        Code::Internal,
    )
    .await;
    check_trailers(&[("grpc-status", "0"), ("x-bin", "!")], Code::Internal).await;
}

#[tokio::test]
async fn a_stream_that_ends_without_trailers_is_an_error() {
    let channel = channel_to(|mut call: H2Call| async move {
        call.read().await;
        let mut stream = call.headers(&[]);
        stream.send_data(framed(b"m"), true).unwrap();
    });
    let status = unary(&channel, text("")).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap_err().code(), Code::Internal);
}

#[tokio::test]
async fn padded_and_unpadded_details_are_read() {
    for details in ["/+8=", "/+8"] {
        let channel = channel_to(move |mut call: H2Call| async move {
            let headers = [
                ("content-type", "application/grpc"),
                ("grpc-status", "3"),
                ("grpc-status-details-bin", details),
            ];
            call.headers_only(200, &headers);
        });
        let status = unary(&channel, text("")).await.unwrap_err();
        assert_eq!(
            status.details(),
            &Bytes::from_static(&[255, 239]),
            "{details}"
        );
    }
}

#[tokio::test]
async fn typed_details_arrive_in_order() {
    let delay = Duration::new(3, 0).unwrap();
    let retry = RetryInfo {
        retry_delay: Some(delay),
        ..Default::default()
    };
    let link = |url: &str| Help {
        links: vec![Link {
            url: url.into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let sent = Status::unavailable("later")
        .with_detail(&link("a"))
        .with_detail(&retry)
        .with_detail(&link("b"));
    let channel = channel_to_failing(move || sent.clone());
    for status in statuses(&channel).await {
        assert_eq!(status.detail(), Some(retry.clone()));
        let links: Vec<Help> = status.details_of().collect();
        assert_eq!(links, [link("a"), link("b")]);
        assert_eq!(status.detail::<BadRequest>(), None);
        let rich = status.to_rpc();
        assert_eq!((rich.code, rich.message.as_str()), (14, "later"));
        assert_eq!(Status::from(rich).details(), status.details());
    }
}

#[tokio::test]
async fn malformed_details_are_none() {
    let status = Status::with_details(Code::Aborted, "m", vec![0xff]);
    assert_eq!(status.detail::<BadRequest>(), None);
    assert_eq!(status.to_rpc().details, []);
    assert_eq!(
        status.with_detail(&Help::default()).to_rpc().details.len(),
        1
    );
}

/// The status of a call whose server sends this GOAWAY, with this text, and then closes the connection.
async fn after_goaway(headers: &[Frame], mut goaway: Frame, text_of_it: &str) -> Status {
    let peer = H2Server::bind();
    let channel = peer.channel();
    // A stream of requests is not sent again.
    let requests = ready_requests([text("")]);
    let call = tokio::spawn(async move { client(&channel, requests).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(kind::DATA).await.expect("a request");
    for headers in headers {
        socket.send(headers.clone()).await;
    }
    goaway.payload = [&goaway.payload[..], text_of_it.as_bytes()].concat().into();
    socket.send(goaway).await;
    drop(socket);
    call.await.unwrap().unwrap_err()
}

#[tokio::test]
async fn the_reason_of_a_goaway_reaches_the_calls_that_end_with_it() {
    let calm = |last_stream| Frame::goaway(last_stream, ENHANCE_YOUR_CALM);
    let headers = [Frame::headers(
        1,
        &[(":status", "200"), ("content-type", "application/grpc")],
    )];
    for (headers, goaway, code) in [
        (&[][..], calm(0), Code::ResourceExhausted),
        (&[], calm(1), Code::Unavailable),
        (&headers, calm(1), Code::Unavailable),
    ] {
        let status = after_goaway(headers, goaway, "too \"busy\"").await;
        assert_eq!(status.code(), code, "{status}");
        let expected = ", after the peer's GOAWAY with ENHANCE_YOUR_CALM \"too \\\"busy\\\"\";";
        assert!(status.message().contains(expected), "{status}");
    }
    let status = after_goaway(&headers, Frame::goaway(1, NO_ERROR), "").await;
    let expected = ", after the peer's GOAWAY with NO_ERROR;";
    assert!(status.message().contains(expected), "{status}");
}
