"""The Hessian of Rosenbrock's function of 100 inputs, once built, as a ratio to the value; and the largest relative
error of the second derivatives of every gate, beside PyTorch's and JAX's at the same points.

    PYTHONPATH=. python tests/bench/hessian.py [INPUTS] [GATE]...

Exact is what mpmath makes of differences; "-" where a peer is not installed or lacks the gate.
"""

from __future__ import annotations

import math
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from statistics import median

from circuitcli import Circuit
from circuitcli.analysis.derivatives import Hessian
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import forward
from circuitcli.gates import GATES
from tests.bench.accuracy import jax_functions, torch_functions
from tests.test_second_derivatives import CURVED, Second, places, seconds

HELD_TO = 20
EXPONENTS = (*range(-1022, 1023, 41), *range(-60, 11, 3), -1, 0, 1)

Peer = Callable[[str, Sequence[float]], "list[list[float]] | None"]  # the Hessian of a gate at a point


def took(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def cost(n: int) -> None:
    source = Circuit(" + ".join(f"100*(x{i + 1} - x{i}^2)^2 + (1 - x{i})^2" for i in range(1, n)))
    point = {f"x{i}": 1 + 0.01 * i for i in range(1, n + 1)}
    at = source._read.at(point)
    began = time.perf_counter()
    second = Hessian(at.graph, source.inputs)
    built = time.perf_counter() - began
    ratios = []
    for _ in range(30):
        value = took(lambda: forward(at.graph, FLOATS, point))
        ratios.append(took(lambda: second.at(at)) / value)
    nodes = len(second.circuit.nodes) / len(at.graph.nodes)
    print(f"{n} inputs: built in {1e3 * built:.0f} ms, {nodes:.1f} times the nodes of the value")
    print(f"the Hessian costs {median(ratios):.1f} times the value (held to {HELD_TO})")


def pytorch() -> Peer | None:
    try:
        import torch  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    functions = torch_functions(torch)

    def hessian(name: str, xs: Sequence[float]) -> list[list[float]] | None:
        if name not in functions:
            return None
        at = torch.tensor(xs, dtype=torch.float64)
        found: list[list[float]] = torch.autograd.functional.hessian(lambda v: functions[name](*v), at).tolist()
        return found

    return hessian


def jax() -> Peer | None:
    try:
        import jax  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    compiled = {name: jax.jit(jax.hessian(lambda v, f=f: f(*v))) for name, f in jax_functions(jax).items()}

    def hessian(name: str, xs: Sequence[float]) -> list[list[float]] | None:
        return compiled[name](jax.numpy.array(xs)).tolist() if name in compiled else None

    return hessian


def worst(asked: Sequence[Second], peer: Peer | None, name: str) -> str:
    """The largest relative error of a peer, or without one of our own."""
    errors = []
    for second in asked:
        if peer is not None:
            found = peer(name, second.xs)
            if found is None:
                return "-"
            i, j = (second.names.index(each) for each in second.by)
            second = second._replace(found=found[i][j])
        errors.append(second.error)
    return f"{max(errors):.0e}" if max(errors) < math.inf else "not finite"


def errors(names: Sequence[str]) -> None:
    peers = {"PyTorch": pytorch(), "JAX": jax()}
    print(f"{'largest relative error':24s} {'circuit':>12s} " + " ".join(f"{who:>12s}" for who in peers))
    for name in names:
        asked = [second for second in seconds(name, places(name, EXPONENTS)) if second.wanted != 0]
        if asked:
            cells = [worst(asked, None, name), *("-" if p is None else worst(asked, p, name) for p in peers.values())]
            mended = sum(second.mended for second in asked)
            note = f"  ({mended} of {len(asked)} in more digits)" if mended else ""
            print(f"{name:24s} " + " ".join(f"{cell:>12s}" for cell in cells) + note)


def main() -> None:
    cost(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    errors(sys.argv[2:] or [name for name in CURVED if GATES[name].piece is None])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
