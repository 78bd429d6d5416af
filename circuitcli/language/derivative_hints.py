"""Commands that derive an expression, in place of d/dx(...), f'(x) and the functions of other languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitcli.constants import CONSTANTS
from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import arguments_of, group_behind, statement_around
from circuitcli.language.names import canonical, is_constant, is_name
from circuitcli.language.words_elsewhere import WORDS
from circuitcli.python_calls import command
from circuitcli.visible_text import in_quotes

_PRIMED = re.compile(r"(?<![\w.])([^\W\d]\w*?)\s*('{1,2}|[′’]{1,2}|″)\s*(?=\()")


def command_of(row: str, arguments: Sequence[str]) -> str:
    """Return the command that does to an expression what a function of other languages does."""
    expression = arguments[0] if arguments else ""
    second = arguments[1] if len(arguments) > 1 else ""
    sides = re.split(r"(?<![<>!=])==?(?!=)", expression)
    whole = " - ".join(side.strip() if k == 0 else f"({side.strip()})" for k, side in enumerate(sides))
    words = dict.fromkeys(canonical(word) for word in re.findall(r"(?<![\w.])[^\W\d]\w*\b(?!\s*\()", whole))
    names = [word for word in words if is_name(word) and not is_constant(word)]
    if not all(side.strip() for side in sides) or not names or (second.isidentifier() and second not in names):
        name = second if second.isidentifier() and second not in CONSTANTS else "x"
        expression = whole = f"{name}^2"
        names = [name]
    unknown = second if second in names else names[0]
    found = row.format(
        expression=in_quotes(whole),
        equation=in_quotes(expression),
        ranges="".join(f" -{name} {'-10..10' if name == unknown else 1}" for name in names),
        wrt=f" --wrt {second}" if second in names else "",
        values="".join(f" -{name} 1" for name in names),
    )
    return command(found)


def derivative_of(expression: str, name: str = "") -> str:
    """Return the command that derives an expression."""
    return command_of(WORDS["diff"], [expression, name])


def second_derivative_of(expression: str) -> str:
    """Return the command that shows the second derivatives of an expression."""
    return command_of(WORDS["hessian"], [expression])


def quotient_of_d(left: str, word: str, right: str) -> str:
    """Return the command for d/dx(...) and d(...)/dx, of which the word is the second or the first d."""
    group = group_behind(right.lstrip())
    over = re.match(r"\s*/\s*[d∂](\w+)", right.lstrip()[len(group) :])
    if word in ("d", "∂") and over:
        return derivative_of(group[1:-1], over[1])
    if re.search(r"(?<!\w)[d∂]\s*/\s*$", left) and word[:1] in ("d", "∂") and len(word) > 1:
        return derivative_of(group[1:-1], word[1:])
    return ""


def of_primed(text: str) -> str:
    """Return the command for the first f'(x) or f''(x) of a text; empty where it has none of a gate of its own, and
    none of a name."""
    found = _PRIMED.search(text)
    group = group_behind(text[found.end() :]) if found else ""
    arguments = arguments_of(group[1:-1])
    if found is None or len(arguments) != 1 or not re.fullmatch(r"[\w.]+", arguments[0]):
        return ""
    gate, (argument,) = found[1], arguments
    definition = re.search(rf"(?:^|[;\n])\s*{gate}\s*\(\s*([^\W\d]\w*)\s*\)\s*=(?!=)", text[: found.start()])
    name = argument if is_name(argument) else definition[1] if definition else "x"
    if definition:
        before = text[: statement_around(text, found.start())[0]].strip("; \n")
        program = f"{'; '.join(before.splitlines())}; {gate}({name})"
    elif gate in GATES or gate in ALIASES:
        program = f"{gate}({name})"
    else:
        program = f"{gate}({name}) = {name}^2; {gate}({name})"
    value = argument if name != argument else "1"
    if len(found[2]) > 1 or found[2] == "″":
        return command(f"circuit grad {in_quotes(program)} -{name} {value} --hessian")
    if name != argument:
        return command(f"circuit grad {in_quotes(program)} -{name} {value}")
    return command(f"circuit derive {in_quotes(program)}")
