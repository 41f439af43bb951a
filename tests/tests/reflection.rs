//! Does a server tell what it serves, to those who have no `.proto` files?

/// The modules of the build.
pub mod own {
    ironwire::include_proto!();
}

use ironwire::message::DescriptorPool;
use ironwire::message::google::protobuf::{Duration, FileDescriptorProto, FileDescriptorSet};
use ironwire::server::{HandlerFuture, ServerCall, Service};
use ironwire::services::Health;
use ironwire::services::grpc::reflection::v1::server_reflection_request::MessageRequest;
use ironwire::services::grpc::reflection::v1::server_reflection_response::MessageResponse;
use ironwire::services::grpc::reflection::v1::{
    ExtensionRequest, ServerReflectionClient, ServerReflectionRequest,
};
use ironwire::services::grpc::reflection::v1alpha;
use ironwire::{
    Code, Message, Request, Response, Server, ServiceDescriptor, Status, Stream, Streaming,
};
use own::greenhouse::{Greenhouse, GreenhouseServer, Plant};

struct House;

impl Greenhouse for House {
    async fn water(&self, _: Request<Plant>) -> Result<Response<Duration>, Status> {
        Ok(Response::new(Duration::default()))
    }

    async fn grow(
        &self,
        request: Request<Streaming<Plant>>,
    ) -> Result<Response<impl Stream<Item = Result<Plant, Status>> + Send>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

fn server() -> Server {
    Server::new()
        .add(GreenhouseServer::new(House))
        .health(&Health::new())
        .reflection()
}

async fn ask(questions: Vec<MessageRequest>) -> Vec<MessageResponse> {
    ask_of(server(), questions).await
}

/// The answers to questions on one stream.
async fn ask_of(server: Server, questions: Vec<MessageRequest>) -> Vec<MessageResponse> {
    let client = ServerReflectionClient::new(server.in_process().unwrap());
    let requests: Vec<_> = questions
        .into_iter()
        .map(|question| ServerReflectionRequest {
            host: "somewhere".into(),
            message_request: Some(question),
            ..Default::default()
        })
        .collect();
    let stream = tokio_stream::iter(requests.clone());
    let answers = client.server_reflection_info(stream).await.unwrap();
    let mut answers = answers.into_inner();
    let mut all = Vec::new();
    for request in requests {
        let answer = answers.message().await.unwrap().unwrap();
        assert_eq!(answer.valid_host, "somewhere");
        assert_eq!(answer.original_request, Some(request));
        all.push(answer.message_response.unwrap());
    }
    assert_eq!(answers.message().await.unwrap(), None);
    all
}

/// The files of an answer.
fn files(answer: &MessageResponse) -> Vec<FileDescriptorProto> {
    let MessageResponse::FileDescriptorResponse(answer) = answer else {
        panic!("no files: {answer:?}");
    };
    let files = answer.file_descriptor_proto.iter();
    files
        .map(|bytes| FileDescriptorProto::decode(bytes).unwrap())
        .collect()
}

fn names(answer: &MessageResponse) -> Vec<String> {
    let mut names: Vec<String> = files(answer)
        .iter()
        .map(|file| file.name().into())
        .collect();
    names[1..].sort();
    names
}

const GREENHOUSE: [&str; 4] = [
    "greenhouse.proto",
    "google/protobuf/duration.proto",
    "google/protobuf/struct.proto",
    "names.proto",
];

#[tokio::test]
async fn every_service_is_listed() {
    let answers = ask(vec![MessageRequest::ListServices(String::new())]).await;
    let MessageResponse::ListServicesResponse(list) = &answers[0] else {
        panic!("no list: {answers:?}");
    };
    let names: Vec<&str> = list.service.iter().map(|each| each.name.as_str()).collect();
    let wanted = [
        "greenhouse.Greenhouse",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
    ];
    assert_eq!(names, wanted);
}

#[tokio::test]
async fn symbols_and_files_are_found_with_their_imports() {
    for symbol in [
        "greenhouse.Greenhouse",
        "greenhouse.Greenhouse.Grow",
        "greenhouse.Plant",
        "greenhouse.Plant.photo",
    ] {
        let answers = ask(vec![MessageRequest::FileContainingSymbol(symbol.into())]).await;
        assert_eq!(names(&answers[0]), GREENHOUSE, "{symbol}");
    }
    let answers = ask(vec![
        MessageRequest::FileByFilename("greenhouse.proto".into()),
        MessageRequest::FileByFilename("names.proto".into()),
        MessageRequest::FileContainingSymbol("google.protobuf.NULL_VALUE".into()),
        MessageRequest::FileContainingSymbol("grpc.health.v1.HealthCheckResponse.SERVING".into()),
    ])
    .await;
    assert_eq!(names(&answers[0]), GREENHOUSE);
    assert_eq!(names(&answers[1]), ["names.proto"]);
    assert_eq!(names(&answers[2]), ["google/protobuf/struct.proto"]);
    assert_eq!(names(&answers[3]), ["grpc/health/v1/health.proto"]);
}

#[tokio::test]
async fn what_is_told_makes_a_pool() {
    let question = MessageRequest::FileContainingSymbol("greenhouse.Greenhouse".into());
    let set = FileDescriptorSet {
        file: files(&ask(vec![question]).await[0]),
        ..Default::default()
    };
    let pool = DescriptorPool::from_file_set(&set.encode_to_bytes()).unwrap();
    let plant = pool.message("greenhouse.Plant").unwrap();
    assert_eq!(plant.fields().count(), 5);
    let embedded = FileDescriptorSet::decode(own::greenhouse::FILE_DESCRIPTOR_SET).unwrap();
    assert_eq!(embedded.file.len(), GREENHOUSE.len());
}

#[tokio::test]
async fn extensions_are_found_by_their_message_and_number() {
    let answers = ask(vec![
        MessageRequest::AllExtensionNumbersOfType("names.Reader".into()),
        MessageRequest::AllExtensionNumbersOfType("greenhouse.Plant".into()),
        MessageRequest::FileContainingExtension(ExtensionRequest {
            containing_type: "names.Reader".into(),
            extension_number: 2,
            ..Default::default()
        }),
    ])
    .await;
    let numbers = |answer: &MessageResponse| match answer {
        MessageResponse::AllExtensionNumbersResponse(answer) => answer.extension_number.clone(),
        other => panic!("no numbers: {other:?}"),
    };
    assert_eq!(numbers(&answers[0]), [1, 2]);
    assert!(numbers(&answers[1]).is_empty());
    assert_eq!(names(&answers[2]), ["names.proto"]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let nothing = || "greenhouse.Nothing".to_owned();
    let answers = ask(vec![
        MessageRequest::FileByFilename(nothing()),
        MessageRequest::FileContainingSymbol(nothing()),
        MessageRequest::AllExtensionNumbersOfType(nothing()),
        MessageRequest::FileContainingExtension(ExtensionRequest::default()),
    ])
    .await;
    for answer in answers {
        let MessageResponse::ErrorResponse(error) = answer else {
            panic!("no error: {answer:?}");
        };
        assert_eq!(error.error_code, Code::NotFound.as_i32());
    }
}

#[tokio::test]
async fn the_older_name_is_served_too() {
    let client = v1alpha::ServerReflectionClient::new(server().in_process().unwrap());
    let symbol = "grpc.reflection.v1alpha.ServerReflection".to_owned();
    let request = v1alpha::ServerReflectionRequest {
        message_request: Some(
            v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(symbol),
        ),
        ..Default::default()
    };
    let answers = client
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let answer = answers
        .unwrap()
        .into_inner()
        .message()
        .await
        .unwrap()
        .unwrap();
    let Some(v1alpha::server_reflection_response::MessageResponse::FileDescriptorResponse(answer)) =
        answer.message_response
    else {
        panic!("no file: {answer:?}");
    };
    assert_eq!(answer.file_descriptor_proto.len(), 1);
}

/// A service that somebody has made by hand.
struct Handmade(&'static ServiceDescriptor);

impl Service for Handmade {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        self.0
    }

    fn call(&self, _method: usize, call: ServerCall) -> HandlerFuture {
        call.unknown_method()
    }
}

#[tokio::test]
async fn malformed_descriptors_are_an_error_before_serving() {
    static MALFORMED: ServiceDescriptor = ServiceDescriptor {
        name: "hand.Made",
        methods: &[],
        file_descriptor_set: b"\x0a\x05no",
    };
    let server = || Server::new().add(Handmade(&MALFORMED));
    assert!(server().in_process().is_ok());
    let error = server().reflection().in_process().unwrap_err().to_string();
    let start = "the descriptors of service hand.Made: ";
    assert!(error.starts_with(start), "{error}");
}

#[tokio::test]
async fn a_service_without_descriptors_is_listed() {
    static UNKNOWN: ServiceDescriptor = ServiceDescriptor {
        name: "hand.Made",
        methods: &[],
        file_descriptor_set: &[],
    };
    let server = Server::new().add(Handmade(&UNKNOWN)).reflection();
    let questions = vec![
        MessageRequest::ListServices(String::new()),
        MessageRequest::FileContainingSymbol("hand.Made".into()),
    ];
    let answers = ask_of(server, questions).await;
    let MessageResponse::ListServicesResponse(list) = &answers[0] else {
        panic!("no list: {answers:?}");
    };
    assert_eq!(list.service[0].name, "hand.Made");
    assert!(matches!(answers[1], MessageResponse::ErrorResponse(_)));
}
