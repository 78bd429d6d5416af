"""The derivative along a direction: the gradient times it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

Name = TypeVar("Name")  # or the number of a node


def directional(slopes: Mapping[Name, Any], direction: Mapping[Name, Any]) -> Any:
    """The sum of slopes times components, on any numbers. An input that does not move has no part in it, even where its
    slope is infinite; what has no slope is used by nobody."""
    total: Any = 0.0
    for name, component in direction.items():
        if component != 0.0:
            total = total + slopes.get(name, 0.0) * component
    return total
