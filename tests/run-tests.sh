#!/usr/bin/env bash
# Runs every built test executable and sums up: run-tests.sh ARTIFACTS [PROJECT…] [-- options of the xunit runner]
# A PROJECT is any part of a project's name. The last line is always "N passed, N failed".
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
artifacts=$1
shift

logs="$artifacts/test-logs"
# A project that hangs is ended and counted as failed; the whole suite must stay well under an hour.
limit=${FLEET_TEST_LIMIT:-1200}
export FLEET_TEST_LOGS="$logs" FLEET_TEST=1
# Counting calls so as to compile once more what is hot takes a third of the CPU of a process that lives for a minute.
export DOTNET_TieredPGO=0

wanted=()
options=()
while [ "$#" -gt 0 ]; do
    case $1 in
        --)
            shift
            options+=("$@")
            break
            ;;
        -*)
            options+=("$@")
            break
            ;;
        *) wanted+=("$1") ;;
    esac
    shift
done

is_wanted() {
    [ "${#wanted[@]}" = 0 ] && return 0
    local part
    for part in "${wanted[@]}"; do
        [[ "${1,,}" != *"${part,,}"* ]] || return 0
    done
    return 1
}

# Projects with real servers run alone, so that a slow start of one never times out another.
quick=()
heavy=()
for project in "$root"/tests/*.Tests; do
    name=$(basename "$project")
    is_wanted "$name" || continue
    # Outside of Fleet.sln: its packages need not be there.
    if [ "$name" = ClusterManager.Orleans.Tests ] && [ ! -f "$artifacts/bin/$name/release/Fleet.$name.dll" ]; then
        echo "  $name was not built and is left out; to build it: dotnet build Fleet.Orleans.slnx -c Release (docs/guides/orleans.md)"
        continue
    fi
    if grep -q 'Testing.csproj' "$project/$name.csproj"; then heavy+=("$name"); else quick+=("$name"); fi
done

rm -rf "$logs"
mkdir -p "$logs"
started=$(date +%s)

field() { jq -r "$2 // 0" "$logs/$1.json" 2>/dev/null || printf '0'; }

# Tests with real servers wait for them more than they compute: one more at a time than there are processors.
threads=$(($(nproc) + 1))

run_project() {
    local name=$1 dll="$artifacts/bin/$1/release/Fleet.$1.dll" begun ended code=0 note=
    begun=$(date +%s%N)
    if [ -f "$dll" ]; then
        timeout --kill-after=20 "$limit" dotnet "$dll" -noLogo -noColor -ctrf "$logs/$name.json" ${2:+-maxThreads "$2"} ${options[@]+"${options[@]}"} \
            >"$logs/$name.log" 2>&1 </dev/null || code=$?
    else
        printf 'not built: %s\n' "$dll" >"$logs/$name.log"
        code=127
    fi
    ended=$(date +%s%N)
    local passed failed skipped
    passed=$(field "$name" .results.summary.passed)
    failed=$(field "$name" .results.summary.failed)
    skipped=$(field "$name" '(.results.summary.skipped + .results.summary.other + .results.summary.pending)')
    # An end without a report, or with a bad exit code and no failed test, is a failure of its own.
    if [ ! -s "$logs/$name.json" ] || { [ "$code" != 0 ] && [ "$failed" = 0 ]; }; then
        case $code in
            124 | 137) note="ended after $limit s" ;;
            127) note="not built" ;;
            *) note="crashed, exit code $code" ;;
        esac
        # The runner reports "no test matched" as an error, which is expected of most projects when a filter is given.
        if [ "${#options[@]}" -gt 0 ] && [ "$((passed + skipped))" = 0 ] && [ -s "$logs/$name.json" ]; then note=; else failed=$((failed + 1)); fi
    fi
    printf '%s %s %s %s\n' "$passed" "$failed" "$skipped" "$note" >"$logs/$name.result"
    printf '  %-24s %5d passed %4d failed %4d skipped %6.1f s  %s\n' "$name" "$passed" "$failed" "$skipped" \
        "$(((ended - begun) / 1000000))e-3" "$note"
}

# The unit tests of the console run in Node.js; their report is turned into the form that the other projects have.
run_console() {
    local name=Console.Units begun ended code=0 note= folder="$root/src/Console"
    begun=$(date +%s%N)
    if [ -d "$folder/node_modules" ]; then
        (cd "$folder" && timeout --kill-after=20 "$limit" npx --no-install vitest run --reporter=json --outputFile="$logs/$name.vitest.json") >"$logs/$name.log" 2>&1 </dev/null || code=$?
        jq '{results: {summary: {passed: .numPassedTests, failed: .numFailedTests, skipped: .numPendingTests, other: 0, pending: 0},
            tests: [.testResults[].assertionResults[] | {name: .fullName, status, message: (.failureMessages | join("\n"))}]}}' \
            "$logs/$name.vitest.json" >"$logs/$name.json" 2>/dev/null || note="no report"
    else
        printf '{"results": {"summary": {"passed": 0, "failed": 0, "skipped": 1}, "tests": [{"name": "all", "status": "skipped", "message": "the console is not built: its packages are not installed"}]}}' >"$logs/$name.json"
    fi
    ended=$(date +%s%N)
    local passed failed skipped
    passed=$(field "$name" .results.summary.passed)
    failed=$(field "$name" .results.summary.failed)
    skipped=$(field "$name" .results.summary.skipped)
    if [ "$code" != 0 ] && [ "$failed" = 0 ]; then failed=1 note=${note:-"exit code $code"}; fi
    printf '%s %s %s %s\n' "$passed" "$failed" "$skipped" "$note" >"$logs/$name.result"
    printf '  %-24s %5d passed %4d failed %4d skipped %6.1f s  %s\n' "$name" "$passed" "$failed" "$skipped" "$(((ended - begun) / 1000000))e-3" "$note"
}

# Options are for the xunit runner, and choose among its tests.
if is_wanted Console.Units && [ "${#options[@]}" = 0 ]; then
    run_console
    quick_done=(Console.Units)
fi

running=0
for name in ${quick[@]+"${quick[@]}"}; do
    run_project "$name" &
    running=$((running + 1))
    if [ "$running" -ge 2 ]; then
        wait -n
        running=$((running - 1))
    fi
done
wait
for name in ${heavy[@]+"${heavy[@]}"}; do run_project "$name" "$threads"; done

quick+=(${quick_done[@]+"${quick_done[@]}"})
all=(${quick[@]+"${quick[@]}"} ${heavy[@]+"${heavy[@]}"})
passed=0 failed=0 skipped=0
bad=()
for name in ${all[@]+"${all[@]}"}; do
    read -r p f s note <"$logs/$name.result"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    [ "$f" = 0 ] || bad+=("$name")
done

# Of a failed test two lines of its message and the line of ours that it was at. A browser's snapshot of its page is a hundred lines: not here.
# shellcheck disable=SC2016
brief='.results.tests[] | select(.status == "failed")
    | ((.message // "") | gsub("\u001b\\[[0-9;]*m"; "") | split("\n") | map(select(test("\\S"))) | (map(test("^\\s*(- )?(Aria snapshot|Call log)")) | index(true)) as $cut | .[0:$cut][0:2]) as $said
    | ([((.trace // "") + "\n" + (.message // "")) | split("\n")[] | (capture("^\\s*at Fleet\\..* in (.*/)?(?<at>(src|tests)/.*\\.cs:line [0-9]+)") // capture("^\\s*at (.*/)?(?<at>src/[^ ]*\\.tsx?:[0-9]+)")) | "in " + .at] | .[0:1]) as $at
    | .name, ($said + $at | map("  " + .)[])
    | if length > 300 then .[0:299] + "…" else . end'

