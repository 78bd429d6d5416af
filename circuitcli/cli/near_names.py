"""The hint for an option whose value has names that are none, and are nearly others."""

from __future__ import annotations

from collections.abc import Collection

from circuitcli.language.names import canonical, near
from circuitcli.name_lists import listed
from circuitcli.nested_names import families
from circuitcli.visible_text import shell_word


def nearly(option: str, text: str, known: Collection[str]) -> str:
    """The option as it may be meant, as --bounds x=0:1 for --bounds xx=0:1; empty where a name is not near any."""
    names, parts = [*known, *families(known)], []
    for part in listed(text):
        name, sign, value = part.partition("=")
        name = canonical(name.strip())
        meant = name if name in names else near(name, names)
        if not meant:
            return ""
        parts.append((meant, sign + value))
    if len({name for name, _ in parts}) < len(parts):
        return ""
    return f"did you mean {option} {shell_word(','.join(name + value for name, value in parts))}?"
