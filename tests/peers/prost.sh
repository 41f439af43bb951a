# prost's messages against ours, on random and on damaged bytes: tests/differential. Sourced by tests/peers.sh.
# shellcheck shell=bash

prost_prepare() {
    export prost_manifest=$root/tests/differential/Cargo.toml
    cargo test --locked --manifest-path "$prost_manifest" --no-run
}

prost_rows() {
    local syntax
    for syntax in proto2 proto3; do
        row "$syntax" "ironwire <-> prost" \
            cargo test --locked --manifest-path "$prost_manifest" --test prost "${syntax}_is_the_same_to_prost"
    done
}
