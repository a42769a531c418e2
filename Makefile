# Everything a newcomer, a developer or CI needs: `make` lists it.
SHELL := /bin/bash
BIN := .venv/bin
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- environment -----------------------------------------------------------------------------------------------------

# Debian's python3 comes without venv: root gets it from the system's packages, anybody else is told how.
$(BIN)/python:
	@rm -rf .venv; python3 -m venv .venv >/dev/null 2>&1 || { \
	  rm -rf .venv; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing python3-venv …"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null \
	      && python3 -m venv .venv; \
	  else \
	    echo "Python cannot make an environment here. Bring it with: sudo apt-get install python3-venv"; exit 1; \
	  fi; }

# One line for each package, so that nobody wonders whether it still goes on.
fetch = set -o pipefail; $(or $(2),$(BIN)/pip) install --disable-pip-version-check --progress-bar off --require-hashes -r $(1) \
  | awk -v all="$$(grep -c '==' $(1))" '/^Collecting / {printf "  %d of at most %d: %s\n", ++n, all, $$2; fflush()}'

.venv/run.stamp: $(BIN)/python requirements/run.txt pyproject.toml setup.cfg
	@echo "Installing what the portal needs …"
	@$(call fetch,requirements/run.txt)
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@echo "Installing what the tests need …"
	@$(call fetch,requirements/dev.txt)
	@touch $@

install: .venv/run.stamp ## the environment, with locked versions

dev: .venv/dev.stamp ## the environment with the tools for tests

lock: ## newer versions of everything, with their hashes (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml requirements/build.in \
	  --extra postgresql --extra parquet --extra shacl --group dev -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml requirements/build.in \
	  -c requirements/dev.txt -o requirements/run.txt
	awk '/^[^ ]/ {is = /^psycopg(-binary)?==/} is' requirements/dev.txt >requirements/postgresql.txt

# --- running ---------------------------------------------------------------------------------------------------------

demo: .venv/run.stamp ## the portal with bundled example agencies, on http://127.0.0.1:5000, or PORT=…
	@$(BIN)/datastore demo $(if $(PORT),--port $(PORT))

serve: .venv/run.stamp ## the portal with your own data
	@$(BIN)/datastore serve

# --- what must hold --------------------------------------------------------------------------------------------------

format: .venv/dev.stamp ## put the code into its form
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

lint: .venv/dev.stamp ## form, style and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: .venv/dev.stamp ## mypy --strict
	@$(BIN)/mypy

translations: .venv/dev.stamp ## collect the words to translate into the .po files, which the portal reads as they are
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k message -k BadQuery -k BadValue -k matching:2 --project datastore --sort-output --no-location -o build/messages.pot .
	@for lang in fr nl de; do $(BIN)/pybabel -q update --width=120 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l $$lang \
	  -i build/messages.pot -d web/translations; done

check: lint types ## the quick part of `make test`: no services
	@$(BIN)/pytest -q -m "not service"

services: .venv/dev.stamp ## bring PostgreSQL, Elasticsearch and Chromium for the tests
	@$(BIN)/python tests/services.py install

# The tests without services run beside those with: two processors, two processes. What the first print is shown in the end.
test: lint types services ## everything that must hold
	@mkdir -p build; $(BIN)/pytest -m "not service" -p no:cacheprovider >build/without-services.log 2>&1 & without=$$!; \
	  $(BIN)/pytest -m service -p no:cacheprovider; with=$$?; \
	  wait $$without; without=$$?; cat build/without-services.log; [ $$with = 0 ] && [ $$without = 0 ]

proof: .venv/dev.stamp services ## the figures of the statements on accessibility and eco-design, measured anew
	@mkdir -p build; $(BIN)/python -m tests.proof >build/proof.json && mv build/proof.json web/pages/proof.json

soak: .venv/dev.stamp services ## the same with whole corpora, every screen and every promise in full (about two hours)
	@DATASTORE_SOAK=1 $(BIN)/pytest
	@$(BIN)/python -m tests.promises.page >build/promises.md; echo "The page of promises as measured now: build/promises.md"

bill: .venv/dev.stamp ## what a running portal is made of (build/sbom.cdx.json, CycloneDX), and the licences of it
	@mkdir -p build; $(BIN)/python requirements/bill.py >build/sbom.cdx.json && $(BIN)/python requirements/bill.py --licences

audit: .venv/dev.stamp ## known weaknesses of what is locked; says so, and fails, when it could not be looked up
	@$(BIN)/python requirements/audit.py

bench: .venv/dev.stamp ## what is promised about speed: each figure with its target, and what became worse
	@$(BIN)/python -m benchmarks.speed

bench-record: .venv/dev.stamp build/peers ## everything of it, recorded: a quarter of an hour, on a machine that does nothing else
	@$(BIN)/python -m benchmarks.speed --whole --record

build/peers: benchmarks/peers.txt
	@echo "Installing ckanext-dcat, to measure beside it …"; rm -rf $@; python3 -m venv $@
	@$(call fetch,$<,$@/bin/pip) || { rm -rf $@; exit 1; }

clean: ## remove the environment and everything built
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help install dev lock demo serve format lint types translations check services test proof soak bill audit bench bench-record clean
