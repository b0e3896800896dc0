#!/usr/bin/env bash
# Stops what rgw-up.sh started in FOLDER. Usage: rgw-down.sh FOLDER
set -uo pipefail
folder=${1:?usage: rgw-down.sh FOLDER}

runs() { [ -e "/proc/$1/status" ] && ! grep -q '^State:.Z' "/proc/$1/status"; }

for file in "$folder"/*.pid; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  # Nothing in it is worth a tidy end: it is all in memory. Where nobody buries the dead (a container without init) a
  # zombie stays for ever, so that is the end too.
  kill -9 "$pid" 2> /dev/null
  while runs "$pid"; do sleep 0.05; done
  rm -f "$file"
done
exit 0
