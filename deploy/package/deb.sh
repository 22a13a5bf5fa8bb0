#!/usr/bin/env bash
# The Debian package: deb.sh VERSION PROGRAMS OUTPUT. PROGRAMS is a folder with fleetd, fleet and all that they need. FLEET_DEB_COMPRESSION: as dpkg-deb's -Z and -z, for instance "gzip -z1".
set -euo pipefail
version=$1 programs=$2 output=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root="$here/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case $(uname -m) in aarch64) architecture=arm64 ;; *) architecture=amd64 ;; esac
for program in fleetd fleet; do
    [ -x "$programs/$program" ] || { echo "$programs has no program $program" >&2; exit 1; }
done

mkdir -p "$work/usr/lib" "$work/usr/bin" "$work/lib/systemd/system" "$work/etc/default" "$work/usr/share/doc/fleet" "$work/DEBIAN"
cp -r "$programs" "$work/usr/lib/fleet"
find "$work/usr/lib/fleet" \( -name '*.pdb' -o -name '*.xml' \) -delete
ln -s ../lib/fleet/fleet "$work/usr/bin/fleet"
cp "$here/../systemd/fleet.service" "$work/lib/systemd/system/"
cp "$here/../deb/fleet.default" "$work/etc/default/fleet"
cp "$root/README.md" "$root/CHANGELOG.md" "$root/SECURITY.md" "$work/usr/share/doc/fleet/"
cp "$root/LICENSE" "$work/usr/share/doc/fleet/copyright"
install -m 755 "$here/../deb/postinst" "$here/../deb/prerm" "$here/../deb/postrm" "$work/DEBIAN/"
echo /etc/default/fleet >"$work/DEBIAN/conffiles"
# aspnetcore-runtime is Microsoft's package or another's: a folder with the runtime does as well, so that it cannot be a condition.
cat >"$work/DEBIAN/control" <<CONTROL
Package: fleet
Version: $version
Architecture: $architecture
Maintainer: The Fleet authors
Section: admin
Priority: optional
Installed-Size: $(du -sk "$work/usr" | cut -f1)
Depends: adduser, ca-certificates, tzdata
Recommends: aspnetcore-runtime-10.0, postgresql, git, openssh-client
Description: multi-cluster Kubernetes fleet manager
 Declares clusters, the services on them and what they may cost, in one place,
 and keeps them so. Understands the k0rdent API.
CONTROL
chmod -R u=rwX,go=rX "$work/usr" "$work/lib" "$work/etc"
mkdir -p "$output"
read -r -a compression <<<"${FLEET_DEB_COMPRESSION:-xz}"
dpkg-deb --root-owner-group -Z"${compression[0]}" "${compression[@]:1}" --build "$work" "$output/fleet_${version}_${architecture}.deb" >/dev/null
printf '%s\n' "$output/fleet_${version}_${architecture}.deb"
