"""Errors for words that mean nothing: no gate, no name, or a gate with the wrong number of arguments."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from circuitcli.constants import CONSTANTS
from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES, Gate
from circuitcli.language.derivative_hints import command_of, derivative_of, of_primed, quotient_of_d
from circuitcli.language.excerpts import (
    FRACTIONS,
    QUOTED,
    arguments_of,
    before,
    behind,
    group_behind,
    plain_signs,
    powers,
    rest_of,
    shown,
    value_behind,
)
from circuitcli.language.held_hints import held_form
from circuitcli.language.lalr import Token
from circuitcli.language.names import canonical, near
from circuitcli.language.words_elsewhere import NAMES, WORDS
from circuitcli.python_calls import spoken

_OBJECTS = ("K", "nn", "lax", "keras", "sp", "std", "random", "stats")  # modules that a row may have, too
NUMERIC = ("np", "numpy", "jnp", "jax", "math", "cmath", "Math", "torch", "F", "tf", "scipy", "special", "sympy")
MODULES = frozenset((*_OBJECTS, *NUMERIC))


def unknown_gate(text: str, token: Token, end: int, word: str, known: Collection[str]) -> ExpressionError:
    """Return the error for a name before a parenthesis that is no gate."""
    group = group_behind(text[token.end_pos : end].lstrip())
    arguments = arguments_of(group[1:-1])
    hint = quotient_of_d(before(text, token.start_pos), word, behind(text, token.end_pos)) or instead_of_call(
        word, arguments
    )
    if not hint:
        close = near(word, tuple(known))
        if word.lower() in CONSTANTS and not arguments:
            hint = f"write {word.lower()}"
        elif len(arguments) == 1 and close.lower() != word.lower() and _is_a_factor(word, text, close):
            hint = f"to multiply, write {word}*{arguments[0] if arguments[0].isalnum() else shown(group)}"
        else:
            hint = f"did you mean {close}?" if close else "circuit gates lists the gates"
    return ExpressionError(f"there is no gate {word}", text, token.start_pos, token.end_pos, hint)


def _is_a_factor(word: str, text: str, close: str) -> bool:
    """Whether a word before a parenthesis is probably a value: short, a constant, elsewhere a name, or like no gate."""
    if len(word) <= 2 or word in CONSTANTS or not close:
        return True
    return re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.]|\s*\()", text) is not None


def instead_of_gate(word: str, known: Collection[str]) -> str:
    """Return a hint for the name of a gate that does not exist."""
    close = near(word, tuple(known))
    return instead_of_call(word, []) or (f"did you mean {close}?" if close else "circuit gates lists the gates")


def instead_of_call(word: str, arguments: Sequence[str]) -> str:
    """Return a hint for the call of a function of other languages; empty where the word is none."""
    if (level := re.fullmatch("p(5|10|25|50|75|90|95|99)", word)) and len(arguments) == 1:
        return f"write quantile({arguments[0]}, {int(level[1]) / 100}), which is over rows of data"
    if meant := held_form(word, arguments):
        return f"write {meant}"
    row = WORDS.get(word) or WORDS.get(word.lower(), "")
    if len(word) == 1 and word.isascii() and len(arguments) < 2:
        return ""  # a name
    if row.startswith("circuit "):
        return command_of(row, arguments)
    if not row.startswith("("):
        return spoken(row)
    meant = written_here(row, arguments)
    gate = GATES.get(meant.partition("(")[0])
    if gate is not None and gate.only_over_rows and len(arguments) > len(gate.rules):
        return form(gate.name, gate, f"({', '.join(arguments)})")
    over_rows = any(word in GATES and GATES[word].only_over_rows for word in re.findall(r"\w+(?=\()", meant))
    return f"write {meant}" + ", which is over rows of data" * over_rows


def written_here(definition: str, arguments: Sequence[str]) -> str:
    """Return the right side of a definition with the arguments of a call, where there are so many, in the place of its
    parameters."""
    left, _, form = definition.partition(" = ")
    names = left[1:-1].split(", ")
    if names[-1] == "...":
        names.pop()
        rest = arguments[len(names) :]
        form = form.replace(", ...", "".join(f", {argument}" for argument in rest))
        arguments = arguments[: len(names)]
    if len(arguments) != len(names) or not all(arguments):
        return form
    values = dict(zip(names, arguments, strict=True))

    def value(match: re.Match[str]) -> str:
        argument = values.get(match[0], match[0])
        left, right = form[: match.start()].rstrip(), form[match.end() :].lstrip()
        alone = left[-1:] in ("", "(", ",") and right[:1] in ("", ")", ",")
        return argument if alone or re.fullmatch(r"[\w.]+", argument) else f"({argument})"

    return re.sub(r"[^\W\d]\w*\b(?!\()", value, form)


def example(word: str) -> str:
    """Return a call of a gate by that word: atan2(y, x)."""
    gate = GATES[ALIASES.get(word, word)]
    return f"{word}({', '.join(gate.names[: len(gate.rules)])})"


def form(word: str, gate: Gate, call: str) -> str:
    """Return a hint for a gate, called by that word, with the wrong number of arguments, those of the call."""
    rows, arguments = gate.over_rows, arguments_of(call[call.find("(") + 1 : -1])
    if rows is None or not rows.only:
        if not 0 < len(arguments) < len(gate.rules):
            return f"write {example(word)}"
        whole = ", ".join([*arguments, *map(str, range(len(arguments), len(gate.rules)))])
        return f"write {example(word)}, for example {word}({whole})"
    among, write, pattern = rows.among.partition("write ")
    names = sorted(set(re.findall(r"\b[abc]\b", pattern)))
    if names and len(names) == len(arguments):
        pattern = written_here(f"({', '.join(names)}) = {pattern}", arguments)
    elif names and pattern == " + ".join(names):
        pattern = " + ".join(arguments) or pattern
    elif names and arguments and pattern == f"({' + '.join(names)})/{len(names)}":
        pattern = f"({' + '.join(arguments)})/{len(arguments)}"
    return f"{example(word)} is over rows of data{among}{write}{pattern}"


def arity(word: str, wanted: str, count: int) -> str:
    """Return the message for a call with the wrong number of arguments."""
    return f"{word} takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"


def too_early(text: str, token: Token, word: str, right: str = "") -> ExpressionError:
    """Return the error for a name that is used before it is named: by `right`, its own right side, or above
    it."""
    if right:
        message = f"{word} is named by itself"
        hint = f"give the new value another name: {word}2 = {rest_of(right)}"
    else:
        message, hint = f"{word} is used before it is named", f"move the line {word} = ... above this one"
    return ExpressionError(message, text, token.start_pos, token.end_pos, hint)


def used(call: str, right: str) -> str:
    """Return the definition of a gate, f(x) = x^2, with a call of it behind."""
    body = rest_of(right)
    return f"{call} = {body if len(body) <= QUOTED else '...'}; {call}"


def of_a_module(word: str, call: str, parts: bool = False) -> str:
    """Return a hint for a word such as np.sin or math.pi, or a call such as x.sin(), behind which `call` is the text;
    empty where it may be a part of a row, which there are where `parts`."""
    module, _, last = word.rpartition(".")
    root, group = module.partition(".")[0], group_behind(call.lstrip())
    arguments = arguments_of(group[1:-1])
    if not group and (root not in MODULES or (parts and root in _OBJECTS)):
        return ""
    if group and root not in MODULES and module.rpartition(".")[2] not in WORDS and module != "norm":
        arguments = [module, *arguments]
    small = last.lower()
    if (small in CONSTANTS or small == "infinity") and not group:
        return f"write {small[:3] if small == 'infinity' else small}"
    gate = next((name for name in (last, small) if name in GATES or name in ALIASES), "")
    if gate and arguments:
        return "write " + shown(f"{gate}({', '.join(arguments)})")
    if gate:
        return "write " + example(gate)
    if not group:
        return ""
    return instead_of_call(last, arguments) or f"there is no gate {last}; circuit gates lists the gates"


def no_part(text: str, token: Token) -> ExpressionError:
    """Return the error for a part of a row where there are no rows: a.b, a[1]."""
    word = str(token)
    at = min(i for i in (word.find("."), word.find("[")) if i >= 0)
    message = f"unexpected {word[at]}: it means nothing in an expression"
    hint = f"{word} is a part of a row of JSON: name a file of rows"
    return ExpressionError(message, text, token.start_pos + at, hint=hint)


def no_name(text: str, token: Token) -> ExpressionError:
    """Return the error for a word that is no identifier: x², x–1, ½."""
    word, right = str(token), behind(text, token.end_pos)
    plain = powers(word)
    hint = "a name has letters, digits and _, and starts with no digit"
    if power := power_of_gate(word, right):
        hint = f"write {power}"
    elif word[-1] in "′″’":
        command = of_primed(text) or derivative_of(right.strip()[1:-1])
        hint = f"a derivative is a command: {command}"
    elif (meant := plain_signs(word)) != word:
        hint = f"write {meant}"
    elif word.endswith("°"):
        hint = f"write radians({word[:-1]})"
    elif plain != word and plain[0] != "^":
        hint = f"write {plain}"
    elif word[:1] in FRACTIONS:
        hint = f"write {FRACTIONS[word[0]]}" + (f"*{word[1:]}" if word[1:] else "")
    return ExpressionError(f"{word} is no name", text, token.start_pos, token.end_pos, hint)


def power_of_gate(word: str, right: str) -> str:
    """Return sin(x)^2 for the word sin² or sin²x, behind which the text goes on; empty for other words."""
    found = re.match(r"([^\W\d][a-z_0-9]*?)((?:\^|\*\*)-?\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)(.*)$", word)
    if found is None or not (found[1] in GATES or found[1] in ALIASES):
        return ""
    argument = value_behind(found[3] + right)
    if not argument:
        return ""
    if not argument.startswith("("):
        argument = f"({argument})"
    exponent = powers(found[2]).lstrip("^*")
    if exponent == "-1" and f"a{found[1]}" in GATES:
        return f"a{found[1]}{argument}, or 1/{found[1]}{argument}"
    return f"{found[1]}{argument}^{exponent}"


def instead_of_name(name: str, given: Collection[str]) -> str:
    """Return what to write for a name without a value that means something elsewhere, or is a product of names with
    one; empty for other names."""
    small = name.lower()
    if name in NAMES or small in NAMES:
        return f"write {NAMES.get(name) or NAMES[small]}"
    if small in CONSTANTS:
        return f"write {small}"
    if name in GATES or name in ALIASES:
        return f"{name} is a gate: write {example(name)}"
    if name in ("i", "j"):
        return "there are no complex numbers"
    factors = factors_of(name, sorted(given, key=len, reverse=True))
    return f"to multiply, write {'*'.join(factors)}" if factors else ""


def instead_of_arrow(text: str, missing: Collection[str]) -> str:
    """Return what to write for a statement such as y <- 3, where y has no value; empty where there is none."""
    for found in re.finditer(r"(?:^|[\n;])\s*([^\W\d]\w*)\s*<-\s*([^\n;#]+)", text):
        if (name := canonical(found[1])) in missing:
            return f"to name {name} write {name} = {found[2].strip()}, for <- asks whether {name} is less"
    return ""


def factors_of(name: str, known: Collection[str]) -> list[str]:
    """Return the known names that a name consists of, or nothing."""
    found: list[str] = []
    while name:
        first = next((word for word in known if name.startswith(word)), "")
        if not first:
            return []
        found.append(first)
        name = name[len(first) :]
    return found
