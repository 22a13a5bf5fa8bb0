# The web console from its sources, for fleetd to serve. Sourced after parts.sh, never run; needs sources_stamp of the launcher.
# shellcheck shell=bash

console_node_is_new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# Makes src/Console/dist unless it is there and nothing changed. Says why it cannot, and returns 1: everything else works without the console.
build_console() {
    local folder="$root/src/Console" log="$artifacts/build-console.log" stamp started
    mkdir -p "$artifacts"
    stamp=$(sources_stamp src/Console)
    if [ -e "$folder/dist/index.html" ] && [ "$(cat "$artifacts/.stamp-console" 2>/dev/null)" = "$stamp" ]; then return 0; fi
    if ! console_node_is_new_enough; then
        say "the web console is not built: it needs Node.js 20.19 or later with npm ($(node --version 2>/dev/null || echo 'there is no node')); everything else goes on without it"
        return 1
    fi
    started=$(date +%s)
    printf 'building the web console … ' >&2
    if ! (flock 9 && cd "$folder" && npm ci --no-audit --no-fund 9>&- && npm run build 9>&-) >"$log" 2>&1 9>"$artifacts/.build-console-lock"; then
        printf 'failed\n' >&2
        grep -iE 'error' "$log" | head -n 20 >&2 || tail -n 20 "$log" >&2
        say "the web console is not built; everything else goes on without it; the whole log is $log"
        return 1
    fi
    # Names change with the content: what an older build left beside the programs would stay there for ever.
    rm -rf "$artifacts/ready/console" "$artifacts/bin/Fleet/release/console"
    printf '%s\n' "$stamp" >"$artifacts/.stamp-console"
    printf '%s s, %s\n' "$(($(date +%s) - started))" "$(grep '^first load' "$log")" >&2
}
