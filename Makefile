# Everything starts here: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := tests/node/node_modules/.package-lock.json
KILLS ?= 500
TOOLS := $(VENV)/tools
LOCK = $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock'

# What measures how long others wait runs by itself: everything else would be measured too.
ABUSE = $(BIN)/pytest tests/abuse
# What touches the database runs on both engines.
BOTH = tests/handlers tests/accounts tests/guarantees tests/store tests/files tests/commands
SUITE = $(BIN)/pytest -n 2 --dist loadgroup --ignore tests/abuse \
	&& PARLEY_ENGINE=postgres $(BIN)/pytest -n 2 --dist loadgroup $(BOTH) && $(ABUSE)

# What is compiled once (pytest's assertions, above all) is a third less to do at the next run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test quick check format docs page lock audit bench crash-test abuse-test clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(VENV)/.run ## set up and start the server on http://localhost:8000
	@exec $(BIN)/python -m backend serve

test: $(VENV)/.test $(NODE) ## set up and run the whole test suite
	$(SUITE)

# Compiled once: to compile the tests anew took as long as to run a third of them.
quick: export PYTHONDONTWRITEBYTECODE =
quick: $(VENV)/.test ## format, lint, types, import layers, and the tests that need no process
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n 2 -m "not process and not large"

check: $(VENV)/.test $(NODE) ## format, lint, types, import layers, tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(SUITE)

format: $(VENV)/.test ## format the code and sort its imports
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.test ## write what is generated in docs/ anew
	$(BIN)/python -m backend.reference

page: $(VENV)/.test $(NODE) ## write the page's files that browsers are sent (backend/web/built) anew
	$(BIN)/python -m tests.web.build

lock: $(TOOLS)/.done ## write requirements.lock and tests/requirements.lock anew, after a change of what they lock
	$(LOCK) requirements.txt --output-file requirements.lock
	$(LOCK) tests/requirements.txt --output-file tests/requirements.lock

audit: $(TOOLS)/.done ## ask whether what is installed has known vulnerabilities (needs the network)
	$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes -r tests/requirements.lock

bench: $(VENV)/.test ## measure, side by side with bare servers (QUICK=1: two minutes)
	$(BIN)/python -m tests.bench

crash-test: $(VENV)/.test ## kill the server under load, KILLS times; with NODES=3 a cluster of them
	KILLS=$(KILLS) $(BIN)/pytest tests/$(if $(NODES),cluster,guarantees)/test_crash.py --timeout 0

abuse-test: $(VENV)/.test ## let attackers do their worst, and see how everybody else fares
	$(ABUSE)

clean: ## remove what was installed; data stays
	rm -rf $(VENV) tests/node/node_modules

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Parley needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.test: tests/requirements.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@ $(VENV)/.run

$(TOOLS)/.done: tests/tools.txt | $(VENV)/bin/python
	$(BIN)/python -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet --disable-pip-version-check -r tests/tools.txt
	@touch $@

$(NODE): tests/node/package.json tests/node/package-lock.json | $(VENV)/.test
	$(BIN)/python -m tests.node ci --no-audit --no-fund --prefix tests/node
	@touch $@
