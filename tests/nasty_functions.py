"""Random functions that mislead an ascent, each in units of its own, with what is known of it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tests.unit_systems import Case, Units


class Nasty(NamedTuple):
    """A case to be climbed, and its units. `size`: the least length at which it changes its shape, in its own units.
    `runs`: the input that runs away, if one does, and ? where that depends on the way. `kinks`: whether it has creases
    or jumps."""

    kind: str
    case: Case
    units: Units
    size: float = 1.0
    runs: str = ""
    kinks: bool = False

    @property
    def words(self) -> list[str]:
        """Its command line."""
        values = [word for name, x in self.case.at(self.units).items() for word in (f"-{name}", repr(x))]
        for name, (low, high) in self.case.bounds.items():
            factor = self.units.factors(self.case.start)[name]
            ends = ["" if end is None else repr(end * factor) for end in (low, high)]
            values += ["--bounds", f"{name}={':'.join(ends)}"]
        return ["ascend" if self.case.sign > 0.0 else "descend", self.case.text(self.units), *values]


class Draw:
    """Random pieces of functions."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = "xyzw"[: self.random.randint(1, 4)]

    def more(self, least: int) -> None:
        """Have so many inputs at least."""
        self.names = "xyzw"[: max(least, len(self.names))]

    def number(self, low: float, high: float) -> float:
        """A number of a few digits."""
        return round(self.random.uniform(low, high), 3)

    def power(self, low: float, high: float) -> float:
        """A number, its logarithm being drawn."""
        return float(f"{10.0 ** self.random.uniform(low, high):.3g}")

    def one(self, *texts: str) -> str:
        """One of some texts."""
        return self.random.choice(texts)

    def bowl(self, names: str = "") -> str:
        """Squares of some inputs around random points, with random factors."""
        terms = [f"{self.power(-1, 1)}*({name} - {self.number(-2, 2)})^2" for name in names or self.names]
        return " + ".join(terms)

    def turned(self) -> str:
        """A random sum of the inputs."""
        return " + ".join(f"{self.number(-2, 2)}*{name}" for name in self.names)

    def start(self, far: float = 2.0) -> dict[str, float]:
        """A random start, at 0 for some inputs at times."""
        return {name: 0.0 if self.random.random() < 0.1 else self.number(-far, far) for name in self.names}


Piece = tuple[str, dict[str, float], dict[str, Any]]


def plateau(d: Draw) -> Piece:
    a = d.power(0, 2)
    text = d.one(
        f"-exp(-{a}*({d.bowl()}))",
        f"tanh({d.power(0, 1.5)}*({d.bowl()} - 1))",
        f"max(0, {d.bowl()} - 1)^2",
        f"1 - 1/(1 + {a}*({d.bowl()})^2)",
        f"sigmoid({d.power(0, 2)}*({d.turned()})) + sigmoid({d.power(0, 2)}*({d.number(-1, 1)} - ({d.turned()})))",
    )
    return text, d.start(d.random.choice([1.0, 3.0, 30.0])), {"kinks": "max" in text, "size": 0.01, "runs": "?"}


def cliff(d: Draw) -> Piece:
    steep, at = d.power(1, 4), d.number(-1, 1)
    text = d.one(
        f"{d.bowl()} + {d.number(0.5, 3)}*sigmoid({steep}*({d.turned()} - {at}))",
        f"{d.bowl()} + floor({d.number(1, 4)}*x)",
        f"where(x > {at}, {d.bowl()}, {d.number(-1, 1)} - x)",
        f"{d.bowl()} + {d.number(0.5, 3)}*atan({steep}*(x - {at}))",
    )
    return text, d.start(), {"kinks": "floor" in text or "where" in text, "size": 1.0 / steep}


def saddle(d: Draw) -> Piece:
    d.more(2)
    rest = f" + {d.bowl(d.names[2:])}" if d.names[2:] else ""
    wall = d.power(-1, 0.5)
    text = d.one(
        f"x*y*exp(-{wall}*(x^2 + y^2))",
        f"x^2 - {wall}*y^2 + y^4/4",
        f"(x^2 - 1)^2 + {wall}*(y^2 - 1)^2",
        f"cos({d.number(1, 3)}*x)*cos({d.number(1, 3)}*y) + {0.01 * wall:.3g}*(x^2 + y^2)",
        f"x^2*(1 - y) + {wall}*y^2 + 0.1*x^4",
        f"x*y + {wall}*(x^4 + y^4)",
    )
    start = d.start()
    start[d.one("x", "y")] = 0.0
    if d.random.random() < 0.5:  # on the line that leads to the saddle
        start["x"] = d.random.choice([-1, 1]) * (start["y"] or 0.5)
    return text + rest, start, {"runs": "?"}


