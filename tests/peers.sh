#!/usr/bin/env bash
# Runs our clients and servers against other implementations of gRPC, in both directions. Prints a table of
# `row | direction | result`, the failed rows once more, and `N passed, M failed`; fails when a row fails or an
# implementation cannot be had.
#
#   tests/peers.sh             every family
#   tests/peers.sh python      only this one, or several
#
# A family is a file tests/peers/FAMILY.sh that defines FAMILY_prepare, which installs what it needs into $cache, and
# FAMILY_rows, which calls `serve`, `serve_on` and `row`. What is installed stays in ${XDG_CACHE_HOME:-~/.cache}/ironwire-peers.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ironwire-peers
row_seconds_max=60
start_seconds_max=30
# What a row says is in its message; the stack beneath it is the runtime's.
export RUST_BACKTRACE=0

scratch=$(mktemp -d)
servers=()
passed=0
failed=0
failed_rows=()

end() {
    # Every server is our own child, known by its id.
    [[ ${#servers[@]} -eq 0 ]] || kill "${servers[@]}" 2>"$scratch/kill" || true
    rm -rf "$scratch"
}
trap end EXIT
trap 'exit 130' INT TERM

# result ROW DIRECTION RESULT: prints a line of the table and counts it.
result() {
    local line
    printf -v line '%-32s | %-20s | %s' "$@"
    echo "$line"
    if [[ $3 == passed ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        failed_rows+=("$line")
    fi
}

# row ROW DIRECTION COMMAND...: passes when the command does within its time. The command may be `prints`, which the inner
# shell has.
row() {
    local name=$1 direction=$2
    shift 2
    if timeout --kill-after=5 "$row_seconds_max" bash -c '"$@"' row "$@" >"$scratch/log" 2>&1; then
        result "$name" "$direction" passed
    else
        local code=$?
        result "$name" "$direction" FAILED
        printf '  %s: exit code %d\n' "$*" "$code"
        sed 's/^/  /' "$scratch/log"
    fi
}

# prints TEXT COMMAND...: succeeds when the command does and prints exactly this.
prints() {
    local wanted=$1 printed
    shift
    printed=$("$@") || return
    [[ $printed == "$wanted" ]] || {
        printf 'printed: %s\nwanted:  %s\n' "$printed" "$wanted"
        return 1
    }
}
export -f prints

# install_packages PACKAGE...: installs packages of the system, of which a fresh machine has no list yet.
install_packages() {
    apt-get -qq update && apt-get install --yes --no-install-recommends "$@"
}

# serve COMMAND...: starts a server, waits for its line `listening on ADDRESS`, and sets `address`. When there is no such
# line, the address is one that nobody can be reached at, and the rows that need it fail.
serve() {
    local line='' output
    exec {output}< <(exec "$@" 2>"$scratch/server")
    servers+=($!)
    IFS= read -r -t "$start_seconds_max" -u "$output" line || true
    if [[ $line == 'listening on '* ]]; then
        address=${line#listening on }
    else
        printf '%s did not start: %s\n' "$*" "$line"
        sed 's/^/  /' "$scratch/server"
        address=127.0.0.1:0
    fi
}

# free_port: sets `port` to one that nobody listens on.
free_port() {
    while
        port=$((20000 + RANDOM % 10000))
        reachable "$port"
    do :; done
}

# reachable PORT: somebody listens there.
reachable() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>"$scratch/reachable"
}

# serve_on PORT COMMAND...: starts a server that does not say when it listens, and waits until it does. When it never does,
# the rows that need it fail.
serve_on() {
    local port=$1 second
    shift
    "$@" >"$scratch/server" 2>&1 &
    servers+=($!)
    for ((second = 0; second < start_seconds_max; second++)); do
        reachable "$port" && return
        sleep 1
    done
    printf '%s did not start:\n' "$*"
    sed 's/^/  /' "$scratch/server"
}

build() {
    local packages=(-p greeter -p unary -p bidirectional -p ironwire-conformance -p ironwire-peers)
    (cd "$root" && cargo build --locked --bins "${packages[@]}") || return
    programs=$(cd "$root" && cargo metadata --locked --no-deps --format-version 1 |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/debug
}

run_family() {
    local family=$1
    # shellcheck source=/dev/null
    source "$root/tests/peers/$family.sh"
    if "${family}_prepare" >"$scratch/prepare" 2>&1; then
        "${family}_rows"
    else
        sed 's/^/  /' "$scratch/prepare"
        printf 'THE PEER %s COULD NOT BE HAD: none of its rows was run\n' "$family"
        result "(all of $family)" "$family" FAILED
    fi
}

if ! build; then
    echo 'our own programs do not compile'
    failed=1
else
    printf '%-32s | %-20s | %s\n' row direction result
    mkdir -p "$cache"
    if [[ $# -eq 0 ]]; then
        for file in "$root"/tests/peers/*.sh; do
            run_family "$(basename "$file" .sh)"
        done
    fi
    for family in "$@"; do
        run_family "$family"
    done
fi

if [[ ${#failed_rows[@]} -gt 0 ]]; then
    printf '\nfailed, as described above:\n'
    printf '%s\n' "${failed_rows[@]}"
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
