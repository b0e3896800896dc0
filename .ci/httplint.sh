#!/usr/bin/env bash
# Puts httplint (the library behind REDbot) into FOLDER and prints the python that has it. Usage: httplint.sh FOLDER
set -euo pipefail
folder=${1:?usage: httplint.sh FOLDER}
if [ ! -x "$folder/bin/python" ]; then
  python3 -m venv "$folder" >&2 2> /dev/null || {
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
    python3 -m venv --clear "$folder"
  } >&2
  "$folder/bin/pip" install --quiet --disable-pip-version-check httplint==2026.10.4 >&2
fi
echo "$folder/bin/python"
