"""Functions of ours as CasADi calls them, and its Ipopt on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import count as count_from
from typing import Any, Protocol

import casadi

from circuitcli.ascent.constrained.program import Here
from circuitcli.ascent.problem import Vector
from circuitcli.systems import interrupts_kept

TOL = 1e-9  # of the conditions, in units of their own
MOST = 1_000  # steps of one run
IPOPT = {
    "print_level": 0,
    "sb": "yes",
    "tol": TOL,
    "max_iter": MOST,
    "bound_relax_factor": 0.0,
    "nlp_scaling_method": "none",
}
SILENT = {"print_time": False, "show_eval_warnings": False}
GIVEN = {"no_nlp_grad": True, "calc_lam_p": False}  # what CasADi would derive by itself, and nobody asks for

Told = Callable[..., list[Vector]]  # of each output the numbers, column by column


class Functions(Protocol):
    """The value that is to be least, where differences are 0 or more."""

    def value(self, x: Vector, /) -> tuple[float, Vector]: ...
    def here(self, x: Vector, /) -> Here: ...
    def bend(self, x: Vector, share: float, multipliers: Vector, /) -> list[Vector]: ...
    def visit(self, x: Vector, /) -> None: ...


def least(
    functions: Functions, start: Vector, bounds: tuple[Vector, Vector], top: Vector, options: Mapping[str, object]
) -> Vector:
    """The point where Ipopt ends, within bounds, the differences between 0 and their tops. What the functions raise is
    raised from here: nothing flies through frames that are not Python's."""
    count, held = len(start), len(top)
    point, differences = casadi.Sparsity.dense(count), casadi.Sparsity.dense(held)
    upper, one, nothing = casadi.Sparsity.upper(count), casadi.Sparsity.dense(1), casadi.Sparsity(0, 0)
    raised: list[BaseException] = []
    steps = count_from(0)  # the first is the start

    def function(name: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any], told: Told) -> _Function:
        return _Function(name, inputs, outputs, told, raised)

    def value(x: Vector, p: Vector) -> list[Vector]:
        found, apart = functions.value(x)
        return [[found], apart]

    def slopes(x: Vector, p: Vector) -> list[Vector]:
        here = functions.here(x)
        return [[here.value], here.slope]

    def rows(x: Vector, p: Vector) -> list[Vector]:
        here = functions.here(x)
        return [here.apart, [row[j] for j in range(count) for row in here.rows]]

    def bend(x: Vector, p: Vector, share: Vector, multipliers: Vector) -> list[Vector]:
        found = functions.bend(x, share[0], multipliers)
        return [[found[i][j] for j in range(count) for i in range(j + 1)]]

    def visit(x: Vector, *rest: Vector) -> list[Vector]:
        if next(steps):
            functions.visit(x)
        return [[0.0]]

    at = {"x": point, "p": nothing}
    shapes = {"x": point, "f": one, "g": differences, "lam_x": point, "lam_g": differences, "lam_p": nothing}
    results = {name: shapes[name] for name in casadi.nlpsol_out()}
    both = function("nlp", at, {"f": one, "g": differences}, value)
    weights = {"lam_f": one, "lam_g": differences}
    parts = {
        "grad_f": function("slopes", at, {"f": one, "grad_f_x": point}, slopes),
        "jac_g": function("rows", at, {"g": differences, "jac_g_x": casadi.Sparsity.dense(held, count)}, rows),
        "hess_lag": function("bend", {**at, **weights}, {"triu_hess_gamma_x_x": upper}, bend),
        "iteration_callback": function("visit", results, {"ret": one}, visit),
    }
    solver = casadi.nlpsol("ipopt", "ipopt", both, {**parts, **GIVEN, **SILENT, "ipopt": {**IPOPT, **options}})
    low, high = bounds
    with interrupts_kept(raised):
        found = solver(x0=start, lbx=low, ubx=high, lbg=[0.0] * held, ubg=top)
    if raised:
        raise raised[0]
    end: Vector = found["x"].nonzeros()
    return end


class _Function(casadi.Callback):  # type: ignore[misc]
    """One function: after an error, which is kept, it has no values any more."""

    def __init__(
        self,
        name: str,
        inputs: Mapping[str, Any],
        outputs: Mapping[str, Any],
        told: Told,
        raised: list[BaseException],
    ) -> None:
        casadi.Callback.__init__(self)
        self._inputs, self._outputs, self._told, self._raised = [*inputs.items()], [*outputs.items()], told, raised
        self.construct(name, {})

    def get_n_in(self) -> int:
        return len(self._inputs)

    def get_n_out(self) -> int:
        return len(self._outputs)

    def get_name_in(self, i: int) -> str:
        return self._inputs[i][0]

    def get_name_out(self, i: int) -> str:
        return self._outputs[i][0]

    def get_sparsity_in(self, i: int) -> Any:
        return self._inputs[i][1]

    def get_sparsity_out(self, i: int) -> Any:
        return self._outputs[i][1]

    def eval(self, arguments: Sequence[Any]) -> Sequence[Any]:
        found: list[Vector] = []
        if not self._raised:
            try:
                found = self._told(*(argument.nonzeros() for argument in arguments))
            except BaseException as error:
                self._raised.append(error)
        if self._raised:
            found = [[math.nan] * shape.nnz() for _, shape in self._outputs]
        return [casadi.DM(shape, numbers) for (_, shape), numbers in zip(self._outputs, found, strict=True)]
