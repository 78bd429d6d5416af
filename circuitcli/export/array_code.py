"""Python over arrays, NumPy's, JAX's and PyTorch's: each number of them is a point of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from circuitcli.export.code_parts import Parts
from circuitcli.export.helper_functions import array_helpers, float_helpers
from circuitcli.export.operation_forms import ATOM, COMPARE, INFIX, SIGN, Form, Language, calls, numbers
from circuitcli.export.python_code import RESERVED, assigned, circuit, defined, module

_C = "where abs copysign hypot floor ceil trunc sqrt exp expm1 log log2 log10 log1p sin cos tan tanh fmod"
_ARC = "asin=arcsin acos=arccos atan=arctan atan2=arctan2 asinh=arcsinh acosh=arccosh atanh=arctanh"
_SPECIAL = ("gamma", "lgamma", "digamma", "polygamma")  # not there, or not to 4 units in the last place


class Library(NamedTuple):
    """A library of arrays: its name, how it is written, its arrays, how shapes are joined, what goes number by number
    through Python's own functions, and what stands before the function."""

    name: str
    language: Language
    kind: str
    shapes: str
    one_by_one: Collection[str]
    decorator: str = ""


def _language(name: str, functions: str, helped: str, one_by_one: Collection[str], lifts: bool = False) -> Language:
    """The forms of a library: `functions` are its own, `helped` those of the module that is written."""

    forms = {
        **INFIX,
        "isnan": Form(f"{name}.isnan({{}})"),
        "and_": Form("{0} & {1}", COMPARE, (ATOM, ATOM)),
        "or_": Form("{0} | {1}", COMPARE, (ATOM, ATOM)),
        "not_": Form("~{0}", SIGN, (ATOM,)),
        "max": Form(f"{name}.maximum({{0}}, {{1}})"),
        "min": Form(f"{name}.minimum({{0}}, {{1}})"),
        **calls(f"{name}.", f"{_C} {functions}"),
        **calls("", helped),
        **calls("", " ".join(f"{op}=each_{op}" for op in one_by_one)),
    }
    reserved = RESERVED | {"np", name, "jax", "shape", "real", "shaped", "each", *(f"each_{op}" for op in one_by_one)}
    return Language(
        forms, numbers(f"{name}.nan", f"{name}.inf"), assigned, "#", reserved, lifted="real({})" if lifts else ""
    )


_ERF = ("erf", "erfc", *_SPECIAL)
_CBRT = ("cbrt", *_SPECIAL)
_LIBRARIES = (
    Library(
        "numpy",
        _language("np", f"{_ARC} pow=power round=rint cbrt exp2 sinh cosh", "", _ERF),
        "np.ndarray",
        "np.broadcast_shapes",
        _ERF,
        '@np.errstate(all="ignore")\n',
    ),
    Library(
        "jax",
        _language("jnp", f"{_ARC} pow=power round=rint cbrt", "exp2 sinh cosh", _ERF),
        "jax.Array",
        "jnp.broadcast_shapes",
        _ERF,
    ),
    Library(
        "torch",
        _language(
            "torch", "asin acos atan atan2 asinh acosh atanh pow round exp2 erf erfc", "sinh cosh", _CBRT, lifts=True
        ),
        "torch.Tensor",
        "torch.broadcast_shapes",
        _CBRT,
    ),
)
LIBRARIES = {library.name: library for library in _LIBRARIES}


def arrays(parts: Parts, library: Library) -> str:
    """A module with the function `circuit`, of arrays of float64 that are broadcast."""
    needed = [op for op in library.one_by_one if op in parts.ops]
    imports, helpers = array_helpers(library.name, ["real", "shaped", *["each"] * bool(needed), *parts.called()])
    helpers += float_helpers(needed)
    if needed:
        helpers.append("\n".join(f"each_{op} = each({f'math.{op}' if op.startswith('erf') else op})" for op in needed))
    functions = [defined(parts, function, library.kind) for function in parts.functions]
    shapes = ", ".join(f"{x}.shape" for x in parts.inputs.values())
    body = circuit(parts, library.kind, "real", [f"shape = {library.shapes}({shapes})"], "shaped({}, shape)")
    return module(parts, helpers, [*functions, library.decorator + body], imports)
