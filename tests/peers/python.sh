# Python's grpcio, from PyPI, in versions that python/requirements.txt pins. Sourced by tests/peers.sh.
# shellcheck shell=bash

python_sources=$root/tests/peers/python
# Rows of the peer service, which both languages serve and call.
python_peer_rows=(
    metadata status details deadline cancellation large too-large server-stream client-stream bidi-stream
)

python_prepare() {
    local venv=$cache/python
    python=$venv/bin/python
    export PYTHONPATH=$scratch/python
    if ! cmp -s "$python_sources/requirements.txt" "$venv/installed.txt"; then
        rm -rf "$venv"
        python3 -m venv "$venv" &&
            "$python" -m pip install --quiet --disable-pip-version-check \
                -r "$python_sources/requirements.txt" &&
            cp "$python_sources/requirements.txt" "$venv/installed.txt" || return
    fi
    mkdir -p "$PYTHONPATH"
    "$python" -m grpc_tools.protoc \
        -I"$root/examples/greeter/proto" -I"$root/examples/unary/proto" \
        -I"$root/examples/bidirectional/proto" -I"$root/tests/peers/proto" -I"$root/proto/files" \
        --python_out="$PYTHONPATH" --grpc_python_out="$PYTHONPATH" \
        greeter.proto unary.proto bidirectional.proto peer.proto
}

python_rows() {
    local ours='python -> ironwire' theirs='ironwire -> python' name
    local client=("$python" "$python_sources/client.py")

    serve "$programs/greeter" server 127.0.0.1:0
    row greeter "$ours" "${client[@]}" greeter "$address"
    serve "$programs/unary" server --addr 127.0.0.1:0
    row unary "$ours" "${client[@]}" unary "$address"
    serve "$programs/bidirectional" server --addr 127.0.0.1:0
    row bidirectional "$ours" "${client[@]}" bidirectional "$address"
    serve "$programs/peer" server 127.0.0.1:0
    for name in "${python_peer_rows[@]}"; do
        row "$name" "$ours" "${client[@]}" "$name" "$address"
    done

    serve "$python" "$python_sources/server.py"
    row greeter "$theirs" prints 'Hello, Rust!' "$programs/greeter" client "$address" Rust
    row unary "$theirs" prints 'Hello I am up and running received "hi" message from you' \
        "$programs/unary" client --addr "$address" hi
    row bidirectional "$theirs" prints $'one\ntwo\nthree' \
        "$programs/bidirectional" client --addr "$address" one two three
    for name in "${python_peer_rows[@]}"; do
        row "$name" "$theirs" "$programs/peer" client "$name" "$address"
    done
}
