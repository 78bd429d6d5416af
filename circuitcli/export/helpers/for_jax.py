"""The functions that code over JAX arrays carries along."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)  # or all would be float32


def real(x: jax.Array | float) -> jax.Array:
    return jnp.asarray(x, dtype=jnp.float64)


def check_shape(name: str, x: jax.Array, shape: tuple[int, ...]) -> None:
    """A family has its indices first, points stand behind them."""
    if x.shape[: len(shape)] != shape:
        raise ValueError(f"{name} has the shape {tuple(x.shape)}: expected {shape}")


def shaped(x: jax.Array | float, shape: tuple[int, ...]) -> jax.Array:
    return jnp.broadcast_to(x, shape)


def each(function: Callable[..., float]) -> Callable[..., jax.Array]:
    """A function of numbers, for arrays: slow and right."""

    def each_(*xs: jax.Array) -> jax.Array:
        kind = jax.ShapeDtypeStruct(jnp.broadcast_shapes(*(jnp.shape(x) for x in xs)), jnp.float64)
        one_by_one = np.errstate(all="ignore")(np.vectorize(function, otypes=[np.float64]))
        return jax.pure_callback(one_by_one, kind, *xs, vmap_method="broadcast_all")

    return each_


def exp2(x: jax.Array) -> jax.Array:  # XLA's own loses digits
    return jnp.power(2.0, x)


def sinh(x: jax.Array) -> jax.Array:  # and these far from 0
    far = jnp.exp(jnp.abs(x) - 1.0) * 1.3591409142295225
    return jnp.where(jnp.abs(x) > 22.0, jnp.sign(x) * far, jnp.sinh(x))


def cosh(x: jax.Array) -> jax.Array:
    return jnp.where(jnp.abs(x) > 22.0, jnp.exp(jnp.abs(x) - 1.0) * 1.3591409142295225, jnp.cosh(x))
