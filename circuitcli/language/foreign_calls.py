"""The calls of other languages in a text, each as it is written here: sig(x) is sigmoid(x), Math.exp(x) is exp(x)."""

from __future__ import annotations

import re

from circuitcli.gates import ALIASES, GATES
from circuitcli.language.excerpts import arguments_of, group_behind, value_before
from circuitcli.language.word_hints import MODULES, written_here
from circuitcli.language.words_elsewhere import PLAIN, WITH_MORE, WORDS

_CALL = re.compile(r"(?<![\w.])(?:new\s+)?([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*(?=\()")
_BESIDE = re.compile(  # arguments that say what is so here anyway
    r"(?:label|requires_grad|dtype|device|na\.rm|skipna|axis|keepdims?)\s*=(?!=)"
)
_METHOD = re.compile(r"(?:(?<=\))|(?<![\w.])\d+(?:\.\d+)?)\.([^\W\d]\w*)(?=\()")
_LAYER = re.compile(r"((?:[^\W\d]\w*\.)*([^\W\d]\w*))\(\s*\)\s*(?=\()")  # nn.ReLU()(x)
_OBJECTS = {  # what the gates of Karpathy's guide are called: mulg0.forward(a, x)
    r"(?i)mul\w*": "(x, y) = x*y",
    r"(?i)add\w*": "(x, y) = x + y",
    r"(?i)s(?:ig\w*|g?\d*)": "(x) = sigmoid(x)",
}


def rewritten_calls(text: str) -> tuple[str, int]:
    """Return a text with its calls as they are written here, and how many were others, where those count twice that no
    hint on the call alone tells of; those inside come first."""
    count = 0
    for layer in reversed([*_LAYER.finditer(text)]):
        if _is_gate(layer[2].lower()) or _row(layer[2]).startswith("("):
            text, count = f"{text[: layer.end(1)]}{text[layer.end() :]}", count + 2
    while (found := _last(_METHOD, text)) and _is_gate(found[1]):
        value = value_before(text[: found.start(1) - 1])
        start = found.start(1) - 1 - len(value)
        if not value or text[start : found.start(1) - 1] != value:  # it is too long to be quoted
            break
        group = group_behind(text[found.end() :])
        inside = ", ".join([value[1:-1] if value.startswith("(") else value, *arguments_of(group[1:-1])])
        text, count = f"{text[:start]}{found[1]}({inside}){text[found.end() + len(group) :]}", count + 2
    for found in reversed([*_CALL.finditer(text)]):
        group = group_behind(text[found.end() :])
        every = arguments_of(group[1:-1])
        arguments = [part for part in every if not _BESIDE.match(part)]
        left, right = text[: found.start()], text[found.end() + len(group) :]
        if group and (form := _form(found[1], arguments, text, len(every))):
            is_whole = not found[0].startswith("new ") and len(arguments) == len(every)
            is_known = is_whole and _is_told_alone(found[1], len(arguments))
            count += 1 if is_known else 2
            text = f"{left}{_between(left, form, right)}{right}"
    return text, count


def _is_told_alone(word: str, count: int) -> bool:
    """Whether a hint on the call itself tells what it is here."""
    last = word.rpartition(".")[2]
    return not (with_more(last, ["x"] * count) or word.endswith(".forward") or _row(last) == PLAIN)


def _row(word: str) -> str:
    return WORDS.get(word) or WORDS.get(word.lower(), "")


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter([*pattern.finditer(text)][::-1]), None)


def _is_gate(word: str) -> bool:
    return word in GATES or word in ALIASES


def _form(word: str, arguments: list[str], text: str, count: int) -> str:
    """Return a call as it is written here; empty where it is so already, or nothing is known of it. In the text it has
    `count` arguments."""
    module, _, last = word.rpartition(".")
    is_changed = bool(module) or len(arguments) < count
    if module and module.partition(".")[0] not in MODULES:
        if last == "forward":
            row = next((row for name, row in _OBJECTS.items() if re.fullmatch(name, module)), "")
            return _defined(row, arguments)
        arguments = [module, *arguments]
    small = last.lower()
    is_own = re.search(rf"(?<![\w.]){re.escape(last)}\s*\([^()]*\)\s*=(?!=)", text) is not None
    if gate := next((name for name in (last, small) if _is_gate(name) and not is_own), ""):
        if form := with_more(gate, arguments):
            return form
        return f"{gate}({', '.join(arguments)})" if is_changed or gate != last else ""
    if is_own:
        return ""  # a gate of the text itself
    row = _row(last)
    if row == PLAIN and arguments:
        return arguments[0]
    return _defined(row, arguments) if row.startswith("(") and len(last) > 1 else ""


def _defined(row: str, arguments: list[str]) -> str:
    """Return the right side of a definition with the arguments of a call, of which there must be as many."""
    names = row.partition(" = ")[0][1:-1].split(", ")
    fits = len(arguments) >= len(names) - 1 if names[-1] == "..." else len(arguments) == len(names)
    return written_here(row, arguments) if fits and all(arguments) else ""


def with_more(word: str, arguments: list[str]) -> str:
    """Return the call of a gate with more arguments than it takes here, round(x, 2), as it is written; empty where it
    is no such call. Small powers of ten are written out."""
    row = WITH_MORE.get(ALIASES.get(word, word), "")
    form = _defined(row, arguments) if row else ""
    return re.sub(r"(?<![\w.])10\^([1-9])(?![\w.])", lambda found: str(10 ** int(found[1])), form)


def as_a_value(form: str) -> str:
    """Return a form as a factor: in parentheses, unless it is a name, a number or a call."""
    call = re.match(r"[^\W\d]\w*(?=\()", form)
    whole = re.fullmatch(r"[\w.]+", form) or (call and group_behind(form[call.end() :]) == form[call.end() :])
    return form if whole else f"({form})"


def _between(left: str, form: str, right: str) -> str:
    """Return a form as it can stand between two texts: in parentheses, unless nothing could take it apart."""
    alone = re.search(r"(?:^|[(,;=])\s*$", left) and re.match(r"\s*(?:$|[),;])", right)
    return form if alone else as_a_value(form)
