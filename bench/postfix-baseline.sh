#!/bin/bash
# The yardstick: Postfix with OpenDKIM (RSA-2048) delivers N mails from smtp-source to smtp-sink, all on
# loopback and on high ports, with its own configuration, queue and key in a temporary directory. No
# installed service is touched. Run as root, with Debian's packages postfix and opendkim.
#
# Settings, by environment:
#   N=5000 mails   SIZE=5120 octets each   SESSIONS=20 clients   DOMAINS=1 destinations
#   TUNED=yes      more concurrency than Postfix ships with (no = its defaults)
#   DKIM=yes       sign (no = Postfix alone)
#   ACCEPT_ONLY=no (yes = take the mail durably, deliver nothing)
#   TMPDIR         where the queue lies: the disk that is measured
# Prints one line of key=value. Exit status 0 only if every mail was accepted (and has arrived).
set -u
N=${N:-5000} SIZE=${SIZE:-5120} SESSIONS=${SESSIONS:-20} DOMAINS=${DOMAINS:-1}
TUNED=${TUNED:-yes} DKIM=${DKIM:-yes} ACCEPT_ONLY=${ACCEPT_ONLY:-no}
IN=${PORT_IN:-13525} OUT=${PORT_OUT:-13526} LIMIT=${LIMIT:-300}

