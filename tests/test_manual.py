"""The manual pages: one for every command, with what its help has, and nothing that man would stumble over."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.exit_status import STATUSES
from circuitcli.cli.manual_pages import pages
from tests.support import DOCS, circuit, some_slow

PAGES = pages("2026-01-31")


def read(name: str) -> str:
    """A page as a terminal of 80 columns shows it, without bold; skipped where there is no groff."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    words = ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=78n"]
    done = subprocess.run(words, input=PAGES[name], capture_output=True, encoding="utf-8", timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.replace("\N{MINUS SIGN}", "-").replace("\N{HYPHEN}", "-")


def test_every_command_has_a_page() -> None:
    assert list(PAGES) == ["circuit.1", *(f"circuit-{name}.1" for name in COMMANDS)]


@pytest.mark.parametrize("name", some_slow(PAGES, PAGES.keys() - {"circuit-grad.1"}))
def test_a_page_says_what_the_help_says(name: str) -> None:
    page = read(name)
    sections = re.findall(r"^([A-Z ]+)$", page, re.MULTILINE)
    assert sections[:5] == ["NAME", "SYNOPSIS", "EXAMPLES", "DESCRIPTION", "OPTIONS"] and sections[-1] == "SEE ALSO"
    shown = circuit(*name[:-2].split("-")[1:], "--help", COLUMNS="80").stdout
    usage, examples, *_ = shown.split("\n\n")
    lines = [line.strip() for line in page.splitlines()]
    assert all(line.strip() in lines for line in examples.splitlines()[1:])
    words = " ".join(page.split())
    assert " ".join(usage.removeprefix("Usage: ").split()) in words
    options = re.findall(r"^  (-.*?)(?:  |$)", shown, re.MULTILINE)
    assert len(options) > 1 or name in ("circuit-repl.1", "circuit-completion.1")
    assert all(option in words for option in options)


@pytest.mark.slow
def test_what_man_would_read_as_its_own_is_text() -> None:
    page = read("circuit-grad.1")
    assert '"mean((y - w*x)^2)" pts.csv -w 2' in page  # to be pasted: no typographic quotes, dashes and hats
    assert "circuit-grad - the value and the gradient of every node\n" in page
    assert all(line.isascii() for line in PAGES.values())


@pytest.mark.slow
def test_the_statuses_are_those_of_the_page() -> None:
    section = (DOCS / "output.md").read_text(encoding="utf-8").split("## Exit status")[1].split("\n## ")[0]
    rows = {int(status): text for status, text in re.findall(r"^\| (\d+) \| (.*) \|$", section, re.MULTILINE)}
    meanings = {int(status): status.meaning for status in STATUSES}
    assert list(rows) == list(meanings)
    for status, text in rows.items():
        assert re.split(r"[:(]", text)[0].strip() == re.split(r"[:(]", meanings[status])[0].strip()
    assert "130    interrupted" in read("circuit.1")
