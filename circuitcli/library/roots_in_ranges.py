"""All roots of equations within ranges of the unknowns, and what is proven of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from circuitcli.engine.interval import Interval
from circuitcli.equations import Equation
from circuitcli.errors import UsageError
from circuitcli.graph import Graph
from circuitcli.proofs.jets import Jets
from circuitcli.proofs.roots import Hunt, Roots
from circuitcli.visible_text import some_of
from circuitcli.wording import by_voice, value_of

BOXES = 100_000  # that are looked at
Record = dict[str, Any]


def roots_in_ranges(
    graph: Graph,
    equations: Sequence[Equation],
    unknowns: Mapping[str, Interval],
    fixed: Mapping[str, Interval],
    boxes: int,
    deadline: float,
) -> Roots:
    """The roots of the equations of a graph. Raises UsageError where there are more unknowns than equations."""
    if len(unknowns) > len(equations):
        count = f"{len(equations)} equation{'s' * (len(equations) > 1)}"
        one = [*unknowns][-1]
        raise UsageError(
            f"{count} for {len(unknowns)} unknowns, {some_of(unknowns)}: roots are not apart from each other",
            f"give {one} a number, {value_of(one, f'{unknowns[one].middle:g}')}, or add an equation behind ;",
        )
    system = [Jets(graph.ending(equation.node), list(unknowns), fixed) for equation in equations]
    return Hunt(system, unknowns, deadline=deadline).run(boxes)


def roots_record(
    text: str, equations: list[str], unknowns: Mapping[str, Interval], fixed: Mapping[str, Interval], roots: Roots
) -> Record:
    """All that is known of the roots, by name."""
    values = {name: x.lo if x.lo == x.hi else ends_of(x) for name, x in fixed.items()}
    found = [{name: ends_of(x) for name, x in root.box.items()} for root in roots.found]
    alone = {"inputs": {**found[0], **values}} if len(found) == 1 and roots.proven else {}
    return {
        "expression": text,
        "equations": equations,
        **alone,
        "box": {name: ends_of(x) for name, x in unknowns.items()},
        "fixed": values,
        "roots": [
            {"inputs": inputs, "proof": root.claim.value, **({"doubt": root.doubt.value} if root.doubt else {})}
            for inputs, root in zip(found, roots.found, strict=True)
        ],
        "complete": roots.whole,
        "success": roots.proven and bool(roots.found),
        "boxes": roots.boxes,
    }


def ends_of(x: Interval) -> list[float]:
    """The two ends of an interval, 0 without a sign."""
    return [x.lo + 0.0, x.hi + 0.0]


def unfinished(roots: Roots, most: int) -> str:
    """A text about a box that was not looked at whole."""
    more = by_voice(f"--boxes {10 * most}", f"boxes={10 * most}")
    longer = by_voice("a longer --max-time", "a longer max_time")
    looks = f"{more if roots.boxes >= most else longer} looks further"
    return f"not decided: a part of the box was not looked at ({looks})"


def without_roots(unknowns: Mapping[str, Interval]) -> str:
    """A text about ranges that have none."""
    return f"no root: proven for {ranges_shown(unknowns)}"


def ranges_shown(box: Mapping[str, Interval]) -> str:
    """Ranges in words."""
    return ", ".join(f"{name} from {x.lo:.10g} to {x.hi:.10g}" for name, x in box.items())
