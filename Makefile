# One vocabulary for hands, hooks and CI. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.made-from-lock
NAME ?=
ONCE ?=
FULL ?=
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup browser lock format check suite test soak bench demo clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## make .venv from the hashed lock

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

browser: # Debian's Chromium for the browser tests, where it is missing and may be installed
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; } \
	  || echo "No Chromium, and it cannot be installed here: the browser tests will skip and say so."

lock: $(STAMP) ## resolve the dependencies anew into requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --quiet --upgrade --output-file requirements.lock

format: $(STAMP) ## lay out the code
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .

check: $(STAMP) ## layout, lint, types, direction of imports
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

# Types are checked by one core, which need not keep the tests waiting.
test: $(STAMP) ## all checks, and all tests but those of soak
	@$(MAKE) --no-print-directory --jobs=2 check suite

# Its workers share two cores: more threads in each only get into each other's way. What Python compiled is kept even
# where the machine says otherwise: each worker, command and service would compile the whole code anew.
suite: $(STAMP) browser
	PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
	  $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not soak" $(PYTEST_ARGS)

soak: $(STAMP) ## the tests of many minutes, which make test leaves out
	$(BIN)/python -m pytest -n 2 --dist loadfile -m soak $(PYTEST_ARGS)

bench: $(STAMP) ## benchmarks, one JSON line a row; NAME=score runs one, FULL=1 the long form of value
	@$(BIN)/python -m benchmarks $(NAME) $(if $(FULL),--full)

demo: $(STAMP) ## the whole path on a simulated bank, then the agent's screen; ONCE=1 stops after one decision
	$(BIN)/linewise demo $(if $(ONCE),--once)

clean: ## remove the environment, caches and the demo's home
	rm -rf .venv data/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