def ridge(d: Draw) -> Piece:
    d.more(2)
    steep = d.power(1, 6)
    text = d.one(
        f"(1-x)^2 + {steep}*(y - x^2)^2",
        f"{steep}*({d.turned()} - 1)^2",
        f"{steep}*({d.turned()} - 1)^2 + {d.power(-3, 0)}*({d.turned()})^4",
        f"{steep}*(x^2 + y^2 - 1)^2 + {d.number(0.1, 1)}*x",
        f"{steep}*(x*y - 1)^2 + {d.power(-2, 0)}*(x - y)^2",
        f"log(1 + {steep}*({d.turned()})^2) + {d.power(-3, 0)}*({d.bowl()})",
    )
    return text, d.start(), {"size": steep**-0.5}


def pole(d: Draw) -> Piece:
    a = d.number(0.1, 2)
    rest = f" + {d.bowl(d.names[1:])}" if d.names[1:] else ""
    text, start = d.random.choice(
        [
            (f"1/x + {a}*x", a),
            (f"x - {a}*log(x)", 3.0),
            (f"1/(x - {a})^2 + (x - {a})^2/9", a + 0.3),
            (f"-1/(x - {a})", a + 1.0),
            (f"x*log(x) + {a}*x", 2.0),
            (f"log(x)^2/x + {a}*x", 1.5),
            (f"tan(x)^2 + {a}*x", 0.7),
            (f"sqrt(x) + {a}/x", 0.5),
        ]
    )
    return text + rest, {**d.start(), "x": start}, {"runs": "?"}


def noise(d: Draw) -> Piece:
    often, much = d.power(1, 5), d.power(-7, -1)
    waves = d.one(f"{much}*sin({often}*x)", f"{much}*cos({often}*({d.turned()}))", f"{much}*sin({often}*x)^2")
    return f"{d.bowl()} + {waves}", d.start(), {"size": 1.0 / often}


def bounded(d: Draw) -> Piece:
    name = d.random.choice(d.names)
    text = d.one(
        f"{d.bowl()} + {d.number(-1, 1)}*x*{name}",
        f"{d.turned()} + 0.1*({d.bowl()})",
        f"x*{name} + {name}^2",
        f"-({d.bowl()})",
        f"{d.turned()}",
        f"x^3 + {d.bowl(d.names[1:] or 'x')}",
        f"-x^2*{name} + {name}^3",
    )
    start, bounds = d.start(1.0), {}
    for name in d.names:
        low = d.random.choice([0.0, d.number(-3, 0), start[name]])
        bounds[name] = (min(low, start[name]), max(d.number(0.5, 3), start[name]))
    return text, start, {"bounds": bounds}


def underflow(d: Draw) -> Piece:
    a, far = d.power(0, 3), d.number(5, 40)
    text = d.one(
        f"-exp(-{a}*({d.bowl()}))",
        f"(exp(-{a}*abs(x)) - 0.5)^2" + (f" + {d.bowl(d.names[1:])}" if d.names[1:] else ""),
        " + ".join(f"(exp(-{t}*x^2) - {d.number(0.1, 0.9)})^2" for t in (1, 2, 4)),
        f"-exp(-exp({d.turned()})) + 1e-3*({d.bowl()})",
        f"1e-200*({d.bowl()})^2*1e-100",
        f"-1/(1 + exp({a}*({d.bowl()} - 1)))",
    )
    start = {name: d.random.choice([-1, 1]) * far for name in d.names} if d.random.random() < 0.6 else d.start()
    return text, start, {"kinks": "abs" in text, "size": 0.01, "runs": "?"}


def degenerate(d: Draw) -> Piece:
    d.more(2)
    a = d.number(-1, 1)
    text = d.one(
        f"(x - {a})^4 + {d.bowl('y')}",
        f"x^2*y^2 + {d.power(-3, 0)}*(x - y)^4",
        f"(x - {a})^6 + (y - x)^2",
        "x^2*y^2",
        f"(x^2 + y^2)^2 + {d.power(-3, 0)}*x^6",
        f"({d.turned()} - {a})^4 + ({d.turned()})^4",
        f"(x - {a})^4*(1 + y^2) + y^8",
        f"(x - y)^2 + (x + y - {a})^8",
        f"(x - {a})^3*(x + 1)^2 + (x - {a})^4*3 + y^2",
    )
    return text, d.start(), {"runs": "?" if "^3" in text else ""}


def monkey(d: Draw) -> Piece:
    d.more(2)
    a = d.power(-2, 0)
    text = d.one(
        f"x^3 - 3*x*y^2 + {a}*(x^2 + y^2)^2",
        f"x^3 + {a}*x^4 + y^2",
        f"x^5 - 10*x^3*y^2 + 5*x*y^4 + {a}*(x^2 + y^2)^3",
        f"(y - x^2)*(y - 3*x^2) + {a}*(x^6 + y^4)",  # Peano's: a minimum along every line, and none
        f"x^2*y + y^3 - y^2 + {a}*(x^4 + y^4)",
        f"-x^4 + y^2 + {a}*x^6",
    )
    start = dict.fromkeys(d.names, 0.0) if d.random.random() < 0.3 else d.start(1.0)
    if d.random.random() < 0.3:
        start["y"] = 0.0
    rest = f" + {d.bowl(d.names[2:])}" if d.names[2:] else ""
    return text + rest, start, {}


