"""The largest error of every gate in ulp, of its value and its gradient, beside PyTorch's and JAX's at the same points.

    PYTHONPATH=. python tests/bench/accuracy.py [POINTS] [GATE]...

What is asked of each is the mpmath number at the exact arguments; "-" where a peer is not installed or lacks the gate.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

from circuitcli.engine.floats import FLOATS
from circuitcli.gates import GATES
from circuitcli.wire_types import Only
from tests.oracle import ORACLE, SLOPES, mp
from tests.test_accuracy import BOUNDED, HUGE, NORMAL, points, representable, ulp

Columns = list[list[float]]
System = Callable[[str, Columns], "tuple[list[float], Columns] | None"]


class Asked(NamedTuple):
    """Arguments, and what is exact there: the value, and the partial derivatives where there are any."""

    xs: tuple[float, ...]
    value: Any
    slopes: list[Any]


def asked(name: str, count: int) -> list[Asked]:
    found = []
    for xs in points(name, count, seed=2):
        tie = name in ("max", "min", "clip") and len(set(xs)) < len(xs)
        if any(abs(x) > BOUNDED.get(name, HUGE) or not math.isfinite(x) for x in xs) or tie:
            continue
        if (name == "digamma" and xs[0] < -1e4) or (name in ("mod", "fmod") and not abs(FLOATS.div(*xs)) < 1e300):
            continue
        exact = [mp.mpf(x) for x in xs]
        try:
            value = ORACLE[name](*exact)
            if not representable(value) or (value != 0 and abs(value) < NORMAL):
                continue
            slopes = [None if f is None else f(*exact) for f in SLOPES[name]]
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        slopes = [None if s is None or not representable(s) or abs(s) < NORMAL else s for s in slopes]
        found.append(Asked(xs, value, slopes))
    return found


def ours(name: str, columns: Columns) -> tuple[list[float], Columns]:
    gate, values, slopes = GATES[name], [], []
    for xs in zip(*columns, strict=True):
        o = gate.forward(FLOATS, *xs)
        row = []
        for rule in gate.vjps(len(xs)):
            c = 0.0 if rule is None else rule(FLOATS, 1.0, o, *xs)
            row.append((c.g if c.cond else 0.0) if isinstance(c, Only) else c)
        values.append(o)
        slopes.append(row)
    return values, [list(column) for column in zip(*slopes, strict=True)]


def torch_functions(torch: Any) -> dict[str, Any]:
    f, s = torch.nn.functional, torch.special
    names = "exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh sqrt"
    names += " abs square hypot erf erfc sigmoid lgamma digamma logaddexp copysign fmod"
    found = {name: getattr(torch, name) for name in names.split()}
    return found | {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "pow": torch.pow, "mod": torch.remainder,
        "softplus": lambda x: f.softplus(x, threshold=800),
        "logsigmoid": f.logsigmoid, "relu": torch.relu, "leaky_relu": f.leaky_relu, "elu": f.elu, "silu": f.silu,
        "gelu": f.gelu, "normcdf": s.ndtr, "max": lambda *xs: torch.stack(xs).amax(0),
        "min": lambda *xs: torch.stack(xs).amin(0), "logsumexp": lambda *xs: torch.logsumexp(torch.stack(xs), 0),
    }  # fmt: skip


def pytorch() -> System | None:
    try:
        import torch  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    functions = torch_functions(torch)

    def run(name: str, columns: Columns) -> tuple[list[float], Columns] | None:
        if name not in functions:
            return None
        xs = [torch.tensor(column, dtype=torch.float64, requires_grad=True) for column in columns]
        value = functions[name](*xs)
        value.sum().backward()
        return value.tolist(), [[0.0] * len(x) if x.grad is None else x.grad.tolist() for x in xs]

    return run


def jax_functions(jax: Any) -> dict[str, Any]:
    jnp, nn, special = jax.numpy, jax.nn, jax.scipy.special
    names = "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arcsinh"
    names += " arccosh arctanh sqrt abs square hypot cbrt logaddexp copysign fmod degrees radians"
    return {name.replace("arc", "a"): getattr(jnp, name) for name in names.split()} | {
        "add": jnp.add, "sub": jnp.subtract, "mul": jnp.multiply, "div": jnp.divide, "neg": jnp.negative,
        "pow": jnp.power, "mod": jnp.mod, "erf": special.erf, "erfc": special.erfc, "lgamma": special.gammaln,
        "gamma": special.gamma, "digamma": special.digamma, "normcdf": special.ndtr, "sigmoid": nn.sigmoid,
        "softplus": nn.softplus, "logsigmoid": nn.log_sigmoid, "relu": nn.relu, "leaky_relu": nn.leaky_relu,
        "elu": nn.elu, "silu": nn.silu, "gelu": lambda x: nn.gelu(x, approximate=False), "clip": jnp.clip,
        "max": lambda *xs: jnp.stack(xs).max(), "min": lambda *xs: jnp.stack(xs).min(),
        "logsumexp": lambda *xs: special.logsumexp(jnp.stack(xs)),
    }  # fmt: skip


def jax() -> System | None:
    try:
        import jax  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    functions = jax_functions(jax)

    def run(name: str, columns: Columns) -> tuple[list[float], Columns] | None:
        if name not in functions:
            return None
        xs = [jax.numpy.array(column) for column in columns]
        both = jax.vmap(jax.value_and_grad(functions[name], argnums=tuple(range(len(xs)))))
        value, slopes = both(*xs)
        return value.tolist(), [slope.tolist() for slope in slopes]

    return run


def worst(found: list[float], wanted: list[Any]) -> float:
    errors = [
        float(abs(mp.mpf(got) - want) / mp.mpf(ulp(want))) if math.isfinite(got) else math.inf
        for got, want in zip(found, wanted, strict=True)
        if want is not None
    ]
    return max(errors, default=0.0)


def shown(error: float | None) -> str:
    return f"{'-' if error is None else f'{error:.1f}' if error < 1000 else f'{error:.0e}':>9s}"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    systems = {"circuit": ours, "PyTorch": pytorch(), "JAX": jax()}
    print(f"{'largest error in ulp':12s} " + "  ".join(f"{who + ': value':>16s} {'gradient':>9s}" for who in systems))
    for name in sys.argv[2:] or [name for name in GATES if name in ORACLE]:
        rows = asked(name, count)
        if not rows:
            continue
        columns = [list(column) for column in zip(*(row.xs for row in rows), strict=True)]
        cells = []
        for system in systems.values():
            answer = system(name, columns) if system is not None else None
            if answer is None:
                cells.append(f"{shown(None):>16s} {shown(None)}")
                continue
            value = worst(answer[0], [row.value for row in rows])
            slopes = [worst(got, [row.slopes[i] for row in rows]) for i, got in enumerate(answer[1])]
            cells.append(f"{shown(value):>16s} {shown(max(slopes))}")
        print(f"{name:20s} " + "  ".join(cells) + (f"  ({GATES[name].accuracy})" if GATES[name].accuracy else ""))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
