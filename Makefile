# Needs Python 3.11 or later and make, nothing else: the first call of any target makes .venv from requirements.txt,
# every file checked against its hash. `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11 python3.14; do \
  $$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; done)
# Containers often set it, and then each of the hundreds of processes that build and test compiles all it imports again.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
REPORTS := .local/reports

.PHONY: help demo demo-down build test lint types template fast artifact slow e2e bench bench-extras format venv clean

help:  ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

# --no-deps: requirements.txt names everything already, and pip refuses hashes where a dependency is named with extras.
# uv is many times faster; pip does it where only pip knows the package index.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps
venv: $(READY)  ## the virtual environment

$(READY): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Undivided needs Python 3.11 or later; install it, or name it: make PYTHON=/path/to/python3 ..."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	awk '/^uv==/ { on = 1 } on { print } on && !/\\$$/ { exit }' requirements.txt > $(VENV)/uv.txt
	$(PIP) --require-hashes -r $(VENV)/uv.txt
	$(UV) --require-hashes -r requirements.txt || $(PIP) --require-hashes --only-binary :all: -r requirements.txt
	$(UV) --editable . || $(PIP) --editable .
	@touch $@

demo: $(READY)  ## run the whole thing on this machine (FRESH=1 forgets earlier runs, OPEN=0 opens no browser)
	@exec $(BIN)/undivided demo $(if $(FRESH),--fresh)

demo-down: $(READY)  ## end the demo that runs in another terminal
	@$(BIN)/undivided demo-down

build: $(READY)  ## check undivided.yaml, pack it, and `sam build` for Lambda
	$(BIN)/python -m console.roster compile undivided.yaml layers/undivided/undivided/shop.json
	PATH="$(CURDIR)/$(BIN):$$PATH" SAM_CLI_TELEMETRY=0 $(BIN)/sam build

lint: $(READY)  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)  ## ruff, changing files
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)  ## mypy
	$(BIN)/mypy

template: $(READY)  ## cfn-lint and sam validate
	$(BIN)/cfn-lint template.yaml
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 $(BIN)/sam validate --lint --template template.yaml

# The crash tests fork a process of 400 MB at each AWS call: in pages of 2 MB that costs a fifth (glibc; elsewhere nothing changes).
LARGE_PAGES := $(if $(findstring glibc,$(shell getconf GNU_LIBC_VERSION 2>/dev/null)),GLIBC_TUNABLES=glibc.malloc.hugetlb=1 PYTHONMALLOC=malloc)

fast: $(READY)  ## unit, property, adapter and template tests, the crash sweep, and every page in a browser
	@mkdir -p $(REPORTS)
	$(LARGE_PAGES) $(BIN)/pytest -n 2 --dist worksteal -m "not slow" --ignore tests/artifact --ignore tests/e2e --ignore tests/bench | tee $(REPORTS)/fast.txt

artifact: $(READY)  ## what `sam build` makes, imported and run by a bare interpreter
	@mkdir -p $(REPORTS)
	$(BIN)/pytest tests/artifact | tee $(REPORTS)/artifact.txt

slow: $(READY)  ## what takes too long for every change: crashes and refused calls in every scenario, every order of events, learning curves
	$(LARGE_PAGES) $(BIN)/pytest -n 2 --dist worksteal -m slow --ignore tests/artifact --ignore tests/e2e --ignore tests/bench

e2e: $(READY)  ## the tests on the deployed emulator, with a browser
	@mkdir -p $(REPORTS)
	$(BIN)/pytest tests/e2e | tee $(REPORTS)/e2e.txt

test: lint types fast artifact e2e  ## everything but `slow`; `fast` asks cfn-lint and sam about the template, too
	@tail -n 1 $(REPORTS)/fast.txt $(REPORTS)/artifact.txt $(REPORTS)/e2e.txt

bench: $(READY)  ## measure, and write docs/performance.md
	PYTHONPATH=tests $(BIN)/python -m bench.performance
	$(BIN)/python tests/bench/mail_reading.py
	$(BIN)/python tests/bench/expertise.py
	$(BIN)/python tests/bench/knowledge.py
	$(BIN)/python tests/bench/routing_speed.py

bench-extras: $(READY)  ## what `make bench` compares routing with (300 MB, into .local/bench)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes --target .local/bench -r tests/bench/extras.txt

clean:  ## remove what was built (not what the demo remembers)
	rm -rf .aws-sam .local/build .local/reports .mypy_cache .pytest_cache .ruff_cache .hypothesis