# First what fits where a record is cut after some lines, then all that is known.
if [ "${#bad[@]}" -gt 0 ]; then
    printf '\nfailed:\n'
    for name in "${bad[@]}"; do
        read -r _ _ _ note <"$logs/$name.result"
        [ -z "$note" ] || printf '  %s: %s\n' "$name" "$note"
        [ ! -s "$logs/$name.json" ] || jq -r "$brief" "$logs/$name.json" | sed 's/^/  /'
    done
fi
for name in ${bad[@]+"${bad[@]}"}; do
    read -r _ f _ note <"$logs/$name.result"
    printf '\n%s: %d failed %s\n' "$name" "$f" "$note"
    [ ! -s "$logs/$name.json" ] || jq -r '.results.tests[] | select(.status == "failed")
        | "  FAILED \(.name)\n" + (((.message // "") | split("\n") | .[0:28]) as $said | $said + ((.trace // "") | split("\n") | .[0:40 - ($said | length)]) | map("    " + .) | join("\n"))' "$logs/$name.json"
    [ -z "$note" ] || tail -n 30 "$logs/$name.log" | sed 's/^/    /'
done

echo
if [ -s "$logs/servers.txt" ]; then
    echo "API servers and tools used:"
    sort -u "$logs/servers.txt" | sed 's/^/  /'
fi
printf 'logs: %s, %d s\n' "$logs" "$(($(date +%s) - started))"

if [ "$skipped" != 0 ]; then
    printf '%d skipped:\n' "$skipped"
    for name in ${all[@]+"${all[@]}"}; do
        [ ! -s "$logs/$name.json" ] || jq -r '.results.tests[] | select(.status == "skipped" or .status == "other" or .status == "pending") | "  \(.name): \(.extra.reason // .message // "no reason given")"' "$logs/$name.json"
    done
fi
if [ "${#bad[@]}" -gt 0 ]; then
    echo 'failed:'
    for name in "${bad[@]}"; do
        read -r _ _ _ note <"$logs/$name.result"
        [ -z "$note" ] || printf '  %s: %s\n' "$name" "$note"
        [ ! -s "$logs/$name.json" ] || jq -r '.results.tests[] | select(.status == "failed") | "  " + .name[0:300]' "$logs/$name.json"
    done
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
