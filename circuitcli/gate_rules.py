"""The rules of gates that are more than a line.

A rule is written once, against an arithmetic `m` (arithmetic.py), and never knows what flows through the wires. On
wires it may use `+ - *` and negation; everything else (`div`, `pow`, comparisons, functions) goes through `m`, which
has every gate by its name.

    forward(m, *xs) -> o              the output from the arguments
    rule(m, g, o, *xs) -> cotangent   what argument i receives from the output's cotangent `g`; of a gate of any
                                      number of arguments the list of what all receive, for they share the work
    kink(m, o, *xs) -> condition      where the gate's derivative is a convention; of a tuple, that by each argument
    piece(m, o, *xs) -> anything      the smooth piece that the gate is on; without any edge: the output itself

A rule of `None` is no edge at all: nothing is ever propagated there. `Only(condition, g)` is an edge that exists
where the condition holds; elsewhere nothing flows, not even zero, so an infinite slope in a branch not taken is
never multiplied by anything. `domain=True`: where the value is nan, so is the gradient (log(-1) has slope nan,
not -1). Rules hold small integers and dyadic fractions only; any other number is `m.constant("0.01")`, so that an
arithmetic of many digits reads all of them. A rule branches only at a true kink or to keep a number from
overflowing; stable forms stand in forward rules and a vjp names gates, so that it can be differentiated again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitcli.wire_types import C, Only, W

if TYPE_CHECKING:
    from circuitcli.arithmetic import Arithmetic
    from circuitcli.rule_types import Forward, Kink, Vjp


# ── arithmetic ──────────────────────────────────────────────────────────────────────────────────────────────


def pow_base(m: Arithmetic[W, C], g: W, o: W, x: W, y: W) -> W:
    """y·x^(y-1); the slope of x^0 is 0 everywhere, at 0 too."""
    return g * m.where(m.and_(m.eq(x, 0.0), m.eq(y, 0.0)), 0.0, m.power_slope(o, x, y))


def pow_exponent(m: Arithmetic[W, C], g: W, o: W, x: W, y: W) -> W:
    """x^y·log x; the slope of 0^y is 0 for y > 0, and there is none at (0, 0)."""
    slope = o * m.log(x)
    at_zero = m.where(m.lt(0.0, y), 0.0, m.where(m.eq(y, 0.0), m.constant("nan"), slope))
    return g * m.where(m.eq(x, 0.0), at_zero, slope)


def pow_kink(m: Arithmetic[W, C], o: W, x: W, y: W) -> C:
    """Along the base x; x^0 is 1 at 0 too."""
    here = m.eq(x, 0.0)
    if here is False:  # as nearly everywhere
        return here
    smooth = m.and_(m.le(0.0, y), m.eq(y, m.floor(y)))
    return m.and_(here, m.not_(smooth))


def pow_jump(m: Arithmetic[W, C], o: W, x: W, y: W) -> C:
    """Along the exponent y: 0^y is 0, and 1 at 0."""
    return m.and_(m.eq(x, 0.0), m.eq(y, 0.0))


def direction_along(m: Arithmetic[W, C], g: W, o: W, x: W, y: W) -> W:
    """y²/hypot(x, y)³; the quotient rule would take the difference of much larger numbers."""
    far = m.hypot(x, y)
    across = m.hypot_slope(far, y, x)
    return g * m.where(m.eq(far, 0.0), 0.0, across * m.div(across, far))


def direction_across(m: Arithmetic[W, C], g: W, o: W, x: W, y: W) -> W:
    """-x·y/hypot(x, y)³. Both factors come from one rule, and not one from the value: where x is y, the slopes along
    both cancel."""
    far = m.hypot(x, y)
    along, across = m.hypot_slope(far, x, y), m.hypot_slope(far, y, x)
    return -(g * m.where(m.eq(far, 0.0), 0.0, along * m.div(across, far)))


def mod(m: Arithmetic[W, C], x: W, y: W) -> W:
    """The remainder of floored division: it has the sign of y."""
    r = m.fmod(x, y)
    across = m.or_(m.and_(m.lt(r, 0.0), m.lt(0.0, y)), m.and_(m.lt(0.0, r), m.lt(y, 0.0)))
    return m.where(across, r + y, r)


def floordiv(m: Arithmetic[W, C], x: W, y: W) -> W:
    """floor(x/y); -1 where the remainder is all of y, as of a small x by a large or infinite y of the other sign."""
    r = m.mod(x, y)
    return m.where(m.eq(y, 0.0), m.div(x, y), m.where(m.eq(r, y), -1.0, m.round(m.div(x - r, y))))


# ── stable forms ────────────────────────────────────────────────────────────────────────────────────────────


def sigmoid(m: Arithmetic[W, C], x: W) -> W:
    """1/(1+exp(-x)) from exp(-|x|), which cannot overflow and keeps the left tail."""
    small = m.exp(-m.abs(x))
    return m.div(m.where(m.lt(x, 0.0), small, 1.0), 1.0 + small)


def logisticpdf(m: Arithmetic[W, C], x: W) -> W:
    """sigmoid(x)·sigmoid(-x) from exp(-|x|), which keeps both tails."""
    small = m.exp(-m.abs(x))
    return m.div(small, (1.0 + small) * (1.0 + small))


def tanh_slope(m: Arithmetic[W, C], g: W, o: W, x: W) -> W:
    """1 - tanh(x)² as the logistic density, which does not cancel."""
    twice = x + x
    return g * (4.0 * m.sigmoid_slope(m.sigmoid(twice), twice))


def silu(m: Arithmetic[W, C], x: W) -> W:
    """x·sigmoid(x); below -700, where sigmoid has few digits left, in two halves. No half is left of -inf."""
    half = m.exp(0.5 * x)
    tail = m.where(m.eq(half, 0.0), -half, (x * half) * half)
    return m.where(m.lt(x, -700.0), tail, x * m.sigmoid(x))


def logsumexp(m: Arithmetic[W, C], *xs: W) -> W:
    """log(sum(exp(x))): one largest argument is taken out exactly, the others enter through log1p."""
    top = m.max(*xs)
    others: W | float = -1.0
    for x in xs:
        others = others + m.where(m.lt(x, top), 0.0, 1.0)
    for x in xs:
        others = others + m.where(m.lt(x, top), m.exp(x - top), 0.0)
    return m.where(m.isnan(top - top), top, top + m.log1p(others))  # an infinite top is the answer


def softmax(m: Arithmetic[W, C], g: W, o: W, *xs: W) -> list[W]:
    return [g * share for share in m.softmax(*xs)] if len(xs) > 1 else [g]


def shares(m: Arithmetic[W, C], *xs: W) -> list[W]:
    """exp(x)/sum(exp(xs)) of each, against all others, from differences of the arguments: exp(x - o) would lose 8
    digits at 1e8. Nothing is chosen, so that it can be differentiated again; of many arguments it is quadratic."""
    rests = ([m.apart(x, own) for x in (*xs[:i], *xs[i + 1 :])] for i, own in enumerate(xs))
    return [m.sigmoid(-m.logsumexp(*rest)) for rest in rests]


# ── choice ──────────────────────────────────────────────────────────────────────────────────────────────────


def max_rule(m: Arithmetic[W, C], g: W, o: W, *xs: W) -> list[Only[W, C]]:
    share = m.div(g, m.ties(o, *xs))
    return [Only(m.not_(m.lt(x, o)), share) for x in xs]


def min_rule(m: Arithmetic[W, C], g: W, o: W, *xs: W) -> list[Only[W, C]]:
    share = m.div(g, m.ties(o, *xs))
    return [Only(m.not_(m.lt(o, x)), share) for x in xs]


def tie_kink(m: Arithmetic[W, C], o: W, *xs: W) -> C:
    return m.eq(xs[0], xs[1]) if len(xs) == 2 else m.lt(1.0, m.ties(o, *xs))


def clip_rule(argument: int) -> Vjp:
    """A bound shares a tie with x, as it does in min(max(x, lo), hi), which this is."""

    def rule(m: Arithmetic[W, C], g: W, o: W, x: W, lo: W, hi: W) -> Only[W, C]:
        raised = m.max(x, lo)
        if argument == 2:
            return min_rule(m, g, o, raised, hi)[1]
        upper = min_rule(m, g, o, raised, hi)[0]
        lower = max_rule(m, upper.g, raised, x, lo)[argument]
        return Only(m.and_(upper.cond, lower.cond), lower.g)

    return rule


def at(*points: float) -> Kink:
    """A kink where the first argument equals one of the points."""

    def kink(m: Arithmetic[W, C], o: W, x: W, *rest: object) -> C:
        here = m.eq(x, points[0])
        for point in points[1:]:
            here = m.or_(here, m.eq(x, point))
        return here

    return kink


def sign_jump(m: Arithmetic[W, C], o: W, x: W, y: W) -> C:
    """Along a number whose sign alone matters; of 0 there is none to see."""
    return m.and_(m.eq(y, 0.0), m.not_(m.eq(x, 0.0)))


def side(m: Arithmetic[W, C], o: W, x: W, *rest: object) -> tuple[C, C]:
    return m.lt(0.0, x), m.lt(x, 0.0)


def sides(m: Arithmetic[W, C], o: W, x: W, y: W) -> tuple[W, W]:
    return m.copysign(1.0, x), m.copysign(1.0, y)


def chosen(m: Arithmetic[W, C], o: W, *xs: W) -> tuple[C, ...]:
    return tuple(m.eq(x, o) for x in xs)


def one_piece(m: Arithmetic[W, C], o: W, *xs: W) -> tuple[C, ...]:
    """The piece of an order of rows: a single row is its own middle."""
    return (m.eq(o, o),)


def quantile_of_one(m: Arithmetic[W, C], x: W, p: W) -> W:
    """The quantile of one row, which is that row for every share p."""
    return m.where(m.and_(m.le(0.0, p), m.le(p, 1.0)), x, m.constant("nan"))


def flat(m: Arithmetic[W, C], g: W, o: W, *xs: W) -> W:
    return m.constant("0")


def either(*kinks: Kink) -> Kink:
    """A kink where one of several is."""

    def kink(m: Arithmetic[W, C], o: W, *xs: W) -> C:
        here = kinks[0](m, o, *xs)
        for other in kinks[1:]:
            here = m.or_(here, other(m, o, *xs))
        return here

    return kink


def truth(condition: Kink) -> Forward:
    """A forward rule that answers 1.0 or 0.0."""
    return lambda m, *xs: m.where(condition(m, *xs), 1.0, 0.0)


def equal(m: Arithmetic[W, C], o: W, x: W, y: W) -> C:
    return m.eq(x, y)


def zero(m: Arithmetic[W, C], o: W, *xs: W) -> C:
    return m.eq(o, 0.0)


def whole(m: Arithmetic[W, C], o: W, x: W) -> C:
    return m.eq(x, m.floor(x))
