# Everything starts here: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := tests/node/node_modules/.package-lock.json
KILLS ?= 500

# What measures how long others wait runs by itself: everything else would be measured too.
ABUSE = $(BIN)/pytest tests/abuse
SUITE = $(BIN)/pytest -n 2 --dist loadgroup --ignore tests/abuse && $(ABUSE)

.PHONY: help run test quick check format docs page bench crash-test abuse-test clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(VENV)/.run ## set up and start the server on http://localhost:8000
	@exec $(BIN)/python -m backend serve

test: $(VENV)/.test $(NODE) ## set up and run the whole test suite
	$(SUITE)

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

bench: $(VENV)/.test ## measure, side by side with bare servers (QUICK=1: two minutes)
	$(BIN)/python -m tests.bench

crash-test: $(VENV)/.test ## kill the server under load, KILLS times
	KILLS=$(KILLS) $(BIN)/pytest tests/guarantees/test_crash.py --timeout 0

abuse-test: $(VENV)/.test ## let attackers do their worst, and see how everybody else fares
	$(ABUSE)

clean: ## remove what was installed; data stays
	rm -rf $(VENV) tests/node/node_modules

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Parley needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test: requirements.txt tests/requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@ $(VENV)/.run

$(NODE): tests/node/package.json tests/node/package-lock.json | $(VENV)/.test
	$(BIN)/python -m tests.node ci --no-audit --no-fund --prefix tests/node
	@touch $@
