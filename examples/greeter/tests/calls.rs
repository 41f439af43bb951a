//! Does the service answer, and does a greeting that is missing get an error?

use greeter::unpackaged::{HelloRequest, HelloServiceClient};
use ironwire::Code;

#[tokio::test]
async fn a_greeting_is_answered() {
    let client = HelloServiceClient::new(greeter::server().in_process().unwrap());
    let request = HelloRequest {
        greeting: Some("world".to_owned()),
        ..Default::default()
    };
    let response = client.say_hello(request).await.unwrap().into_inner();
    assert_eq!(response.reply.as_deref(), Some("Hello, world!"));
}

#[tokio::test]
async fn a_missing_greeting_is_an_error() {
    let client = HelloServiceClient::new(greeter::server().in_process().unwrap());
    let status = client.say_hello(HelloRequest::default()).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "the greeting is missing");
}

#[test]
fn a_service_without_a_package_has_its_bare_name_in_the_path() {
    let method = greeter::unpackaged::HELLO_SERVICE.methods[0];
    assert_eq!(method.path, "/HelloService/SayHello");
}
