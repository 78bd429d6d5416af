# Install into .venv, with what the tests need.
install:
    python3 -m venv .venv && .venv/bin/pip install -e ".[test]"

# The tests.
test:
    .venv/bin/python -m pytest

# Format, lint and types.
lint:
    .venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy

# Start-up times and how they grow, as ratios to peers in the same run.
bench:
    .venv/bin/python tests/bench/start.py && .venv/bin/python tests/bench/grow.py

# All that must pass before a change lands.
ci:
    bash .ci/run
