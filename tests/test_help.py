"""Help that teaches: every command opens with examples, and every example runs as it is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from circuitcli.cli.command_group import circuit as group
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.teaching_help import TaughtCommand
from tests.support import circuit, shell


def taught(name: str) -> TaughtCommand:
    """A command, or `circuit` itself."""
    command = group if name == "circuit" else COMMANDS[name].load()
    assert isinstance(command, TaughtCommand)
    return command


ALL = ["circuit", *COMMANDS]


@pytest.mark.parametrize("name", ALL)
def test_help_opens_with_three_examples(name: str) -> None:
    words = ["--help"] if name == "circuit" else [name, "--help"]
    shown = circuit(*words, COLUMNS="80").stdout
    usage, examples, *others = shown.split("\n\n")
    assert usage.startswith(f"Usage: {' '.join(['circuit', *words[:-1]])} ")
    heading, *lines = examples.splitlines()
    assert heading == "Examples:"
    assert "\n".join(line.removeprefix("  ") for line in lines) == "\n".join(taught(name).examples)
    assert sum(not line.startswith("  #") for line in lines) >= 3
    assert any(other.startswith("Options:") for other in others)
    assert max(map(len, shown.splitlines())) <= 80


def test_options_stand_under_headings() -> None:
    shown = circuit("grad", "--help", COLUMNS="80").stdout
    parts = {part.split("\n")[0]: part for part in shown.split("\n\n") if part.partition("\n")[0].endswith(":")}
    assert list(parts) == ["Examples:", "Input:", "Gradient:", "Output:", "Rows:", "Cluster:", "Options:"]
    owners = {
        "-NAME VALUE": "Input:",
        "--check": "Gradient:",
        "--to": "Output:",
        "--where": "Rows:",
        "--jobs": "Cluster:",
    }
    for option, heading in owners.items():
        assert f"\n  {option} " in parts[heading]
    for name in COMMANDS:
        groups = taught(name).option_groups(click.Context(taught(name)))
        alone = [term.removeprefix("-h, ") for term, _ in groups["Options"]] == ["--help"]
        assert alone or name in ("repl", "completion")
    climbing = taught("descend")
    assert {"Ascent", "Stopping"} <= climbing.option_groups(click.Context(climbing)).keys()


@pytest.mark.parametrize("name", ALL)
def test_an_example_is_not_wrapped_where_there_is_little_room(name: str) -> None:
    words = [] if name == "circuit" else [name]
    shown = circuit(*words, "--help", COLUMNS="40").stdout.splitlines()
    assert all(f"  {line}" in shown for line in "\n".join(taught(name).examples).splitlines())


def case(name: str, example: str) -> Any:
    """A parameter: all but the very first are for the whole run."""
    return pytest.param(name, example, marks=[pytest.mark.slow] if name != "circuit" else [])


@pytest.mark.parametrize(
    ("name", "example"), [case(name, example) for name in ALL for example in taught(name).examples]
)
def test_an_example_runs_as_it_is_printed(name: str, example: str, tmp_path: Path) -> None:
    assert f"circuit {name}".removesuffix(" circuit") in example
    done = shell(f"set -o pipefail\n{example}", tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip()
