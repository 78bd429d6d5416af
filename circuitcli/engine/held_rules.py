"""The rules of gates that hold a circuit, for any arithmetic: the value by iteration, the slopes exactly.

The root of F(x, a) moves with a by -F_a/F_x (the implicit function theorem); the integral with its ends by the
circuit there, and with what it takes from around it by the integral of the derivative (Leibniz).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from circuitcli.engine import passes
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.integrals import integral
from circuitcli.engine.python_source import PythonSource, function
from circuitcli.engine.root_finding import root
from circuitcli.engine.symbols import Symbol, Symbols
from circuitcli.engine.tracer import ExactRecorder, straight
from circuitcli.gates import GATES
from circuitcli.graph import Graph
from circuitcli.held_gates import HeldGate
from circuitcli.holding import dependent, held

if TYPE_CHECKING:
    from circuitcli.arithmetic import Arithmetic
    from circuitcli.wire_types import C, W

KEPT = 256  # circuits, as functions and as derivatives
DIGITS = 30  # decimal, of a logarithm


def forward(m: Any, gate: HeldGate, *xs: Any) -> Any:
    """The value of a gate: a gate again, an instruction, or a number."""
    if hasattr(type(m), "held"):
        return m.held(gate, *xs)
    taken, ends = xs[: gate.parameters], xs[gate.parameters :]
    if gate.kind == "root":
        return root(m, _of_bound(m, gate, taken, slope=True), *ends)
    first, last = ends
    return integral(m, _of_bound(m, gate, taken, slope=False), first, last, partial(_size_of, gate, taken))


def slope(m: Arithmetic[W, C], gate: HeldGate, i: int, o: W, *xs: W, held: Callable[..., Any] | None = None) -> Any:
    """The derivative of a gate by one of its arguments, where its value is `o`. An integral in it is `held(gate, *xs)`,
    or by the arithmetic."""
    names = list(gate.circuit.inputs)
    given = dict(zip(names[1:], xs, strict=False))
    if gate.kind == "root":
        return _run(m, _moved(gate, names[1 + i]), {**given, gate.bound: o})
    if i >= gate.parameters:
        there = _run(m, gate.circuit, {**given, gate.bound: xs[i]})
        return -there if i == gate.parameters else there
    return _under_the_sign(m, gate, names[1 + i], given, xs[-2], xs[-1], held)


def _run(m: Arithmetic[W, C], graph: Graph, given: Mapping[str, W]) -> Any:
    if isinstance(m, Symbols):
        return m.inlined(graph, given)
    return passes.forward(graph, m, given, getattr(m, "gates", GATES))[graph.output]


def _under_the_sign(
    m: Arithmetic[W, C],
    gate: HeldGate,
    name: str,
    given: Mapping[str, W],
    lo: W,
    hi: W,
    integrated: Callable[..., Any] | None,
) -> Any:
    """The integral of the derivative by something that the circuit takes from around it. Where the circuit jumps at a
    place that moves with it there is none, or any that there may be over a box."""
    if jumps(gate, name):
        return m.unknown if hasattr(m, "unknown") else m.constant("nan")
    inner, taken, width = _derived(gate, name)
    around = [_run(m, graph, given) for graph in taken]
    if inner is None:
        return around[0] * (hi - lo) if width else 0.0
    if integrated is None:
        integrated = m.held if isinstance(m, Symbols) else partial(forward, m)
    return integrated(inner, *around, lo, hi)


# ── derivatives of the circuit inside ───────────────────────────────────────────────────────────────────────


def _by(gate: HeldGate, name: str, m: Symbols) -> Symbol | float:
    circuit = gate.circuit
    k = circuit.inputs[name]
    return passes.backward(circuit, m, m.wires[: len(circuit.nodes)], circuit.depends_on([k])).get(k, 0.0)


@lru_cache(KEPT)
def _moved(gate: HeldGate, name: str) -> Graph:
    """The circuit of the derivative of a root by something around it, by the root itself and what is around."""
    m = Symbols(gate.circuit, folds=True)
    found = m.folded(m.neg(m.div(_by(gate, name, m), _by(gate, gate.bound, m))))
    return m.builder.graph(found.k)


@lru_cache(KEPT)
def _derived(gate: HeldGate, name: str) -> tuple[HeldGate | None, list[Graph], bool]:
    """The gate that integrates a derivative, and the circuits of what that takes from around it. Where the derivative
    does not hang on the bound name there is no gate, but its circuit; the last is whether it is other than 0."""
    m = Symbols(gate.circuit, folds=True)
    slope = _by(gate, name, m)
    found, builder = m.folded(slope).k, m.builder
    if found not in dependent(builder.nodes, 0, found):
        return None, [builder.alone(found)], slope != 0.0
    inner, taken = held(builder.nodes, builder.varies, 0, found, gate.kind, gate.bound)
    return inner, [builder.alone(k) for k in taken], True


@lru_cache(KEPT)
def jumps(gate: HeldGate, name: str) -> bool:
    """Whether the circuit may jump at a place that moves with something around it."""
    circuit = gate.circuit
    moving = zip(circuit.depends_on([0]), circuit.depends_on([circuit.inputs[name]]), strict=True)
    rows = [
        GATES[node.gate] if node.args and all(both) else None for node, both in zip(circuit.nodes, moving, strict=True)
    ]
    return any(row is not None and row.pieced and not row.choice for row in rows)


# ── the circuit inside as a function ────────────────────────────────────────────────────────────────────────


@lru_cache(KEPT)
def _compiled(gate: HeldGate, slope: bool) -> Callable[..., Any]:
    """The circuit inside as a function of all its inputs: its value, and with `slope` that by the bound name, too."""
    names = list(gate.circuit.inputs)
    program = straight(gate.circuit, names, [gate.circuit.output], [0] if slope else [], ExactRecorder())
    source = PythonSource(program, names, {})
    variables = ", ".join(f"x{i}" for i in range(len(names)))
    return function(f"circuit({variables})", [*source.lines, f"return {', '.join(source.outputs)}"], source.known)


def _size_of(gate: HeldGate, taken: Sequence[Any]) -> Callable[[float], float]:
    """The logarithm of the size of the circuit inside, as a function of the bound name; -inf where it is no number."""
    from circuitcli.engine.digits import Digits

    m = Digits(DIGITS)

    def size(x: float) -> float:
        number = m.abs(of_bound(m.number(x)))
        return float(m.log(number)) if m.isfinite(number) and number > 0.0 else -math.inf

    of_bound = _of_bound(m, gate, taken, slope=False)
    return size


def _of_bound(m: Any, gate: HeldGate, taken: Sequence[Any], slope: bool) -> Callable[[Any], Any]:
    """The circuit inside as a function of the bound name."""
    if m is FLOATS:
        compiled = _compiled(gate, slope)
        return lambda x: compiled(x, *taken)
    circuit = gate.circuit
    given, needed = dict(zip([*circuit.inputs][1:], map(m.number, taken), strict=True)), circuit.depends_on([0])

    def run(x: Any) -> Any:
        values = passes.forward(circuit, m, {**given, gate.bound: x})
        if not slope:
            return values[circuit.output]
        return values[circuit.output], passes.backward(circuit, m, values, needed).get(0, 0.0)

    return run
