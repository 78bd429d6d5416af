"""Julia with nothing but its Base; code carries along the functions that this lacks, and those that would raise errors
where ours is NaN."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from circuitcli.export.code_body import folded, indented
from circuitcli.export.code_parts import CodeParts, title
from circuitcli.export.helper_functions import native_helpers
from circuitcli.export.operation_forms import LIKE_C, Syntax, calls, numbers
from circuitcli.graph import Graph

_KEYWORDS = (
    "baremodule begin break catch const continue do else elseif end export false finally for function global if "
    "import let local macro module quote return struct true try using while abstract mutable primitive type where in "
    "isa outer public NaN Inf Float64 Base circuit"
)
_BASE = (
    "where=ifelse isnan copysign hypot abs floor ceil trunc round fmod=rem cbrt exp exp2 expm1 atan atan2=atan sinh "
    "cosh tanh asinh"
)
_OWN = "max min sqrt log log2 log10 log1p sin cos tan asin acos acosh atanh pow erf erfc gamma lgamma digamma polygamma"
_NUMBER = numbers("NaN", "Inf")
_FORMS = {**LIKE_C, **calls("", _BASE), **calls("circuit_", _OWN)}
for _op in ("max", "min"):
    _FORMS[_op] = _FORMS[_op]._replace(text=f"circuit_{_op}({{0}}, {{1}})", in_pairs=True)
_RESERVED = frozenset(_KEYWORDS.split()) | {form.text.partition("(")[0] for form in _FORMS.values() if "(" in form.text}
JULIA = Syntax(_FORMS, _NUMBER, lambda name, text, truth: f"{name} = {text}", "#", _RESERVED, prefix="circuit_")


def julia(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A file with the function `circuit`, which returns the value and a named tuple of the gradient."""
    parts = CodeParts(graph, wrt, given, JULIA)
    pieces = native_helpers("julia.jl", r"function (\w+)\(", parts.called())
    for function in parts.functions:
        names, lines, result = parts.body_of(function)
        pieces.append(_function(f"{JULIA.prefix}{function.name}", names, [*lines, f"return {result}"]))
    arguments = [x for name, x in parts.inputs.items() if name not in parts.defaults]
    defaults = [f"{x} = {_NUMBER(parts.defaults[name])}" for name, x in parts.inputs.items() if name in parts.defaults]
    if [*parts.defaults] != [*parts.inputs][len(arguments) :]:  # out of order, they can be given by name only
        defaults[0] = f"; {defaults[0]}"
    slopes = [f"{_key(name)} = {text}" for name, text in parts.gradient.items()]
    closing = ",))" if len(slopes) == 1 else "))"
    lines = [*(f"{x} = Float64({x})" for x in parts.inputs.values()), *parts.both_passes()]
    lines += folded(f"return (value = {parts.value}, gradient = (", slopes or [";"], closing)
    about = ['"""', *(line.replace("\\", "\\\\").replace("$", "\\$") for line in parts.about()), '"""']
    main = _function("circuit", [*arguments, *defaults], lines)
    return "\n\n".join([f"# {title(parts)}", *pieces, "\n".join([*about, main])]) + "\n"


def _function(name: str, arguments: Sequence[str], lines: Sequence[str]) -> str:
    head = [line.replace(", ;", ";") for line in folded(f"function {name}(", arguments or [""], ")")]
    return "\n".join([*head, *indented(lines), "end"])


def _key(name: str) -> str:
    """A name in a tuple: a keyword, an element of a family and what Julia would spell otherwise stand in quotes."""
    plain = name.isidentifier() and name not in _RESERVED and name == unicodedata.normalize("NFKC", name)
    return name if plain else f'var"{name}"'
