#!/usr/bin/env bash
# Starts a real S3 server (Ceph RGW on one in-memory OSD) and returns when it answers; stop it with rgw-down.sh.
# Usage: rgw-up.sh FOLDER [PORT]   FOLDER takes its state and logs and is emptied first; everything stored is lost on stop.
# It listens on 127.0.0.1:PORT (7480) and keeps its monitor on PORT + 1; access key "test", secret "testsecret".
# Needs: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw ceph-mgr- curl
set -euo pipefail
folder=${1:?usage: rgw-up.sh FOLDER [PORT]}
port=${2:-7480}
monitor=127.0.0.1:$((port + 1))
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
find "$folder" -mindepth 1 -delete
mkdir -p "$folder"/{mon,osd,rgw}

# The daemons talk a lot: it is shown only when a step fails, and then nothing is left running. They must not keep our
# own output open (3>&-), or whoever reads it waits for ever.
exec 3>&1 > "$folder/up.log" 2>&1
trap 'cat "$folder/up.log" >&3; "$(dirname "$0")/rgw-down.sh" "$folder"' ERR

cluster=$(cat /proc/sys/kernel/random/uuid)
cat > "$folder/ceph.conf" <<CONF
[global]
fsid = $cluster
mon_initial_members = a
mon_host = [v1:$monitor]
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = $folder
admin_socket =
log_file = $folder/\$name.log
pid_file = $folder/\$name.pid
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_pg_warn_min_per_osd = 0
# RGW makes a dozen pools one by one at its first start, each waiting for this interval (1 s by default).
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_objectstore = memstore
memstore_device_bytes = 2147483648
ms_bind_msgr2 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
[mon.a]
mon_data = $folder/mon
mon_addr = $monitor
[osd.0]
osd_data = $folder/osd
[client.rgw]
rgw_data = $folder/rgw
# Without tcp_nodelay every GET takes 40 ms (Nagle against delayed acknowledgements).
rgw_frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw_dns_name = localhost
rgw_enable_usage_log = false
rgw_enable_gc_threads = false
rgw_enable_lc_threads = false
CONF
export CEPH_CONF=$folder/ceph.conf
conf=(-c "$folder/ceph.conf")

monmaptool --create --clobber --fsid "$cluster" --addv a "[v1:$monitor]" "$folder/monmap"
ceph-mon "${conf[@]}" -i a --mkfs --monmap "$folder/monmap"
ceph-mon "${conf[@]}" -i a 3>&-
disk=$(cat /proc/sys/kernel/random/uuid)
# Now and then it answers nobody yet (EPERM).
asked() { for _ in 1 2 3 4 5; do timeout 20 ceph "${conf[@]}" "$@" && return; sleep 0.2; done; return 1; }
asked osd new "$disk" 0
ceph-osd "${conf[@]}" -i 0 --mkfs --osd-uuid "$disk"
asked osd crush add osd.0 1.0 root=default host=localhost
# It refuses the OSD's first command too ("wrong fsid") where that was sent before the monitor's map was read.
for _ in 1 2 3 4 5; do ceph-osd "${conf[@]}" -i 0 3>&- && break; sleep 0.2; done
radosgw "${conf[@]}" -n client.rgw 3>&-
timeout 30 sh -c "until curl -s -o /dev/null http://127.0.0.1:$port/; do sleep 0.1; done"
radosgw-admin "${conf[@]}" -n client.rgw user create --uid=test --display-name=test \
  --access-key=test --secret-key=testsecret
echo "S3 answers on http://127.0.0.1:$port after $SECONDS s" >&3
