# Two commands for a newcomer: `make demo` and `make test`. Everything else is for those who work here.
PYTHON ?= python3.11
BIN := .venv/bin
BAZAAR := tests/peers/digitalbazaar

.PHONY: demo test format lock clean test-exhaustive test-peers bench bench-hostile hostile fuzz mutants migration messages

demo: .venv/runtime
	$(BIN)/learnometer demo $(ARGS)

# The one gate: format, lint, strict types, layers, tests.
test: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -n auto $(ARGS)

# Everything, where the gate tries much: minutes instead of seconds.
test-exhaustive: .venv/dev
	$(BIN)/pytest -n0 -m exhaustive $(ARGS)

# The same badges before an independent verifier, installed only for this.
test-peers: .venv/dev .venv-peers/ready $(BAZAAR)/node_modules/.package-lock.json
	$(BIN)/pytest -n0 -m peers tests/peers $(ARGS)

# What each hostile file costs; fails beyond 250 ms or 32 MiB. Linux only.
bench-hostile: .venv/dev
	$(BIN)/python -m bench.hostile

# What deciding a degree costs, from 10 to 1,000 badges; draws bench/degree.svg.
bench: .venv/dev
	PYTHONPATH=tests:. $(BIN)/python -m bench.degree

# The hostile corpus anew, after its forgers in tests/forging have changed.
hostile: .venv/dev
	PYTHONPATH=tests:. $(BIN)/python -m forging.corpus

# Every parser that strangers reach, each for FUZZ_SECONDS (60); FUZZ_TARGETS chooses some.
fuzz: .venv-fuzz/ready
	tests/fuzz/run

.venv-fuzz/ready: requirements.lock tests/fuzz/requirements.lock
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock -r tests/fuzz/requirements.lock
	touch $@

# Every function of degree/rules with a mistake put into it: do its tests notice? MUTANTS=600 draws
# so many (another SEED others), MODULE=tally takes one module. All of them take hours.
mutants: .venv-mutants/ready
	.venv-mutants/bin/python tests/mutants/mutants.py --mutants $(or $(MUTANTS),0) --seed $(or $(SEED),1) --module "$(MODULE)"

.venv-mutants/ready: requirements-dev.lock tests/mutants/requirements.lock
	$(PYTHON) -m venv .venv-mutants
	.venv-mutants/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock -r tests/mutants/requirements.lock
	touch $@

$(BAZAAR)/node_modules/.package-lock.json: $(BAZAAR)/package-lock.json
	cd $(BAZAAR) && npm ci --no-audit --no-fund

.venv-peers/ready: tests/peers/requirements.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install -q --disable-pip-version-check --require-hashes -r $<
	touch $@

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The next revision of the tables from what the stores declare: make migration MESSAGE="add circles".
# While nothing is released, delete service/migrations/versions/0001_*.py first: one revision holds all.
migration: .venv/dev
	$(BIN)/python -m service.migrations "$(MESSAGE)"

# Every sentence that pages say, for translators.
messages: .venv/dev
	$(BIN)/pybabel -q extract -F babel.cfg -o service/translations/messages.pot --omit-header --no-location --sort-output -k lazy_gettext accounts issuer verifier wallet degree service vc/step_names.py

# New locks from pyproject.toml; needs uv.
lock:
	uv pip compile -q -U --generate-hashes --universal --python-version 3.11 --no-annotate --no-header pyproject.toml -o requirements.lock
	uv pip compile -q -U --generate-hashes --universal --python-version 3.11 --no-annotate --no-header pyproject.toml --group dev -o requirements-dev.lock

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
