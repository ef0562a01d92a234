# Suara. `make help` lists what there is; every target sets up .venv by itself (scripts/venv).

PY := .venv/bin/python
JOBS ?= 2
COVERAGE ?= 90

.DEFAULT_GOAL := help
.PHONY: help install demo check check-stt test lint types walls bench pictures diagram audit clean

help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

install: .venv/.runtime ## What running the bot needs, in .venv

demo: .venv/.runtime ## Play with the bot in a browser: no token, no network
	@$(PY) -m bot demo

check: .venv/.development lint types walls ## Everything that must hold before a change is merged
	@$(PY) -m pytest -n $(JOBS) --cov --cov-report= --cov-fail-under=$(COVERAGE)

test: .venv/.development ## The quick part of the tests
	@$(PY) -m pytest -n $(JOBS) -m "not slow"

lint: .venv/.development ## Format and style
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .

types: .venv/.development ## Types, strictly
	@$(PY) -m mypy --no-error-summary

walls: .venv/.development ## Which room may import which
	@.venv/bin/lint-imports --no-cache

check-stt: .venv-stt/.filled ## Machine drafts on the real library, in an environment of its own
	@.venv-stt/bin/python -m pytest -p no:cacheprovider tests/stt/check_stt.py

bench: .venv/.development ## Speed and size, reported, never judged
	@$(PY) -m tests.benchmarks

pictures: .venv/.development ## The screenshots of the README, from the running demo (needs chromium)
	@$(PY) -m tests.page.pictures

diagram: .venv/.development ## The picture of the conversation, drawn from its table
	@$(PY) -m conversations.diagram >docs/flows.new
	@mv docs/flows.new docs/flows.md

audit: .venv/.development ## Known weaknesses of the packages (asks pypi.org)
	@scripts/audit

clean: ## Remove .venv, caches and build results; never var/, where the data is
	@rm -rf .venv .venv-stt build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	@find . -name __pycache__ -type d -not -path './var/*' -exec rm -rf {} +

# The stamps are older than the lock after a pull: only then are packages looked at again.
.venv/.runtime: uv.lock pyproject.toml | .venv/bin/python
	@scripts/venv fill --no-dev
	@touch $@

.venv/.development: uv.lock pyproject.toml | .venv/bin/python
	@scripts/venv fill
	@touch .venv/.runtime $@

.venv-stt/.filled: uv.lock pyproject.toml | .venv/bin/python
	@scripts/venv stt
	@touch $@

.venv/bin/python:
	@rm -f .venv/.runtime .venv/.development
	@scripts/venv make
