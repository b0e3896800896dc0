#!/usr/bin/env bash
# Stops what rgw-up.sh started in FOLDER. Usage: rgw-down.sh FOLDER
set -uo pipefail
folder=${1:?usage: rgw-down.sh FOLDER}
for file in "$folder"/*.pid; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  # Nothing in it is worth a tidy end: it is all in memory.
  kill -9 "$pid" 2> /dev/null
  while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
  rm -f "$file"
done
exit 0
