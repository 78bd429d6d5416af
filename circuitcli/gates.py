"""The table of gates: one row a gate, its forward rule, one backward rule (vjp) per argument, and the facts about it.

Rules, as gate_rules.py describes them, are written against an arithmetic. Nothing else in the tree is a table of gates:
what is known of one stands in its row.
"""

from __future__ import annotations

from functools import cache
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from circuitcli import gate_rules as rule
from circuitcli.gate_facts import (
    AND,
    ATOM,
    CO_MOMENTS,
    COMPARE,
    COUNT,
    EXPONENTIALS,
    EXTREME,
    MOMENTS,
    NOT,
    OR,
    ORDER,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    SUMS,
    Around,
    Infix,
    MinusZero,
    OverLoops,
    OverRows,
    Prefix,
    if_all,
    if_any,
    if_first,
    maybe,
    never,
    of_power,
    of_product,
)
from circuitcli.wire_types import C, Only, W

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circuitcli.arithmetic import Arithmetic
    from circuitcli.rule_types import Forward, Kink, SmoothPiece, Vjp


class Gate(NamedTuple):
    """One row of the table.

    `choice` is the gate by max and min alone, where these are all that its kinks come from.
    `many`: any number of arguments; then `rules` holds one rule that has a list for all of them.

    Of the value: `symmetric`, the order of two arguments does not matter. `ulp` is the largest error: half an ulp where
    IEEE 754 rounds to the nearest, one or two where the C library computes, four as every gate is held to, none where
    the gate chooses among its arguments or its result is a whole number. `accuracy` says why it may be more, though not
    further than half an ulp of its arguments would drive it. `exact_when_tiny`: a result below the normal range is not
    rounded. `minus_zero`: when the result may be -0.0. It is not finite where the argument `divisor` is 0, at a `pole`,
    and above `overflow`. The sign of `signed` arguments counts though they are 0. A gate that `chooses` is one of its
    other arguments, and those not chosen may be anything. `over_rows` makes it an aggregate, `over_loops` says how
    loops gather by it. `powers`: it is the product of its arguments to these powers, with the sign that it has at ones.

    In text: `names` of the arguments, the `aliases` of the gate, how it is `written` and its `latex`: a form, or a name
    or symbol alone. `function`: code that is exported calls it, for its forward rule is more than a line.

    For readers, in the language itself: `formula` is what a textbook has for the gate, right where nothing overflows
    or cancels; so are `slopes`, the derivative by each argument, where the rules have another form. `defined` is where
    its value is a number, if not everywhere. `about` is what else there is to say.
    """

    name: str
    forward: Forward
    rules: tuple[Vjp | None, ...]
    domain: bool = False
    kink: Kink | tuple[Kink, ...] | None = None
    piece: SmoothPiece | None = None
    choice: Forward | None = None
    names: tuple[str, ...] = ("x", "y")
    many: bool = False
    formula: str = ""
    slopes: tuple[str, ...] = ()
    about: str = ""
    defined: str = ""
    accuracy: str = ""
    symmetric: bool = False
    ulp: float = 4.0
    minus_zero: MinusZero = maybe
    divisor: int | None = None
    pole: bool = False
    overflow: str = ""
    aliases: tuple[str, ...] = ()
    function: bool = False
    written: str | Infix | Prefix = ""
    latex: str | Infix | Around = ""
    exact_when_tiny: bool = False
    over_rows: OverRows | None = None
    over_loops: OverLoops | None = None
    powers: tuple[float, ...] = ()
    signed: tuple[int, ...] = ()
    chooses: bool = False

    def accepts(self, count: int) -> bool:
        """Whether the gate takes so many arguments."""
        return count >= 1 if self.many else count == len(self.rules)

    @property
    def together(self) -> Vjp | None:
        """The one rule for all arguments, where they may be any number."""
        return self.rules[0] if self.many else None

    @property
    def arity(self) -> str:
        """The number of arguments, in words."""
        return "1 or more" if self.many else str(len(self.rules))

    @property
    def units(self) -> float:
        """The largest error, in units of 2^-53 of the result."""
        return 2.0 * self.ulp

    @property
    def exact(self) -> bool:
        """Whether the result is never rounded."""
        return self.ulp == 0.0

    @property
    def pieced(self) -> bool:
        """Whether it is put together of pieces, or jumps."""
        return self.piece is not None or not any(self.rules)

    @property
    def only_over_rows(self) -> bool:
        """Whether the gate says nothing of a single row."""
        return self.over_rows is not None and self.over_rows.only

    def piece_at(self, m: Arithmetic[W, C], o: W, *xs: W) -> object:
        """The piece that a value stands on: of a gate that only jumps the value itself; None where there is but one."""
        return self.piece(m, o, *xs) if self.piece is not None else None if any(self.rules) else o

    def kink_along(self, moving: Sequence[bool]) -> Kink | None:
        """The kink that counts where some of the arguments move."""
        return along(self.kink, tuple(moving)) if isinstance(self.kink, tuple) else self.kink

    def vjps(self, count: int) -> tuple[Vjp | None, ...]:
        """One rule per argument, for `count` arguments."""
        return tuple(_for_argument(self.rules[0], i) for i in range(count)) if self.many else self.rules


