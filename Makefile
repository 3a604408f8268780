# Every target works on a fresh machine with Python 3.11+, git and make. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .cache/setup

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench demo clean lock messages

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(STAMPS)/python $(STAMPS)/front-end $(STAMPS)/messages  ## install everything into this folder, and say what the machine lacks
	@$(BIN)/python tools/preflight.py

$(STAMPS)/python: requirements-dev.lock pyproject.toml
	@mkdir -p $(STAMPS)
	@$(PYTHON) -c 'import sys; sys.exit("Duban needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another one: make setup PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: install it with 'apt-get install python3-venv' and run make again."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/front-end: package-lock.json requirements-node.lock tools/front_end.py src/duban/ui/icons.txt $(STAMPS)/python
	$(BIN)/python tools/front_end.py
	@touch $@

$(STAMPS)/messages: $(STAMPS)/python $(wildcard src/duban/ui/locale/*/LC_MESSAGES/*.po)
	@$(BIN)/python tools/messages.py compile
	@touch $@

run: setup  ## set up, load the demo city on first start, serve it and print the address and sign-ins
	@$(BIN)/duban init --demo
	@$(BIN)/duban serve

demo: setup  ## make the demo city (again): its workbooks, its people, its ledger
	@$(BIN)/duban init --demo

test: setup  ## run every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: export DUBAN_HOME = $(CURDIR)/.cache/check
check: setup  ## formatter, linter, types, import contracts, migrations, translations, generated pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m duban.manage makemigrations --check --dry-run
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/diagrams.py --check
	@$(BIN)/duban stop >/dev/null

bench: setup  ## measure against a peer in the same run; writes bench/results/*.json and docs/reference/benchmarks.md
	$(BIN)/python -m bench

messages: setup  ## bring the Chinese catalogue up to date with the source
	$(BIN)/python tools/messages.py update

lock: setup  ## resolve the dependency locks again (no addresses in them)
	$(BIN)/python tools/lock.py

clean:  ## remove what setup and the tools made here (your data stays in DUBAN_HOME)
	@for home in tests check bench; do test ! -x $(BIN)/duban || DUBAN_HOME=$(CURDIR)/.cache/$$home $(BIN)/duban stop >/dev/null 2>&1 || true; done
	rm -rf $(VENV) node_modules build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info src/duban/ui/static/vendor
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
