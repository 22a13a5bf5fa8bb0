#!/usr/bin/env bash
# Packs the charts of the catalog and pushes them to an OCI registry: push.sh oci://REGISTRY/PATH [further options of helm push, for instance --plain-http]
# Log in before with `helm registry login`. Uses FLEET_HELM or helm from PATH.
set -euo pipefail
if [ "$#" -lt 1 ] || [[ "$1" != oci://* ]]; then
    echo "usage: $0 oci://REGISTRY/PATH [options of helm push]" >&2
    exit 2
fi
target=$1
shift
helm=${FLEET_HELM:-helm}
charts=$(cd "$(dirname "${BASH_SOURCE[0]}")/charts" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# On a copy: the dependencies beside a chart are put into its folder.
cp -r "$charts" "$work/charts"
for chart in "$work/charts"/*/; do
    grep -q '^type: library' "$chart/Chart.yaml" && continue
    "$helm" package "$chart" --dependency-update --destination "$work" >/dev/null
done
for archive in "$work"/*.tgz; do
    "$helm" push "$archive" "$target" "$@"
done
