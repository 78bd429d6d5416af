"""The parser that runs lark's table reads as lark does: the same tokens, reductions and mistakes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark import Tree as LarkTree
from lark.exceptions import UnexpectedCharacters
from lark.exceptions import UnexpectedToken as LarkToken

from circuitcli import Circuit
from circuitcli.language import parse_table
from circuitcli.language.lalr import Parser, UnexpectedCharacter, UnexpectedToken
from circuitcli.language.parse_table import grammar_file, made_by_lark, table_of, text_of
from tests.test_properties import EXPRESSIONS, TOKENS

GRAMMAR = Path(grammar_file()).read_text(encoding="utf-8")


class Tree:
    """Callbacks that keep what they get."""

    def __init__(self) -> None:
        self.root: Any = None

    def __getattr__(self, rule: str) -> Any:
        def kept(children: list[Any]) -> Any:
            self.root = (rule, children)
            return self.root

        return kept


LARK = Lark(GRAMMAR, start="program", parser="lalr", lexer="basic", keep_all_tokens=True, maybe_placeholders=False)
TREE = Tree()
OURS = Parser(made_by_lark(GRAMMAR), TREE)


def plain(node: Any) -> Any:
    """A tree in tuples, its tokens with their places."""
    if isinstance(node, LarkTree):
        return str(node.data), [plain(child) for child in node.children]
    if isinstance(node, tuple):
        return node[0], [plain(child) for child in node[1]]
    return node.type, str(node), node.start_pos, node.end_pos


def told_by_lark(text: str) -> Any:
    try:
        return plain(LARK.parse(text))
    except LarkToken as error:
        return error.token.type, error.token.start_pos, set(error.expected)
    except UnexpectedCharacters as error:
        return error.pos_in_stream


def told_by_us(text: str) -> Any:
    try:
        OURS.parse(text)
        return plain(TREE.root)
    except UnexpectedToken as error:
        return error.token.type, error.token.start_pos, set(error.expected)
    except UnexpectedCharacter as error:
        return error.at


@settings(max_examples=400)
@given(
    st.one_of(
        EXPRESSIONS,
        st.text(max_size=30),
        st.lists(TOKENS, max_size=20).map(" ".join),
        st.lists(TOKENS, max_size=20).map("".join),
        st.lists(EXPRESSIONS, max_size=5).map(";\n".join),
    )
)
def test_any_text_is_read_as_lark_reads_it(text: str) -> None:
    assert told_by_us(text) == told_by_lark(text)


@pytest.mark.parametrize(
    "text", ["", ";", "a=1;;b\n", "f(x)=x; f(2)", "x ? y : z", "1..2", "(", "a b", "$", "x\n# c\n"]
)
def test_edges(text: str) -> None:
    assert told_by_us(text) == told_by_lark(text)


def test_a_table_is_a_text_and_back() -> None:
    made = made_by_lark(GRAMMAR)
    assert table_of(text_of(made)) == made


@pytest.mark.parametrize("at", [0, 5, 40, 900, 5_000, -1])
def test_a_damaged_table_is_none(at: int) -> None:
    text = text_of(made_by_lark(GRAMMAR))
    for damaged in (text[:at], text[:at] + "\x00" + text[at:], text.replace("\n", "\r\n"), ""):
        with pytest.raises((ValueError, LookupError)):
            table_of(damaged)


def test_the_table_is_made_once_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_table, "cache_folder", lambda: str(tmp_path / "cache"))
    made: list[str] = []

    def counted(grammar: str) -> Any:
        made.append(grammar)
        return made_by_lark(grammar)

    monkeypatch.setattr(parse_table, "made_by_lark", counted)
    for _ in range(3):
        tree = Tree()
        parse_table.load(tree).parse("x*y")
        assert plain(tree.root)[0] == "program"
    assert len(made) == 1
    (file,) = (tmp_path / "cache").iterdir()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().replace("POWER", "TIMES"))
    parse_table.load(Tree()).parse("x^y")
    assert len(made) == 2 and "POWER" in file.read_text()


def test_long_programs_take_time_that_grows_with_their_length() -> None:
    text = ";".join(f"a{i} = {i}" for i in range(20_000)) + "; a7 + a9"
    assert Circuit(text)() == 16.0
