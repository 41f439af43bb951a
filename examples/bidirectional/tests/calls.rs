//! Does every message come back, and does each come back before the next is sent?

use bidirectional::bidirectional::{BidirectionalClient, Message};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

fn client() -> BidirectionalClient {
    BidirectionalClient::new(bidirectional::server().in_process().unwrap())
}

fn message(text: &str) -> Message {
    Message {
        message: text.to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn each_message_comes_back_before_the_next_is_sent() {
    let (messages, sent) = mpsc::channel(1);
    let mut echoes = client()
        .get_server_response(ReceiverStream::new(sent))
        .open();
    for text in ["one", "two", "three"] {
        messages.send(message(text)).await.unwrap();
        let echo = echoes.message().await.unwrap();
        assert_eq!(echo, Some(message(text)));
    }
    drop(messages);
    assert_eq!(echoes.message().await.unwrap(), None);
}

#[tokio::test]
async fn ten_thousand_messages_come_back_in_order() {
    let text = |index: u32| index.to_string();
    let messages = tokio_stream::iter((0..10_000).map(move |index| message(&text(index))));
    let mut echoes = client().get_server_response(messages).open();
    for index in 0..10_000 {
        let echo = echoes.message().await.unwrap();
        assert_eq!(echo, Some(message(&text(index))));
    }
    assert_eq!(echoes.message().await.unwrap(), None);
}
