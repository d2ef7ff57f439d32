# Everything starts here; `make` alone lists what there is.
# PORT=9000 moves every port of `make run`, STATE=DIR keeps its databases elsewhere, ARGS="..." goes to the program.

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test check bench soak setup browser clean

OPTIONS := $(if $(PORT),--port $(PORT)) $(if $(STATE),--state $(STATE)) $(ARGS)

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: setup ## Set up and run the whole service; it says what to try (PORT=9000 moves its ports)
	@exec .venv/bin/dellusi run $(OPTIONS)

# A private folder for locks and sockets: the usual one may be missing, or another user's.
test: export XDG_RUNTIME_DIR := $(CURDIR)/.run/runtime
test: setup browser ## Set up and run every test (ARGS="-k stop" picks some of the bot's)
	.venv/bin/dellusi nlu train
	.venv/bin/python -m pytest $(ARGS)
	cd nlu && .venv/bin/python -m pytest -c pyproject.toml ../tests/nlu ../tests/wolof

check: setup ## Style, types and who may import whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup ## Measure against references in the same run (ARGS="--seconds 5 --people 1 16")
	.venv/bin/dellusi nlu train
	.venv/bin/python -m tests.bench $(ARGS)

soak: setup ## The service under traffic and faults for long: is memory flat? (ARGS="--minutes 30 --rate 10")
	.venv/bin/dellusi nlu train
	.venv/bin/python -m tests.soak $(ARGS)

setup: ## Make or refresh both environments (.venv and nlu/.venv); quick when nothing changed
	@scripts/setup

browser: ## Find a Chromium for the tests of the pages, or install Debian's when we are root
	@scripts/browser

clean: ## Remove the environments, the local databases and keys, and every cache
	rm -rf .venv nlu/.venv .run .cache nlu/models nlu/.rasa .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
