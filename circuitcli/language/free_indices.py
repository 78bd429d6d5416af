"""Indices that have no loop, as in h[j] = x[j]^2, with the loops that are meant: those of their families elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from circuitcli.gathering import gathers
from circuitcli.language.loop_mends import Edit, edited, loop_text
from circuitcli.language.names import canonical
from circuitcli.language.syntax import Loop, Program, Statement
from circuitcli.nested_names import indices_of, stem_of

_LETTERS = "yzqabcdefgh"  # names of a family that gets one

Shapes = Mapping[str, tuple[int, ...]]  # the lengths of nested lists by the name of their family
_Index = tuple[str, str, int]  # a name, the family that it is an index of, and which of its indices


def with_loops(program: Program, shapes: Shapes, one: bool = False) -> Iterator[str]:
    """Yield the text with a loop for each index without one, where the loops of the text, its other elements, or the
    `shapes` of families tell the range. Where `one` number is wanted, an answer of several becomes their sum."""
    ranges = _ranges(program, shapes)
    edits: list[Edit] = []
    for statement in program.statements:
        free = _free(program, statement)
        names = [*dict.fromkeys(name for _, (name, _, _) in free)]
        found = {name: _range(name, [index for _, index in free if index[0] == name], ranges) for name in names}
        if not all(found.values()):
            return
        of_a_family = [name for step, (name, _, _) in free if step == statement.left]
        for some in (of_a_family, [name for name in names if name not in of_a_family]):
            steps = [step for step, index in free if index[0] in some]
            edits += _with(program, statement, steps, {name: found[name] for name in some}, one)
    if edits:
        yield edited(program.text, edits)


def _range(name: str, places: list[_Index], ranges: Mapping[tuple[str, int] | str, str]) -> str:
    """Return the range of an index: that of a place where it stands, else that of a loop of its name; empty where none
    is known."""
    own = (ranges.get((stem, place), "") for _, stem, place in places)
    return next(filter(None, own), "") or ranges.get(name, "")


def _indices(program: Program, step: int) -> Iterator[_Index]:
    """Yield the names that are an index of an element, each alone."""
    stem = canonical(str(program.steps[step].token))
    for place, arg in enumerate(program.steps[step].args):
        if program.steps[arg].op == "name":
            yield canonical(str(program.steps[arg].token)), stem, place


def _loops_around(program: Program, statement: Statement, step: int) -> list[Loop]:
    inner = [loop for over in program.over.values() if over.first <= step < over.end for loop in over.loops]
    return [*statement.loops, *inner]


def _free(program: Program, statement: Statement) -> list[tuple[int, _Index]]:
    """Return the indices of a statement that nothing gives a number, with the steps of their elements."""
    lefts = [program.steps[s.left] for s in program.statements if s.left is not None]
    named = {canonical(str(left.token)) for left in lefts if left.op == "name"}
    found = []
    for step in program.elements:
        if statement.first <= step <= statement.last:
            known = {canonical(str(loop.token)) for loop in _loops_around(program, statement, step)} | named
            found += [(step, index) for index in _indices(program, step) if index[0] not in known]
    return found


def _ranges(program: Program, shapes: Shapes) -> dict[tuple[str, int] | str, str]:
    """Return the ranges that are known: of a family and the place of an index, and of the name of a loop."""
    found: dict[tuple[str, int] | str, str] = {}
    for one in program.steps:
        if one.op == "name" and (numbers := indices_of(canonical(str(one.token)))):
            for place, number in enumerate(numbers):
                key = (stem_of(canonical(str(one.token))), place)
                most = max(number, int(found[key].partition(":")[2]) if key in found else 1)
                found[key] = f"1:{most}"
    found.update({(stem, place): f"1:{length}" for stem, shape in shapes.items() for place, length in enumerate(shape)})
    for statement in program.statements:
        for step in (k for k in program.elements if statement.first <= k <= statement.last):
            loops = {canonical(str(loop.token)): loop for loop in _loops_around(program, statement, step)}
            for name, stem, place in _indices(program, step):
                if name in loops and not program.names_in_range(loops[name]).intersection(loops):
                    found[stem, place] = loop_text(program, loops[name]).partition(" in ")[2].strip()
                    found.setdefault(name, found[stem, place])
    return found


def _with(
    program: Program, statement: Statement, steps: list[int], ranges: Mapping[str, str], one: bool
) -> Iterator[Edit]:
    """Yield the edits that put loops around elements: behind a family, into the gate that gathers them all, or behind a
    family that gets a name."""
    loops = " for " + ", ".join(f"{name} in {numbers}" for name, numbers in ranges.items())
    start, end = place_of(program, statement)
    if statement.left in steps:
        yield end, end, loops
        if one and statement is program.statements[-1]:
            name = program.text[program.span(statement.first, statement.left)[0] : program.steps[statement.left].end]
            yield end, end, f"; sum({name}{loops})"
        return
    for k in range(statement.first, statement.last + 1) if steps else ():
        call = program.steps[k]
        is_gate = call.op == "call" and len(call.args) == 1 and gathers(str(call.token))
        if is_gate and all(program.begin(call.args[0]) <= step <= call.args[0] for step in steps):
            yield call.end - 1, call.end - 1, loops
            return
    if steps and statement.left is None and one:
        yield start, start, "sum("
        yield end, end, f"{loops})"
    elif steps and statement.left is None:
        yield start, start, f"{free_letter(program.text)}[{','.join(ranges)}] = "
        yield end, end, loops


def free_letter(text: str, letters: str = _LETTERS) -> str:
    """Return a letter that is no name of a text."""
    return next((letter for letter in letters if not re.search(rf"\b{letter}\b", text)), letters[0])


def place_of(program: Program, statement: Statement) -> tuple[int, int]:
    """Return where a statement begins and ends in the text, its parentheses and without blanks around it."""
    first = program.span(statement.first, statement.last)[0]
    starts = [0, *(token.end_pos for token in program.separators)]
    ends = [*(token.start_pos for token in program.separators), len(program.text)]
    start, end = next((start, end) for start, end in zip(starts, ends, strict=True) if first < end)
    part = program.text[start:end].partition("#")[0]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())
