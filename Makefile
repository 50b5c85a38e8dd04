# Everything sets itself up: a fresh machine needs Python 3.11+ and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format docs bench soak clean

demo: $(READY)  ## the whole job on an example, and a workspace to play in
	PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo/run.sh demo

test: $(READY)  ## the tests
	$(BIN)/python -m pytest -n auto -q

check: $(READY)  ## format, lint, types, architecture, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/crmctl validate --strict pipelines/*
	for template in pipelines/*; do $(BIN)/crmctl -C $$template test -o tap || exit 1; done
	$(MAKE) test

bench: $(READY)  ## crmctl beside its peers, whole processes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python benchmarks/run.py

soak: $(READY)  ## the tests of reliability, long, and what they did in figures
	CRMCTL_SOAK=1 $(BIN)/python -m pytest -n auto -q tests/reliability tests/storage

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## writes the pages of docs/ that are made from the code
	$(BIN)/python docs/make_commands.py docs/commands.md
	$(BIN)/python docs/make_fields.py docs/fields.md

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "crmctl needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q crmctl  # once: some machines keep Python from doing so, and each command would
	touch $@

clean:
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
