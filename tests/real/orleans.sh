#!/usr/bin/env bash
# Packages of Microsoft Orleans out of its own source, into the cache, for those whose package source lacks them: orleans.sh [CHECKOUT]
# CHECKOUT is a clone of github.com/dotnet/orleans that has the tag; without it the tag is fetched from there. The clone is not changed.
# No test needs it but those of Fleet.Orleans.slnx, which is outside of what `./fleet test` builds. Safe to run again: what is there is left alone.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../deploy/install/parts.sh"

# As in src/ClusterManager.Orleans/Directory.Packages.props.
version=10.2.2
packages="$FLEET_CACHE/orleans/packages"

# What the host needs, in the order in which one stands on the other; no test, dashboard or provider besides.
projects=(
    Orleans.Analyzers Orleans.CodeGenerator Orleans.Serialization.Abstractions Orleans.Serialization Orleans.Core.Abstractions Orleans.Core Orleans.Sdk
    Orleans.Runtime Orleans.Persistence.Memory Orleans.Server Orleans.Reminders.Abstractions Orleans.Reminders
    AdoNet/Orleans.Clustering.AdoNet AdoNet/Orleans.Persistence.AdoNet AdoNet/Orleans.Reminders.AdoNet
)

orleans_packages() {
    local source=${1:-https://github.com/dotnet/orleans} work project
    [ ! -f "$packages/Microsoft.Orleans.Server.$version.nupkg" ] || return 0
    work=$(new_build_folder)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    say "fetching the source of Orleans $version"
    git -c advice.detachedHead=false clone -q --depth 1 --branch "v$version" "$(clone_address "$source")" "$work/source"
    cd "$work/source"
    # Its feeds, its SDK and its reference texts are for its own developers; one framework is enough.
    rm -f NuGet.Config global.json
    sed -i '/Microsoft.DotNet.GenAPI.Task/d; s#<DefaultTargetFrameworks>[^<]*<#<DefaultTargetFrameworks>net10.0<#' src/Directory.Build.props
    {
        echo '<Solution>'
        for project in "${projects[@]}"; do printf '  <Project Path="src/%s/%s.csproj" />\n' "$project" "${project##*/}"; done
        echo '</Solution>'
    } >fleet.slnx
    say "building the packages of Orleans $version: some minutes"
    dotnet pack fleet.slnx -c Release -o "$work/done" -v q -clp:NoSummary -nodeReuse:false -p:VersionPrefix="$version" \
        -p:SourceLinkCreate=false -p:TreatWarningsAsErrors=false -p:NuGetAudit=false -p:RunAnalyzers=false -p:UseSharedCompilation=false >"$work/pack.log" 2>&1 \
        || { tail -n 40 "$work/pack.log" >&2; die "the packages of Orleans could not be built"; }
    [ -f "$work/done/Microsoft.Orleans.Server.$version.nupkg" ] || die "no package of Orleans was built"
    publish "$work/done" "$packages"
    say "packages of Orleans $version: $packages"
}

# A shallow clone of a folder needs an address.
clone_address() {
    if [ -d "$1" ]; then printf 'file://%s\n' "$(cd "$1" && pwd)"; else printf '%s\n' "$1"; fi
}

with_lock orleans orleans_packages "$@"
