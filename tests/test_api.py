"""The public class, as the README and the docstrings promise it."""

from __future__ import annotations

import copy
import doctest
import inspect
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import circuitcli
from circuitcli import Circuit, CircuitError, InputError
from circuitcli.graph import Graph
from circuitcli.language import Program, graph_of


def test_docstrings() -> None:
    from circuitcli import api, searches

    for module in (circuitcli, api, searches):
        found = doctest.testmod(module, extraglobs={"Circuit": Circuit})
        assert found.attempted > 0 and found.failed == 0


def test_public_names() -> None:
    assert sorted(circuitcli.__all__) == circuitcli.__all__
    assert dir(circuitcli) == circuitcli.__all__
    for name in circuitcli.__all__:
        assert getattr(circuitcli, name) is not None
    with pytest.raises(AttributeError):
        _ = circuitcli.nothing


def test_inputs_as_a_mapping_or_as_keywords() -> None:
    circuit = Circuit("self + point*x")
    assert circuit(self=1, point=2, x=3) == circuit({"self": 1, "point": 2, "x": 3, "unused": 9}) == 7.0
    assert circuit({"self": 1, "point": 2}, x=3) == 7.0
    with pytest.raises(InputError, match="y is not an input"):
        circuit(self=1, point=2, x=3, y=4)
    with pytest.raises(InputError, match="no value for self, point"):
        circuit(x=3)
    with pytest.raises(InputError, match="no number"):
        circuit(self=1, point=2, x="three")


def test_a_constant_that_is_bound_builds_its_graph_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from circuitcli import read_circuit

    built = []

    def counted(program: Program, bound: frozenset[str] = frozenset(), parts: bool = False) -> Graph:
        built.append(bound)
        return graph_of(program, bound, parts)

    monkeypatch.setattr(read_circuit, "graph_of", counted)
    circuit = Circuit("e*x + pi")
    for x in range(5):
        assert circuit(e=2.0, x=x, pi=1.0) == 2.0 * x + 1.0
        assert circuit.gradient(e=2.0, x=x) == {"e": float(x), "x": 2.0}
    assert circuit(x=1.0) == math.e + math.pi
    assert built == [frozenset(), frozenset({"e", "pi"}), frozenset({"e"})]


def test_the_package_says_that_it_has_types() -> None:
    assert (Path(circuitcli.__file__).parent / "py.typed").is_file()


def test_errors_are_fitting_builtins() -> None:
    with pytest.raises(ValueError, match="no gate"):
        Circuit("foo(x)")
    assert issubclass(circuitcli.FileError, OSError)
    assert all(issubclass(getattr(circuitcli, n), CircuitError) for n in circuitcli.__all__ if n.endswith("Error"))


def test_the_objective_drives_an_optimiser() -> None:
    """Newton's method on the gradient of Rosenbrock's function, whose minimum is known: (1, 1)."""
    f = Circuit("(a-x)^2 + 100*(y-x^2)^2").objective(["x", "y"], a=1)
    x, y = -1.2, 1.0
    for _ in range(20):
        g = f([x, y])[1]
        h = [[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200.0]]
        det = h[0][0] * h[1][1] - h[0][1] * h[1][0]
        x, y = x - (h[1][1] * g[0] - h[0][1] * g[1]) / det, y - (h[0][0] * g[1] - h[1][0] * g[0]) / det
    assert (x, y) == pytest.approx((1.0, 1.0), abs=1e-12)
    assert f([1.0, 1.0]) == (0.0, [0.0, 0.0])


def test_nothing_is_shared_between_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    texts = ["+".join([f"x{i}"] * 300) for i in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: Circuit(text).inputs, texts))
    assert found == [[f"x{i}"] for i in range(40)]


def test_repr_is_short() -> None:
    assert repr(Circuit("x + 1")) == "Circuit('x + 1')"
    assert len(repr(Circuit("+".join(["x"] * 1000)))) < 100


def test_not_finite_is_no_error() -> None:
    assert Circuit("1/x")(x=0) == math.inf
    assert math.isnan(Circuit("log(x)")(x=-1))


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: Circuit(5),  # type: ignore[arg-type]
        lambda: Circuit("x").check({"x": "three"}, {"x": 1}),
        lambda: Circuit("x*y").objective(["x"]),
        lambda: Circuit("x*y").objective(["x", "x"], y=1),
        lambda: Circuit("x*y").objective(["x", "y"])([1.0]),
        lambda: Circuit("x*y").derivative("z"),
    ],
)
def test_a_mistake_from_python_is_an_input_error(mistake: Callable[[], object]) -> None:
    with pytest.raises(InputError):
        mistake()


def test_inputs_that_are_no_mapping_are_refused() -> None:
    with pytest.raises(InputError, match="inputs are no list"):
        Circuit("x*y").gradient(["x"], x=1, y=2)


