#!/usr/bin/env bash
# Makes the Python that the differential test runs, once: setup.sh FOLDER
# boto3 is of the same version as the models, so that a difference is a difference of clients.
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
# A machine that has moto already need not download it again.
python3 -m venv --system-site-packages "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check \
    'moto[server,all]==5.2.1' 'boto3==1.43.67' 'botocore==1.43.67'
touch "$folder/ready"