@cache
def along(kinks: tuple[Kink, ...], moving: tuple[bool, ...]) -> Kink | None:
    """The kink that counts where some of the arguments move."""
    found = [*compress(kinks, moving)]
    return rule.either(*found) if len(found) > 1 else found[0] if found else None


def _for_argument(vjp: Vjp | None, i: int) -> Vjp | None:
    return vjp and (lambda m, g, o, *xs: vjp(m, g, o, *xs)[i])


# ── the table ──────────────────────────────────────────────────────────────────────────────────────────────

HANDED_ON: tuple[Vjp, ...] = (lambda m, g, o, x, y: g, lambda m, g, o, x, y: g)  # both receive what the output has
ONE_ROW = "one row has no spread; a single point is one row"

# fmt: off
_ROWS = {
    "arithmetic": (
    Gate("add", lambda m, x, y: x + y, HANDED_ON,
         symmetric=True, ulp=0.5, exact_when_tiny=True, minus_zero=if_all, written=Infix("+", SUM, SUM, PRODUCT)),
    Gate("sub", lambda m, x, y: x - y, (lambda m, g, o, x, y: g, lambda m, g, o, x, y: -g),
         ulp=0.5, exact_when_tiny=True, minus_zero=if_first, written=Infix("-", SUM, SUM, PRODUCT)),
    Gate("mul", lambda m, x, y: x * y, (lambda m, g, o, x, y: g * y, lambda m, g, o, x, y: g * x),
         symmetric=True, ulp=0.5, minus_zero=of_product, powers=(1.0, 1.0), written=Infix("*", PRODUCT, PRODUCT, SIGN),
         latex=Infix(r"\cdot", PRODUCT, PRODUCT, POWER)),
    Gate("div", lambda m, x, y: m.div(x, y),
         (lambda m, g, o, x, y: m.div(g, y), lambda m, g, o, x, y: -m.div(g * o, y)), defined="y != 0",
         ulp=0.5, minus_zero=of_product, divisor=1, powers=(1.0, -1.0), written=Infix("/", PRODUCT, PRODUCT, SIGN),
         latex=Around(r"\frac{#1}{#2}", POWER),
         slopes=("1/y", "-x/y^2")),
    Gate("neg", lambda m, x: -x, (lambda m, g, o, x: -g,), ulp=0.0, powers=(1.0,), written=Prefix("-", SIGN)),
    Gate("pow", lambda m, x, y: m.pow(x, y), (rule.pow_base, rule.pow_exponent),
         kink=(rule.pow_kink, rule.pow_jump),
         defined="x > 0 or x == 0 and y >= 0 or x < 0 and y == floor(y)",
         ulp=1.0, minus_zero=of_power, divisor=0, written=Infix("^", POWER, ATOM, SIGN, gap=""),
         latex=Around("#1^{#2}", POWER, first=ATOM),
         slopes=("y*x^(y - 1)", "x^y*log(x)")),
    Gate("mod", rule.mod,
         (lambda m, g, o, x, y: g, lambda m, g, o, x, y: -(g * m.floordiv(x, y))), domain=True, kink=rule.zero,
         piece=lambda m, o, x, y: m.floordiv(x, y),
         formula="x - y*floor(x/y)", about="the remainder with the sign of y", defined="y != 0",
         divisor=1, function=True, written=Infix("%", PRODUCT, PRODUCT, SIGN),
         latex=Around(r"\left(#1 \bmod #2\right)")),
    Gate("floordiv", rule.floordiv, (None, None), kink=lambda m, o, x, y: m.eq(m.mod(x, y), 0.0),
         formula="floor(x/y)", defined="y != 0",
         ulp=0.0, divisor=1, function=True, written=Infix("//", PRODUCT, PRODUCT, SIGN),
         latex=Around(r"\left\lfloor \frac{#1}{#2} \right\rfloor")),
    Gate("fmod", lambda m, x, y: m.fmod(x, y),
         (lambda m, g, o, x, y: g, lambda m, g, o, x, y: -(g * m.round(m.div(x - o, y)))), domain=True, kink=rule.zero,
         piece=lambda m, o, x, y: m.trunc(m.div(x, y)),
         formula="x - y*trunc(x/y)", about="the remainder with the sign of x", defined="y != 0", ulp=0.0, divisor=1),
    ),
    "elementary": (
    Gate("abs", lambda m, x: m.abs(x), (lambda m, g, o, x: g * m.sign(x),), kink=rule.at(0.0), piece=rule.side,
         choice=lambda m, x: m.max(x, -x), formula="max(x, -x)",
         ulp=0.0, minus_zero=never, aliases=("fabs",), latex=Around(r"\left|#1\right|")),
    Gate("sign", lambda m, x: m.where(m.lt(x, 0.0), -1.0, m.where(m.lt(0.0, x), 1.0, x)), (None,), kink=rule.at(0.0),
         formula="(x > 0) - (x < 0)", ulp=0.0, minus_zero=if_any, aliases=("sgn",), function=True),
    Gate("copysign", lambda m, x, y: m.copysign(x, y),
         (lambda m, g, o, x, y: g * (m.sign(x) * m.copysign(1.0, y)), None),
         kink=(rule.at(0.0), rule.sign_jump), piece=rule.sides, about="the size of x with the sign of y", ulp=0.0,
         signed=(1,)),
    Gate("floor", lambda m, x: m.floor(x), (None,), kink=rule.whole, about="the next whole number below",
         ulp=0.0, latex=Around(r"\left\lfloor #1 \right\rfloor")),
    Gate("ceil", lambda m, x: m.ceil(x), (None,), kink=rule.whole, about="the next whole number above",
         ulp=0.0, latex=Around(r"\left\lceil #1 \right\rceil")),
    Gate("trunc", lambda m, x: m.trunc(x),
         (None,), kink=lambda m, o, x: m.and_(m.eq(x, m.floor(x)), m.not_(m.eq(x, 0.0))),
         formula="sign(x)*floor(abs(x))", about="the next whole number towards 0", ulp=0.0),
    Gate("round", lambda m, x: m.round(x), (None,), kink=lambda m, o, x: m.eq(x - m.floor(x), 0.5),
         about="the nearest whole number, of two the even one", ulp=0.0),
    Gate("square", lambda m, x: x * x, (lambda m, g, o, x: g * (2.0 * x),), formula="x^2",
         ulp=0.5, minus_zero=never, powers=(2.0,), latex=Around("#1^{2}", POWER, first=ATOM)),
    Gate("cosquare", lambda m, x: (1.0 - x) * (1.0 + x), (lambda m, g, o, x: -(g * (2.0 * x)),), formula="1 - x^2",
         about="with all its digits next to -1 and 1", ulp=2.0, minus_zero=if_any,
         latex=Around(r"\left(1 - \left(#1\right)^{2}\right)")),
    Gate("sqrt", lambda m, x: m.sqrt(x), (lambda m, g, o, x: m.div(0.5 * g, o + 0.0),), domain=True, kink=rule.at(0.0),
         formula="x^0.5", defined="x >= 0", ulp=0.5, minus_zero=if_any, powers=(0.5,), latex=Around(r"\sqrt{#1}"),
         slopes=("1/(2*sqrt(x))",)),
    Gate("cbrt", lambda m, x: m.cbrt(x), (lambda m, g, o, x: m.div(g, 3.0 * (o * o)),), kink=rule.at(0.0),
         formula="sign(x)*abs(x)^(1/3)", about="the cube root, of negative numbers too",
         ulp=1.0, minus_zero=if_any, latex=Around(r"\sqrt[3]{#1}"),
         slopes=("1/(3*cbrt(x)^2)",)),
    Gate("hypot", lambda m, x, y: m.hypot(x, y),
         (lambda m, g, o, x, y: g * m.hypot_slope(o, x, y), lambda m, g, o, x, y: g * m.hypot_slope(o, y, x)),
         kink=rule.zero,
         formula="sqrt(x^2 + y^2)", about="how far the point (x, y) is from the origin",
         symmetric=True, ulp=1.0, minus_zero=never,
         slopes=("x/hypot(x, y)", "y/hypot(x, y)")),
    Gate("direction", lambda m, x, y: m.sin(m.atan2(x, m.abs(y))),
         (rule.direction_along, rule.direction_across), kink=lambda m, o, x, y: m.eq(m.hypot(x, y), 0.0),
         formula="x/hypot(x, y)", about="the slope of hypot: the cosine of the angle of the point (x, y)",
         accuracy="its slope is rounded after each of three divisions by hypot",
         ulp=2.0, minus_zero=if_first,
         slopes=("y^2/hypot(x, y)^3", "-x*y/hypot(x, y)^3")),
    Gate("exp", lambda m, x: m.exp(x), (lambda m, g, o, x: g * o,), formula="e^x",
         ulp=1.0, minus_zero=never, overflow="709.78", latex=r"\exp"),
    Gate("exp2", lambda m, x: m.exp2(x), (lambda m, g, o, x: g * (o * m.log(2.0)),), formula="2^x",
         ulp=1.0, minus_zero=never, overflow="1024"),
    Gate("expm1", lambda m, x: m.expm1(x), (lambda m, g, o, x: g * m.exp(x),),
         formula="exp(x) - 1", about="with all its digits next to 0", ulp=1.0, minus_zero=if_any, overflow="709.78"),
    Gate("log", lambda m, x: m.log(x), (lambda m, g, o, x: m.div(g, x + 0.0),), domain=True,
         about="the natural logarithm", defined="x > 0",
         ulp=1.0, minus_zero=never, pole=True, aliases=("ln",), latex=r"\ln"),
    Gate("log2", lambda m, x: m.log2(x), (lambda m, g, o, x: m.div(m.div(g, m.log(2.0)), x + 0.0),), domain=True,
         formula="log(x)/log(2)", defined="x > 0", ulp=1.0, minus_zero=never, pole=True, latex=r"\log_{2}",
         slopes=("1/(x*log(2))",)),
    Gate("log10", lambda m, x: m.log10(x), (lambda m, g, o, x: m.div(m.div(g, m.log(10.0)), x + 0.0),), domain=True,
         formula="log(x)/log(10)", defined="x > 0", ulp=2.0, minus_zero=never, pole=True, latex=r"\log_{10}",
         slopes=("1/(x*log(10))",)),
    Gate("log1p", lambda m, x: m.log1p(x), (lambda m, g, o, x: m.div(g, 1.0 + x),), domain=True,
         formula="log(1 + x)", about="with all its digits next to 0", defined="x > -1",
         ulp=1.0, minus_zero=if_any, pole=True),
    Gate("log_base", lambda m, x, base: m.div(m.log(x), m.where(m.eq(base, 0.0), m.constant("nan"), m.log(base))),
         (lambda m, g, o, x, base: m.div(m.div(g, m.log(base)), x + 0.0),
          lambda m, g, o, x, base: -(g * m.div(m.div(o, m.log(base)), base))), domain=True, names=("x", "base"),
         formula="log(x)/log(base)", defined="x > 0 and base > 0 and base != 1",
         pole=True, written="log", latex=Around(r"\log_{#2}\left(#1\right)"),
         slopes=("1/(x*log(base))", "-log(x)/(base*log(base)^2)")),
    Gate("sin", lambda m, x: m.sin(x), (lambda m, g, o, x: g * m.cos(x),), about="the sine of an angle in radians",
         ulp=1.0, minus_zero=if_any, latex=r"\sin"),
    Gate("cos", lambda m, x: m.cos(x), (lambda m, g, o, x: -(g * m.sin(x)),),
         about="the cosine of an angle in radians", ulp=1.0, latex=r"\cos"),
    Gate("tan", lambda m, x: m.tan(x), (lambda m, g, o, x: g * (1.0 + o * o),), formula="sin(x)/cos(x)",
         ulp=1.0, minus_zero=if_any, latex=r"\tan",
         slopes=("1 + tan(x)^2",)),
    Gate("asin", lambda m, x: m.asin(x),
         (lambda m, g, o, x: m.div(g, m.sqrt(m.cosquare(x))),), domain=True, kink=rule.at(-1.0, 1.0),
         about="the angle whose sine is x", defined="abs(x) <= 1",
         ulp=1.0, minus_zero=if_any, aliases=("arcsin",), latex=r"\arcsin",
         slopes=("1/sqrt(1 - x^2)",)),
    Gate("acos", lambda m, x: m.acos(x),
         (lambda m, g, o, x: -m.div(g, m.sqrt(m.cosquare(x))),), domain=True, kink=rule.at(-1.0, 1.0),
         about="the angle whose cosine is x", defined="abs(x) <= 1",
         ulp=1.0, minus_zero=never, aliases=("arccos",), latex=r"\arccos",
         slopes=("-1/sqrt(1 - x^2)",)),
    Gate("atan", lambda m, x: m.atan(x), (lambda m, g, o, x: m.div(m.div(g, m.hypot(1.0, x)), m.hypot(1.0, x)),),
         about="the angle whose tangent is x", ulp=1.0, minus_zero=if_any, aliases=("arctan",), latex=r"\arctan",
         slopes=("1/(1 + x^2)",)),
    Gate("atan2", lambda m, y, x: m.atan2(y, x),
         (lambda m, g, o, y, x: g * m.div(m.div(x, m.hypot(y, x)), m.hypot(y, x)),
          lambda m, g, o, y, x: -(g * m.div(m.div(y, m.hypot(y, x)), m.hypot(y, x)))),
         kink=lambda m, o, y, x: m.and_(m.eq(y, 0.0), m.not_(m.lt(0.0, x))), names=("y", "x"),
         about="the angle of the point (x, y), from -pi to pi", ulp=1.0, signed=(0, 1), aliases=("arctan2",),
         slopes=("x/(x^2 + y^2)", "-y/(x^2 + y^2)")),
    Gate("sinh", lambda m, x: m.sinh(x), (lambda m, g, o, x: g * m.cosh(x),), formula="(exp(x) - exp(-x))/2",
         ulp=2.0, minus_zero=if_any, overflow="710.48", latex=r"\sinh"),
    Gate("cosh", lambda m, x: m.cosh(x), (lambda m, g, o, x: g * m.sinh(x),), formula="(exp(x) + exp(-x))/2",
         ulp=2.0, minus_zero=never, overflow="710.48", latex=r"\cosh"),
    Gate("tanh", lambda m, x: m.tanh(x), (rule.tanh_slope,),
         formula="sinh(x)/cosh(x)", ulp=2.0, minus_zero=if_any, latex=r"\tanh",
         slopes=("1 - tanh(x)^2",)),
    Gate("asinh", lambda m, x: m.asinh(x), (lambda m, g, o, x: m.div(g, m.hypot(1.0, x)),),
         formula="log(x + sqrt(x^2 + 1))",
         ulp=2.0, minus_zero=if_any, aliases=("arcsinh",), latex=r"\operatorname{arsinh}",
         slopes=("1/sqrt(x^2 + 1)",)),
    Gate("acosh", lambda m, x: m.acosh(x),
         (lambda m, g, o, x: m.div(m.div(g, m.sqrt(x - 1.0)), m.sqrt(x + 1.0)),), domain=True, kink=rule.at(1.0),
         formula="log(x + sqrt(x^2 - 1))", defined="x >= 1",
         ulp=2.0, minus_zero=never, aliases=("arccosh",), latex=r"\operatorname{arcosh}",
         slopes=("1/sqrt(x^2 - 1)",)),
    Gate("atanh", lambda m, x: m.atanh(x), (lambda m, g, o, x: m.div(g, m.cosquare(x)),), domain=True,
         formula="log((1 + x)/(1 - x))/2", defined="abs(x) < 1",
         ulp=2.0, minus_zero=if_any, pole=True, aliases=("arctanh",), latex=r"\operatorname{artanh}",
         slopes=("1/(1 - x^2)",)),
    Gate("degrees", lambda m, x: x * m.div(180.0, m.pi), (lambda m, g, o, x: g * m.div(180.0, m.pi),),
         formula="x*180/pi", ulp=1.0, minus_zero=if_any),
    Gate("radians", lambda m, x: x * m.div(m.pi, 180.0), (lambda m, g, o, x: g * m.div(m.pi, 180.0),),
         formula="x*pi/180", ulp=1.0, minus_zero=if_any),
    ),
    "special": (
    Gate("erf", lambda m, x: m.erf(x), (lambda m, g, o, x: g * (m.div(2.0, m.sqrt(m.pi)) * m.gauss(x)),),
         about="2/sqrt(pi) times the integral of exp(-t^2) from 0 to x", ulp=1.0, minus_zero=if_any,
         slopes=("2/sqrt(pi)*exp(-x^2)",)),
    Gate("erfc", lambda m, x: m.erfc(x), (lambda m, g, o, x: -(g * (m.div(2.0, m.sqrt(m.pi)) * m.gauss(x))),),
         formula="1 - erf(x)", about="with all its digits where that is next to 0", minus_zero=never,
         slopes=("-2/sqrt(pi)*exp(-x^2)",)),
    Gate("gauss", lambda m, x: m.gauss(x), (lambda m, g, o, x: -(g * (2.0 * (x * o))),), formula="exp(-x^2)",
         minus_zero=never, function=True, latex=Around(r"\mathrm{e}^{-\left(#1\right)^{2}}"),
         slopes=("-2*x*exp(-x^2)",)),
    Gate("normcdf", lambda m, x: m.normcdf(x), (lambda m, g, o, x: g * m.normpdf(x),),
         formula="erfc(-x/sqrt(2))/2", about="the standard normal distribution", function=True, latex=r"\Phi"),
    Gate("normpdf", lambda m, x: m.normpdf(x), (lambda m, g, o, x: -(g * (x * o)),),
         formula="exp(-x^2/2)/sqrt(2*pi)", about="the standard normal density", function=True, latex=r"\varphi"),
    Gate("gamma", lambda m, x: m.gamma(x), (lambda m, g, o, x: g * (o * m.digamma(x)),), domain=True,
         accuracy="Python's gamma is good to 4.2 ulp below -0.5; next to the roots of its slope parts cancel",
         about="the factorial of x - 1, between the whole numbers too", defined="x > 0 or x != floor(x)",
         minus_zero=never, pole=True, overflow="171.62", latex=r"\Gamma"),
    Gate("lgamma", lambda m, x: m.lgamma(x), (lambda m, g, o, x: g * m.digamma(x),), domain=True,
         accuracy="next to its roots below -3 and those of its slope, where parts cancel",
         formula="log(abs(gamma(x)))", defined="x > 0 or x != floor(x)",
         minus_zero=never, pole=True, latex=Around(r"\ln\left|\Gamma\left(#1\right)\right|")),
    Gate("digamma", lambda m, x: m.digamma(x), (lambda m, g, o, x: g * m.polygamma(1.0, x),), domain=True,
         accuracy="next to its roots, where parts cancel",
         about="the slope of lgamma", defined="x > 0 or x != floor(x)", pole=True, latex=r"\psi"),
    Gate("polygamma", lambda m, n, x: m.polygamma(n, x),
         (None, lambda m, g, o, n, x: g * m.polygamma(n + 1.0, x)), domain=True, names=("n", "x"),
         accuracy="its recurrence rounds once a step, for orders from 4 on",
         about="the n-th derivative of digamma", defined="n >= 0 and n == floor(n) and (x > 0 or x != floor(x))",
         pole=True, latex=Around(r"\psi^{(#1)}\left(#2\right)")),
    Gate("factorial", lambda m, x: m.gamma(x + 1.0), (lambda m, g, o, x: g * (o * m.digamma(x + 1.0)),), domain=True,
         accuracy="x + 1 is rounded", formula="gamma(x + 1)", defined="x > -1 or x != floor(x)",
         minus_zero=never, pole=True, overflow="170.62", latex=Around("#1!", POWER, first=ATOM)),
    ),
    "neural": (
    Gate("sigmoid", rule.sigmoid, (lambda m, g, o, x: g * m.sigmoid_slope(o, x),),
         formula="1/(1 + exp(-x))", about="the logistic function", minus_zero=never, function=True, latex=r"\sigma",
         slopes=("sigmoid(x)*(1 - sigmoid(x))",)),
    Gate("logisticpdf", rule.logisticpdf, (lambda m, g, o, x: -(g * (o * m.tanh(0.5 * x))),),
         formula="sigmoid(x)*sigmoid(-x)", about="the slope of sigmoid: the logistic density",
         minus_zero=never, function=True, latex=r"\sigma'",
         slopes=("sigmoid(x)*(1 - sigmoid(x))*(1 - 2*sigmoid(x))",)),
    Gate("logsigmoid", lambda m, x: -m.softplus(-x), (lambda m, g, o, x: g * m.sigmoid(-x),),
         formula="log(sigmoid(x))", function=True,
         slopes=("1 - sigmoid(x)",)),
    Gate("softplus", lambda m, x: m.max(x, 0.0) + m.log1p(m.exp(-m.abs(x))), (lambda m, g, o, x: g * m.sigmoid(x),),
         formula="log(1 + exp(x))", about="a relu without a kink", minus_zero=never, function=True),
    Gate("relu", lambda m, x: m.where(m.le(x, 0.0), 0.0, x),
         (lambda m, g, o, x: Only(m.not_(m.le(x, 0.0)), g),), domain=True, kink=rule.at(0.0), piece=rule.side,
         choice=lambda m, x: m.max(x, 0.0), formula="max(x, 0)", ulp=0.0, minus_zero=never),
    Gate("leaky_relu", lambda m, x: m.where(m.lt(0.0, x), x, m.constant("0.01") * x),
         (lambda m, g, o, x: g * m.where(m.lt(0.0, x), 1.0, m.constant("0.01")),),
         domain=True, kink=rule.at(0.0), piece=rule.side, choice=lambda m, x: m.max(x, m.constant("0.01") * x),
         formula="x > 0 ? x : 0.01*x", minus_zero=if_any),
    Gate("elu", lambda m, x: m.where(m.lt(0.0, x), x, m.expm1(x)),
         (lambda m, g, o, x: g * m.where(m.lt(0.0, x), 1.0, m.exp(x)),), formula="x > 0 ? x : exp(x) - 1",
         function=True),
    Gate("silu", rule.silu, (lambda m, g, o, x: g * (m.sigmoid(x) * (1.0 + x * m.sigmoid(-x))),),
         accuracy="next to the root of its slope, where parts cancel",
         formula="x*sigmoid(x)", about="also called swish", function=True,
         slopes=("sigmoid(x)*(1 + x*(1 - sigmoid(x)))",)),
    Gate("gelu", lambda m, x: m.gelu(x), (lambda m, g, o, x: g * (m.normcdf(x) + x * m.normpdf(x)),),
         accuracy="next to the root of its slope, where parts cancel and no stable form is known",
         formula="x*normcdf(x)", function=True),
    Gate("logaddexp", lambda m, x, y: m.logsumexp(x, y),
         (lambda m, g, o, x, y: g * m.sigmoid(m.apart(x, y)), lambda m, g, o, x, y: g * m.sigmoid(m.apart(y, x))),
         accuracy="x - y is rounded, and next to a sum of 1 parts cancel", formula="log(exp(x) + exp(y))",
         symmetric=True, minus_zero=never),
    Gate("logsumexp", rule.logsumexp, (rule.softmax,), many=True,
         accuracy="differences of arguments are rounded, and next to a sum of 1 parts cancel",
         formula="log(exp(x) + exp(y))", about="of any number of arguments; of one, over rows",
         symmetric=True, minus_zero=never, function=True,
         over_rows=OverRows(EXPONENTIALS, empty=float("-inf"), only=False)),
    ),
    "choice": (
    Gate("max", lambda m, *xs: m.max(*xs), (rule.max_rule,), domain=True, kink=rule.tie_kink, piece=rule.chosen,
         choice=lambda m, *xs: m.max(*xs), many=True,
         formula="x < y ? y : x", about="the largest of any number of arguments; of one, over rows",
         symmetric=True, ulp=0.0, minus_zero=if_any, aliases=("maximum",), latex=r"\max",
         over_rows=OverRows(EXTREME, only=False)),
    Gate("min", lambda m, *xs: m.min(*xs), (rule.min_rule,), domain=True, kink=rule.tie_kink, piece=rule.chosen,
         choice=lambda m, *xs: m.min(*xs), many=True,
         formula="y < x ? y : x", about="the smallest of any number of arguments; of one, over rows",
         symmetric=True, ulp=0.0, minus_zero=if_any, aliases=("minimum",), latex=r"\min",
         over_rows=OverRows(EXTREME, sign=-1.0, only=False)),
    Gate("clip", lambda m, x, lo, hi: m.min(m.max(x, lo), hi),
         (rule.clip_rule(0), rule.clip_rule(1), rule.clip_rule(2)),
         domain=True, kink=lambda m, o, x, lo, hi: m.or_(m.eq(x, lo), m.eq(x, hi)), piece=rule.chosen,
         choice=lambda m, x, lo, hi: m.min(m.max(x, lo), hi),
         names=("x", "lo", "hi"), formula="min(max(x, lo), hi)", ulp=0.0, minus_zero=if_any),
    Gate("where", lambda m, c, a, b: m.where(m.truth(c), a, b),
         (None,
          lambda m, g, o, c, a, b: Only(m.truth(c), g),
          lambda m, g, o, c, a, b: Only(m.not_(m.truth(c)), g)),
         piece=lambda m, o, c, a, b: m.truth(c), names=("c", "a", "b"), formula="c ? a : b",
         ulp=0.0, minus_zero=if_any, chooses=True,
         latex=Around(r"\begin{cases} #2 & \text{if } #1 \\ #3 & \text{otherwise} \end{cases}", SUM)),
    Gate("lt", rule.truth(lambda m, x, y: m.lt(x, y)), (None, None), kink=rule.equal, ulp=0.0, minus_zero=never,
         about="1.0 where it holds, else 0.0", written=Infix("<", COMPARE, SUM, SUM)),
    Gate("le", rule.truth(lambda m, x, y: m.le(x, y)), (None, None), kink=rule.equal, ulp=0.0, minus_zero=never,
         about="1.0 where it holds, else 0.0", written=Infix("<=", COMPARE, SUM, SUM), latex=r"\le"),
    Gate("gt", rule.truth(lambda m, x, y: m.gt(x, y)), (None, None), kink=rule.equal, ulp=0.0, minus_zero=never,
         about="1.0 where it holds, else 0.0", written=Infix(">", COMPARE, SUM, SUM)),
    Gate("ge", rule.truth(lambda m, x, y: m.ge(x, y)), (None, None), kink=rule.equal, ulp=0.0, minus_zero=never,
         about="1.0 where it holds, else 0.0", written=Infix(">=", COMPARE, SUM, SUM), latex=r"\ge"),
    Gate("eq", rule.truth(lambda m, x, y: m.eq(x, y)), (None, None), kink=rule.equal, ulp=0.0, minus_zero=never,
         about="1.0 where it holds, else 0.0", symmetric=True, written=Infix("==", COMPARE, SUM, SUM), latex="="),
    Gate("ne", rule.truth(lambda m, x, y: m.ne(x, y)), (None, None), kink=rule.equal, ulp=0.0, minus_zero=never,
         about="1.0 where it holds, else 0.0", symmetric=True, written=Infix("!=", COMPARE, SUM, SUM), latex=r"\ne"),
    Gate("and", rule.truth(lambda m, x, y: m.and_(m.truth(x), m.truth(y))), (None, None),
         about="1.0 where neither is 0, else 0.0",
         symmetric=True, ulp=0.0, minus_zero=never, written=Infix("and", AND, AND, NOT), latex=r"\land"),
    Gate("or", rule.truth(lambda m, x, y: m.or_(m.truth(x), m.truth(y))), (None, None),
         about="1.0 where one is not 0, else 0.0",
         symmetric=True, ulp=0.0, minus_zero=never, written=Infix("or", OR, OR, AND), latex=r"\lor"),
    Gate("not", rule.truth(lambda m, x: m.not_(m.truth(x))), (None,), about="1.0 where x is 0, else 0.0",
         ulp=0.0, minus_zero=never, written=Prefix("not ", NOT), latex=r"\lnot "),
    ),
    "over rows": (
    Gate("sum", lambda m, x: x, (lambda m, g, o, x: g,), about="the sum over the rows of data",
         ulp=0.0, over_rows=OverRows(SUMS, empty=0.0, among="; among arguments write a + b + c"),
         over_loops=OverLoops("add", "0")),
    Gate("mean", lambda m, x: x, (lambda m, g, o, x: g,), about="the mean over the rows of data",
         ulp=0.0, over_rows=OverRows(SUMS, average=True, among="; among arguments write (a + b)/2"),
         over_loops=OverLoops("add", average=True)),
    Gate("count", lambda m: m.constant("1"), (), about="the number of rows of data",
         ulp=0.0, over_rows=OverRows(COUNT)),
    Gate("var", lambda m, x: m.constant("nan"), (lambda m, g, o, x: m.constant("nan"),),
         about="the variance over the rows of data, divided by n - 1",
         over_rows=OverRows(MOMENTS, average=True, alone=ONE_ROW)),
    Gate("std", lambda m, x: m.constant("nan"), (lambda m, g, o, x: m.constant("nan"),),
         about="the standard deviation over the rows of data, with n - 1",
         over_rows=OverRows(MOMENTS, average=True, root=True, alone=ONE_ROW)),
    Gate("median", lambda m, x: x, (lambda m, g, o, x: g,), piece=rule.one_piece, choice=lambda m, x: x,
         about="the middle of the rows of data, or the mean of the two next to it",
         ulp=0.0, over_rows=OverRows(ORDER, among="; of three write a + b + c - max(a, b, c) - min(a, b, c)")),
    Gate("quantile", rule.quantile_of_one, (lambda m, g, o, x, p: g, rule.flat), domain=True,
         piece=rule.one_piece, choice=rule.quantile_of_one, names=("x", "p"),
         about="the number below which a share p of the rows of data lies, linear between neighbours",
         defined="0 <= p and p <= 1", ulp=0.0, over_rows=OverRows(ORDER)),
    Gate("corr", lambda m, x, y: m.constant("nan"), (lambda m, g, o, x, y: m.constant("nan"),) * 2,
         about="the correlation of two arguments over the rows of data (Pearson)", symmetric=True,
         over_rows=OverRows(CO_MOMENTS, gathered=2, alone=ONE_ROW)),
    ),
}
# fmt: on


