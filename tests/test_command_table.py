"""A command is a row: one that a test adds is known to the group, help, manual, completion and session."""

from __future__ import annotations

import click
import pytest
from click.shell_completion import ShellComplete

from circuitcli.cli import run
from circuitcli.cli.command_group import circuit
from circuitcli.cli.command_table import COMMANDS, CommandRow
from circuitcli.cli.manual_pages import pages
from circuitcli.cli.session.conversation import Conversation
from circuitcli.cli.session.logical_lines import goes_on
from circuitcli.cli.session.session_state import Session
from circuitcli.cli.session.suggestions import suggestions
from tests.support import FILES

SUMMARY = "The inputs of an expression."


@pytest.fixture(autouse=True)
def row(monkeypatch: pytest.MonkeyPatch) -> CommandRow:
    """The row of the command in tests/scratch_command.py."""
    added = CommandRow("tests.scratch_command:command", SUMMARY, values="all or none")
    monkeypatch.setitem(COMMANDS, "inputs", added)
    return added


def test_it_runs_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    said = {"table": "x, y\n", "jsonl": '{"input": "x"}\n{"input": "y"}\n', "csv": "input\nx\ny\n"}
    for to, text in said.items():
        assert run(["inputs", "x*y", "--to", to]) == 0
        assert capsys.readouterr().out == text


def test_help_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == run(["inputs", "--help"]) == 0
    group, _, own = capsys.readouterr().out.rpartition("Usage: ")
    assert f"  inputs      {SUMMARY}\n" in group
    assert own.startswith("circuit inputs EXPR [-NAME VALUE]... [OPTIONS]\n\nExamples:\n  circuit inputs 'x + y'\n")
    assert run(["input", "x"]) == 2
    assert "did you mean circuit inputs?" in capsys.readouterr().err


def test_the_manual_has_a_page_on_it() -> None:
    found = pages("2026-01-31")
    assert "circuit inputs" in found["circuit-inputs.1"]
    assert SUMMARY in found["circuit.1"] and "circuit\\-inputs" in found["circuit-grad.1"]


def test_a_shell_completes_it() -> None:
    shell = ShellComplete(circuit, {}, "circuit", "_CIRCUIT_COMPLETE")
    assert [item.value for item in shell.get_completions([], "inp")] == ["inputs"]
    assert "--json" in [item.value for item in shell.get_completions(["inputs", "x*y"], "--")]


def test_a_session_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    conversation = Conversation()
    assert conversation.hear(":inputs b*a") == 0
    assert capsys.readouterr().out == "b, a\n"
    assert conversation.hear(":help") == 0
    assert f":inputs               {SUMMARY}\n" in capsys.readouterr().out
    assert "inputs " in [found.text for found in suggestions(":inp", Session())]
    assert goes_on(":inputs (a +")


def test_a_row_says_whether_files_of_rows_may_follow(
    row: CommandRow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FILES)
    assert run(["inputs", "x", "pts.csv"]) == 2
    assert "circuit inputs reads no data files\n  write eval in place of inputs" in capsys.readouterr().err
    monkeypatch.setitem(COMMANDS, "inputs", row._replace(rows=True))
    assert run(["inputs", "x", "pts.csv"]) == 0
    assert "EXPR [FILE]..." in " ".join(row.load().collect_usage_pieces(click.Context(row.load())))
