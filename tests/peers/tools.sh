# grpcurl and buf curl, which learn from our servers' reflection what there is to call. Sourced by tests/peers.sh.
# shellcheck shell=bash

tools_grpcurl=github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4
tools_buf=buf-bin==1.75.0

tools_prepare() {
    local folder=$cache/tools
    export grpcurl=$folder/grpcurl buf=$folder/python/bin/buf
    [[ -x $grpcurl ]] || GOBIN=$folder go install "$tools_grpcurl" || return
    [[ -x $buf ]] || {
        python3 -m venv "$folder/python" &&
            "$folder/python/bin/python" -m pip install --quiet --disable-pip-version-check "$tools_buf"
    }
}

# prints_json TEXT COMMAND...: as `prints`, white space aside.
prints_json() {
    local wanted=$1 printed
    shift
    printed=$("$@") || return
    [[ ${printed//[[:space:]]/} == "${wanted//[[:space:]]/}" ]] || {
        printf 'printed: %s\nwanted:  %s\n' "$printed" "$wanted"
        return 1
    }
}
export -f prints_json

# tools_service PROGRAM ADDRESS SERVICE METHOD REQUESTS RESPONSES: both tools list, describe and call a service.
tools_service() {
    local program=$1 address=$2 service=$3 method=$4 requests=$5 responses=$6 reflection
    local services
    services=$(printf '%s\n' "$service" grpc.health.v1.Health grpc.reflection.v1.ServerReflection \
        grpc.reflection.v1alpha.ServerReflection | LC_ALL=C sort)
    local direction='grpcurl -> ironwire' call=("$grpcurl" -plaintext)
    row "$program, list" "$direction" prints "$services" "${call[@]}" "$address" list
    row "$program, methods" "$direction" prints "$service.$method" "${call[@]}" "$address" list "$service"
    row "$program, describe" "$direction" tools_describe "$service" "$address"
    row "$program, call" "$direction" prints_json "$responses" "${call[@]}" -d "$requests" "$address" "$service/$method"
    row "$program, health" "$direction" prints_json '{"status": "SERVING"}' \
        "${call[@]}" -d "{\"service\": \"$service\"}" "$address" grpc.health.v1.Health/Check

    direction='buf curl -> ironwire'
    for reflection in grpc-v1 grpc-v1alpha; do
        call=("$buf" curl --protocol grpc --http2-prior-knowledge --reflect-protocol "$reflection")
        row "$program, list, $reflection" "$direction" prints "$services" \
            "${call[@]}" --list-services "http://$address"
        row "$program, methods, $reflection" "$direction" prints "$service/$method" \
            tools_methods "$service" "${call[@]}" --list-methods "http://$address"
        row "$program, call, $reflection" "$direction" prints_json "$responses" \
            "${call[@]}" --data "$requests" "http://$address/$service/$method"
    done
}

# tools_describe SERVICE ADDRESS: every method's messages are described.
tools_describe() {
    local described
    described=$("$grpcurl" -plaintext "$2" describe "$1") || return
    grep --quiet "^$1 is a service:" <<<"$described" && grep --quiet 'rpc .* returns .*;' <<<"$described" || {
        printf '%s\n' "$described"
        return 1
    }
}
export -f tools_describe

# tools_methods SERVICE COMMAND...: what the command prints of the service.
tools_methods() {
    "${@:2}" | grep "^$1/"
}
export -f tools_methods

tools_rows() {
    serve "$programs/greeter" server 127.0.0.1:0
    tools_service greeter "$address" HelloService SayHello \
        '{"greeting": "curl"}' '{"reply": "Hello, curl!"}'
    serve "$programs/unary" server --addr 127.0.0.1:0
    tools_service unary "$address" unary.Unary GetServerResponse '{"message": "hi"}' \
        '{"message": "Hello I am up and running received \"hi\" message from you", "received": true}'
    serve "$programs/bidirectional" server --addr 127.0.0.1:0
    tools_service bidirectional "$address" bidirectional.Bidirectional GetServerResponse \
        '{"message": "one"} {"message": "two"}' '{"message": "one"} {"message": "two"}'
}
