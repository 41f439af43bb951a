//! Do the two programs understand each other as the runner would have them? A few calls of each shape, in plain text, with
//! TLS and with mutual TLS. The runner itself is for `tests/peers.sh`.

use bytes::Bytes;
use ironwire::Message;
use ironwire::message::google::protobuf::Any;
use ironwire_conformance_rpc::delimited;
use ironwire_conformance_rpc::v1::client_compat_request::Cancel;
use ironwire_conformance_rpc::v1::client_compat_response::Result as Outcome;
use ironwire_conformance_rpc::v1::unary_response_definition::Response;
use ironwire_conformance_rpc::v1::{
    BidiStreamRequest, ClientCompatRequest, ClientCompatResponse, ClientResponseResult,
    ClientStreamRequest, Code, Compression, Error, Header, ServerCompatRequest,
    ServerCompatResponse, ServerStreamRequest, StreamResponseDefinition, StreamType, TLSCreds,
    UnaryRequest, UnaryResponseDefinition, UnimplementedRequest,
};
use std::process::Stdio;
use tokio::process::{Child, Command};

const CLIENT: &str = env!("CARGO_BIN_EXE_conformance-rpc-client");
const SERVER: &str = env!("CARGO_BIN_EXE_conformance-rpc-server");

fn start(program: &str) -> Child {
    Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// A server, and what a call to it has to say of the server.
async fn serve(
    request: ServerCompatRequest,
    own: Option<TLSCreds>,
) -> (Child, ClientCompatRequest) {
    let mut server = start(SERVER);
    delimited::write(server.stdin.as_mut().unwrap(), &request)
        .await
        .unwrap();
    let listening: ServerCompatResponse = delimited::read(server.stdout.as_mut().unwrap())
        .await
        .unwrap()
        .unwrap();
    let call = ClientCompatRequest {
        host: listening.host,
        port: listening.port,
        server_tls_cert: listening.pem_cert,
        client_tls_creds: own,
        ..Default::default()
    };
    (server, call)
}

/// Makes the calls by the client program, and gives what came of each, in this order.
async fn outcomes(calls: Vec<ClientCompatRequest>) -> Vec<Outcome> {
    let mut client = start(CLIENT);
    let mut input = client.stdin.take().unwrap();
    let mut output = client.stdout.take().unwrap();
    let mut outcomes: Vec<Option<Outcome>> = vec![None; calls.len()];
    for (index, mut call) in calls.into_iter().enumerate() {
        call.test_name = index.to_string();
        delimited::write(&mut input, &call).await.unwrap();
    }
    drop(input);
    while let Some(response) = delimited::read::<ClientCompatResponse>(&mut output)
        .await
        .unwrap()
    {
        let index: usize = response.test_name.parse().unwrap();
        outcomes[index] = response.result;
    }
    assert!(client.wait().await.unwrap().success());
    outcomes.into_iter().map(Option::unwrap).collect()
}

/// As [`outcomes`], of calls that can all be made.
async fn make(calls: Vec<ClientCompatRequest>) -> Vec<ClientResponseResult> {
    let made = outcomes(calls).await.into_iter();
    made.map(|outcome| match outcome {
        Outcome::Response(result) => result,
        other => panic!("{other:?}"),
    })
    .collect()
}

fn header(name: &str, values: &[&str]) -> Header {
    Header {
        name: name.to_owned(),
        value: values.iter().map(|&value| value.to_owned()).collect(),
        ..Default::default()
    }
}

fn call(
    server: &ClientCompatRequest,
    method: &str,
    messages: &[impl Message],
) -> ClientCompatRequest {
    ClientCompatRequest {
        method: Some(method.to_owned()),
        compression: Compression::Gzip,
        request_headers: vec![
            header("x-sent", &["a", "b"]),
            header("x-sent-bin", &["AAEC"]),
        ],
        request_messages: messages.iter().map(Any::pack).collect(),
        ..server.clone()
    }
}

fn defined(response: Response) -> Option<UnaryResponseDefinition> {
    Some(UnaryResponseDefinition {
        response_headers: vec![header("x-initial", &["1"])],
        response: Some(response),
        response_trailers: vec![header("x-trailing", &["2", "3"])],
        ..Default::default()
    })
}

fn stream(error: Option<Error>) -> Option<StreamResponseDefinition> {
    Some(StreamResponseDefinition {
        response_headers: vec![header("x-initial", &["1"])],
        response_data: vec![Bytes::from_static(b"one"), Bytes::from_static(b"two")],
        response_trailers: vec![header("x-trailing", &["2", "3"])],
        error,
        ..Default::default()
    })
}

fn failure() -> Error {
    Error {
        code: Code::DataLoss,
        message: Some("lost: \u{2620}".to_owned()),
        ..Default::default()
    }
}

fn holds(headers: &[Header], wanted: &Header) -> bool {
    let mut same = headers.iter().filter(|header| header.name == wanted.name);
    same.any(|header| header.value == wanted.value)
}

/// The metadata, and how many responses with how many requests in the first.
fn check(result: &ClientResponseResult, payloads: usize, requests: usize) {
    assert!(holds(
        &result.response_headers,
        &header("x-initial", &["1"])
    ));
    assert!(holds(
        &result.response_trailers,
        &header("x-trailing", &["2", "3"])
    ));
    assert_eq!(result.payloads.len(), payloads);
    let info = result.payloads[0].request_info.as_ref().unwrap();
    assert_eq!(info.requests.len(), requests);
    assert!(holds(&info.request_headers, &header("x-sent", &["a", "b"])));
    assert!(holds(
        &info.request_headers,
        &header("x-sent-bin", &["AAEC"])
    ));
}

async fn check_every_shape(server: &ClientCompatRequest) {
    let data = || defined(Response::ResponseData(Bytes::from_static(b"data")));
    let unary = |definition| UnaryRequest {
        response_definition: definition,
        ..Default::default()
    };
    let client_stream = [data(), None].map(|definition| ClientStreamRequest {
        response_definition: definition,
        ..Default::default()
    });
    let server_stream = ServerStreamRequest {
        response_definition: stream(Some(failure())),
        ..Default::default()
    };
    let bidi = |full_duplex| {
        [stream(None), None].map(|definition| BidiStreamRequest {
            response_definition: definition,
            full_duplex,
            ..Default::default()
        })
    };
    let mut full_duplex = call(server, "BidiStream", &bidi(true));
    full_duplex.stream_type = StreamType::FullDuplexBidiStream;
    let mut late = call(server, "ClientStream", &client_stream);
    late.request_delay_ms = 60_000;
    late.timeout_ms = Some(50);

    let results = make(vec![
        call(server, "Unary", &[unary(data())]),
        call(
            server,
            "Unary",
            &[unary(defined(Response::Error(failure())))],
        ),
        call(server, "ClientStream", &client_stream),
        call(server, "ServerStream", &[server_stream]),
        call(server, "BidiStream", &bidi(false)),
        full_duplex,
        call(server, "Unimplemented", &[UnimplementedRequest::default()]),
        late,
    ])
    .await;
    let errors: Vec<_> = results.iter().map(|result| result.error.as_ref()).collect();
    let codes: Vec<_> = errors
        .iter()
        .map(|error| error.map(|error| error.code))
        .collect();
    assert_eq!(
        codes,
        [
            None,
            Some(Code::DataLoss),
            None,
            Some(Code::DataLoss),
            None,
            None,
            Some(Code::Unimplemented),
            Some(Code::DeadlineExceeded),
        ]
    );
    check(&results[0], 1, 1);
    let error = errors[1].unwrap();
    assert_eq!(error.message, failure().message);
    assert_eq!(error.details.len(), 1, "what the service has seen");
    assert!(holds(
        &results[1].response_trailers,
        &header("x-trailing", &["2", "3"])
    ));
    check(&results[2], 1, 2);
    check(&results[3], 2, 1);
    check(&results[4], 2, 2);
    check(&results[5], 2, 1);
}

fn creds(cert: &'static str, key: &'static str) -> Option<TLSCreds> {
    Some(TLSCreds {
        cert: Bytes::from_static(cert.as_bytes()),
        key: Bytes::from_static(key.as_bytes()),
        ..Default::default()
    })
}

const AUTHORITY: &str = include_str!("../../certs/ca.pem");

fn server_creds() -> Option<TLSCreds> {
    creds(
        include_str!("../../certs/server.pem"),
        include_str!("../../certs/server.key"),
    )
}

#[tokio::test]
async fn in_plain_text() {
    let (_server, call) = serve(ServerCompatRequest::default(), None).await;
    check_every_shape(&call).await;
}

#[tokio::test]
async fn with_tls() {
    let request = ServerCompatRequest {
        use_tls: true,
        server_creds: server_creds(),
        ..Default::default()
    };
    let (_server, mut call) = serve(request, None).await;
    call.server_tls_cert = Bytes::from_static(AUTHORITY.as_bytes());
    check_every_shape(&call).await;
}

#[tokio::test]
async fn with_certificates_on_both_sides() {
    let request = ServerCompatRequest {
        use_tls: true,
        client_tls_cert: Bytes::from_static(AUTHORITY.as_bytes()),
        server_creds: server_creds(),
        ..Default::default()
    };
    let own = creds(
        include_str!("../../certs/client.pem"),
        include_str!("../../certs/client.key"),
    );
    let (_server, mut call) = serve(request, own).await;
    call.server_tls_cert = Bytes::from_static(AUTHORITY.as_bytes());
    check_every_shape(&call).await;

    call.client_tls_creds = None;
    let calls = vec![self::call(&call, "Unary", &[UnaryRequest::default()])];
    match &outcomes(calls).await[..] {
        [Outcome::Error(error)] => assert!(error.message.contains("cannot begin"), "{error:?}"),
        others => panic!("{others:?}"),
    }
}

#[tokio::test]
async fn limits_and_cancellation() {
    let request = ServerCompatRequest {
        message_receive_limit: 1000,
        ..Default::default()
    };
    let (_server, mut server) = serve(request, None).await;
    server.message_receive_limit = 1000;
    let large = UnaryRequest {
        request_data: Bytes::from_static(&[7; 1001]),
        ..Default::default()
    };
    let slow = UnaryRequest {
        response_definition: Some(UnaryResponseDefinition {
            response_delay_ms: 60_000,
            ..Default::default()
        }),
        ..Default::default()
    };
    let mut cancelled = call(&server, "Unary", &[slow]);
    cancelled.cancel = Some(Cancel::default());
    let results = make(vec![call(&server, "Unary", &[large]), cancelled]).await;
    let codes = results
        .iter()
        .map(|result| result.error.as_ref().unwrap().code);
    let codes: Vec<_> = codes.collect();
    assert_eq!(codes, [Code::ResourceExhausted, Code::Canceled]);
}
