//! Does the program print what its documentation says?

use ironwire_program::{Outcome, run};

const GREETER: &str = env!("CARGO_BIN_EXE_greeter");

#[test]
fn without_arguments_it_serves_calls_and_prints_the_reply() {
    let expected = Outcome {
        stdout: "Hello, world!\n".to_owned(),
        stderr: String::new(),
        code: Some(0),
    };
    assert_eq!(run(GREETER, &[]), expected);
}

#[cfg(unix)]
#[test]
fn the_halves_meet_and_the_server_ends_when_it_is_asked_to() {
    let server = ironwire_program::Server::start(GREETER, &["server", "127.0.0.1:0"]);
    let client = run(GREETER, &["client", server.address(), "Ada"]);
    assert_eq!(client.stdout, "Hello, Ada!\n");
    assert_eq!(client.code, Some(0));
    assert!(server.terminate().success());
}

#[test]
fn a_client_without_a_server_says_whom_it_cannot_reach() {
    // Bound and dropped, so that nobody listens there.
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap()
        .to_string();
    let client = run(GREETER, &["client", &address, "Ada"]);
    assert_eq!(client.stdout, "");
    assert!(client.stderr.contains(&address), "{}", client.stderr);
    assert_eq!(client.code, Some(1));
}

#[test]
fn wrong_usage_is_code_2() {
    let outcome = run(GREETER, &["client", "127.0.0.1:1"]);
    assert!(outcome.stderr.contains("Usage:"), "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(2));
}
