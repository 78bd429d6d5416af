"""The functions that code over NumPy arrays carries along."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def real(x: np.ndarray | float) -> np.ndarray:
    return np.asarray(x, dtype=np.float64)


def check_shape(name: str, x: np.ndarray, shape: tuple[int, ...]) -> None:
    """A family has its indices first, points stand behind them."""
    if x.shape[: len(shape)] != shape:
        raise ValueError(f"{name} has the shape {tuple(x.shape)}: expected {shape}")


def shaped(x: np.ndarray | float, shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(x, shape).copy()[()]


def each(function: Callable[..., float]) -> Callable[..., np.ndarray]:
    """A function of numbers, for arrays: slow and right."""
    return np.vectorize(function, otypes=[np.float64])
