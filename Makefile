# The two commands are `make run` and `make test`; each does its own set-up.

PYTHON ?= python3
VENV := .venv/bin
# With a Node.js of the project's own, when the machine has none.
export PATH := $(PATH):$(CURDIR)/.tools/node/bin
CPP_FILES = $(shell git ls-files '*.c' '*.cpp' '*.h' '*.ino')
JS_TESTS = $(shell find tests/js -name '*.test.js')
# Two at a time, because many tests wait; the tests of a file share what takes long to make.
PYTEST = $(VENV)/pytest -n 2 --dist loadfile
LONG_FILES = git ls-files '*.py' '*.js' '*.css' '*.c' '*.cpp' '*.h' | xargs wc -l | awk '$$2 != "total" && $$1 > 400'
LOCK = -q --universal --python-version 3.11 --upgrade --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header
MKDOCS = NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs

.DEFAULT_GOAL := help
.PHONY: run setup test test-quick check format contract api-types docs screenshots doctor bench fleet demo-bot lock clean help

run: ## Set up what is missing, then serve the page until Ctrl-C
	@exec $(PYTHON) -m tools.setup.run run

setup: ## Only set up
	@exec $(PYTHON) -m tools.setup.run setup

test: ## Set up what the tests need, then run all of them
	@$(PYTHON) -m tools.setup.run test
	@$(VENV)/python -m tools.setup.test_packages
	node --test $(JS_TESTS)
	$(PYTEST) -m "not system" --cov --cov-report=
	$(PYTEST) -m system
	@echo "The tests without the mark “system” reach $$($(VENV)/coverage report --format=total) % of app and compiler_worker."
	@echo "Which lines they do not reach: $(VENV)/coverage report --show-missing --skip-covered"

test-quick: ## Run the tests that need no browser, no server and no compiler
	@$(PYTHON) -m tools.setup.run check
	node --test $(JS_TESTS)
	$(PYTEST) -m "not system"

check: ## Format, lint, types, layers, spelling
	@$(PYTHON) -m tools.setup.run check
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/codespell
	$(VENV)/python -m tools.api_types --check
	npm run --silent lint
	$(if $(wildcard static/js),npm run --silent types)
	@$(if $(CPP_FILES),$(VENV)/clang-format --dry-run --Werror $(CPP_FILES))
	$(MKDOCS) build --strict
	@$(LONG_FILES) | while read -r lines file; do echo "Warning: $$file has $$lines lines; from 400 on, think of parts."; done

format: ## Put all code into the agreed form
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .
	$(if $(CPP_FILES),$(VENV)/clang-format -i $(CPP_FILES))

contract: ## Write down the codes and keys that the server shares with pages and bots
	$(VENV)/python -m tests.contract.generate

api-types: ## Make the browser code's types from the API's description
	$(VENV)/python -m tools.api_types

docs: ## Serve the documentation at http://127.0.0.1:8000 while you write
	$(MKDOCS) serve

screenshots: ## Take the pictures of docs/images anew (needs Chromium)
	$(VENV)/python -m tools.screenshots

doctor: ## Say what works here, what does not, and what to do
	@$(PYTHON) -m tools.setup.doctor

bench: ## Measure builds, check-ins, downloads, news and virtual bots
	$(VENV)/python -m tools.bench

fleet: ## Update N=200 virtual bots with faults on demand (docs/FLEET.md)
	$(VENV)/python -m tools.fleet --bots $(or $(N),200)

demo-bot: ## Start a small bot that speaks to the running server
	$(VENV)/python -m tools.demo_bot

lock: ## Pin the newest allowed versions, with hashes (needs uv and npm)
	uv pip compile $(LOCK) pyproject.toml -o requirements.txt
	uv pip compile $(LOCK) --extra test -c requirements.txt pyproject.toml -o tests/requirements.txt
	npm update --package-lock-only

clean: ## Remove everything that the set-up made; keeps instance/, builds/ and sketches/
	rm -rf .venv .tools node_modules static/vendor site .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done
