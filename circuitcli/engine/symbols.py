"""The arithmetic of symbols: a wire carries a node of a circuit that grows, so the backward pass builds a circuit.

A node is rewritten only where no float could tell: `1*x`, `x/1`, `x^1`, signs drawn out of products and sums,
comparisons of constants, a choice inside the same choice; or where a float could only gain: constants that meet in a
product, a quotient or a sum are one, if that is exact, so that one rounding is left of two. Nothing that may be nan or
inf is folded away. It leaves two things out on purpose: the guard that makes a gradient nan where the value is, and the
sign of an input's zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from circuitcli.constants import CONSTANTS
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.folding import alike, exact
from circuitcli.engine.wire import Wire
from circuitcli.gate_facts import Known
from circuitcli.gate_rules import shares
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, Builder, Graph, Node
from circuitcli.held_gates import HeldGate


class Symbol(Wire):
    """A wire: one node, or a condition that is known only when the circuit runs."""

    __slots__ = ()


Symbolic = Symbol | float  # a number or a condition: a node, or known at once


class Symbols:
    """The arithmetic: a wire is a Symbol, or a float that a rule holds; a condition is a Symbol or a bool."""

    nothing = 0.0

    def __init__(self, graph: Graph, folds: bool = False) -> None:
        self._folds = folds
        self.builder = Builder()
        self.wires: list[Symbol] = []  # one a node: the same node is the same wire
        self._known: list[Known] = []  # of each node
        self._exact: list[float | None] = []  # of each node the number that any arithmetic has for it, if there is one
        for node in graph.nodes:
            self._wire(node.gate, node.args, node.text)

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        """Any gate by its name. Raises AttributeError where there is none."""
        if name not in GATES:
            raise AttributeError(f"the arithmetic {type(self).__name__} has no gate {name}")
        return lambda *xs: self.gate(name, *xs)

    def gate(self, name: str, *xs: Symbolic) -> Symbol:
        """A use of a gate: an old node where an equal one exists."""
        args = tuple([self.wire(x).k for x in xs])
        if len(args) == 2 and GATES[name].symmetric and not self.builder.has(name, args):
            args = args[::-1] if self.builder.has(name, args[::-1]) else args
        return self._wire(name, args)

    def held(self, gate: HeldGate, *xs: Symbolic) -> Symbol:
        """A gate that holds a circuit goes on holding it."""
        return self.gate(gate, *xs)

    def inlined(self, graph: Graph, given: Mapping[str, Symbolic]) -> Symbolic:
        """The output of a circuit on wires, its gates being gates of this one."""
        wires: list[Symbolic] = []
        for gate, args, text in graph.nodes:
            if not args:
                wires.append(given[text] if text in given else self.constant(text))
            elif isinstance(gate, HeldGate):
                wires.append(self.gate(gate, *[wires[a] for a in args]))
            else:
                wires.append(getattr(self, gate)(*[wires[a] for a in args]))
        return wires[graph.output]

    def wire(self, x: Symbolic) -> Symbol:
        """A node for a number of a rule."""
        if isinstance(x, Symbol):
            return x
        if x < 0.0:
            return self.gate("neg", -x)
        return self._wire(CONSTANT, (), f"{x:.17g}")

    def folded(self, x: Symbolic) -> Symbol:
        """A node for a wire: that of its number where arithmetic on constants has one."""
        number = self._literal(x)
        return self.wire(x if number is None else number)

    def _wire(self, gate: str, args: tuple[int, ...], text: str = "") -> Symbol:
        b = self.builder
        k = b.input(text) if gate == INPUT else b.constant(text) if gate == CONSTANT else b.add(gate, args)
        if k == len(self.wires):
            self.wires.append(Symbol(self, k))
            self._known.append(self._facts(gate, args, text))
            self._exact.append(self._exactly(gate, args, text))
        return self.wires[k]

    def _facts(self, gate: str, args: tuple[int, ...], text: str) -> Known:
        if not args:
            number = (
                FLOATS.constant(text) if gate == CONSTANT else GATES[gate].forward(FLOATS) if gate != INPUT else None
            )
            return Known(False, number, gate == CONSTANT)
        row, known = GATES[gate], [self._known[a] for a in args]
        numbers = [x.number for x in known]
        return Known(row.minus_zero(*known), None if None in numbers else row.forward(FLOATS, *numbers), False)

    def _exactly(self, gate: str, args: tuple[int, ...], text: str) -> float | None:
        """The number of a constant as it is written, or of arithmetic on such; else None."""
        if gate == CONSTANT:
            return None if text in CONSTANTS else alike(float(text))
        if not (self._folds or gate == "neg"):
            return None
        numbers = [number for a in args if (number := self._exact[a]) is not None]
        return exact(gate, *numbers) if 0 < len(args) == len(numbers) else None

    def node(self, x: Symbolic) -> Node | None:
        """The node of a wire."""
        return self.builder.nodes[x.k] if isinstance(x, Symbol) else None

    def _number(self, x: Symbolic) -> float | None:
        """The number on a wire that no input reaches; else None."""
        return self._known[x.k].number if isinstance(x, Symbol) else x

    def _literal(self, x: Symbolic) -> float | None:
        """The whole or dyadic number on a wire, which any arithmetic reads alike; else None."""
        return self._exact[x.k] if isinstance(x, Symbol) else alike(x)

    def _parts(self, x: Symbolic) -> tuple[str, Symbolic, Symbolic]:
        """The gate and the arguments of a product with a number, which comes first, or of a quotient; of another wire
        once itself."""
        node = self.node(x)
        if node is not None and node.gate in ("mul", "div"):
            a, b = (self.wires[k] for k in node.args)
            if node.gate == "div" or self._literal(a) is not None:
                return node.gate, a, b
            if self._literal(b) is not None:
                return "mul", b, a
        return "mul", 1.0, x

    def _together(self, gate: str, x: Symbolic, y: Symbolic) -> float | None:
        """The number of two together, if both are numbers and it is exact; else None."""
        a, b = (self._literal(x), self._literal(y)) if self._folds else (None, None)
        return None if a is None or b is None else exact(gate, a, b)

    def _negated(self, x: Symbolic) -> Symbol | None:
        """The argument of a negation; None for another wire."""
        node = self.node(x)
        return self.wires[node.args[0]] if node is not None and node.gate == "neg" else None

    # arithmetic

    @property
    def pi(self) -> Symbol:
        return self.constant("pi")

    def constant(self, text: str) -> Symbol:
        return self._wire(CONSTANT, (), text)

    def add(self, x: Symbolic, y: Symbolic) -> Symbolic:
        for zero, wire in ((x, y), (y, x)):
            if isinstance(zero, float) and zero == 0.0 and isinstance(wire, Symbol):
                return self.gate("add", wire, 0.0) if self._known[wire.k].minus_zero else wire
        if (negated := self._negated(y)) is not None:
            return self.sub(x, negated)
        if (negated := self._negated(x)) is not None:
            return self.sub(y, negated)
        if (number := self._together("add", x, y)) is not None:
            return self.wire(number)
        (one, a, of), (other, b, same) = self._parts(x), self._parts(y)
        if one == other == "mul" and of is same and (number := self._together("add", a, b)) is not None:
            return self.mul(number, of)
        return self.gate("add", x, y)

    def sub(self, x: Symbolic, y: Symbolic) -> Symbolic:
        if (number := self._together("sub", x, y)) is not None:
            return self.wire(number)
        negated = self._negated(y)
        return self.gate("sub", x, y) if negated is None else self.add(x, negated)

    def neg(self, x: Symbolic) -> Symbolic:
        negated = self._negated(x)
        return self.gate("neg", x) if negated is None else negated

    def mul(self, x: Symbolic, y: Symbolic) -> Symbolic:
        for one, other in ((x, y), (y, x)):
            if self._literal(one) == 1.0:
                return other
            if isinstance(one, float) and one < 0.0:
                return self.neg(self.mul(-one, other))
            if (negated := self._negated(one)) is not None:
                return self.neg(self.mul(negated, other) if one is x else self.mul(other, negated))
        if (number := self._together("mul", x, y)) is not None:
            return self.wire(number)
        if self._folds and self._literal(y) is not None and getattr(self.node(x), "gate", "mul") not in ("mul", "div"):
            x, y = y, x  # a number stands first, but before a product it would need parentheses
        for number, other in ((self._literal(x), y), (self._literal(y), x)):
            if number is not None and (scaled := self._scaled(number, other)) is not None:
                return scaled
        if (simple := self._reduced(x, y)) is not None:
            return simple
        return self.gate("mul", x, y)

    def _reduced(self, x: Symbolic, y: Symbolic) -> Symbolic | None:
        """A product of quotients in which only one rounding is left: b/a for 1/a * b or 0.5/a * (2*b), and a*b for
        a/2 * (2*b); None where there is none."""
        left, right = x, y
        while True:
            (gate, a, b), (other_gate, c, d) = self._parts(left), self._parts(right)
            if gate == other_gate == "mul" and b is not left and d is not right and self._together("mul", a, c) == 1.0:
                left, right = b, d
            elif gate == "div" and other_gate == "mul" and d is not right and self._together("div", c, b) == 1.0:
                left, right = a, d
            elif gate == "mul" and other_gate == "div" and b is not left and self._together("div", a, d) == 1.0:
                left, right = b, c
            elif gate == "div" and other_gate == "mul" and self._together("mul", a, c) == 1.0:
                return self.div(d, b)
            elif gate == "mul" and other_gate == "div" and self._together("mul", a, c) == 1.0:
                return self.div(b, d)
            else:
                return None if left is x else self.mul(left, right)

    def _scaled(self, number: float, x: Symbolic) -> Symbolic | None:
        """A number times a product or a quotient that has numbers, too, if some of them are one; else None."""
        rest = x
        while True:
            gate, a, b = self._parts(rest)
            if gate == "mul" and b is not rest and (found := self._together("mul", number, a)) is not None:
                number, rest = found, b
            elif gate == "div" and (found := self._together("mul", number, a)) is not None:
                return self.div(found, b)
            elif gate == "div" and (found := self._together("div", number, b)) is not None:
                number, rest = found, a
            else:
                return None if rest is x else self.mul(number, rest)

    def div(self, x: Symbolic, y: Symbolic) -> Symbolic:
        if self._literal(y) == 1.0:
            return x
        if isinstance(x, float) and x < 0.0:
            return self.neg(self.div(-x, y))
        if (negated := self._negated(x)) is not None:
            return self.neg(self.div(negated, y))
        if (negated := self._negated(y)) is not None:
            return self.neg(self.div(x, negated))
        if (number := self._together("div", x, y)) is not None:
            return self.wire(number)
        gate, a, b = self._parts(x)
        while gate == "div" and (number := self._together("mul", b, y)) is not None:
            x, y = a, number
            gate, a, b = self._parts(x)
        if gate == "mul" and b is not x and (number := self._together("div", a, y)) is not None:
            return self.mul(number, b)
        other, c, d = self._parts(y)
        while gate == other == "mul" and b is not x and d is not y and self._together("div", a, c) == 1.0:
            x, y = b, d
            (gate, a, b), (other, c, d) = self._parts(x), self._parts(y)
        return self.gate("div", x, y)

    def pow(self, x: Symbolic, y: Symbolic) -> Symbolic:
        power = self._literal(y)
        return x if power == 1.0 else 1.0 if power == 0.0 and self._folds else self.gate("pow", x, y)

    def power_slope(self, o: Symbolic, x: Symbolic, y: Symbolic) -> Symbolic:
        """y·x^(y-1), the exponent a number where that is the same in floats as in decimals."""
        power = self._literal(y)
        less = None if power is None else exact("sub", power, 1.0)
        return self.mul(y, self.pow(x, self.sub(y, 1.0) if less is None else less))

    def hypot_slope(self, o: Symbolic, x: Symbolic, y: Symbolic) -> Symbolic:
        """A gate of its own, for the derivative of the quotient would cancel."""
        return self.gate("direction", x, y)

    def sigmoid_slope(self, o: Symbolic, x: Symbolic) -> Symbolic:
        """A gate of its own, for the derivative of the product would cancel."""
        return self.gate("logisticpdf", x)

    def apart(self, x: Symbolic, y: Symbolic) -> Symbolic:
        """x - y: an expression says nothing of infinities."""
        return self.sub(x, y)

    def ties(self, o: Symbolic, *xs: Symbolic) -> Symbolic:
        if len(xs) == 2:
            return self.where(self.eq(*xs), 2.0, 1.0)
        count: Symbolic = 1.0 if len(xs) == 1 else self.eq(xs[0], o)
        for x in xs[1:]:
            count = count + self.eq(x, o)
        return count

    def softmax(self, *xs: Symbolic) -> list[Symbolic]:
        """Each against all others, however many: the largest is a choice, whose derivative would be one, too."""
        return shares(self, *xs)

    # conditions

    def lt(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return self._compared("lt", x, y)

    def le(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return self._compared("le", x, y)

    def gt(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return self._compared("gt", x, y)

    def ge(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return self._compared("ge", x, y)

    def eq(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return self._compared("eq", x, y)

    def ne(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return self._compared("ne", x, y)

    def _compared(self, name: str, x: Symbolic, y: Symbolic) -> Symbolic:
        a, b = self._number(x), self._number(y)
        if a is None or b is None:
            return self.gate(name, x, y)
        known: bool = getattr(FLOATS, name)(a, b)
        return known

    def truth(self, x: Symbolic) -> Symbolic:
        number = self._number(x)
        return x if number is None else number != 0.0

    def isnan(self, x: Symbolic) -> bool:
        return False

    def and_(self, a: Symbolic, b: Symbolic) -> Symbolic:
        if isinstance(a, bool) or isinstance(b, bool):
            return (b if a else False) if isinstance(a, bool) else (a if b else False)
        return a if a is b else self.gate("and", a, b)

    def or_(self, a: Symbolic, b: Symbolic) -> Symbolic:
        if isinstance(a, bool) or isinstance(b, bool):
            return (True if a else b) if isinstance(a, bool) else (True if b else a)
        return a if a is b else self.gate("or", a, b)

    def not_(self, a: Symbolic) -> Symbolic:
        if isinstance(a, bool):
            return not a
        node = self.node(a)
        return self.wires[node.args[0]] if node is not None and node.gate == "not" else self.gate("not", a)

    def where(self, condition: Symbolic, x: Symbolic, y: Symbolic) -> Symbolic:
        if not isinstance(condition, Symbol):
            return x if condition else y
        node = self.node(condition)
        if node is not None and node.gate == "not":
            return self.where(self.wires[node.args[0]], y, x)
        x, y = self._chosen(condition, x, 1), self._chosen(condition, y, 2)
        return x if x is y or (isinstance(x, float) and x == y) else self.gate("where", condition, x, y)

    def _chosen(self, condition: Symbol, x: Symbolic, branch: int) -> Symbolic:
        """The branch of a choice by the same condition; another wire itself."""
        node = self.node(x)
        if node is not None and node.gate == "where" and node.args[0] == condition.k:
            return self.wires[node.args[branch]]
        return x
