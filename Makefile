# `make help` lists the commands. Everything a command needs is installed by scripts/prepare when it is missing.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test test-fast check fmt bench shell seed messages verify up

PY := .venv/bin/python
BIN := .venv/bin
PACKAGES := api ap ar audit commissions config core documents einvoicing inventory ledger opening payments pricing purchases reports sales tenancy web
WORKERS ?= 2
ARGS ?=
# Enough of a production environment for Django's deployment checks, which connect to nothing.
PRODUCTION := SECRET_KEY=only-for-the-deployment-check-0123456789-abcdefghijklm ALLOWED_HOSTS=books.example.sa \
	DATABASE_URL=postgres://app_web@database/mizan REDIS_URL=redis://cache:6379/0

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: ## serve Mizan with everything it needs (PORT, HOST, MIZAN_DATA, DATABASE_URL, REDIS_URL)
	@scripts/prepare run
	@exec $(PY) -m config.services run --with-parent

test: ## install what the tests need, then run all of them (ARGS="-k name")
	@scripts/prepare test
	@exec $(PY) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

test-fast: ## tests without browser, concurrency, real data and slow ones
	@scripts/prepare check
	@exec $(PY) -m pytest -n $(WORKERS) -m "not browser and not concurrency and not realdata and not slow" $(ARGS)

check: ## format, lint, types, imports, templates, migrations, translations
	@scripts/prepare check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(PACKAGES) tests
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint templates
	$(PY) manage.py check --fail-level WARNING
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING --settings config.settings.prod
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py messages --check

fmt: ## format Python and templates
	@scripts/prepare check
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/djlint --reformat --quiet templates || true

bench: ## the benchmark tables, with a floor of hand-written SQL in the same run
	@scripts/prepare run
	@exec $(PY) -m bench $(ARGS)

shell: ## Python with the models loaded; no company is active, so no rows are seen until company_scope(...)
	@scripts/prepare run
	@exec $(PY) manage.py shell

seed: ## fill the database with the two demo companies
	@scripts/prepare run
	@exec $(PY) manage.py seed_demo

verify: ## check every invariant of every company
	@scripts/prepare run
	@exec $(PY) manage.py verify

messages: ## collect strings to translate into locale/ar and compile
	@scripts/prepare run
	@exec $(PY) manage.py messages

up: ## the production shape in containers
	docker compose up --build
