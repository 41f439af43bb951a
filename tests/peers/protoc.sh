# ironwire-protoc in protoc's place: as PROTOC of the crates that call one, and with plugins that others have written, whose
# output must be the same as under protoc. Sourced by tests/peers.sh.
# shellcheck shell=bash

protoc_users=(prost tonic buffa)
protoc_npm=(@bufbuild/protoc-gen-es@2.13.0 ts-proto@2.18.0)
protoc_gen_go=google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.10
protoc_grpc_tools=grpcio-tools==1.85.1

protoc_prepare() {
    local folder=$cache/protoc
    export protoc_sources=$root/tests/protoc-users
    export protoc_theirs=$folder/python/bin/python
    export PATH=$folder/npm/node_modules/.bin:$folder/go:$PATH
    (cd "$root" && cargo build --locked --package ironwire-cli --bin ironwire-protoc) || return
    export PROTOC=$programs/ironwire-protoc
    cargo test --locked --manifest-path "$protoc_sources/Cargo.toml" --no-run || return
    if [[ ! -x $folder/python/bin/python-grpc-tools-protoc ]]; then
        python3 -m venv "$folder/python" &&
            "$protoc_theirs" -m pip install --quiet --disable-pip-version-check "$protoc_grpc_tools" || return
    fi
    if [[ ! -x $folder/npm/node_modules/.bin/protoc-gen-es ]]; then
        npm install --no-save --no-audit --no-fund --silent --prefix "$folder/npm" "${protoc_npm[@]}" || return
    fi
    [[ -x $folder/go/protoc-gen-go ]] || GOBIN=$folder/go go install "$protoc_gen_go"
}

# generates_the_same NAME PARAMETERS: the plugin's files under protoc and under ironwire-protoc are equal, and there are some.
generates_the_same() {
    local theirs=$scratch/plugin/$1/theirs ours=$scratch/plugin/$1/ours
    local arguments=(-I"$protoc_sources/proto" library/v1/common.proto library/v1/library.proto)
    mkdir -p "$theirs" "$ours"
    "$protoc_theirs" -m grpc_tools.protoc "--$1_out=$2:$theirs" "${arguments[@]}" || return
    "$PROTOC" "--$1_out=$2:$ours" "${arguments[@]}" || return
    [[ -n $(find "$ours" -type f) ]] && diff -r "$theirs" "$ours"
}
export -f generates_the_same

protoc_rows() {
    local name package=example.com/library/v1
    for name in "${protoc_users[@]}"; do
        row "$name" 'build script -> ours' cargo test --locked --manifest-path "$protoc_sources/Cargo.toml" \
            --package "protoc-user-$name"
    done
    export scratch
    row protoc-gen-es 'ours -> plugin' generates_the_same es target=ts
    row protoc-gen-ts_proto 'ours -> plugin' generates_the_same ts_proto esModuleInterop=true
    row protoc-gen-go 'ours -> plugin' generates_the_same go \
        "Mlibrary/v1/common.proto=$package,Mlibrary/v1/library.proto=$package"
}
