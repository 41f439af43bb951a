# gRPC's official interoperability tests in Ruby, from Debian's package ruby-grpc. Sourced by tests/peers.sh.
# shellcheck shell=bash

ruby_prepare() {
    # shellcheck source=/dev/null
    source "$root/tests/peers/interop/cases.sh"
    ruby -e 'require "grpc"' || install_packages ruby ruby-grpc || return
    local gem
    gem=$(ruby -e 'puts Gem::Specification.find_by_name("grpc").gem_dir') || return
    ruby_programs=$gem/src/ruby/pb/test
    interop_build
}

ruby_rows() {
    # Ruby's programs have no flags of their own for certificates: theirs are the same.
    local cases=("${interop_cases[@]}" client_compressed_unary client_compressed_streaming)
    interop_against_us ruby ruby "$ruby_programs/client.rb"
    cases=("${interop_cases[@]}" special_status_message rpc_soak channel_soak)
    interop_against_them ruby ruby "$ruby_programs/server.rb"
}
