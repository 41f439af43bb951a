//! Does metadata arrive as it was set, in each direction, and nothing that may not travel?

use bytes::Bytes;
use ironwire_rpc::{Channel, MetadataMap, MetadataValue, Request, Response, Server};
use ironwire_tests::call::{all, bidi, client, ready_requests, server, text, unary};
use ironwire_tests::h2_client::{Answer, H2Client, grpc_request};
use ironwire_tests::h2_server::{H2Call, channel_to, framed, header_map};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::sync::{Arc, Mutex};

/// Gives back the request's metadata twice: as initial and as trailing metadata.
fn reflecting() -> TestService {
    fn reflect<T, U>(request: Request<T>, answer: impl FnOnce(T) -> U) -> Response<U> {
        let metadata = request.metadata().clone();
        let mut response = Response::new(answer(request.into_inner()));
        *response.metadata_mut() = metadata.clone();
        *response.trailers_mut() = metadata;
        response
    }
    let message = |_| ironwire_tests::service::ready_messages([text("m")]);
    TestService::echo()
        .unary(|request| async { Ok(reflect(request, |message| message)) })
        .client(|request| async { Ok(reflect(request, |_| text(""))) })
        .server(move |request| async move { Ok(reflect(request, message)) })
        .bidi(|request| async {
            Ok(reflect(request, |requests| {
                ironwire_tests::service::messages(requests)
            }))
        })
}

fn reflecting_channel() -> Channel {
    Server::new().add(reflecting()).in_process().unwrap()
}

/// The initial and the trailing metadata that each of the four shapes gives back.
async fn reflected(sent: &MetadataMap) -> Vec<MetadataMap> {
    fn with<T>(metadata: &MetadataMap, message: T) -> Request<T> {
        let mut request = Request::new(message);
        *request.metadata_mut() = metadata.clone();
        request
    }
    let channel = reflecting_channel();
    let one = || ready_requests([text("m")]);
    let mut seen = Vec::new();
    for response in [
        unary(&channel, with(sent, text(""))).await.unwrap(),
        client(&channel, with(sent, one())).await.unwrap(),
    ] {
        seen.extend([response.metadata().clone(), response.trailers().clone()]);
    }
    for response in [
        server(&channel, with(sent, text(""))).await.unwrap(),
        bidi(&channel, with(sent, one())).await.unwrap(),
    ] {
        seen.push(response.metadata().clone());
        let mut responses = response.into_inner();
        assert_eq!(responses.headers().await.unwrap(), &seen[seen.len() - 1]);
        assert!(responses.message().await.unwrap().is_some());
        seen.push(responses.trailers().await.unwrap().clone());
    }
    seen
}

#[tokio::test]
async fn every_value_goes_there_and_back_in_every_call_shape() {
    let mut sent = MetadataMap::new();
    sent.insert("x-plain", "a b, c=d; \"e\" ~!").unwrap();
    for value in ["1", "2", "3"] {
        sent.append("X-Repeated", value).unwrap();
    }
    for length in 0..5_u8 {
        let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_sub(2)).collect();
        sent.append_bin("x-some-bin", bytes).unwrap();
    }
    sent.insert("a_b.c-d9", "").unwrap();
    for metadata in reflected(&sent).await {
        for (key, value) in sent.iter() {
            assert!(metadata.iter().any(|pair| pair == (key, value.clone())));
        }
        let repeated: Vec<_> = metadata.get_all("x-repeated").collect();
        assert_eq!(repeated, ["1", "2", "3"]);
        let binary: Vec<_> = metadata.get_all_bin("x-some-bin").collect();
        assert_eq!(
            binary,
            [
                &[][..],
                &[254],
                &[254, 255],
                &[254, 255, 0],
                &[254, 255, 0, 1]
            ]
        );
    }
}

/// The request headers that a peer of bare `h2` gets.
async fn headers_sent(request: Request<Bytes>) -> http::HeaderMap {
    let seen = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&seen);
    let channel = channel_to(move |mut call: H2Call| {
        *slot.lock().unwrap() = Some(call.request.headers().clone());
        async move { call.headers_only(200, &[]) }
    });
    let _ = unary(&channel, request).await;
    let headers = seen.lock().unwrap().take();
    headers.expect("the call came")
}

