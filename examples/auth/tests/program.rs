//! Does the program print what its documentation says?

use ironwire_program::run;

const AUTH: &str = env!("CARGO_BIN_EXE_auth");

/// Starts the server and asks it with each of the arguments: what is printed, or how the refusal begins.
#[cfg(unix)]
fn check(by: &str, asked: &[(&[&str], Result<&str, &str>)]) {
    let server = ironwire_program::Server::start(AUTH, &["server", by, "--addr", "127.0.0.1:0"]);
    for (arguments, expected) in asked {
        let address = ["client", "--addr", server.address()];
        let client = run(AUTH, &[&address, *arguments].concat());
        match expected {
            Ok(name) => assert_eq!(client.stdout, format!("{name}\n"), "{}", client.stderr),
            Err(begin) => assert!(client.stderr.starts_with(begin), "{}", client.stderr),
        }
        assert_eq!(client.code, Some(if expected.is_ok() { 0 } else { 1 }));
    }
    assert!(server.terminate().success());
}

#[cfg(unix)]
#[test]
fn a_caller_with_a_token_is_told_its_name() {
    check(
        "token",
        &[
            (&["--token", "alices-secret"], Ok("alice")),
            (&["--token", "guessed"], Err("auth: UNAUTHENTICATED")),
            (&[], Err("auth: UNAUTHENTICATED")),
        ],
    );
}

#[cfg(unix)]
#[test]
fn a_caller_with_a_certificate_is_told_its_name() {
    check(
        "certificate",
        &[
            (&["--certificate", "alice"], Ok("alice")),
            (&["--certificate", "mallory"], Err("auth: UNAVAILABLE")),
            (&["--token", "alices-secret"], Err("auth: UNAVAILABLE")),
        ],
    );
}

#[test]
fn wrong_usage_is_code_2() {
    let outcome = run(AUTH, &["client", "--token", "x", "--certificate", "alice"]);
    assert!(outcome.stderr.contains("Usage:"), "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(2));
}
