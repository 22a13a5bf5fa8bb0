#!/usr/bin/env bash
# Everything that a release consists of: package.sh VERSION PROGRAMS OUTPUT. Images are built where there is a container engine (docs/guides/install.md).
set -euo pipefail
version=$1 programs=$2 output=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# SemVer, with a pre-release at most; dpkg sorts 1.0.0~rc.1 before 1.0.0.
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "\"$version\" is no version: for example 1.2.0 or 1.2.0-rc.1" >&2; exit 2; }
rm -rf "$output"
mkdir -p "$output"
"$here/notes.sh" "$version" >"$output/release-notes.md"
node "$here/sbom.mjs" "$version" "$root" "$output"
"${FLEET_HELM:-helm}" package "$root/deploy/helm/fleet" --version "$version" --app-version "$version" -d "$output" >/dev/null 2>"$output/.helm" || { cat "$output/.helm" >&2; exit 1; }
rm -f "$output/.helm"
"$here/deb.sh" "${version/-/\~}" "$programs" "$output" >/dev/null
(cd "$output" && sha256sum -- * >SHA256SUMS)
printf 'Fleet %s is packed in %s:\n' "$version" "$output"
(cd "$output" && ls -1sh)
