# Every command a developer types. `make help` explains each.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .setup
PYTEST_ARGS ?=
WORKERS ?= 2
COVERAGE_TESTS ?= $(addprefix tests/,admin api audit base bridge conversations delivery filters identity imapd mail notifications ops/test_watching.py realtime search smtpd uploads)
POSTGRESQL_TESTS ?= $(addprefix tests/,admin api audit base bridge conversations delivery filters identity imapd mail notifications ops realtime search smtpd uploads)

.PHONY: help setup run test check fix e2e conformance postgresql coverage bench schema web clean

help: ## This list
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMPS)/python web/dist/index.html ## .venv/bin/posthouse and the built web client

run: setup ## Everything on this machine, with demo people and mail
	@$(BIN)/posthouse serve --demo

test: $(STAMPS)/dev web/dist/index.html $(STAMPS)/packages ## All tests, with what they need
	npm --prefix web run test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

check: $(STAMPS)/dev $(STAMPS)/web ## Lint, types, imports, schema and migration drift
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy src/posthouse
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house_rules
	$(BIN)/python -m tests.imapd.ledger
	POSTHOUSE_DATA=$(STAMPS)/check $(BIN)/posthouse manage makemigrations --check --dry-run
	POSTHOUSE_DATA=$(STAMPS)/check $(BIN)/posthouse manage spectacular --format openapi-json --validate --fail-on-warn --file $(STAMPS)/openapi.json
	diff -u openapi.json $(STAMPS)/openapi.json || (echo "openapi.json is not what the code says: make schema" && false)
	$(BIN)/python -m tests.openapi_compatibility
	npm --prefix web run check

fix: $(STAMPS)/dev $(STAMPS)/web ## Format and mend what can be mended
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/python -m tests.imapd.ledger --write
	npm --prefix web run fix

schema: $(STAMPS)/dev ## Write openapi.json and the client's types anew
	POSTHOUSE_DATA=$(STAMPS)/check $(BIN)/posthouse manage spectacular --format openapi-json --file openapi.json
	node web/generate.mjs

e2e: $(STAMPS)/dev web/dist/index.html $(STAMPS)/packages ## The browser tests only
	$(BIN)/python -m pytest tests/e2e $(PYTEST_ARGS)

conformance: $(STAMPS)/dev $(STAMPS)/packages ## Tests with real mail programs only
	$(BIN)/python -m pytest tests/conformance $(PYTEST_ARGS)

postgresql: $(STAMPS)/dev web/dist/index.html $(STAMPS)/packages ## The tests of the store and its doors, on PostgreSQL
	POSTHOUSE_TEST_DATABASE=postgresql $(BIN)/python -m pytest $(POSTGRESQL_TESTS) $(PYTEST_ARGS)

coverage: $(STAMPS)/dev web/dist/index.html ## How much the tests run, held to the bars of tests/coverage_bars.py
	rm -f $(STAMPS)/coverage*
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist loadfile $(COVERAGE_TESTS) $(PYTEST_ARGS)
	$(BIN)/coverage combine -q
	$(BIN)/coverage json -q -o $(STAMPS)/bars.json
	$(BIN)/python -m tests.coverage_bars $(STAMPS)/bars.json

bench: $(STAMPS)/dev web/dist/index.html $(STAMPS)/packages ## Speed, beside the peers
	$(BIN)/python -m benchmarks all

web: ## Build the web client anew
	npm --prefix web run build

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(STAMPS)/python: requirements/base.txt pyproject.toml | $(STAMPS)/venv
	$(BIN)/pip install --quiet --require-hashes -r requirements/base.txt
	@mkdir -p web/dist
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/web: web/package-lock.json
	@mkdir -p $(STAMPS)
	npm --prefix web ci --no-audit --no-fund
	@touch $@

WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/vite.config.ts

web/dist/index.html: $(STAMPS)/web $(WEB_SOURCES)
	npm --prefix web run build
	@touch $@

$(STAMPS)/packages: tests/install-packages
	@mkdir -p $(STAMPS)
	tests/install-packages
	@touch $@

clean: ## Remove everything that was made
	rm -rf $(STAMPS) $(VENV) web/dist web/node_modules
