"""The arithmetic of symbols: a wire carries a node of a circuit that grows, so the backward pass builds a circuit.

A node is rewritten only where no float could tell: `1*x`, `x/1`, `x^1`, signs drawn out of products and sums,
comparisons of constants, a choice inside the same choice. Nothing that may be nan or inf is folded away. It leaves
two things out on purpose: the guard that makes a gradient nan where the value is, and the sign of an input's zero.
"""

from __future__ import annotations

from collections.abc import Callable

from circuitcli.constants import CONSTANTS
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.wire import Wire
from circuitcli.gate_facts import Known
from circuitcli.gate_rules import shares
from circuitcli.gates import GATES
from circuitcli.graph import CONSTANT, INPUT, SIGNIFICANT, Builder, Graph, Node


class Symbol(Wire):
    """A wire: one node, or a condition that is known only when the circuit runs."""

    __slots__ = ()


Symbolic = Symbol | float  # a number or a condition: a node, or known at once


class Symbols:
    """The arithmetic: a wire is a Symbol, or a float that a rule holds; a condition is a Symbol or a bool."""

    nothing = 0.0

    def __init__(self, graph: Graph) -> None:
        self.builder = Builder()
        self.wires: list[Symbol] = []  # one a node: the same node is the same wire
        self._known: list[Known] = []  # of each node
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

    def wire(self, x: Symbolic) -> Symbol:
        """A node for a number of a rule."""
        if isinstance(x, Symbol):
            return x
        if x < 0.0:
            return self.gate("neg", -x)
        return self._wire(CONSTANT, (), f"{x:.17g}")

    def _wire(self, gate: str, args: tuple[int, ...], text: str = "") -> Symbol:
        b = self.builder
        k = b.input(text) if gate == INPUT else b.constant(text) if gate == CONSTANT else b.add(gate, args)
        if k == len(self.wires):
            self.wires.append(Symbol(self, k))
            self._known.append(self._facts(gate, args, text))
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

    def node(self, x: Symbolic) -> Node | None:
        """The node of a wire."""
        return self.builder.nodes[x.k] if isinstance(x, Symbol) else None

    def _number(self, x: Symbolic) -> float | None:
        """The number on a wire that no input reaches; else None."""
        return self._known[x.k].number if isinstance(x, Symbol) else x

    def _literal(self, x: Symbolic) -> float | None:
        """The whole or dyadic number on a wire, which any arithmetic reads alike; else None."""
        if isinstance(x, Symbol):
            node, sign = self.builder.nodes[x.k], 1.0
            if node.gate == "neg":
                node, sign = self.builder.nodes[node.args[0]], -1.0
            if node.gate != CONSTANT or node.text in CONSTANTS:
                return None
            x = sign * float(node.text)
        return x if len(f"{x:.17g}") <= SIGNIFICANT else None

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
        return self.gate("add", x, y)

    def sub(self, x: Symbolic, y: Symbolic) -> Symbolic:
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
        return self.gate("mul", x, y)

    def div(self, x: Symbolic, y: Symbolic) -> Symbolic:
        if self._literal(y) == 1.0:
            return x
        if isinstance(x, float) and x < 0.0:
            return self.neg(self.div(-x, y))
        if (negated := self._negated(x)) is not None:
            return self.neg(self.div(negated, y))
        if (negated := self._negated(y)) is not None:
            return self.neg(self.div(x, negated))
        return self.gate("div", x, y)

    def pow(self, x: Symbolic, y: Symbolic) -> Symbolic:
        return x if self._literal(y) == 1.0 else self.gate("pow", x, y)

    def power_slope(self, o: Symbolic, x: Symbolic, y: Symbolic) -> Symbolic:
        """y·x^(y-1), the exponent a number where that is the same in floats as in decimals."""
        number = self._literal(y)
        exact = number is not None and (number - 1.0) + 1.0 == number and len(f"{number - 1.0:.17g}") <= SIGNIFICANT
        return self.mul(y, self.pow(x, number - 1.0 if exact and number is not None else self.sub(y, 1.0)))

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
