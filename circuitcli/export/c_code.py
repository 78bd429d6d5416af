"""C99 with its math library, which a compiler of C++ reads too; code carries along the functions that this lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from circuitcli.export.array_boxes import Box
from circuitcli.export.code_body import filled, folded, indented
from circuitcli.export.code_parts import CodeParts, title
from circuitcli.export.held_functions import SLOPE
from circuitcli.export.helper_functions import native_helpers
from circuitcli.export.operation_forms import LIKE_C, CodeForm, LoopSyntax, Syntax, calls, numbers
from circuitcli.graph import Graph
from circuitcli.nested_names import in_short, indices_of, stem_of

TAKEN = "taken"  # the parameter of the circuit inside of a gate
MANY = 8  # words of a list in a comment

_KEYWORDS = (
    "alignas alignof auto bool break case char const constexpr continue default do double else enum extern "
    "false float for goto if inline int long nullptr register restrict return short signed sizeof static "
    "static_assert struct switch thread_local true typedef typeof typeof_unqual union unsigned void volatile "
    "while asm linux unix math_errhandling isnan isinf isfinite isnormal signbit fpclassify errno main "
    "circuit gradient"
)  # of the language, and macros of <math.h>
_KEYWORDS_OF_CPP = (
    "and and_eq bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield compl concept "
    "const_cast consteval constinit decltype delete dynamic_cast explicit export friend mutable namespace new "
    "noexcept not not_eq operator or or_eq private protected public reinterpret_cast requires static_cast std "
    "template this throw try typeid typename using virtual wchar_t xor xor_eq"
)
_LIBRARY = "abs=fabs pow fmod copysign hypot floor ceil trunc round=rint sqrt cbrt exp exp2 expm1 log log2 log10 log1p"
_MORE = "sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc"


def _assigned(name: str, text: str, truth: bool) -> str:
    return f"const {'int' if truth else 'double'} {name} = {text};"


def opening(name: str, first: str, last: str, step: int) -> str:
    """The line that opens a loop, in C and in JavaScript behind the word that declares a variable."""
    compared = "<=" if step > 0 else ">="
    by = {1: f"{name}++", -1: f"{name}--"}.get(step, f"{name} += {step}")
    return f"{name} = {first}; {name} {compared} {last}; {by}) {{"


def _array(name: str, shape: Sequence[int], truth: bool) -> str:
    return f"{'int' if truth else 'double'} {name}{''.join([f'[{length}]' for length in shape])};"


_LOOPS = LoopSyntax(
    lambda *loop: f"for (int {opening(*loop)}", ("}",), _array, "double {} = {};", "{} = {};", "(double)({})"
)
_NUMBER = numbers("NAN", "INFINITY")
_FORMS = {
    **LIKE_C,
    "max": CodeForm("circuit_max({0}, {1})", in_pairs=True),
    "min": CodeForm("circuit_min({0}, {1})", in_pairs=True),
    **calls("", f"{_LIBRARY} {_MORE}"),
    **calls("circuit_", "gamma lgamma digamma polygamma"),
}
_RESERVED = frozenset(f"{_KEYWORDS} {_KEYWORDS_OF_CPP}".split()) | {
    form.text.partition("(")[0] for form in _FORMS.values() if "(" in form.text
}
C = Syntax(_FORMS, _NUMBER, _assigned, "//", _RESERVED, prefix="circuit_", ascii=True, loops=_LOOPS, holds=True)


def c(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A file with the function `circuit`, which returns the value and stores the gradient."""
    parts = CodeParts(graph, wrt, given, C)
    kinds = [f"{C.prefix}{each.gate.kind}" for each in parts.held]
    helpers = native_helpers("c.c", r"(?:(?:static|typedef) \w+|struct) (\w+)[ (]", {*parts.called(), *kinds})
    single = [text for name, text in parts.gradient.items() if name not in parts.slope_boxes]
    parameters = [
        f"const double {x}{_lengths(parts.boxes[name])}" if name in parts.boxes else f"double {x}"
        for name, x in parts.inputs.items()
    ]
    parameters += [f"double {parts.gradient[stem]}{_lengths(box)}" for stem, box in parts.slope_boxes.items()]
    parameters += [f"double gradient[{len(single)}]"] if single else []
    lines = [
        *parts.both_passes(makes=False),
        *(f"gradient[{i}] = {text};" for i, text in enumerate(single)),
        f"return {parts.value};",
    ]
    used = {word for line in lines for word in re.findall(r"\w+", line)}
    lines = [*(f"(void){x};" for x in parts.inputs.values() if x not in used), *lines]  # else compilers warn
    head = [*_comment(parts), *folded("double circuit(", parameters or ["void"], ")")]
    code = [*helpers, *_functions(parts), *_held(parts), "\n".join([*head, "{", *indented(lines), "}"])]
    about = f"/* {title(parts)}\n * cc -std=c99 -O2 -c FILE.c, and -lm to link; not with -ffast-math. */"
    return "\n\n".join([about, "#include <math.h>", *code]) + "\n"


