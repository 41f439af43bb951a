//! Does the health service tell how the services are, and of a shutdown before the server drains?

use ironwire_rpc::services::grpc::health::v1::{
    HealthCheckRequest, HealthCheckResponse, HealthClient, HealthListRequest,
};
use ironwire_rpc::services::{Health, ServingStatus};
use ironwire_rpc::{Code, Server, Status, Streaming};
use ironwire_tests::call::{text, unary};
use ironwire_tests::served::Served;
use ironwire_tests::service::TestService;
use std::time::Duration;

const SERVICE: &str = "test.Test";

fn about(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
        ..Default::default()
    }
}

async fn check(client: &HealthClient, service: &str) -> Result<ServingStatus, Status> {
    Ok(client.check(about(service)).await?.into_inner().status)
}

async fn next(watch: &mut Streaming<HealthCheckResponse>) -> ServingStatus {
    let told = watch.message().await.expect("the watch goes on");
    told.expect("the watch goes on").status
}

fn server(health: &Health) -> Server {
    Server::new().add(TestService::echo()).health(health)
}

#[tokio::test]
async fn services_are_serving_unless_it_is_said_otherwise() {
    let health = Health::new();
    let client = HealthClient::new(server(&health).in_process().unwrap());
    for service in ["", SERVICE] {
        assert_eq!(
            check(&client, service).await.unwrap(),
            ServingStatus::Serving
        );
    }
    health.set(SERVICE, ServingStatus::NotServing);
    assert_eq!(
        check(&client, SERVICE).await.unwrap(),
        ServingStatus::NotServing
    );
    assert_eq!(check(&client, "").await.unwrap(), ServingStatus::Serving);
    let unknown = check(&client, "test.Nothing").await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);

    let listed = client
        .list(HealthListRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.statuses.len(), 2);
    assert_eq!(listed.statuses[SERVICE].status, ServingStatus::NotServing);
}

#[tokio::test]
async fn what_was_said_before_stays() {
    let health = Health::new();
    health.set(SERVICE, ServingStatus::NotServing);
    let client = HealthClient::new(server(&health).in_process().unwrap());
    assert_eq!(
        check(&client, SERVICE).await.unwrap(),
        ServingStatus::NotServing
    );
}

#[tokio::test]
async fn a_long_list_is_refused() {
    let health = Health::new();
    for number in 0..100 {
        health.set(format!("test.Service{number}"), ServingStatus::Serving);
    }
    let client = HealthClient::new(Server::new().health(&health).in_process().unwrap());
    let refused = client.list(HealthListRequest::default()).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
}

#[tokio::test]
async fn a_watch_sees_each_change() {
    let health = Health::new();
    let client = HealthClient::new(server(&health).in_process().unwrap());
    let mut watch = client
        .watch(about("test.Later"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(next(&mut watch).await, ServingStatus::ServiceUnknown);
    // Another service's change is not told.
    health.set(SERVICE, ServingStatus::NotServing);
    health.set("test.Later", ServingStatus::Serving);
    assert_eq!(next(&mut watch).await, ServingStatus::Serving);
    health.remove("test.Later");
    assert_eq!(next(&mut watch).await, ServingStatus::ServiceUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_lame_duck_says_so_and_still_serves() {
    let health = Health::new();
    let mut served = Served::start(server(&health).lame_duck(Duration::from_secs(5))).await;
    let channel = served.channel();
    let client = HealthClient::new(channel.clone());
    let mut watch = client.watch(about(SERVICE)).await.unwrap().into_inner();
    assert_eq!(next(&mut watch).await, ServingStatus::Serving);

    let begin = tokio::time::Instant::now();
    served.begin_shutdown();
    assert_eq!(next(&mut watch).await, ServingStatus::NotServing);
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert_eq!(unary(&channel, text("x")).await.unwrap().into_inner(), "x");
    assert!(served.listens().await);
    health.set(SERVICE, ServingStatus::Serving);
    assert_eq!(
        check(&client, SERVICE).await.unwrap(),
        ServingStatus::NotServing
    );

    let end = watch.message().await.unwrap_err();
    assert_eq!(end.code(), Code::Unavailable, "{end}");
    served.ended().await;
    assert_eq!(begin.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_watch_does_not_hold_up_a_shutdown() {
    let health = Health::new();
    let server = Server::new().add(health.service());
    let mut served = Served::start(server).await;
    let client = HealthClient::new(served.channel());
    let mut watch = client.watch(about("")).await.unwrap().into_inner();
    assert_eq!(next(&mut watch).await, ServingStatus::Serving);
    let begin = tokio::time::Instant::now();
    served.begin_shutdown();
    assert_eq!(next(&mut watch).await, ServingStatus::NotServing);
    assert_eq!(watch.message().await.unwrap_err().code(), Code::Unavailable);
    served.ended().await;
    assert_eq!(begin.elapsed().as_secs(), 0, "the drain timeout has cut it");
}
