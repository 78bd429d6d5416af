"""Quotients of sums of products of powers, with whole and fractional exponents, and the arithmetic on them.

A factor is known by its number alone. Of some a power is another quotient, as that of a root is what stands under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

WORK = 30_000  # terms that are made, some tenths of a second: what takes more is not compared
LONGEST = 2_000  # bits of a number
HIGHEST = 100  # power of a sum

Product = frozenset[tuple[int, Fraction]]  # the numbers of factors, and their exponents
Terms = Mapping[Product, Fraction]
ONE: Product = frozenset()


class TooLongError(Exception):
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
        if self.below == {ONE: 1} and self.above.keys() <= {ONE}:
            return self.above.get(ONE, Fraction())
        return None


def form_of(x: Fraction | int) -> Form:
    """The form of a number."""
    return Form({ONE: Fraction(x)} if x else {}, {ONE: Fraction(1)})


class Quotients:
    """The arithmetic on forms that share their factors."""

    def __init__(self) -> None:
        self._work = 0
        self._known: dict[object, int] = {}
        self.replaced: dict[int, tuple[int, Form]] = {}  # of a factor: a power, and what that is

    def factor(self, key: object, power: int = 0, is_: Form | None = None) -> Form:
        """The form of one factor, a power of which may be another form."""
        k = self.numbered(key)
        if is_ is not None:
            self.replaced[k] = power, is_
        return Form(*alone(k, Fraction(1)))

    def numbered(self, key: object) -> int:
        """The number of a factor, a new one where it is not known."""
        return self._known.setdefault(key, len(self._known))

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
            raise TooLongError
        plain = x.below == y.below
        above = Form(x.above, {ONE: Fraction(1)}) if plain else self._product(x.above, y.below)
        below = Form(y.above, {ONE: Fraction(1)}) if plain else self._product(x.below, y.above)
        if above.below != below.below:  # powers of factors that are quotients
            return self.div(self.mul(above, Form(below.below, {ONE: Fraction(1)})), Form(below.above, above.below))
        return self._made(above.above, below.above)

    def pow(self, x: Form, y: Form) -> Form:
        power, base = y.number, x.number
        if power is not None:
            return self._power(x, power)
        if base == 1:
            return x
        if y.below != {ONE: 1}:
            return self.factor(("pow", x.key, y.key))
        found = self._power(x, y.above.get(ONE, Fraction()))
        for product, c in y.above.items():
            if product != ONE:
                part = Form({product: Fraction(1, c.denominator)}, y.below)
                found = self.mul(found, self._raised(self.factor(("pow", x.key, part.key)), Fraction(c.numerator)))
        return found

    def _spend(self, terms: int) -> None:
        self._work += terms
        if self._work > WORK:
            raise TooLongError

    def _made(self, above: Terms, below: Terms) -> Form:
        """A quotient in its lowest terms as far as they are seen: the first term below is 1."""
        self._spend(len(above) + len(below))
        if any(_long(c) for c in (*above.values(), *below.values())):
            raise TooLongError
        if not above:
            return form_of(0)
        if below == {ONE: 1}:
            return Form(above, below)
        if above == below:
            return form_of(1)
        first = min(below, key=order)
        inverse = frozenset((k, -n) for k, n in first)
        if any(k in self.replaced for k, _ in first):  # such a power would be written out again
            return Form(_scaled(above, 1 / below[first]), _scaled(below, 1 / below[first]))
        scale = {inverse: 1 / below[first]}
        return Form(self._product(above, scale).above, self._product(below, scale).above)

    def _product(self, x: Terms, y: Terms) -> Form:
        """A product of two sums. Powers of factors that are other forms are written out."""
        self._spend(len(x) * len(y))
        plain, rest = dict[Product, Fraction](), list[Form]()
        for one, a in x.items():
            for other, b in y.items():
                powers = dict(one)
                for k, n in other:
                    powers[k] = powers.get(k, Fraction()) + n
                left, forms = self._reduced(powers)
                if forms:
                    term = Form({left: a * b}, {ONE: Fraction(1)})
                    for form in forms:
                        term = self.mul(term, form)
                    rest.append(term)
                else:
                    plain[left] = plain.get(left, Fraction()) + a * b
        found = Form({product: c for product, c in plain.items() if c}, {ONE: Fraction(1)})
        for term in rest:
            found = self.add(found, term)
        return found

    def _reduced(self, powers: Mapping[int, Fraction]) -> tuple[Product, list[Form]]:
        """A product of powers without those that are other forms, and these."""
        left, forms = dict(powers), []
        for k, n in powers.items():
            replaced = self.replaced.get(k)
            if replaced is not None and (count := floor(n / replaced[0])):
                left[k] = n - count * replaced[0]
                forms.append(self._raised(replaced[1], Fraction(count)))
        return frozenset((k, n) for k, n in left.items() if n), forms

    def _power(self, x: Form, n: Fraction) -> Form:
        """A power with a number; a root of a sum is a factor whose whole powers are written out."""
        if n.denominator == 1 or x.number == 1:
            return self._raised(x, n)
        if (k := _single(x)) is not None:
            return Form(*alone(k, n))
        whole = floor(n)
        root = self.factor(("power", x.key), 1, x)
        ((product, _),) = root.above.items()
        ((k, _),) = product
        return self.mul(self._raised(x, Fraction(whole)), Form(*alone(k, n - whole)))

    def _raised(self, x: Form, n: Fraction) -> Form:
        """A whole power."""
        if n < 0:
            return self.div(form_of(1), self._raised(x, -n))
        if len(x.above) == len(x.below) == 1 and x.below == {ONE: 1}:
            ((product, c),) = x.above.items()
            if n.numerator * max(c.numerator.bit_length(), c.denominator.bit_length(), 1) > LONGEST:
                raise TooLongError
            left, forms = self._reduced({k: power * n for k, power in product})
            found = Form({left: c**n.numerator}, x.below)
            for form in forms:
                found = self.mul(found, form)
            return found
        if n > HIGHEST:
            raise TooLongError
        found = form_of(1)
        for _ in range(n.numerator):
            found = self.mul(found, x)
        return found


def alone(k: int, n: Fraction) -> tuple[Terms, Terms]:
    """A power of one factor, as what is above and below."""
    return {frozenset({(k, n)}): Fraction(1)}, {ONE: Fraction(1)}


def _single(x: Form) -> int | None:
    """The number of the one factor that a form is; None for another form."""
    if len(x.above) != 1 or x.below != {ONE: 1}:
        return None
    ((product, c),) = x.above.items()
    return next((k for k, power in product if power == 1), None) if c == len(product) == 1 else None


def _sum(x: Terms, y: Terms) -> Terms:
    found = dict(x)
    for product, c in y.items():
        found[product] = found.get(product, Fraction()) + c
    return {product: c for product, c in found.items() if c}


def _scaled(x: Terms, by: Fraction) -> Terms:
    return {product: c * by for product, c in x.items()}


def order(product: Product) -> list[tuple[int, Fraction]]:
    return sorted(product)


def _long(c: Fraction) -> bool:
    return c.numerator.bit_length() + c.denominator.bit_length() > LONGEST
