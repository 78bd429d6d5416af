"""Command lines as the calls of Python that do the same."""

from __future__ import annotations

import re
import shlex

from circuitcli.wording import by_voice

CALLS = {
    "circuit eval": "({inputs})",
    "circuit grad": ".gradient({inputs})",
    "circuit grad --hessian": ".hessian({inputs})",
    "circuit derive": '.derivative("{by}")',
    "circuit ascend": ".maximize({start})",
    "circuit descend": ".minimize({start})",
    "circuit solve": ".solve({inputs})",
}
_COMMAND = re.compile(r'circuit [a-z]+ "[^"]*"(?: -{1,2}\w+ [\w.:=-]+)*')
_GIVEN = re.compile(r"(?<!\S)-([^\W\d]\w*) (\d[\w.]*)")
_VALUE = re.compile(r"-([^\W\d]\w*(?:\[[^]]*\])?)")


def command(line: str) -> str:
    """A command line; in Python the call that does it, where there is one."""
    return by_voice(line, _call_of(line))


def spoken(text: str) -> str:
    """A text with command lines in it, and values such as -u 0.5; in Python with calls in their places."""
    calls = _COMMAND.sub(lambda found: _call_of(found[0]), text)
    return by_voice(text, _GIVEN.sub(r"\1=\2", calls))


def _call_of(line: str) -> str:
    """The call that does what a command line says; the line itself where none does."""
    words = shlex.split(line)
    start, expression, rest = " ".join(words[:2]), "".join(words[2:3]), words[3:]
    values: dict[str, str] = {}
    by = ""
    while rest:
        word = rest.pop(0)
        if word == "--hessian":
            start += f" {word}"
        elif word == "--wrt" and rest:
            by = rest.pop(0)
        elif (found := _VALUE.fullmatch(word)) and rest:
            values[found[1]] = _number(rest.pop(0))
        else:
            return line
    form = CALLS.get(start)
    if form is None or (by and "{by}" not in form):
        return line
    mapping = f"{{{', '.join(f'{chr(34)}{key}{chr(34)}: {x}' for key, x in values.items())}}}"
    plain = all(each.isidentifier() for each in values)
    inputs = ", ".join(f"{key}={x}" for key, x in values.items()) if plain else mapping
    if start == "circuit solve":  # as a circuit is written, in which one = gives a name
        expression = re.sub(r"(?<![<>=!])=(?!=)", "==", expression)
    circuit = f'Circuit("{expression}")' if '"' not in expression else f"Circuit({expression!r})"
    return circuit + form.format(inputs=inputs, start=mapping, by=by or "x")


def _number(text: str) -> str:
    """A value of the command line as Python has it: -10..10 is a range."""
    low, dots, high = text.partition("..")
    return f"({low}, {high})" if dots else text
