"""Python, with nothing but its math: the functions that it lacks are this package's own, copied."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Sequence
from itertools import groupby

from circuitcli.export.code_body import folded, indented
from circuitcli.export.code_parts import Parts, title
from circuitcli.export.helper_functions import float_helpers
from circuitcli.export.kept_functions import Function
from circuitcli.export.operation_forms import AND, CHOICE, INFIX, NOT, OR, Form, Language, calls, numbers

_FUTURE = "from __future__ import annotations"


def assigned(name: str, text: str, truth: bool) -> str:
    """A statement."""
    return f"{name} = {text}"


NUMBER = numbers("math.nan", "math.inf")
LOGIC = {
    "and_": Form("{0} and {1}", AND, (AND, NOT)),
    "or_": Form("{0} or {1}", OR, (OR, AND)),
    "not_": Form("not {0}", NOT, (NOT,)),
    "where": Form("{1} if {0} else {2}", CHOICE, (OR, OR, CHOICE)),
}
FORMS = {
    **INFIX,
    **LOGIC,
    **calls("math.", "abs=fabs copysign hypot atan atan2 tanh asinh erf erfc"),
    **calls("", "div pow=power fmod max=largest min=smallest round=rint floor ceil trunc sqrt cbrt exp exp2 expm1 log"),
    **calls("", "log2 log10 log1p sin cos tan asin acos sinh cosh acosh atanh gamma lgamma digamma polygamma"),
}
RESERVED = frozenset({*keyword.kwlist, *dir(builtins), "math", "sys", "circuit", *(op.rstrip("_") for op in FORMS)})
PYTHON = Language(FORMS, NUMBER, assigned, "#", RESERVED | {"power", "largest", "smallest", "rint"})


def python(parts: Parts) -> str:
    """A module with the function `circuit`, of floats, which needs nothing but Python."""
    helpers = float_helpers(parts.called())
    functions = [defined(parts, function, "float") for function in parts.functions]
    return module(parts, helpers, [*functions, circuit(parts, "float", "float")])


def module(parts: Parts, helpers: Sequence[str], functions: Sequence[str], imports: Sequence[str] = ()) -> str:
    """A file of Python: what it is, what it imports, the helpers, the functions."""
    text = "\n".join([*helpers, *functions, *(line for line in imports if _kind(line) == 3)])
    lines = dict.fromkeys([_FUTURE, "import math", "import sys", "from collections.abc import Callable", *imports])
    used = [
        line for line in lines if line == _FUTURE or _kind(line) == 3 or re.search(rf"\b{line.split()[-1]}[.[]", text)
    ]
    groups = ["\n".join(group) for _, group in groupby(sorted(used, key=_kind), key=_kind)]
    return "\n\n\n".join(["\n\n".join([f'"""{title(parts)}"""', *groups]), *helpers, *functions]) + "\n"


def _kind(line: str) -> int:
    """Where a line stands that imports: what is Python's own, what is a library's, and what sets one up."""
    words = line.split()
    if words[0] not in ("import", "from"):
        return 3
    return 0 if line == _FUTURE else 1 if words[1].split(".")[0] in ("math", "sys", "collections") else 2


def circuit(parts: Parts, kind: str, converted: str, before: Sequence[str] = (), result: str = "{}") -> str:
    """The function itself: inputs of a kind, each made one by `converted`; `result` is put around what it answers."""
    defaults = {name: f" = {NUMBER(x)}" for name, x in parts.defaults.items()}
    arguments = [f"{x}: {kind}" for name, x in parts.inputs.items() if name not in defaults]
    ordered = [*defaults] == [*parts.inputs][len(arguments) :]
    arguments += ["*"] * (not ordered)  # what cannot stand where it belongs is never told by its place
    arguments += [f"{parts.inputs[name]}: {kind}{value}" for name, value in defaults.items()]
    first, *others = parts.about()
    lines = [f'"""{first}', *others, '"""']
    lines += [f"{x} = {converted}({x})" for x in parts.inputs.values()]
    lines += [*before, *parts.both_passes()]
    slopes = [f"{json.dumps(n, ensure_ascii=False)}: {result.format(x)}" for n, x in parts.gradient.items()]
    lines += folded(f"return {result.format(parts.value)}, {{", slopes, "}")
    head = folded("def circuit(", arguments, f") -> tuple[{kind}, dict[str, {kind}]]:")
    return "\n".join([*head, *indented(lines)])


def defined(parts: Parts, function: Function, kind: str) -> str:
    """A kept function."""
    names, lines, result = parts.body_of(function)
    typed = ", ".join(f"{name}: {kind}" for name in names)
    return "\n".join([f"def {function.name}({typed}) -> {kind}:", *indented([*lines, f"return {result}"])])
