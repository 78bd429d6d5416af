"""What every expression command is given: the circuit, the inputs, and by what to differentiate."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from circuitcli.errors import ExpressionError, FileError, InputError, UsageError

if TYPE_CHECKING:
    from circuitcli.api import Circuit
    from circuitcli.graph import Graph

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SPECIAL = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


class Request:
    """The expression and the inputs of one command line, read and checked.

    `given` holds every input that has a value; an input that was typed and is unknown, and all that are missing, are
    errors before anything is computed.
    """

    def __init__(
        self,
        command: str,
        words: Sequence[str],
        files: Sequence[str],
        sets: Sequence[str],
        inputs: str | None,
        options: Collection[str] = (),
    ) -> None:
        if sum(("-" in words and not files, inputs == "-", *(name == "-" for name in files))) > 1:
            raise UsageError("standard input can be read only once", "name a file for one of them")
        texts = _expression(command, words, files)
        self.text = "\n".join(texts)
        from circuitcli.api import Circuit

        try:
            self.circuit: Circuit = Circuit(self.text)
        except ExpressionError as error:
            offset = 0
            for name, text in zip(files, texts):  # noqa: B905  no files, no names
                if error.start <= offset + len(text):
                    raise error.within(_shown(name), text, offset) from None
                offset += len(text) + 1
            raise
        typed = _typed(sets)
        loose = read_inputs(inputs) if inputs else {}
        self._refuse_unknown(typed, options)
        self.graph: Graph
        self.graph, self.given = self.circuit.bind({**loose, **typed}, {})

    def wrt(self, names: str | None) -> list[str]:
        """The names of `--wrt`, else the inputs without a default and those typed, else all."""
        from circuitcli.api import wanted
        from circuitcli.language import canonical
        from circuitcli.point import find

        if not names:
            return wanted(self.graph, self.given)
        found = list(dict.fromkeys(canonical(name.strip()) for name in names.split(",") if name.strip()))
        for name in found:
            find(self.graph, name)
        return found

    def _refuse_unknown(self, typed: Mapping[str, float], options: Collection[str]) -> None:
        graph, _ = self.circuit.bind(typed, {})
        for name in typed:
            if name in graph.inputs:
                continue
            if name in graph.names:
                if not graph.depends_on(graph.inputs.values())[graph.names[name]]:
                    raise InputError(f"{name} is the answer, not an input", f"to set it, add a line that uses {name}")
                raise InputError(f"{name} is a node that depends on inputs, not an input", f"set {_list(graph.inputs)}")
            from circuitcli.language.names import near

            shown = " ".join(self.text.split())
            shown = shown if len(shown) <= 40 else "the expression"
            if f"--{name}" in options:
                raise InputError(
                    f"{name} is not an input of {shown}",
                    f"did you mean --{name}? One dash sets an input, two dashes an option.",
                )
            close = near(name, list(graph.inputs))
            raise InputError(
                f"{name} is not an input of {shown}",
                f"did you mean -{close}?" if close else f"its inputs are: {_list(graph.inputs)}",
            )


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name


def _list(names: Mapping[str, Any]) -> str:
    return ", ".join(names) or "none"


def _expression(command: str, words: Sequence[str], files: Sequence[str]) -> list[str]:
    """The texts of the program: the files one after the other, else the word, `-` being standard input."""
    from circuitcli.cli.words import one_expression

    if files:
        if words:
            raise UsageError(
                f"unexpected {words[0]}: the expression is in --file {files[0]}", "set an input with -NAME VALUE"
            )
        return [read_text(name) for name in files]
    if not words:
        raise UsageError("there is no expression", f'write for example: circuit {command} "(x+y)*z" -x -2 -y 5 -z -4')
    word = one_expression(words, command)
    return [read_text("-") if word == "-" else word]


def read_text(name: str) -> str:
    """A whole file, or for `-` standard input, which must be UTF-8."""
    shown = _shown(name)
    try:
        if name == "-":
            if sys.stdin.isatty():
                raise UsageError("standard input is a terminal", "pipe something into it, or write the expression")
            content = sys.stdin.buffer.read()
        else:
            with open(name, "rb") as file:
                content = file.read()
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise FileError(f"no such file: {name}") from None
        raise FileError(f"cannot read {shown}: {error.strerror}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{shown} is no text: byte {error.start} is not UTF-8") from None


def _typed(sets: Sequence[str]) -> dict[str, float]:
    """The inputs of the command line. Raises InputError for one that is set twice or is no number."""
    from circuitcli.language import canonical

    typed: dict[str, float] = {}
    for assignment in sets:
        name, _, value = assignment.partition("=")
        name = canonical(name)
        if name in typed:
            raise InputError(f"{name} is set twice", f"keep one of the -{name}")
        typed[name] = number(name, value)
    return typed


def number(name: str, text: str) -> float:
    """The value of an input: a number, or an expression of constants such as pi/4."""
    if _PLAIN.fullmatch(text):
        return float(text)
    from circuitcli.api import Circuit

    if "±" in text or "+/-" in text:
        raise InputError(f"the value of {name} has an uncertainty: {text}", "write the number alone")
    if not text.strip():
        raise InputError(f"the value of {name} is empty", f"write -{name} VALUE")
    try:
        circuit = Circuit(text)
    except ExpressionError as error:
        raise InputError(f"the value of {name} is no number: {text}", error.hint) from None
    if circuit.inputs:
        raise InputError(
            f"the value of {name} is no number: {text}",
            "a value is a number or an expression of constants, such as pi/4",
        )
    return circuit()


def read_inputs(name: str) -> dict[str, float]:
    """Inputs from a JSON object of numbers, or from the `inputs` of an earlier result."""
    import json

    shown = _shown(name)
    try:
        content = json.loads(read_text(name))
    except ValueError as error:
        if isinstance(error, UsageError):
            raise
        raise FileError(f"{shown} is no JSON: {error}") from None
    except RecursionError:
        raise FileError(f"{shown} is nested too deep") from None
    if isinstance(content, dict) and isinstance(content.get("inputs"), dict):
        content = content["inputs"]
    if not isinstance(content, dict):
        raise FileError(f"{shown} is no JSON object of inputs", 'it should look like {"x": 3, "y": 4}')
    found = {}
    for key, value in content.items():
        if isinstance(value, str) and value in _SPECIAL:
            value = float(_SPECIAL[value])
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise FileError(f"the value of {key} in {shown} is no number: {json.dumps(value)}")
        try:
            found[key] = float(value)
        except OverflowError:
            raise FileError(f"the value of {key} in {shown} is beyond 1.8e308") from None
    return found
