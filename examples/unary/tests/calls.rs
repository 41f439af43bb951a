//! Does the server tell what it has received?

use unary::unary::{Message, UnaryClient};

#[tokio::test]
async fn the_message_comes_back_in_the_answer() {
    let client = UnaryClient::new(unary::server().in_process().unwrap());
    let request = Message {
        message: "hello".to_owned(),
        ..Default::default()
    };
    let answer = client
        .get_server_response(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        answer.message,
        "Hello I am up and running received \"hello\" message from you"
    );
    assert!(answer.received);
}
