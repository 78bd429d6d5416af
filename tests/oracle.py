"""The gates and their derivatives as textbooks have them, on mpmath: what the table of gates is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath

mp = mpmath.mp.clone()
mp.dps = 400  # log(sigmoid(x)) and erf(x) keep nothing but the tail


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def _erfc(x: Any) -> Any:
    return mp.erfc(x) if abs(x) < 1e6 else mp.mpf(0 if x > 0 else 2)


def _polygamma(n: int, x: Any) -> Any:
    if abs(x) < 1e30:
        return mp.polygamma(n, x)
    return mp.nan if x < 0 else mp.log(x) if n == 0 else (-1) ** (n + 1) * mp.factorial(n - 1) / x**n


ORACLE: dict[str, Any] = {  # independent definitions, from textbooks
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "pow": lambda x, y: x**y,
    "mod": lambda x, y: x - y * mp.floor(x / y),
    "fmod": lambda x, y: x - y * (mp.floor(x / y) if x / y > 0 else mp.ceil(x / y)),
    "abs": abs,
    "copysign": lambda x, y: abs(x) * mp.sign(y),
    "square": lambda x: x * x,
    "cosquare": lambda x: 1 - x * x,
    "sqrt": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "hypot": mp.hypot,
    "direction": lambda x, y: x / mp.hypot(x, y),
    "exp": mp.exp,
    "exp2": lambda x: mp.mpf(2) ** x,
    "expm1": mp.expm1,
    "log": mp.log,
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "log1p": lambda x: mp.log(1 + x),
    "log_base": lambda x, b: mp.log(x) / mp.log(b),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "atan2": mp.atan2,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "degrees": lambda x: x * 180 / mp.pi,
    "radians": lambda x: x * mp.pi / 180,
    "erf": mp.erf,
    "erfc": _erfc,
    "gauss": lambda x: mp.exp(-x * x),
    "normcdf": lambda x: _erfc(-x / mp.sqrt(2)) / 2,
    "normpdf": lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi),
    "gamma": mp.gamma,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "digamma": lambda x: _polygamma(0, x),
    "polygamma": lambda n, x: _polygamma(int(n), x),
    "factorial": mp.factorial,
    "sigmoid": _sigmoid,
    "logisticpdf": lambda x: _sigmoid(x) * _sigmoid(-x),
    "logsigmoid": lambda x: mp.log(_sigmoid(x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else x * mp.mpf("0.01"),
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "silu": lambda x: x * _sigmoid(x),
    "gelu": lambda x: x * _erfc(-x / mp.sqrt(2)) / 2,
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "logsumexp": lambda *xs: mp.log(sum(map(mp.exp, xs))),
    "max": lambda *xs: max(xs),
    "min": lambda *xs: min(xs),
    "clip": lambda x, lo, hi: min(max(x, lo), hi),
    "where": lambda c, a, b: a if c else b,
    "floordiv": lambda x, y: mp.floor(x / y),
    "sign": mp.sign,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "trunc": lambda x: mp.sign(x) * mp.floor(abs(x)),
    "round": mp.nint,
    "lt": lambda x, y: mp.mpf(x < y),
    "le": lambda x, y: mp.mpf(x <= y),
    "gt": lambda x, y: mp.mpf(x > y),
    "ge": lambda x, y: mp.mpf(x >= y),
    "eq": lambda x, y: mp.mpf(x == y),
    "ne": lambda x, y: mp.mpf(x != y),
    "and": lambda x, y: mp.mpf(x != 0 and y != 0),
    "or": lambda x, y: mp.mpf(x != 0 or y != 0),
    "not": lambda x: mp.mpf(x == 0),
    "sum": lambda x: x,  # of a single row
    "mean": lambda x: x,
    "count": lambda: mp.one,
    "var": lambda x: mp.nan,
    "std": lambda x: mp.nan,
    "median": lambda x: x,
    "quantile": lambda x, p: x if 0 <= p <= 1 else mp.nan,
    "corr": lambda x, y: mp.nan,
}


def _variance(xs: Sequence[Any]) -> Any:
    mean = mp.fsum(xs) / len(xs)
    return mp.fsum([(x - mean) ** 2 for x in xs]) / (len(xs) - 1)


def quantile(xs: Sequence[Any], p: Any) -> Any:
    """The quantile of all rows, linear between neighbours."""
    ordered, at = sorted(xs), (len(xs) - 1) * mp.mpf(p)
    k = int(at)
    return ordered[k] + (at - k) * (ordered[min(k + 1, len(xs) - 1)] - ordered[k])


def _correlation(xs: Sequence[Any], ys: Sequence[Any]) -> Any:
    a, b = mp.fsum(xs) / len(xs), mp.fsum(ys) / len(ys)
    products = mp.fsum([(x - a) * (y - b) for x, y in zip(xs, ys, strict=True)])
    return products / mp.sqrt(mp.fsum([(x - a) ** 2 for x in xs]) * mp.fsum([(y - b) ** 2 for y in ys]))


ROWS_ORACLE: dict[str, Callable[..., Any]] = {  # of all rows
    "sum": mp.fsum,
    "mean": lambda xs: mp.fsum(xs) / len(xs),
    "count": len,
    "min": min,
    "max": max,
    "var": _variance,
    "std": lambda xs: mp.sqrt(_variance(xs)),
    "logsumexp": lambda xs: mp.log(mp.fsum(map(mp.exp, xs))),
    "median": lambda xs: quantile(xs, 0.5),
    "quantile": quantile,
    "corr": _correlation,
}


def _log_safe(x: Any) -> Any:
    return mp.log(x) if x > 0 else mp.nan


def _softmax(i: int) -> Any:
    return lambda *xs: mp.exp(xs[i]) / sum(map(mp.exp, xs))


def _normal(x: Any) -> Any:
    return ORACLE["normpdf"](x)


def _tail(x: Any) -> Any:
    """1 - sigmoid(x)."""
    return _sigmoid(-x)


STEP = -40  # decimal, of differences; relative to what is smaller than 1


def derivative(f: Any, xs: Sequence[float], i: int) -> Any:
    """The derivative of an oracle by its i-th argument, by central differences in so many digits that two agree."""
    before = None
    for digits in (120, 240, 480, 960, 1920):
        with mp.workdps(digits):
            exact = [mp.mpf(x) for x in xs]
            step = min(abs(exact[i]), mp.one) * mp.mpf(10) ** STEP
            above, below = (f(*exact[:i], exact[i] + s * step, *exact[i + 1 :]) for s in (1, -1))
            now = (above - below) / (2 * step)
        if now != 0 and before is not None and abs(now - before) <= abs(now) * mp.mpf(10) ** -30:
            return now
        before = now
    return before


SLOPES: dict[str, list[Any]] = {  # by each argument; None: no edge
    "add": [lambda x, y: mp.one, lambda x, y: mp.one],
    "sub": [lambda x, y: mp.one, lambda x, y: -mp.one],
    "mul": [lambda x, y: y, lambda x, y: x],
    "div": [lambda x, y: 1 / y, lambda x, y: -x / y**2],
    "neg": [lambda x: -mp.one],
    "pow": [lambda x, y: y * x ** (y - 1), lambda x, y: x**y * _log_safe(x)],
    "mod": [lambda x, y: mp.one, lambda x, y: -mp.floor(x / y)],
    "fmod": [lambda x, y: mp.one, lambda x, y: -(mp.floor(x / y) if x / y > 0 else mp.ceil(x / y))],
    "abs": [mp.sign],
    "copysign": [lambda x, y: mp.sign(x) * mp.sign(y), None],
    "square": [lambda x: 2 * x],
    "cosquare": [lambda x: -2 * x],
    "sqrt": [lambda x: 1 / (2 * mp.sqrt(x))],
    "cbrt": [lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2)],
    "hypot": [lambda x, y: x / mp.hypot(x, y), lambda x, y: y / mp.hypot(x, y)],
    "direction": [lambda x, y: y**2 / mp.hypot(x, y) ** 3, lambda x, y: -x * y / mp.hypot(x, y) ** 3],
    "exp": [mp.exp],
    "exp2": [lambda x: mp.mpf(2) ** x * mp.log(2)],
    "expm1": [mp.exp],
    "log": [lambda x: 1 / x],
    "log2": [lambda x: 1 / (x * mp.log(2))],
    "log10": [lambda x: 1 / (x * mp.log(10))],
    "log1p": [lambda x: 1 / (1 + x)],
    "log_base": [lambda x, b: 1 / (x * mp.log(b)), lambda x, b: -mp.log(x) / (b * mp.log(b) ** 2)],
    "sin": [mp.cos],
    "cos": [lambda x: -mp.sin(x)],
    "tan": [lambda x: mp.sec(x) ** 2],
    "asin": [lambda x: 1 / mp.sqrt(1 - x * x)],
    "acos": [lambda x: -1 / mp.sqrt(1 - x * x)],
    "atan": [lambda x: 1 / (1 + x * x)],
    "atan2": [lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)],
    "sinh": [mp.cosh],
    "cosh": [mp.sinh],
    "tanh": [lambda x: mp.sech(x) ** 2],
    "asinh": [lambda x: 1 / mp.sqrt(x * x + 1)],
    "acosh": [lambda x: 1 / mp.sqrt(x * x - 1)],
    "atanh": [lambda x: 1 / (1 - x * x)],
    "degrees": [lambda x: 180 / mp.pi],
    "radians": [lambda x: mp.pi / 180],
    "erf": [lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)],
    "erfc": [lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-x * x)],
    "gauss": [lambda x: -2 * x * mp.exp(-x * x)],
    "normcdf": [_normal],
    "normpdf": [lambda x: -x * _normal(x)],
    "gamma": [lambda x: mp.gamma(x) * mp.digamma(x)],
    "lgamma": [ORACLE["digamma"]],
    "digamma": [lambda x: _polygamma(1, x)],
    "polygamma": [None, lambda n, x: mp.polygamma(int(n) + 1, x)],
    "factorial": [lambda x: mp.gamma(x + 1) * mp.digamma(x + 1)],
    "sigmoid": [lambda x: _sigmoid(x) * _tail(x)],
    "logisticpdf": [lambda x: _sigmoid(x) * _tail(x) * (_tail(x) - _sigmoid(x))],
    "logsigmoid": [_tail],
    "softplus": [_sigmoid],
    "relu": [lambda x: mp.mpf(x > 0)],
    "leaky_relu": [lambda x: mp.one if x > 0 else mp.mpf("0.01")],
    "elu": [lambda x: mp.one if x > 0 else mp.exp(x)],
    "silu": [lambda x: _sigmoid(x) * (1 + x * _tail(x))],
    "gelu": [lambda x: ORACLE["normcdf"](x) + x * _normal(x)],
    "logaddexp": [_softmax(0), _softmax(1)],
    "logsumexp": [_softmax(0), _softmax(1), _softmax(2)],
    "max": [lambda *xs, i=i: mp.mpf(xs[i] == max(xs)) for i in range(3)],
    "min": [lambda *xs, i=i: mp.mpf(xs[i] == min(xs)) for i in range(3)],
    "clip": [
        lambda x, lo, hi: mp.mpf(lo < x < hi),
        lambda x, lo, hi: mp.mpf(x < lo < hi),
        lambda x, lo, hi: mp.mpf(hi < max(x, lo)),
    ],
    "where": [None, lambda c, a, b: mp.mpf(c != 0), lambda c, a, b: mp.mpf(c == 0)],
    "sum": [lambda x: mp.one],
    "mean": [lambda x: mp.one],
    "var": [lambda x: mp.nan],
    "std": [lambda x: mp.nan],
    "median": [lambda x: mp.one],
    "quantile": [lambda x, p: mp.one if 0 <= p <= 1 else mp.nan, lambda x, p: mp.zero if 0 <= p <= 1 else mp.nan],
    "corr": [lambda x, y: mp.nan, lambda x, y: mp.nan],
}
