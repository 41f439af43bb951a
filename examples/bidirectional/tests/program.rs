//! Does the program print what its documentation says?

use ironwire_program::run;

const BIDIRECTIONAL: &str = env!("CARGO_BIN_EXE_bidirectional");

#[cfg(unix)]
#[test]
fn the_client_prints_the_echoes_and_the_server_ends_when_it_is_asked_to() {
    let server =
        ironwire_program::Server::start(BIDIRECTIONAL, &["server", "--addr", "127.0.0.1:0"]);
    let client = run(
        BIDIRECTIONAL,
        &["client", "--addr", server.address(), "one", "two", "three"],
    );
    assert_eq!(client.stdout, "one\ntwo\nthree\n");
    assert_eq!(client.code, Some(0));
    assert!(server.terminate().success());
}

#[test]
fn wrong_usage_is_code_2() {
    let outcome = run(BIDIRECTIONAL, &["client"]);
    assert!(outcome.stderr.contains("Usage:"), "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(2));
}
