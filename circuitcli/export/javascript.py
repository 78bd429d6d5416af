"""JavaScript, for Node and for pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from circuitcli.export.c_code import opening
from circuitcli.export.code_body import folded, indented
from circuitcli.export.code_parts import CodeParts, title
from circuitcli.export.helper_functions import native_helpers
from circuitcli.export.operation_forms import LIKE_C, PRODUCT, SIGN, CodeForm, LoopSyntax, Syntax, calls, numbers
from circuitcli.graph import Graph

_KEYWORDS = (
    "abstract arguments await boolean break byte case catch char class const continue debugger default delete "
    "do double else enum eval export extends false final finally float for function goto if implements import "
    "in instanceof int interface let long native new null package private protected public return short "
    "static super switch synchronized this throw throws transient true try typeof var void volatile while "
    "with yield undefined NaN Infinity Math Object Array Number module circuit"
)
_MATH = "abs max min hypot floor ceil trunc sqrt cbrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2"


def _assigned(name: str, text: str, truth: bool) -> str:
    return f"const {name} = {text};"


def _array(name: str, shape: Sequence[int], truth: bool) -> str:
    text = f"Array({shape[-1]}).fill(0)"
    for length in reversed(shape[:-1]):
        text = f"Array.from({{ length: {length} }}, () => {text})"
    return f"const {name} = {text};"


_LOOPS = LoopSyntax(lambda *loop: f"for (let {opening(*loop)}", ("}",), _array, "let {} = {};", "{} = {};", "({})")
_NUMBER = numbers("NaN", "Infinity", whole=True)
_FORMS = {
    **LIKE_C,
    "eq": CodeForm("{0} === {1}", *LIKE_C["eq"][1:]),
    "ne": CodeForm("{0} !== {1}", *LIKE_C["ne"][1:]),
    "truth": CodeForm("{0} !== 0", *LIKE_C["truth"][1:]),
    "isnan": CodeForm("{0} !== {0}", *LIKE_C["isnan"][1:]),
    "fmod": CodeForm("{0} % {1}", PRODUCT, (PRODUCT, SIGN)),
    "exp2": CodeForm("power(2, {0})"),
    **calls("Math.", f"{_MATH} sinh cosh tanh asinh acosh atanh"),
    **calls("", "pow=power round=rint copysign erf erfc gamma lgamma digamma polygamma"),
}
_RESERVED = frozenset(_KEYWORDS.split()) | {form.text.partition("(")[0] for form in _FORMS.values() if "(" in form.text}
JAVASCRIPT = Syntax(_FORMS, _NUMBER, _assigned, "//", _RESERVED, loops=_LOOPS, holds=True)


def javascript(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A script that defines `circuit`, which returns an object of the value and the gradient."""
    parts = CodeParts(graph, wrt, given, JAVASCRIPT)
    head = [f"// {title(parts)}", "// A page has circuit as a variable, Node as require(FILE).circuit.", ""]
    tail = 'if (typeof module !== "undefined") {\n  module.exports = { circuit };\n}'
    slopes = [f"{_key(name)}: {text}" for name, text in parts.gradient.items()]
    result = folded(f"return {{ value: {parts.value}, gradient: {{ ", slopes, " } };")
    return "\n".join([*head, script(parts, result), "", tail, ""])


class EveryNode(NamedTuple):
    """The function `circuit` for a page, which returns `values`, `gradients` and `kinks` of all nodes, by their
    numbers, and the local derivatives of `edges`; the nodes that may be at a kink; and each edge as a gate and the node
    of an argument."""

    script: str
    kinks: list[int]
    edges: list[tuple[int, int]]


def every_node(graph: Graph, wrt: Sequence[str]) -> EveryNode:
    """Write the function for a page."""
    parts = CodeParts(graph, wrt, {}, JAVASCRIPT, every_node=True)
    answers: dict[str, list[str]] = {"value": [], "gradient": [], "kink": [], "edge": []}
    for (kind, k), text in parts.texts.items():
        answers[kind].append(f"{k}: {text}")
    lines = [line for kind, texts in answers.items() for line in indented(folded(f"{kind}s: {{ ", texts, " },"))]
    kinks = [k for kind, k in parts.texts if kind == "kink"]
    return EveryNode(script(parts, ["return {", *lines, "};"]), kinks, parts.edges)


def script(parts: CodeParts, result: Sequence[str]) -> str:
    """The function `circuit`, whose last lines are `result`, in a scope that hides the functions it calls."""
    comment = [f"// {line}".rstrip() for line in parts.about()]
    names = [x + _default(parts.default(name)) for name, x in parts.inputs.items()]
    head = folded("return function circuit(", names, ") {")
    body = [*head, *indented([*parts.both_passes(), *result]), "};"]
    pieces = [
        *native_helpers("javascript.js", r"function (\w+)\(", [*parts.called(), *(x.gate.kind for x in parts.held)]),
        *_functions(parts),
        *_held(parts),
        "\n".join([*comment, *body]),
    ]
    lines = "\n\n".join(['"use strict";', *pieces]).split("\n")
    return "\n".join(["const circuit = (() => {", *indented(lines), "})();"])


def _functions(parts: CodeParts) -> list[str]:
    """The kept functions."""
    found = []
    for function in parts.functions:
        names, lines, result = parts.body_of(function)
        head = f"function {function.name}({', '.join(names)}) {{"
        found.append("\n".join([head, *indented([*lines, f"return {result};"]), "}"]))
    return found


def _held(parts: CodeParts) -> list[str]:
    """The gates that hold a circuit: the circuit inside as a function within that of the gate."""
    found = []
    for function, body in parts.held_bodies():
        kind, count = function.gate.kind, function.gate.parameters
        result = f"[{', '.join(body.results)}]" if len(body.results) > 1 else body.results[0]
        inside = [f"const of = ({body.bound}) => {{", *indented([*body.lines, f"return {result};"]), "};"]
        call = f"return {kind}({', '.join(['of', *body.arguments[count:]])});"
        head = f"function {function.name}({', '.join(body.arguments)}) {{"
        found.append("\n".join([head, *indented([*body.comment.split("\n"), *inside, call]), "}"]))
    return found


def _default(value: object) -> str:
    return "" if value is None else f" = {_literal(value)}"


def _literal(value: object) -> str:
    return f"[{', '.join(map(_literal, value))}]" if isinstance(value, list) else _NUMBER(float(str(value)))


def _key(name: str) -> str:
    """A key of an object literal; a bare __proto__ would set the prototype of the object."""
    return '["__proto__"]' if name == "__proto__" else name if name.isidentifier() else json.dumps(name)
