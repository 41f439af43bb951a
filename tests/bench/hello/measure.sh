#!/usr/bin/env bash
# What a first program costs to build, for each stack: crates, seconds of a clean release build, bytes of the stripped
# binary. Prints one table in Markdown.
#
#   tests/bench/hello/measure.sh
set -euo pipefail
cd "$(dirname "$0")"
stacks=(ironwire tonic connectrpc)
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT

declare -A crates seconds bytes
for stack in "${stacks[@]}"; do
    tree=$(cargo tree --manifest-path "$stack/Cargo.toml" --edges normal,build --prefix none --no-dedupe --format '{p}')
    crates[$stack]=$(sed 's/ (.*//' <<<"$tree" | sort -u | wc -l)
    cargo fetch --quiet --manifest-path "$stack/Cargo.toml"
    start=$(date +%s.%N)
    cargo build --quiet --release --manifest-path "$stack/Cargo.toml" --target-dir "$target/$stack"
    seconds[$stack]=$(awk "BEGIN { printf \"%.1f\", $(date +%s.%N) - $start }")
    program=$target/$stack/release/hello-$stack
    [[ $("$program") == 'Hello, world!' ]]
    strip "$program"
    bytes[$stack]=$(stat --format %s "$program")
done

printf '| hello world |'
printf ' %s |' "${stacks[@]}"
printf '\n|'
printf -- " ---%.0s |" x "${stacks[@]}"
row() {
    local -n figures=$2
    printf '\n| %s |' "$1"
    for stack in "${stacks[@]}"; do
        printf ' %s |' "${figures[$stack]}"
    done
}
row 'crates, with build dependencies' crates
row 'clean release build, s' seconds
row 'stripped binary, bytes' bytes
printf '\n'
