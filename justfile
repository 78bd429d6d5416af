# Install into .venv, with what the tests need.
install:
    python3 -m venv .venv && .venv/bin/pip install -e ".[test]"

# The tests.
test:
    .venv/bin/python -m pytest

# Format, lint and types.
lint:
    .venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy

# Start-up and growth, the check on random circuits, and the accuracy of every gate, beside peers in the same run.
bench:
    .venv/bin/python tests/bench/start.py && .venv/bin/python tests/bench/grow.py
    PYTHONPATH=. .venv/bin/python tests/bench/check.py && PYTHONPATH=. .venv/bin/python tests/bench/accuracy.py
    PYTHONPATH=. .venv/bin/python tests/bench/hessian.py && PYTHONPATH=. .venv/bin/python tests/bench/ascent.py

# Rows in memory, whole commands over files, and the Feynman formulas; peers with .venv/bin/pip install -e ".[peers]"
bench-rows:
    PYTHONPATH=. .venv/bin/python tests/bench/rows.py && PYTHONPATH=. .venv/bin/python tests/bench/commands.py
    PYTHONPATH=. .venv/bin/python tests/bench/feynman.py

# All that must pass before a change lands.
ci:
    bash .ci/run
