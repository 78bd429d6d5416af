"""A traced program as loops over statements of equal form, each of which says what it reads by numbers in a table: for
programs so long that LLVM would take long over their instructions one by one.

A statement is an instruction, a chain of additions, of products too (a weighted sum, its terms in their order), an
output, or products that are outputs. The same numbers are computed in the same order as by the program, to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from circuitcli.engine.traced_program import ROW, TracedProgram
from circuitcli.graph import times_used

CHAIN, STORED, PRODUCTS = "chain", "stored", "products"


class Form(NamedTuple):
    """The form that the statements of a loop share: how many statements stand one above the other below them; a
    primitive, a chain, a stored output or stored products; for each operand whether it is a number that all rows share;
    and the number of terms."""

    level: int
    op: str
    shared: tuple[bool, ...]
    terms: int = 0


class Loop(NamedTuple):
    """Statements of one form. A statement is a list of lines of the program, and of places of outputs:

    primitive  its line, the arguments
    chain      its line, the first term, then for each further term its line or its two factors
    stored     a place, the line
    products   the factor that they share, then for each its other factor and its place
    """

    form: Form
    statements: list[list[int]]

    def written(self) -> Iterator[int]:
        """The lines of its results."""
        return iter(()) if self.form.op in (STORED, PRODUCTS) else (k for k, *_ in self.statements)

    def read(self) -> Iterator[int]:
        """The lines that its statements read."""
        for first, *others in self.statements:
            if self.form.op == PRODUCTS:
                yield first
                yield from others[::2]
            else:
                yield from others


_KNOWN: WeakKeyDictionary[TracedProgram, list[Loop]] = WeakKeyDictionary()


def loops_of(program: TracedProgram) -> list[Loop]:
    """The loops of a program, in an order in which each reads what those before it have written; they are found
    once."""
    if program not in _KNOWN:
        _KNOWN[program] = _Finder(program).loops()
    return _KNOWN[program]


class _Chain(NamedTuple):
    """A sum from its first term on; the others are all lines, or all products, and share or do not share numbers."""

    first: int
    shared: tuple[bool, ...]
    terms: list[int]


class _Finder:
    """The search for the loops of one program."""

    def __init__(self, program: TracedProgram) -> None:
        self._lines, self._outputs, self._rows = program.lines, program.outputs, program.rows
        self._uses = times_used(program.lines)
        for k in program.outputs:
            self._uses[k] += 1
        self._chains: dict[int, _Chain] = {}  # by their last lines
        self._inside: set[int] = set()  # lines that are parts of a statement
        self._level = [0] * len(program.lines)
        self._found: dict[Form, list[list[int]]] = {}

    def loops(self) -> list[Loop]:
        for k in self._rows:
            if self._lines[k].op == "add":
                self._chain(k)
        products = self._output_products()
        self._inside.update(self._outputs[j] for j in products)
        for k in self._rows:
            if k not in self._inside:
                self._statement(k)
        self._store(products)
        return [Loop(form, self._found[form]) for form in sorted(self._found, key=lambda form: form.level)]

    def _chain(self, k: int) -> None:
        """Read an addition as the next term of a chain that nothing else uses, or as a chain of its own."""
        first, term = self._in_order(*self._lines[k].args)
        parts = self._parts(term)
        if len(parts) > 1:
            self._inside.add(term)
        if self._goes_on(first, term):
            chain = self._chains.pop(first)
            self._inside.add(first)
        else:
            chain = _Chain(first, self._shared(parts), [])
        chain.terms.extend(parts)
        self._chains[k] = chain

    def _in_order(self, a: int, b: int) -> tuple[int, int]:
        """The two terms of an addition: first that which goes on with the other, else that which is no product."""
        turned = self._goes_on(b, a) or (len(self._parts(a)) > len(self._parts(b)))
        return (b, a) if turned and not self._goes_on(a, b) else (a, b)

    def _goes_on(self, k: int, term: int) -> bool:
        """Whether a chain that ends with a line goes on with a term."""
        chain = self._chains.get(k) if self._uses[k] == 1 else None
        return chain is not None and chain.shared == self._shared(self._parts(term))

    def _parts(self, k: int) -> tuple[int, ...]:
        """The factors of a product that is used once, a number that rows share first; another line itself."""
        op, args, rank, _ = self._lines[k]
        if op != "mul" or rank != ROW or self._uses[k] != 1:
            return (k,)
        return args if self._lines[args[1]].rank == ROW else args[::-1]

    def _shared(self, lines: Sequence[int]) -> tuple[bool, ...]:
        return tuple(map(self._is_shared, lines))

    def _is_shared(self, k: int) -> bool:
        """Whether a line is a number that all rows share."""
        return self._lines[k].rank != ROW

    def _statement(self, k: int) -> None:
        chain = self._chains.get(k)
        if chain is None or len(chain.terms) == 1:
            args = self._lines[k].args
            self._level[k] = self._add(self._lines[k].op, self._shared(args), 0, [k, *args], args)
            return
        operands = [chain.first, *chain.terms]
        shared = (*self._shared([chain.first]), *chain.shared)
        terms = len(chain.terms) // len(chain.shared)
        self._level[k] = self._add(CHAIN, shared, terms, [k, *operands], operands)

    def _add(self, op: str, shared: tuple[bool, ...], terms: int, statement: list[int], operands: Sequence[int]) -> int:
        """Add a statement to its loop, and return its level."""
        levels = self._level
        level = 1 + max([levels[a] for a in operands])
        self._found.setdefault(Form(level, op, shared, terms), []).append(statement)
        return level

    def _output_products(self) -> dict[int, tuple[int, ...]]:
        """The places of outputs that are products which nothing else uses, and their factors."""
        found = {j: self._parts(k) for j, k in enumerate(self._outputs)}
        return {j: parts for j, parts in found.items() if len(parts) > 1}

    def _store(self, products: Mapping[int, tuple[int, ...]]) -> None:
        """Add the outputs: products by the factors that they have in common, and others."""
        groups: dict[tuple[int, bool], list[int]] = {}
        for j, (a, b) in products.items():
            common, other = (b, a) if _common(products, j) == b else (a, b)
            groups.setdefault((common, self._is_shared(other)), []).extend((other, j))
        for (common, shared), rest in groups.items():
            own = (self._is_shared(common), shared)
            self._add(PRODUCTS, own, len(rest) // 2, [common, *rest], [common, *rest[::2]])
        for j, k in enumerate(self._outputs):
            if j not in products:
                self._add(STORED, self._shared([k]), 0, [j, k], [k])


def _common(products: Mapping[int, tuple[int, ...]], j: int) -> int:
    """The factor that a product shares with the one before it, or else behind it, as the slopes by the weights of one
    sum do."""
    factors = products[j]
    near = [k for beside in (j - 1, j + 1) for k in factors if k in products.get(beside, ())]
    return near[0] if near else factors[0]
