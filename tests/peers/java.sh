# gRPC's official interoperability tests in Java, from the Maven artifact io.grpc:grpc-interop-testing. Sourced by
# tests/peers.sh.
# shellcheck shell=bash

java_prepare() {
    # shellcheck source=/dev/null
    source "$root/tests/peers/interop/cases.sh"
    local folder=$cache/java pom=$root/tests/peers/java/pom.xml
    java_programs=(java -cp "$folder/lib/*")
    { java -version && mvn -version; } ||
        install_packages openjdk-17-jre-headless maven || return
    if ! cmp -s "$pom" "$folder/installed.xml"; then
        rm -rf "$folder"
        mvn --quiet --batch-mode --file "$pom" dependency:copy-dependencies -DoutputDirectory="$folder/lib" &&
            cp "$pom" "$folder/installed.xml" || return
    fi
    interop_build
}

java_rows() {
    local package=io.grpc.testing.integration cases=(
        "${interop_cases[@]}" special_status_message client_compressed_unary server_compressed_unary
        client_compressed_streaming server_compressed_streaming pick_first_unary rpc_soak channel_soak
    )
    # The Java machine starts anew for each row, and its first call is slow.
    interop_against_us java "${java_programs[@]}" "$package.TestServiceClient" \
        --soak_per_iteration_max_acceptable_latency_ms=10000
    # Java's server does not tell how a request travelled, and does not compress streams.
    cases=("${interop_cases[@]}" special_status_message server_compressed_unary rpc_soak channel_soak)
    interop_against_them java "${java_programs[@]}" "$package.TestServiceServer"
}