def _lengths(box: Box) -> str:
    return "".join([f"[{length}]" for length in box.shape])


def _functions(parts: CodeParts) -> list[str]:
    """The kept functions."""
    found = []
    for function in parts.functions:
        names, lines, result = parts.body_of(function)
        arguments = ", ".join(f"double {name}" for name in names)
        body = "\n".join(indented([*lines, f"return {result};"]))
        found.append(f"static double {C.prefix}{function.name}({arguments})\n{{\n{body}\n}}")
    return found


def _held(parts: CodeParts) -> list[str]:
    """The gates that hold a circuit: the circuit inside as a function, of which that of the gate has the address."""
    found = []
    for function, body in parts.held_bodies(TAKEN):
        name, kind, count = f"{C.prefix}{function.name}", function.gate.kind, function.gate.parameters
        value, *slopes = body.results
        lines = [*body.lines, *(f"*{SLOPE} = {slope};" for slope in slopes), f"return {value};"]
        used = {word for line in lines for word in re.findall(r"\w+", line)}
        lines = [*(f"(void){x};" for x in (body.bound, TAKEN) if x not in used), *lines]
        inner = f"double {body.bound}, const double *{TAKEN}{f', double *{SLOPE}' * bool(slopes)}"
        found.append("\n".join([body.comment, f"static double {name}_of({inner})", "{", *indented(lines), "}"]))
        around, ends = body.arguments[:count], body.arguments[count:]
        array = f"const double {TAKEN}[] = {{{', '.join(around)}}};"
        call = f"return {C.prefix}{kind}({', '.join([f'{name}_of', TAKEN if count else '0', *ends])});"
        head = folded(f"static double {name}(", [f"double {x}" for x in body.arguments], ")")
        found.append("\n".join([*head, "{", *indented([*([array] if count else []), call]), "}"]))
    return found


def _comment(parts: CodeParts) -> list[str]:
    """The comment of the function: its result, the program, and notes on the inputs."""
    single = [name for name in parts.gradient if name not in parts.slope_boxes]
    receivers = [f"{parts.gradient[stem]} by {stem}" for stem in parts.slope_boxes]
    receivers += [f"gradient by {', '.join(single)}"] if single else []
    one = "gradient receives its derivatives by " + ", ".join(single)
    lines = parts.about(one if not parts.slope_boxes else "its derivatives are stored in " + ", ".join(receivers))
    lines += given_values(parts)
    first, *others = lines
    return [f"/* {first}", *(f" * {line}".rstrip() for line in others), " */"]


def given_values(parts: CodeParts) -> list[str]:
    """The lines that tell the values of inputs, one for all elements of a family."""
    found: dict[str, list[str]] = {}
    for name in parts.defaults:
        found.setdefault(stem_of(name), []).append(name)
    lines = []
    for stem, names in found.items():
        names.sort(key=indices_of)
        numbers = [_NUMBER(parts.defaults[name]) for name in names]
        several = len({*numbers}) > 1
        who = stem if stem in parts.boxes and len(names) > 1 else ", ".join(_shortened(in_short(names)))
        whose = f"each of {who}" if len(names) > 1 and not several else who
        what = f"the values {', '.join(_shortened(numbers))}" if several else f"the value {numbers[0]}"
        lines += filled(f"The program gives {whose} {what}.".split())
    return lines


def _shortened(words: Sequence[str]) -> Sequence[str]:
    """The words, or where there are many the first ones and the last."""
    return words if len(words) <= MANY else [*words[: MANY - 2], "...", words[-1]]
