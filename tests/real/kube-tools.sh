#!/usr/bin/env bash
# helm 3.18 with kubectl 1.33, and helm 4.1 with kubectl 1.35, into the cache.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../deploy/install/parts.sh"
. "$here/../../deploy/install/kube-tools.sh"

kube_tools 3.18.0
kube_tools 4.1.4
