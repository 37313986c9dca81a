#!/bin/sh
# Make .venv from the pinned, hashed requirements. `run`: what the product needs; `dev`: what its checks need too.
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}
python=$(command -v python3.11 || command -v python3)
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newsbeam needs Python 3.11 or later, found $("$python" -V)" >&2; exit 1; }
if [ ! -x .venv/bin/pip ]; then
    # Debian splits ensurepip off into python3-venv
    "$python" -m venv .venv || { rm -rf .venv; apt-get update -qq && apt-get install -y -qq python3-venv && "$python" -m venv .venv; }
fi
if [ ! -x .venv/bin/uv ]; then
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements-build.txt
fi
requirements=requirements.txt
[ "$what" = dev ] && requirements=requirements-dev.txt
.venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r "$requirements"
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
touch ".venv/$what"
[ "$what" = dev ] && touch .venv/run
exit 0
