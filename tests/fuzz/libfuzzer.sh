#!/bin/sh
# Builds a target for libFuzzer and runs it: libfuzzer.sh TARGET [SECONDS], or libfuzzer.sh build for all of them.
# What `cargo fuzz` does, but with the compiler that is there: instrumentation and the address sanitizer are switches of
# nightly compilers, which RUSTC_BOOTSTRAP lets a stable one have. Needs a C++ compiler, for libFuzzer itself.
# Inputs that are new to the corpus are left in `found/TARGET` of the target directory, one that fails in the current folder.
set -eu

target=${1:?libfuzzer.sh TARGET [SECONDS]}
seconds=${2:-60}
here=$(dirname "$0")
triple=$(rustc -vV | sed -n 's/^host: //p')
out=${CARGO_TARGET_DIR:-$here/target}

coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares'
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="--cfg fuzzing -Zsanitizer=address -Cdebug-assertions $(echo $coverage)"

chosen="--bin $target"
[ "$target" != build ] || chosen=--bins
cargo build --manifest-path "$here/Cargo.toml" --release --target "$triple" $chosen
[ "$target" != build ] || exit 0

mkdir -p "$out/found/$target"
exec "$out/$triple/release/$target" "$out/found/$target" "$here/corpus/$target" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1
