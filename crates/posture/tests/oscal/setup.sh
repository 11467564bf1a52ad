#!/usr/bin/env bash
# Makes the Python that compliance-trestle runs in, once: setup.sh FOLDER
set -euo pipefail
folder=$1
if [ -e "$folder/ready" ]; then
    exit 0
fi
rm -rf "$folder"
python3 -m venv "$folder"
# 3.12.4 reads OSCAL 1.1.0 to 1.1.3.
"$folder/bin/pip" install --quiet --disable-pip-version-check 'compliance-trestle==3.12.4'
touch "$folder/ready"
