"""The findings of a search, with attributes and keys, as the results of SciPy have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, ClassVar

SHOWN = 12  # entries of a long list or mapping in the text of a result


class Findings(dict[str, Any]):
    """The findings of a search: `found.x` is `found["x"]`. A name that is not there raises AttributeError, or KeyError
    as a key. Its own text shows what is there, a line each, without what is `_quiet`."""

    _quiet: ClassVar[frozenset[str]] = frozenset()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no {name}; there are {', '.join(self)}") from None

    def __dir__(self) -> list[str]:
        """The names of what was found, and of what its class has for it."""
        return [*self, *(name for name in vars(type(self)) if not name.startswith("_") and name not in self)]

    def __reduce__(self) -> tuple[type[Findings], tuple[dict[str, Any]]]:
        return type(self), (dict(self),)

    def __repr__(self) -> str:
        width = max(map(len, self._told), default=0)
        return "\n".join(f"{name:>{width}}: {_text(value, width + 2)}" for name, value in self._told.items())

    @property
    def _told(self) -> dict[str, Any]:
        return {name: value for name, value in self.items() if value is not None and name not in self._quiet}

    def _repr_html_(self) -> str:
        """A table for notebooks."""
        rows = (
            f'<tr><th style="text-align:right">{escape(name)}</th><td style="text-align:left">'
            f"<pre>{escape(_text(value, 0))}</pre></td></tr>"
            for name, value in self._told.items()
        )
        return f"<table>{''.join(rows)}</table>"


def _text(value: object, indent: int) -> str:
    """A value in lines of its own where it is many."""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping) and value:
        pairs = [*value.items()][:SHOWN]
        lines = [f"{name}{':' if isinstance(x, Mapping) else ' ='} {_text(x, indent + 2)}" for name, x in pairs]
        return _joined(lines, len(value), indent)
    if isinstance(value, Sequence) and not isinstance(value, str) and value and not isinstance(value[0], float):
        return _joined([str(x) for x in value[:SHOWN]], len(value), indent)
    return str(value).replace("\n", "\n" + " " * indent)


def _joined(lines: Sequence[str], count: int, indent: int) -> str:
    more = [f"and {count - len(lines)} more"] if count > len(lines) else []
    return f"\n{' ' * indent}".join([*lines, *more])
