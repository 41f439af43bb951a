//! Messages that travel compressed, and those beside them that do not.
//!
//! Never looks at the bytes: both sides are told how a message travelled.

use super::Target;
use super::payloads::{check_large, check_output, large_request, zeros};
use crate::grpc::testing::{
    BoolValue, ResponseParameters, SimpleRequest, StreamingInputCallRequest,
    StreamingOutputCallRequest, TestServiceClient,
};
use ironwire::compression::Gzip;
use ironwire::{Code, Request, Status};
use tokio_stream::StreamExt;

/// A `BoolValue` of the messages.
fn flag(value: bool) -> Option<BoolValue> {
    Some(BoolValue {
        value,
        ..Default::default()
    })
}

/// A client whose messages are compressed unless they are exempt.
fn compressing(target: &Target) -> Result<TestServiceClient, Status> {
    let endpoint = target.endpoint.clone().compress(Gzip::default());
    Ok(TestServiceClient::new(target.channel(endpoint)?))
}

pub(super) async fn client_unary(target: &Target) -> Result<(), Status> {
    let client = compressing(target)?;
    let call = async |expected, compressed| {
        let mut request = Request::new(SimpleRequest {
            expect_compressed: flag(expected),
            ..large_request()
        });
        request.compression_switch().set(compressed);
        client.unary_call(request).await
    };
    let refused = call(true, false).await.map(drop);
    let refused = refused.expect_err("the probe fails");
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
    for compressed in [true, false] {
        check_large(call(compressed, compressed).await?.get_ref());
    }
    Ok(())
}

pub(super) async fn client_streaming(target: &Target) -> Result<(), Status> {
    let client = compressing(target)?;
    let message = |bytes, expected| StreamingInputCallRequest {
        payload: zeros(bytes),
        expect_compressed: flag(expected),
        ..Default::default()
    };
    // Each message, and whether it travels compressed.
    let call = async |messages: Vec<(StreamingInputCallRequest, bool)>| {
        let mut request = Request::new(());
        let switch = request.compression_switch();
        let messages = tokio_stream::iter(messages).map(move |(message, compressed)| {
            switch.set(compressed);
            message
        });
        client
            .streaming_input_call(request.map(|()| messages))
            .await
    };
    let probe = call(vec![(message(27_182, true), false)]).await;
    let refused = probe.map(drop).expect_err("the probe fails");
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
    let messages = vec![
        (message(27_182, true), true),
        (message(45_904, false), false),
    ];
    let sum = call(messages).await?.into_inner().aggregated_payload_size;
    assert_eq!(sum, 73_086);
    Ok(())
}

pub(super) async fn server_unary(client: &TestServiceClient) -> Result<(), Status> {
    for compressed in [true, false] {
        let request = SimpleRequest {
            response_compressed: flag(compressed),
            ..large_request()
        };
        let response = client.unary_call(request).await?;
        assert_eq!(response.was_compressed(), compressed);
        check_large(response.get_ref());
    }
    Ok(())
}

pub(super) async fn server_streaming(client: &TestServiceClient) -> Result<(), Status> {
    let wanted = [(31_415, true), (92_653, false)];
    let parameters = wanted.map(|(size, compressed)| ResponseParameters {
        size,
        compressed: flag(compressed),
        ..Default::default()
    });
    let request = StreamingOutputCallRequest {
        response_parameters: parameters.into(),
        ..Default::default()
    };
    let mut responses = client.streaming_output_call(request).await?.into_inner();
    for (size, compressed) in wanted {
        let response = responses.message().await?;
        assert_eq!(responses.was_compressed(), compressed);
        check_output(&response.expect("there are two responses"), size as usize);
    }
    assert_eq!(responses.message().await?, None, "a third response");
    Ok(())
}
