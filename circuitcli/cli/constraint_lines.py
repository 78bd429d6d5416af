"""The line for constraints and equations that are asked for in another way: minimize x^2 subject to x >= 1, a
condition among equations, and constraints of a family without a loop."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from circuitcli.cli.expression_inputs import inputs_among
from circuitcli.cli.input_values import RANGE
from circuitcli.cli.number_rows import rows_of
from circuitcli.cli.other_names import free_words, shown
from circuitcli.cli.range_hints import read_range
from circuitcli.errors import CircuitError
from circuitcli.language.excerpts import group_behind

_STATED = re.compile(
    r"(?i)\s*(?:(?P<verb>minimi[sz]e|maximi[sz]e|min|max)\s+)?(?P<goal>.+?)[,;]?\s+"
    r"(?:s\.?\s?t\.?|(?:subject|subj\.?)\s+to|such\s+that)[\s:]\s*(?P<conditions>.+)"
)
_RELATION = r"<=|>=|==|<|>|≤|≥|(?<![<>=!])=(?![=<>])"
_WITHIN = re.compile(r"\s*([^\W\d]\w*)\s*(?:\bin\b|∈)\s*\[([^,;\[\]]+)[,;]([^,;\[\]]+)\]\s*")
_OPTION = "--subject-to"
_NAMED = ("--subject-to", "--constraint", "--constraints", "--such-that", "--st", "--s.t.")
_START = r"[^\W\d]\w*=\S+"  # a value that lacks its dash
_REACH = 10.0  # of a range of which one end is known


def constrained(command: str, words: Sequence[str], options: Mapping[str, bool], equations: bool) -> str:
    """The hint for the words behind a command; empty where they state no constraints in another way."""
    if not (equations or _OPTION in options):
        return ""
    text, *others = [*free_words(words), ""]
    if not text or os.path.exists(text):
        return ""
    try:
        return _of_equations(command, words, text, others) if equations else _of_a_goal(command, words, text)
    except CircuitError:
        return ""


def _values(words: Sequence[str]) -> dict[str, str]:
    """The values that words give inputs."""
    found = {}
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        if match := re.fullmatch(r"-([^\W\d]\w*)(?:=(.+))?", word):
            found[match[1]] = match[2] or behind
    return found


def _apart(text: str) -> list[str]:
    """The statements of a text, between which are commas, semicolons or the word and."""
    found, depth = [""], 0
    for part in re.split(r"([][(){},;\n]|\band\b|&&?)", text):
        depth += (part in ("(", "[", "{")) - (part in (")", "]", "}"))
        if part in (",", ";", "\n", "and", "&", "&&") and not depth:
            found.append("")
        else:
            found[-1] += part
    return [part.strip() for part in found if part.strip()]


# ── ascend and descend ──────────────────────────────────────────────────────────────────────────────────────────


def _of_a_goal(command: str, words: Sequence[str], text: str) -> str:
    from circuitcli.subject import Subject

    place, goal, given = [*words].index(text), text, list[str]()
    if stated := _STATED.fullmatch(text):
        goal, given = stated["goal"], _apart(stated["conditions"])
        verb = (stated["verb"] or "")[:3].lower()
        command = {"min": "descend", "max": "ascend"}.get(verb, command)
    elif len(parts := text.split(";")) > 1 and all(re.search("[<>≤≥]", part) for part in parts[1:]):
        goal, given = parts[0].strip(), [part.strip() for part in parts[1:]]
    values = _values(words)
    sizes = {name: len(rows[0]) for name, value in values.items() if len(rows := rows_of(value)) == 1}
    kept = [goal if i == place else word for i, word in enumerate(words)]
    meant = [*kept]
    for i, word in enumerate(kept):
        parts = [part.strip() for part in word.split(";")]
        if i and kept[i - 1] == _OPTION and (looped := [_in_loops(part, sizes) for part in parts]) != parts:
            meant[i] = "; ".join(looped)
    if given:
        meant += [_OPTION, "; ".join(_in_loops(part, sizes) for part in given)]
    if meant == [*words]:
        return ""
    Subject(goal, [word for option, word in pairwise(meant) if option == _OPTION], [*values], False)
    return f"write {shown(command, meant)}"


def _in_loops(condition: str, sizes: Mapping[str, int]) -> str:
    """A condition on families of known sizes in loops: x >= 1 is x[i] >= 1 for i in 1:3, and sum(x) is one, too; and
    x in [1, 2] as two."""
    if within := _WITHIN.fullmatch(condition):
        return f"{within[1]} >= {within[2].strip()}; {within[1]} <= {within[3].strip()}"
    text = re.sub(r"\s+(?:for\s+(?:all|every|each|any)|∀)\s+\w+\s*$", "", condition.strip())
    for name, size in sizes.items():
        text = re.sub(rf"\b(sum|mean|prod|max|min)\(\s*{name}\s*\)", rf"\1({name}[i] for i in 1:{size})", text)
        text = re.sub(rf"\b{name}\b(?!\s*[\[(])", f"{name}[i]", text)
    free = re.sub(r"\([^()]*\bfor\b[^()]*\)", "", text)
    index = re.search(r"\b(\w+)\[([^\W\d]\w*)\]", free)
    if index is None or index[1] not in sizes or re.search(r"\bfor\b", free):
        return text
    return f"{text} for {index[2]} in 1:{sizes[index[1]]}"


# ── solve ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_equations(command: str, words: Sequence[str], text: str, others: Sequence[str]) -> str:
    from circuitcli.cli.solve_lines import solved

    more = [word for word in others if _is_relation(word)]
    kept, stated = list[str](), list[str]()
    rest = [*words]
    while rest:
        word = rest.pop(0)
        option, equal, value = word.partition("=")
        if option in _NAMED:
            stated += _apart(value if equal else rest.pop(0) if rest else "")
        elif word not in more:
            kept.append(word)
    place = kept.index(text)
    braces = re.fullmatch(r"\s*([\[{(])(.*)[\])}]\s*", text, re.DOTALL)
    inside = (
        braces[2]
        if braces and "=" in text and (braces[1] != "(" or group_behind(text.strip()) == text.strip())
        else text
    )
    parts = [*_apart(inside), *(part for word in more for part in _apart(word)), *stated]
    names = inputs_among([text, *more]) if more else inputs_among(["; ".join(parts)])
    names = names or list(dict.fromkeys(re.findall(r"[^\W\d]\w*", inside)))
    ranges = {part: found for part in parts if re.search("[<>≤≥]", part) and (found := read_range(part, names))}
    equations = [part for part in parts if part not in ranges]
    whole = "; ".join(equations)
    if not equations or (not ranges and whole == "; ".join(filter(None, map(str.strip, re.split("[;\n]", text))))):
        return ""
    kept[place] = whole
    kept = _within(kept, [*ranges.values()])
    if "--bounds" not in kept:
        kept = solved(kept) or kept
    from circuitcli.language import parse

    parse(whole, names)
    return f"write {shown(command, kept)}"


def _is_relation(word: str) -> bool:
    """Whether a word behind the equations is one more, or a condition: no file, and no value that lacks its dash."""
    is_other = re.fullmatch(_START, word) or os.path.exists(word)
    return not is_other and len(re.findall(_RELATION, word)) == 1 and not re.search(r"\.\.|:", word)


def _within(words: Sequence[str], ranges: Collection[str]) -> list[str]:
    """The words with some ranges: as bounds of unknowns that have a start, else in the place of their ranges."""
    found, bounds, values = [*words], list[str](), _values(words)
    for each in ranges:
        name, _, ends = each.partition("=")
        low, _, high = ends.partition(":")
        before = RANGE.fullmatch(values.get(name, ""))
        if name in values and before is None:
            bounds.append(each)
            continue
        first, _, last = values.get(name, "..").partition("..")
        low, high = low or first, high or last
        low, high = low or f"{float(high) - _REACH:g}", high or f"{float(low) + _REACH:g}"
        found = [word for word in found if word not in (f"-{name}", f"-{name}={values.get(name)}")]
        found = [word for word in found if word != values.get(name)]
        found += [f"-{name}", f"{low}..{high}"]
        values[name] = f"{low}..{high}"
    return [*found, *(["--bounds", ",".join(bounds)] if bounds else [])]
