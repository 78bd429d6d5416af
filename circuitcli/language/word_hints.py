"""Errors for words that mean nothing: no gate, no name, or a gate with the wrong number of arguments."""

from __future__ import annotations

from collections.abc import Collection

from circuitcli.constants import CONSTANTS
from circuitcli.errors import ExpressionError
from circuitcli.gates import ALIASES, GATES, Gate
from circuitcli.language.excerpts import powers
from circuitcli.language.lalr import Token
from circuitcli.language.names import near

_ELSEWHERE = {  # gates of other tools
    "if": "write c ? a : b, or where(c, a, b)",
    "iff": "write c ? a : b, or where(c, a, b)",
    "ifelse": "write c ? a : b, or where(c, a, b)",
    "clamp": "tools disagree on its order of arguments; write clip(x, lo, hi)",
    **dict.fromkeys(("average", "avg"), "mean(x) is over rows of data; of a and b write (a + b)/2"),
    **dict.fromkeys(("stdev", "stddev", "sd", "sigma"), "write std(x), which is over rows of data"),
    **dict.fromkeys(("variance",), "write var(x), which is over rows of data"),
    **dict.fromkeys(("percentile", "percentiles", "quantiles"), "write quantile(x, 0.9), which is over rows of data"),
    **dict.fromkeys(("correlation", "pearson", "cor"), "write corr(x, y), which is over rows of data"),
    **dict.fromkeys(("len", "rows", "size"), "write count(), which is over rows of data"),
    "sec": "write 1/cos(x)",
    "csc": "write 1/sin(x)",
    "cot": "write 1/tan(x)",
    "lg": "write log10(x), or log2(x)",
    "root": "write x^(1/n), sqrt(x) or cbrt(x)",
    "norm": "write hypot(x, y)",
    "length": "write hypot(x, y)",
    "fact": "write factorial(x)",
    "rad": "write radians(x)",
    "deg": "write degrees(x)",
    "int": "write trunc(x) or floor(x)",
    "xor": "write (a != 0) != (b != 0)",
    "Γ": "write gamma(x)",
    "ψ": "write digamma(x)",
}
_MODULES = frozenset("np numpy jnp jax math cmath Math torch F tf scipy special".split())  # noqa: SIM905  of others
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}


def unknown_gate(text: str, token: Token, end: int, word: str, known: Collection[str]) -> ExpressionError:
    """Return the error for a name before a parenthesis that is no gate."""
    hint = instead_of_gate(word, known)
    if not _known_mistake(word) and (len(word) <= 2 or not near(word, tuple(known))):
        hint = f"to multiply, write {word}*(...); {hint}"
    return ExpressionError(f"there is no gate {word}", text, token.start_pos, token.end_pos, hint)


def instead_of_gate(word: str, known: Collection[str]) -> str:
    """Return a hint for the name of a gate that does not exist."""
    close = near(word, tuple(known))
    return _known_mistake(word) or (f"did you mean {close}?" if close else "circuit gates lists the gates")


def _known_mistake(word: str) -> str:
    return _ELSEWHERE.get(word, "") or _ELSEWHERE.get(word.lower(), "")


def form(word: str, gate: Gate) -> str:
    """Return a hint for a gate, called by that word, with the wrong number of arguments."""
    call = f"{word}({', '.join(gate.names[: len(gate.rules)])})"
    rows = gate.over_rows
    return f"{call} is over rows of data{rows.among}" if rows is not None and rows.only else f"write {call}"


def arity(word: str, wanted: str, count: int) -> str:
    """Return the message for a call with the wrong number of arguments."""
    return f"{word} takes {wanted} argument{'' if wanted == '1' else 's'}, not {count}"


def of_a_module(word: str) -> str:
    """Return a hint for a word such as np.sin or math.pi; empty where it may be a part of a row."""
    module, _, last = word.rpartition(".")
    known = last in GATES or last in ALIASES or last in CONSTANTS
    return f"write {last}" if known and module.partition(".")[0] in _MODULES else ""


def no_part(text: str, token: Token) -> ExpressionError:
    """Return the error for a part of a row where there are no rows: a.b, a[1]."""
    word = str(token)
    at = min(i for i in (word.find("."), word.find("[")) if i >= 0)
    message = f"unexpected {word[at]}: it means nothing in an expression"
    hint = f"{word} is a part of a row of JSON: name a file of rows"
    return ExpressionError(message, text, token.start_pos + at, hint=hint)


def no_name(text: str, token: Token) -> ExpressionError:
    """Return the error for a word that is no identifier: x², √4, ½."""
    word = str(token)
    plain = powers(word)
    hint = "a name has letters, digits and _, and starts with no digit"
    if plain != word and plain[0] != "^":
        hint = f"write {plain}"
    elif word in _FRACTIONS:
        hint = f"write {_FRACTIONS[word]}"
    return ExpressionError(f"{word} is no name", text, token.start_pos, token.end_pos, hint)
