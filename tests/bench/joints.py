"""Conditionals at the place where two pieces meet: with one value and slope on both sides, or with a corner or a jump.

They are so by construction, in units from 1e-100 to 1e100, at inputs of many sizes and at 0, with constants as they are
written by hand: rounded, so that both sides meet only to the last digit.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import NamedTuple

from circuitcli import Circuit


class Joint(NamedTuple):
    """An expression, and a point where its inputs stand on a joint: all but y do."""

    text: str
    point: dict[str, float]

    @property
    def names(self) -> list[str]:
        return [name for name in self.point if name != "y"]


SMOOTH = [  # {t} is 0 at the point
    "({t} > 0 ? {t}^2 : 0)",
    "({t} >= 0 ? {t} : exp({t}) - 1)",
    "({t} < 0 ? expm1({t}) : {t})",
    "({t} == 0 ? 1 : sin({t})/({t}))",
    "({t} != 0 ? (1 - cos({t}))/({t})^2 : 0.5)",
    "({t} == 0 ? {t} : expm1({t}))",
    "where({t} < 0, {t}, where({t} == 0, {t}, sin({t})))",
    "({t} < 0 ? {t}^3 : {t} < 1 ? {t}^2 : 2*{t} - 1)",
    "(not ({t} > 0) ? cos({t}) : 1 - 0.5*({t})^2)",
    "(min({t}, 0) + max({t}, 0))",
    "max({t}, 0)^2",
    "(min({t}, sin({t})) + max({t}, sin({t})))",
    "({t} > 0 ? 3 : 3)",
    "({t} == 0 ? {t}/2 : {t} > 0 ? log1p({t})/2 : sin({t}/2))",
]
SPLINES = [  # {u} is {c} at the point, {a} is its size; {twice}, {square} and so on are those of {c}, rounded
    "(abs({u}) <= {a} ? 0.5*({u})^2 : {a}*(abs({u}) - 0.5*{a}))",
    "({u} <= {c} ? ({u})^3 : {c}^3 + 3*{c}^2*({u} - {c}))",
    "({u} < {c} ? 0 : 3*({u})^2 - {sixfold}*({u}) + {thrice_square})",
    "({u} <= {c} ? ({u})^2 : {square} + {twice}*({u} - {c}))",
    "({u} == {c} ? {twice}*({u}) - {square} : ({u})^2)",
    "where({u} >= {c}, sqrt({a} * abs({u})), 0.5*({s}*({u}) + {a}))",
]
BROKEN = [  # as SMOOTH, with a corner, a jump or a vertical tangent
    "({t} > 0 ? {t} : 2*{t})",
    "({t} > 0 ? 1 : 0)",
    "({t} == 0 ? 5 : sin({t})/({t}))",
    "({t} != 0 ? (exp({t}) - 1)/({t}) : 0)",
    "({t} <= 0 ? {t}^2 : {t})",
    "({t} >= 0 ? {t} : exp(2*{t}) - 1)",
    "where({t} < 0, {t}, where({t} == 0, 1, sin({t})))",
    "({t} <= 0 ? 1 : 1.001)",
    "({t} < 0 ? 1 : 1 + sqrt({t}))",
    "({t} == 0 ? 0 : abs({t}))",
]
AROUND = ["{}", "{k}*{}", "sin({})", "exp(-({}))", "y*{}", "({} + y)^2"]


def joints(count: int, seed: int, smooth: bool) -> Iterator[Joint]:
    """Random joints, of a single input, of a product or a sum of two, or of an input that equals another."""
    rng = random.Random(seed)
    while count:
        unit = 10.0 ** rng.uniform(-100, 100)
        c = float(f"{rng.choice([-1, 1]) * rng.uniform(1, 9) * unit:.{rng.randint(1, 17)}g}")
        u, point = _meeting(rng, c)
        if smooth and rng.random() < 0.4:
            text, around = _spline(rng.choice(SPLINES), u, c), rng.choice(AROUND[:2])
        else:
            size = float(f"{abs(c) * 10.0 ** rng.uniform(-3, 3):.3g}")
            t = f"(({u} - {'d' if 'd' in point else f'({c!r})'})/{size!r})"
            if rng.random() < 0.3:
                t, point = f"(x/{unit:.3g})", {"x": 0.0}
            text = rng.choice(SMOOTH if smooth else BROKEN).replace("{t}", t)
            around = rng.choice(AROUND)
        text = around.replace("{k}", f"{10.0 ** rng.uniform(-50, 50):.3g}").replace("{}", text, 1)
        circuit = Circuit(text)
        point = {name: x for name, x in {**point, "y": rng.uniform(0.5, 2.0)}.items() if name in circuit.inputs}
        if math.isfinite(circuit(point)):
            count -= 1
            yield Joint(text, point)


def _meeting(rng: random.Random, c: float) -> tuple[str, dict[str, float]]:
    """An expression that is c, also in floats, and where."""
    kind = rng.choice(["x", "product", "sum", "equal"])
    if kind == "product":
        b = 2.0 ** rng.randint(-9, 9)
        return "x*b", {"x": c / b, "b": b}
    if kind == "sum":
        return "(x + b)", {"x": 0.5 * c, "b": 0.5 * c}
    return "x", {"x": c, **({"d": c} if kind == "equal" else {})}


def _spline(form: str, u: str, c: float) -> str:
    rounded = {"c": c, "a": abs(c), "s": math.copysign(1.0, c), "twice": 2 * c, "sixfold": 6 * c}
    rounded |= {"square": c * c, "thrice_square": 3 * c * c}
    return form.format(u=u, **{name: f"({x!r})" for name, x in rounded.items()})
