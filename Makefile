# make demo        sets everything up in .venv and opens a session on a sample
# make demo-audio  the same with a sound
# make test        sets everything up in .venv and runs the tests
#
# They install the versions in constraints.txt, which the tests were run with, and leave
# a stamp in .venv, so that the set-up is done again only after constraints.txt or
# pyproject.toml has changed. PYTHON=… names another Python (3.11 or newer).
#
# NEWEST=1 make test   the same with the newest versions there are
# make fuzz            tries many more made-up inputs than make test does
# make fuzz-readers    damages files of every format, and tells what a reader does not stand
# make upgrade         runs the tests with these, and writes them into constraints.txt
#                      (PYTHON=… make upgrade does so for another Python)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
EXTRAS := test

# What was installed with the one kind of versions is not what the other kind wants.
ifdef NEWEST
  INSTALL := $(PIP) install --upgrade --upgrade-strategy eager
  KIND := newest
  OTHER := tested
else
  # Two variables: older and newer versions of pip read them for what builds the package.
  INSTALL := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt $(PIP) install
  KIND := tested
  OTHER := newest
endif
STAMP := $(VENV)/.installed-$(KIND)

.PHONY: demo demo-audio test fuzz fuzz-readers lint format docs bench mutants wheel upgrade clean

# What goes wrong is said by the program; make is not to add that a demo had an error.
demo: $(STAMP)
	@$(BIN)/tui-annotate demo || true

demo-audio: $(STAMP)
	@$(BIN)/tui-annotate demo audio.transcribe || true

# What was compiled is kept, whatever the environment says: tests start the program often.
test: $(STAMP)-test
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

# What Hypothesis tests, with many more examples than the suite has time for.
fuzz: $(STAMP)-test
	FUZZ=1 $(BIN)/python -m pytest -n auto --dist worksteal -m hypothesis $(PYTEST_ARGS)

fuzz-readers: $(STAMP)-test
	$(BIN)/python -m tests.fuzz_readers $(if $(COUNT),--count $(COUNT)) $(FORMATS)

lint: $(STAMP)-test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(STAMP)-test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(STAMP)-bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

docs: $(STAMP)-test
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/picture.py

# make mutants MODULES="text/spans store/journal": which small faults the tests do not catch.
mutants: $(STAMP)-test
	@$(BIN)/python tests/mutants.py $(if $(COUNT),--count $(COUNT)) $(MODULES)

wheel: $(STAMP)
	$(PIP) wheel --no-deps --wheel-dir dist .

# In an environment of its own, so that nothing that was there before is written down.
upgrade:
	rm -rf .venv-newest
	$(MAKE) test VENV=.venv-newest NEWEST=1 EXTRAS=test,bench
	# What builds the package, which pip keeps apart.
	.venv-newest/bin/python -m pip --disable-pip-version-check --quiet install hatchling
	.venv-newest/bin/python .ci/constraints.py
	rm -rf .venv-newest

clean:
	rm -rf $(VENV) .venv-newest build dist

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

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing tui-annotate and what it needs (once, some minutes)"
	@$(INSTALL) --editable .
	@rm -f $(VENV)/.installed-$(OTHER)*
	@touch $@

$(STAMP)-test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing tui-annotate, what it needs and what its tests need (once, some minutes)"
	@$(INSTALL) --editable '.[$(EXTRAS)]'
	@$(INSTALL) --no-deps Resemblyzer || echo 'Without Resemblyzer: its tests are skipped'
	@rm -f $(VENV)/.installed-$(OTHER)*
	@touch $@ $(STAMP)

$(STAMP)-bench: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing tui-annotate and what it is measured beside (once, some minutes)"
	@$(INSTALL) --editable '.[bench]'
	@rm -f $(VENV)/.installed-$(OTHER)*
	@touch $@ $(STAMP)
