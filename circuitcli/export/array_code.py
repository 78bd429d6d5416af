"""Python over arrays of NumPy, JAX and PyTorch: each number of an array is a point of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from circuitcli.export.code_parts import CodeParts
from circuitcli.export.helper_functions import array_helpers, float_helpers
from circuitcli.export.operation_forms import ATOM, COMPARE, INFIX, SIGN, CodeForm, Syntax, calls, numbers
from circuitcli.export.python_code import LOOPS, RESERVED, assigned, circuit, defined, held_apart, module
from circuitcli.graph import Graph

_C = "where abs copysign hypot floor ceil trunc sqrt exp expm1 log log2 log10 log1p sin cos tan tanh fmod"
_ARC = "asin=arcsin acos=arccos atan=arctan atan2=arctan2 asinh=arcsinh acosh=arccosh atanh=arctanh"
_SPECIAL = ("gamma", "lgamma", "digamma", "polygamma")  # not there, or not to 4 units in the last place
_ERF = ("erf", "erfc", *_SPECIAL)
_CBRT = ("cbrt", *_SPECIAL)


class Library(NamedTuple):
    """A library of arrays: its syntax, the type of its arrays, the function that joins their shapes, the functions
    that go number by number through Python's own, and a decorator of `circuit`."""

    name: str
    syntax: Syntax
    kind: str
    shapes: str
    one_by_one: Collection[str]
    decorator: str = ""


def _syntax(name: str, functions: str, helped: str, one_by_one: Collection[str], lifted: str = "") -> Syntax:
    """The syntax of a library: it has `functions` itself, and code carries `helped` along."""
    forms = {
        **INFIX,
        "isnan": CodeForm(f"{name}.isnan({{}})"),
        "and_": CodeForm("{0} & {1}", COMPARE, (ATOM, ATOM)),
        "or_": CodeForm("{0} | {1}", COMPARE, (ATOM, ATOM)),
        "not_": CodeForm("~{0}", SIGN, (ATOM,)),
        "max": CodeForm(f"{name}.maximum({{0}}, {{1}})", in_pairs=True),
        "min": CodeForm(f"{name}.minimum({{0}}, {{1}})", in_pairs=True),
        **calls(f"{name}.", f"{_C} {functions}"),
        **calls("", helped),
        **calls("", " ".join(f"{op}=each_{op}" for op in one_by_one)),
    }
    reserved = RESERVED | {
        "np",
        name,
        "jax",
        "shape",
        "real",
        "shaped",
        "each",
        "over_floats",
        *(f"each_{op}" for op in one_by_one),
    }
    return Syntax(
        forms,
        numbers(f"{name}.nan", f"{name}.inf"),
        assigned,
        "#",
        reserved,
        lifted=lifted,
        loops=LOOPS,
        holds=True,
        one_by_one="each_",
    )


NUMPY = Library(
    "numpy",
    _syntax("np", f"{_ARC} pow=power round=rint cbrt exp2 sinh cosh", "", _ERF),
    "np.ndarray",
    "np.broadcast_shapes",
    _ERF,
    '@np.errstate(all="ignore")\n',
)
JAX = Library(
    "jax",
    _syntax("jnp", f"{_ARC} pow=power round=rint cbrt", "exp2 sinh cosh", _ERF),
    "jax.Array",
    "jnp.broadcast_shapes",
    _ERF,
)
TORCH = Library(
    "torch",
    _syntax(
        "torch", "asin acos atan atan2 asinh acosh atanh pow round exp2 erf erfc", "sinh cosh", _CBRT, lifted="real({})"
    ),
    "torch.Tensor",
    "torch.broadcast_shapes",
    _CBRT,
)


def numpy(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A module with the function `circuit` of NumPy's arrays."""
    return _arrays(CodeParts(graph, wrt, given, NUMPY.syntax), NUMPY)


def jax(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A module with the function `circuit` of JAX's arrays."""
    return _arrays(CodeParts(graph, wrt, given, JAX.syntax), JAX)


def torch(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A module with the function `circuit` of PyTorch's tensors."""
    return _arrays(CodeParts(graph, wrt, given, TORCH.syntax), TORCH)


def _arrays(parts: CodeParts, library: Library) -> str:
    """A module with the function `circuit` of arrays of float64, which are broadcast."""
    needed = [op for op in library.one_by_one if op in parts.ops]
    always = ["real", "shaped", *["check_shape"] * bool(parts.boxes), *["each"] * bool(needed or parts.held)]
    imports, helpers = array_helpers(library.name, [*always, *parts.called()])
    helpers += float_helpers(needed)
    if needed:
        helpers.append("\n".join(f"each_{op} = each({f'math.{op}' if op.startswith('erf') else op})" for op in needed))
    if parts.held:
        names = [each.name for each in parts.held]
        targets = f"{', '.join(f'each_{name}' for name in names)}{',' * (len(names) == 1)}"
        helpers += [held_apart(parts.held), f"{targets} = map(each, over_floats())"]
    functions = [defined(function, library.syntax, library.kind) for function in parts.functions]
    inner = {name: f"[{len(box.shape)}:]" for name, box in parts.boxes.items()}  # behind the indices of a family
    shapes = ", ".join(f"{x}.shape{inner.get(name, '')}" for name, x in parts.inputs.items())
    body = circuit(
        parts,
        library.kind,
        "real",
        [f"shape = {library.shapes}({shapes})"],
        "shaped({}, shape)",
        f"{library.shapes.partition('.')[0]}.stack({{}})",
    )
    return module(parts, helpers, [*functions, library.decorator + body], imports)
