#!/bin/sh
# Pin requirements*.in with hashes and without addresses. Needs uv on the PATH or in .venv.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
lock="$uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate --quiet"
$lock requirements.in -o requirements.txt
$lock requirements-dev.in -c requirements.txt -o requirements-dev.txt
$lock deploy/airflow/requirements.in -c requirements.txt -o deploy/airflow/requirements.txt
printf "uv\nsetuptools>=77\n" | $lock - -o deploy/requirements-build.txt
