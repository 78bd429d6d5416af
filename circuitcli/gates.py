"""The table of gates: one row a gate, its forward rule and one backward rule (vjp) per argument.

A rule is written once, against an arithmetic `m`, and never knows what flows through the wires. On wires it may
use `+ - *` and negation; everything else (`div`, `pow`, comparisons, functions) goes through `m`, where every
gate of this table is to be found by name (engine/arithmetic.py).

    forward(m, *xs) -> o              the output from the arguments
    rule(m, g, o, *xs) -> cotangent   what argument i receives from the output's cotangent `g`
    kink(m, o, *xs) -> condition      where the gate's derivative is a convention
    piece(m, o, *xs) -> anything      which of its smooth pieces the gate is on; no edge at all: the output itself

A rule of `None` is no edge at all: nothing is ever propagated there. `Only(condition, g)` is an edge that exists
where the condition holds; elsewhere nothing flows, not even zero, so an infinite slope in a branch not taken is
never multiplied by anything. `domain=True`: where the value is nan, so is the gradient (log(-1) has slope nan,
not -1). Rules hold small integers and dyadic fractions only; any other number is `m.constant("0.01")`, so that an
arithmetic of many digits reads all of them. A rule branches only at a true kink or to keep a number from
overflowing; stable forms stand in forward rules and a vjp names gates, so that it can be differentiated again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Rule = Callable[..., Any]


class Only(NamedTuple):
    """A cotangent `g` along an edge that exists where `cond` holds."""

    cond: Any
    g: Any


class Gate(NamedTuple):
    """One row of the table.

    `many`: any number of arguments; then `rules` holds one rule that serves them all and is told the position of its
    own: rule(m, g, o, i, *xs). `accuracy`: why the gate may be more than 4 ulp off, though not further than half an
    ulp of its arguments would drive it.
    """

    name: str
    forward: Rule
    rules: tuple[Rule | None, ...]
    domain: bool = False
    kink: Rule | None = None
    piece: Rule | None = None
    names: tuple[str, ...] = ("x", "y")
    many: bool = False
    accuracy: str = ""

    def accepts(self, count: int) -> bool:
        """Whether the gate takes so many arguments."""
        return count >= 1 if self.many else count == len(self.rules)

    @property
    def arity(self) -> str:
        """The number of arguments, in words."""
        return "1 or more" if self.many else str(len(self.rules))

    def vjps(self, count: int) -> tuple[Rule | None, ...]:
        """One rule per argument, for `count` arguments."""
        return tuple(_for_argument(self.rules[0], i) for i in range(count)) if self.many else self.rules


def _for_argument(rule: Rule | None, i: int) -> Rule | None:
    return rule and (lambda m, g, o, *xs: rule(m, g, o, i, *xs))


# ── arithmetic ──────────────────────────────────────────────────────────────────────────────────────────────


def _pow_base(m: Any, g: Any, o: Any, x: Any, y: Any) -> Any:
    """y·x^(y-1); the slope of x^0 is 0 everywhere, at 0 too."""
    return g * m.where(m.and_(m.eq(x, 0.0), m.eq(y, 0.0)), 0.0, m.power_slope(o, x, y))


def _pow_exponent(m: Any, g: Any, o: Any, x: Any, y: Any) -> Any:
    """x^y·log x; the slope of 0^y is 0 for y > 0, and there is none at (0, 0)."""
    slope = o * m.log(x)
    at_zero = m.where(m.lt(0.0, y), 0.0, m.where(m.eq(y, 0.0), m.constant("nan"), slope))
    return g * m.where(m.eq(x, 0.0), at_zero, slope)


def _pow_kink(m: Any, o: Any, x: Any, y: Any) -> Any:
    smooth = m.and_(m.lt(0.0, y), m.eq(y, m.floor(y)))
    return m.and_(m.eq(x, 0.0), m.not_(smooth))


def _mod(m: Any, x: Any, y: Any) -> Any:
    """The remainder of floored division: it has the sign of y."""
    r = m.fmod(x, y)
    across = m.or_(m.and_(m.lt(r, 0.0), m.lt(0.0, y)), m.and_(m.lt(0.0, r), m.lt(y, 0.0)))
    return m.where(across, r + y, r)


def _floordiv(m: Any, x: Any, y: Any) -> Any:
    return m.where(m.eq(y, 0.0), m.div(x, y), m.round(m.div(x - m.mod(x, y), y)))


# ── stable forms ────────────────────────────────────────────────────────────────────────────────────────────


def _sigmoid(m: Any, x: Any) -> Any:
    """1/(1+exp(-x)) from exp(-|x|), which cannot overflow and keeps the left tail."""
    small = m.exp(-m.abs(x))
    return m.div(m.where(m.lt(x, 0.0), small, 1.0), 1.0 + small)


def _silu(m: Any, x: Any) -> Any:
    """x·sigmoid(x); below -700, where sigmoid has few digits left, in two halves."""
    half = m.exp(0.5 * x)
    return m.where(m.lt(x, -700.0), (x * half) * half, x * m.sigmoid(x))


def _logsumexp(m: Any, *xs: Any) -> Any:
    """log(sum(exp(x))): one largest argument is taken out exactly, the others enter through log1p."""
    top = m.max(*xs)
    others: Any = -1.0
    for x in xs:
        others = others + m.where(m.lt(x, top), 0.0, 1.0)
    for x in xs:
        others = others + m.where(m.lt(x, top), m.exp(x - top), 0.0)
    return m.where(m.isnan(top - top), top, top + m.log1p(others))  # an infinite top is the answer


def _softmax(m: Any, g: Any, o: Any, i: int, *xs: Any) -> Any:
    """exp(x)/sum(exp(xs)) from differences of the arguments: exp(x - o) would lose 8 digits at 1e8."""
    others = [x - xs[i] for x in (*xs[:i], *xs[i + 1 :])]
    return g * m.sigmoid(-m.logsumexp(*others)) if others else g


# ── choice ──────────────────────────────────────────────────────────────────────────────────────────────────


def _max_rule(m: Any, g: Any, o: Any, i: int, *xs: Any) -> Any:
    return Only(m.not_(m.lt(xs[i], o)), m.div(g, m.ties(o, *xs)))


def _min_rule(m: Any, g: Any, o: Any, i: int, *xs: Any) -> Any:
    return Only(m.not_(m.lt(o, xs[i])), m.div(g, m.ties(o, *xs)))


def _tie_kink(m: Any, o: Any, *xs: Any) -> Any:
    return m.eq(xs[0], xs[1]) if len(xs) == 2 else m.lt(1.0, m.ties(o, *xs))


def _clip_rule(argument: int) -> Rule:
    """A bound shares a tie with x, as it does in min(max(x, lo), hi), which this is."""

    def rule(m: Any, g: Any, o: Any, x: Any, lo: Any, hi: Any) -> Any:
        raised = m.max(x, lo)
        if argument == 2:
            return _min_rule(m, g, o, 1, raised, hi)
        upper = _min_rule(m, g, o, 0, raised, hi)
        lower = _max_rule(m, upper.g, raised, argument, x, lo)
        return Only(m.and_(upper.cond, lower.cond), lower.g)

    return rule


def _at(*points: float) -> Rule:
    """A kink where the first argument equals one of the points."""

    def kink(m: Any, o: Any, x: Any, *rest: Any) -> Any:
        here = m.eq(x, points[0])
        for point in points[1:]:
            here = m.or_(here, m.eq(x, point))
        return here

    return kink


def _side(m: Any, o: Any, x: Any, *rest: Any) -> Any:
    return m.lt(0.0, x), m.lt(x, 0.0)


def _sides(m: Any, o: Any, x: Any, y: Any) -> Any:
    return m.copysign(1.0, x), m.copysign(1.0, y)


def _chosen(m: Any, o: Any, *xs: Any) -> Any:
    return tuple(m.eq(x, o) for x in xs)


def _truth(condition: Rule) -> Rule:
    """A forward rule that answers 1.0 or 0.0."""
    return lambda m, *xs: m.where(condition(m, *xs), 1.0, 0.0)


def _equal(m: Any, o: Any, x: Any, y: Any) -> Any:
    return m.eq(x, y)


def _zero(m: Any, o: Any, *xs: Any) -> Any:
    return m.eq(o, 0.0)


def _whole(m: Any, o: Any, x: Any) -> Any:
    return m.eq(x, m.floor(x))


# ── the table ──────────────────────────────────────────────────────────────────────────────────────────────

# fmt: off
_ROWS = (
    # arithmetic
    Gate("add", lambda m, x, y: x + y, (lambda m, g, o, x, y: g, lambda m, g, o, x, y: g)),
    Gate("sub", lambda m, x, y: x - y, (lambda m, g, o, x, y: g, lambda m, g, o, x, y: -g)),
    Gate("mul", lambda m, x, y: x * y, (lambda m, g, o, x, y: g * y, lambda m, g, o, x, y: g * x)),
    Gate("div", lambda m, x, y: m.div(x, y),
         (lambda m, g, o, x, y: m.div(g, y), lambda m, g, o, x, y: -(g * m.div(o, y)))),
    Gate("neg", lambda m, x: -x, (lambda m, g, o, x: -g,)),
    Gate("pow", lambda m, x, y: m.pow(x, y), (_pow_base, _pow_exponent), kink=_pow_kink),
    Gate("mod", _mod,
         (lambda m, g, o, x, y: g, lambda m, g, o, x, y: -(g * m.floordiv(x, y))), domain=True, kink=_zero,
         piece=lambda m, o, x, y: m.floordiv(x, y)),
    Gate("floordiv", _floordiv, (None, None), kink=lambda m, o, x, y: m.eq(m.mod(x, y), 0.0)),
    Gate("fmod", lambda m, x, y: m.fmod(x, y),
         (lambda m, g, o, x, y: g, lambda m, g, o, x, y: -(g * m.round(m.div(x - o, y)))), domain=True, kink=_zero,
         piece=lambda m, o, x, y: m.trunc(m.div(x, y))),
    # elementary
    Gate("abs", lambda m, x: m.abs(x), (lambda m, g, o, x: g * m.sign(x),), kink=_at(0.0), piece=_side),
    Gate("sign", lambda m, x: m.where(m.lt(x, 0.0), -1.0, m.where(m.lt(0.0, x), 1.0, x)), (None,), kink=_at(0.0)),
    Gate("copysign", lambda m, x, y: m.copysign(x, y),
         (lambda m, g, o, x, y: g * m.copysign(m.sign(x), m.sign(x) * y), None), kink=_at(0.0), piece=_sides),
    Gate("floor", lambda m, x: m.floor(x), (None,), kink=_whole),
    Gate("ceil", lambda m, x: m.ceil(x), (None,), kink=_whole),
    Gate("trunc", lambda m, x: m.trunc(x),
         (None,), kink=lambda m, o, x: m.and_(m.eq(x, m.floor(x)), m.not_(m.eq(x, 0.0)))),
    Gate("round", lambda m, x: m.round(x), (None,), kink=lambda m, o, x: m.eq(x - m.floor(x), 0.5)),
    Gate("square", lambda m, x: x * x, (lambda m, g, o, x: g * (2.0 * x),)),
    Gate("sqrt", lambda m, x: m.sqrt(x), (lambda m, g, o, x: m.div(0.5 * g, o + 0.0),), domain=True, kink=_at(0.0)),
    Gate("cbrt", lambda m, x: m.cbrt(x), (lambda m, g, o, x: m.div(g, 3.0 * (o * o)),), kink=_at(0.0)),
    Gate("hypot", lambda m, x, y: m.hypot(x, y),
         (lambda m, g, o, x, y: g * m.where(m.eq(o, 0.0), 0.0, m.div(x, o)),
          lambda m, g, o, x, y: g * m.where(m.eq(o, 0.0), 0.0, m.div(y, o))), kink=_zero),
    Gate("exp", lambda m, x: m.exp(x), (lambda m, g, o, x: g * o,)),
    Gate("exp2", lambda m, x: m.exp2(x), (lambda m, g, o, x: g * (o * m.log(2.0)),)),
    Gate("expm1", lambda m, x: m.expm1(x), (lambda m, g, o, x: g * m.exp(x),)),
    Gate("log", lambda m, x: m.log(x), (lambda m, g, o, x: m.div(g, x + 0.0),), domain=True),
    Gate("log2", lambda m, x: m.log2(x), (lambda m, g, o, x: m.div(m.div(g, m.log(2.0)), x + 0.0),), domain=True),
    Gate("log10", lambda m, x: m.log10(x), (lambda m, g, o, x: m.div(m.div(g, m.log(10.0)), x + 0.0),), domain=True),
    Gate("log1p", lambda m, x: m.log1p(x), (lambda m, g, o, x: m.div(g, 1.0 + x),), domain=True),
    Gate("log_base", lambda m, x, base: m.div(m.log(x), m.log(base)),
         (lambda m, g, o, x, base: m.div(m.div(g, m.log(base)), x + 0.0),
          lambda m, g, o, x, base: -(g * m.div(m.div(o, m.log(base)), base))), domain=True, names=("x", "base")),
    Gate("sin", lambda m, x: m.sin(x), (lambda m, g, o, x: g * m.cos(x),)),
    Gate("cos", lambda m, x: m.cos(x), (lambda m, g, o, x: -(g * m.sin(x)),)),
    Gate("tan", lambda m, x: m.tan(x), (lambda m, g, o, x: g * (1.0 + o * o),)),
    Gate("asin", lambda m, x: m.asin(x),
         (lambda m, g, o, x: m.div(g, m.sqrt((1.0 - x) * (1.0 + x))),), domain=True, kink=_at(-1.0, 1.0)),
    Gate("acos", lambda m, x: m.acos(x),
         (lambda m, g, o, x: -m.div(g, m.sqrt((1.0 - x) * (1.0 + x))),), domain=True, kink=_at(-1.0, 1.0)),
    Gate("atan", lambda m, x: m.atan(x), (lambda m, g, o, x: m.div(m.div(g, m.hypot(1.0, x)), m.hypot(1.0, x)),)),
    Gate("atan2", lambda m, y, x: m.atan2(y, x),
         (lambda m, g, o, y, x: g * m.div(m.div(x, m.hypot(y, x)), m.hypot(y, x)),
          lambda m, g, o, y, x: -(g * m.div(m.div(y, m.hypot(y, x)), m.hypot(y, x)))),
         kink=lambda m, o, y, x: m.and_(m.eq(y, 0.0), m.not_(m.lt(0.0, x))), names=("y", "x")),
    Gate("sinh", lambda m, x: m.sinh(x), (lambda m, g, o, x: g * m.cosh(x),)),
    Gate("cosh", lambda m, x: m.cosh(x), (lambda m, g, o, x: g * m.sinh(x),)),
    Gate("tanh", lambda m, x: m.tanh(x), (lambda m, g, o, x: g * (4.0 * m.sigmoid(x + x) * m.sigmoid(-(x + x))),)),
    Gate("asinh", lambda m, x: m.asinh(x), (lambda m, g, o, x: m.div(g, m.hypot(1.0, x)),)),
    Gate("acosh", lambda m, x: m.acosh(x),
         (lambda m, g, o, x: m.div(m.div(g, m.sqrt(x - 1.0)), m.sqrt(x + 1.0)),), domain=True, kink=_at(1.0)),
    Gate("atanh", lambda m, x: m.atanh(x), (lambda m, g, o, x: m.div(g, (1.0 - x) * (1.0 + x)),), domain=True),
    Gate("degrees", lambda m, x: x * m.div(180.0, m.pi), (lambda m, g, o, x: g * m.div(180.0, m.pi),)),
    Gate("radians", lambda m, x: x * m.div(m.pi, 180.0), (lambda m, g, o, x: g * m.div(m.pi, 180.0),)),
    # special
    Gate("erf", lambda m, x: m.erf(x), (lambda m, g, o, x: g * (m.div(2.0, m.sqrt(m.pi)) * m.gauss(x)),)),
    Gate("erfc", lambda m, x: m.erfc(x), (lambda m, g, o, x: -(g * (m.div(2.0, m.sqrt(m.pi)) * m.gauss(x))),)),
    Gate("gauss", lambda m, x: m.gauss(x), (lambda m, g, o, x: -(g * (2.0 * (x * o))),)),
    Gate("normcdf", lambda m, x: m.normcdf(x), (lambda m, g, o, x: g * m.normpdf(x),)),
    Gate("normpdf", lambda m, x: m.normpdf(x), (lambda m, g, o, x: -(g * (x * o)),)),
    Gate("gamma", lambda m, x: m.gamma(x), (lambda m, g, o, x: g * (o * m.digamma(x)),), domain=True,
         accuracy="Python's gamma is good to 4.2 ulp below -0.5; next to the roots of its slope parts cancel"),
    Gate("lgamma", lambda m, x: m.lgamma(x), (lambda m, g, o, x: g * m.digamma(x),), domain=True,
         accuracy="next to its roots below -3 and those of its slope, where parts cancel"),
    Gate("digamma", lambda m, x: m.digamma(x), (lambda m, g, o, x: g * m.polygamma(1.0, x),), domain=True,
         accuracy="next to its roots, where parts cancel"),
    Gate("polygamma", lambda m, n, x: m.polygamma(n, x),
         (None, lambda m, g, o, n, x: g * m.polygamma(n + 1.0, x)), domain=True, names=("n", "x"),
         accuracy="its recurrence rounds once a step, for orders from 4 on"),
    Gate("factorial", lambda m, x: m.gamma(x + 1.0), (lambda m, g, o, x: g * (o * m.digamma(x + 1.0)),), domain=True,
         accuracy="x + 1 is rounded"),
    # neural
    Gate("sigmoid", _sigmoid, (lambda m, g, o, x: g * (o * m.sigmoid(-x)),)),
    Gate("logsigmoid", lambda m, x: -m.softplus(-x), (lambda m, g, o, x: g * m.sigmoid(-x),)),
    Gate("softplus", lambda m, x: m.max(x, 0.0) + m.log1p(m.exp(-m.abs(x))), (lambda m, g, o, x: g * m.sigmoid(x),)),
    Gate("relu", lambda m, x: m.where(m.le(x, 0.0), 0.0, x),
         (lambda m, g, o, x: Only(m.not_(m.le(x, 0.0)), g),), domain=True, kink=_at(0.0), piece=_side),
    Gate("leaky_relu", lambda m, x: m.where(m.lt(0.0, x), x, m.constant("0.01") * x),
         (lambda m, g, o, x: g * m.where(m.lt(0.0, x), 1.0, m.constant("0.01")),),
         domain=True, kink=_at(0.0), piece=_side),
    Gate("elu", lambda m, x: m.where(m.lt(0.0, x), x, m.expm1(x)),
         (lambda m, g, o, x: g * m.where(m.lt(0.0, x), 1.0, m.exp(x)),)),
    Gate("silu", _silu, (lambda m, g, o, x: g * (m.sigmoid(x) * (1.0 + x * m.sigmoid(-x))),),
         accuracy="next to the root of its slope, where parts cancel"),
    Gate("gelu", lambda m, x: m.gelu(x), (lambda m, g, o, x: g * (m.normcdf(x) + x * m.normpdf(x)),),
         accuracy="next to the root of its slope, where parts cancel and no stable form is known"),
    Gate("logaddexp", lambda m, x, y: m.logsumexp(x, y),
         (lambda m, g, o, x, y: g * m.sigmoid(x - y), lambda m, g, o, x, y: g * m.sigmoid(y - x)),
         accuracy="x - y is rounded, and next to a sum of 1 parts cancel"),
    Gate("logsumexp", _logsumexp, (_softmax,), many=True,
         accuracy="differences of arguments are rounded, and next to a sum of 1 parts cancel"),
    # choice
    Gate("max", lambda m, *xs: m.max(*xs), (_max_rule,), domain=True, kink=_tie_kink, piece=_chosen, many=True),
    Gate("min", lambda m, *xs: m.min(*xs), (_min_rule,), domain=True, kink=_tie_kink, piece=_chosen, many=True),
    Gate("clip", lambda m, x, lo, hi: m.min(m.max(x, lo), hi),
         (_clip_rule(0), _clip_rule(1), _clip_rule(2)),
         domain=True, kink=lambda m, o, x, lo, hi: m.or_(m.eq(x, lo), m.eq(x, hi)), piece=_chosen,
         names=("x", "lo", "hi")),
    Gate("where", lambda m, c, a, b: m.where(m.truth(c), a, b),
         (None,
          lambda m, g, o, c, a, b: Only(m.truth(c), g),
          lambda m, g, o, c, a, b: Only(m.not_(m.truth(c)), g)),
         piece=lambda m, o, c, a, b: m.truth(c), names=("c", "a", "b")),
    Gate("lt", _truth(lambda m, x, y: m.lt(x, y)), (None, None), kink=_equal),
    Gate("le", _truth(lambda m, x, y: m.le(x, y)), (None, None), kink=_equal),
    Gate("gt", _truth(lambda m, x, y: m.gt(x, y)), (None, None), kink=_equal),
    Gate("ge", _truth(lambda m, x, y: m.ge(x, y)), (None, None), kink=_equal),
    Gate("eq", _truth(lambda m, x, y: m.eq(x, y)), (None, None), kink=_equal),
    Gate("ne", _truth(lambda m, x, y: m.ne(x, y)), (None, None), kink=_equal),
    Gate("and", _truth(lambda m, x, y: m.and_(m.truth(x), m.truth(y))), (None, None)),
    Gate("or", _truth(lambda m, x, y: m.or_(m.truth(x), m.truth(y))), (None, None)),
    Gate("not", _truth(lambda m, x: m.not_(m.truth(x))), (None,)),
    # over rows, of which a single point is one
    Gate("sum", lambda m, x: x, (lambda m, g, o, x: g,)),
    Gate("mean", lambda m, x: x, (lambda m, g, o, x: g,)),
    Gate("count", lambda m: 1.0, ()),
    Gate("var", lambda m, x: m.constant("nan"), (lambda m, g, o, x: m.constant("nan"),)),
    Gate("std", lambda m, x: m.constant("nan"), (lambda m, g, o, x: m.constant("nan"),)),
)
# fmt: on

GATES: dict[str, Gate] = {gate.name: gate for gate in _ROWS}

AGGREGATES = ("sum", "mean", "count", "min", "max", "var", "std", "logsumexp")


def over_rows(gate: str, count: int) -> bool:
    """Whether a gate with so many arguments is an aggregate: max(x) is over rows, max(x, 4) within one."""
    return gate in AGGREGATES and count < 2


ONLY_OVER_ROWS = {"sum", "mean", "count", "var", "std"}

# Whose results have no rounding: they choose among their arguments, or take a piece of one.
EXACT = {"neg", "abs", "copysign", "max", "min", "clip", "where", "relu", "fmod", "sum", "mean"} | {
    name for name, gate in GATES.items() if not any(gate.rules)
}
