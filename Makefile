# Everything a developer does with Weixiu. Needs CPython >= 3.11 with venv, make and the package registries;
# offline after the first run. Stamps under .make/ keep finished steps from being repeated.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help venv assets chromium run test check format bench eval lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := --disable-pip-version-check --no-input --quiet
export PATH := $(CURDIR)/$(BIN):$(PATH)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

venv: .make/venv ## create .venv with the locked dependencies

.make/venv: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Weixiu needs Python 3.11 or newer: make PYTHON=/path/to/python3")'
	@mkdir -p .make
	@test -x $(BIN)/python || { echo "creating .venv"; $(PYTHON) -m venv .venv; }
	@if ! cmp -s requirements/dev.txt .make/installed; then \
		echo "installing the locked Python packages"; \
		$(BIN)/python -m pip install $(PIP) --require-hashes -r requirements/build.txt; \
		$(BIN)/python -m pip install $(PIP) --require-hashes --no-build-isolation -r requirements/dev.txt; \
		cp requirements/dev.txt .make/installed; \
	fi
	@$(BIN)/python -m pip install $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
