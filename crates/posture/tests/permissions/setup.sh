#!/usr/bin/env bash
# Makes a Python with packages, cfn-lint unless others are named, once: setup.sh FOLDER [PACKAGE...]
set -euo pipefail
folder=$1
shift
[ $# -gt 0 ] || set -- 'cfn-lint==1.51.0'
mkdir -p "$(dirname "$folder")"
# Tests run side by side: one makes it, the others wait.
exec 9>"$folder.lock"
flock 9
if [ -e "$folder/ready" ]; then
    exit 0
fi
rm -rf "$folder"
# A machine that has them already need not download it again.
python3 -m venv --system-site-packages "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
touch "$folder/ready"