#[tokio::test]
async fn binary_values_are_sent_as_unpadded_base64() {
    let mut request = Request::new(text(""));
    request
        .metadata_mut()
        .insert_bin("k-bin", [255, 239])
        .unwrap();
    assert_eq!(headers_sent(request).await["k-bin"], "/+8");
}

#[tokio::test]
async fn a_call_carries_the_headers_of_the_protocol() {
    let headers = headers_sent(Request::new(text(""))).await;
    assert_eq!(headers["content-type"], "application/grpc");
    assert_eq!(headers["te"], "trailers");
    let agent = headers["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("grpc-rust-ironwire/"), "{agent}");
    assert_eq!(headers["grpc-accept-encoding"], "gzip,deflate,identity");
    assert_eq!(headers.len(), 4, "{headers:?}");
}

#[tokio::test]
async fn a_program_tells_its_own_name() {
    let service = TestService::echo().unary(|request| async move {
        let agent = request.metadata().get("user-agent").unwrap_or_default();
        Ok(Response::new(Bytes::from(agent.to_owned())))
    });
    let endpoint = Server::new().add(service).in_process_endpoint().unwrap();
    let named = endpoint.clone().user_agent("shop/1.2").unwrap();
    let channel = Channel::lazy(named).unwrap();
    let agent = unary(&channel, text("")).await.unwrap().into_inner();
    assert!(
        agent.starts_with(b"shop/1.2 grpc-rust-ironwire/"),
        "{agent:?}"
    );
    let error = endpoint.user_agent("shop\n").unwrap_err().to_string();
    assert!(error.contains("shop"), "{error}");
}

#[test]
fn what_a_request_shows_of_itself_is_what_it_carries() {
    let mut request = Request::new("m");
    request.metadata_mut().insert("x-tenant", "acme").unwrap();
    assert_eq!(
        format!("{request:?}"),
        r#"Request { message: "m", metadata: {"x-tenant": Ascii("acme")}, .. }"#
    );
    let (metadata, extensions, message) = request.into_parts();
    let again = Request::from_parts(metadata.clone(), extensions, message);
    assert_eq!(again.metadata(), &metadata);
    let response = Response::from_parts(metadata.clone(), again.into_inner(), MetadataMap::new());
    assert_eq!(response.into_parts(), (metadata, "m", MetadataMap::new()));
}

/// The answer to a call with these headers, from a server that reflects its metadata.
async fn answer_to(headers: &[(&str, &str)]) -> Answer {
    let served = Served::start(Server::new().add(reflecting())).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Unary", headers);
    peer.ask(request, framed(b"")).await.unwrap()
}

/// The values of `k-bin` that a handler sees when a peer sends these header values, and those that our client sees.
async fn check_binary(sent: &'static [&'static str], expected: &[&[u8]]) {
    let fields: Vec<_> = sent.iter().map(|&value| ("k-bin", value)).collect();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let slot = Arc::clone(&seen);
    let service = TestService::echo().unary(move |request| {
        slot.lock()
            .unwrap()
            .extend(request.metadata().get_all_bin("k-bin"));
        async { Ok(Response::new(text(""))) }
    });
    let served = Served::start(Server::new().add(service)).await;
    let mut peer = H2Client::connect(&served).await;
    let request = grpc_request("/test.Test/Unary", &fields);
    peer.ask(request, framed(b"")).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), expected, "at the server: {sent:?}");

    let channel = channel_to(move |mut call: H2Call| async move {
        call.read().await;
        let fields: Vec<_> = sent.iter().map(|&value| ("k-bin", value)).collect();
        let mut stream = call.headers(&fields);
        stream.send_data(framed(b""), false).unwrap();
        let mut trailers = header_map(&[("grpc-status", "0")]);
        trailers.extend(header_map(&fields));
        stream.send_trailers(trailers).unwrap();
    });
    let response = unary(&channel, text("")).await.unwrap();
    for metadata in [response.metadata(), response.trailers()] {
        let values: Vec<_> = metadata.get_all_bin("k-bin").collect();
        assert_eq!(values, expected, "at the client: {sent:?}");
    }
}

