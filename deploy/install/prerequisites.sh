# What a running Fleet needs beside .NET: PostgreSQL's programs, helm 3 or 4, kubectl. Sourced after parts.sh and kube-tools.sh, never run.
# shellcheck shell=bash

# The folder with initdb and pg_ctl; Debian does not put them on PATH.
find_postgres() {
    local folder
    for folder in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -rV) $(tr ':' ' ' <<<"$PATH"); do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
            printf '%s' "$folder"
            return 0
        fi
    done
    return 1
}

# Debian's package makes a cluster of its own and starts it; Fleet wants only the programs.
install_postgres() {
    local setting=/etc/postgresql-common/createcluster.d/fleet.conf result=0
    say "installing postgresql"
    as_root mkdir -p "$(dirname "$setting")"
    printf 'create_main_cluster = false\n' | as_root tee "$setting" >/dev/null
    apt_install postgresql || result=$?
    as_root rm -f "$setting"
    return "$result"
}

need_postgres() {
    find_postgres >/dev/null || install_postgres || die "apt-get could not install postgresql"
    [ -n "${FLEET_PG_BIN:-}" ] || FLEET_PG_BIN=$(find_postgres) || die "PostgreSQL is installed, but there is no initdb under /usr/lib/postgresql"
    export FLEET_PG_BIN
}

# helm 3 or 4 from PATH, else from the cache.
need_helm() {
    if [ -z "${FLEET_HELM:-}" ]; then
        FLEET_HELM=$(command -v helm || true)
        case $([ -z "$FLEET_HELM" ] || "$FLEET_HELM" version --template '{{.Version}}' 2>/dev/null) in
            v3.* | v4.*) ;;
            *)
                kube_tools 3.18.0
                FLEET_HELM="$FLEET_CACHE/helm/3.18.0/helm"
                ;;
        esac
    fi
    export FLEET_HELM
}

need_kubectl() {
    if [ -z "${FLEET_KUBECTL:-}" ]; then
        FLEET_KUBECTL=$(command -v kubectl || true)
        if [ -z "$FLEET_KUBECTL" ]; then
            kube_tools 3.18.0
            FLEET_KUBECTL="$FLEET_CACHE/kubectl/1.33/kubectl"
        fi
    fi
    export FLEET_KUBECTL
}

# Never installs: only tells the CLI what is already there.
note_what_is_there() {
    local found
    if [ -z "${FLEET_PG_BIN:-}" ] && found=$(find_postgres); then export FLEET_PG_BIN="$found"; fi
    if [ -z "${FLEET_HELM:-}" ]; then
        if found=$(command -v helm); then
            export FLEET_HELM="$found"
        elif [ -x "$FLEET_CACHE/helm/3.18.0/helm" ]; then
            export FLEET_HELM="$FLEET_CACHE/helm/3.18.0/helm"
        fi
    fi
    if [ -z "${FLEET_KUBECTL:-}" ]; then
        if found=$(command -v kubectl); then
            export FLEET_KUBECTL="$found"
        elif [ -x "$FLEET_CACHE/kubectl/1.33/kubectl" ]; then
            export FLEET_KUBECTL="$FLEET_CACHE/kubectl/1.33/kubectl"
        fi
    fi
}
