# Comity from a checkout. `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PREPARE = python=$$(tools/python) && "$$python" tools/prepare.py

.PHONY: help run test test-peers check wheel screenshots clean

help: ## What can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' $(MAKEFILE_LIST) | expand -t 20

run: ## The demo, on http://localhost:8000/ (COMITY_PORT, COMITY_BIND)
	@$(PREPARE) run && exec $(BIN)/comity serve --demo

test: ## Every test that needs no foreign product, on SQLite and on PostgreSQL
	@python=$$(tools/python) && "$$python" tools/system_packages.py && "$$python" tools/prepare.py test && exec $(BIN)/python tools/run_tests.py

test-peers: ## Tests against real third-party software: PgBouncer, caches, torch, onnxruntime
	@python=$$(tools/python) && "$$python" tools/system_packages.py --peers && "$$python" tools/prepare.py peers && exec $(BIN)/python tools/run_tests.py --peers

check: ## Format, lint, types, rooms, migrations, OpenAPI file, asset budget, catalogues, links of the docs
	@$(PREPARE) check && exec $(BIN)/python tools/run_checks.py

wheel: ## dist/comity-*.whl and the sdist, with built assets and compiled catalogues
	@$(PREPARE) run && $(BIN)/python -m hatchling build

screenshots: ## Pictures of the demo in screenshots/, by Chromium
	@$(PREPARE) test && exec $(BIN)/python tools/screenshots.py

clean: ## Forget what was installed and built; .comity/ with its database stays
	@rm -rf .venv .stamps node_modules dist build src/comity/static/comity/built screenshots test-results \
	  .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests tools -name __pycache__ -prune -exec rm -rf {} + ; find src -name '*.mo' -delete
