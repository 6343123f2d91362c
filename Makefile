.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
DEMO := .demo

help: ## what each target does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: ## everything that a fresh machine lacks: JDK, .venv with run time and tests, JARs
	@$(PYTHON) jobs/dev/setup/bootstrap.py

setup-run-time: ## the same on a production machine: .venv without tests and tools
	@$(PYTHON) jobs/dev/setup/bootstrap.py run-time

setup-airflow: ## .venv-airflow: Airflow, without Spark
	@$(PYTHON) jobs/dev/setup/bootstrap.py airflow

setup-browser: ## Chromium, for the tests of the page
	@$(PYTHON) jobs/dev/setup/bootstrap.py browser

run: setup ## the demo shop: landed files → checked, published report tables
	@rm -rf $(DEMO)/lake
	@$(BIN)/activelake demo --out $(DEMO)/landing
	@ACTIVELAKE_LANDING=$(CURDIR)/$(DEMO)/landing $(BIN)/activelake --lake $(DEMO)/lake run

test: setup setup-airflow setup-browser ## every test, in three lanes: two of the pipeline, and one of the DAGs in Airflow's environment
	@$(BIN)/python -m tests

airflow: setup setup-airflow ## Airflow with the DAGs on this machine, on loopback, until Ctrl-C
	@test -d $(DEMO)/landing || $(BIN)/activelake demo --out $(DEMO)/landing
	@.venv-airflow/bin/python -m jobs.dev.airflow

check: setup ## lint, types, import layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m jobs.dev.docs --check

bench: setup ## seconds and memory of every stage at 0.3, 3 and 10 million events, or at EVENTS=…
	@$(BIN)/python -m tests.benchmarks.bench $(EVENTS)

docs: setup setup-airflow ## the generated pages and suites
	@$(BIN)/python -m jobs.dev.docs
	@.venv-airflow/bin/python -m dags.factory.page

LOCK := $(BIN)/python -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --no-annotate $(if $(UPGRADE),--upgrade)

lock: setup ## hash-locked files that name no host, from the dependencies in pyproject.toml; UPGRADE=1 for newer versions
	@$(LOCK) pyproject.toml --group build -o requirements/spark.lock
	@$(LOCK) --group dev -c requirements/spark.lock -o requirements/dev.lock
	@$(LOCK) --group airflow -o requirements/airflow.lock

clean: ## remove the demo and caches, keep .venv and .jars
	@rm -rf $(DEMO) .airflow .pytest_cache .mypy_cache .ruff_cache .hypothesis spark-warehouse

.PHONY: help setup setup-run-time setup-airflow setup-browser run test airflow check bench docs lock clean
