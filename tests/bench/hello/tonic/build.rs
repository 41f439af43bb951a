//! Generates the service. The messages are written by hand, which spares tonic's side a compiler of `.proto` files.

fn main() {
    let method = tonic_build::manual::Method::builder()
        .name("say_hello")
        .route_name("SayHello")
        .input_type("crate::HelloRequest")
        .output_type("crate::HelloReply")
        .codec_path("tonic_prost::ProstCodec")
        .build();
    let service = tonic_build::manual::Service::builder()
        .name("Greeter")
        .package("hello")
        .method(method)
        .build();
    tonic_build::manual::Builder::new().compile(&[service]);
}
