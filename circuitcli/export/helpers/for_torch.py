"""The functions that code over PyTorch tensors carries along."""

from __future__ import annotations

from collections.abc import Callable

import torch


def real(x: torch.Tensor | float) -> torch.Tensor:
    return torch.as_tensor(x, dtype=torch.float64)


def check_shape(name: str, x: torch.Tensor, shape: tuple[int, ...]) -> None:
    """A family has its indices first, points stand behind them."""
    if x.shape[: len(shape)] != shape:
        raise ValueError(f"{name} has the shape {tuple(x.shape)}: expected {shape}")


def shaped(x: torch.Tensor | float, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.broadcast_to(real(x), shape).clone()


def each(function: Callable[..., float]) -> Callable[..., torch.Tensor]:
    """A function of numbers, for tensors: slow and right."""

    def each_(*xs: torch.Tensor) -> torch.Tensor:
        ys = torch.broadcast_tensors(*xs)
        found = [function(*row) for row in zip(*(y.flatten().tolist() for y in ys), strict=True)]
        return torch.tensor(found, dtype=torch.float64, device=ys[0].device).reshape(ys[0].shape)

    return each_


def sinh(x: torch.Tensor) -> torch.Tensor:  # PyTorch's own overflow too early
    far = torch.exp(torch.abs(x) - 1.0) * 1.3591409142295225
    return torch.where(torch.abs(x) > 22.0, torch.sign(x) * far, torch.sinh(x))


def cosh(x: torch.Tensor) -> torch.Tensor:
    return torch.where(torch.abs(x) > 22.0, torch.exp(torch.abs(x) - 1.0) * 1.3591409142295225, torch.cosh(x))
