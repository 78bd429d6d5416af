"""Every arithmetic has every primitive, and every engine runs it: by a walk that finds them, so a new one is tested."""

from __future__ import annotations

import importlib
import math
import pkgutil
import random
from collections.abc import Callable, Sequence
from inspect import Parameter, getmembers, isclass, isfunction, signature
from typing import Any

import numpy as np
import pytest

from circuitcli import engine
from circuitcli.arithmetic import Arithmetic
from circuitcli.engine import arrays, llvm, python_source
from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.bool_conditions import BoolConditions
from circuitcli.engine.digit_intervals import DigitIntervals
from circuitcli.engine.digits import Digits
from circuitcli.engine.floats import FLOATS, Floats
from circuitcli.engine.inherited_gates import InheritedGates
from circuitcli.engine.interval import Interval
from circuitcli.engine.interval_array import interval_array
from circuitcli.engine.interval_arrays import IntervalArrays
from circuitcli.engine.intervals import Intervals
from circuitcli.engine.mathlib import scalar_function
from circuitcli.engine.native_point import NativePoint
from circuitcli.engine.passes import forward
from circuitcli.engine.protocol import Kernel
from circuitcli.engine.python_source import PythonSource, function
from circuitcli.engine.symbols import Symbols
from circuitcli.engine.taylor_series import RoughError, TaylorSeries
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import ExactRecorder, Recorder
from circuitcli.gates import GATES
from circuitcli.graph import INPUT, Graph, Node
from circuitcli.primitives import PRIMITIVES, Primitive

POINTS: list[tuple[float, ...]] = [(0.75, 2.5, 1.5), (0.5, 0.5, 0.25), (0.25, 0.0, 3.0), (-0.75, 2.0, -3.0)]


def classes() -> list[type]:
    """All classes of the engine but its interfaces."""
    modules = [
        importlib.import_module(f"circuitcli.engine.{found.name}") for found in pkgutil.iter_modules(engine.__path__)
    ]
    found = [c for module in modules for _, c in getmembers(module, isclass) if c.__module__ == module.__name__]
    return [c for c in found if not getattr(c, "_is_protocol", False)]


ARITHMETICS = [c for c in classes() if hasattr(c, "constant") and hasattr(c, "ties")]
KERNELS = [c for c in classes() if "rows" in vars(c) and signature(c.rows) == signature(Kernel.rows)]  # type: ignore[attr-defined]


# ── how a wire comes in and goes out ────────────────────────────────────────────────────────────────────────

Setting = tuple[Sequence[object], Callable[[Any], float]]  # the wires of some numbers, and how to read a wire


def numbers(m: Any, xs: Sequence[float]) -> Setting:
    return [m.constant(repr(x)) for x in xs], float


def end_of(found: Interval) -> float:
    """An end of a narrow interval."""
    assert found.empty or found.lo == found.hi or found.hi - found.lo <= 1e-14 * abs(found.lo)
    return float(found.lo)


def intervals(m: Any, xs: Sequence[float]) -> Setting:
    return [m.wire(x) for x in xs], lambda wire: end_of(m.wire(wire))


def interval_rows(m: Any, xs: Sequence[float]) -> Setting:
    return [interval_array(x) for x in xs], lambda wire: end_of(interval_array(wire).at(0))


def series(m: Any, xs: Sequence[float]) -> Setting:
    return [m.wire(x) for x in xs], lambda wire: end_of(m.wire(wire).terms[0])


def columns(m: Any, xs: Sequence[float]) -> Setting:
    names = [f"x{i}" for i in range(len(xs))]
    return [m.column(name) for name in names], lambda wire: run(ArrayKernel(m.program([wire])), xs)


def nodes(m: Any, xs: Sequence[float]) -> Setting:
    def read(wire: Any) -> float:
        graph = m.builder.graph(m.wire(wire).k)
        return float(forward(graph, FLOATS, {f"x{i}": x for i, x in enumerate(xs)})[graph.output])

    return m.wires[:], read


def symbols() -> Symbols:
    return Symbols(Graph([Node(INPUT, (), f"x{i}") for i in range(3)], 0))


SETTINGS = {  # of a class and those below it: how it is made, and how numbers come in and go out
    Floats: (Floats, numbers),
    Digits: (lambda: Digits(40), numbers),
    Intervals: (Intervals, intervals),
    DigitIntervals: (lambda: DigitIntervals(40), intervals),
    IntervalArrays: (IntervalArrays, interval_rows),
    TaylorSeries: (lambda: TaylorSeries(Intervals(), 2), series),
    Recorder: (Recorder, columns),
    Symbols: (symbols, nodes),
}


def run(kernel: Kernel, xs: Sequence[float]) -> float:
    out = np.empty(1)
    kernel.rows({f"x{i}": np.array([x]) for i, x in enumerate(xs)}, {}, [out])
    return float(out[0])


def arguments(primitive: Primitive, m: Any, wires: Sequence[object]) -> list[object]:
    """Wires as the primitive takes them, three where it takes any number."""
    takes = primitive.takes.replace("*", "xx")
    return [m.truth(wire) if letter == "c" else wire for letter, wire in zip(takes, wires, strict=False)]


def applied(name: str, m: Any, wires: Sequence[object]) -> Any:
    """The primitive on wires, a condition as 1.0 or 0.0."""
    primitive = PRIMITIVES[name]
    result = getattr(m, name)(*arguments(primitive, m, wires))
    return m.where(result, 1.0, 0.0) if primitive.gives == "c" else result


def points(name: str) -> list[tuple[float, ...]]:
    return [(2.0, abs(x) + y + 0.5, z) for x, y, z in POINTS] if name == "polygamma" else POINTS


