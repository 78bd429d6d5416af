"""Gradients of random circuits at random points over the scales 1e-300 to 1e300, against mpmath: at a point, over rows
on both engines, and by the peers that are installed.

PYTHONPATH=. python tests/bench/range.py [CIRCUITS]
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from circuitcli.analysis.point import Point
from circuitcli.language import graph_of, parse
from tests.random_circuits import UNARY, Case, case
from tests.support import circuit

RIGHT, SAID, INFINITE, SILENT = "right", "underflowed, said", "not finite", "silently wrong"
Answer = tuple[Mapping[str, float], bool]  # the gradient, and whether it is said to have underflowed


def at_a_point(one: Case) -> Answer:
    point = Point(graph_of(parse(one.text)), one.inputs, list(one.inputs))
    return point.gradient, bool(point.underflowed)


def over_rows(engine: str) -> Callable[[Case], Answer]:
    def answer(one: Case) -> Answer:
        rows = ",".join(one.inputs) + "\n" + ",".join(map(repr, one.inputs.values())) + "\n"
        done = circuit("grad", one.text, "-", "--engine", engine, stdin=rows)
        names, row = (line.split(",") for line in done.stdout.splitlines())
        found = {name.removeprefix("grad_"): float(x) for name, x in zip(names, row, strict=True) if "grad_" in name}
        return found, "underflows" in done.stderr

    return answer


def by_jax() -> Callable[[Case], Answer]:
    import jax

    jax.config.update("jax_enable_x64", True)
    known = {name: getattr(jax.nn, name) for name in ("sigmoid", "softplus", "relu")}
    known |= {name: getattr(jax.numpy, name) for name in UNARY if name not in known and name != "atan"}
    known["atan"] = jax.numpy.arctan

    def answer(one: Case) -> Answer:
        f = eval(f"lambda {', '.join(one.inputs)}: {one.text}", dict(known))
        found = jax.grad(f, tuple(range(len(one.inputs))))(*one.inputs.values())
        return dict(zip(one.inputs, map(float, found), strict=True)), False

    return answer


def by_torch() -> Callable[[Case], Answer]:
    import torch

    known: dict[str, Any] = {name: getattr(torch, name) for name in UNARY if name not in ("softplus", "cbrt")}
    known["softplus"] = torch.nn.functional.softplus
    known["cbrt"] = lambda x: torch.sign(x) * torch.abs(x) ** (1.0 / 3.0)  # torch has none

    def answer(one: Case) -> Answer:
        f = eval(f"lambda {', '.join(one.inputs)}: {one.text}", dict(known))
        xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in one.inputs.values()]
        f(*xs).backward()
        return {name: float(x.grad) for name, x in zip(one.inputs, xs, strict=True)}, False

    return answer


def answerers() -> Iterator[tuple[str, Callable[[Case], Answer]]]:
    yield "circuit, a point", at_a_point
    for engine in ("arrays", "native"):
        yield f"circuit, {engine}", over_rows(engine)
    for name, made in (("jax", by_jax), ("torch", by_torch)):
        if importlib.util.find_spec(name):
            yield name, made()


def ending(one: Case, slopes: Mapping[str, Any], answer: Callable[[Case], Answer]) -> str:
    found, said = answer(one)
    if not all(map(math.isfinite, found.values())):
        return INFINITE
    if all(abs(found[name] - slope) <= 1e-9 * abs(slope) for name, slope in slopes.items()):
        return RIGHT
    return SAID if said else SILENT


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    cases = []
    for seed in range(count):
        one = case(seed)
        value = Point(graph_of(parse(one.text)), one.inputs).value
        exact = one.exact() if math.isfinite(value) else None
        # where sums or paths cancel, digits are lost in any float64
        if exact is not None and not one.cancels and abs(value - exact[0]) <= 1e-9 * abs(exact[0]):
            cases.append((one, exact[1]))
    print(f"{count} random circuits, of which {len(cases)} have a value in float64, and nothing that cancels")
    print(f"{'':18}" + "".join(f"{end:>20}" for end in (RIGHT, SAID, INFINITE, SILENT)))
    for name, answer in answerers():
        ends = Counter(ending(one, slopes, answer) for one, slopes in cases)
        print(f"{name:18}" + "".join(f"{ends[end]:20}" for end in (RIGHT, SAID, INFINITE, SILENT)))


if __name__ == "__main__":
    main()
