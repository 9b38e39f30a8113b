# One door. Every target makes .venv by itself when it is missing, or older than what it is made from.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install --constraint constraints.txt

# Tests that run at once: most of them wait. WORKERS=0 runs one after the other.
WORKERS ?= 4
# COVER=yes counts how much of the code the tests reach. Counting takes twice the time of the tests themselves.
COVER ?=
# How many small mistakes `make mutants` makes, and which.
MUTANTS ?= 200
SEED ?= 1

# How many sessions are heard of all that there are, and by which chance.
HEARINGS ?= 240
# Evenings of the storm: SEEDS of them from FIRST on. STORM=--calm leaves out what only evidence tells from a hand.
SEEDS ?= 1000
FIRST ?= 0
STORM ?=
# How long a part of it takes, and how many crash points of a minute with turns of all kinds.
SECONDS_OF_STORM ?= 240
CRASHES ?= 200

.PHONY: help demo test witness witness-part storm storm-part judge check fix docs readers bench bench-against mutants install

help:
	@echo "make demo     a foot massage in a simulated room, in this terminal"
	@echo "make test     every test; COVER=yes counts how much of the code they reach"
	@echo "make witness  what a person sees and hears, in some hundred sessions: docs/witness.md"
	@echo "make witness-part  the same in a part of them: HEARINGS=240 SEED=1"
	@echo "make storm    SEEDS=1000 evenings with faults, people and crashes: docs/trust.md"
	@echo "make storm-part  the same in a part, with every seed that ever failed and some crash points"
	@echo "make judge    everything slow: the whole witness, every line aloud, 10,000 evenings, every crash point, the real bridges"
	@echo "make check    format, lint, types, layers, scenes; changes nothing"
	@echo "make fix      format, and mend what lint can mend"
	@echo "make readers SCENE=…  what somebody needs to read a scene blind: docs/readings"
	@echo "make docs     what of the documents is made from something else"
	@echo "make bench    what it costs, beside a bare responder"
	@echo "make bench-against COMMIT=…  the same beside an earlier commit, in turns"
	@echo "make mutants  small mistakes that no test notices, of 200 that were made; takes an hour or two"
	@echo "make install  .venv with everything in it"

demo: .venv/.runtime
	@$(BIN)/relax demo

test: .venv/.dev
	@$(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) $(if $(COVER),--cov --cov-report=term:skip-covered)

witness: .venv/.dev
	@RELAX_HEARINGS=0 RELAX_MASSAGES=all $(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) tests/witness
	@$(BIN)/python -m tests.witness --workers $(WORKERS)

witness-part: .venv/.dev
	@$(BIN)/python -m tests.witness --part $(HEARINGS) --seed $(SEED)

storm: .venv/.dev
	@$(BIN)/python -m tests.storm --seeds $(FIRST)-$$(($(FIRST) + $(SEEDS) - 1)) $(STORM)

storm-part: .venv/.dev
	@RELAX_STORM_SECONDS=$(SECONDS_OF_STORM) RELAX_STORM_CRASHES=$(CRASHES) RELAX_STORM_SEED=$(SEED) \
		$(BIN)/python -m pytest --quiet --numprocesses 2 --dist load tests/storm

judge: witness
	@git log -1 --format='At commit %h of %cs:'
	@RELAX_LINES=all $(BIN)/python -m pytest --quiet --numprocesses 0 -rP tests/scenes/test_real_voice.py
	@$(BIN)/python -m tests.storm --seeds $(FIRST)-$$(($(FIRST) + 9999)) --crashes --scenes 0 $(STORM)
	@RELAX_BRIDGE_SCENES=0 $(BIN)/python -m pytest --quiet --numprocesses 2 --dist load -rP tests/far_end/test_real_zigbee2mqtt.py
	@RELAX_BRIDGE_SCENES=0 $(BIN)/python -m pytest --quiet --numprocesses 0 -rP tests/far_end/test_real_home_assistant.py \
		tests/far_end/test_first_session.py tests/far_end/test_pictures.py tests/far_end/test_recorder.py

check: .venv/.dev
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: run \`make fix\`."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/relax scenes check

fix: .venv/.dev
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

readers: .venv/.dev
	@$(BIN)/python -m tests.readers $(SCENE) $(if $(LANGUAGE),--language $(LANGUAGE))

bench-against: .venv/.dev
	@$(BIN)/python tests/benchmarks/compare.py $(COMMIT)

docs: .venv/.dev
	@$(BIN)/python tests/generated_docs.py

bench: .venv/.dev
	@$(BIN)/python tests/benchmarks/run.py

mutants: .venv/.dev
	@nice -n 10 $(BIN)/python -m tests.mutation --mutants $(MUTANTS) --seed $(SEED)

install: .venv/.dev

.venv/.runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "relax needs Python 3.11 or later, and $(PYTHON) is not. Say which: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment. On Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Installing into .venv …"
	@$(PYTHON) -m venv .venv
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable '.[broker]'
	@touch $@

.venv/.dev: .venv/.runtime
	@echo "Installing the tools of development into .venv …"
	@$(PIP) --no-build-isolation --editable '.[broker,dev]'
	@touch $@
