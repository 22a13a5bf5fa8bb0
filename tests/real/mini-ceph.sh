#!/usr/bin/env bash
# A one-node Ceph with an S3 gateway, in memory, in the foreground: it ends, with all of its daemons, when it is killed.
# usage: mini-ceph.sh FOLDER MONITOR_PORT S3_PORT ACCESS_KEY SECRET_KEY     FOLDER/ready appears when requests are answered
set -euo pipefail
D=$1 monitor=$2 gateway=$3 access=$4 secret=$5
mkdir -p "$D/mon" "$D/osd" "$D/run"
cluster=$(cat /proc/sys/kernel/random/uuid) osd=$(cat /proc/sys/kernel/random/uuid)
cat >"$D/ceph.conf" <<C
[global]
fsid = $cluster
mon_host = v2:127.0.0.1:$monitor
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr1 = false
keyring = $D/keyring
run_dir = $D/run
admin_socket = $D/run/\$name.asok
log_file = $D/run/\$name.log
mon_data = $D/mon
osd_data = $D/osd
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_memory_target = 1073741824
rgw_frontends = beast endpoint=127.0.0.1:$gateway
rgw_rados_pool_pg_num_min = 1
rgw_enable_usage_log = false
rgw_enable_ops_log = false
rgw_relaxed_region_enforcement = true
rgw_thread_pool_size = 64
# Walks through all requests of an upload in parts need not move megabytes.
rgw_multipart_min_part_size = 65536
C
# Every daemon dies with this script, however it ends.
daemon() { setpriv --pdeathsig KILL -- "$@" -c "$D/ceph.conf" -f & }

ceph-authtool -C "$D/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool "$D/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
ceph-authtool "$D/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd' >/dev/null
monmaptool --create --clobber --fsid "$cluster" --addv a "[v2:127.0.0.1:$monitor]" "$D/monmap" >/dev/null
ceph-mon -c "$D/ceph.conf" -i a --mkfs --monmap "$D/monmap" --keyring "$D/keyring"
daemon ceph-mon -i a
printf '{"cephx_secret":"%s"}' "$(ceph-authtool "$D/keyring" -n osd.0 -p)" >"$D/osd.json"
timeout 60 ceph -c "$D/ceph.conf" osd new "$osd" -i "$D/osd.json"
ceph-osd -c "$D/ceph.conf" -i 0 --mkfs --osd-uuid "$osd"
daemon ceph-osd -i 0
daemon radosgw -n client.admin
timeout 60 radosgw-admin -c "$D/ceph.conf" user create --uid=test --display-name=test --access-key="$access" --secret-key="$secret" >/dev/null
touch "$D/ready"
wait
