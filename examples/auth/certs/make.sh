#!/usr/bin/env bash
# Makes the certificates in this folder, which are for development only: their keys are public. Run it with openssl 3 to
# renew them.
set -euo pipefail
cd "$(dirname "$0")"
days=36500

authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=$1" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
        -keyout "$1.key" -out "$1.pem"
}

signed() { # AUTHORITY NAME EXTENSIONS
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$2.key" -out "$2.csr"
    openssl x509 -req -in "$2.csr" -CA "$1.pem" -CAkey "$1.key" -days "$days" -out "$2.pem" -extfile <(printf '%s' "$3")
    rm "$2.csr"
}

authority ca
signed ca server 'subjectAltName=DNS:localhost,IP:127.0.0.1'
signed ca alice $'subjectAltName=DNS:alice\nextendedKeyUsage=clientAuth'
# Mallory calls herself alice, but nobody who counts has signed that.
authority nobody
signed nobody mallory $'subjectAltName=DNS:alice\nextendedKeyUsage=clientAuth'
rm ca.key nobody.key nobody.pem
rm -f ca.srl nobody.srl
