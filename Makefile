# Two commands are enough: `make plan` and `make test`. Both make their own environment in .venv.

PYTHON ?= python3
JOBS ?= 2
MISSION ?= bluehelm/data/missions/darfur_2017
OUT ?= out/darfur_2017
# Of the search; on two slow cores a minute is not enough to get past the starting rule.
SEARCH_SECONDS ?= 120
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: plan test lint types tests test-full test-slice bench docs clean

plan: $(VENV)/.installed
	$(BIN)/bluehelm plan $(MISSION) --out $(OUT) --seconds $(SEARCH_SECONDS)

test: lint types tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

tests: $(VENV)/.installed-dev
	$(BIN)/pytest -n $(JOBS)

# Every test, with the large counts of the property tests.
test-full: $(VENV)/.installed-dev
	BLUEHELM_FULL=1 $(BIN)/pytest -n $(JOBS)

# SLICE=2/14 takes the third of fourteen parts of the long tests; BLUEHELM_SECONDS bounds them.
test-slice: $(VENV)/.installed-dev
	BLUEHELM_FULL=1 $(BIN)/pytest -n $(JOBS) -m "full or scaled" --slice $(SLICE)

bench: $(VENV)/.installed-bench
	for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Pages that are made from the code.
docs: $(VENV)/.installed
	$(BIN)/python -c 'from bluehelm.mission.dictionary import data_dictionary as page; \
	  print("# Data dictionary", page(), sep="\n\n", end="")' > docs/data_dictionary.md
	$(BIN)/python scripts/make_equations.py

clean:
	rm -rf $(VENV) out .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "bluehelm needs Python 3.11 or later; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[dev]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[bench]'
	touch $@ $(VENV)/.installed
