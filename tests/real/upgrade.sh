#!/usr/bin/env bash
# An upgrade with data: a fleet of an earlier version of these sources makes clusters, a service, costs and a backup; this version takes its folder over. Nothing may be lost,
# run again or made anew. Not part of ./fleet test: it builds two versions.   tests/real/upgrade.sh [REVISION, by default the last tag]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
before=${1:-$(git -C "$root" describe --tags --abbrev=0 2>/dev/null)} || { echo "there is no tag yet: name the revision to upgrade from" >&2; exit 2; }
work=$(mktemp -d)
export FLEET_DATA="$work/data"
trap '"$root/fleet" down >/dev/null 2>&1 || true; "$work/before/fleet" down >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }
kubectl() { command "${FLEET_KUBECTL:-kubectl}" --kubeconfig "$FLEET_DATA/kubeconfig" "$@"; }

# What must be the same before and after: what is declared by uid and generation, machines by uid, services by version and revision.
facts() {
    kubectl get clusterdeployments,servicesets,credentials -A -o json | jq -c '.items[] | [.kind, .metadata.namespace, .metadata.name, .metadata.uid, .metadata.generation]' | sort
    kubectl get clusters.cluster.x-k8s.io,machines.cluster.x-k8s.io -A -o json | jq -c '.items[] | [.kind, .metadata.namespace, .metadata.name, .metadata.uid]' | sort
    kubectl get servicesets -A -o json | jq -c '.items[].status.services[]? | [.name, .namespace, .state, .version]' | sort
    # Helm's own records of the clusters: a revision more means that a chart was run again.
    kubectl get secrets -A -l owner=helm -o json | jq -c '.items[] | [.metadata.namespace, .metadata.name, .metadata.labels.status]' | sort
    # Without the age.
    "$1/fleet" history service nginx-web --cluster mon-organisation/mon-cluster-web | awk '{ print $1, $3, $4 }'
}

say "$before: built from its own sources"
mkdir "$work/before"
git -C "$root" archive "$before" | tar -x -C "$work/before"
# Both versions are as their users have them; the samples of the tour lie above programs that did not bring them along.
"$work/before/fleet" up --demo --timeout 300
cp -n "$work/before/deploy/samples/"*.yaml "$work/before/artifacts/ready/deploy/samples/" 2>/dev/null || true
"$work/before/fleet" demo >/dev/null
sleep 20
facts "$work/before" >"$work/facts-before"
[ -s "$work/facts-before" ]
printf '%s facts\n' "$(wc -l <"$work/facts-before")"
"$work/before/fleet" costs --window 7d | tail -n 3
"$work/before/fleet" down

say "this version, over the same folder"
"$root/fleet" up --timeout 300
for _ in $(seq 120); do
    facts "$root" >"$work/facts-after" 2>"$work/errors" && cmp -s "$work/facts-before" "$work/facts-after" && same=1 && break
    sleep 1
done
if [ -z "${same:-}" ]; then
    diff "$work/facts-before" "$work/facts-after" || true
    tail -n 5 "$work/errors"
    echo "the upgrade from $before changed something" >&2
    exit 1
fi
# And it stays so: an upgrade of the manager writes nothing to clusters.
sleep 60
facts "$root" | diff "$work/facts-before" - || { echo "a minute later something has changed" >&2; exit 1; }
"$root/fleet" costs --window 7d | tail -n 3
"$root/fleet" get clusters
say "upgraded from $before: everything is as it was"
