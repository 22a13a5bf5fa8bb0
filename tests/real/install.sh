#!/usr/bin/env bash
# Everything real that the tests use: Debian packages, etcd, an OCI registry, helm, kubectl, and the API server built from source.
# Servers are unpacked privately, so that the machine gets no new service. Safe to run again: what is there is left alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../deploy/install/parts.sh"
. "$here/../../deploy/install/kube-tools.sh"
. "$here/../../deploy/install/prerequisites.sh"
. "$here/private-apt.sh"

# Unpacks Debian packages below $work/root, and leaves $work/done to be filled and published: unpack_debian PACKAGE…
unpack_debian() {
    say "fetching $1"
    package_lists_are_read || as_root apt-get -q update >/dev/null
    work=$(new_build_folder)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    private_apt_open "$work/apt" deb bookworm
    private_unpack "$work/apt" "$work/root" "$@"
    mkdir "$work/done"
}

# The program of one Debian package into a folder of the cache: debian_program PACKAGE PATH_IN_PACKAGE FOLDER
debian_program() {
    local package=$1 path=$2 folder=$3 work
    [ ! -x "$FLEET_CACHE/$folder/$(basename "$path")" ] || return 0
    unpack_debian "$package"
    cp "$work/root/$path" "$work/done/"
    publish "$work/done" "$FLEET_CACHE/$folder"
}

# sshd and the one library of its own, so that no service of that name comes to the machine.
debian_sshd() {
    local work
    [ ! -x "$FLEET_CACHE/sshd/sshd" ] || return 0
    unpack_debian openssh-server libwrap0
    cp "$work/root/usr/sbin/sshd" "$work/done/"
    find "$work/root" -name 'libwrap.so.0*' -exec cp -P {} "$work/done/" \;
    publish "$work/done" "$FLEET_CACHE/sshd"
}

# A desktop's keyring with the libraries of its own, 3 MB of what it brings along: no desktop comes to the machine.
debian_keyring() {
    local work
    [ ! -x "$FLEET_CACHE/keyring/gnome-keyring-daemon" ] || return 0
    unpack_debian gnome-keyring libsecret-tools libsecret-1-0 libgck-1-0 libgcr-base-3-1
    mkdir "$work/done/lib"
    cp "$work/root/usr/bin/gnome-keyring-daemon" "$work/root/usr/bin/secret-tool" "$work/done/"
    find "$work/root" -name 'lib*.so.*' -exec cp -P {} "$work/done/lib/" \;
    publish "$work/done" "$FLEET_CACHE/keyring"
}

# The OpenID provider that people sign in by, with exactly the packages of its lock file.
openid_provider() {
    local work
    [ ! -d "$FLEET_CACHE/oidc-provider/9.13.3/node_modules" ] || return 0
    command -v npm >/dev/null || apt_install nodejs npm
    say "fetching oidc-provider"
    work=$(new_build_folder)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    cp "$here/oidc-provider/package.json" "$here/oidc-provider/package-lock.json" "$work/"
    (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    publish "$work" "$FLEET_CACHE/oidc-provider/9.13.3"
}

need_commands git=git jq=jq rsync=rsync unzip=unzip setpriv=util-linux openssl=openssl
need_commands ssh-keygen=openssh-client ceph-mon=ceph-mon ceph-osd=ceph-osd radosgw=radosgw radosgw-admin=radosgw ceph=ceph-common
# Alertmanager looks for its templates where the package puts them; the relay for mail is tests/real/smtp-relay.py.
need_commands prometheus-alertmanager=prometheus-alertmanager aiosmtpd=python3-aiosmtpd
# What looks at the Debian package, its unit and the bill of materials; systemd's programs need no systemd that runs.
need_commands dpkg-deb=dpkg systemd-analyze=systemd node=nodejs
need_postgres
# The tests of the console say that they were skipped where there is no browser.
command -v chromium >/dev/null || { say "installing chromium" && apt_install chromium fonts-dejavu-core; } || say "chromium could not be installed: the tests of the console will be skipped"
need_commands dbus-daemon=dbus-daemon dbus-send=dbus-bin
with_lock keyring debian_keyring
with_lock sshd debian_sshd
# Between clients and services that speak TLS, with the configuration of the chart.
with_lock nginx debian_program nginx usr/sbin/nginx nginx
with_lock etcd debian_program etcd-server usr/bin/etcd etcd
with_lock registry debian_program docker-registry usr/bin/docker-registry registry
with_lock promtool debian_program prometheus usr/bin/promtool promtool
with_lock prometheus debian_program prometheus usr/bin/prometheus prometheus
with_lock victoria-metrics debian_program victoria-metrics usr/bin/victoria-metrics victoria-metrics
with_lock oidc-provider openid_provider
"$here/kube-tools.sh"
# A newer set of binaries replaces the built one; envtest's have no controller manager, and then the built one is needed.
if [ -x "${KUBEBUILDER_ASSETS:-/nowhere}/kube-apiserver" ]; then
    say "using the API server in KUBEBUILDER_ASSETS"
fi
if ! [ -x "${KUBEBUILDER_ASSETS:-/nowhere}/kube-apiserver" ] || ! [ -x "${KUBEBUILDER_ASSETS:-/nowhere}/kube-controller-manager" ]; then
    "$here/kube-apiserver.sh"
fi
