//! Does our client pass every case against our server, by the programs and their flags, in plain text and over TLS?

use clap::ValueEnum;
use ironwire_interop::client::TestCase;
use ironwire_program::{Server, run};

const CLIENT: &str = env!("CARGO_BIN_EXE_interop-client");
const SERVER: &str = env!("CARGO_BIN_EXE_interop-server");

/// Runs every case; `server` and `client` are the flags that make them understand each other.
fn check(server: &[&str], client: &[&str]) {
    let server = Server::start(SERVER, &[&["--port=0"], server].concat());
    let (_, port) = server
        .address()
        .rsplit_once(':')
        .expect("an address has a port");
    for case in TestCase::value_variants() {
        let case = case.to_possible_value().expect("every case can be named");
        let flags = [
            "--server_host=localhost",
            "--server_port",
            port,
            "--test_case",
            case.get_name(),
            // A machine that is busy with other tests is slow.
            "--soak_per_iteration_max_acceptable_latency_ms=60000",
            "--soak_overall_timeout_seconds=60",
            "--soak_num_threads=2",
        ];
        let outcome = run(CLIENT, &[&flags, client].concat());
        assert_eq!(
            outcome.code,
            Some(0),
            "{}: {}",
            case.get_name(),
            outcome.stderr
        );
    }
    assert!(server.terminate().success());
}

#[test]
fn every_case_passes_in_plain_text() {
    check(&["--use_tls=false"], &["--use_tls=false"]);
}

#[test]
fn every_case_passes_over_tls() {
    let client = [
        "--use_tls=true",
        "--use_test_ca=true",
        "--server_host_override=foo.test.google.fr",
    ];
    check(&["--use_tls", "true"], &client);
}

#[test]
fn the_other_flags_are_understood() {
    let server = Server::start(SERVER, &["--port", "0"]);
    let (_, port) = server
        .address()
        .rsplit_once(':')
        .expect("an address has a port");
    let pick_first = r#"--service_config_json={"loadBalancingConfig":[{"pick_first":{}}]}"#;
    let flags = [
        "--server_port",
        port,
        "--test_case=pick_first_unary",
        pick_first,
        "--additional_metadata=x-one:1;x-two-bin:2",
    ];
    let outcome = run(CLIENT, &flags);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
}

#[test]
fn a_server_of_another_name_is_not_trusted() {
    let server = Server::start(SERVER, &["--port=0", "--use_tls=true"]);
    let (_, port) = server
        .address()
        .rsplit_once(':')
        .expect("an address has a port");
    let flags = [
        "--server_port",
        port,
        "--test_case=empty_unary",
        "--use_tls=true",
        "--use_test_ca=true",
    ];
    let outcome = run(CLIENT, &flags);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("certificate"), "{}", outcome.stderr);
}
