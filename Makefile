# The only commands. Each prepares what it needs; nothing but Python 3.11+ and make is asked of the machine.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench docs

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 10

setup: $(READY)  ## .venv with everything that run, test and check need; quick when nothing changed

run: $(READY)  ## the whole platform: embedded database, web, workers, simulated WhatsApp, demo workspace
	@exec $(BIN)/parley up

test: $(READY)  ## every test
	@$(BIN)/pytest

check: $(READY)  ## format, lint, types, import contracts, architecture: fast
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy src tests clients/python/src
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest tests/architecture

bench: $(READY)  ## the benchmarks: a table here, figures in bench/results
	@$(BIN)/python -m bench

docs: $(READY)  ## writes the generated reference pages again
	@$(BIN)/python -m parley.entrypoints.docs

# Made again only when the lock or the project's own description changes. The lock is complete and hashed, so pip
# resolves nothing and takes nothing it does not know; setuptools is in it, so the last step downloads nothing.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Parley needs Python 3.11 or newer as '$(PYTHON)'. Install it, or name one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python has no venv with pip. On Debian and Ubuntu: apt-get install python3-venv; elsewhere install the full Python, then try again."; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@echo "Preparing .venv from requirements.lock (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --no-build-isolation --editable .
	@touch $@
