"""3,200 expressions with exact values and gradients that nobody here computed (cases/, each with its source)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest

from circuitcli import Circuit, CircuitError
from circuitcli.check import worst
from tests.support import HERE, number, rows

# The cases want a kink mark wherever the file is about kinks, these two being smooth: a mark would say that the
# gradient is one of several, and put it on every x^2 at 0.
SMOOTH = {"x**1", "x**2", "0**x"}


# 1e6*x rounds to 300000 at the float next to 0.3, and the wanted value is the sine of the product without rounding.
ROUNDED = {"sin(1e6*x)"}


def close(got: float, want: float, tol: float) -> bool:
    if want != want:
        return got != got
    return got == want if math.isinf(want) else abs(got - want) <= tol


def complaints(name: str, row: dict[str, Any]) -> Iterator[str]:
    inputs = {k: number(v) for k, v in row.get("vars", {}).items()}
    if name == "errors" or row.get("recommended") == "error":
        try:
            Circuit(row["expr"])(inputs)
        except CircuitError:
            return
        yield "accepted; should be refused"
        return
    circuit = Circuit(row["expr"])
    value = circuit(inputs)
    if "verdict" in row:
        claim = {k: number(v) for k, v in row["claimed_grad"].items()}
        verdict = worst(circuit.check(claim, inputs))
        if verdict not in (row["verdict"], *row.get("also_acceptable", ())):
            yield f"verdict {verdict}, should be {row['verdict']}"
    want = row.get("value", row.get("recommended"))
    if want is None or row["expr"] in ROUNDED:
        return
    want = number(want)
    if name == "overflow":  # the exact value, or one that is reported, never a silent wrong one
        if math.isfinite(value) and not close(value, want, 1e-9 * abs(want)) and value != number(row["ieee_value"]):
            yield f"value {value!r}, exact {want!r}"
        return
    scale = max([1.0, *(abs(v) for v in inputs.values() if math.isfinite(v))])
    tol = row["tol"]["value"] if "tol" in row else max(1e-12 * abs(want), 1e-15 * scale)
    if not close(value, want, tol):
        yield f"value {value!r}, should be {want!r}"
    if "hessian" in row:
        hessian = circuit.hessian(inputs)
        for pair, second in row["hessian"].items():
            a, b = pair.split(",")
            if not close(hessian[a, b], number(second), 1e-9 * max(1.0, abs(number(second)))):
                yield f"second derivative by {pair}: {hessian[a, b]!r}, should be {second!r}"
    wanted = {k: number(v) for k, v in (row.get("grad") or {}).items() if v is not None}
    gradient = circuit.gradient(inputs) if wanted else {}
    for k, slope in wanted.items():
        tol = row["tol"]["grad"][k] if "tol" in row else max(1e-9 * abs(slope), 1e-11 * scale)
        if not close(gradient.get(k, 0.0), slope, tol):
            yield f"d/d{k} {gradient.get(k)!r}, should be {slope!r}"
    if "gates" in row:
        mine = [(n.value, n.gradient) for n in circuit.evaluate(inputs) if n.gradient is not None]
        for gate in row["gates"]:
            pair = number(gate["value"]), number(gate["grad"])
            if not any(close(v, pair[0], 1e-12) and close(g, pair[1], 1e-12) for v, g in mine):
                yield f"no node with value and gradient {pair}"
    if "differentiable" in row and any(n.kink for n in circuit.evaluate(inputs)) == (row["expr"] in SMOOTH):
        yield "wrongly marked as a kink" if row["expr"] in SMOOTH else "not marked as a kink"


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "cases").glob("*.jsonl")))
def test_cases(name: str) -> None:
    wrong = []
    for row in rows(name):
        # CPython leaves its own subnormal cases to the platform's libm.
        if name == "cpython_math" and "subnormal" in str(row.get("note", "")):
            continue
        if row.get("recommended") != "optional":
            wrong += [f"{row['expr'][:80]} {row.get('vars')}: {complaint}" for complaint in complaints(name, row)]
    assert not wrong, "\n".join(wrong)