die() { echo "postfix-baseline: $*" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || die "Postfix's master wants root"
for program in postfix smtp-source smtp-sink openssl; do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || die "$program is missing: apt-get install postfix openssl"
done
[ "$DKIM" = no ] || PATH=$PATH:/usr/sbin command -v opendkim >/dev/null || die "opendkim is missing: apt-get install opendkim"
PATH=$PATH:/usr/sbin
PER=$((N / DOMAINS)) N=$((N / DOMAINS * DOMAINS))
[ "$PER" -gt 0 ] || die "fewer mails than domains"

work=$(mktemp -d "${TMPDIR:-/tmp}/postfix-baseline.XXXXXX") || exit 2
chmod 755 "$work"
master= milter= sampler= sinks=() sources=()

# Ends what was started here, by process id.
cleanup() {
    for pid in $sampler "${sources[@]}" "${sinks[@]}" $milter; do kill "$pid" 2>/dev/null; done
    if [ -n "$master" ]; then
        kill "$master" 2>/dev/null
        for _ in $(seq 100); do kill -0 "$master" 2>/dev/null || break; sleep 0.1; done
    fi
    wait 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

until_true() { for _ in $(seq 100); do "$@" && return 0; sleep 0.1; done 2>/dev/null; return 1; }
listens() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# The pids given and all below them.
family() {
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/(.*)/x/' | awk -v roots="$*" '
        { parent[$1] = $4 }
        END {
            for (n = split(roots, r, " "); n > 0; n--) mine[r[n]]
            do { grown = 0
                for (p in parent) if (!(p in mine) && parent[p] in mine) { mine[p]; grown = 1 }
            } while (grown)
            for (p in mine) print p
        }'
}

# CPU milliseconds of the family, children that have ended included.
cpu_ms() {
    for pid in $(family "$@"); do cat "/proc/$pid/stat" 2>/dev/null; done | sed 's/(.*)/x/' |
        awk -v hz="$(getconf CLK_TCK)" '{ t += $14 + $15 + $16 + $17 } END { printf "%d", t * 1000 / hz }'
}

# Until killed, keeps the largest sum of proportional memory (MB) in file $1.
watch_memory() {
    local file=$1 most=0 now
    shift
    while :; do
        now=$(for pid in $(family "$@"); do cat "/proc/$pid/smaps_rollup" 2>/dev/null; done |
            awk '/^Pss:/ { kb += $2 } END { printf "%d", kb / 1024 }')
        [ "$now" -gt "$most" ] && most=$now && echo "$most" >"$file"
        sleep 0.5
    done
}

if [ "$DKIM" != no ]; then
    openssl genrsa -out "$work/key.pem" 2048 2>/dev/null
    # A unix socket: over TCP, Nagle and delayed ACKs between milter and smtpd would halve the rate.
    cat >"$work/opendkim.conf" <<CONF
Syslog no
Mode s
Domain sender.test
Selector s1
KeyFile $work/key.pem
RequireSafeKeys false
Canonicalization relaxed/simple
Socket local:$work/milter
UMask 000
CONF
    opendkim -f -x "$work/opendkim.conf" & milter=$!
    until_true test -S "$work/milter" || die "opendkim does not start"
fi

conf=$work/conf
mkdir -p "$conf" "$work/queue" "$work/data"
chown postfix "$work/data"
cat >"$conf/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $work/queue
data_directory = $work/data
maillog_file = $work/log
maillog_file_prefixes = $work
$(postconf -d command_directory daemon_directory 2>/dev/null)
shlib_directory = $(postconf -h shlib_directory 2>/dev/null || echo /usr/lib/postfix)
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mta.sender.test
mydestination =
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
transport_maps = texthash:$conf/transport
biff = no
CONF
for i in $(seq "$DOMAINS"); do echo "d$i.test smtp:[127.0.0.$((10 + i))]:$OUT"; done >"$conf/transport"
[ "$DKIM" = no ] || printf 'smtpd_milters = unix:%s\nmilter_default_action = tempfail\n' "$work/milter" >>"$conf/main.cf"
[ "$ACCEPT_ONLY" = no ] || echo 'defer_transports = smtp' >>"$conf/main.cf"
[ "$TUNED" = no ] || cat >>"$conf/main.cf" <<CONF
in_flow_delay = 0
default_process_limit = 100
initial_destination_concurrency = 20
smtp_destination_concurrency_limit = 50
smtp_connection_cache_destinations = static:all
smtpd_client_connection_count_limit = 0
CONF
cat >"$conf/master.cf" <<CONF
127.0.0.1:$IN inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
CONF
postfix -c "$conf" start >"$work/start" 2>&1 || { cat "$work/start" >&2; die "Postfix does not start"; }
until_true test -s "$work/queue/pid/master.pid" || die "Postfix does not start"
master=$(tr -d ' ' <"$work/queue/pid/master.pid")
until_true listens 127.0.0.1 "$IN" || die "Postfix does not listen"

if [ "$ACCEPT_ONLY" = no ]; then
    for i in $(seq "$DOMAINS"); do
        timeout "$LIMIT" smtp-sink -u postfix -M "$PER" "127.0.0.$((10 + i)):$OUT" 1000 & sinks+=($!)
    done
    # A look at the port would count as a session, not as a mail: -M counts mails.
    for i in $(seq "$DOMAINS"); do until_true listens "127.0.0.$((10 + i))" "$OUT" || die "no sink"; done
fi

watch_memory "$work/peak" "$master" $milter & sampler=$!
clients=$((SESSIONS / DOMAINS))
cpu0=$(cpu_ms "$master" $milter)
t0=$(date +%s%N)
for i in $(seq "$DOMAINS"); do
    timeout "$LIMIT" smtp-source -d -s "$((clients > 0 ? clients : 1))" -m "$PER" -l "$SIZE" \
        -f a@sender.test -t "b@d$i.test" "127.0.0.1:$IN" & sources+=($!)
done
status=0
for pid in "${sources[@]}"; do wait "$pid" || status=1; done
sources=()
t1=$(date +%s%N)
for pid in "${sinks[@]}"; do wait "$pid" || status=1; done
sinks=()
t2=$(date +%s%N)
cpu1=$(cpu_ms "$master" $milter)
awk -v n="$N" -v a=$(((t1 - t0) / 1000)) -v e=$(((t2 - t0) / 1000)) -v c=$((cpu1 - cpu0)) \
    -v mb="$(cat "$work/peak" 2>/dev/null || echo 0)" -v version="$(postconf -d -h mail_version)" \
    -v tuned="$TUNED" -v dkim="$DKIM" -v status=$status '
    BEGIN {
        printf "postfix=%s tuned=%s dkim=%s messages=%d status=%d accepted_per_s=%.0f delivered_per_s=%.0f cpu_ms_per_mail=%.2f peak_mb=%d\n",
            version, tuned, dkim, n, status, n * 1e6 / a, n * 1e6 / e, c / n, mb
    }'
exit $status
