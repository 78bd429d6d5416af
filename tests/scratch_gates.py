"""Gates that tests add while the program runs: of one argument, of none, and over rows."""

from __future__ import annotations

from circuitcli.gate_facts import SUMS, OverRows, if_any
from circuitcli.gates import Gate

ADDED = (
    Gate(
        "softsign",
        lambda m, x: m.div(x, 1.0 + m.abs(x)),
        (lambda m, g, o, x: m.div(m.div(g, 1.0 + m.abs(x)), 1.0 + m.abs(x)),),
        formula="x/(1 + abs(x))",
        minus_zero=if_any,
        aliases=("softly",),
        latex=r"\operatorname{soft}",
    ),
    Gate("quarter", lambda m: m.constant("0.25"), (), about="a fourth", ulp=0.0),
    Gate(
        "middle",
        lambda m, x: x,
        (lambda m, g, o, x: g,),
        about="the mean over the rows of data",
        ulp=0.0,
        over_rows=OverRows(SUMS, average=True),
    ),
)
