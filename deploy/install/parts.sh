# Functions that the launcher's installation scripts and the scripts under tests/real share. Sourced, never run.
# shellcheck shell=bash

# Everything fetched or built is kept here, outside the repository, and may be deleted at any time.
FLEET_CACHE="${FLEET_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/fleet}"
export FLEET_CACHE

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

# Runs a command as root: directly, or by sudo. Says what to run by hand when neither is possible.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root and there is no sudo; run as root: $*"
    fi
}

# Runs the rest of the command line while holding the lock of a name, so that two builds never meet.
with_lock() {
    local name=$1
    shift
    mkdir -p "$FLEET_CACHE/.locks"
    (
        flock 9
        "$@"
    ) 9>"$FLEET_CACHE/.locks/$name"
}

# A folder beside the cache's content, so that the finished part can be put in place by one rename.
new_build_folder() {
    mkdir -p "$FLEET_CACHE"
    mktemp -d "$FLEET_CACHE/.build-XXXXXX"
}

# Puts a finished folder in place; a half-made part is never seen under the final name.
publish() {
    local from=$1 to=$2
    mkdir -p "$(dirname "$to")"
    rm -rf "$to"
    mv "$from" "$to"
}

package_lists_are_read() {
    # The directory has at least `lock` and `partial`; a fresh image has no lists at all.
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null
}

# Installs Debian packages without starting a service of theirs.
apt_install() {
    package_lists_are_read || as_root apt-get -q update >/dev/null
    local policy=/usr/sbin/policy-rc.d made=0 result=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        made=1
    fi
    apt_install_quietly "$@" || { as_root apt-get -q update >/dev/null && apt_install_quietly "$@"; } || result=$?
    [ "$made" = 0 ] || as_root rm -f "$policy"
    return "$result"
}

apt_install_quietly() {
    local log
    log=$(mktemp)
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# Installs the package of each "command=package" pair whose command is missing.
need_commands() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    [ "${#missing[@]}" = 0 ] || {
        say "installing ${missing[*]}"
        apt_install "${missing[@]}" || die "apt-get could not install ${missing[*]}"
    }
}

# One package of the npm registry, checked against its pinned integrity hash, unpacked into a folder.
npm_unpack() {
    local spec=$1 integrity=$2 folder=$3 tarball actual
    command -v npm >/dev/null || die "npm is missing: install Node.js (apt-get install nodejs npm)"
    mkdir -p "$folder"
    tarball=$(cd "$folder" && npm pack --silent "$spec" | tail -n 1) || die "npm could not fetch $spec"
    actual=$(node -e 'const h = require("crypto").createHash("sha512"); h.update(require("fs").readFileSync(process.argv[1])); console.log("sha512-" + h.digest("base64"))' \
        "$folder/$tarball")
    [ "$actual" = "$integrity" ] || die "$spec has the hash $actual, expected $integrity"
    tar -xzf "$folder/$tarball" -C "$folder"
    rm -f "${folder:?}/$tarball"
}