def jump(d: Draw) -> Piece:
    d.more(2)
    a = d.number(0.2, 2)
    text, bounds = d.random.choice(
        [
            (f"copysign({a}*x^2, y) + y^2", {}),
            (f"sign(x - {a})*y^2 + x^2 + y^4/9", {}),
            (f"copysign(x^2, x) + {a}*x^4 + y^2", {}),
            (f"{a}*x*y + y^2", {"x": (0.0, None)}),
            (f"{a}*x*y + y^2 + x^3", {"x": (0.0, None), "y": (None, 2.0)}),
            (f"(x > y)*{a} + x^2 + y^2", {}),
            (f"x^2 + abs(y)*sign(x) + {a}*y^2", {}),
        ]
    )
    start = dict.fromkeys(d.names, 0.0) if d.random.random() < 0.3 else d.start()
    start["x"] = abs(start["x"])
    rest = f" + {d.bowl(d.names[2:])}" if d.names[2:] else ""
    return text + rest, start, {"bounds": bounds, "kinks": not bounds, "runs": "?"}


def runaway(d: Draw) -> Piece:
    a = d.power(-1, 1)
    text, start = d.random.choice(
        [
            (f"exp(-{a}*x)", 0.5),
            (f"1/({a}*x)", 0.5),
            (f"softplus(-{a}*x)", 0.0),
            (f"log(1 + exp(-{a}*x))", 1.0),
            (f"-atan({a}*x)", 0.0),
            (f"-tanh({a}*x)", 0.0),
            (f"-x/({a} + abs(x))", 1.0),
            (f"-sqrt(1 + ({a}*x)^2)", 0.5),
            (f"-log(1 + ({a}*x)^2)", 0.5),
            (f"1/(1 + ({a}*x)^2)", 0.5),
            (f"softplus(-{a}*x) + softplus(-{2 * a}*x)", -1.0),
            (f"-{a}*x", 0.0),
            ("hypot(1, x) - x", 0.0),
        ]
    )
    rest = f" + {d.bowl(d.names[1:])}" if d.names[1:] else ""
    return text + rest, {**d.start(), "x": start}, {"runs": "x", "kinks": "abs" in text}


def kink(d: Draw) -> Piece:
    text = d.one(
        f"abs({d.turned()}) + {d.power(-1, 0)}*({d.bowl()})",
        f"max({d.turned()}, {d.turned()}, {d.bowl()})",
        " + ".join(f"abs({name} - {d.number(-1, 1)})" for name in d.names),
        f"relu({d.turned()}) + relu({d.number(-1, 1)} - ({d.turned()})) + {d.power(-2, 0)}*({d.bowl()})",
        f"-abs({d.turned()}) + {d.bowl()}",
        f"min({d.bowl()}, {d.bowl()})",
        f"sqrt({d.bowl()})",
        f"max(0, 1 - x)^2 + {d.power(-3, -1)}*({d.bowl()})",
    )
    return text, d.start(), {"kinks": True}


def waves(d: Draw) -> Piece:
    terms = [
        d.one(
            f"sin({d.number(0.5, 3)}*{name} + {d.number(0, 3)})*{d.random.choice(d.names)}",
            f"cos({d.turned()})",
            f"-exp(-({d.bowl()}))",
            f"atan({d.turned()})",
            f"({d.turned()})/(1 + ({d.bowl()})^2)",
        )
        for name in d.names * 2
    ]
    return " + ".join([*terms, f"0.05*({d.bowl()})"]), d.start(), {"size": 0.3}


def offset(d: Draw) -> Piece:
    big = d.power(3, 12)
    text = d.one(
        f"{big} + {d.bowl()}",
        f"{big}*(1 + 1e-9*({d.bowl()})^2)",
        f"({big} + {d.bowl()}) - {big}",
        f"log({big} + {d.bowl()})",
        f"sqrt({big} + ({d.bowl()})^2)",
    )
    return text, d.start(), {"size": 0.1}


KINDS: Mapping[str, Callable[[Draw], Piece]] = {
    function.__name__: function
    for function in (
        *(plateau, cliff, saddle, ridge, pole, noise, bounded, underflow),
        *(degenerate, monkey, jump, runaway, kink, waves, offset),
    )
}


def nasty(index: int, seed: int = 0) -> Nasty:
    """One function, of the kinds in turn."""
    kind = list(KINDS)[index % len(KINDS)]
    draw = Draw(1_000_003 * seed + index)
    text, start, known = KINDS[kind](draw)
    used = set(re.findall(r"\b[xyzw]\b", text))
    start = {name: x for name, x in start.items() if name in used}
    bounds = {name: ends for name, ends in known.pop("bounds", {}).items() if name in used}
    sign = -1.0
    if draw.random.random() < 0.5:
        text, sign = f"-({text})", 1.0
    powers = [draw.random.randint(-9, 9) for _ in range(len(start) + 1)]
    case = Case(f"{kind} {index}", text, start, 0.0, bounds, sign)
    return Nasty(kind, case, Units(powers[1:], powers[0]), **known)
