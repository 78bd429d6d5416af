"""Loops and indices of other languages, each with a hint how it is written here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from circuitcli.gathering import gathering
from circuitcli.language.comprehensions import with_an_index
from circuitcli.language.excerpts import NEARBY, arguments_of, shown, statement_around
from circuitcli.language.foreign_calls import as_a_value
from circuitcli.language.held_hints import held_form
from circuitcli.language.loop_statements import as_a_gate
from circuitcli.language.loops_elsewhere import CHOSEN, JOINED
from circuitcli.language.sum_signs import SIGNS, in_gates

LONGEST = 200  # characters of a statement that a hint writes anew
_GATHERS = "|".join(gathering())
_LOOPS = r"for\s+\w+\s+in\s+.+"

# Loops of other languages, each with what makes it one of ours.
_FORMS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\bfor\s*\(\s*(\w+)\s+(?:in|=)\s+([^()]+)\)", r"for \1 in \2"),
    (r"\bfor\s+(\w+)\s*(?:=|from\b|∈)\s*", r"for \1 in "),
    (r"\bin\s+range\(([^(),]+)\)", lambda found: f"in 0:{_less(found[1])}"),
    (r"\bin\s+range\(([^(),]+),\s*([^(),]+)\)", lambda found: f"in {found[1]}:{_less(found[2])}"),
    (r"\bin\s+range\(([^(),]+),\s*([^(),]+),\s*([^(),]+)\)", lambda f: f"in {f[1]}:{_less(f[2])}:{f[3]}"),
    (r"\bin\s+(\w+?)\s*(?:\.\.+|…|\bto\b|-)\s*(\w+)", r"in \1:\2"),
    (r"\bin\s+[\[({]\s*([^][(){}]*?)\s*[\])}]", lambda found: f"in {_run(found[1])}"),
    (r"\b(\w+)\(\s*(\w+)\s*=\s*(\w+)\s*(?::|\.\.|,|to)\s*(\w+)\s*,\s*(.+)\)", r"\1(\5 for \2 in \3:\4)"),
    (r"\b(\w+)\((.+),\s*(\w+)\s*=\s*(\w+)\s*(?::|\.\.|,|to)\s*(\w+)\s*\)", r"\1(\2 for \3 in \4:\5)"),
    (r"(\w+\[[^][:]+)\]\s*\[(?=[^][:]+\])", r"\1,"),
    (r"\b([^\W\d]\w*)\[\s*:\s*\]", r"\1[1:3]"),
    (rf"\b({_GATHERS})\(\s*(\w+)\[(\w+):(\w+)\]\s*\)", r"\1(\2[i] for i in \3:\4)"),
    (r"^(\w+)\[(\w+):(\w+)\]$", lambda found: _of_a_part(found)),
    (r"^(\w+)\[(\w+):(\w+)\]\s*=(?!=)\s*(.+)", lambda found: _named_part(found)),
    (r"\b(\w+)\(\[(.+\bfor\b.+)\]\)", r"\1(\2)"),
    (r"(\bfor\s+\w+\s+in\s+[\w:+*-]+)\s+for\s+(?=\w+\s+in\b)", r"\1, "),
    (r"\bfor\s+in\s+(?=[\w+*-]+\s*:)", lambda found: f"for {_index(found.string)} in "),
    (r"\bfor\s+(?!in\b)(\w+)\s+(?!in\b)(?=[\w+*-]+\s*:)", r"for \1 in "),
    (r"\bin\s+(\d+)\s*(?=[),]|$)", r"in 1:\1"),
    (r"(\bin\s+[\w+*-]+:[\w+*-]+:[\w+*-]+)(?::[\w+*-]+)+", r"\1"),
)

_INSIDE = r"(?:[^()]|\([^()]*\))+?"
_RANGES = r"for\s+\w+\s+in\s+[^,()]+(?:,\s*\w+\s+in\s+[^,()]+)*"
_ONE = r"(?:[^][(),]|\[[^][]*\]|\([^()]*\))+"  # an argument
_WITH_A_CONDITION = rf"\b({'|'.join(CHOSEN)})\(({_INSIDE})\s+(for\s+\w+\s+in\s{_INSIDE})\s+if\s+({_INSIDE})\)"
_WITH_MORE = (
    rf"\b(?P<gate>{'|'.join(JOINED)})\((?P<body>{_INSIDE})\s+(?P<loops>{_RANGES}),\s*(?!\w+\s+in\b)(?P<more>{_INSIDE})\)",
    rf"\b(?P<gate>{'|'.join(JOINED)})\((?P<body>{_ONE}),\s*(?P<more>{_ONE})\s+(?P<loops>{_RANGES})\)",
)


def of_a_loop(text: str, place: int, readable: Callable[[str], bool]) -> str:
    """Return the hint for a loop or an index of another language around a place, or nothing."""
    if (whole := _ranged(as_a_gate(text))) and readable(whole):
        return f"write {_with_numbers(whole, whole)}"
    start, end = statement_around(text, place)
    part = text[start:end].strip()
    if whole := _with_the_line_above(text[:start], part, readable):
        return f"a loop stands on its statement's line: write {whole}"
    if not re.search(rf"\bfor\b|[\[={SIGNS}]|sum|prod", part):
        return ""
    if (call := re.fullmatch(r"(\w+)\((.+)\)", part)) and (meant := held_form(call[1], arguments_of(call[2]))):
        return f"write {meant}"  # int(t^2, t=0..1) is no loop over t
    for candidate in _candidates(part):
        if candidate != part and readable(candidate):
            candidate = _with_numbers(candidate, text)
            return f"write {candidate if len(candidate) <= LONGEST else shown(candidate)}"
    return ""


def _candidates(part: str) -> Iterator[str]:
    part = _ranged(with_an_index(in_gates(part), lambda _: 3))
    yield part
    yield re.sub(_WITH_A_CONDITION, _chosen, part)
    for form in _WITH_MORE:
        yield re.sub(form, _joined, part)
    name = next(letter for letter in "yzqabcdefgh" if not re.search(rf"\b{letter}\b", part))
    if found := re.fullmatch(rf"({_GATHERS})\((.+)\)\s*({_LOOPS})", part):
        yield f"{found[1]}({found[2]} {found[3]})"
    for form in (
        rf"\[?(?P<body>.+?)\s+(?P<loops>{_LOOPS}?)\]?",
        r"(?P<loops>for\s+\w+\s+in\s+[\w:+*-]+?)[:,]?\s+(?P<body>.+)",
    ):
        if (found := re.fullmatch(form, part)) and (loop := re.match(r"for\s+(\w+)", found["loops"])):
            left = "" if re.match(r"\w+\[.*\]\s*=[^=]", found["body"]) else f"{name}[{loop[1]}] = "
            yield f"{left}{found['body']} {found['loops']}"
    if part.count("[") > part.count("]"):
        yield part + "]" if part.count("(") <= part.count(")") else re.sub(r"(\[[^][(),\s]*)", r"\1]", part)
        yield re.sub(r"(\[\w+)(?![\w\],])", r"\1]", part)


def _ranged(part: str) -> str:
    """Return a text with its loops and indices in our forms."""
    for form, written in _FORMS:
        part = re.sub(form, written, part)
    return part


def _with_numbers(part: str, text: str) -> str:
    """Return a statement with a number above it for each name that ends the range of one of its loops."""
    ends = re.findall(r"\bin\s+[\w+*-]+:([^\W\d]\w*)", part)
    known = re.findall(r"\b(\w+)\s*=(?!=)", text) + re.findall(r"\bfor\s+(\w+)|,\s*(\w+)\s+in\b", part)
    names = {name for words in known for name in ([words] if isinstance(words, str) else words)}
    return "".join(f"{name} = 3; " for name in dict.fromkeys(ends) if name not in names) + part


def _of_a_part(found: re.Match[str]) -> str:
    """Return the part of a list, x[1:3], as a family."""
    name = next(letter for letter in "yzq" if letter != found[1])
    return f"{name}[i] = {found[1]}[i] for i in {found[2]}:{found[3]}"


def _named_part(found: re.Match[str]) -> str:
    """Return h[1:3] = x[1:3], or another definition of the part of a list, as a family."""
    right = re.sub(r"(\w+)\[[^][]*:[^][]*\]", r"\1[i]", found[4])
    return f"{found[1]}[i] = {right} for i in {found[2]}:{found[3]}"


def _with_the_line_above(above: str, part: str, readable: Callable[[str], bool]) -> str:
    """Return the statement above a loop with the loop behind it, where they are one statement in two lines."""
    statement = re.split(r"[\n;]", re.sub(r"#[^\n]*", "", above[-NEARBY:]).rstrip())[-1].strip()
    family = re.match(r"\w+\[[^][]*\]\s*=(?!=)", statement) and not re.search(r"\bfor\b", statement)
    whole = f"{statement} {part}"
    return whole if family and re.match(_LOOPS, part) and len(whole) <= LONGEST and readable(whole) else ""


def _chosen(found: re.Match[str]) -> str:
    """Return a gate over a loop with a condition as one that gathers what changes nothing where it does not hold."""
    gate, body, loops, condition = found.groups()
    meant = CHOSEN[gate].format(body=body, loops=loops, condition=condition)
    return meant if found[0] == found.string else as_a_value(meant)


def _joined(found: re.Match[str]) -> str:
    """Return a gate over a loop and another argument as that of both: max(max(x[i] for i in 1:3), y)."""
    gate, body, loops, more = found["gate"], found["body"], found["loops"], found["more"].strip()
    form = JOINED[gate]
    if form[0] == "{" and not re.fullmatch(r"[\w.]+(\[[^][]*\])?", more):
        more = f"({more})"
    names = re.findall(r"(\w+)\s+in\b", loops)
    if set(names).intersection(re.findall(r"\w+", more)):
        return f"{gate}({form.format(first=body, more=more)} {loops})"
    meant = form.format(first=f"{gate}({body} {loops})", more=more)
    return meant if found[0] == found.string else as_a_value(meant)


def _index(text: str) -> str:
    """Return the first name in the indices of a text."""
    found = re.search(r"\[\s*(?:[^][]*?\W)?([^\W\d]\w*)", text)
    return found[1] if found else "i"


def _less(end: str) -> str:
    """Return the last number of a range of Python."""
    end = end.strip()
    one_more = re.fullmatch(r"(\w+)\s*\+\s*1", end)
    return one_more[1] if one_more else str(int(end) - 1) if end.isdigit() else f"{end}-1"


def _run(listed: str) -> str:
    """Return a list of numbers, each one more than the one before, as a range; other lists as they are."""
    words = re.split(r"\s*,\s*", listed)
    numbers = [int(word) for word in words if word.isdigit()]
    whole = len(numbers) == len(words) > 0 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return f"{numbers[0]}:{numbers[-1]}" if whole else f"({listed})"
