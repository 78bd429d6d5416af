"""Circuit, the public class: a circuit from its text, at a point or over arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, overload

from circuitcli.analysis.point import Point, no_input
from circuitcli.constants import CONSTANTS
from circuitcli.errors import InputError
from circuitcli.family_arguments import as_given, elements_of, families_of, spread
from circuitcli.graph import Graph
from circuitcli.language import canonical, graph_of, parse
from circuitcli.notation import LONG, expressions
from circuitcli.program_text import program
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from numpy.typing import ArrayLike

    from circuitcli.analysis.derivatives import Hessian
    from circuitcli.analysis.hot_points import HotPoints
    from circuitcli.check import Verdict
    from circuitcli.circuit_nodes import CircuitNode, EvaluatedNode
    from circuitcli.compiled_circuit import CompiledCircuit
    from circuitcli.family_arguments import Forms
    from circuitcli.language import Program
    from circuitcli.rows.over_arrays import Found, OverArrays
    from circuitcli.tables.arrow_columns import ArrowTable

    Numbers: TypeAlias = Mapping[str, float]
    Arrays: TypeAlias = Mapping[str, ArrayLike]
    Result: TypeAlias = Any  # an array of float64, or where an aggregate gathers the rows a float

KEPT = 64  # sets of names that a circuit keeps code for
NUMBERS, FLOATS = {float, int, bool}, {float}  # what a point is made of, as a rule


class Circuit:
    """A circuit read from its text, in the language of the command line.

    Inputs are given as keywords or as one mapping of names to numbers; names in the mapping that the circuit does not
    have are ignored. Numbers are float64 and have no units; angles are radians. Raises ExpressionError for a text that
    cannot be read, InputError for an input that is missing, unknown or no number. A result may be infinite or nan.

    >>> circuit = Circuit("q = x + y; f = q * z")
    >>> circuit(x=-2, y=5, z=-4)
    -12.0
    >>> circuit.gradient({"x": -2, "y": 5, "z": -4})
    {'x': -4.0, 'y': -4.0, 'z': 3.0}

    `parts`: names such as a.b and a[1] are inputs, as over rows of JSON.
    """

    def __init__(self, text: str, /, *, parts: bool = False) -> None:
        if not isinstance(text, str):
            raise InputError(f"an expression is a text, not {text!r}", 'write for example Circuit("(x+y)*z")')
        self._program = self._read(text)
        self._parts = parts
        self._graph = self._resolved(frozenset())
        self._vanished: frozenset[str] = (
            frozenset()
        )  # inputs of the circuit that this was derived from, lost on the way
        self._families = families_of(self._graph.inputs)
        self._result = ""  # the one that it is of alone
        self._alone: dict[str, Circuit] = {}  # those of its results
        self._rebound: dict[frozenset[str], Graph] = {}
        self._hessians: dict[tuple[int, tuple[str, ...], tuple[int, ...]], Hessian] = {}
        self._arrays: dict[tuple[int, bool, frozenset[str], frozenset[str]], OverArrays] = {}
        self._quick: list[Callable[..., Any] | None] = [None, None]  # the last of these, by names
        self._hot: tuple[dict[tuple[str | None, ...], HotPoints], ...] = {}, {}  # of values, and with slopes

    def _read(self, text: str) -> Program:
        return parse(text)

    def _resolved(self, bound: frozenset[str]) -> Graph:
        """The circuit of the text, in which names of constants that are `bound` are inputs."""
        return graph_of(self._program, bound, self._parts)

    def __reduce__(self) -> tuple[Callable[..., Circuit], tuple[str], dict[str, object]]:
        """A copy is read anew, and keeps code of its own."""
        return partial(Circuit, parts=self._parts), (self._program.text,), {"_vanished": self._vanished}

    def __str__(self) -> str:
        """A program that reads back to this circuit, with a name for what is shared or long."""
        return program(self._graph)

    def __repr__(self) -> str:
        text = str(self)
        return f"Circuit({text if len(text) <= LONG else text[: LONG - 1] + '…'!r})"

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs, as first met."""
        return list(self._graph.inputs)

    @property
    def nodes(self) -> list[CircuitNode]:
        """The nodes in forward order, inputs first."""
        from circuitcli.circuit_nodes import CircuitNode

        graph = self._graph
        rows = zip(graph.nodes, graph.called(), expressions(graph, LONG), strict=True)
        return [CircuitNode(k, name, *node[:2], text) for k, (node, name, text) in enumerate(rows)]

    @overload
    def __call__(self, point: Numbers | None = None, /, **inputs: float) -> float: ...

    @overload
    def __call__(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> Result: ...

    def __call__(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> Result:
        """The value of the output, by one forward pass. Inputs may be arrays, which are broadcast by NumPy's rules;
        then the value is an array of float64 in their shape, or for an aggregate a number."""
        if (hot := self._written_out(point, inputs, False)) is not None:
            return hot[0]
        if self._has_families(point, inputs):
            point, inputs, _ = self._spread(point, inputs)
            return self(point, **inputs)
        if self._has_arrays(point, inputs):
            return self._over_arrays(point, inputs, False).value
        graph, given = self.bind(point, inputs)
        value: float = Point(graph, given).value
        return value

    @overload
    def gradient(self, point: Numbers | None = None, /, **inputs: float) -> dict[str, float]: ...

    @overload
    def gradient(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> dict[str, Result]: ...

    def gradient(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> dict[str, Result]:
        """The derivative of the output by each input without a default and each that is given, else by all inputs.
        Over arrays each derivative is an array; of an aggregate there is a number for each input that is a number."""
        slopes: dict[str, Result] = self.value_and_gradient(point, **inputs)[1]
        return slopes

    @overload
    def value_and_gradient(
        self, point: Numbers | None = None, /, **inputs: float
    ) -> tuple[float, dict[str, float]]: ...

    @overload
    def value_and_gradient(
        self, point: Arrays | None = None, /, **inputs: ArrayLike
    ) -> tuple[Result, dict[str, Result]]: ...

    def value_and_gradient(
        self, point: Arrays | None = None, /, **inputs: ArrayLike
    ) -> tuple[Result, dict[str, Result]]:
        """The value and the gradient, by one forward and one backward pass (reverse-mode accumulation: Linnainmaa
        1970; Griewank & Walther, Evaluating Derivatives, chapter 3)."""
        if (hot := self._written_out(point, inputs, True)) is not None:
            return hot
        if self._has_families(point, inputs):
            point, inputs, forms = self._spread(point, inputs)
            value, slopes = self.value_and_gradient(point, **inputs)
            return value, as_given(slopes, forms, self._families)
        if self._has_arrays(point, inputs):
            found = self._over_arrays(point, inputs, True)
            return found.value, found.gradient
        at = self.at(point, inputs)
        return at.value, at.gradient

    def _written_out(self, point: Arrays | None, inputs: Arrays, slopes: bool) -> tuple[float, dict[str, float]] | None:
        """The answer at a point of numbers by code that is kept for all points of the same names; None where the passes
        have to find it."""
        if (quick := self._quick[slopes]) is not None:
            try:
                if (answer := quick(**inputs) if point is None else quick(**point, **inputs)) is not None:
                    known: tuple[float, dict[str, float]] = answer
                    return known
            except TypeError:  # other names, or no names
                pass
        if point is None:
            point = {}
        elif not isinstance(point, Mapping):
            return None
        xs = [*point.values(), *inputs.values()]
        kinds = {*map(type, xs)}
        if not NUMBERS.issuperset(kinds):
            return None
        names, kept = (*point, None, *inputs), self._hot[slopes]
        if names not in kept:
            if self._has_families(point, inputs):
                return None
            from circuitcli.analysis.hot_points import HotPoints

            graph, given = self.bind(point, inputs)
            wrt = wanted(graph, given) if slopes else []
            if len(kept) >= KEPT:
                kept.clear()
            kept[names] = HotPoints(graph, [canonical(name) for name in (*point, *inputs)], given, wrt)
        try:
            numbers = xs if kinds == FLOATS else [*map(float, xs)]
        except OverflowError:  # a whole number that is no float
            return None
        hot = kept[names]
        found: tuple[float, dict[str, float]] | None = hot.at(numbers)
        if hot.by_name is not None and hot.names == [name for name in names if name is not None]:
            self._quick[slopes] = hot.by_name
        return found

    def compiled(
        self,
        columns: Sequence[str],
        wrt: Sequence[str] | None = None,
        *,
        engine: str = "",
        jobs: int = 0,
        out: Mapping[str, Any] | None = None,
    ) -> CompiledCircuit:
        """The circuit made ready for arrays: a function that returns the value and the gradient by `wrt`, or by all
        inputs without a default.

        `columns` are the inputs that will be arrays. `engine` is "arrays" (NumPy) or "native" (machine code; an extra);
        without one the rows so far decide, and last digits may differ between the two. `jobs` are threads, 0 being all
        cores where threads help. `out` has arrays of float64 into which results are written in place of new ones: the
        value under its name, `value` where it has none, and the gradient under the names of inputs.

        >>> import numpy as np
        >>> run = Circuit("w*x + b").compiled(["x"], ["w"])
        >>> run(x=np.array([1.0, 2.0]), w=3, b=1)
        (array([4., 7.]), {'w': array([1., 2.])})
        """
        from circuitcli.compiled_circuit import CompiledCircuit

        return CompiledCircuit(self._graph, columns, wrt, engine, jobs, out)

    def map(self, table: object, wrt: Sequence[str] = (), /, **inputs: ArrayLike) -> ArrowTable:
        """A pyarrow table, or an object that pyarrow makes one of, with more columns: a result in each row under each
        name that no other statement uses, the last being the output or `value`, and `grad_NAME` of that for each of
        `wrt`. Columns are inputs by their names; the other inputs are numbers."""
        from circuitcli.rows.over_arrays import over_table
        from circuitcli.tables.arrow_columns import as_table

        rows = as_table(table)
        columns = {name: 0.0 for name in rows.column_names if canonical(name) in self._graph.inputs}
        graph, given = self.bind(columns, inputs)
        given = {name: x for name, x in given.items() if name not in columns}
        return over_table(graph, rows, given, elements_of(wrt, self._families))

    def evaluate(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> list[EvaluatedNode]:
        """Every node in forward order, with value, gradient and kink."""
        from circuitcli.circuit_nodes import EvaluatedNode

        at = self.at(point, inputs)
        rows = zip(at.graph.nodes, at.graph.called(), expressions(at.graph, LONG), strict=True)
        return [
            EvaluatedNode(k, name, *node[:2], text, at.values[k], at.gradients[k], at.kinks[k])
            for k, (node, name, text) in enumerate(rows)
        ]

    def check(
        self, claim: Arrays | None = None, point: Arrays | None = None, /, **inputs: ArrayLike
    ) -> dict[str, Verdict]:
        """The verdict on a claimed gradient, or without one on the backward pass's own: `agree`, `disagree`,
        `not_differentiable`, `cannot_tell` or `not_finite` by the name of each input. A verdict is a str that carries
        `numerical`, `error`, `interval`, `digits_lost`, `gradient` and `claim`.

        >>> circuit = Circuit("x^2 * y")
        >>> circuit.check({"x": 12, "y": 8}, {"x": 3, "y": 2})
        {'x': 'agree', 'y': 'disagree'}
        >>> circuit.check(x=3, y=2)["y"].numerical
        9.0
        """
        from circuitcli.check import check

        at = self.at(point, inputs)
        if claim is None:
            return check(at)
        claims = spread(claim, self._families)[0]
        claimed = {canonical(name): _number(f"the claim on {name}", value) for name, value in claims.items()}
        for name in claimed:
            if name not in at.graph.inputs:
                raise no_input(name, at.graph.inputs, self._shown())
        return check(self.at(point, inputs, list(claimed)), claimed)

    def derivative(self, name: str, /) -> Circuit:
        """The derivative by an input or a named node, as a circuit: the backward pass run on symbols.

        It agrees with `gradient` wherever the value is not nan, and can be derived again.

        >>> str(Circuit("x^3 * y").derivative("x"))
        'y * (3 * x^2)'
        >>> Circuit("x^3 * y").derivative("x").derivative("y")(x=2, y=5)
        12.0
        """
        from circuitcli.analysis.derivatives import Derivatives

        name = canonical(name)
        if name in self._vanished:
            circuit = Circuit("0")
        else:
            found = Derivatives(self._graph, [name], folds=True)
            circuit = Circuit("\n".join(found.statements({"": found.gradient[name]})))
        circuit._vanished = self._vanished.union(self._graph.inputs).difference(circuit.inputs)
        return circuit

    def hessian(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> dict[tuple[str, str], float]:
        """The second derivatives by each pair of the inputs that `gradient` has, in both orders.

        Their circuit is built once and kept. What floats lost on the way is computed in more digits. Where the value
        is nan, all of them are; at a kink they say nothing about the curvature.

        >>> Circuit("x^2 * y").hessian(x=3, y=2)
        {('x', 'x'): 4.0, ('x', 'y'): 6.0, ('y', 'x'): 6.0, ('y', 'y'): 0.0}
        """
        graph, given = self.bind(point, inputs)
        names = wanted(graph, given)
        at = Point(graph, given, names)
        key = (id(graph), tuple(names), tuple(at.still))
        if key not in self._hessians:
            from circuitcli.analysis.derivatives import Hessian

            self._hessians[key] = Hessian(graph, names, at.still)
        return self._hessians[key].at(at).numbers

    def jacobian(
        self, of: Sequence[str] | Arrays | None = None, point: Arrays | None = None, /, **inputs: ArrayLike
    ) -> dict[str, dict[str, Result]]:
        """The gradient of each result, or of the results and named nodes `of`: a backward pass each. It has the inputs
        that `gradient` has, numbers or arrays; the point may come alone.

        >>> arm = Circuit("x = cos(a) + cos(a + b); y = sin(a) + sin(a + b)")
        >>> arm.jacobian(a=0, b=0)
        {'x': {'a': 0.0, 'b': 0.0}, 'y': {'a': 2.0, 'b': 1.0}}
        >>> arm.jacobian(["y"], {"a": 0, "b": 0})
        {'y': {'a': 2.0, 'b': 1.0}}
        """
        names, point = (None, of) if isinstance(of, Mapping) and point is None else (of, point)
        return {name: self._of(name).gradient(point, **inputs) for name in self._named(names)}

    def jvp(self, direction: Arrays, point: Arrays | None = None, /, **inputs: ArrayLike) -> dict[str, Result]:
        """The derivative of each result along a direction, which has a number for each input that moves: the Jacobian
        times it.

        >>> Circuit("f = x^2 * y; g = sin(x)").jvp({"x": 1, "y": -2}, x=0, y=3)
        {'f': 0.0, 'g': 1.0}
        """
        from circuitcli.analysis.directional import directional

        if not isinstance(direction, Mapping):
            raise InputError(f"a direction is no {type(direction).__name__}", 'give a number for each input: {"x": 1}')
        steps = spread(direction, self._families)[0]
        way = {canonical(name): _number(f"the direction of {name}", x) for name, x in steps.items()}
        for name in way:
            if name not in self._graph.inputs:
                raise no_input(name, self._graph.inputs, self._shown())
        moved = {name: Point(c, {}).value for name, c in self._graph.defaults.items() if name in way}
        point, inputs, _ = self._spread(point, inputs)
        found = self.jacobian(None, {**moved, **point}, **inputs)
        for slopes in found.values():
            if missing := [name for name in way if name not in slopes]:
                hint = "give a direction of inputs that are one number"
                raise InputError(f"{missing[0]} varies by row, and the results do not", hint)
        return {name: directional(slopes, way) for name, slopes in found.items()}

    def hessians(
        self, of: Sequence[str] | Arrays | None = None, point: Arrays | None = None, /, **inputs: ArrayLike
    ) -> dict[str, dict[tuple[str, str], float]]:
        """The second derivatives, as `hessian` has them, of each result, or of the results and named nodes `of`.

        >>> Circuit("f = x^2; g = x^3").hessians(x=2)
        {'f': {('x', 'x'): 2.0}, 'g': {('x', 'x'): 12.0}}
        """
        names, point = (None, of) if isinstance(of, Mapping) and point is None else (of, point)
        return {name: self._of(name).hessian(point, **inputs) for name in self._named(names)}

    def objective(
        self, names: Sequence[str], /, **fixed: ArrayLike
    ) -> Callable[[Sequence[float]], tuple[float, list[float]]]:
        """A function of a vector that returns the value and the list of derivatives, for
        `scipy.optimize.minimize(..., jac=True)`. The vector has a number for each of `names`, in their order; the
        other inputs are `fixed`."""
        names = elements_of(names, self._families)
        fixed = self._spread(None, fixed)[1]
        left_out = [name for name in self._graph.inputs if name not in (*names, *map(canonical, fixed))]
        left_out = [name for name in left_out if name not in self._graph.defaults]
        if left_out or len(set(names)) < len(names):
            what = f"nothing says what {', '.join(left_out)} is" if left_out else "a name stands twice in the vector"
            raise InputError(what, "each input is one of the names, or is fixed: objective(['x', 'y'], z=-4)")
        from circuitcli.analysis.hot_points import HotPoints

        graph, given = self.bind(None, {**dict.fromkeys(names, 0.0), **fixed})
        hot = HotPoints(graph, names, given, names, listed=True)

        def value_and_gradient(vector: Sequence[float]) -> tuple[float, list[float]]:
            if len(vector) != len(names):
                raise InputError(f"{len(names)} numbers are wanted, not {len(vector)}: {', '.join(names)}")
            xs = [*map(float, vector)]
            if (found := hot.at(xs)) is not None:
                answer: tuple[float, list[float]] = found
                return answer
            at = Point(graph, {**given, **dict(zip(names, xs, strict=True))}, names)
            gradient = at.gradient
            return at.value, [gradient[name] for name in names]

        return value_and_gradient

    def at(self, point: Arrays | None, inputs: Mapping[str, ArrayLike] = {}, wrt: Sequence[str] | None = None) -> Point:
        """Run both passes at a point, by `wrt`, else by the inputs that `wanted` names."""
        graph, given = self.bind(point, inputs)
        return Point(graph, given, wanted(graph, given) if wrt is None else [canonical(name) for name in wrt])

    def bind(self, point: Arrays | None, inputs: Arrays) -> tuple[Graph, dict[str, float]]:
        """The graph in which a constant that is given a value is an input, and the values of its inputs."""
        if self._has_families(point, inputs):
            point, inputs, _ = self._spread(point, inputs)
        strict = {canonical(name): value for name, value in inputs.items()}
        loose = {canonical(name): value for name, value in (point or {}).items()}
        graph = self._with_inputs(frozenset(name for name in (*strict, *loose) if name in CONSTANTS))
        unknown = [name for name in strict if name not in graph.inputs and name not in self._vanished]
        if unknown:
            raise no_input(some_of(unknown), graph.inputs, self._shown())
        given = {}
        for name, value in {**loose, **strict}.items():
            if name in graph.inputs:
                given[name] = value if type(value) is float else _number(f"the value of {name}", value)
        return graph, given

    def _has_families(self, point: Arrays | None, inputs: Arrays) -> bool:
        """Whether a family is given whole."""
        known = self._families
        return bool(known) and any(canonical(name) in known for given in (_mapping(point), inputs) for name in given)

    def _spread(self, point: Arrays | None, inputs: Arrays) -> tuple[Arrays, dict[str, Any], Forms]:
        """The inputs with a value for each element of a family, and the families that were given whole."""
        loose, more = spread(_mapping(point), self._families)
        strict, forms = spread(inputs, self._families)
        return loose, strict, more | forms

    def _named(self, of: object) -> list[str]:
        """The results that are asked for by their names: all where none are."""
        if of is None:
            return list(self._graph.results)
        from circuitcli.analysis.result_names import result_names
        from circuitcli.name_lists import listed

        names = listed(of) if isinstance(of, str) else of
        if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
            raise InputError("results are chosen by a list of their names", 'write for example (["f", "g"], {"x": 3})')
        return result_names(self._graph, names)

    def _of(self, name: str) -> Circuit:
        """The circuit of a result or named node alone, made once."""
        if name not in self._alone:
            circuit = self._alone[name] = Circuit.__new__(Circuit)
            kept: dict[str, object] = {key: {} for key in ("_alone", "_rebound", "_hessians", "_arrays")}
            kept |= {"_quick": [None, None], "_hot": ({}, {})}
            vars(circuit).update(vars(self), _graph=_ending(self._graph, name), _result=name, **kept)
        return self._alone[name]

    def _with_inputs(self, constants: frozenset[str]) -> Graph:
        """The graph in which the names of some constants are inputs, built once."""
        if not constants:
            return self._graph
        if constants not in self._rebound:
            graph = self._resolved(constants)
            self._rebound[constants] = _ending(graph, self._result) if self._result else graph
        return self._rebound[constants]

    def _has_arrays(self, point: Arrays | None, inputs: Arrays) -> bool:
        """Whether an input is an array. Raises InputError where the inputs are no mapping."""
        strict = {*map(canonical, inputs)}
        loose = (x for name, x in _mapping(point).items() if canonical(name) not in strict)
        return any(map(_is_array, (*inputs.values(), *loose)))

    def _over_arrays(self, point: Arrays | None, inputs: Arrays, differentiate: bool) -> Found:
        from circuitcli.rows.over_arrays import OverArrays, columns_of

        arrays: dict[str, ArrayLike] = {}
        numbers: list[dict[str, float]] = [{}, {}]
        for found, values in zip(numbers, (point or {}, inputs), strict=True):
            for name, x in values.items():
                arrays.pop(canonical(name), None)  # a keyword has the last word
                if _is_array(x):
                    arrays[canonical(name)] = x
                found[name] = 0.0 if _is_array(x) else x
        graph, given = self.bind(*numbers)
        columns, scalars, shape = columns_of({**given, **{n: a for n, a in arrays.items() if n in given}})
        key = (id(graph), differentiate, frozenset(columns), frozenset(scalars))
        if key not in self._arrays:
            if len(self._arrays) >= KEPT:
                self._arrays.clear()
            self._arrays[key] = OverArrays(graph, list(columns), scalars, None, differentiate)
        return self._arrays[key].run(columns, scalars, shape)

    def _shown(self) -> str:
        text = self._program.text.strip()
        return text if len(text) <= LONG and "\n" not in text else "the circuit"


def _mapping(point: Arrays | None) -> Arrays:
    """The inputs that are given as one mapping. Raises InputError where they are none."""
    if point is not None and not isinstance(point, Mapping):
        raise InputError(f"inputs are no {type(point).__name__}", 'give keywords, x=3, or a mapping: {"x": 3}')
    return point or {}


def _ending(graph: Graph, name: str) -> Graph:
    """The circuit of a result or named node alone."""
    return graph.ending(graph.names.get(name, graph.output))


def _is_array(x: object) -> bool:
    """Whether an input is an array of NumPy, pandas or pyarrow; told without loading them."""
    return hasattr(x, "__array__") and getattr(x, "ndim", 1) > 0


def _number(what: str, value: Any) -> float:
    if _is_array(value):
        raise InputError(
            f"{what} is an array", "over arrays there are the value, gradient, value_and_gradient, jacobian and jvp"
        )
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{what} is no number: {value!r}") from None


def wanted(graph: Graph, given: Mapping[str, float]) -> list[str]:
    """The inputs to differentiate by when none are named: those without a default and those given, else all."""
    free = [name for name in graph.inputs if name not in graph.defaults or name in given]
    return free or list(graph.inputs)
