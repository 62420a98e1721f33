# Every target sets itself up: `python3` with `venv` is all that is needed.

PYTHON ?= python3
BIN := .venv/bin
DEMO := contracts/acme/acme.contract
DEMO_USAGE := contracts/acme/usage.yaml
DEMO_PERIOD := 2026-07
BUILDING := $(wildcard grammar/*.lark contractlang/syntax/building.py build_tables.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What is installed is what the lock names; the project itself is installed editable, which also
# builds the parser's tables, so a change of the grammar installs it anew.
.venv/.run: requirements/run.txt pyproject.toml $(BUILDING)
	@echo "Setting up .venv: the run-time requirements"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	@echo "Setting up .venv: the tools that test"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/test.txt
	@touch $@

.PHONY: demo
demo: .venv/.run ## Check, invoice and explain the sample contract
	$(BIN)/contractlang check $(DEMO)
	$(BIN)/contractlang invoice $(DEMO) --usage $(DEMO_USAGE) --period $(DEMO_PERIOD)
	$(BIN)/contractlang explain $(DEMO) --usage $(DEMO_USAGE) --period $(DEMO_PERIOD)
	@mkdir -p build/demo
	$(BIN)/contractlang invoice $(DEMO) --usage $(DEMO_USAGE) --from 2026-01 --to 2026-12 --format lines -o build/demo/acme-2026.txt
	$(BIN)/contractlang invoice $(DEMO) --usage $(DEMO_USAGE) --period $(DEMO_PERIOD) --format html -o build/demo/acme-$(DEMO_PERIOD).html
	@echo "The invoices of the year, line by line: build/demo/acme-2026.txt"
	@echo "The invoice as a page: build/demo/acme-$(DEMO_PERIOD).html"

.PHONY: test
test: lint ## Lint, types and tests, as CI runs them
	$(BIN)/pytest -q -n 2

.PHONY: lint
lint: .venv/.test ## Lint, format and types, without changing anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict contractlang

.PHONY: format
format: .venv/.test ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: test-editors
test-editors: .venv/.test ## Drive a real Neovim, and pack the VS Code extension, where they are installed
	$(BIN)/pytest -q -rs tests/test_editors.py tests/test_language_server.py
	if command -v npm >/dev/null; then cd editors/vscode && npm install --no-audit --no-fund && npm run package; fi

.PHONY: fuzz
fuzz: .venv/.test ## The laws of the layout and of the language server on everything, not on a slice (hours)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -q -n 2 tests/properties/test_formatting_laws.py
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -q -n 2 tests/unit/language_server -k 'prefix or random'
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -q tests/test_language_server.py -k 'silent or prefixes'

.PHONY: specs
specs: .venv/.test ## Rewrite the expected output of the literate specs and the samples' invoices
	$(BIN)/pytest -q --rewrite-specs tests/specs tests/test_samples.py tests/unit/rendering
	git diff --stat -- tests contracts

.PHONY: docs
docs: .venv/.test ## Rewrite the catalogue of diagnostics and the output of the documentation's examples
	$(BIN)/python tests/catalogue.py
	$(BIN)/pytest -q --rewrite-specs tests/test_docs.py
	git diff --stat -- docs README.md

.PHONY: mutants
mutants: .venv/.test ## Change the code that decides amounts, and count the changes that no test notices (long)
	@test -x build/mutants/bin/python || $(PYTHON) -m venv build/mutants
	@build/mutants/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/test.txt -r requirements/mutants.txt
	build/mutants/bin/mutmut run --max-children 2

.PHONY: lock
lock: .venv/.test ## Resolve the locked requirements anew
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	$(BIN)/pip-compile $(LOCK_OPTIONS) --output-file requirements/run.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK_OPTIONS) --extra test --output-file requirements/test.txt pyproject.toml

LOCK_OPTIONS := --quiet --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.venv/.bench: .venv/.run requirements/bench.txt
	@echo "Setting up .venv/bench: what is compared with"
	@test -x .venv/bench/bin/python || $(PYTHON) -m venv .venv/bench
	@.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/bench.txt
	@touch $@

.PHONY: bench
bench: .venv/.bench ## Measure cold start, parsing, rating and memory beside others
	$(BIN)/python -m benchmarks

.venv/.engines: .venv/.test requirements/engines.txt
	@echo "Setting up .venv/engines: every engine that runs here"
	@test -x .venv/engines/bin/python || $(PYTHON) -m venv .venv/engines
	@.venv/engines/bin/python -m pip install --quiet --disable-pip-version-check \
		-r requirements/test.txt -r requirements/engines.txt
	@.venv/engines/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.PHONY: test-engines
test-engines: .venv/.engines ## Install and start every engine that runs here, and compare what they count (long)
	sh tests/engines/install.sh
	.venv/engines/bin/pytest -q -rs tests/engines
	.venv/engines/bin/python tests/engines/every_engine.py --rows 200000
	.venv/engines/bin/python tests/engines/every_engine.py --rows 200000 --by-slot

.PHONY: spark-scale
spark-scale: .venv/.engines ## Measure what a row costs on Spark, and derive what a billion cost
	sh tests/engines/install.sh
	.venv/engines/bin/python -m benchmarks.spark_scale
ROWS ?= 10000000

.PHONY: bench-usage
bench-usage: .venv/.run ## Count ROWS generated calls beside queries written by hand (10 million; long)
	$(BIN)/python benchmarks/counting.py --rows $(ROWS)

.PHONY: clean
clean: ## Remove what was built and installed
	rm -rf .venv build dist
