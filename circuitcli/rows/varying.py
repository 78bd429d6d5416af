"""A circuit over rows: which of its nodes vary by row, and which are one number for all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import chain, count
from operator import and_

from circuitcli.errors import UsageError
from circuitcli.gate_facts import SUMS
from circuitcli.gates import over_rows
from circuitcli.graph import CONSTANT, INPUT, Graph, reached_from
from circuitcli.notation import SHORT, expressions

WHOLE = 10_000  # characters: nothing is left out


class Varying:
    """The nodes of a circuit over rows, as far as the nodes `asked` for need them.

    `varies[k]`: the node has one value per row; `aggregates`: those that gather such values into one number, in
    forward order. `shown` and `files` name the rows in messages: `files` are the words of a command line, where they
    say more. Raises UsageError where per-row nodes and aggregates do not fit together.
    """

    def __init__(
        self, graph: Graph, columns: Collection[str], asked: Sequence[int], shown: str = "FILE", files: str = ""
    ) -> None:
        self.graph = graph
        self._shown, self._files = shown, files
        self.reached = reached_from(graph.nodes, asked)
        self.varies = [False] * len(graph.nodes)
        self.aggregates: list[int] = []
        gathered = [-1] * len(graph.nodes)  # an aggregate at or below the node, which needs all rows first
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
            if self.varies[k] and gathered[k] >= 0 and self.reached[k]:
                raise self._two_passes(k, gathered[k])

    def _refuse_still(self, k: int) -> None:
        """Refuse an aggregate of one number: SQL would say n times it, a regulariser means it once."""
        gate, args, _ = self.graph.nodes[k]
        if not args or self.varies[args[0]]:
            return
        inner = expressions(self.graph, SHORT)[args[0]]
        facts = over_rows(gate, len(args))
        total = facts is not None and facts.gathers == SUMS and not facts.average
        raise UsageError(
            f"{gate}({inner}) is over rows, and {inner} does not vary by row",
            f"write {inner} for the number itself{f', or count()*({inner})' if total else ''}",
        )

    def _two_passes(self, k: int, aggregate: int) -> UsageError:
        """Return the error with the commands to type instead: first the aggregates, then the rest with their numbers
        as inputs."""
        graph, texts = self.graph, expressions(self.graph, WHOLE)
        varying = next(texts[a] for a in graph.nodes[k].args if self.varies[a])
        names: dict[str, int] = {}

        def command(i: int, quiet: str) -> str:
            """Return the command for a node; in it, the aggregates before it go by their names."""
            known = {name: node for name, node in names.items() if node != i}
            written = expressions(Graph(graph.nodes, graph.output, known, graph.defaults), WHOLE)[i]
            inputs = [f'-{name} "${name}"' for name in known if re.search(rf"\b{name}\b", written)]
            # Behind the aggregates no rows are needed any more.
            cut = [node._replace(args=()) if j in known.values() else node for j, node in enumerate(graph.nodes)]
            rows = any(map(and_, reached_from(cut, [i]), self.varies)) or not graph.nodes[i].args
            files = [self._files or self._shown] if rows else []
            return " ".join([f'circuit eval "{written}"', *files, *inputs, *[quiet] * bool(quiet)])

        commands = []
        for i, (gate, args, _) in enumerate(graph.nodes):
            if self.reached[i] and over_rows(gate, len(args)):
                free = chain(gate[0], (f"{gate[0]}{j}" for j in count(1)))
                name = next(n for n in free if n not in graph.inputs and n not in names)
                commands.append(f"{name}=$({command(i, '--quiet')})")
                names[name] = i
        last = command(graph.output, "")
        if graph.output in names.values():
            *commands, last = [*commands[:-1], commands[-1].partition("$(")[2].removesuffix(" --quiet)")]
        return UsageError(
            f"{varying} varies by row and {texts[aggregate]} needs all rows first: that is two passes",
            "; ".join([*commands, last]),
        )

    def below(self, k: int) -> list[int]:
        """List the nodes that vary by row and that a node needs, from it down."""
        seen = reached_from(self.graph.nodes[: k + 1], [k])
        return [i for i in range(k, -1, -1) if seen[i] and self.varies[i]]
