#!/usr/bin/env bash
# Builds kube-apiserver and kube-controller-manager 1.20.2 from Debian's own source package into the cache.
# Go 1.15 (Debian 11) is needed: what Go 1.19 of Debian 12 makes from this source dies on the first custom resource.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../deploy/install/parts.sh"
. "$here/private-apt.sh"

version=1.20.2
source_version='1.20.5+really1.20.2-1.1+deb12u1'
target="$FLEET_CACHE/kubernetes/$version"

is_there() { [ -x "$target/kube-apiserver" ] && [ -x "$target/kube-controller-manager" ]; }

build() {
    ! is_there || return 0
    local started work=
    started=$(date +%s)
    need_commands make=make rsync=rsync jq=jq xz=xz-utils gcc=gcc
    work=$(new_build_folder)
    # shellcheck disable=SC2064
    trap "chmod -R u+w '$work'; rm -rf '$work'" EXIT

    say "kube-apiserver $version: fetching Go 1.15 and the source"
    private_apt_open "$work/apt-go" deb bullseye
    private_unpack "$work/apt-go" "$work/go" golang-1.15-go golang-1.15-src
    private_apt_open "$work/apt-source" deb-src bookworm
    (cd "$work" && private_apt "$work/apt-source" -q source --download-only "kubernetes=$source_version" >"$work/source.log" 2>&1) || {
        tail -n 5 "$work/source.log" >&2
        die "apt-get could not download the source package kubernetes $source_version"
    }
    mkdir -p "$work/path/src/k8s.io/kubernetes"
    tar -xf "$work"/kubernetes_*.orig.tar.* -C "$work/path/src/k8s.io/kubernetes" --strip-components=1

    say "kube-apiserver $version: building (10 to 25 minutes on two cores, once per machine)"
    local goroot="$work/go/usr/lib/go-1.15"
    # Debian's packages link parts of GOROOT to /usr/share by relative links, which hold inside the unpacked tree too.
    # HOME, GOCACHE and GOPATH are private, so that nothing of the user's Go is read or written.
    (
        cd "$work/path/src/k8s.io/kubernetes"
        env -u GOFLAGS -u GO111MODULE HOME="$work" GOROOT="$goroot" GOPATH="$work/path" GOCACHE="$work/gocache" PATH="$goroot/bin:$PATH" \
            GO111MODULE=off CGO_ENABLED=0 KUBE_GIT_VERSION="v$version" KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 \
            KUBE_GIT_TREE_STATE=archive KUBE_GIT_COMMIT=debian \
            nice make WHAT="cmd/kube-apiserver cmd/kube-controller-manager" >"$work/make.log" 2>&1 9>&-
    ) || {
        mkdir -p "$FLEET_CACHE/logs"
        cp "$work/make.log" "$FLEET_CACHE/logs/kube-apiserver-make.log"
        tail -n 20 "$work/make.log" >&2
        die "the build failed; the whole log is $FLEET_CACHE/logs/kube-apiserver-make.log"
    }

    mkdir -p "$work/done"
    cp -L "$work/path/src/k8s.io/kubernetes/_output/bin/kube-apiserver" "$work/path/src/k8s.io/kubernetes/_output/bin/kube-controller-manager" "$work/done/"
    "$work/done/kube-apiserver" --version | grep -qF "v$version" || die "the built kube-apiserver does not say v$version"
    publish "$work/done" "$target"
    say "kube-apiserver $version: built in $(($(date +%s) - started)) s"
}

is_there || with_lock kube-apiserver build