def wanted(name: str, xs: Sequence[float]) -> Any:
    return pytest.approx(applied(name, FLOATS, xs), rel=1e-14, abs=0.0, nan_ok=True)


# ── the walks ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_walk_finds_them() -> None:
    assert {c.__name__ for c in ARITHMETICS} >= {"Floats", "Digits", "Symbols", "Recorder"}
    assert {c.__name__ for c in KERNELS} >= {"ArrayKernel", "NativeKernel"}


@pytest.mark.parametrize("kind", ARITHMETICS)
@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_arithmetic_has_every_primitive(name: str, kind: type) -> None:
    base = next(c for c in kind.__mro__ if c in SETTINGS)
    make, setting = SETTINGS[base]
    for xs in points(name):
        m = make() if kind is base else kind(40) if base is Digits else kind()
        wires, read = setting(m, xs)
        try:
            with np.errstate(all="ignore"):
                assert read(applied(name, m, wires)) == wanted(name, xs), xs
        except RoughError:  # a series has none at an edge, as of sqrt at 0
            assert not math.isfinite(float(applied(name, FLOATS, xs))), xs


def program(name: str) -> TracedProgram:
    m = ExactRecorder()
    return m.program([applied(name, m, [m.column(x) for x in ("x0", "x1", "x2")])])


@pytest.mark.parametrize("kind", KERNELS)
@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_kernel_runs_every_primitive(name: str, kind: Callable[[TracedProgram], Kernel]) -> None:
    kernel = kind(program(name))
    for xs in points(name):
        assert run(kernel, xs) == wanted(name, xs), xs


@pytest.mark.parametrize("name", PRIMITIVES)
def test_python_source_computes_every_primitive_to_the_bit(name: str) -> None:
    source = PythonSource(program(name), ["x0", "x1", "x2"], {})
    compute = function("f(x0, x1, x2)", [*source.lines, f"return {source.outputs[0]}"], source.known)
    for xs in points(name):
        assert repr(compute(*xs)) == repr(applied(name, FLOATS, xs)), xs


@pytest.mark.parametrize("name", PRIMITIVES)
def test_machine_code_of_one_point_computes_every_primitive_to_the_bit(name: str) -> None:
    compute = NativePoint(program(name), ["x0", "x1", "x2"], {})
    odd = [
        -math.inf,
        -1e300,
        -2.5,
        -1.0,
        -0.5,
        -0.0,
        0.0,
        1e-320,
        0.3,
        1.0,
        2.0,
        2.5,
        3.0,
        1e5,
        1e300,
        math.inf,
        math.nan,
    ]
    pairs = [(x, y, z) for x in odd for y in odd for z in (2.0, 0.5)]
    draw = random.Random(name)
    near = [tuple(draw.uniform(-9.0, 9.0) for _ in range(3)) for _ in range(2_000)]
    for xs in [*points(name), *([] if name == "polygamma" else [*pairs, *near])]:
        (found,) = compute(xs, 0, 1)
        expected = applied(name, FLOATS, xs)
        assert found.hex() == float(expected).hex() or (found != found and expected != expected), xs


def test_a_backend_writes_primitives_alone_and_calls_the_others() -> None:
    for table in (arrays.WRITTEN, llvm.WRITTEN, python_source.WRITTEN):
        assert set(table) <= set(PRIMITIVES)
    for name in set(PRIMITIVES) - set(llvm.WRITTEN):
        assert scalar_function(name)[1], name


NOT_PRIMITIVE = ("constant", "power_slope", "hypot_slope", "sigmoid_slope", "ties", "apart", "softmax")


def test_the_type_lists_the_primitives() -> None:
    """The methods of `Arithmetic` are the rows of the table, argument for argument."""
    shapes = {}
    for name, method in vars(Arithmetic).items():
        if isfunction(method) and not name.startswith("_") and name not in NOT_PRIMITIVE:
            _, *parameters = signature(method).parameters.values()
            takes = ["c" if p.annotation == "C | bool" else "x" for p in parameters]
            many = parameters[-1].kind is Parameter.VAR_POSITIONAL
            shapes[name] = "".join(takes) + "*" * many, "c" if signature(method).return_annotation == "C" else "x"
    assert shapes == {row.name: (row.takes, row.gives) for row in PRIMITIVES.values()}


# ── what lacks ──────────────────────────────────────────────────────────────────────────────────────────────


def lacking(name: str) -> Any:
    """Floats without one primitive."""
    own = {**vars(BoolConditions), **vars(Floats)}
    return type("Lacking", (InheritedGates,), {k: v for k, v in own.items() if k != name and not k.startswith("__")})()


@pytest.mark.parametrize("name", [name for name, row in PRIMITIVES.items() if not row.infix])
def test_a_primitive_that_lacks_is_named(name: str) -> None:
    with pytest.raises(AttributeError, match=f"^the arithmetic Lacking has no primitive {name}$"):
        applied(name, lacking(name), POINTS[0])


def test_a_gate_names_the_primitive_that_it_lacks() -> None:
    with pytest.raises(AttributeError, match=r"no primitive exp$"):
        GATES["sigmoid"].forward(lacking("exp"), 1.0)


@pytest.mark.parametrize("m", [FLOATS, Digits(20), Recorder(), symbols()], ids=lambda m: type(m).__name__)
def test_a_gate_that_does_not_exist_is_an_attribute_error(m: Any) -> None:
    with pytest.raises(AttributeError, match=f"^the arithmetic {type(m).__name__} has no gate sinus$"):
        m.sinus(1.0)
