"""The README and the pages of `circuit help`: every console block is run and prints what it says, and every
link leads somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circuitcli import Circuit
from circuitcli.cli.topics import EXAMPLES, TOPICS, topics
from tests.support import DOCS, HERE, circuit, shell

ROOT = HERE.parent
README = ROOT / "README.md"
PAGES = [README, *sorted(DOCS.glob("*.md")), ROOT / "CHANGELOG.md", ROOT / ".github" / "CONTRIBUTING.md"]
TEXTS = {path: path.read_text(encoding="utf-8") for path in PAGES}
PROGRAMS = "jq", "node", "mlr", "duckdb", "gnuplot"


def case(path: Path, block: str) -> Any:
    """A parameter; for the whole run only where there are many commands, or rows, whose libraries take a while."""
    many = block.count("\n$ ") > 0 or ".csv" in block
    marks = [pytest.mark.slow] if many else []
    return pytest.param(block, id=f"{path.stem}-{block.splitlines()[0][2:40]}", marks=marks)


def blocks(kind: str) -> list[tuple[Path, str]]:
    """The blocks of a language, each with its page."""
    found = re.compile(rf"^```{kind}\n(.*?)\n```", re.DOTALL | re.MULTILINE)
    return [(path, block) for path, text in TEXTS.items() for block in found.findall(text)]


@pytest.mark.parametrize("block", [case(path, block) for path, block in blocks("console")])
def test_a_block_prints_what_it_says(block: str, tmp_path: Path) -> None:
    for program in PROGRAMS:
        if re.search(rf"(\| |&& |\$\(|^[$>] +){program} ", block, re.MULTILINE) and shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    commands = re.findall(r"^\$ (.*(?:\n> .*)*)", block, re.MULTILINE)
    commands = [command.replace("\n> ", "\n") for command in commands]
    script = "\n".join(f"echo {_quoted(_shown(command))}\n{command}" for command in commands)
    done = shell(f"exec 2>&1\n{script}", tmp_path)
    assert done.stdout.decode().rstrip("\n") == block.rstrip("\n")


def _shown(command: str) -> str:
    """A command as a page shows it, with a > before each line but the first."""
    return "$ " + command.replace("\n", "\n> ")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", TEXTS[path], flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name) if name else path
        assert page.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, target


def test_links_of_the_readme_work_on_a_package_index() -> None:
    """They are whole addresses, to files that are here; each is used, and none is missing."""
    text = TEXTS[README]
    address = r"https://github\.com/circuitcli/circuitcli/(?:blob|tree)/main/(\S+)"
    found = dict(re.findall(rf"^\[([\w-]+)\]: {address}$", text, re.MULTILINE))
    assert all((ROOT / path).exists() for path in found.values())
    prose = re.sub(
        r"^\[[\w-]+\]: .*$", "", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), flags=re.MULTILINE
    )
    assert set(re.findall(r"\[([a-z-]+)\](?!\[)", prose)) == set(found) and "](circuitcli" not in text
    for path in re.findall(r"https://raw.githubusercontent.com/circuitcli/circuitcli/main/([^\s\")]+)", text):
        assert (ROOT / path).exists()


# ── coming from another tool ────────────────────────────────────────────────────────────────────────────────


def tables(topic: str) -> list[Any]:
    """For each table `there | here` of a page, a parameter: the code of its second column."""
    sections = re.split(r"^## (.*)$", TEXTS[DOCS / f"{topic}.md"], flags=re.MULTILINE)[1:]
    found = []
    for title, text in zip(sections[::2], sections[1::2], strict=True):
        rows = [re.split(r"(?<!\\)\|", line)[2] for line in text.splitlines() if line.startswith("|")][2:]
        spans = [span for row in rows for span in re.findall("`([^`]+)`", row)]
        found.append(pytest.param(spans, id=title))
    return found


@pytest.mark.parametrize("spans", tables("coming-from"))
def test_what_is_written_here_is_an_expression(spans: list[str]) -> None:
    for text in (span for span in spans if not span.startswith(("circuit ", "--"))):
        written = Circuit(text, parts=True)
        found = written(dict.fromkeys(written.inputs, np.array([0.5, 0.25])))
        assert np.isfinite(found).all() or text == "inf", text


@pytest.mark.slow
@pytest.mark.parametrize("spans", tables("coming-from"))
def test_a_command_that_is_written_here_succeeds(spans: list[str]) -> None:
    for command in (span for span in spans if span.startswith("circuit ")):
        done = circuit(*shlex.split(command)[1:])
        assert (done.returncode, bool(done.stdout)) == (0, True), f"{command}\n{done.stderr}"


def test_every_page_is_listed_and_every_topic_has_a_page() -> None:
    assert sorted(topics()) == sorted(path.stem for path in DOCS.glob("*.md"))
    shown = circuit("help", COLUMNS="80").stdout
    assert all(re.search(rf"^  {topic} +\S", shown, re.MULTILINE) for topic in topics())
    assert all(f"{group}:\n" in shown for group in TOPICS) and max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("topic", topics())
def test_help_shows_a_page(topic: str) -> None:
    assert circuit("help", topic).stdout == (DOCS / f"{topic}.md").read_text(encoding="utf-8")


def test_help_of_a_command_is_its_help() -> None:
    assert circuit("help", "grad").stdout == circuit("grad", "--help").stdout
    for word, hint in {
        "row": "circuit help rows",
        "tanh": "circuit gates tanh",
        "zzz": "circuit help lists them",
    }.items():
        done = circuit("help", word)
        assert done.returncode == 2 and hint in done.stderr


def test_examples_are_written_and_replace_nothing(tmp_path: Path) -> None:
    names = circuit("example").stdout.split()
    assert names == sorted(path.name for path in EXAMPLES.iterdir())
    assert circuit("example", *names, cwd=tmp_path).returncode == 0
    for name in names:
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()
    assert circuit("example", "pts.csv", cwd=tmp_path).returncode == 0
    (tmp_path / "pts.csv").write_text("mine")
    done = circuit("example", "gaps.csv", "pts.csv", cwd=tmp_path)
    assert done.returncode == 2 and "pts.csv is here already" in done.stderr
    assert (tmp_path / "pts.csv").read_text() == "mine"
    assert "pts.csv" in circuit("example", "nope.csv").stderr


def test_every_example_is_used() -> None:
    assert all(any(path.name in text for text in TEXTS.values()) for path in EXAMPLES.iterdir())


def test_the_readme_installs_in_a_line() -> None:
    lines = [line for line in TEXTS[README].splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith('circuit grad "(x+y)*z" -x -2 -y 5 -z -4')
    assert lines[1].endswith("pytest")
    assert "python3-venv" in TEXTS[README]
