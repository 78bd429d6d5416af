"""The pages of `circuit help` as manual pages of section 7, by markdown-it, which Rich brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from circuitcli import __version__
from circuitcli.cli import roff
from circuitcli.cli.topics import about, page, topics

if TYPE_CHECKING:
    from markdown_it.token import Token


def topic_pages(day: str) -> dict[str, str]:
    """The page of every topic, by the name of its file, as of a day such as 2026-01-31."""
    return {f"circuit-{topic}.7": _page(topic, day) for topic in topics()}


def _page(topic: str, day: str) -> str:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(page(topic))
    summary = about(topic).replace("`", "")
    called = roff.text(f"circuit-{topic}")
    name = f"{called} \\- {roff.text(summary[0].lower() + summary[1:].rstrip('.'))}"
    end = [".SH SEE ALSO", f"{roff.bold('circuit')}(1), {roff.bold('circuit-help')}(1)"]
    body = _blocks(tokens[3:])  # behind the title
    # The first line asks man for tbl.
    return "'\\\" t\n" + roff.page(
        f"circuit-{topic}", 7, day, f"circuit {__version__}", [".SH NAME", name, *body, *end]
    )


def _blocks(tokens: Sequence[Token]) -> list[str]:
    """Blocks in the words of man; all before the first heading is the description."""
    lines, lists, tight = [".SH DESCRIPTION"], list[str](), False
    tokens = list(tokens)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        kind = token.type
        if kind == "heading_open":
            lines.append(f"{'.SH' if token.tag == 'h2' else '.SS'} {_inline(tokens[at + 1])}")
            at += 2
        elif kind in ("bullet_list_open", "ordered_list_open"):
            lists.append("\\(bu" if kind.startswith("bullet") else "")
        elif kind in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif kind == "list_item_open":
            lines.append(f".IP {lists[-1] or token.info + '.'} 3")
            tight = True
        elif kind == "paragraph_open":
            lines += [] if tight else [".PP"]
            tight = False
        elif kind == "inline":
            lines.append(_inline(token))
        elif kind in ("fence", "code_block"):
            lines += [".PP", ".in +2", ".EX", *map(roff.text, token.content.rstrip("\n").split("\n")), ".EE", ".in"]
        elif kind == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            lines += _table(tokens[at:end])
            at = end
        at += 1
    return lines


def _table(tokens: Sequence[Token]) -> list[str]:
    """A table for tbl, whose last column is as wide as the page lets it."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    rows = [row for row in rows if any(row)]
    widths = " ".join(["l"] * (len(rows[0]) - 1) + ["lx"])
    return [".TS", "tab(@);", f"{widths}.", *("@".join(f"T{{\n{cell}\nT}}" for cell in row) for row in rows), ".TE"]


def _inline(token: Token) -> str:
    """Words with their bold and their links; a page of ours is named as man names it."""
    found, targets = list[str](), list[str]()
    for child in token.children or ():
        kind = child.type
        if kind == "text":
            found.append(roff.text(child.content))
        elif kind == "code_inline":
            found.append(roff.bold(child.content))
        elif kind in ("strong_open", "em_open"):
            found.append("\\fB" if kind == "strong_open" else "\\fI")
        elif kind in ("strong_close", "em_close"):
            found.append("\\fR")
        elif kind == "softbreak":
            found.append("\n")
        elif kind == "link_open":
            targets.append(str(child.attrs["href"]))
        elif kind == "link_close":
            found.append(_target(targets.pop()))
        elif kind == "image":
            found.append(roff.text(child.content))
    return "".join(found).strip()


def _target(link: str) -> str:
    """Where a link leads, behind its words."""
    if "://" in link:
        return f" ({roff.text(link)})"
    name = link.partition("#")[0].removesuffix(".md")
    return f" ({roff.bold(f'circuit-{name}')}(7))" if name in topics() else ""
