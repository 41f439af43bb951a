//! gRPC's interoperability test client, with the flags that every implementation's has.
//!
//! Never knows what the cases are: that is the library.

use clap::{ArgAction, Args, Parser};
use ironwire::{Endpoint, MetadataMap};
use ironwire_interop::client::{self, Settings, Soak, Target, TestCase};
use ironwire_interop::credentials;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

/// Runs a case of gRPC's interoperability tests against a server; succeeds when it has passed.
#[derive(Parser)]
struct Flags {
    /// The server host to connect to.
    #[arg(long = "server_host", default_value = "localhost")]
    server_host: String,
    /// The server host to claim to be connecting to, for use in TLS and the :authority header.
    #[arg(long = "server_host_override")]
    server_host_override: Option<String>,
    /// The server port to connect to.
    #[arg(long = "server_port")]
    server_port: u16,
    /// The case to run.
    #[arg(long = "test_case")]
    test_case: TestCase,
    /// Whether to speak TLS.
    #[arg(
        long = "use_tls",
        action = ArgAction::Set,
        num_args = 0..=1,
        default_value_t = false,
        default_missing_value = "true"
    )]
    use_tls: bool,
    /// Whether to trust gRPC's test authority instead of those that the machine trusts.
    #[arg(
        long = "use_test_ca",
        action = ArgAction::Set,
        num_args = 0..=1,
        default_value_t = false,
        default_missing_value = "true"
    )]
    use_test_ca: bool,
    /// Whom `per_rpc_creds` is to be taken for.
    #[arg(
        long = "default_service_account",
        default_value = "interop@test.google.fr"
    )]
    default_service_account: String,
    /// The service config. A channel has one connection, so it can only be one that asks for `pick_first`.
    #[arg(long = "service_config_json", value_parser = pick_first)]
    service_config_json: Option<String>,
    /// What every call carries, as in `key1:value1;key2:value2`.
    #[arg(long = "additional_metadata", value_parser = metadata)]
    additional_metadata: Option<MetadataMap>,
    #[command(flatten)]
    soak: SoakFlags,
}

/// What the soak cases do.
#[derive(Args)]
struct SoakFlags {
    /// How many calls are made.
    #[arg(long = "soak_iterations", default_value_t = 10)]
    iterations: usize,
    /// How many of them may fail or be late.
    #[arg(long = "soak_max_failures", default_value_t = 0)]
    max_failures: usize,
    /// How long a call may take.
    #[arg(
        long = "soak_per_iteration_max_acceptable_latency_ms",
        default_value_t = 1000
    )]
    per_iteration_max_acceptable_latency_ms: u64,
    /// How long all of them may take.
    #[arg(long = "soak_overall_timeout_seconds", default_value_t = 10)]
    overall_timeout_seconds: u64,
    /// The shortest time from the start of a call to the next one's.
    #[arg(long = "soak_min_time_ms_between_rpcs", default_value_t = 0)]
    min_time_ms_between_rpcs: u64,
    /// The bytes of a request's payload.
    #[arg(long = "soak_request_size", default_value_t = 271_828)]
    request_size: usize,
    /// The bytes of a response's payload.
    #[arg(long = "soak_response_size", default_value_t = 314_159)]
    response_size: usize,
    /// How many workers share the calls.
    #[arg(long = "soak_num_threads", default_value_t = 1)]
    num_threads: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("interop-client: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(flags: Flags) -> Result<(), Box<dyn Error>> {
    let target = target(&flags)?;
    let settings = Settings {
        user: flags.default_service_account,
        soak: flags.soak.into(),
    };
    Ok(client::run(flags.test_case, &target, &settings).await?)
}

fn target(flags: &Flags) -> Result<Target, Box<dyn Error>> {
    let host = &flags.server_host;
    let host = if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host.clone()
    };
    let mut endpoint = Endpoint::parse(&format!("{host}:{}", flags.server_port))?;
    let claimed = flags.server_host_override.as_deref();
    if let Some(claimed) = claimed {
        endpoint = endpoint.authority(claimed)?;
    }
    if flags.use_tls {
        let tls = if flags.use_test_ca {
            credentials::test_authority()?
        } else {
            credentials::system_authorities()?
        };
        endpoint = endpoint.tls(tls.server_name(claimed.unwrap_or(&host)));
    }
    Ok(Target {
        endpoint,
        metadata: flags.additional_metadata.clone().unwrap_or_default(),
    })
}

fn pick_first(config: &str) -> Result<String, String> {
    if config.contains("pick_first") {
        Ok(config.to_owned())
    } else {
        Err("only pick_first can be had".to_owned())
    }
}

fn metadata(pairs: &str) -> Result<MetadataMap, String> {
    let mut metadata = MetadataMap::new();
    for pair in pairs.split(';').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(':').ok_or("a colon is missing")?;
        let appended = if key.ends_with("-bin") {
            metadata.append_bin(key, value)
        } else {
            metadata.append(key, value)
        };
        appended.map_err(|error| error.to_string())?;
    }
    Ok(metadata)
}

impl From<SoakFlags> for Soak {
    fn from(flags: SoakFlags) -> Self {
        Soak {
            iterations: flags.iterations,
            max_failures: flags.max_failures,
            per_iteration_max_acceptable_latency: Duration::from_millis(
                flags.per_iteration_max_acceptable_latency_ms,
            ),
            overall_timeout: Duration::from_secs(flags.overall_timeout_seconds),
            min_time_between_rpcs: Duration::from_millis(flags.min_time_ms_between_rpcs),
            request_size: flags.request_size,
            response_size: flags.response_size,
            num_threads: flags.num_threads,
        }
    }
}
