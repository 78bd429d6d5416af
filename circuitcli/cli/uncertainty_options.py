"""The hint for options by which other programs tell uncertainties, correlations and covariances."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from circuitcli.errors import CircuitError
from circuitcli.visible_text import in_quotes, shell_word

if TYPE_CHECKING:
    from circuitcli.cli.input_values import Value

CORRELATED = frozenset(("corr", "correlation", "correlations", "correlate", "correlated", "rho"))
COVARIANT = frozenset(("cov", "covar", "covariance", "covariances", "vcov"))
UNCERTAIN = {
    "uncertainty", "uncertainties", "uncertain", "unc", "u", "sigma", "sigmas", "std", "stdev", "stddev", "sd", "se",
    "stderr", "error", "errors", "err", "errs", "error-bar", "error-bars", "errorbar", "errorbars", "budget",
    "uncertainty-budget", "error-budget", "propagate", "propagation", "error-propagation", "plusminus",
}  # fmt: skip
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NAME = r"[^\W\d]\w*"
_SIZE = re.compile(rf"(?:({_NAME})\s*[=:]\s*)?({_NUMBER}\s*%?)")  # x=0.1, 1%
_PAIR = re.compile(rf"(?:({_NAME})\s*[,:;*/ ]\s*({_NAME})\s*[=,: ]\s*)?({_NUMBER})")  # x,y=0.5, 0.5
_PAGE = "correlated errors come in the JSON of --inputs: circuit help uncertainty shows one"


def instead_of_uncertainty(
    option: str, options: Collection[str], command: str, words: Sequence[str], inputs: Collection[str]
) -> str:
    """The hint for an option of such a name, which is none of the `options` of a command; empty for another one."""
    name = option.lstrip("-").lower().replace("_", "-")
    if "--uncertainty" in options and name in CORRELATED | COVARIANT:
        return "write --uncertainty --json, and the answer has the covariance and the correlation"
    if "--sigma-of" not in options or option.lstrip("-") in inputs:
        return ""
    if name in UNCERTAIN:
        return _uncertain(_Line(option, _told(_SIZE, option, words), command, words), inputs)
    if name in CORRELATED | COVARIANT:
        return _correlated(_Line(option, _told(_PAIR, option, words), command, words), name in COVARIANT)
    return ""


def _told(form: re.Pattern[str], option: str, words: Sequence[str]) -> str:
    """The value of an option where it is of a form, or several of it between commas; else empty."""
    place = next(i for i, word in enumerate(words) if word.partition("=")[0] == option)
    *_, value = words[place].partition("=") if "=" in words[place] else words[: place + 2]
    parts = [value] if form.fullmatch(value.strip()) else value.split(",")
    return value if all(form.fullmatch(part.strip()) for part in parts) else ""


class _Line:
    """A command line without an option: its expression and files, the values of inputs, the other options, and what the
    option was told."""

    def __init__(self, option: str, told: str, command: str, words: Sequence[str]) -> None:
        from circuitcli.cli.other_names import sorted_words

        place = next(i for i, word in enumerate(words) if word.partition("=")[0] == option)
        taken = 2 if told and "=" not in words[place] else 1
        known, free = sorted_words([*words[:place], *words[place + taken :]])
        self.told, self.command, self.free = told, command, free
        self.values: dict[str, str] = {}
        self.options: list[str] = []
        while known:
            if (word := known.pop(0)) == "--set":
                name, _, number = known.pop(0).partition("=")
                self.values[name] = number
            else:
                self.options.append(word)

    def shown(self, values: Mapping[str, str], more: Sequence[str] = (), command: str = "") -> str:
        """The line with these values of inputs and more words."""
        expression, *files = self.free
        inputs = [word for name, text in values.items() for word in (f"-{name}", text)]
        others = map(shell_word, [*files, *inputs, *more, *self.options])
        return " ".join(["circuit", command or self.command, in_quotes(expression), *others])

    def numbers(self) -> dict[str, Value]:
        """The values that can be read."""
        from circuitcli.cli.input_values import value

        found = {}
        for name, text in self.values.items():
            try:
                found[name] = value(name, text)
            except CircuitError:
                continue
        return found


def _uncertain(line: _Line, inputs: Collection[str]) -> str:
    """The hint to tell uncertainties with the values; or that the answer has them."""
    if not line.free:
        return ""
    if line.told and (found := _with_sizes(line, inputs)):
        return f"write {found}"
    numbers = line.numbers()
    if any(number.sigma for number in numbers.values()):
        return f"leave it out; grad shows what each input contributes: {line.shown(line.values, command='grad')}"
    values, more = dict(line.values), list[str]()
    if name := next((name for name, number in numbers.items() if number.number), ""):
        values[name] += "±1%"
    elif name := next((name for name in inputs if name not in values), "") if line.free[1:] else "":
        more = ["--sigma-of", f"{name}=1%"]
    else:
        return ""
    return f"an uncertainty stands with what is uncertain, for example {line.shown(values, more)}"


def _with_sizes(line: _Line, inputs: Collection[str]) -> str:
    """The line in which each uncertainty stands behind its value, or in --sigma-of; empty where one has no place."""
    numbers, values, columns = line.numbers(), dict(line.values), list[str]()
    for found in filter(None, map(_SIZE.fullmatch, map(str.strip, line.told.split(",")))):
        name = found[1] or (next(iter(values)) if len(values) == 1 else "")
        if name in numbers and not numbers[name].sigma:
            values[name] += f"±{found[2]}"
        elif name in inputs and name not in values and line.free[1:]:
            columns.append(f"{name}={found[2]}")
        else:
            return ""
    return line.shown(values, ["--sigma-of", ",".join(columns)] if columns else [])


def _correlated(line: _Line, is_covariance: bool) -> str:
    """The line in which the values of uncertain inputs, and their covariance, come in JSON."""
    uncertain = {name: number for name, number in line.numbers().items() if number.sigma > 0.0}
    found = _PAIR.fullmatch(line.told.strip())
    if found is None or not line.free or "-" in line.free or "--inputs" in line.options:
        return _PAGE
    pair = [found[1], found[2]] if found[1] else [*uncertain]
    if len({*pair}) != 2 or not {*pair} <= {*uncertain}:
        return _PAGE
    size = uncertain[pair[0]].sigma * uncertain[pair[1]].sigma
    joint = float(found[3]) * (1.0 if is_covariance else size)
    if not abs(joint) <= size:
        return _PAGE
    matrix = [
        [number.sigma**2 if a == b else joint if {a, b} == {*pair} else 0.0 for b in uncertain]
        for a, number in uncertain.items()
    ]
    rows = ", ".join(f"[{', '.join(f'{x:.10g}' for x in row)}]" for row in matrix)
    given = ", ".join(f'"{name}": {number.number:.10g}' for name, number in uncertain.items())
    sigmas = ", ".join(f'"{name}": {number.sigma:.10g}' for name, number in uncertain.items())
    text = f'{{"inputs": {{{given}}}, "uncertainty": {{"stderr": {{{sigmas}}}, "covariance": [{rows}]}}}}'
    others = {name: value for name, value in line.values.items() if name not in uncertain}
    return f"write echo {shell_word(text)} | {line.shown(others, ['--inputs', '-'])}"
