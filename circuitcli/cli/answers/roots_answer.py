"""The answer of `solve`: the roots of equations in a box, and what is proven of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from circuitcli.cli.answers.answer import Answer, Outcome, Record, give
from circuitcli.cli.exit_status import DONE, INTERRUPTED, NO, NONFINITE
from circuitcli.cli.notes import working
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request
from circuitcli.engine.interval import Interval
from circuitcli.engine.outward import outward
from circuitcli.equations import Equation, Equations
from circuitcli.errors import UsageError
from circuitcli.proofs.jets import Jets
from circuitcli.proofs.roots import Hunt, Root, Roots
from circuitcli.render.number_format import FLOAT_DIGITS
from circuitcli.systems import on_request_to_end
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.render.text_table import PrintedTable

BOXES = 100_000


def roots_answer(asked: Request, output: Output, boxes: int | None) -> int:
    """Print the roots, and return the status."""
    assert isinstance(asked.circuit, Equations)
    asked.certain("bounds of a root hold for all inputs")
    if output.digits > FLOAT_DIGITS:
        raise UsageError("the bounds of roots are float64, which have 17 digits", "leave out --digits, or give 17")
    graph, equations = asked.circuit.differences(asked.graph)
    unknowns = {name: x for name, x in asked.box.items() if asked.values[name].upper is not None}
    _refuse_unfit(asked, equations, unknowns)
    fixed = {name: x for name, x in asked.box.items() if name not in unknowns}
    system = [Jets(graph.ending(equation.node), list(unknowns), fixed) for equation in equations]
    with working("looking for roots", output.quiet), on_request_to_end(_interrupt):
        roots = Hunt(system, unknowns).run(boxes or BOXES)
    texts = [equation.text for equation in equations]
    return give(
        Answer(
            lambda: _record(asked.text, texts, unknowns, fixed, roots),
            lambda: [_row(root) for root in roots.found],
            lambda: _table(roots, unknowns, output),
            lambda: [_bare(root, output) for root in roots.found],
            lambda: _outcome(roots, unknowns, texts),
        ),
        output,
    )


def _interrupt() -> None:
    raise KeyboardInterrupt


def _refuse_unfit(asked: Request, equations: list[Equation], unknowns: Mapping[str, Interval]) -> None:
    """Raise UsageError where the ranges are no fit for the equations."""
    missing = [name for name in asked.graph.inputs if name not in asked.given and name not in asked.graph.defaults]
    if not unknowns:
        free = missing or [name for name in asked.graph.inputs if name in asked.values] or [*asked.graph.inputs]
        if not free:
            raise UsageError("there is nothing to solve for: the equations have no inputs", "write for example x^2 = 2")
        shown = " ".join(f"-{name} -10..10" for name in free[: len(equations)])
        raise UsageError("no input has a range to look for roots in", f"write for example {shown}")
    if missing:
        shown = " ".join(f"-{name} -10..10" for name in missing)
        raise UsageError(f"{some_of(missing)} has no value", f"an unknown has a range, {shown}; others a number")
    if len(unknowns) > len(equations):
        count = f"{len(equations)} equation{'s' * (len(equations) > 1)}"
        one = [*unknowns][-1]
        raise UsageError(
            f"{count} for {len(unknowns)} unknowns, {some_of(unknowns)}: roots are not apart from each other",
            f"give {one} a number, -{one} {unknowns[one].middle:g}, or add an equation behind ;",
        )


def _record(
    text: str, equations: list[str], unknowns: Mapping[str, Interval], fixed: Mapping[str, Interval], roots: Roots
) -> Record:
    return {
        "expression": text,
        "equations": equations,
        "box": {name: _ends(x) for name, x in unknowns.items()},
        "fixed": {name: x.lo if x.lo == x.hi else _ends(x) for name, x in fixed.items()},
        "roots": [
            {"inputs": {name: _ends(x) for name, x in root.box.items()}, "proof": root.claim.value}
            for root in roots.found
        ],
        "complete": roots.whole,
        "success": roots.proven and bool(roots.found),
        "boxes": roots.boxes,
    }


def _ends(x: Interval) -> list[float]:
    return [x.lo + 0.0, x.hi + 0.0]


def _row(root: Root) -> Record:
    """A root as one row, with two columns for each unknown."""
    row: Record = {}
    for name, x in root.box.items():
        row[f"{name}_lo"], row[f"{name}_hi"] = _ends(x)
    return {**row, "proof": root.claim.value}


def _bare(root: Root, output: Output) -> str:
    digits = output.asked_digits or FLOAT_DIGITS
    return " ".join([*(outward(x, digits) for x in root.box.values()), root.claim.value])


def _table(roots: Roots, unknowns: Mapping[str, Interval], output: Output) -> Iterable[PrintedTable | str]:
    from circuitcli.render.text_table import Column, PrintedTable

    if roots.found:
        columns = [*(Column(name) for name in unknowns), Column("root", number=False)]
        rows = [[*(outward(x, output.digits) for x in root.box.values()), root.claim.value] for root in roots.found]
        yield PrintedTable(columns, rows)


def _outcome(roots: Roots, unknowns: Mapping[str, Interval], equations: list[str]) -> Outcome:
    where = ", ".join(f"{name} from {x.lo:g} to {x.hi:g}" for name, x in unknowns.items())
    if roots.interrupted:
        return Outcome(loud=["interrupted: there may be roots beside these"], status=INTERRUPTED)
    if not roots.whole:
        return Outcome(
            loud=[f"not decided: a part of the box was not looked at (--boxes {10 * roots.boxes} looks further)"],
            status=NONFINITE,
        )
    if not roots.found:
        return Outcome(loud=[f"no root: proven for {where}"], status=NO)
    if not roots.proven:
        return Outcome(["perhaps: bounds do not tell; a root there may be double, or outside a domain"], NONFINITE)
    return Outcome(status=DONE)
