# Every target sets up .venv by itself; see deploy/setup.sh.
.PHONY: run test slow check format bench prove lock docs clean
PY := .venv/bin/python

run: .venv/run
	.venv/bin/newsbeam run seeds --lake lake
	.venv/bin/newsbeam show --lake lake

test: .venv/dev
	$(PY) -m pytest -q -n 2

slow: .venv/dev
	$(PY) -m pytest -q -m slow

check: .venv/dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(PY) -m pytest -q -n 2
	sh tests/wheel.sh

format: .venv/dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: .venv/dev
	$(PY) tests/bench/bench.py

prove: .venv/dev
	NEWSBEAM_KILLS=1000 NEWSBEAM_READS=500 $(PY) -m pytest -q -m slow tests/transforms/lake tests/pipeline

docs: .venv/dev
	$(PY) -m newsbeam.schemas.documentation > docs/tables.md

lock:
	sh deploy/lock.sh

.venv/run: requirements.txt deploy/requirements-build.txt
	sh deploy/setup.sh run

.venv/dev: requirements-dev.txt deploy/requirements-build.txt
	sh deploy/setup.sh dev

clean:
	rm -rf .venv lake build dist *.egg-info
