"""Fortran 2008 with nothing but its intrinsic functions and some of C's library; code carries along what both lack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from circuitcli.export.c_code import given_values
from circuitcli.export.code_body import indented
from circuitcli.export.code_parts import CodeParts, title
from circuitcli.export.helper_functions import native_helpers
from circuitcli.export.operation_forms import (
    AND,
    ATOM,
    COMPARE,
    INFIX,
    NOT,
    OR,
    PRODUCT,
    SIGN,
    SUM,
    CodeForm,
    Syntax,
    calls,
)
from circuitcli.graph import Graph

REAL = "real(real64)"
WIDEST = 120  # characters of a line, of which Fortran reads 132
_WORDS = (
    "program module subroutine function end contains use only implicit none real integer logical character complex "
    "intent in out inout pure elemental recursive result if then else do while select case where forall return stop "
    "call interface import parameter allocate type class data block associate private public value gradient circuit "
    "circuit_module real64 c_double size huge int bind name ieee_arithmetic iso_fortran_env iso_c_binding"
)
_OF_IEEE = "ieee_is_nan ieee_is_finite ieee_rint ieee_value ieee_quiet_nan ieee_positive_inf ieee_negative_inf"
_INTRINSICS = (
    "isnan=ieee_is_nan copysign=sign hypot abs trunc=aint round=ieee_rint fmod=mod sqrt exp log log10 sin cos tan asin "
    "acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc"
)


def _number(x: float) -> str:
    """A number; a negative one stands in parentheses, for two signs never stand together."""
    if x != x:
        return "ieee_value(0.0_real64, ieee_quiet_nan)"
    if x - x != 0.0:
        return f"ieee_value(0.0_real64, ieee_{'positive' if x > 0.0 else 'negative'}_inf)"
    text = f"{x!r}_real64"
    return f"({text})" if text.startswith("-") else text


def _assigned(name: str, text: str, truth: bool) -> str:
    """A declaration and an assignment in one, which `_procedure` takes apart."""
    return f"{'logical' if truth else REAL} :: {name} = {text}"


_FORMS = {
    **INFIX,
    "neg": CodeForm("-{0}", SUM, (PRODUCT,)),
    "mul": CodeForm("{0} * {1}", PRODUCT, (PRODUCT, SIGN)),
    "ne": CodeForm("{0} /= {1}", COMPARE, (SUM, SUM)),
    "truth": CodeForm("{0} /= 0.0_real64", COMPARE, (SUM,)),
    "and_": CodeForm("{0} .and. {1}", AND, (AND, NOT)),
    "or_": CodeForm("{0} .or. {1}", OR, (OR, AND)),
    "not_": CodeForm(".not. {0}", NOT, (COMPARE,)),
    "where": CodeForm("merge({1}, {2}, {0})"),
    "pow": CodeForm("{0}**{1}", SIGN, (ATOM, ATOM)),
    **calls("", _INTRINSICS),
    "max": CodeForm("circuit_max({0}, {1})", in_pairs=True),
    "min": CodeForm("circuit_min({0}, {1})", in_pairs=True),
    **calls("circuit_", "floor ceil cbrt exp2 expm1 log2 log1p gamma lgamma digamma polygamma"),
}
_IEEE = frozenset(_OF_IEEE.split())
_RESERVED = frozenset(_WORDS.split()).union(
    _IEEE,
    (word for form in _FORMS.values() for word in re.findall(r"[a-z]\w+", form.text) if not word.startswith("real64")),
)
FORTRAN = Syntax(_FORMS, _number, _assigned, "!", _RESERVED, prefix="circuit_", ascii=True, one_case=True)


def fortran(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A module with the subroutine `circuit`, which computes the value and an array of the gradient."""
    parts = CodeParts(graph, wrt, given, FORTRAN)
    helpers = native_helpers("fortran.f90", r"function (\w+)\(", parts.called())
    functions = []
    for function in parts.functions:
        names, lines, result = parts.body_of(function)
        name = f"{FORTRAN.prefix}{function.name}"
        functions.append(_procedure(f"function {name}", names, ["result_"], lines, [f"result_ = {result}"]))
    slopes = [*parts.gradient.values()]
    results = [f"value = {parts.value}", *(f"gradient({i}) = {text}" for i, text in enumerate(slopes, 1))]
    order = "gradient receives its derivatives by " + ", ".join(parts.gradient)
    about = [f"! {line}".rstrip() for line in [*parts.about(order), *given_values(parts)]]
    outputs = ["value", f"gradient({len(slopes)})"] if slopes else ["value"]
    names = [*parts.inputs.values()]
    main = "\n".join([*about, _procedure("subroutine circuit", names, outputs, parts.both_passes(), results)])
    interfaces = [text for text in helpers if text.startswith("interface")]
    procedures = [text for text in helpers if text not in interfaces] + functions + [main]
    words = {word for text in procedures for word in re.findall(r"\bieee_\w+", text)} & _IEEE
    uses = ["use, intrinsic :: iso_fortran_env, only: real64"]
    uses += [f"use, intrinsic :: ieee_arithmetic, only: {', '.join(sorted(words))}"] * bool(words)
    head = ["implicit none", "private", "public :: circuit"]
    parts_of_file = [
        f"! {title(parts)}",
        "\n".join(["module circuit_module", *indented([*uses, *head])]),
        *("\n".join(indented(text.split("\n"))) for text in interfaces),
        "contains",
        *("\n".join(indented(text.split("\n"))) for text in procedures),
        "end module circuit_module",
    ]
    return "\n\n".join(parts_of_file) + "\n"


def _procedure(
    opening: str, inputs: Sequence[str], outputs: Sequence[str], lines: Sequence[str], results: Sequence[str]
) -> str:
    """A pure subroutine, or a function with one output."""
    procedure = opening.split()[0]
    names = [x.partition("(")[0] for x in outputs]
    arguments = [*inputs, *names] if procedure == "subroutine" else [*inputs]
    head = f"pure {opening}({', '.join(arguments)})"
    head += f" result({names[0]})" if procedure == "function" else ""
    body = [f"{REAL}, intent(in) :: {', '.join(inputs)}"] if inputs else []
    body.append(f"{REAL}{', intent(out)' if procedure == 'subroutine' else ''} :: {', '.join(outputs)}")
    declared: dict[str, list[str]] = {}
    statements = []
    for line in lines:
        kind, _, statement = line.partition(" :: ")
        statements.append(statement or line)
        if statement:
            declared.setdefault(kind, []).append(statement.partition(" = ")[0])
    body += [f"{kind} :: {', '.join(variables)}" for kind, variables in declared.items()]
    body += [*statements, *results]
    return "\n".join([*_wrapped(head), *indented([x for line in body for x in _wrapped(line)]), f"end {opening}"])


def _wrapped(line: str) -> list[str]:
    """A statement in lines that are not too long."""
    if line.startswith("!") or len(line) <= WIDEST:
        return [line]
    lines, words = [""], line.split(" ")
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) > WIDEST - len(" &"):
            lines[-1] += " &"
            lines.append(f"    {word}")
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines
