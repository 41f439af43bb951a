//! Is what gRPC over HTTP/2 says about frames, headers and HTTP itself kept, whoever the peer is?

use bytes::Bytes;
use http::Method;
use ironwire_rpc::{Channel, Code, Server, Status};
use ironwire_tests::call::{all, client, ready_requests, server, text, unary};
use ironwire_tests::frames::{Frame, FramedSocket, kind};
use ironwire_tests::h2_client::{Answer, H2Client, grpc_request, request};
use ironwire_tests::h2_server::{H2Call, H2Server, channel_to, framed, header_map, next_call};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;

/// What our server answers to a request with this body.
async fn answer_to(request: http::Request<()>, body: impl Into<Bytes>) -> Answer {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut peer = H2Client::connect(&served).await;
    peer.ask(request, body.into()).await.unwrap()
}

async fn check_path(path: &str, reason: &str) {
    let answer = answer_to(grpc_request(path, &[]), framed(b"")).await;
    assert_eq!(answer.grpc_status(), ("12", reason), "{path}");
    assert_eq!(answer.headers["content-type"], "application/grpc");
}

#[tokio::test]
async fn unknown_services_and_methods_are_unimplemented() {
    check_path("/test.Test/Other", "service test.Test has no method Other").await;
    check_path("/test.Other/Unary", "service test.Other is not served here").await;
    check_path("/test.test/unary", "service test.test is not served here").await;
    check_path("/test.Test", "service test.Test has no method ").await;
    check_path("/", "service  is not served here").await;
}

async fn check_http(method: Method, headers: &[(&str, &str)], status: u16) -> Answer {
    let request = request(method, "/test.Test/Unary", headers);
    let answer = answer_to(request, framed(b"")).await;
    assert_eq!(answer.status.as_u16(), status, "{headers:?}");
    answer
}

#[tokio::test]
async fn what_is_not_grpc_is_answered_in_http() {
    for wrong in [
        "application/json",
        "application/grpc-web",
        "application/grpcx",
        "",
    ] {
        let answer = check_http(Method::POST, &[("content-type", wrong)], 415).await;
        assert!(!answer.headers.contains_key("grpc-status"));
    }
    check_http(Method::POST, &[], 415).await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let headers = [("content-type", "application/grpc")];
        let answer = check_http(method, &headers, 405).await;
        assert_eq!(answer.headers["allow"], "POST");
    }
}

#[tokio::test]
async fn every_form_of_the_content_type_is_taken() {
    for form in [
        "application/grpc",
        "application/grpc+proto",
        "application/grpc;charset=utf-8",
    ] {
        let answer = check_http(Method::POST, &[("content-type", form)], 200).await;
        assert_eq!(answer.grpc_status().0, "0", "{form}");
    }
}

/// The status of a unary call whose body is this.
async fn check_body(body: &'static [u8], headers: &[(&str, &str)], code: &str) {
    let request = grpc_request("/test.Test/Unary", headers);
    let answer = answer_to(request, body).await;
    assert_eq!(answer.grpc_status().0, code, "{body:?}: {answer:?}");
}

#[tokio::test]
async fn bodies_that_are_no_message_end_the_call() {
    check_body(b"\0\0\0\0\x01m", &[], "0").await;
    check_body(b"", &[], "12").await;
    check_body(b"\0\0\0\0\0\0\0\0\0\0", &[], "12").await;
    for cut in [&b"\0"[..], b"\0\0\0\0", b"\0\0\0\0\x02m", b"\0\0\0\0\0\0"] {
        check_body(cut, &[], "13").await;
    }
    check_body(b"\x02\0\0\0\x01m", &[], "13").await;
}

#[tokio::test]
async fn encodings_that_are_unknown_or_were_not_announced_end_the_call() {
    check_body(b"\x01\0\0\0\x01m", &[], "13").await;
    check_body(b"\x01\0\0\0\x01m", &[("grpc-encoding", "identity")], "13").await;
    check_body(b"\x01\0\0\0\x01m", &[("grpc-encoding", "fantasy")], "12").await;
    check_body(b"\0\0\0\0\x01m", &[("grpc-encoding", "identity")], "0").await;
}

#[tokio::test]
async fn a_message_may_be_cut_anywhere_into_frames() {
    let served = Served::start(Server::new().add(TestService::echo())).await;
    let mut peer = H2Client::connect(&served).await;
    let whole = framed(b"hello");
    for cut in 0..=whole.len() {
        let (response, mut stream) = peer.open(grpc_request("/test.Test/Unary", &[]));
        let mut rest = whole.clone();
        stream.send_data(rest.split_to(cut), false).unwrap();
        stream.send_data(rest, true).unwrap();
        let answer = ironwire_tests::h2_client::answer(response).await.unwrap();
        assert_eq!(answer.body, whole, "cut at {cut}");
    }
}

/// The pseudo-headers of our client's call: method, scheme, authority and path.
async fn check_pseudo_headers(authority: Option<&str>, expected: [&str; 4]) {
    let peer = H2Server::bind();
    let mut endpoint = peer.endpoint();
    if let Some(authority) = authority {
        endpoint = endpoint.authority(authority).unwrap();
    }
    let channel = Channel::lazy(endpoint).unwrap();
    let call = tokio::spawn(async move { unary(&channel, text("m")).await });
    let mut connection = peer.accept().await;
    let request = next_call(&mut connection).await.request;
    let uri = request.uri();
    let sent = [
        request.method().as_str(),
        uri.scheme_str().unwrap_or_default(),
        uri.authority()
            .map(|authority| authority.as_str())
            .unwrap_or_default(),
        uri.path(),
    ];
    assert_eq!(sent, expected);
    call.abort();
}

#[tokio::test]
async fn a_call_is_a_post_to_its_path_at_its_authority() {
    let path = "/test.Test/Unary";
    check_pseudo_headers(None, ["POST", "http", "localhost", path]).await;
    check_pseudo_headers(Some("a.example:81"), ["POST", "http", "a.example:81", path]).await;
}

/// What our client makes of an answer.
async fn status_of<F, Fut>(answer: F) -> Status
where
    F: Fn(H2Call) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let channel = channel_to(answer);
    unary(&channel, text(""))
        .await
        .expect_err("no answer of gRPC")
}

async fn check_http_status(http: u16, expected: Code) {
    for (headers, body) in [(&[][..], true), (&[("content-type", "text/html")], false)] {
        let status = status_of(move |mut call: H2Call| async move {
            let response = http::Response::builder().status(http);
            let mut response = response.body(()).unwrap();
            *response.headers_mut() = header_map(headers);
            let mut stream = call.respond.send_response(response, !body).unwrap();
            if body {
                stream.send_data(text("<html>"), true).unwrap();
            }
        })
        .await;
        assert_eq!(status.code(), expected, "{http}");
        assert!(status.message().contains(&http.to_string()), "{status}");
    }
}

#[tokio::test]
async fn http_statuses_become_the_codes_of_the_mapping() {
    check_http_status(400, Code::Internal).await;
    check_http_status(401, Code::Unauthenticated).await;
    check_http_status(403, Code::PermissionDenied).await;
    check_http_status(404, Code::Unimplemented).await;
    for http in [429, 502, 503, 504] {
        check_http_status(http, Code::Unavailable).await;
    }
    for http in [204, 302, 402, 405, 415, 418, 500, 501, 505] {
        check_http_status(http, Code::Unknown).await;
    }
}

#[tokio::test]
async fn a_grpc_status_goes_before_the_http_status() {
    let check = async |grpc_status: &'static str, expected| {
        let status = status_of(move |mut call: H2Call| async move {
            call.headers_only(503, &[("grpc-status", grpc_status)]);
        });
        assert_eq!(status.await.code(), expected);
    };
    check("8", Code::ResourceExhausted).await;
    check("0", Code::Unavailable).await;
}

async fn check_content_type(headers: &'static [(&'static str, &'static str)], named: &str) {
    let status = status_of(move |mut call: H2Call| async move {
        call.headers_only(200, headers);
    });
    let status = status.await;
    assert_eq!(status.code(), Code::Unknown);
    assert!(status.message().contains(named), "{status}");
}

