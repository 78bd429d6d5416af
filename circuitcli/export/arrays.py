"""Python over arrays, NumPy's, JAX's and PyTorch's: each number of them is a point of its own."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from circuitcli.export.copied import python_helpers
from circuitcli.export.forms import ATOM, COMPARE, INFIX, SIGN, Form, Language, calls
from circuitcli.export.parts import Parts
from circuitcli.export.python import RESERVED, assigned, circuit, defined, module

_C = "abs copysign hypot floor ceil trunc sqrt exp expm1 log log2 log10 log1p sin cos tan tanh fmod"
_ARC = "asin=arcsin acos=arccos atan=arctan atan2=arctan2 asinh=arcsinh acosh=arccosh atanh=arctanh"
_NUMPY = f"{_ARC} pow=power round=rint"
_TORCH = "asin acos atan atan2 asinh acosh atanh pow round"
_SPECIAL = ("gamma", "lgamma", "digamma", "polygamma")  # not there, or not to 4 units in the last place


_X64 = 'jax.config.update("jax_enable_x64", True)  # or all would be float32'


class Library(NamedTuple):
    """A library of arrays: how it is written, the functions that go number by number through Python's own, the lines
    that import it, and what stands in a module beside the circuit."""

    language: Language
    one_by_one: Collection[str]
    kind: str
    imports: list[str]
    real: str
    shaped: str
    each: str
    shape: str
    decorator: str = ""
    better: Mapping[str, str] = {}  # functions that take the place of the library's


def _hyperbolic(name: str, kind: str) -> dict[str, str]:
    """sinh and cosh that neither overflow before their time nor lose digits there."""
    far = f"{name}.exp({name}.abs(x) - 1.0) * 1.3591409142295225"
    where = f"return {name}.where({name}.abs(x) > 22.0"
    return {
        "sinh": f"def sinh(x: {kind}) -> {kind}:\n    {where}, {name}.sign(x) * {far}, {name}.sinh(x))",
        "cosh": f"def cosh(x: {kind}) -> {kind}:\n    {where}, {far}, {name}.cosh(x))",
    }


def _language(name: str, functions: str, one_by_one: Collection[str], lifts: bool = False) -> Language:
    def number(x: float) -> str:
        return repr(x) if math.isfinite(x) else f"{name}.nan" if x != x else f"{'-' * (x < 0.0)}{name}.inf"

    forms = {
        **INFIX,
        "isnan": Form(f"{name}.isnan({{}})"),
        "and_": Form("{0} & {1}", COMPARE, (ATOM, ATOM)),
        "or_": Form("{0} | {1}", COMPARE, (ATOM, ATOM)),
        "not_": Form("~{0}", SIGN, (ATOM,)),
        "max": Form(f"{name}.maximum({{0}}, {{1}})"),
        "min": Form(f"{name}.minimum({{0}}, {{1}})"),
        **calls(f"{name}.", f"where {_C} {functions}"),
        **calls("", " ".join(f"{op}=each_{op}" for op in one_by_one)),
    }
    if name == "jnp":
        forms["exp2"] = Form("jnp.power(2.0, {})")  # XLA's own loses digits
    for op in ("sinh", "cosh"):
        forms.setdefault(op, Form(f"{op}({{}})"))
    reserved = RESERVED | {name, "shape", "real", "shaped", "each", *(f"each_{op}" for op in one_by_one)}
    return Language(forms, number, assigned, "#", reserved, lifted="real({})" if lifts else "")


NUMPY = Library(
    _language("np", f"{_NUMPY} exp2 sinh cosh cbrt", ("erf", "erfc", *_SPECIAL)),
    ("erf", "erfc", *_SPECIAL),
    "np.ndarray",
    ["import numpy as np"],
    "np.asarray(x, dtype=np.float64)",
    "np.broadcast_to(x, shape).copy()[()]",
    "return np.vectorize(function, otypes=[np.float64])",
    "np.broadcast_shapes",
    '@np.errstate(all="ignore")\n',
)
JAX = Library(
    _language("jnp", f"{_NUMPY} cbrt", ("erf", "erfc", *_SPECIAL)),
    ("erf", "erfc", *_SPECIAL),
    "jax.Array",
    [
        "import jax",
        "import jax.numpy as jnp",
        "import numpy as np",
        "",
        _X64,
    ],
    "jnp.asarray(x, dtype=jnp.float64)",
    "jnp.broadcast_to(x, shape)",
    """def each_(*xs: jax.Array) -> jax.Array:
        kind = jax.ShapeDtypeStruct(jnp.broadcast_shapes(*(jnp.shape(x) for x in xs)), jnp.float64)
        one_by_one = np.errstate(all="ignore")(np.vectorize(function, otypes=[np.float64]))
        return jax.pure_callback(one_by_one, kind, *xs, vmap_method="broadcast_all")

    return each_""",
    "jnp.broadcast_shapes",
    better=_hyperbolic("jnp", "jax.Array"),
)
TORCH = Library(
    _language("torch", f"{_TORCH} exp2 erf erfc", ("cbrt", *_SPECIAL), lifts=True),
    ("cbrt", *_SPECIAL),
    "torch.Tensor",
    ["import torch"],
    "torch.as_tensor(x, dtype=torch.float64)",
    "torch.broadcast_to(real(x), shape).clone()",
    """def each_(*xs: torch.Tensor) -> torch.Tensor:
        xs = torch.broadcast_tensors(*xs)
        found = [function(*row) for row in zip(*(x.flatten().tolist() for x in xs))]
        return torch.tensor(found, dtype=torch.float64, device=xs[0].device).reshape(xs[0].shape)

    return each_""",
    "torch.broadcast_shapes",
    better=_hyperbolic("torch", "torch.Tensor"),
)


def arrays(parts: Parts, library: Library) -> str:
    """A module with the function `circuit`, of arrays of float64 that are broadcast."""
    kind = library.kind
    needed = [op for op in library.one_by_one if op in parts.ops]
    helpers = [
        f"def real(x: {kind} | float) -> {kind}:\n    return {library.real}",
        f"def shaped(x: {kind} | float, shape: tuple[int, ...]) -> {kind}:\n    return {library.shaped}",
    ]
    if needed:
        line = f"def each(function: Callable[..., float]) -> Callable[..., {kind}]:"
        helpers += [f'{line}\n    """A function of numbers, for arrays: slow and right."""\n\n    {library.each}']
        helpers += python_helpers(needed)
        helpers += ["\n".join(f"each_{op} = each({f'math.{op}' if op.startswith('erf') else op})" for op in needed)]
    helpers += [text for op, text in library.better.items() if op in parts.ops]
    functions = [defined(parts, function, kind) for function in parts.functions]
    shapes = ", ".join(f"{x}.shape" for x in parts.inputs.values())
    body = circuit(parts, kind, "real", [f"shape = {library.shape}({shapes})"], "shaped({}, shape)")
    return module(parts, helpers, [*functions, library.decorator + body], library.imports)
