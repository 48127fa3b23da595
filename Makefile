# make demo        sets everything up in .venv and opens a session on a sample
# make demo-audio  the same with a sound
# make test        sets everything up in .venv and runs the tests
#
# They leave a stamp in .venv, so that the set-up is done again only after
# pyproject.toml has changed. PYTHON=… names another Python (3.11 or newer).

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo demo-audio test lint format readme bench mutants wheel clean

demo: $(VENV)/.installed
	@$(BIN)/tui-annotate demo

demo-audio: $(VENV)/.installed
	@$(BIN)/tui-annotate demo audio.transcribe

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(VENV)/.installed-test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

readme: $(VENV)/.installed-test
	$(BIN)/python docs/update_readme.py
	$(BIN)/python docs/picture.py

# make mutants MODULES="text/spans store/journal": which small faults the tests do not catch.
mutants: $(VENV)/.installed-test
	@$(BIN)/python tests/mutants.py $(if $(COUNT),--count $(COUNT)) $(MODULES)

wheel: $(VENV)/.installed
	$(PIP) wheel --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist

# A name on the PATH may be a shim for a Python that is not there: each is asked.
$(BIN)/python:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Setting up $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); exit 1; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer was found: install one, or name it: make PYTHON=/path/to/python" >&2; \
	exit 1

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing tui-annotate and what it needs (once, some minutes)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	@echo "Installing tui-annotate, what it needs and what its tests need (once, some minutes)"
	@$(PIP) install --editable '.[test]'
	@$(PIP) install --no-deps Resemblyzer || echo 'Without Resemblyzer: its tests are skipped'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml | $(BIN)/python
	@echo "Installing tui-annotate and what it is measured beside (once, some minutes)"
	@$(PIP) install --editable '.[bench]'
	@touch $@ $(VENV)/.installed
