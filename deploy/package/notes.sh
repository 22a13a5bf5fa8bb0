#!/usr/bin/env bash
# What the CHANGELOG says of a version: notes.sh VERSION [CHANGELOG]. A version that has no section of its own yet gets what is unreleased.
set -euo pipefail
version=$1
changelog=${2:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/CHANGELOG.md}
section() {
    awk -v heading="$1" '/^## / { inside = ($2 == heading || $2 == "[" heading "]") ; next } inside' "$changelog"
}
notes=$(section "$version")
[ -n "$notes" ] || notes=$(section Unreleased)
[ -n "$(printf '%s' "$notes" | tr -d '[:space:]')" ] || { echo "CHANGELOG.md says nothing of $version" >&2; exit 1; }
printf '# Fleet %s\n%s\n' "$version" "$notes"
