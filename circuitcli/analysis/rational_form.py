"""The rational form of an expression: a quotient of sums of products of powers, by which two formulas prove equal.

Factors are inputs, and uses of gates whose arguments are such forms, too. What a gate is made of is written out by its
formula, and exp(x + y) is exp(x)*exp(y). Two formulas with one form are one function of real numbers, wherever both
have a value; two with other forms may still be one, for not every identity is known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from circuitcli.constants import CONSTANTS
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Graph, reached_from
from circuitcli.language import graph_of, parse

MOST_TERMS, WORK = 400, 300_000  # terms of a sum, and products of two terms: what takes more is not compared
LONGEST = 2_000  # bits of a number, and the largest exponent of a sum
WHOLE = ("relu", "max", "min", "where")  # gates that stay, though they have a formula

Product = frozenset[tuple[int, Fraction]]  # the numbers of factors, and their exponents
Terms = Mapping[Product, Fraction]
_ONE: Product = frozenset()


class TooLong(Exception):
    """A form would take too long, or is of no number."""


class Form:
    """A quotient of two sums, the lower one not empty."""

    def __init__(self, above: Terms, below: Terms) -> None:
        self.above, self.below = above, below

    @property
    def key(self) -> object:
        """A value that forms share which are written alike."""
        return frozenset(self.above.items()), frozenset(self.below.items())

    @property
    def number(self) -> Fraction | None:
        """The number that it is; None for another form."""
        if self.below == {_ONE: 1} and self.above.keys() <= {_ONE}:
            return self.above.get(_ONE, Fraction())
        return None


def _number(x: Fraction | int) -> Form:
    return Form({_ONE: Fraction(x)} if x else {}, {_ONE: Fraction(1)})


class RationalForms:
    """The forms of one comparison, which share their factors."""

    def __init__(self) -> None:
        self._work = 0
        self._known: dict[object, int] = {}
        self._replaced: list[tuple[int, Form] | None] = []  # of a factor: a power, and what that is

    def of(self, graph: Graph) -> Form:
        """The form of the output. Raises TooLong for one that is not known."""
        return self._output(graph, {})

    def is_zero(self, graph: Graph) -> bool:
        """Whether the output is 0 wherever it has a value: False where that is not known."""
        try:
            return not self.of(graph).above
        except TooLong:
            return False

    def _output(self, graph: Graph, known: Mapping[str, Form]) -> Form:
        found: list[Form | None] = []
        for (gate, args, text), here in zip(graph.nodes, reached_from(graph.nodes, [graph.output]), strict=True):
            if not here:
                found.append(None)
            elif gate == INPUT:
                found.append(known[text] if text in known else self._factor(("input", text)))
            elif gate == CONSTANT:
                found.append(self._constant(text))
            else:
                found.append(self._gate(gate, [form for a in args if (form := found[a]) is not None]))
        output = found[graph.output]
        assert output is not None
        return output

    def _constant(self, text: str) -> Form:
        if text in ("nan", "inf") or len(text) > LONGEST // 4 or len(text.lower().partition("e")[2]) > 3:
            raise TooLong
        if text == "e":
            return self._exp(_number(1))
        if text == "tau":
            return self.mul(_number(2), self._factor(("constant", "pi")))
        return self._factor(("constant", text)) if text in CONSTANTS else _number(Fraction(text))

    def _gate(self, name: str, xs: Sequence[Form]) -> Form:
        own = getattr(self, name if name in _ARITHMETIC else f"_{name}", None)
        if own is not None:
            found: Form = own(*xs)
            return found
        gate = GATES[name]
        if gate.formula and name not in WHOLE and len(xs) <= len(gate.names):
            return self._output(graph_of(parse(gate.formula)), dict(zip(gate.names, xs, strict=False)))
        keys = [x.key for x in xs]
        return self._factor((name, *(sorted(keys, key=hash) if gate.symmetric else keys)))

    def _factor(self, key: object, power: int = 0, is_: Form | None = None) -> Form:
        """The form of one factor, a power of which may be another form."""
        k = self._known.setdefault(key, len(self._known))
        if k == len(self._replaced):
            self._replaced.append(None if is_ is None else (power, is_))
        return Form({frozenset({(k, Fraction(1))}): Fraction(1)}, {_ONE: Fraction(1)})

    # arithmetic

    def add(self, x: Form, y: Form) -> Form:
        if x.below == y.below:
            return self._made(_sum(x.above, y.above), x.below)
        above = self.add(self._product(x.above, y.below), self._product(y.above, x.below))
        return self.div(above, self._product(x.below, y.below))

    def sub(self, x: Form, y: Form) -> Form:
        return self.add(x, self.neg(y))

    def neg(self, x: Form) -> Form:
        return Form({product: -c for product, c in x.above.items()}, x.below)

    def mul(self, x: Form, y: Form) -> Form:
        above, below = self._product(x.above, y.above), self._product(x.below, y.below)
        return above if below.number == 1 else self.div(above, below)

    def div(self, x: Form, y: Form) -> Form:
        if not y.above:
            raise TooLong
        plain = x.below == y.below
        above = Form(x.above, {_ONE: Fraction(1)}) if plain else self._product(x.above, y.below)
        below = Form(y.above, {_ONE: Fraction(1)}) if plain else self._product(x.below, y.above)
        if above.below != below.below:  # powers of factors that are quotients
            return self.div(self.mul(above, Form(below.below, {_ONE: Fraction(1)})), Form(below.above, above.below))
        return self._made(above.above, below.above)

    def pow(self, x: Form, y: Form) -> Form:
        power, base = y.number, x.number
        if power is not None:
            return self._power(x, power)
        if base == 1:
            return x
        if y.below != {_ONE: 1}:
            return self._factor(("pow", x.key, y.key))
        found = self._power(x, y.above.get(_ONE, Fraction()))
        for product, c in y.above.items():
            if product != _ONE:
                part = Form({product: Fraction(1, c.denominator)}, y.below)
                found = self.mul(found, self._raised(self._factor(("pow", x.key, part.key)), Fraction(c.numerator)))
        return found

    def _made(self, above: Terms, below: Terms) -> Form:
        """A quotient in its lowest terms as far as they are seen: the first term below is 1."""
        if max(len(above), len(below)) > MOST_TERMS or any(_long(c) for c in (*above.values(), *below.values())):
            raise TooLong
        if not above:
            return _number(0)
        if below == {_ONE: 1}:
            return Form(above, below)
        if above == below:
            return _number(1)
        first = min(below, key=_order)
        inverse = frozenset((k, -n) for k, n in first)
        if any(self._replaced[k] for k, _ in first):  # such a power would be written out again
            return Form(_scaled(above, 1 / below[first]), _scaled(below, 1 / below[first]))
        scale = {inverse: 1 / below[first]}
        return Form(self._product(above, scale).above, self._product(below, scale).above)

    def _product(self, x: Terms, y: Terms) -> Form:
        """A product of two sums. Powers of factors that are other forms are written out."""
        self._work += len(x) * len(y)
        if self._work > WORK:
            raise TooLong
        plain, rest = dict[Product, Fraction](), list[Form]()
        for one, a in x.items():
            for other, b in y.items():
                powers = dict(one)
                for k, n in other:
                    powers[k] = powers.get(k, Fraction()) + n
                left, forms = self._reduced(powers)
                if forms:
                    term = Form({left: a * b}, {_ONE: Fraction(1)})
                    for form in forms:
                        term = self.mul(term, form)
                    rest.append(term)
                else:
                    plain[left] = plain.get(left, Fraction()) + a * b
        found = Form({product: c for product, c in plain.items() if c}, {_ONE: Fraction(1)})
        for term in rest:
            found = self.add(found, term)
        return found

    def _reduced(self, powers: Mapping[int, Fraction]) -> tuple[Product, list[Form]]:
        """A product of powers without those that are other forms, and these."""
        left, forms = dict(powers), []
        for k, n in powers.items():
            replaced = self._replaced[k]
            if replaced is not None and (count := floor(n / replaced[0])):
                left[k] = n - count * replaced[0]
                forms.append(self._raised(replaced[1], Fraction(count)))
        return frozenset((k, n) for k, n in left.items() if n), forms

    def _power(self, x: Form, n: Fraction) -> Form:
        """A power with a number; a root of a sum is a factor whose whole powers are written out."""
        if n.denominator == 1 or x.number == 1:
            return self._raised(x, n)
        single = len(x.above) == 1 and x.below == {_ONE: 1}
        if single and (product := [*x.above][0]) and len(product) == 1 and x.above[product] == 1:
            ((k, power),) = product
            if power == 1:
                return Form(*self._alone(k, n))
        whole = floor(n)
        root = self._factor(("power", x.key), 1, x)
        ((product, _),) = root.above.items()
        ((k, _),) = product
        return self.mul(self._raised(x, Fraction(whole)), Form(*self._alone(k, n - whole)))

    def _alone(self, k: int, n: Fraction) -> tuple[Terms, Terms]:
        return {frozenset({(k, n)}): Fraction(1)}, {_ONE: Fraction(1)}

    def _raised(self, x: Form, n: Fraction) -> Form:
        """A whole power."""
        if n < 0:
            return self.div(_number(1), self._raised(x, -n))
        if len(x.above) == len(x.below) == 1 and x.below == {_ONE: 1}:
            ((product, c),) = x.above.items()
            if n.numerator * max(c.numerator.bit_length(), c.denominator.bit_length(), 1) > LONGEST:
                raise TooLong
            left, forms = self._reduced({k: power * n for k, power in product})
            found = Form({left: c**n.numerator}, x.below)
            for form in forms:
                found = self.mul(found, form)
            return found
        if n > LONGEST // 20:
            raise TooLong
        found = _number(1)
        for _ in range(n.numerator):
            found = self.mul(found, x)
        return found

    # gates of which more is known

    def _exp(self, x: Form) -> Form:
        """exp(2*x + y) is exp(x)^2*exp(y)."""
        found = _number(1)
        for product, c in x.above.items():
            k = self._known.setdefault(("exp", Form({product: Fraction(1)}, x.below).key), len(self._known))
            self._replaced += [None] * (k == len(self._replaced))
            found = self.mul(found, Form(*self._alone(k, c)))
        return found

    def _sin(self, x: Form) -> Form:
        """An odd function, whose square is 1 less that of the cosine."""
        x, turned = self._forward(x)
        cosine = self._cos(x)
        sine = self._factor(("sin", x.key), 2, self.sub(_number(1), self.mul(cosine, cosine)))
        return self.neg(sine) if turned else sine

    def _cos(self, x: Form) -> Form:
        return self._factor(("cos", self._forward(x)[0].key))

    def _abs(self, x: Form) -> Form:
        return self._factor(("abs", self._forward(x)[0].key), 2, self.mul(x, x))

    def _sign(self, x: Form) -> Form:
        return self.div(x, self._abs(x))

    def _gt(self, x: Form, y: Form) -> Form:
        return self._gate("lt", [y, x])

    def _ge(self, x: Form, y: Form) -> Form:
        return self._gate("le", [y, x])

    def _logsumexp(self, *xs: Form) -> Form:
        found = _number(0)
        for x in xs:
            found = self.add(found, self._exp(x))
        return self._log(found)

    def _cbrt(self, x: Form) -> Form:
        return self._factor(("cbrt", x.key), 3, x)

    def _forward(self, x: Form) -> tuple[Form, bool]:
        """One of x and -x, of both the same; and whether it is -x."""
        turned = bool(x.above) and x.above[min(x.above, key=_order)] < 0
        return (self.neg(x) if turned else x), turned

    def _log(self, x: Form) -> Form:
        """The logarithm of a power of exp is its exponent, and that of a product a sum (of what is within bars)."""
        if len(x.above) != 1 or x.below != {_ONE: 1}:
            return self._factor(("log", x.key))
        ((product, c),) = x.above.items()
        if c <= 0:
            return self._factor(("log", x.key))
        found = self._factor(("log", _number(c).key)) if c != 1 else _number(0)
        names = {k: key for key, k in self._known.items()}
        for k, n in product:
            key, replaced = names[k], self._replaced[k]
            if isinstance(key, tuple) and key[0] == "exp":
                above, below = key[1]
                part = Form(dict(above), dict(below))
            elif replaced is not None and replaced[0] == 1:
                part = self._log(replaced[1])
            else:
                part = self._factor(("log", Form(*self._alone(k, Fraction(1))).key))
            found = self.add(found, self.mul(_number(n), part))
        return found


_ARITHMETIC = ("add", "sub", "mul", "div", "neg", "pow")


def _sum(x: Terms, y: Terms) -> Terms:
    found = dict(x)
    for product, c in y.items():
        found[product] = found.get(product, Fraction()) + c
    return {product: c for product, c in found.items() if c}


def _scaled(x: Terms, by: Fraction) -> Terms:
    return {product: c * by for product, c in x.items()}


def _order(product: Product) -> list[tuple[int, Fraction]]:
    return sorted(product)


def _long(c: Fraction) -> bool:
    return c.numerator.bit_length() + c.denominator.bit_length() > LONGEST
