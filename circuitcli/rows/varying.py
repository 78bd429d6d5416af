"""A circuit over rows: which of its nodes vary by row, and which are one number for all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import chain, count
from operator import and_

from circuitcli.errors import UsageError
from circuitcli.gate_facts import SUMS
from circuitcli.gates import over_rows
from circuitcli.graph import CONSTANT, INPUT, Graph, Node, reached_from
from circuitcli.notation import WHOLE, expressions, in_words
from circuitcli.program_text import program
from circuitcli.visible_text import in_quotes, shell_word
from circuitcli.wording import by_voice


class TwoPassesError(UsageError):
    """A value of each row needs a number of all of them, which the command `gathering` finds."""

    def __init__(self, message: str, hint: str, gathering: str) -> None:
        super().__init__(message, hint)
        self.gathering = gathering


class Varying:
    """The nodes of a circuit over rows, as far as the results `asked` for need them.

    `varies[k]`: the node has one value per row; `aggregates`: those that gather such values into one number, in
    forward order. `shown` and `files` name the rows in messages: `files` are the words of a command line, where they
    say more. Raises UsageError where per-row nodes and aggregates do not fit together.
    """

    def __init__(
        self, graph: Graph, columns: Collection[str], asked: Mapping[str, int], shown: str = "FILE", files: str = ""
    ) -> None:
        self.graph = graph
        self._asked, self._shown, self._files = asked, shown, files
        self._above: tuple[list[int], list[bool]] | None = None
        self.reached = reached_from(graph.nodes, asked.values())
        self.varies = [False] * len(graph.nodes)
        self.aggregates: list[int] = []
        gathered = [-1] * len(graph.nodes)  # an aggregate at or below the node, which needs all rows first
        mixed = -1
        for k, (gate, args, text) in enumerate(graph.nodes):
            if gate == INPUT:
                self.varies[k] = text in columns
                continue
            if gate == CONSTANT:
                continue
            if over_rows(gate, len(args)):
                gathered[k] = k
                if self.reached[k]:
                    self._refuse_still(k)
                    self.aggregates.append(k)
                continue
            self.varies[k] = any(self.varies[a] for a in args)
            gathered[k] = max((gathered[a] for a in args), default=-1)
            if mixed < 0 and self.varies[k] and gathered[k] >= 0 and self.reached[k]:
                mixed = k
        if mixed >= 0:
            raise self._two_passes(mixed, gathered[mixed])
        if self.aggregates and any(self.varies[k] for k in asked.values()):
            raise self._two_answers(gathered)

    def _refuse_still(self, k: int) -> None:
        """Refuse an aggregate of one number: SQL would say n times it, a regulariser means it once; and one number that
        is asked for and varies by row."""
        gate, args, _ = self.graph.nodes[k]
        facts = over_rows(gate, len(args))
        gathered = 1 if facts is None else facts.gathered
        odd = next((i for i, a in enumerate(args) if self.varies[a] != (i < gathered)), None)
        if odd is None:
            return
        words, whole = in_words(self.graph), expressions(self.graph, WHOLE, ())[args[odd]]
        inner, call = words[args[odd]], f"{gate}({', '.join(words[a] for a in args)})"
        if odd >= gathered:
            raise UsageError(
                f"{inner} varies by row, and {call} wants one number there", f"write for example {gate}({whole}, 0.9)"
            )
        total = facts is not None and facts.gathers == SUMS and not facts.average
        alone = f"write {whole} for the number itself" if gathered == 1 else "give it two columns"
        raise UsageError(
            f"{call} is over rows, and {inner} does not vary by row",
            f"{alone}{f', or count()*({whole})' if total else ''}",
        )

    def _two_passes(self, k: int, aggregate: int) -> TwoPassesError:
        """Return the error with the commands to type instead: first the aggregates, then the rest with their numbers
        as inputs."""
        graph, texts = self.graph, in_words(self.graph)
        varying = next(texts[a] for a in graph.nodes[k].args if self.varies[a])
        names: dict[str, int] = {}
        commands, gathering = list[tuple[str, str]](), ""
        for i, (gate, args, _) in enumerate(graph.nodes):
            if self.reached[i] and over_rows(gate, len(args)):
                free = chain(gate[0], (f"{gate[0]}{j}" for j in count(1)))
                name = next(n for n in free if n not in (*graph.inputs, *names) and graph.names.get(n, i) == i)
                command = self._command({"": i}, names)
                commands.append((name, command))
                gathering = gathering or command
                names[name] = i
        last = self._separately(names)
        if len(self._asked) == 1 and graph.output in names.values():
            last = commands.pop()[1]
        what = f"{varying} varies by row and {texts[aggregate]} needs all rows first: that is two passes"
        first = [by_voice(f"{name}=$({command} --quiet)", f"{name} = {command}") for name, command in commands]
        return TwoPassesError(what, "; ".join([*first, last]), gathering)

    def _two_answers(self, gathered: Sequence[int]) -> UsageError:
        """Return the error for results by row beside some that are one number."""
        texts, named = in_words(self.graph), self.graph.names
        shown = {k: name if name in named else texts[k] for name, k in self._asked.items()}
        by_row = next(text for k, text in shown.items() if self.varies[k])
        one = next(text for k, text in shown.items() if gathered[k] >= 0)
        what = f"{by_row} has a value for each row, and {one} has one for all of them: those are two answers"
        return UsageError(what, self._separately({}))

    def _separately(self, names: Mapping[str, int]) -> str:
        """Return the command for the results by row, and the one for the others."""
        by_row = {name: k for name, k in self._asked.items() if self.varies[k]}
        others = {name: k for name, k in self._asked.items() if not self.varies[k]}
        return "; ".join(self._command(wanted, names) for wanted in (by_row, others) if wanted)

    def _command(self, wanted: Mapping[str, int], names: Mapping[str, int]) -> str:
        """Return the command for some nodes; in it, aggregates go by the names that they have been given."""
        graph = self.graph
        known = {name: k for name, k in names.items() if k not in wanted.values()}
        texts = expressions(Graph(graph.nodes, graph.output, known, graph.defaults), WHOLE, ())
        written = "; ".join(f"{name} = {texts[k]}" if name in graph.names else texts[k] for name, k in wanted.items())
        numbers = {name: f'"${name}"' for name in known}
        numbers |= {name: shell_word(program(default)) for name, default in graph.defaults.items()}
        numbers = {name: number for name, number in numbers.items() if re.search(rf"\b{name}\b", written)}
        inputs = [f"-{name} {number}" for name, number in numbers.items()]
        # Behind the aggregates no rows are needed any more.
        cut = [node._replace(args=()) if k in known.values() else node for k, node in enumerate(graph.nodes)]
        rows = any(map(and_, reached_from(cut, wanted.values()), self.varies))
        rows |= any(not graph.nodes[k].args for k in wanted.values())
        files = [self._files or self._shown] if rows else []
        shell = " ".join([f"circuit eval {in_quotes(written)}", *files, *inputs])
        given = [f"{name}={name if name in known else number}" for name, number in numbers.items()]
        return by_voice(shell, f'Circuit("{written}")({", ".join(["rows"] * rows + given)})')

    def ending(self, k: int) -> Varying:
        """These nodes with another one as the output."""
        other = copy(self)
        other.graph = self.graph.ending(k)
        vars(other).pop("outer", None)
        return other

    @cached_property
    def known(self) -> list[bool]:
        """Which nodes are needed and are one number."""
        return [reached and not varies for reached, varies in zip(self.reached, self.varies, strict=True)]

    @cached_property
    def numbers(self) -> list[int]:
        """List the nodes that are needed and are one number."""
        return [k for k, known in enumerate(self.known) if known]

    @cached_property
    def outer(self) -> Graph:
        """The circuit of one number around the aggregates, which are its inputs `#k`; the other nodes are nan."""
        nodes = [
            Node(INPUT, (), f"#{k}") if k in self.aggregates else node if self.known[k] else Node(CONSTANT, (), "nan")
            for k, node in enumerate(self.graph.nodes)
        ]
        return Graph(nodes, self.graph.output, self.graph.names, self.graph.defaults)

    def above(self, wanted: Sequence[int]) -> list[bool]:
        """Tell which nodes depend on wanted ones; asked again and again, for the same."""
        found = self._above
        if found is None or found[0] != wanted:
            found = self._above = list(wanted), self.graph.depends_on(wanted)
        return found[1]

    def below(self, k: int) -> list[int]:
        """List the nodes that vary by row and that a node needs, from it down."""
        seen = reached_from(self.graph.nodes[: k + 1], [k])
        return [i for i in range(k, -1, -1) if seen[i] and self.varies[i]]
