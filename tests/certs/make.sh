#!/usr/bin/env bash
# Makes the certificates in this folder: two authorities, and what the first one signs. Run it with openssl 3 to renew them;
# the tests only read the results.
set -euo pipefail
cd "$(dirname "$0")"
days=36500

authority() { # NAME SUBJECT
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
        -keyout "$1.key" -out "$1.pem"
}

signed() { # NAME SUBJECT EXTENSIONS
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days "$days" -out "$1.pem" -extfile <(printf '%s' "$3")
    rm "$1.csr"
}

authority ca 'Ironwire test authority'
authority stranger 'Another authority'
signed server localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1'
signed renewed localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1'
signed client 'a client' 'extendedKeyUsage=clientAuth'
rm ca.key stranger.key ca.srl 2>/dev/null || true
