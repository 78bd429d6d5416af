"""Mends of the words behind a command: lists in several words, commas between inputs, ranges with a step."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from circuitcli.cli.excess_words import near_file
from circuitcli.cli.expression_inputs import inputs_among
from circuitcli.cli.other_names import columns_of, shown, sorted_words
from circuitcli.errors import CircuitError

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NAME = r"[^\W\d]\w*"
_PAIR = rf"({_NAME})=([^=].*)"
_RANGE = rf"{_NAME}=[^:=]*:[^:=]*"
_LISTS = {  # options, with the words that their lists are of, and what joins them
    "--columns": (_NAME, ","),
    "--wrt": (_NAME, ","),
    "--of": (_NAME, ","),
    "--names": (_NAME, ","),
    "--bounds": (_RANGE, ","),
    "--range": (_RANGE, ","),
    "--sigma-of": (_PAIR, ","),
    "--rename": (_PAIR, " --rename "),
    "--claim": (_PAIR, "; "),
}
_PREPOSITIONS = ("at", "where", "when", "with", "for", "@", "on", "in")
_SETTING = (
    "--set",
    "--start",
    "--init",
    "--initial",
    "--x0",
    "--p0",
    "--guess",
    "--at",
    "--input",
    "--values",
    "--var",
)
_SEPARATORS = ("-d", "-F", "-t", "-s")


class _Line(NamedTuple):
    """The words of a line that are neither inputs nor options, the inputs of its expression, which is the first of
    them, and its command with the options of that."""

    free: Sequence[str]
    inputs: Sequence[str]
    options: Mapping[str, bool]
    command: str

    @property
    def expression(self) -> str:
        """The expression; empty where there is none."""
        return next(iter(self.free), "")

    def has(self, option: str, word: str) -> bool:
        """Whether a word may be in the list of an option: it names inputs, or columns of rows that are there."""
        if os.path.exists(word):
            return False
        names = {part.partition("=")[0] for part in word.rstrip(",").split(",")}
        if option in ("--wrt", "--bounds", "--range", "--claim"):
            return names <= {*self.inputs}
        written = {"value", *re.findall(_NAME, self.expression)}
        if option == "--of":
            return names <= written
        columns = columns_of(self.free[1:])
        return bool(columns) and not near_file(word) and (option == "--names" or names <= {*columns, *written})


def mended_line(command: str, words: Sequence[str], options: Mapping[str, bool]) -> str:
    """The hint with the words as they may be meant; empty where nothing is to be mended."""
    from circuitcli.language import parse

    try:
        known, free = sorted_words(words)
        if meant := _of_a_star(free):
            parse(meant)
            line = _Line([meant], inputs_among([meant]), options, command)
            mended = [meant, *_typed(known)]
            before = "the shell put names of files in place of *: "
            return f"{before}write {shown(command, mended)}" if _sets_inputs(mended, line) else ""
        expression, *_ = free or [""]
        parse(expression)
    except CircuitError:
        return ""
    line = _Line(free, inputs_among([expression]), options, command)
    mended = list(words)
    for mend in _MENDS:
        mended = mend(mended, line)
    return "" if mended == [*words] or not _sets_inputs(mended, line) else f"write {shown(command, mended)}"


def _typed(known: Sequence[str]) -> list[str]:
    """Inputs and options as they are typed."""
    pairs = zip(["", *known], known, strict=False)
    return [f"-{word}" if option == "--set" else word for option, word in pairs if word != "--set"]


def _sets_inputs(words: Sequence[str], line: _Line) -> bool:
    """Whether what the words set are inputs of the expression."""
    pairs = pairwise(sorted_words(words)[0])
    return {word.partition("=")[0] for option, word in pairs if option == "--set"} <= {*line.inputs}


def _of_a_star(free: Sequence[str]) -> str:
    """The expression in which the shell has put all files for a *; empty where there was none."""
    if len(free) < 4 or not any(map(os.path.exists, free)):
        return ""
    names = {name for name in os.listdir() if not name.startswith(".")}
    for i in range(1, len(free) - len(names)):
        if len(names) > 1 and {*free[i : i + len(names)]} == names:
            return " ".join([*free[:i], "*", *free[i + len(names) :]])
    return ""


def _without_commas(words: list[str], line: _Line) -> list[str]:
    """The words without commas between inputs: -x=-2, -y=5 and -a 1,-b 2."""
    found: list[str] = []
    for i, word in enumerate(words):
        if word == "," and re.search(rf"(?:^| )-{_NAME}[= ]{_NUMBER}$", " ".join(words[:i][-2:])):
            continue
        parts = re.split(r",(?=-[^\W\d])|,$", word) if word != line.expression else [word]
        names = [re.match(rf"-({_NAME})(?:=|$)", part) for part in parts]
        before = re.fullmatch(rf"-({_NAME})", words[i - 1].rpartition(",")[2]) if i else None
        is_value = before is not None and before[1] in line.inputs and re.fullmatch(_NUMBER, parts[0])
        starts = names[0] is not None and names[0][1] in line.inputs
        others = all(name is not None and name[1] in line.inputs for name in names[1:] if name or parts[-1])
        found += [part for part in parts if part] if (is_value or starts) and others else [word]
    return found


def _run_on(words: list[str], line: _Line) -> list[str]:
    """The words with the names and the values of several inputs apart: -y5 -z-4."""
    found: list[str] = []
    for word in words:
        parts = re.fullmatch(rf"-({_NAME}?)({_NUMBER})", word)
        apart = parts is not None and parts[1] in line.inputs and word[1:] not in line.inputs
        found += [f"-{parts[1]}", parts[2]] if parts and apart else [word]
    return found if len(found) > len(words) + 1 else words  # one alone has a hint of its own


def _at(words: list[str], line: _Line) -> list[str]:
    """The words without a preposition before inputs: at x=3, y=4."""
    found: list[str] = []
    begun = False
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        name, _, value = word.rstrip(",").partition("=")
        if word in _PREPOSITIONS and not os.path.exists(word) and _sets(behind.rstrip(","), line):
            begun = True
        elif begun and _sets(word.rstrip(","), line):
            found += [f"-{name}", value]
        else:
            found.append(word)
            begun = False
    return found


def _sets(text: str, line: _Line) -> bool:
    pair = re.fullmatch(_PAIR, text)
    return pair is not None and pair[1] in line.inputs


def _set_by_option(words: list[str], line: _Line) -> list[str]:
    """The words with one dash for the inputs that an option of no command sets: --start a=1,b=2."""
    found = list(words)
    for i, word in enumerate(words[:-1]):
        pairs = [part.strip() for part in words[i + 1].split(",")]
        if word in _SETTING and word not in line.options and all(_sets(pair, line) for pair in pairs):
            split = [pair.partition("=") for pair in pairs]
            found[i : i + 2] = [each for name, _, value in split for each in (f"-{name}", value)]
            return _set_by_option(found, line)
    return found


def _between(words: list[str], line: _Line) -> list[str]:
    """The words with a range in one: --bounds a 0 10, and --range x=-2:2:0.1 without the step."""
    found = list(words)
    for i, word in enumerate(found):
        if word not in ("--bounds", "--range") or word not in line.options:
            continue
        behind = found[i + 1 : i + 4]
        if len(behind) == 3 and behind[0] in line.inputs and all(re.fullmatch(_NUMBER, end) for end in behind[1:]):
            found[i + 1 : i + 4] = [f"{behind[0]}={behind[1]}:{behind[2]}"]
        elif behind and (parts := re.fullmatch(rf"({_NAME})=({_NUMBER}):({_NUMBER}):({_NUMBER})", behind[0])):
            low, second, third = map(float, parts.groups()[1:])
            high = parts[4] if low < second < third else parts[3]  # MATLAB's order has the step in the middle
            found[i + 1] = f"{parts[1]}={parts[2]}:{high}"
    return found


def _joined(words: list[str], line: _Line) -> list[str]:
    """The words with a list in one: --columns t y."""
    found: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        found.append(word)
        if word not in _LISTS or word not in line.options or not rest:
            continue
        form, between = _LISTS[word]
        is_list = rf"{form}(,{form})*,?"
        parts = []
        while rest and re.fullmatch(is_list, rest[0]) and rest[0] != line.expression and line.has(word, rest[0]):
            parts.append(rest.pop(0))
        if between.startswith(" "):
            found += [each for part in parts for each in (part, word)][:-1]
        elif parts:
            found.append(between.join(part.rstrip(",") for part in parts))
    return found


def _list_of_a_family(words: list[str], line: _Line) -> list[str]:
    """The words with commas between the values of a family, -x 1 2 3, and with loops in an expression that has none."""
    from circuitcli.cli.list_hints import takes_lists

    found: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equal, value = word.partition("=")
        values = [value] if equal else []
        while re.fullmatch(rf"-{_NAME}", name) and rest and re.fullmatch(_NUMBER, rest[0]):
            values.append(rest.pop(0))
        found += [name, ",".join(values)] if len(values) > 1 else [word, *([] if equal else values)]
    if found == words or any(word.startswith("--") and word.partition("=")[0] not in line.options for word in words):
        return words
    known, free = sorted_words(found)
    sets = [word for option, word in pairwise(known) if option == "--set"]
    text = takes_lists(line.command, line.expression, free[1:], sets)
    return [text if word == line.expression else word for word in found] if text else words


def _letters(words: list[str], line: _Line) -> list[str]:
    """The words with options for letters of other programs: -h 1e-4, -d ','."""
    found = list(words)
    for i, (word, value) in enumerate(pairwise(words)):
        if word[1:] in line.inputs:
            continue
        if word == "-h" and "--h" in line.options and re.fullmatch(_NUMBER, value):
            given = any(each.partition("=")[0] == "--difference" for each in words)
            found[i : i + 2] = [*([] if given else ["--difference", "central"]), "--h", value]
            return found
        if word in _SEPARATORS and "--delimiter" in line.options and value in (",", ";", "|", ":", "\t", "\\t"):
            found[i] = "--delimiter"
    return found


def _by(words: list[str], line: _Line) -> list[str]:
    """The words with --wrt for what is to be differentiated by: dx, d/dx, --by x."""
    found = list(words)
    for i, word in enumerate(words):
        name = re.sub(r"^d/?d?|^∂/∂", "", word)
        if "--wrt" not in line.options or any(each.partition("=")[0] == "--wrt" for each in words):
            break
        if word == "--by" and word not in line.options and {*words[i + 1 :][:1]} & {*line.inputs}:
            found[i] = "--wrt"
        elif word in line.free[1:] and name != word and name in line.inputs and not os.path.exists(word):
            found[i : i + 1] = ["--wrt", name]
    return found


_MENDS: tuple[Callable[[list[str], _Line], list[str]], ...] = (
    _without_commas, _run_on, _set_by_option, _at, _between, _by, _joined, _letters, _list_of_a_family,
)  # fmt: skip
