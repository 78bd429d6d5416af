"""Random circuits at random points of all scales, and the same as functions of mpmath's numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from mpmath import mp


def slopes(f: Callable[..., Any], xs: dict[str, float]) -> dict[str, Any]:
    """The derivatives of a function of mpmath's numbers, by central differences of very many digits."""
    found = {}
    with mp.workdps(1500):
        exact = {name: mp.mpf(x) for name, x in xs.items()}
        value = f(**exact)
        for name, x in exact.items():
            h = (abs(x) or 1) * mp.mpf(10) ** -400
            up, down = ({**exact, name: x + s * h} for s in (1, -1))
            slope = (f(**up) - f(**down)) / (2 * h)
            found[name] = slope if abs(slope * x) > abs(value) * mp.mpf(10) ** -700 else mp.mpf(0)
    return found


BINARY = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}


def exponential(x: Any) -> Any:
    """exp(x), where mpmath has it in a while."""
    if abs(x) > 10**6:
        raise OverflowError
    return mp.exp(x)


def wave(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A sine or a cosine, where the differences of `slopes` are much smaller than a period."""

    def near(x: Any) -> Any:
        if abs(x) > 10**6:
            raise OverflowError
        return f(x)

    return near


UNARY: dict[str, Callable[[Any], Any]] = {
    "exp": exponential,
    "log": lambda a: mp.log(a) if a > 0 else mp.nan,
    "sqrt": lambda a: mp.sqrt(a) if a >= 0 else mp.nan,
    "tanh": lambda a: mp.tanh(a) if abs(a) < 10**3 else mp.sign(a),
    "sigmoid": lambda a: 1 / (1 + exponential(-a)),
    "square": lambda a: a * a,
    "sin": wave(mp.sin),
    "cos": wave(mp.cos),
    "atan": mp.atan,
    "abs": abs,
    "cbrt": lambda a: mp.sign(a) * mp.cbrt(abs(a)),
    "expm1": lambda a: exponential(a) - 1,
    "log1p": lambda a: mp.log(1 + a) if a > -1 else mp.nan,
    "softplus": lambda a: mp.log(1 + exponential(a)),
    "relu": lambda a: max(a, mp.mpf(0)),
}


def grown(chance: random.Random, depth: int, names: list[str]) -> tuple[str, Callable[..., Any]]:
    """A random expression, and the same as a function of mpmath's numbers."""
    if depth == 0:
        name = chance.choice(names)
        return name, lambda **xs: xs[name]
    if chance.random() < 0.4:
        gate = chance.choice(list(UNARY))
        text, f = grown(chance, depth - 1, names)
        return f"{gate}({text})", lambda **xs: UNARY[gate](f(**xs))
    sign = chance.choice("***//+-")
    (left, f), (right, g) = grown(chance, depth - 1, names), grown(chance, depth - 1, names)
    return f"({left} {sign} {right})", lambda **xs: BINARY[sign](f(**xs), g(**xs))


class Case(NamedTuple):
    """A random circuit, as a text and as a function of mpmath's numbers, and a point."""

    text: str
    function: Callable[..., Any]
    inputs: dict[str, float]

    @property
    def cancels(self) -> bool:
        """Whether digits may be lost, and not the range: by a sum, or by paths that meet."""
        again = any(len(re.findall(rf"\b{name}\b", self.text)) > 1 for name in self.inputs)
        return again or any(sign in self.text for sign in "+-")

    def exact(self) -> tuple[Any, dict[str, Any]] | None:
        """The value and the slopes; None where they are not defined, or mpmath has them in no time."""
        try:
            found = slopes(self.function, self.inputs)
            with mp.workdps(1500):
                return self.function(**{name: mp.mpf(x) for name, x in self.inputs.items()}), found
        except (ZeroDivisionError, ValueError, OverflowError):
            return None


def case(seed: int) -> Case:
    """The case of a seed."""
    chance = random.Random(seed)
    names = ["x", "y", "z"][: chance.randint(1, 3)]
    text, f = grown(chance, chance.randint(1, 4), names)
    xs = {name: chance.choice((1, 1, -1)) * chance.uniform(1, 10) * 10.0 ** chance.randint(-300, 299) for name in names}
    return Case(text, f, {name: x for name, x in xs.items() if re.search(rf"\b{name}\b", text)})
