# The Connect conformance runner, for gRPC. Sourced by tests/peers.sh.
# shellcheck shell=bash
#
# It is a Go module and installed where Go is. The version is that of the vendored .proto files (proto/SOURCES.md).

connect_version=v1.0.7

connect_prepare() {
    connect_runner=$cache/connect-$connect_version/connectconformance
    (cd "$root" && cargo build --locked --bins --package ironwire-conformance-rpc) || return
    [[ -x $connect_runner ]] || GOBIN=$(dirname "$connect_runner") go install \
        "connectrpc.com/conformance/cmd/connectconformance@$connect_version" || return
    connect_config=$root/tests/conformance-rpc/config.yaml
    export connect_runner connect_config
}

# conforms_rpc MODE COMMAND...: every case passes, and there are some; none is skipped or expected to fail.
conforms_rpc() {
    local log
    log=$("$connect_runner" --conf "$connect_config" --mode "$1" -- "${@:2}" 2>&1) &&
        grep --quiet --extended-regexp '^[1-9][0-9]* passed, 0 failed$' <<<"$log" || {
        printf '%s\n' "$log"
        return 1
    }
}
export -f conforms_rpc

connect_rows() {
    local client=$programs/conformance-rpc-client server=$programs/conformance-rpc-server
    row client 'ironwire -> the suite' conforms_rpc client "$client"
    row server 'the suite -> ironwire' conforms_rpc server "$server"
    row both 'ironwire -> ironwire' conforms_rpc both "$client" ---- "$server"
}
