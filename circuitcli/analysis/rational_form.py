"""The rational form of an expression: a quotient of sums of products of powers, by which two formulas prove equal.

Factors are inputs, and uses of gates whose arguments are such forms, too. What a gate is made of is written out by its
formula, and exp(x + y) is exp(x)*exp(y). Two formulas with one form are one function of real numbers, wherever both
have a value; two with other forms may still be one, for not every identity is known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from circuitcli.analysis.quotients import LONGEST, ONE, Form, Quotients, TooLongError, alone, form_of, order
from circuitcli.constants import CONSTANTS
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Graph, reached_from
from circuitcli.language import graph_of, parse


class RationalForms(Quotients):
    """The forms of one comparison, which share their factors."""

    def __init__(self) -> None:
        super().__init__()
        self._logarithms: dict[int, Form] = {}  # of a factor that is a power of e

    def of(self, graph: Graph) -> Form:
        """The form of the output. Raises TooLongError for one that is not known."""
        return self._output(graph, {})

    def is_zero(self, graph: Graph) -> bool:
        """Whether the output is 0 wherever it has a value: False where that is not known."""
        try:
            return not self.of(graph).above
        except TooLongError:
            return False

    def _output(self, graph: Graph, known: Mapping[str, Form]) -> Form:
        found: list[Form | None] = []
        for (gate, args, text), here in zip(graph.nodes, reached_from(graph.nodes, [graph.output]), strict=True):
            if not here:
                found.append(None)
            elif gate == INPUT:
                found.append(known[text] if text in known else self.factor(("input", text)))
            elif gate == CONSTANT:
                found.append(self._constant(text))
            else:
                found.append(self._gate(gate, [form for a in args if (form := found[a]) is not None]))
        output = found[graph.output]
        assert output is not None
        return output

    def _constant(self, text: str) -> Form:
        if text in ("nan", "inf") or len(text) > LONGEST // 4 or len(text.lower().partition("e")[2]) > 3:
            raise TooLongError
        if text == "e":
            return self.exp(form_of(1))
        if text == "tau":
            return self.mul(form_of(2), self.factor(("constant", "pi")))
        return self.factor(("constant", text)) if text in CONSTANTS else form_of(Fraction(text))

    def _gate(self, name: str, xs: Sequence[Form]) -> Form:
        own = getattr(self, name, None)
        if own is not None:
            found: Form = own(*xs)
            return found
        gate = GATES[name]
        if gate.formula and not gate.pieced and len(xs) <= len(gate.names):
            return self._output(graph_of(parse(gate.formula)), dict(zip(gate.names, xs, strict=False)))
        keys = [x.key for x in xs]
        return self.factor((name, *(sorted(keys, key=hash) if gate.symmetric else keys)))

    # gates of which more is known

    def exp(self, x: Form) -> Form:
        """exp(2*x + y) is exp(x)^2*exp(y)."""
        found = form_of(1)
        for product, c in x.above.items():
            part = Form({product: Fraction(1)}, x.below)
            k = self.numbered(("exp", part.key))
            self._logarithms[k] = part
            found = self.mul(found, Form(*alone(k, c)))
        return found

    def sin(self, x: Form) -> Form:
        """An odd function, whose square is 1 less that of the cosine."""
        x, turned = self._forward(x)
        cosine = self.cos(x)
        sine = self.factor(("sin", x.key), 2, self.sub(form_of(1), self.mul(cosine, cosine)))
        return self.neg(sine) if turned else sine

    def cos(self, x: Form) -> Form:
        return self.factor(("cos", self._forward(x)[0].key))

    def abs(self, x: Form) -> Form:
        return self.factor(("abs", self._forward(x)[0].key), 2, self.mul(x, x))

    def sign(self, x: Form) -> Form:
        return self.div(x, self.abs(x))

    def gt(self, x: Form, y: Form) -> Form:
        return self._gate("lt", [y, x])

    def ge(self, x: Form, y: Form) -> Form:
        return self._gate("le", [y, x])

    def logsumexp(self, *xs: Form) -> Form:
        found = form_of(0)
        for x in xs:
            found = self.add(found, self.exp(x))
        return self.log(found)

    def cbrt(self, x: Form) -> Form:
        return self.factor(("cbrt", x.key), 3, x)

    def _forward(self, x: Form) -> tuple[Form, bool]:
        """One of x and -x, of both the same; and whether it is -x."""
        turned = bool(x.above) and x.above[min(x.above, key=order)] < 0
        return (self.neg(x) if turned else x), turned

    def log(self, x: Form) -> Form:
        """The logarithm of a power of exp is its exponent, and that of a product a sum (of what is within bars)."""
        if len(x.above) != 1 or x.below != {ONE: 1}:
            return self.factor(("log", x.key))
        ((product, c),) = x.above.items()
        if c <= 0:
            return self.factor(("log", x.key))
        found = self.factor(("log", form_of(c).key)) if c != 1 else form_of(0)
        for k, n in product:
            power, base = self.replaced.get(k, (0, x))
            if power == 1:
                part = self.log(base)
            elif (known := self._logarithms.get(k)) is not None:
                part = known
            else:
                part = self.factor(("log", Form(*alone(k, Fraction(1))).key))
            found = self.add(found, self.mul(form_of(n), part))
        return found
