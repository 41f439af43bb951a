//! Does the program print what its documentation says?

use ironwire_program::run;

const EXECUTOR: &str = env!("CARGO_BIN_EXE_executor");

#[cfg(unix)]
#[test]
fn the_client_prints_the_reports_and_the_server_ends_when_it_is_asked_to() {
    let server = ironwire_program::Server::start(
        EXECUTOR,
        &[
            "server",
            "--addr",
            "127.0.0.1:0",
            "--workers",
            "2",
            "--queue",
            "1",
        ],
    );
    let client = run(
        EXECUTOR,
        &["client", "--addr", server.address(), "10", "100", "1000"],
    );
    let mut reports: Vec<_> = client.stdout.lines().collect();
    reports.sort_unstable();
    assert_eq!(
        reports,
        [
            "task 1: 4 primes",
            "task 2: 25 primes",
            "task 3: 168 primes"
        ]
    );
    assert_eq!(client.code, Some(0));
    assert!(server.terminate().success());
}

#[test]
fn wrong_usage_is_code_2() {
    let outcome = run(EXECUTOR, &["server", "--workers", "0"]);
    assert!(outcome.stderr.contains("--workers"), "{}", outcome.stderr);
    assert_eq!(outcome.code, Some(2));
}
