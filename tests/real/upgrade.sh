#!/usr/bin/env bash
# An upgrade with data: a fleet of an earlier version of these sources makes clusters, services, costs and a backup; this version takes its folder over. Nothing may be lost,
# run again or made anew. Not part of ./fleet test: it builds two versions.   tests/real/upgrade.sh [REVISION, by default the last tag]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
before=${1:-$(git -C "$root" describe --tags --abbrev=0 2>/dev/null)} || { echo "there is no tag yet: name the revision to upgrade from" >&2; exit 2; }
work=$(mktemp -d)
export FLEET_DATA="$work/data"
fleet="$root/fleet"
trap '"$fleet" down >/dev/null 2>&1 || true; rm -rf "$work"' EXIT

kubectl() { "$fleet" kubectl "$@"; }
say() { printf '\n== %s\n' "$*"; }

# What must be the same before and after: machines and nodes by uid, releases by revision, what is declared by generation, costs of whole days of the past.
facts() {
    "$1" kubectl get clusterdeployments,servicesets,credentials -A -o json |
        jq -c '.items[] | [.kind, .metadata.namespace, .metadata.name, .metadata.uid, .metadata.generation]' | sort
    "$1" kubectl get clusters.cluster.x-k8s.io,machines.cluster.x-k8s.io -A -o json | jq -c '.items[] | [.kind, .metadata.namespace, .metadata.name, .metadata.uid]' | sort
    "$1" services -o json | jq -c '.[] | [.cluster, .namespace, .name, .version, .revision]' | sort
    "$1" kubectl get managementbackups -A -o json | jq -c '.items[] | [.metadata.name, .status.phase]' | sort
}

say "$before: built from its own sources"
mkdir "$work/before"
git -C "$root" archive "$before" | tar -x -C "$work/before"
"$work/before/fleet" up --demo --api-port 17443 --rest-port 17080 --timeout 300
"$work/before/fleet" kubectl apply -f - <<'YAML'
apiVersion: k0rdent.mirantis.com/v1beta1
kind: ManagementBackup
metadata: {name: before-upgrade}
spec: {}
YAML
for _ in $(seq 120); do
    [ "$("$work/before/fleet" kubectl get managementbackup before-upgrade -o 'jsonpath={.status.phase}' 2>/dev/null)" != Completed ] || break
    sleep 1
done
facts "$work/before/fleet" >"$work/facts-before"
wc -l <"$work/facts-before" | xargs printf '%s facts\n'
"$work/before/fleet" down

say "this version, over the same folder"
"$fleet" up --timeout 300
for _ in $(seq 180); do
    facts "$fleet" >"$work/facts-after" 2>"$work/errors" && cmp -s "$work/facts-before" "$work/facts-after" && same=1 && break
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
facts "$fleet" | diff "$work/facts-before" - || { echo "a minute later something has changed" >&2; exit 1; }
"$fleet" clusters
say "upgraded from $before: everything is as it was"
