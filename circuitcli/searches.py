"""Searches, the part of the public class that looks for optima and roots, here or by the methods of SciPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from circuitcli.read_circuit import NOTHING

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from numpy.typing import ArrayLike

    from circuitcli.library.findings import Findings
    from circuitcli.library.optima import Optimum
    from circuitcli.library.sought_roots import FoundRoot
    from circuitcli.library.vector_functions import Objective, Residuals
    from circuitcli.read_circuit import ReadCircuit

    Numbers: TypeAlias = Mapping[str, float]
    Arrays: TypeAlias = Mapping[str, ArrayLike]


class Searches:
    """The methods of a circuit that search."""

    _read: ReadCircuit

    def objective(self, names: Sequence[str], /, *, data: object = None, **fixed: ArrayLike) -> Objective:
        """A function of a vector that returns the value and the derivatives, for
        `scipy.optimize.minimize(..., jac=True)`. The vector has a number for each of `names`, in their order, and for
        each element of a family; the other inputs are `fixed`, or columns of the table `data`.

        At a point the derivatives are a list; over rows, which `data` or arrays among the fixed inputs are, they are an
        array, and the circuit gathers the rows to one number. Raises InputError for an input that is neither named nor
        fixed, UsageError where there is one value per row.

        >>> Circuit("x^2 * y").objective(["x"], y=5)([3.0])
        (45.0, [30.0])
        >>> f = Circuit("sum((y - w*x)^2)").objective(["w"], data=[{"x": 1, "y": 2}, {"x": 2, "y": 3}])
        >>> f([1.0])
        (2.0, array([-6.]))
        """
        from circuitcli.library.vector_functions import objective

        return objective(self._read, names, data, fixed)

    def residuals(self, names: Sequence[str], /, *, data: object = None, **fixed: ArrayLike) -> Residuals:
        """A function of a vector that returns the value in each row, and has their derivatives, a row each, as `jac`:
        `scipy.optimize.least_squares(r, start, jac=r.jac)`. Names, `data` and `fixed` are those of `objective`; the
        shapes are (rows,) and (rows, names). Raises UsageError for an aggregate, which is one number.

        >>> r = Circuit("w*x - y").residuals(["w"], x=[1, 2], y=[2, 3])
        >>> r([1.0]), r.jac([1.0]).tolist()
        (array([-1., -1.]), [[1.0], [2.0]])
        """
        from circuitcli.library.vector_functions import Residuals

        return Residuals(self._read, names, data, fixed)

    def minimize(
        self,
        start: Arrays = NOTHING,
        /,
        *,
        data: object = None,
        method: str = "auto",
        bounds: Mapping[str, Sequence[float | None]] | None = None,
        subject_to: str | Sequence[str] = (),
        wrt: str | Sequence[str] | None = None,
        starts: int = 1,
        seed: int = 0,
        max_steps: int = 10_000,
        max_time: float | None = None,
        uncertainty: bool = False,
        sigma: str | None = None,
        level: float | None = None,
        callback: Callable[[Findings], object] | None = None,
        **fixed: ArrayLike,
    ) -> Optimum:
        """The least value from a start, as `circuit descend` finds it: the same digits, and never a success that it
        does not have.

        The inputs of `start` move, or those of `wrt`; the others are `fixed`. An input that is called like an option
        goes into the start, and `wrt` says what moves. In `bounds` an end may be None; `subject_to` are texts such as
        "x + y <= 1" (method `interior`: Wächter & Biegler 2006). `method` is one of `circuit descend --help` ("auto":
        Newton's in a region of trust, Moré & Sorensen 1983; of squares that of Branch, Coleman & Li 1999). It searches
        from `starts` points, drawn by `seed`, for `max_steps` steps each and `max_time` seconds in all. `callback` sees
        each step as an object with `x`, `fun`, `jac` and `nit`, and stops the search by StopIteration.

        With `uncertainty` the value is taken for minus a log-likelihood, whose inverse Hessian is the covariance.
        `data` are rows, for which `fit` is a shorter name; `sigma` and `level` are told there. Raises InputError and
        UsageError for what does not go together; not to find an optimum is no error.

        >>> found = Circuit("(1-x)^2 + k*(y-x^2)^2").minimize({"x": -1.2, "y": 1}, k=100)
        >>> found.success, found.x
        (True, {'x': 1.0, 'y': 1.0})
        >>> found = Circuit("x + 2*y").minimize({"x": 0, "y": 0}, subject_to="x^2 + y^2 <= 2")
        >>> found.status, round(found.x["x"], 6), round(found.fun, 6)
        ('kkt', -0.632456, -3.162278)
        """
        from circuitcli.library.asked_search import AskedSearch
        from circuitcli.library.optima import optimum

        ways = method, bounds, subject_to, wrt, starts, seed, max_steps, max_time, uncertainty, sigma, level, callback
        return optimum(self._read, AskedSearch(-1.0, *ways), start, data, fixed)

    def maximize(self, start: Arrays = NOTHING, /, **options: Any) -> Optimum:
        """The largest value from a start, as `circuit ascend` finds it. The options are those of `minimize`; with
        `uncertainty` the value is taken for a log-likelihood. Raises what that raises.

        >>> Circuit("100 - (x-y)^2").maximize({"x": 3}, y=4).x
        {'x': 4.0}
        """
        from circuitcli.library.asked_search import asked_search
        from circuitcli.library.optima import optimum

        search, data, fixed = asked_search(1.0, options)
        return optimum(self._read, search, start, data, fixed)

    def fit(self, data: object, start: Arrays = NOTHING, /, **options: Any) -> Optimum:
        """The parameters with which one number over the rows of `data` is least: a table, as `map` takes one, whose
        columns are inputs by their names. The options are those of `minimize`. A keyword goes before a column of its
        name, which `notes` tell, and a start has none.

        A sum or mean of squares is fitted by least squares (with the extra circuitcli[fit]), and the covariance is
        s² (JᵀJ)⁻¹ with s² = residual_sum / dof (Seber & Wild, Nonlinear Regression, chapter 2), as that of SciPy's
        curve_fit; with sigma="absolute" the weights are those of known errors, and s² is 1. `level` is that of the
        confidence intervals, 0.95. Raises InputError for a row without a number, UsageError for a circuit with one
        value per row.

        >>> rows = [{"t": t, "y": y} for t, y in enumerate([2.0, 1.25, 0.72, 0.44, 0.27])]
        >>> found = Circuit("sum((y - a*exp(-b*t))^2)").fit(rows, {"a": 1, "b": 0.1})
        >>> found.success, round(found.x["a"], 4), round(found.stderr["a"], 4)
        (True, 2.0106, 0.0211)
        """
        from circuitcli.library.asked_search import asked_search
        from circuitcli.library.optima import optimum

        search, data, fixed = asked_search(-1.0, {**options, "data": data})
        return optimum(self._read, search, start, data, fixed)

    @overload
    def solve(self, start: Numbers, /, **options: Any) -> FoundRoot: ...

    @overload
    def solve(self, start: None = None, /, **options: Any) -> Any: ...

    def solve(
        self,
        start: Numbers | None = None,
        /,
        *,
        for_: str | Sequence[str] | None = None,
        bounds: Mapping[str, Sequence[float | None]] | None = None,
        starts: int = 1,
        seed: int = 0,
        boxes: int | None = None,
        max_time: float | None = None,
        **inputs: Any,
    ) -> Any:
        """A root of the circuit, or of its equations, as `circuit solve` finds it: `A == B`, or A alone, which is to be
        0; several have ; between.

        From a start, `{"x": 1}`, the unknowns are its names, or those of `for_`, and the answer is a FoundRoot with
        `x`, `residual`, `sensitivity` (implicit function theorem) and what is proven. `bounds` hold the unknowns, and
        where no way leads to a root, it looks from other places, `starts` of them, drawn by `seed`.

        Where an input is a range, `x=(-3, 3)`, the answer has all `roots` within, each with bounds that certainly hold
        it, and what is proven of it (interval Newton: Neumaier 1990, chapter 5), after a look at `boxes` parts of the
        ranges at most (100,000), which may take minutes where roots crowd, as those of sin(1/x) do at 0: fewer `boxes`
        or `max_time`, in seconds, end it before, and `complete` says that a part is not looked at. The other inputs are
        numbers. Raises UsageError for more
        unknowns than equations; not to find a root is no error.

        >>> found = Circuit("E - e*sin(E) == M").solve({"E": 1}, e=0.1, M=0.8)
        >>> found.success, round(found.x["E"], 6), round(found.sensitivity["E"]["M"], 6)
        (True, 0.876874, 1.068326)
        >>> [round(root.x["x"], 6) for root in Circuit("x^2 == 2").solve(x=(-3, 3)).roots]
        [-1.414214, 1.414214]
        """
        from circuitcli.library.sought_roots import AskedRoots, sought_roots

        return sought_roots(self._read, AskedRoots(for_, bounds, starts, seed, boxes, max_time), start, inputs)
