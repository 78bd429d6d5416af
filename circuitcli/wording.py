"""The words in which messages name what a person sets: -x 3 and --max-steps 10 on the command line, x=3 and
max_steps=10 in Python. Each name is said once, by the functions here, and reads as who reads it would type it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_commands = 0  # that run in this process: threads that read rows speak as the command that they work for


@contextmanager
def in_the_shell() -> Iterator[None]:
    """Speak as the command line does, meanwhile."""
    global _commands
    _commands += 1
    try:
        yield
    finally:
        _commands -= 1


def by_voice(shell: str, python: str) -> str:
    """The words of the command line, or those of Python."""
    return shell if _commands else python


def setting(name: str, value: object = "") -> str:
    """An option: --max-steps 10, or max_steps=10."""
    text = str(value)
    return by_voice(f"--{name.replace('_', '-')} {text}".rstrip(), f"{name.replace('-', '_')}={_quoted(text)}")


def _quoted(text: str) -> str:
    """A value as Python reads one: a number, or a text."""
    try:
        float(text or "0")
    except ValueError:
        return f'"{text}"'
    return text


def value_of(name: str, value: str = "VALUE") -> str:
    """An input with its value: -x VALUE, or x=VALUE."""
    said = value if value != "VALUE" else "..."
    return by_voice(f"-{name} {value}", f"{name}={said}" if name.isidentifier() else f'{{"{name}": {said}}}')


def values_of(names: Iterable[str]) -> list[str]:
    """Inputs with their values."""
    return [value_of(name) for name in names]


def between_values() -> str:
    """The text between two inputs with their values."""
    return by_voice(" ", ", ")
