# nginx and HAProxy, from Debian's packages, between our client and our server. Sourced by tests/peers.sh.
# shellcheck shell=bash
#
# Where the system has them, those are used. Otherwise the packages are unpacked into the cache folder, never installed.

proxies_packages=(nginx haproxy liblua5.3-0 libopentracing-c-wrapper0 libopentracing1)
# Rows of the peer service.
proxies_rows=(
    metadata status details deadline cancellation many-calls large too-large server-stream client-stream bidi-stream
)

proxies_prepare() {
    local folder=$cache/proxies name
    PATH=$PATH:$folder/root/usr/sbin
    if ! command -v nginx || ! command -v haproxy; then
        mkdir -p "$folder"
        apt-get -qq update || return
        (cd "$folder" && apt-get -o APT::Sandbox::User=root -qq download "${proxies_packages[@]}") || return
        for name in "$folder"/*.deb; do dpkg -x "$name" "$folder/root" || return; done
    fi
    proxies_libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
    for name in nginx haproxy; do
        mkdir -p "$scratch/$name" && cp "$root"/tests/certs/{ca.pem,server.pem,server.key} "$scratch/$name" || return
    done
    cat "$root"/tests/certs/server.{pem,key} >"$scratch/haproxy/server.both.pem"
}

proxies_rows() {
    serve "$programs/peer" server 127.0.0.1:0
    sed "s/@SERVER@/$address/" "$root/tests/peers/proxies/nginx.conf" >"$scratch/nginx/nginx.conf"
    proxies_through nginx nginx -p . -c nginx.conf
    SERVER=$address proxies_through haproxy haproxy -q -f "$root/tests/peers/proxies/haproxy.cfg"
}

# proxies_through NAME COMMAND...: starts the proxy in its folder, and runs every row through it, in plain text and with TLS.
proxies_through() {
    local folder=$scratch/$1 name tenths
    (cd "$folder" && LD_LIBRARY_PATH=$proxies_libraries exec "${@:2}" 2>log) &
    servers+=($!)
    for ((tenths = 0; tenths < 10 * start_seconds_max; tenths++)); do
        [[ -S $folder/plain.sock && -S $folder/tls.sock ]] && break
        sleep 0.1
    done
    [[ -S $folder/tls.sock ]] || sed 's/^/  /' "$folder/log"
    for name in "${proxies_rows[@]}"; do
        row "$name" "through $1" "$programs/peer" client "$name" "unix:$folder/plain.sock"
        row "$name" "through $1, TLS" \
            "$programs/peer" client "$name" "unix:$folder/tls.sock" --trust "$root/tests/certs/ca.pem"
    done
}
