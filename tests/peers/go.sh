# gRPC's official interoperability tests in Go, from the Go module google.golang.org/grpc. Sourced by tests/peers.sh.
# shellcheck shell=bash

go_grpc_version=v1.85.0

go_prepare() {
    # shellcheck source=/dev/null
    source "$root/tests/peers/interop/cases.sh"
    go_programs=$cache/grpc-go-$go_grpc_version
    local half
    for half in client server; do
        [[ -x $go_programs/$half ]] ||
            GOBIN=$go_programs go install "google.golang.org/grpc/interop/$half@$go_grpc_version" || return
    done
    interop_build
}

go_rows() {
    local cases=(
        "${interop_cases[@]}" special_status_message pick_first_unary rpc_soak channel_soak
    )
    interop_against_us go "$go_programs/client" --ca_file="$interop_certificates/ca.pem"
    # Go's server does not say who it is, as pick_first_unary needs.
    cases=("${interop_cases[@]}" special_status_message rpc_soak channel_soak)
    interop_against_them go "$go_programs/server" \
        --tls_cert_file="$interop_certificates/server1.pem" --tls_key_file="$interop_certificates/server1.key"
}
