#!/usr/bin/env bash
# Two versions side by side: three ClusterManagers and three StateManagers of an earlier version of these sources over a real kube-apiserver and PostgreSQL are replaced one by one by this
# version while services of all clusters change; then the other way round. Nothing may be run twice, made anew, or owned by two. The checks are RollingUpgradeTests (tests/EndToEnd.Tests).
# Not part of ./fleet test: it builds two versions.   tests/real/rolling-upgrade.sh [REVISION, by default the last tag] [options of the xunit runner]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
before=${1:-$(git -C "$root" describe --tags --abbrev=0 2>/dev/null)} || { echo "there is no tag yet: name the revision whose replicas are replaced" >&2; exit 2; }
[ "$#" = 0 ] || shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }
build() { nice dotnet build "$1" -c Release -p:RunAnalyzers=false -p:UseSharedCompilation=false -nodeReuse:false -v q -clp:NoSummary; }

# FLEET_TEST_OLDER may name a folder in which the programs of that revision were built by hand; then nothing is built here.
if [ -z "${FLEET_TEST_OLDER:-}" ]; then
    say "$before: built from its own sources"
    mkdir "$work/before"
    git -C "$root" archive "$before" | tar -x -C "$work/before"
    for program in ClusterManager StateManager; do build "$work/before/src/$program/$program.csproj"; done
    export FLEET_TEST_OLDER="$work/before"
    say "this version"
    build "$root/tests/EndToEnd.Tests/EndToEnd.Tests.csproj"
fi

say "replicas of $before and of this version side by side"
dotnet "$root/artifacts/bin/EndToEnd.Tests/release/Fleet.EndToEnd.Tests.dll" -class Fleet.EndToEnd.Tests.RollingUpgradeTests -noColor -maxThreads 1 "$@"
say "replaced, from $before to this version and back: each change was made once, and nothing else"
