"""A diagram as a page of HTML that computes: one file, which asks for nothing from anywhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from circuitcli.analysis.family_numbers import DIGITS
from circuitcli.analysis.point import Point
from circuitcli.errors import UsageError
from circuitcli.export.javascript import EveryNode, every_node
from circuitcli.export.operation_forms import MissingFormError
from circuitcli.pictures.diagram import Box, Diagram, diagram
from circuitcli.program_text import program
from circuitcli.render.page_facts import AROUND, facts, name_of
from circuitcli.render.palette import DARK, LIGHT
from circuitcli.render.shapes import Picture, picture
from circuitcli.render.svg import svg

MOST_TALL = 60  # boxes of a picture that is drawn a second time, for narrow screens
SCRIPTS = (
    *("numbers", "read", "point", "picture", "view", "entry", "table", "wires", "passes", "path", "link", "start"),
)


def page(folded: Diagram) -> str:
    """The page of a diagram at a point, with a second picture of every gate where families are folded. Each is drawn
    wide, and tall for a phone. Its script computes all numbers again as an input moves, and finds out which boxes are
    at a kink: a box that may be is drawn as if it were."""
    point = folded.point
    assert point is not None
    found = _computed(point)
    pictures = [_bent(each, found) for each in _pictures(folded, point)]
    drawn = {name: svg(each) for name, each in _drawn(pictures, partial(_room, digits=folded.digits))}
    style = Template(_file("page.css")).substitute(
        LIGHT._asdict(), **{f"dark_{role}": x for role, x in DARK._asdict().items()}
    )
    script = "\n".join(['"use strict";', found.script, *(_file(f"{name}.js") for name in SCRIPTS)])
    text = program(point.graph)
    return Template(_file("page.html")).substitute(
        title=escape(text.splitlines()[0]),
        program=escape(text),
        output=escape(name_of(point.graph)),
        picture=drawn.pop("wide-0"),
        templates="".join(f'<template id="{name}">\n{each}</template>\n' for name, each in drawn.items()),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        data=json.dumps(facts(pictures, point, found), separators=(",", ":")).replace("<", "\\u003c"),
    )


def _computed(point: Point) -> EveryNode:
    try:
        return every_node(point.graph, point.wrt or [])
    except MissingFormError as missing:
        hint = "draw a picture that stays as it is: --out FILE.svg"
        raise UsageError(f"a page has no form of {missing}, which the circuit needs", hint) from None


def _pictures(folded: Diagram, point: Point) -> list[Diagram]:
    """The diagram, and that of every gate where it has groups and those are not too many."""
    if all(len(box.nodes) == 1 for box in folded.boxes):
        return [folded]
    unfolded = diagram(point.graph, point, folded.digits, unfold=True)
    return [folded] if unfolded.left_out else [folded, unfolded]


def _drawn(pictures: Sequence[Diagram], reserved: Callable[[Box], int]) -> Iterator[tuple[str, Picture]]:
    """Each picture by the id of its template: wide, and where it is small enough also tall, for a phone."""
    for i, each in enumerate(pictures):
        yield f"wide-{i}", picture(each, reserved)
        if len(each.boxes) <= MOST_TALL:
            yield f"tall-{i}", picture(each, reserved, downwards=True)


def _bent(drawn: Diagram, found: EveryNode) -> Diagram:
    """A diagram in which each box that may be at a kink is at one."""
    bent = set(found.kinks)
    return drawn._replace(boxes=[box._replace(kink=not bent.isdisjoint(box.nodes)) for box in drawn.boxes])


def _room(box: Box, digits: int) -> int:
    """The characters that the numbers of a box may need."""
    each = (digits if len(box.heads) == 1 else min(digits, DIGITS)) + AROUND
    return len("norm ") + each if box.norm else (each + 2) * len(box.heads) - 2


def _file(name: str) -> str:
    return (files("circuitcli.render") / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The source that a policy of content allows: this text and no other."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
