#!/usr/bin/env bash
# Known vulnerabilities of what Fleet uses, as far as the package sources tell. Exit 1: there are some. A source that does not answer, or has no advisories, is said, and is no failure:
# whether a commit is good must not depend on somebody else's server.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NuGetAudit=false
found=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A source without advisories answers "none" to everything. So it is first asked about a package that is known to have one.
cat >"$work/known.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.1" /></ItemGroup>
</Project>
PROJECT
if ! (cd "$work" && timeout 120 dotnet restore -v q >/dev/null 2>&1); then
    echo "nuget: the source does not answer; nothing was checked"
elif ! (cd "$work" && timeout 120 dotnet list package --vulnerable 2>/dev/null) | grep -q 'Newtonsoft.Json'; then
    echo "nuget: the source has no advisories (it does not know that of Newtonsoft.Json 12.0.1); nothing was checked"
else
    for program in Cli ClusterManager StateManager Observability Fleet; do
        if ! said=$(timeout 120 dotnet list "$root/src/$program/$program.csproj" package --vulnerable --include-transitive 2>&1); then
            echo "nuget: $program was not checked: $(printf '%s' "$said" | tail -n 1)"
        elif printf '%s' "$said" | grep -q '^ *> '; then
            found=1
            printf 'nuget, %s:\n%s\n' "$program" "$(printf '%s' "$said" | grep '^ *> ')"
        else
            echo "nuget: $program has no known vulnerability"
        fi
    done
fi

said=$(cd "$root/src/Console" && timeout 120 npm audit --omit=dev --json 2>/dev/null)
case $(printf '%s' "$said" | jq -r 'if .metadata.vulnerabilities then .metadata.vulnerabilities.total else "none" end' 2>/dev/null) in
    '' | none) echo "npm: the registry does not answer questions about vulnerabilities; nothing was checked" ;;
    0) echo "npm: the console has no known vulnerability" ;;
    *)
        found=1
        echo "npm, the console:"
        printf '%s' "$said" | jq -r '.vulnerabilities[] | "  \(.name) \(.range): \(.severity)"'
        ;;
esac
exit "$found"
