//! Does the program print what its documentation says?

use ironwire_program::run;

const UNARY: &str = env!("CARGO_BIN_EXE_unary");

#[cfg(unix)]
#[test]
fn the_client_prints_the_answer_and_the_server_ends_when_it_is_asked_to() {
    let server = ironwire_program::Server::start(UNARY, &["server", "--addr", "127.0.0.1:0"]);
    let client = run(UNARY, &["client", "--addr", server.address(), "hello"]);
    assert_eq!(
        client.stdout,
        "Hello I am up and running received \"hello\" message from you\n"
    );
    assert_eq!(client.code, Some(0));
    assert!(server.terminate().success());
}

#[test]
fn wrong_usage_is_code_2() {
    let outcome = run(UNARY, &["client"]);
    assert!(outcome.stderr.contains("Usage:"), "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(2));
}
