"""The functions that code over lists carries along."""

from __future__ import annotations

from collections.abc import Collection


def check_shape(name: str, x: object, shape: tuple[int, ...]) -> None:
    inner = [x]
    for length in shape:
        lists = [y for y in inner if isinstance(y, Collection) and len(y) == length]
        if len(lists) < len(inner):
            raise ValueError(f"{name} has another shape: expected {shape}")
        inner = [z for y in lists for z in y]
