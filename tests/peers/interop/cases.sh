# gRPC's official interoperability tests: the cases that every implementation has, and how its programs run against ours.
# Sourced by the families of those implementations.
# shellcheck shell=bash

interop_certificates=$root/tests/interop/certs
# The flags that make a client speak TLS with a server of the test certificate.
interop_tls=(--use_tls=true --use_test_ca=true --server_host_override=foo.test.google.fr)

# What all programs have.
interop_cases=(
    empty_unary large_unary client_streaming server_streaming ping_pong empty_stream custom_metadata
    status_code_and_message unimplemented_method unimplemented_service cancel_after_begin
    cancel_after_first_response timeout_on_sleeping_server
)

interop_build() {
    (cd "$root" && cargo build --locked --bins --package ironwire-interop)
}

# interop_against_us FAMILY CLIENT...: their client runs the cases of the array `cases` against our server. By its address,
# because for a name some clients ask a name server for their service config too, and wait 5 s for an answer that is lost:
# more than the soak cases allow a call.
interop_against_us() {
    local direction="$1 -> ironwire" case port
    shift
    serve "$programs/interop-server" --port=0
    port=${address##*:}
    for case in "${cases[@]}"; do
        row "$case" "$direction" "$@" --server_host=127.0.0.1 --server_port="$port" --test_case="$case" --use_tls=false
    done
    serve "$programs/interop-server" --port=0 --use_tls=true
    port=${address##*:}
    for case in "${cases[@]}"; do
        row "$case, TLS" "$direction" "$@" --server_host=127.0.0.1 --server_port="$port" --test_case="$case" \
            "${interop_tls[@]}"
    done
}

# interop_against_them FAMILY SERVER...: our client runs the cases of the array `cases` against their server.
interop_against_them() {
    local direction="ironwire -> $1" case port client=$programs/interop-client
    shift
    free_port
    serve_on "$port" "$@" --port="$port" --use_tls=false
    for case in "${cases[@]}"; do
        row "$case" "$direction" "$client" --server_host=localhost --server_port="$port" --test_case="$case"
    done
    free_port
    serve_on "$port" "$@" --port="$port" --use_tls=true
    for case in "${cases[@]}"; do
        row "$case, TLS" "$direction" "$client" --server_host=localhost --server_port="$port" --test_case="$case" \
            "${interop_tls[@]}"
    done
}
