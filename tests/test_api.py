"""The public class, as the README and the docstrings promise it."""

from __future__ import annotations

import doctest
import math
from collections.abc import Callable
from pathlib import Path

import pytest

import circuitcli
from circuitcli import Circuit, CircuitError, InputError
from circuitcli.graph import Graph
from circuitcli.language import Program, graph_of


def test_docstrings() -> None:
    import circuitcli.api

    assert doctest.testmod(circuitcli).attempted > 0
    assert doctest.testmod(circuitcli.api).failed == 0


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