#[tokio::test]
async fn binary_values_are_read_padded_unpadded_repeated_and_joined() {
    check_binary(&["/+8="], &[&[255, 239]]).await;
    check_binary(&["/+8"], &[&[255, 239]]).await;
    check_binary(&["AQ", "Ag=="], &[&[1], &[2]]).await;
    check_binary(&["AQ==,Ag,AwQ="], &[&[1], &[2], &[3, 4]]).await;
    check_binary(&["AQ, Ag"], &[&[1], &[2]]).await;
    check_binary(&[""], &[&[]]).await;
}

#[tokio::test]
async fn malformed_binary_values_fail_the_call_and_never_reach_a_handler() {
    for value in ["A", "A*==", "AQ==,%"] {
        let answer = answer_to(&[("k-bin", value)]).await;
        let (code, message) = answer.grpc_status();
        assert_eq!(code, "13", "{value}");
        assert!(message.contains("k-bin"), "{message}");
    }
}

#[tokio::test]
async fn the_protocols_own_headers_are_not_metadata() {
    let answer = answer_to(&[
        ("grpc-timeout", "1H"),
        ("grpc-encoding", "identity"),
        ("grpc-accept-encoding", "identity,gzip"),
        ("grpc-status", "5"),
        ("grpc-message", "no"),
        ("x-k", "v"),
    ])
    .await;
    // Reflected metadata must not become the response's own protocol headers.
    assert_eq!(answer.grpc_status(), ("0", ""));
    assert_eq!(answer.headers["x-k"], "v");
    assert_eq!(
        answer.headers["grpc-accept-encoding"],
        "gzip,deflate,identity"
    );
    for name in ["grpc-timeout", "grpc-encoding", "te"] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn reserved_and_illegal_names_are_refused_with_the_reason() {
    let mut metadata = MetadataMap::new();
    let mut check = |key: &str, reason: &str| {
        let error = metadata.insert(key, "v").unwrap_err().to_string();
        assert!(error.contains(reason) && error.contains(key), "{error}");
        assert!(metadata.append(key, "v").is_err(), "{key}");
        assert!(metadata.is_empty());
    };
    for key in [
        "grpc-status",
        "grpc-anything",
        "te",
        "content-type",
        "user-agent",
        "connection",
    ] {
        check(key, "reserved");
    }
    for key in [":path", "a b", "", "caf\u{e9}", "a:b"] {
        check(key, "not legal");
    }
    check("k-bin", "`_bin` methods");
    assert!(metadata.insert_bin("k", [1]).is_err());
    assert!(metadata.insert_bin("grpc-trace-bin", [1]).is_err());
    for value in ["a\nb", "\u{e9}", "\0", "\u{7f}"] {
        assert!(metadata.insert("k", value).is_err(), "{value:?}");
    }
    assert!(metadata.is_empty());
}

#[tokio::test]
async fn a_value_outside_ascii_from_a_peer_is_no_text_and_does_no_harm() {
    let channel = channel_to(|mut call: H2Call| async move {
        call.read().await;
        let mut stream = call.headers(&[("x-odd", "caf\u{e9}"), ("x-even", "tea")]);
        stream.send_data(framed(b""), false).unwrap();
        let trailers = header_map(&[("grpc-status", "0")]);
        stream.send_trailers(trailers).unwrap();
    });
    let response = unary(&channel, text("")).await.unwrap();
    assert_eq!(response.metadata().get("x-odd"), None);
    let all: Vec<_> = response
        .metadata()
        .iter()
        .filter(|(key, _)| key.starts_with("x-"))
        .collect();
    assert_eq!(all, [("x-even", MetadataValue::Ascii("tea"))]);
}

#[tokio::test]
async fn trailing_metadata_is_there_once_a_stream_has_been_skipped() {
    let mut sent = MetadataMap::new();
    sent.insert("x-k", "v").unwrap();
    let mut request = Request::new(ready_requests([text("1"), text("2"), text("3")]));
    *request.metadata_mut() = sent;
    let mut responses = bidi(&reflecting_channel(), request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(responses.trailers().await.unwrap().get("x-k"), Some("v"));
    assert!(all(responses).await.unwrap().is_empty());
}
