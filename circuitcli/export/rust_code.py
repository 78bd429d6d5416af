"""Rust with nothing but its standard library; code carries along the functions that this lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from circuitcli.export.c_code import given_values
from circuitcli.export.code_body import folded, indented
from circuitcli.export.code_parts import CodeParts, title
from circuitcli.export.helper_functions import native_helpers
from circuitcli.export.operation_forms import CHOICE, LIKE_C, OR, PRODUCT, SIGN, CodeForm, Syntax, calls, numbers
from circuitcli.graph import Graph

_KEYWORDS = (
    "as async await break const continue crate dyn else enum extern false fn for gen if impl in let loop match mod "
    "move mut pub ref return self static struct super trait true type unsafe use where while abstract become box do "
    "final macro override priv try typeof unsized virtual yield union f64 std core circuit main "
    "None Some Ok Err Self"  # of every program
)
_METHODS = (
    "isnan=is_nan pow=powf copysign hypot abs floor ceil trunc round=round_ties_even sqrt cbrt exp exp2 expm1=exp_m1 "
    "log=ln log2 log10 log1p=ln_1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh atanh"
)
PREFIX = "circuit_"  # of functions of ours
_FORMS = {
    **LIKE_C,
    "where": CodeForm("if {0} {{ {1} }} else {{ {2} }}", CHOICE, (OR, CHOICE, CHOICE)),
    "fmod": CodeForm("{0} % {1}", PRODUCT, (PRODUCT, SIGN)),
    "max": CodeForm("circuit_max({0}, {1})", in_pairs=True),
    "min": CodeForm("circuit_min({0}, {1})", in_pairs=True),
    **calls("f64::", _METHODS),
    **calls(PREFIX, "acosh erf erfc gamma lgamma digamma polygamma"),
}
_RESERVED = frozenset(_KEYWORDS.split()) | {
    form.text.partition("(")[0] for form in _FORMS.values() if form.text.startswith(PREFIX)
}


def _assigned(name: str, text: str, truth: bool) -> str:
    return f"let {name} = {text};"


RUST = Syntax(_FORMS, numbers("f64::NAN", "f64::INFINITY"), _assigned, "//", _RESERVED, prefix=PREFIX, ascii=True)


def rust(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A module with the function `circuit`, which returns the value and an array of the gradient."""
    parts = CodeParts(graph, wrt, given, RUST)
    pieces = native_helpers("rust.rs", r"fn (\w+)\(", parts.called())
    for function in parts.functions:
        names, lines, result = parts.body_of(function)
        pieces.append(_function(f"fn {PREFIX}{function.name}(", names, "f64", [*lines, result]))
    slopes = [*parts.gradient.values()]
    lines = [*parts.both_passes(), *folded(f"({parts.value}, [", slopes, "])")]
    used = {word for line in lines for word in re.findall(r"\w+", line)}
    lines = [*(f"let _ = {x};" for x in parts.inputs.values() if x not in used), *lines]  # else compilers warn
    order = f"the derivatives by {', '.join(parts.gradient)}"
    about = [f"/// {line}".rstrip() for line in [*parts.about(order), *given_values(parts)]]
    names = [*parts.inputs.values(), *re.findall(r"^let (\w+)", "\n".join(lines), re.MULTILINE)]
    if any(x != x.lower() or "__" in x.strip("_") for x in names):
        about.append("#[allow(non_snake_case)]")
    returned = f"(f64, [f64; {len(slopes)}])"
    code = _function("pub fn circuit(", [*parts.inputs.values()], returned, lines)
    return "\n\n".join([f"// {title(parts)}", *pieces, "\n".join([*about, code])]) + "\n"


def _function(opening: str, names: Sequence[str], returned: str, lines: Sequence[str]) -> str:
    head = folded(opening, [f"{name}: f64" for name in names] or [""], f") -> {returned} {{")
    return "\n".join([*head, *indented(lines), "}"])
