#!/bin/sh
# Make .airflow, an environment with Airflow and the providers that the DAG needs, to try the DAG on this machine.
set -eu
cd "$(dirname "$0")/../.."
[ -x .venv/bin/uv ] || sh deploy/setup.sh run
[ -x .airflow/bin/python ] || .venv/bin/uv venv --quiet --python .venv/bin/python .airflow
.venv/bin/uv pip install --quiet --python .airflow/bin/python --require-hashes -r deploy/airflow/requirements.txt
echo .airflow/bin/airflow
