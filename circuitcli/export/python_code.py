"""Python with nothing but its math; code carries along copies of our own functions that this lacks."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from circuitcli.export.array_boxes import Box
from circuitcli.export.code_body import folded, function_body, indented
from circuitcli.export.code_parts import CodeParts, title
from circuitcli.export.held_functions import HeldBody, HeldFunction, held_body, names_called, with_held
from circuitcli.export.helper_functions import array_helpers, float_helpers
from circuitcli.export.kept_functions import Function, functions
from circuitcli.export.operation_forms import AND, CHOICE, INFIX, NOT, OR, CodeForm, LoopSyntax, Syntax, calls, numbers
from circuitcli.graph import Graph

_FUTURE = "from __future__ import annotations"
_TYPES = "from collections.abc import "


def assigned(name: str, text: str, truth: bool) -> str:
    """A statement that gives a name to an expression."""
    return f"{name} = {text}"


def opening(name: str, first: str, last: str, step: int) -> str:
    """The line that opens a loop."""
    by = f", {step}" if step != 1 else ""
    return f"for {name} in range({first}, {_beyond(last, 1 if step > 0 else -1)}{by}):"


def _beyond(last: str, by: int) -> str:
    return str(int(last) + by) if last.lstrip("-").isdigit() else f"{last} {'+' if by > 0 else '-'} 1"


def array(name: str, shape: Sequence[int], truth: bool) -> str:
    """The statement that makes nested lists of a shape."""
    text = f"[0.0] * {shape[-1]}"
    for length in reversed(shape[:-1]):
        text = f"[{text} for _ in range({length})]"
    return f"{name} = {text}"


LOOPS = LoopSyntax(opening, (), array, "{} = {}", "{} = {}", "float({})")
NUMBER = numbers("math.nan", "math.inf")
LOGIC = {
    "and_": CodeForm("{0} and {1}", AND, (AND, NOT)),
    "or_": CodeForm("{0} or {1}", OR, (OR, AND)),
    "not_": CodeForm("not {0}", NOT, (NOT,)),
    "where": CodeForm("{1} if {0} else {2}", CHOICE, (OR, OR, CHOICE)),
}
FORMS = {
    **INFIX,
    **LOGIC,
    **calls("math.", "abs=fabs copysign hypot atan atan2 tanh asinh erf erfc"),
    **calls("", "div pow=power fmod max=largest min=smallest round=rint floor ceil trunc sqrt cbrt exp exp2 expm1 log"),
    **calls("", "log2 log10 log1p sin cos tan asin acos sinh cosh acosh atanh gamma lgamma digamma polygamma"),
}
OWN = ("math", "sys", "circuit", "check_shape")
RESERVED = frozenset({*keyword.kwlist, *dir(builtins), *OWN, *(op.rstrip("_") for op in FORMS)})
PYTHON = Syntax(
    FORMS, NUMBER, assigned, "#", RESERVED | {"power", "largest", "smallest", "rint"}, loops=LOOPS, holds=True
)


def python(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
    """A module with the function `circuit` of floats, which needs nothing but Python."""
    parts = CodeParts(graph, wrt, given, PYTHON)
    imports, helpers = array_helpers("python", ["check_shape"] * bool(parts.boxes))
    helpers += float_helpers({*parts.called(), *(each.gate.kind for each in parts.held)})
    inside = [defined(function, PYTHON, "float") for function in parts.functions]
    inside += [held(function, body) for function, body in parts.held_bodies()]
    return module(parts, helpers, [*inside, circuit(parts, "float", "float")], imports)


def module(parts: CodeParts, helpers: Sequence[str], functions: Sequence[str], imports: Sequence[str] = ()) -> str:
    """A file of Python: its title, the imports that it uses, the helpers, the functions."""
    text = "\n".join([*helpers, *functions, *(line for line in imports if _kind(line) == 3)])
    types = [f"{_TYPES}{name}" for name in ("Callable", "Collection", "Sequence")]
    lines = dict.fromkeys([_FUTURE, "import math", "import sys", *types, *imports])
    used = [line for line in lines if line == _FUTURE or _kind(line) == 3 or _is_used(line, text)]
    names = [line.split()[-1] for line in used if line.startswith(_TYPES)]
    used = [line for line in used if not line.startswith(_TYPES)] + [_TYPES + ", ".join(names)] * bool(names)
    groups = ["\n".join(group) for _, group in groupby(sorted(used, key=_kind), key=_kind)]
    return "\n\n\n".join(["\n\n".join([f'"""{title(parts)}"""', *groups]), *helpers, *functions]) + "\n"


def _is_used(line: str, text: str) -> bool:
    ending = r"\b" if line.startswith("from ") else r"\."
    return re.search(rf"\b{line.split()[-1]}{ending}", text) is not None


def _kind(line: str) -> int:
    """The group of a line in the head of a file: 0 for __future__, 1 for Python's own modules, 2 for libraries, and 3
    for a statement that sets one up."""
    words = line.split()
    if words[0] not in ("import", "from"):
        return 3
    return 0 if line == _FUTURE else 1 if words[1].split(".")[0] in ("math", "sys", "collections") else 2


def circuit(
    parts: CodeParts, kind: str, converted: str, before: Sequence[str] = (), result: str = "{}", stacked: str = ""
) -> str:
    """The function `circuit` of inputs of a type `kind`, to which `converted` turns each; `result` is put around each
    number that it returns. Families are arrays where `stacked` makes one of a list, else nested lists."""

    def depth(boxes: Mapping[str, Box], name: str) -> int:
        return len(boxes[name].shape) if name in boxes else 0

    def argument(name: str) -> str:
        lists = 0 if stacked else depth(parts.boxes, name)
        return f"{parts.inputs[name]}: {'Sequence[' * lists}{kind}{']' * lists}"

    defaults = {name: value for name in parts.inputs if (value := parts.default(name)) is not None}
    arguments = [argument(name) for name in parts.inputs if name not in defaults]
    ordered = [*defaults] == [*parts.inputs][len(arguments) :]
    arguments += ["*"] * (not ordered)  # out of order, they can be given by name only
    arguments += [f"{argument(name)} = {_literal(value)}" for name, value in defaults.items()]
    first, *others = parts.about()
    lines = [f'"""{first}', *others, '"""']
    for name, x in parts.inputs.items():
        check = [f"check_shape({_key(name)}, {x}, {parts.boxes[name].shape})"] if name in parts.boxes else []
        change = [f"{x} = {_each(0 if stacked else depth(parts.boxes, name), f'{converted}({{}})', '{}', x)}"]
        lines += change + check if stacked else check + change
    lines += [*before, *parts.both_passes()]
    slopes = []
    for name, x in parts.gradient.items():
        lists = depth(parts.slope_boxes, name) if stacked or name not in parts.slope_boxes else -1
        text = x if lists < 0 else _each(lists, result, stacked, x)
        slopes.append(f"{_key(name)}: {text}")
    lines += folded(f"return {result.format(parts.value)}, {{", slopes, "}")
    values = f"{kind} | list" if parts.slope_boxes and not stacked else kind
    head = folded("def circuit(", arguments, f") -> tuple[{kind}, dict[str, {values}]]:")
    return "\n".join([*head, *indented(lines)])


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _each(depth: int, form: str, outer: str, x: str) -> str:
    """Nested lists in which each number is put into a form, and each list into an outer one."""
    if not depth:
        return form.format(x)
    inner = "x" if x != "x" else "y"
    return outer.format(f"[{_each(depth - 1, form, outer, inner)} for {inner} in {x}]")


def _literal(value: object) -> str:
    """A default: a number, or nested tuples of them."""
    if isinstance(value, list):
        return f"({', '.join(map(_literal, value))}{',' * (len(value) == 1)})"
    return NUMBER(float(str(value)))


def defined(function: Function, syntax: Syntax, kind: str) -> str:
    """A kept function in Python."""
    names, lines, result = function_body(function, syntax)
    typed = ", ".join(f"{name}: {kind}" for name in names)
    return "\n".join([f"def {function.name}({typed}) -> {kind}:", *indented([*lines, f"return {result}"])])


def held(function: HeldFunction, body: HeldBody) -> str:
    """A gate that holds a circuit in Python: the circuit inside as a function within that of the gate."""
    kind, typed = function.gate.kind, ", ".join(f"{name}: float" for name in body.arguments)
    result = ", ".join(body.results)
    returned = f"tuple[{', '.join(['float'] * len(body.results))}]" if len(body.results) > 1 else "float"
    inside = [f"def of({body.bound}: float) -> {returned}:", *indented([*body.lines, f"return {result}"])]
    call = f"return {kind}({', '.join(['of', *body.arguments[function.gate.parameters :]])})"
    lines = [*body.comment.split("\n"), *inside, "", call]
    return "\n".join([f"def {function.name}({typed}) -> float:", *indented(lines)])


def held_apart(gates: Sequence[HeldFunction]) -> str:
    """A function that returns those of gates that hold a circuit, over floats, within a scope of their own."""
    syntax, programs = with_held(PYTHON, gates), [each.program for each in gates]
    kept = functions(*programs)
    names = names_called([*programs, *(function.program for function in kept)], syntax)
    kinds = {each.gate.kind for each in gates}
    pieces = [*float_helpers({*names, *kinds}), *(defined(function, PYTHON, "float") for function in kept)]
    pieces += [held(each, held_body(each, syntax)) for each in gates]
    lines = [line for piece in pieces for line in [*piece.split("\n"), ""]]
    returned = f"return {', '.join(each.name for each in gates)}{',' * (len(gates) == 1)}"
    head = "def over_floats() -> tuple[Callable[..., float], ...]:"
    about = '"""The gates that hold a circuit, as functions of numbers."""'
    return "\n".join([head, *indented([about, "", *lines, returned])])
