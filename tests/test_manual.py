"""The manual pages: one for every command, with what its help has, and nothing that man would stumble over."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.exit_status import STATUSES
from circuitcli.cli.manual_pages import pages
from circuitcli.cli.topic_manual import topic_pages
from tests.support import DOCS, circuit, some_slow

PAGES, TOPIC_PAGES = pages("2026-01-31"), topic_pages("2026-01-31")


def read(name: str, source: str = "") -> str:
    """A page as a terminal of 80 columns shows it, without bold; skipped where there is no groff."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    words = ["groff", "-t", "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=78n"]
    done = subprocess.run(words, input=source or PAGES[name], capture_output=True, encoding="utf-8", timeout=300)
    wrong = [line for line in done.stderr.splitlines() if "can't break line" not in line]  # a long word in a table
    assert (done.returncode, wrong) == (0, [])
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
    assert len(options) > 1 or name[8:-2] in ("repl", "completion", "help", "example", "man")
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


@pytest.mark.parametrize("name", sorted(TOPIC_PAGES))
def test_a_topic_is_a_page_with_all_its_words(name: str) -> None:
    shown = " ".join(read(name, TOPIC_PAGES[name]).split())
    text = (DOCS / f"{name[8:-2]}.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```\w*\n(.*?)\n```", text, re.DOTALL | re.MULTILINE):
        assert " ".join(block.split()) in shown
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for head in re.findall(r"^##+ (.*)$", prose, re.MULTILINE):
        assert head.replace("`", "").replace("*", "") in shown
    assert "(circuit-" not in shown or re.search(r"\(circuit-[\w-]+\(7\)\)", shown)
    assert all(line.isascii() for line in TOPIC_PAGES[name].splitlines())


def test_circuit_man_writes_them_where_man_looks(tmp_path: Path) -> None:
    done = circuit("man", XDG_DATA_HOME=str(tmp_path))
    count = len(PAGES) + len(TOPIC_PAGES)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{count} pages below {tmp_path / 'man'}\n"
    assert {path.name for path in (tmp_path / "man" / "man7").iterdir()} == set(TOPIC_PAGES)
    assert {path.name for path in (tmp_path / "man" / "man1").iterdir()} == set(PAGES)
    (tmp_path / "file").touch()
    assert circuit("man", str(tmp_path / "file")).returncode == 2