def test_circuits_that_read_alike_are_equal() -> None:
    circuit = Circuit("q = x + y; f = q*z")
    assert circuit == Circuit("q=(x+y)  # a sum\nf = (q) * z") and hash(circuit) == hash(Circuit("q=x+y; f=q*z"))
    others = ["q = y + x; f = q*z", "q = x + y; g = q*z", "r = x + y; f = r*z", "x = 2; q = x + y; f = q*z", "(x+y)*z"]
    assert all(circuit != Circuit(text) for text in others)
    assert circuit != str(circuit) and circuit != Circuit(str(circuit), parts=True)
    assert len({Circuit("x"), Circuit(" x "), Circuit("y")}) == 2
    assert Circuit(str(circuit)) == circuit and Circuit("x^2").derivative("x") == Circuit("2*x")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_a_copy_is_equal_and_answers_alike(again: Callable[[Circuit], Circuit]) -> None:
    circuit = Circuit("sum(W[i]*x[i] for i in 1:3) + e*k")
    given = {"W": [1, 2, 3], "x": [4, 5, 6], "k": 2}
    for _ in range(6):  # code is kept, and not copied
        circuit.value_and_gradient(given), circuit.hessian(given), circuit.gradient(given, wrt="k")
    twin = again(circuit)
    assert twin == circuit and twin is not circuit and hash(twin) == hash(circuit)
    assert twin.value_and_gradient(given) == circuit.value_and_gradient(given)
    derived = again(Circuit("x*y").derivative("x"))
    assert derived(x=1, y=2) == 2.0 and derived.derivative("x")(y=1) == 0.0  # it knows that there was an x


def test_one_circuit_in_many_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    circuit = Circuit("sin(x)*exp(-y*y) + z/x")

    def answers(k: int) -> list[object]:
        point = {"x": 1.0 + k, "y": 0.1 * k, "z": 2.0}
        rows: Any = np.arange(1.0, 50.0) + k
        return [
            circuit(point),
            circuit({**point, f"unused{k % 90}": 1.0}),  # more sets of names than code is kept for
            circuit.value_and_gradient(point),
            circuit.gradient(point, wrt="x"),
            circuit.hessian(point),
            circuit(x=rows, y=0.5, z=float(k)).tolist(),
            circuit.minimize({"y": 0.3}, x=1.0 + k % 3, z=2.0, max_steps=5).fun,
            str(circuit),
        ]

    wanted = [answers(k) for k in range(200)]
    circuit = copy.copy(circuit)
    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(answers, range(200))] == wanted


def test_only_public_names_are_offered() -> None:
    offered = dir(Circuit("x"))
    assert not any(name.startswith("_") for name in offered) and {"inputs", "gradient", "minimize", "map"} <= {*offered}
    assert all(hasattr(Circuit("x"), name) for name in offered)


def public_names() -> list[tuple[str, Any]]:
    """All that is public: the names of the package, those of its classes, and those of what these return."""
    from circuitcli.check import Verdict
    from circuitcli.circuit_nodes import CircuitNode, EvaluatedNode
    from circuitcli.compiled_circuit import CompiledCircuit
    from circuitcli.library.findings import Findings
    from circuitcli.library.optima import Optimum
    from circuitcli.library.sought_roots import FoundRoot, FoundRoots
    from circuitcli.library.vector_functions import Residuals

    classes = [getattr(circuitcli, name) for name in circuitcli.__all__ if name != "__version__"]
    classes += [
        CircuitNode,
        CompiledCircuit,
        EvaluatedNode,
        Findings,
        FoundRoot,
        FoundRoots,
        Optimum,
        Residuals,
        Verdict,
    ]
    found = [(each.__name__, each) for each in classes]
    for each in classes:
        own = {name: x for name, x in vars(each).items() if isinstance(x, property) or inspect.isfunction(x)}
        found += [
            (f"{each.__name__}.{name}", x) for name, x in own.items() if not name.startswith("_") or name == "__call__"
        ]
    return found


@pytest.mark.parametrize(("name", "public"), public_names(), ids=lambda x: x if isinstance(x, str) else "")
def test_every_public_name_is_documented(name: str, public: Any) -> None:
    text = inspect.getdoc(public) or ""
    assert len(text.split()) >= 3 and (text[0].isupper() or text[0] == "`"), name
    if not inspect.isfunction(public):
        return
    parameters = [*inspect.signature(public).parameters.values()][1:]
    assert "return" in public.__annotations__ and all(each.annotation is not each.empty for each in parameters)
    if name.startswith(("Circuit.", "Searches.")):
        options = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]
        assert [option for option in options if f"`{option}`" not in text] == []
        assert "Raises" in text or not parameters
