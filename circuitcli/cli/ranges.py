"""Ranges of inputs: words such as x=0:1 or x=0:1,y=:3. Either end may be open."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from circuitcli.errors import InputError, UsageError
from circuitcli.nested_names import spelled_out
from circuitcli.visible_text import some_of

Ends = tuple[float | None, float | None]


def ranges_of(
    option: str, texts: Sequence[str], names: Collection[str], which: str, open_ends: bool = False
) -> dict[str, Ends]:
    """The two ends of each range, None where it is open. `names` may have a range, and `which` describes them in
    messages; `open_ends`: a range may be open, which hints then show."""
    from circuitcli.cli.input_values import value
    from circuitcli.language import canonical
    from circuitcli.name_lists import listed

    found: dict[str, Ends] = {}
    for word, text in [(whole, part) for whole in texts for part in listed(whole)]:
        name, sign, ends = text.partition("=")
        low, colon, high = ends.partition(":")
        name = canonical(name.strip())
        if not sign or not colon:
            from circuitcli.cli.range_hints import written_range

            raise UsageError(f"{option} {word} has no two ends", written_range(option, word, names, open_ends))
        elements = spelled_out([name], names)
        if elements[0] not in names:
            from circuitcli.cli.near_names import nearly

            hint = nearly(option, word, names) or f"these are: {some_of(names)}"
            raise InputError(f"{option} {text}: {name} is none of {which}", hint)
        if twice := [element for element in elements if element in found]:
            raise InputError(f"{twice[0]} has {option[2:].rstrip('s')}s twice", "keep one of them")
        first, last = (
            value(f"the lower end of {name}", low).number if low.strip() else None,
            value(f"the upper end of {name}", high).number if high.strip() else None,
        )
        found.update(dict.fromkeys(elements, (first, last)))
        if first != first or last != last:
            from circuitcli.cli.range_hints import example_range

            raise InputError(f"{option} {text}: nan is no end", example_range(option, name, open_ends))
        if first is not None and last is not None and first > last:
            raise InputError(f"{option} {text}: the lower end comes first", f"write {option} {name}={high}:{low}")
    return found
