#!/usr/bin/env bash
# Takes the pictures of the console anew that are in this folder, of the pages as the tests see them. Build first: ./fleet build, and tests/Console.Tests.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(cd "$here/../.." && pwd)
taken=$(mktemp -d)
trap 'rm -rf "$taken"' EXIT
FLEET_SCREENSHOTS=$taken dotnet "$root/artifacts/bin/Console.Tests/release/Fleet.Console.Tests.dll" -noLogo -class '*EveryWidePageTests' -class '*EveryNarrowPageTests'
for picture in "$here"/console-*.png; do
    name=$(basename "$picture")
    # The plan of an upgrade is opened by hand: no page begins with it.
    if [ -e "$taken/$name" ]; then cp "$taken/$name" "$picture"; else echo "left as it is: $name"; fi
done
