# One command each; `make run` needs Python 3.11+, git and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
ADDRESS ?= 127.0.0.1
# Whatever the shell says: a program that may not keep what it compiled compiles everything again at each start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run demo test lint drill bench screenshots clean

# Hotspots, forecast and alerts are brought up to date behind the dashboard; over the same data that is a matter of seconds.
run: $(VENV)/.installed demo
	@nice $(BIN)/python manage.py assess > "$${PINGAN_VAR:-var}/assess.log" 2>&1 & assess=$$!; \
	trap 'kill $$assess 2> /dev/null || true' EXIT; \
	$(BIN)/streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT)

demo: $(VENV)/.installed
	$(BIN)/python manage.py demo --if-missing

# Both parts read one demo; PINGAN_TEST_DEMO names a folder that keeps it.
test: $(VENV)/.tested
	@made=$$(mktemp -d); trap 'rm -rf "$$made"' EXIT; export PINGAN_TEST_DEMO="$${PINGAN_TEST_DEMO:-$$made}"; set -ex; \
	$(BIN)/python -m pytest -m "not drill and not browser" -n 2 --dist loadfile; \
	$(BIN)/python -m pytest -m "browser and not drill" -n 2 --dist loadgroup

drill: $(VENV)/.tested
	$(BIN)/python -m pytest -m drill
	PINGAN_TEST_THOROUGH=1 $(BIN)/python -m pytest -m "examples and not drill"

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.tested
	$(BIN)/python manage.py bench locate --json
	$(BIN)/python manage.py bench query --json
	$(BIN)/python manage.py bench map --json

screenshots: $(VENV)/.tested demo
	$(BIN)/python -m tests.browser.screenshots

$(VENV)/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.tested: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) var
