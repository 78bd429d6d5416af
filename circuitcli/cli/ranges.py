"""Ranges of inputs: words such as x=0:1 or x=0:1,y=:3. Either end may be open."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from circuitcli.errors import InputError, UsageError
from circuitcli.visible_text import some_of

Ends = tuple[float | None, float | None]


def ranges_of(option: str, texts: Sequence[str], names: Collection[str], which: str, hint: str) -> dict[str, Ends]:
    """The two ends of each range, None where it is open. `names` may have a range, and `which` describes them in
    messages; `hint` shows how a range is written."""
    from circuitcli.cli.input_values import value
    from circuitcli.language import canonical
    from circuitcli.name_lists import listed

    found: dict[str, Ends] = {}
    for text in [part for word in texts for part in listed(word)]:
        name, sign, ends = text.partition("=")
        low, colon, high = ends.partition(":")
        name = canonical(name.strip())
        if not sign or not colon:
            raise UsageError(f"{option} {text} has no two ends", hint)
        if name not in names:
            raise InputError(f"{option} {text}: {name} is none of {which}", f"these are: {some_of(names)}")
        if name in found:
            raise InputError(f"{name} has {option[2:].rstrip('s')}s twice", "keep one of them")
        found[name] = (
            value(f"the lower end of {name}", low).number if low.strip() else None,
            value(f"the upper end of {name}", high).number if high.strip() else None,
        )
        first, last = found[name]
        if first != first or last != last:
            raise InputError(f"{option} {text}: nan is no end", hint)
        if first is not None and last is not None and first > last:
            raise InputError(f"{option} {text}: the lower end comes first", f"write {name}={high}:{low}")
    return found
