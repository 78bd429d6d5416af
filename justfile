# Install into .venv, with what the tests need.
install:
    python3 -m venv .venv && .venv/bin/pip install -e ".[test]"

# The quick tests: some minutes. Or those of a file: just test tests/test_cli.py
test *words:
    .venv/bin/python -m pytest -m "not slow" {{words}}

# All tests, or all of a file.
test-all *words:
    .venv/bin/python -m pytest {{words}}

# Hostile input of every kind: just fuzz --seconds 600 --kind texts, or again: just fuzz --replay fuzz-found/texts-1.json
fuzz *words:
    PYTHONPATH=. .venv/bin/python -m tests.fuzz {{words}}

# Lay out the code, and mend what can be mended.
fmt:
    .venv/bin/ruff format . && .venv/bin/ruff check --fix .

# The types.
types:
    .venv/bin/mypy

# Layout, lint, types and spelling.
lint: types
    .venv/bin/ruff format --check . && .venv/bin/ruff check .
    .venv/bin/codespell README.md CHANGELOG.md .github grammars circuitcli

# Start-up and growth, the check on random circuits, and the accuracy of every gate, beside peers in the same run.
bench:
    .venv/bin/python tests/bench/start.py && .venv/bin/python tests/bench/grow.py
    PYTHONPATH=. .venv/bin/python tests/bench/check.py && PYTHONPATH=. .venv/bin/python tests/bench/accuracy.py
    PYTHONPATH=. .venv/bin/python tests/bench/hessian.py && PYTHONPATH=. .venv/bin/python tests/bench/range.py
    PYTHONPATH=. .venv/bin/python tests/bench/speed.py && PYTHONPATH=. .venv/bin/python tests/bench/ascent.py
    PYTHONPATH=. .venv/bin/python tests/bench/intervals.py && PYTHONPATH=. .venv/bin/python tests/bench/boxes.py
    PYTHONPATH=. .venv/bin/python tests/bench/units.py tests/cases/ascent/testfunctions.jsonl

# Rows in memory, whole commands over files, and the Feynman formulas; peers with .venv/bin/pip install -e ".[peers]"
bench-rows:
    PYTHONPATH=. .venv/bin/python tests/bench/rows.py && PYTHONPATH=. .venv/bin/python tests/bench/commands.py
    PYTHONPATH=. .venv/bin/python tests/bench/feynman.py

# All that must pass before a change lands.
ci:
    bash .ci/run
