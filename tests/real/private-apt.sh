# apt with its own sources and lists, to download packages of any Debian suite without touching the system's configuration.
# Sourced, never run. shellcheck shell=bash

# Prints the machine's own Debian source with another suite: private_source TYPES SUITE
private_source() {
    local types=$1 suite=$2 codename file
    codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] || continue
        awk -v RS= -v ORS='\n\n' -v codename="$codename" -v types="$types" -v suite="$suite" '
            $0 ~ "(^|\n)Suites:[^\n]*[ \t]" codename "([ \t\n]|$)" && $0 ~ "(^|\n)Components:[^\n]*main" && $0 !~ "(^|\n)Enabled: *no" {
                count = split($0, lines, "\n"); text = ""
                for (i = 1; i <= count; i++) {
                    line = lines[i]
                    if (line ~ /^Types:/) line = "Types: " types
                    if (line ~ /^Suites:/) line = "Suites: " suite
                    if (line ~ /^Components:/) line = "Components: main"
                    text = text line "\n"
                }
                printf "%s\n", text; exit
            }' "$file" | grep . && return 0
    done
    local type
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$file" ] || continue
        local line
        line=$(grep -E "^deb +(\[[^]]*\] +)?[^ ]+ +$codename +.*main" "$file" | head -n 1) || continue
        # The old one-line form: options in brackets are kept, suite and components replaced.
        for type in $types; do
            printf '%s\n' "$line" | sed -E "s#^deb +((\[[^]]*\] +)?[^ ]+) +.*#$type \1 $suite main#"
        done
        return 0
    done
    return 1
}

# Makes the private configuration in a folder and reads its lists: private_apt_open FOLDER TYPES SUITE
private_apt_open() {
    local folder=$1 types=$2 suite=$3 sources
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
    sources=$(private_source "$types" "$suite") || die "no Debian source found in /etc/apt to take $suite from"
    case $sources in
        Types:* | \#* | *$'\n'Types:*) printf '%s\n' "$sources" >"$folder/private.sources" ;;
        *) printf '%s\n' "$sources" >"$folder/private.list" ;;
    esac
    private_apt "$folder" -q update >"$folder/update.log" 2>&1 || {
        tail -n 5 "$folder/update.log" >&2
        die "apt-get could not read the lists of $suite"
    }
}

# apt-get with the configuration of a folder; needs no root.
private_apt() {
    local folder=$1 sources
    shift
    sources=$(compgen -G "$folder/private.*" | head -n 1)
    apt-get -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::lists="$folder/lists" -o Dir::Cache="$folder/cache" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= \
        -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o Debug::NoLocking=1 "$@"
}

# Downloads binary packages and unpacks them into a folder; nothing is installed: private_unpack APT_FOLDER TARGET PACKAGE…
private_unpack() {
    local apt=$1 target=$2 package
    shift 2
    mkdir -p "$apt/debs" "$target"
    (cd "$apt/debs" && private_apt "$apt" -q download "$@" >"$apt/download.log" 2>&1) || {
        tail -n 5 "$apt/download.log" >&2
        die "apt-get could not download $*"
    }
    for package in "$apt"/debs/*.deb; do
        dpkg -x "$package" "$target"
        rm -f "$package"
    done
}
