#!/bin/sh
# Build the wheel, install it beside nothing else of ours, and import it from elsewhere.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m build --wheel --no-isolation --outdir "$work" . >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --target "$work/site" "$work"/*.whl
cd "$work"
PYTHONPATH="$work/site" "$root/.venv/bin/python" - "$work" <<'PY'
import sys
import newsbeam.pipeline.cli
from newsbeam.transforms.actors.lexicon import names
from newsbeam.transforms.events.lexicon import load_lexicon
from newsbeam.transforms.figures.numbers import read_numbers
from newsbeam.transforms.places.gazetteer import candidates
where = newsbeam.pipeline.cli.__file__
assert where.startswith(sys.argv[1]), f"the wheel was not what was imported: {where}"
assert candidates("Jenin") and load_lexicon() and names() and read_numbers("$1.5bn"), "the wheel lacks its data files"
print("the wheel imports from", where.removeprefix(sys.argv[1]))
PY
rm -rf "$root/build"
