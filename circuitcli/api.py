"""Circuit, the public class: a circuit from its text, at a point or over arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from circuitcli.analysis.point import Point
from circuitcli.errors import InputError
from circuitcli.extras import refuse_missing, refuse_no_arrays
from circuitcli.family_arguments import as_given
from circuitcli.language import canonical
from circuitcli.library.asked_names import asked_names, chosen_results, names_and_point, nodes_named
from circuitcli.library.kept_arrays import KeptArrays, arrays_among, without_lists
from circuitcli.library.kept_points import KeptPoints
from circuitcli.library.table_kinds import table_of
from circuitcli.nested_names import together
from circuitcli.notation import LONG, expressions
from circuitcli.program_text import program
from circuitcli.read_circuit import ReadCircuit, wanted
from circuitcli.searches import Searches

if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    from numpy.typing import ArrayLike, NDArray

    from circuitcli.analysis.derivatives import Hessian
    from circuitcli.check import Verdict
    from circuitcli.circuit_nodes import CircuitNode, EvaluatedNode
    from circuitcli.compiled_circuit import CompiledCircuit
    from circuitcli.library.charts import Chart
    from circuitcli.library.drawings import Drawing
    from circuitcli.library.explanation import Explanation
    from circuitcli.library.optima import Optimum

    Numbers: TypeAlias = Mapping[str, float]
    Arrays: TypeAlias = Mapping[str, ArrayLike]
    Names: TypeAlias = Any  # str | Sequence[str] | None, beside which **point has numbers for a checker of types
    Result: TypeAlias = Any  # an array of float64, or where an aggregate gathers the rows a float


class Circuit(Searches):
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
        self._begin(ReadCircuit(text, parts=parts))

    def _begin(self, read: ReadCircuit) -> None:
        """Begin with a circuit that is read, and without anything that is kept."""
        self._read = read
        self._text: str | None = None  # once it was asked for
        self._points, self._slopes = KeptPoints(read, False), KeptPoints(read, True)
        self._arrays, self._array_slopes = KeptArrays(read, False), KeptArrays(read, True)
        self._hessians: dict[tuple[int, tuple[str, ...], tuple[int, ...]], Hessian] = {}
        self._wrt: dict[tuple[str, ...], tuple[KeptPoints, KeptArrays]] = {}  # of slopes by these alone
        self._alone: dict[str, Circuit] = {}  # those of its results

    @classmethod
    def _of(cls, read: ReadCircuit) -> Circuit:
        """The circuit of what is read."""
        circuit = cls.__new__(cls)
        circuit._begin(read)
        return circuit

    def __reduce__(self) -> tuple[Callable[..., Circuit], tuple[ReadCircuit]]:
        """A copy has what was read, and keeps code of its own."""
        return Circuit._of, (self._read,)

    def __eq__(self, other: object) -> bool:
        """Whether another circuit reads as this one: its program is the same text, as `str` has it. Blanks, comments
        and needless brackets are no difference, the order of terms is one: x + y is not y + x, though it is as much."""
        if not isinstance(other, Circuit):
            return NotImplemented
        return self is other or (str(self), self._read.parts) == (str(other), other._read.parts)

    def __hash__(self) -> int:
        return hash(str(self))

    def __dir__(self) -> list[str]:
        """The public names."""
        return [name for each in (Circuit, Searches) for name in vars(each) if not name.startswith("_")]

    def __str__(self) -> str:
        """A program that reads back to this circuit, with a name for what is shared or long."""
        if self._text is None:
            self._text = program(self._read.graph)
        return self._text

    def __repr__(self) -> str:
        text = str(self)
        return f"Circuit({text if len(text) <= LONG else text[: LONG - 1] + '…'!r})"

    def _repr_html_(self) -> str:
        """The program, and the drawing of a circuit of up to 60 boxes, for notebooks."""
        from circuitcli.library.drawings import shown_in_notebook

        return shown_in_notebook(self._read)

    def _repr_svg_(self) -> str | None:
        from circuitcli.library.drawings import svg_of

        return svg_of(self._read)

    def _repr_latex_(self) -> str | None:
        from circuitcli.library.exported_text import equations_of

        return equations_of(self._read)

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs, as first met."""
        return self._read.inputs

    @property
    def nodes(self) -> list[CircuitNode]:
        """The nodes in forward order, inputs first."""
        from circuitcli.circuit_nodes import CircuitNode

        graph = self._read.graph
        rows = zip(graph.nodes, graph.called(), expressions(graph, LONG), strict=True)
        return [CircuitNode(k, name, *node[:2], text) for k, (node, name, text) in enumerate(rows)]

    @overload
    def __call__(self, point: Numbers | None = None, /, **inputs: float) -> float: ...

    @overload
    def __call__(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> Result: ...

    @overload
    def __call__(self, table: Any, /, **inputs: ArrayLike) -> Any: ...

    def __call__(self, point: Any = None, /, **inputs: ArrayLike) -> Any:
        """The value of the output, by one forward pass: a number.

        Inputs may vary by row, and then there is a value in each row, or for an aggregate a number. Arrays are
        broadcast by NumPy's rules to an array of float64 in their shape; lists give a list, and Series a Series. In
        place of a mapping there may be a table: a frame of pandas or polars gives a Series, a table of pyarrow an array
        of pyarrow, a list of dicts a list. Its columns are inputs by their names, of which those that the circuit does
        not have are left aside. Raises InputError for an input without a value, and for a row without a number; nan is
        one, and stays so.

        >>> Circuit("x*y + b")([{"x": 1, "y": 2}, {"x": 3, "y": 4}], b=1)
        [3.0, 13.0]
        """
        if (hot := self._points.at(point, inputs)) is not None:
            return hot[0]
        if (table := table_of(point)) is not None:
            from circuitcli.library.frames import values

            return values(self._arrays, self._read, table, inputs)
        if self._read.has_families(point, inputs):
            point, inputs, _ = self._read.spread(point, inputs)
            return self(point, **inputs)
        if rows := arrays_among(self._read, point, inputs):
            return self._arrays.in_kind(rows, point, inputs)[0]
        graph, given = self._read.bind(point, inputs)
        value: float = Point(graph, given).value
        return value

    @overload
    def gradient(self, point: Numbers | None = None, /, *, wrt: Names = None, **inputs: float) -> dict[str, float]: ...

    @overload
    def gradient(
        self, point: Arrays | None = None, /, *, wrt: Names = None, **inputs: ArrayLike
    ) -> dict[str, Result]: ...

    @overload
    def gradient(self, table: Any, /, *, wrt: Names = None, **inputs: ArrayLike) -> Any: ...

    def gradient(self, point: Any = None, /, *, wrt: Names = None, **inputs: ArrayLike) -> Any:
        """The derivative of the output by each input without a default and each that is given, else by all inputs; or
        by the inputs and named nodes `wrt` (names, or a text with commas). It is a dict by name, in the units of the
        output over those of the input; of a family that was given whole, in its form.

        Over rows each derivative has their kind, and of a table they are one: a frame for a frame, a list of dicts for
        a list of dicts. Of an aggregate there is a number for each input that is a number. At a kink it is the
        convention of the gate, which `check` tells. Raises InputError, as a call does, and for a name that is none.

        >>> Circuit("x^2 * y").gradient(x=3, y=2, wrt=["x"])
        {'x': 12.0}
        """
        return self.value_and_gradient(point, wrt=wrt, **inputs)[1]

    @overload
    def value_and_gradient(
        self, point: Numbers | None = None, /, *, wrt: Names = None, **inputs: float
    ) -> tuple[float, dict[str, float]]: ...

    @overload
    def value_and_gradient(
        self, point: Arrays | None = None, /, *, wrt: Names = None, **inputs: ArrayLike
    ) -> tuple[Result, dict[str, Result]]: ...

    @overload
    def value_and_gradient(self, table: Any, /, *, wrt: Names = None, **inputs: ArrayLike) -> tuple[Any, Any]: ...

    def value_and_gradient(self, point: Any = None, /, *, wrt: Names = None, **inputs: ArrayLike) -> tuple[Any, Any]:
        """The value and the gradient, by `wrt` where that is said, as a call and `gradient` have them: by one forward
        and one backward pass (reverse-mode accumulation: Linnainmaa 1970; Griewank & Walther, Evaluating Derivatives,
        chapter 3). Raises InputError, as these do."""
        points, arrays = (self._slopes, self._array_slopes) if wrt is None else self._by(wrt)
        if (hot := points.at(point, inputs)) is not None:
            return hot
        if (table := table_of(point)) is not None:
            from circuitcli.library.frames import values_and_slopes

            return values_and_slopes(arrays, self._read, table, inputs)
        if self._read.has_families(point, inputs):
            point, inputs, forms = self._read.spread(point, inputs)
            value, slopes = self.value_and_gradient(point, wrt=wrt, **inputs)
            return value, as_given(slopes, forms, self._read.families)
        if rows := arrays_among(self._read, point, inputs):
            return arrays.in_kind(rows, point, inputs)
        at = self._read.at(point, inputs, None if wrt is None else nodes_named(self._read, wrt))
        return at.value, at.gradient

    def _by(self, wrt: str | Sequence[str]) -> tuple[KeptPoints, KeptArrays]:
        """The code that is kept for derivatives by some inputs and nodes."""
        names = tuple(nodes_named(self._read, wrt))
        if names not in self._wrt:
            self._wrt[names] = KeptPoints(self._read, True, names), KeptArrays(self._read, True, names)
        return self._wrt[names]

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
        value under its name, `value` where it has none, and the gradient under the names of inputs. Raises InputError
        for a name that is no input, UsageError for an aggregate that cannot be had so.

        >>> import numpy as np
        >>> run = Circuit("w*x + b").compiled(["x"], ["w"])
        >>> run(x=np.array([1.0, 2.0]), w=3, b=1)
        (array([4., 7.]), {'w': array([1., 2.])})
        """
        refuse_no_arrays()
        from circuitcli.compiled_circuit import CompiledCircuit

        return CompiledCircuit(self._read.graph, columns, wrt, engine, jobs, out)

    def map(self, table: object, wrt: Sequence[str] = (), /, **inputs: ArrayLike) -> Any:
        """A table with more columns: a result in each row under each name that no other statement uses, the last being
        the output or `value`, and `grad_NAME` of that for each of `wrt`.

        The table is a frame of pandas or polars, a table of pyarrow or what pyarrow makes one of, a dict of columns, or
        a list of dicts, and so is the answer. Columns are inputs by their names; the other inputs are keywords, which
        have the last word. Raises InputError for a row without a number, UsageError for a column that is there.

        >>> Circuit("r = w*x").map([{"x": 1}, {"x": 2}], ["w"], w=3)
        [{'x': 1, 'r': 3.0, 'grad_w': 1.0}, {'x': 2, 'r': 6.0, 'grad_w': 2.0}]
        """
        from circuitcli.library.frames import extended

        return extended(self._read, table, wrt, inputs)

    def evaluate(self, point: Arrays | None = None, /, **inputs: ArrayLike) -> list[EvaluatedNode]:
        """Every node in forward order, with value, gradient and kink, at a point of numbers. Raises InputError for an
        input without a value.

        >>> [(node.expression, node.value, node.gradient) for node in Circuit("(x+y)*z").evaluate(x=1, y=2, z=3)][3:]
        [('x + y', 3.0, 3.0), ('(x + y) * z', 9.0, 1.0)]
        """
        from circuitcli.circuit_nodes import EvaluatedNode

        at = self._read.at(point, inputs)
        rows = zip(at.graph.nodes, at.graph.called(), expressions(at.graph, LONG), strict=True)
        return [
            EvaluatedNode(k, name, *node[:2], text, at.values[k], at.gradients[k], at.kinks[k])
            for k, (node, name, text) in enumerate(rows)
        ]

    def check(
        self,
        claim: Arrays | str | None = None,
        point: Arrays | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        **inputs: ArrayLike,
    ) -> dict[str, Verdict]:
        """The verdict on a claimed gradient, in numbers or as a text of formulas, or without one on the backward pass's
        own by `wrt`: `agree`, `disagree`, `not_differentiable`, `cannot_tell` or `not_finite` by the name of each
        input. A verdict is a str that carries `numerical`, `error`, `interval`, `digits_lost`, `gradient`, `claim` and
        `passed`. It compares with differences on a ladder of steps, each with the error that it has, and where they do
        not decide with numbers of more digits. Formulas are proven all over ranges, `x=(1, 2)`, and where no input is
        given compared as such; a verdict carries its `proof` then. Raises InputError for a claim on no input, or on no
        number, and ExpressionError for formulas that cannot be read.

        >>> circuit = Circuit("x^2 * y")
        >>> circuit.check({"x": 12, "y": 8}, {"x": 3, "y": 2})
        {'x': 'agree', 'y': 'disagree'}
        >>> circuit.check("x = 2*x*y; y = x^2", x=3, y=2)
        {'x': 'agree', 'y': 'agree'}
        >>> circuit.check("y = x^2", x=(1, 2), y=(0, 9))["y"].proof.exact
        True
        >>> circuit.check(x=3, y=2)["y"].numerical
        9.0
        """
        from circuitcli.library.claimed_verdicts import verdicts

        return verdicts(self._read, claim, wrt, point, inputs)

    def explain(
        self, point: Arrays | None = None, /, *, wrt: str | Sequence[str] | None = None, **inputs: ArrayLike
    ) -> Explanation:
        """The backward pass by `wrt` as a lesson, gate by gate: the gradient that arrives, times the derivative of the
        gate by each argument, gives a part of the gradient there. Its text is that of `circuit grad --explain`. Raises
        InputError for an input that is missing or unknown.

        >>> Circuit("sin(x)*y").explain(x=0, y=3)
         gate         upstream   local        gives   to
         sin(x) * y          1   y = 3            3   sin(x)
                             1   sin(x) = 0       0   y
         sin(x)              3   cos(x) = 1       3   x
        """
        from circuitcli.library.explanation import Explanation

        graph, given = self._read.bind(point, inputs)
        return Explanation(Point(graph, given, asked_names(graph, given, wrt)))

    @overload
    def export(
        self,
        to: Literal["excel", "xlsx"],
        point: Arrays | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        **inputs: ArrayLike,
    ) -> bytes: ...

    @overload
    def export(
        self,
        to: str,
        point: Arrays | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        **inputs: ArrayLike,
    ) -> str: ...

    def export(
        self,
        to: str,
        point: Arrays | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        **inputs: ArrayLike,
    ) -> str | bytes:
        """Value and gradient as code that runs without circuit: "python", "numpy", "jax", "torch", "c", "javascript",
        "latex", "rust", "julia", "fortran", "sql", or the graph as "json"; and as the bytes of a workbook in "excel".
        The gradient is by `wrt`, or by all inputs without a default. A value that is given becomes the default of an
        input. Raises UsageError for another language, or for one that has no form of a gate, and InputError for an
        unknown name."""
        from circuitcli.library.exported_text import exported_text

        return exported_text(self._read, to, wrt, point, inputs)

    def latex(self, *, wrt: str | Sequence[str] | None = None) -> str:
        r"""The equations and the partial derivatives by `wrt` in LaTeX; for `wrt=[]` the equations alone. Raises
        InputError for a name that is none.

        >>> print(Circuit("x^2 * y").latex(wrt="y"))
        % \usepackage{amsmath}
        \begin{align*}
        f &= x^{2} \cdot y \\
        \frac{\partial f}{\partial y} &= x^{2}
        \end{align*}
        <BLANKLINE>
        """
        return self.export("latex", wrt=wrt)

    def draw(
        self,
        point: Arrays | None = None,
        /,
        *,
        wrt: str | Sequence[str] | None = None,
        digits: int | None = None,
        unfold: bool = False,
        **inputs: ArrayLike,
    ) -> Drawing:
        """The circuit with the value above each wire and the gradient below it; without inputs, the bare graph. A
        notebook shows the picture, `save` writes it to a file, and its text is a tree. A family is one box, unless they
        are to `unfold`; numbers have four `digits` in the picture and ten in the tree, or as many as are asked for, and
        the gradient is by `wrt`. Raises InputError for an input that is unknown, or missing where another is given.

        >>> Circuit("(x+y)*z").draw(x=-2, y=5, z=-4)
         gate      value   gradient
         *           -12          1
         ├─ +          3         -4
         │  ├─ x      -2         -4
         │  └─ y       5         -4
         └─ z         -4          3
        """
        from circuitcli.library.drawings import Drawing

        graph, given = self._read.bind(point, inputs)
        return Drawing(graph, given, asked_names(graph, given, wrt), self._read.program.text, digits, unfold)

    def plot(
        self,
        point: Any = None,
        /,
        *,
        of: str | Sequence[str] | None = None,
        surface: bool = False,
        fit: Optimum | None = None,
        against: str | None = None,
        residuals: bool = False,
        **inputs: Any,
    ) -> Chart:
        """The value and the gradient over one input, or contours of the value over two (or its `surface`): over those
        with a range, `x=(-3, 3)`, and those without a value. `of` names results, of several the curve of each. A
        notebook shows the picture, `save` writes it, `numbers` are its arrays. Needs the extra "plot".

        In place of a mapping there may be a table, whose rows are laid on the curve as points: over the column that the
        circuit uses, and up the one that it does not use, or that is named `against`; with `residuals` below how far
        they are from the curve. `fit` is the result of one, and gives inputs their values and the curve the band of
        their standard uncertainties; it may stand in place of the mapping, too. Raises InputError for a range that has
        no room, UsageError where more than two inputs vary, or several columns could be meant."""
        refuse_missing("plots need", ("matplotlib", "plotext"), "plot")
        from circuitcli.library.charts import Laid, chart

        return chart(self._read, of, surface, Laid(fit, against, residuals), point, inputs)

    def derivative(self, name: str, /) -> Circuit:
        """The derivative by an input or a named node, as a circuit: the backward pass run on symbols.

        It agrees with `gradient` wherever the value is not nan, and can be derived again. Raises InputError for a name
        that is none.

        >>> str(Circuit("x^3 * y").derivative("x"))
        'y * (3 * x^2)'
        >>> Circuit("x^3 * y").derivative("x").derivative("y")(x=2, y=5)
        12.0
        """
        from circuitcli.analysis.derivatives import Derivatives

        read, name = self._read, canonical(name)
        text = "0"
        if name not in read.vanished:
            found = Derivatives(read.graph, [name], folds=True)
            text = "\n".join(found.statements({"": found.gradient[name]}))
        derived = ReadCircuit(text)
        derived.vanished = read.vanished.union(read.inputs).difference(derived.inputs)
        return Circuit._of(derived)

    @overload
    def hessian(
        self, point: Arrays | None = None, /, *, wrt: Names = None, as_array: Literal[True], **inputs: ArrayLike
    ) -> NDArray[Any]: ...

    @overload
    def hessian(
        self, point: Arrays | None = None, /, *, wrt: Names = None, **inputs: ArrayLike
    ) -> dict[tuple[str, str], float]: ...

    def hessian(
        self, point: Arrays | None = None, /, *, wrt: Names = None, as_array: bool = False, **inputs: ArrayLike
    ) -> Any:
        """The second derivatives by each pair of the inputs that `gradient` has, or of `wrt`, in both orders: a dict by
        pairs of names, or with `as_array` an array in the order of the names, elements of a family by their indices.

        Their circuit is built once and kept. What floats lost on the way is computed in more digits. Where the value
        is nan, all of them are; at a kink they say nothing about the curvature. The backward pass is run on its own
        symbols twice (Griewank & Walther, chapter 5). Raises InputError for an input without a value, or of rows.

        >>> Circuit("x^2 * y").hessian(x=3, y=2)
        {('x', 'x'): 4.0, ('x', 'y'): 6.0, ('y', 'x'): 6.0, ('y', 'y'): 0.0}
        >>> Circuit("x^2 * y").hessian(x=3, y=2, wrt=["y", "x"], as_array=True).tolist()
        [[0.0, 6.0], [6.0, 4.0]]
        """
        graph, given = self._read.bind(point, inputs)
        names = wanted(graph, given) if wrt is None else nodes_named(self._read, wrt)
        at = Point(graph, given, names)
        key = (id(graph), tuple(names), tuple(at.still))
        if key not in self._hessians:
            from circuitcli.analysis.derivatives import Hessian

            self._hessians[key] = Hessian(graph, names, at.still)
        numbers = self._hessians[key].at(at).numbers
        if not as_array:
            return numbers
        refuse_no_arrays()
        import numpy as np

        order = together(names)
        return np.array([[numbers[a, b] for b in order] for a in order], np.float64).reshape(len(order), len(order))

    def jacobian(
        self, of: Any = None, point: Any = None, /, *, wrt: Names = None, **inputs: ArrayLike
    ) -> dict[str, Any]:
        """The gradient of each result, or of the results and named nodes `of`, by the names of these: a backward pass
        each. It is by what `gradient` is by, or by `wrt`, of numbers, arrays or a table; the point may come alone.
        Raises InputError for a name that is no result and no node.

        >>> arm = Circuit("x = cos(a) + cos(a + b); y = sin(a) + sin(a + b)")
        >>> arm.jacobian(a=0, b=0)
        {'x': {'a': 0.0, 'b': 0.0}, 'y': {'a': 2.0, 'b': 1.0}}
        >>> arm.jacobian(["y"], {"a": 0, "b": 0})
        {'y': {'a': 2.0, 'b': 1.0}}
        """
        names, point = names_and_point(of, point)
        return {
            name: self._result(name).gradient(point, wrt=wrt, **inputs)
            for name in chosen_results(self._read.graph, names)
        }

    def jvp(self, direction: Arrays, point: Arrays | None = None, /, **inputs: ArrayLike) -> dict[str, Result]:
        """The derivative of each result along a direction, which has a number for each input that moves: the Jacobian
        times it. Raises InputError for a direction of no input.

        >>> Circuit("f = x^2 * y; g = sin(x)").jvp({"x": 1, "y": -2}, x=0, y=3)
        {'f': 0.0, 'g': 1.0}
        """
        from circuitcli.analysis.directional import directional
        from circuitcli.library.numbers_of_inputs import numbers_of_inputs

        if not isinstance(direction, Mapping):
            raise InputError(f"a direction is no {type(direction).__name__}", 'give a number for each input: {"x": 1}')
        way = numbers_of_inputs(self._read, self._read.graph, "the direction of", direction)
        moved = {name: Point(c, {}).value for name, c in self._read.graph.defaults.items() if name in way}
        point, inputs, _ = self._read.spread(point, inputs)
        formed, (point, inputs) = without_lists(self._read, point, inputs)
        found = self.jacobian(None, {**moved, **point}, **inputs)
        for slopes in found.values():
            if missing := [name for name in way if name not in slopes]:
                hint = "give a direction of inputs that are one number"
                raise InputError(f"{missing[0]} varies by row, and the results do not", hint)
        return {name: formed(directional(slopes, way), name) for name, slopes in found.items()}

    def hessians(
        self, of: Sequence[str] | Arrays | None = None, point: Arrays | None = None, /, **inputs: ArrayLike
    ) -> dict[str, dict[tuple[str, str], float]]:
        """The second derivatives, as `hessian` has them, of each result, or of the results and named nodes `of`. Raises
        InputError for a name that is none.

        >>> Circuit("f = x^2; g = x^3").hessians(x=2)
        {'f': {('x', 'x'): 2.0}, 'g': {('x', 'x'): 12.0}}
        """
        names, point = names_and_point(of, point)
        return {name: self._result(name).hessian(point, **inputs) for name in chosen_results(self._read.graph, names)}

    def _result(self, name: str) -> Circuit:
        """The circuit of a result or named node alone, made once."""
        if name not in self._alone:
            self._alone[name] = Circuit._of(self._read.ending(name))
        return self._alone[name]
