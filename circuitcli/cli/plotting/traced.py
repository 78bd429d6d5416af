"""The plot of traces: the value of each ascent over its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from os.path import basename
from typing import TYPE_CHECKING

from circuitcli.cli.text_files import called
from circuitcli.cli.trace_file import read_trace
from circuitcli.errors import FileError, UsageError, shortened
from circuitcli.extras import refuse_missing

if TYPE_CHECKING:
    from circuitcli.pictures.ascent_runs import Runs

WIDTH = 40  # columns of a name
_EXAMPLE = "circuit plot --trace run.jsonl"


def traced_plot(names: Sequence[str], other: bool, asked: Sequence[str]) -> Runs:
    """All that the picture of some traces shows. Raises UsageError for an `other` plot beside them, and for the options
    that it alone has."""
    if other:
        hint = f"{_EXAMPLE} alone; --path run.jsonl lays the way on the curve of an expression"
        raise UsageError("--trace draws values over steps, and no expression, file or input", hint)
    if asked:
        raise UsageError(f"{asked[0]} is about an expression, and --trace draws values over steps", "leave it out")
    if list(names).count("-") > 1:
        raise UsageError("standard input can be read only once", "name a file for one of them")
    ways = [(name, read_trace(name)) for name in names]
    refuse_missing("plots need", ("matplotlib", "plotext"), "plot")
    import numpy as np

    from circuitcli.pictures.ascent_runs import Run, runs_over_steps

    short = {name: called(name) if name == "-" else basename(name) for name in names}
    twice = Counter(short.values())
    runs = []
    for name, own in ways:
        file = short[name] if twice[short[name]] == 1 else name
        for way in own:
            parts = [file] * (len(names) > 1) + [f"start {way.start}"] * (len(own) > 1)
            if not any(value == value for value in way.values):
                raise FileError(f"{called(name)} has no column value", f"circuit ascend --trace {file} writes one")
            label = shortened(", ".join(parts) or "value", WIDTH)
            runs.append(Run(label, np.array([*map(_number, way.steps)]), np.array(way.values)))
    title = shortened(", ".join(dict.fromkeys(short.values())), 72)
    return runs_over_steps(title, runs)


def _number(step: str) -> float:
    try:
        return float(step)
    except ValueError:
        raise FileError(f"a step of the trace has no number: {step}") from None
