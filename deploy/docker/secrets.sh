#!/usr/bin/env bash
# Makes the passwords of docker-compose.yml, once: secrets.sh [FOLDER]. What is there stays, because the databases have been started with it.
set -euo pipefail
folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets}
umask 077
mkdir -p "$folder"
for name in postgresql-password minio-password grafana-password; do
    [ -s "$folder/$name" ] || head -c 32 /dev/urandom | base64 | tr -d '+/=\n' >"$folder/$name"
done
[ -s "$folder/fleet-database" ] ||
    printf 'Host=127.0.0.1;Port=5432;Database=fleet;Username=fleet;Password=%s\n' "$(cat "$folder/postgresql-password")" >"$folder/fleet-database"
# Docker mounts the files themselves, and containers read them as users of their own: nobody but you and they get through the folder above.
chmod 644 "$folder"/*
chmod 700 "$folder"
printf 'secrets are in %s\n' "$folder"
