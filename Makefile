# `make` prints this menu.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint schema rules site offline print serve notebook drill check grade grade-compose outputs bench clean

PYTHON ?= python3
BIN := .venv/bin
export NO_MKDOCS_2_WARNING := 1
FAULT ?= database-killed
CONFIG ?= mkdocs.yml
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))))

help: ## print this menu
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed ## create .venv with everything pinned

.venv/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[drill,site,test]'
	@# As pip does with all it installs; else who may write no bytecode compiles us at every start.
	$(BIN)/python -m compileall -q src drill
	@touch $@

demo: setup ## break a real database, diagnose it, keep the record, build the site (FAULT=...)
	@$(BIN)/python -m drill.demo $(FAULT)

test: setup lint ## everything that must hold: style, types, layers, tests on real parts
	$(BIN)/pytest

lint: setup ## style, types and layers only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: setup ## is data/ fit to be trusted
	$(BIN)/runbook check

schema: setup ## the shapes of data/ for editors, into data/schemas/
	@$(BIN)/runbook schema

rules: setup ## Prometheus rules with links to the runbook, and their tests, into build/rules/
	@$(BIN)/runbook rules build/rules

site: setup ## build the site with all records into site/
	@rm -rf build/site && mkdir -p build
	@# mkdocs --quiet would not be strict: it counts the warnings it prints.
	@$(BIN)/mkdocs build --strict --config-file $(CONFIG) --site-dir build/site >build/mkdocs.log 2>&1 || { cat build/mkdocs.log; exit 1; }
	@$(BIN)/runbook publish build/site --from site
	@rm -rf site && mv build/site site
	@echo site/index.html

offline: site ## the whole site as one file, to carry along: build/aura-flow-runbook.zip
	@$(BIN)/runbook publish site --zip build/aura-flow-runbook.zip

print: site ## the handbook on A4 as site/print.pdf, by Chromium (CHROMIUM=...)
	@test -n "$(CHROMIUM)" || { echo "Chromium or Chrome is needed: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji, or make print CHROMIUM=..."; exit 1; }
	@profile=$$(mktemp -d) && "$(CHROMIUM)" --headless --disable-gpu --no-first-run --disable-background-networking \
		$(if $(filter 0,$(shell id -u)),--no-sandbox) --user-data-dir="$$profile" --no-pdf-header-footer \
		--print-to-pdf="$(CURDIR)/site/print.pdf" "file://$(CURDIR)/site/print.html" >build/print.log 2>&1; \
		rm -rf "$$profile"; test -s site/print.pdf || { cat build/print.log; exit 1; }
	@echo site/print.pdf

serve: setup ## write pages: the site, rebuilt at every change
	$(BIN)/mkdocs serve

notebook: setup ## the notebooks in JupyterLab
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[lab]'
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks

drill: setup ## start the system we may break
	$(BIN)/runbook drill up

grade: setup ## every fault diagnosed and scored, 50 healthy runs, into docs/assets/accuracy.json
	$(BIN)/runbook drill grade --drills 3 --healthy 50 --save docs/assets/accuracy.json

grade-compose: setup ## the same on containers of docker-compose, into docs/assets/accuracy-compose.json
	$(BIN)/runbook drill grade --on compose --drills 2 --healthy 50 --save docs/assets/accuracy-compose.json

outputs: setup ## type the handbook's commands on a compose drill, into docs/assets/outputs.json
	$(BIN)/python -m drill.compose.transcript docs/assets/outputs.json

bench: setup ## measure everything beside its floor and its peer, compare with the last time (ONLY="verify growth")
	$(BIN)/python benchmarks $(ONLY)

clean: ## end the drill and remove what was built
	-@test ! -x $(BIN)/runbook || $(BIN)/runbook drill down
	-@test ! -x $(BIN)/runbook || $(BIN)/runbook drill down --on compose
	rm -rf build site .drill .cache
