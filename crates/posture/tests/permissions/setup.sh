#!/usr/bin/env bash
# Makes the Python that cfn-lint runs in, once: setup.sh FOLDER
set -euo pipefail
folder=$1
mkdir -p "$(dirname "$folder")"
# Tests run side by side: one makes it, the others wait.
exec 9>"$folder.lock"
flock 9
if [ -e "$folder/ready" ]; then
    exit 0
fi
rm -rf "$folder"
# A machine that has cfn-lint already need not download it again.
python3 -m venv --system-site-packages "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check 'cfn-lint==1.51.0'
touch "$folder/ready"