#[tokio::test]
async fn a_response_of_another_content_type_is_no_grpc() {
    check_content_type(&[("content-type", "text/html")], "text/html").await;
    check_content_type(&[("content-type", "application/grpc-web")], "grpc-web").await;
    check_content_type(&[], "content-type").await;
}

#[tokio::test]
async fn response_bodies_that_are_no_message_end_the_call() {
    for (body, expected) in [
        (&b"\0\0\0\0\x02m"[..], Code::Internal),
        (b"\x01\0\0\0\x01m", Code::Internal),
        (b"\x07\0\0\0\x01m", Code::Internal),
        (b"\0\0", Code::Internal),
    ] {
        let status = status_of(move |mut call: H2Call| async move {
            let mut stream = call.headers(&[]);
            stream.send_data(Bytes::from_static(body), false).unwrap();
            let _ = stream.send_trailers(header_map(&[("grpc-status", "0")]));
        });
        assert_eq!(status.await.code(), expected, "{body:?}");
    }
}

#[tokio::test]
async fn a_response_in_an_encoding_that_was_not_asked_for_ends_the_call() {
    let status = status_of(|mut call: H2Call| async move {
        let mut stream = call.headers(&[("grpc-encoding", "fantasy")]);
        let body = Bytes::from_static(b"\x01\0\0\0\x01m");
        stream.send_data(body, false).unwrap();
        let _ = stream.send_trailers(header_map(&[("grpc-status", "0")]));
    });
    assert_eq!(status.await.code(), Code::Internal);
}

/// RST_STREAM of this code from a server: before the headers and after them.
async fn check_reset(reason: u32, expected: Code) {
    let status = status_of(move |mut call: H2Call| async move {
        call.respond.send_reset(reason.into());
    });
    let status = status.await;
    assert_eq!(status.code(), expected, "{status}");
    let named = format!("{:?}", h2::Reason::from(reason));
    assert!(status.message().contains(&named), "{status}");
    let channel = channel_to(move |mut call: H2Call| async move {
        let mut stream = call.headers(&[]);
        stream.send_data(framed(b"m"), false).unwrap();
        // The message leaves before the reset.
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        stream.send_reset(reason.into());
    });
    let responses = server(&channel, text("")).await.unwrap().into_inner();
    assert_eq!(all(responses).await.unwrap_err().code(), expected);
}

#[tokio::test(start_paused = true)]
async fn reset_codes_become_the_codes_of_the_mapping() {
    for internal in [0, 1, 2, 3, 4, 5, 6, 9, 10, 13, 99] {
        check_reset(internal, Code::Internal).await;
    }
    check_reset(7, Code::Unavailable).await;
    check_reset(8, Code::Cancelled).await;
    check_reset(11, Code::ResourceExhausted).await;
    check_reset(12, Code::PermissionDenied).await;
}

/// What a call ends with when the server's connection does this after the request.
async fn check_connection(last: impl AsyncFnOnce(&mut FramedSocket), expected: Code, named: &str) {
    let peer = H2Server::bind();
    let channel = peer.channel();
    let path = channel.clone();
    // A stream of requests is not sent again.
    let requests = ready_requests([text("m")]);
    let call = tokio::spawn(async move { client(&path, requests).await });
    let mut socket = FramedSocket::server(peer.socket().await).await;
    socket.next_of(kind::DATA).await.unwrap();
    last(&mut socket).await;
    drop(socket);
    let status = call.await.unwrap().unwrap_err();
    assert_eq!(status.code(), expected, "{status}");
    for part in [named, "peer.sock"] {
        assert!(status.message().contains(part), "{status}: {part}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_unavailable_with_the_reason() {
    const PROTOCOL_ERROR: u32 = 1;
    check_connection(async |_| {}, Code::Unavailable, "lost").await;
    let goaway = Frame::goaway(0, PROTOCOL_ERROR);
    check_connection(
        async |socket| socket.send(goaway).await,
        Code::Unavailable,
        "PROTOCOL_ERROR",
    )
    .await;
    let garbage = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    check_connection(
        async |socket| socket.write(garbage).await,
        Code::Unavailable,
        "FRAME_SIZE_ERROR",
    )
    .await;
}
