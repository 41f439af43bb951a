//! The test client: every case of the document, by its name.
//!
//! Never prints but in the soak cases, as they ask: a case that returns has passed, one that panics tells what was wrong.

mod compression;
mod endings;
mod identity;
mod metadata;
mod payloads;
mod soak;
mod streaming;
mod unary;

pub use soak::Soak;

use crate::grpc::testing::TestServiceClient;
use clap::ValueEnum;
use ironwire::client::{ClientCall, ClientInterceptor, ClientNext, ClientResponse};
use ironwire::{Channel, ConnectError, Endpoint, MetadataMap, MetadataValue, Status};

/// A case of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the document says what they are")]
pub enum TestCase {
    EmptyUnary,
    CacheableUnary,
    LargeUnary,
    ClientCompressedUnary,
    ServerCompressedUnary,
    ClientStreaming,
    ClientCompressedStreaming,
    ServerStreaming,
    ServerCompressedStreaming,
    PingPong,
    EmptyStream,
    PerRpcCreds,
    CustomMetadata,
    StatusCodeAndMessage,
    SpecialStatusMessage,
    UnimplementedMethod,
    UnimplementedService,
    CancelAfterBegin,
    CancelAfterFirstResponse,
    TimeoutOnSleepingServer,
    PickFirstUnary,
    RpcSoak,
    ChannelSoak,
}

/// Where the test server is, and how it is called.
#[derive(Clone)]
pub struct Target {
    /// Its address and the channel's settings.
    pub endpoint: Endpoint,
    /// What every call carries.
    pub metadata: MetadataMap,
}

/// What some cases have to be told.
pub struct Settings {
    /// Whom `per_rpc_creds` is to be taken for.
    pub user: String,
    /// How long and how hard the soak cases go on.
    pub soak: Soak,
}

/// Makes the calls of a case.
///
/// # Errors
/// The status of a call that should have succeeded.
///
/// # Panics
/// When something is not as the case demands.
pub async fn run(case: TestCase, target: &Target, settings: &Settings) -> Result<(), Status> {
    let channel = target.channel(target.endpoint.clone())?;
    let client = TestServiceClient::new(channel.clone());
    match case {
        TestCase::EmptyUnary => unary::empty(&client).await,
        TestCase::CacheableUnary => unary::cacheable(&client).await,
        TestCase::LargeUnary => unary::large(&client).await,
        TestCase::ClientCompressedUnary => compression::client_unary(target).await,
        TestCase::ServerCompressedUnary => compression::server_unary(&client).await,
        TestCase::ClientStreaming => streaming::client(&client).await,
        TestCase::ClientCompressedStreaming => compression::client_streaming(target).await,
        TestCase::ServerStreaming => streaming::server(&client).await,
        TestCase::ServerCompressedStreaming => compression::server_streaming(&client).await,
        TestCase::PingPong => streaming::ping_pong(&client).await,
        TestCase::EmptyStream => streaming::empty(&client).await,
        TestCase::PerRpcCreds => identity::per_rpc_creds(&client, &settings.user).await,
        TestCase::CustomMetadata => metadata::custom(&client).await,
        TestCase::StatusCodeAndMessage => endings::status_code_and_message(&client).await,
        TestCase::SpecialStatusMessage => endings::special_status_message(&client).await,
        TestCase::UnimplementedMethod => endings::unimplemented_method(&client).await,
        TestCase::UnimplementedService => endings::unimplemented_service(channel).await,
        TestCase::CancelAfterBegin => endings::cancel_after_begin(&client).await,
        TestCase::CancelAfterFirstResponse => endings::cancel_after_first_response(&client).await,
        TestCase::TimeoutOnSleepingServer => endings::timeout_on_sleeping_server(&client).await,
        TestCase::PickFirstUnary => identity::pick_first_unary(&client).await,
        TestCase::RpcSoak => {
            let shared = move || Ok(client.clone());
            settings.soak.run(target, shared).await
        }
        TestCase::ChannelSoak => {
            let fresh = target.clone();
            let fresh = move || {
                Ok(TestServiceClient::new(
                    fresh.channel(fresh.endpoint.clone())?,
                ))
            };
            settings.soak.run(target, fresh).await
        }
    }
}

impl Target {
    fn channel(&self, endpoint: Endpoint) -> Result<Channel, ConnectError> {
        let channel = Channel::lazy(endpoint)?;
        if self.metadata.is_empty() {
            return Ok(channel);
        }
        Ok(channel.intercept(AdditionalMetadata(self.metadata.clone())))
    }
}

/// Adds metadata to every call.
struct AdditionalMetadata(MetadataMap);

impl ClientInterceptor for AdditionalMetadata {
    async fn intercept(
        &self,
        mut call: ClientCall,
        next: ClientNext,
    ) -> Result<ClientResponse, Status> {
        let metadata = call.metadata_mut();
        for (key, value) in self.0.iter() {
            let appended = match value {
                MetadataValue::Ascii(value) => metadata.append(key, value),
                MetadataValue::Binary(value) => metadata.append_bin(key, value),
            };
            appended.map_err(|error| Status::internal(error.to_string()))?;
        }
        next.run(call).await
    }
}