class Table(dict[str, Gate]):
    """Rows by name. A gate that holds a circuit is no word of the language: its name has its row with it."""

    def __missing__(self, name: str) -> Gate:
        row: Gate | None = getattr(name, "row", None)
        if row is None:
            raise KeyError(name)
        return row

    def get(self, name: str, default: Gate | None = None) -> Gate | None:  # type: ignore[override]
        return self[name] if name in self or hasattr(name, "row") else default


GATES: dict[str, Gate] = Table({gate.name: gate for rows in _ROWS.values() for gate in rows})
GROUPS: dict[str, tuple[str, ...]] = {group: tuple([gate.name for gate in rows]) for group, rows in _ROWS.items()}
ALIASES: dict[str, str] = {alias: gate.name for rows in _ROWS.values() for gate in rows for alias in gate.aliases}


def symbol_of(gate: str, strength: int) -> str:
    """The symbol of a gate that is written between its arguments, and holds them so strongly; empty for another one."""
    written = GATES[gate].written if gate in GATES else ""
    return written.symbol if isinstance(written, Infix) and written.strength == strength else ""


def over_rows(gate: str, count: int) -> OverRows | None:
    """Return what a gate of so many arguments gathers over rows, else None: max(x) does, max(x, 4) does not."""
    row = GATES.get(gate)
    facts = None if row is None else row.over_rows
    return facts if facts is not None and (facts.only or count < 2) else None
