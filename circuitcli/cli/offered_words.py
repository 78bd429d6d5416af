"""The words that a shell offers for an argument or an option, as far as one has been typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

Offer = Callable[[click.Context, click.Parameter, str], list[str]]


def offered(words: Callable[[], Iterable[str]]) -> Offer:
    """Make the completion out of some words; those that the line has already are not offered again."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        there = ctx.params.get(param.name or "") or ()
        return [word for word in words() if word.startswith(incomplete) and word not in there]

    return complete


def offered_names(inputs: bool) -> Offer:
    """Make the completion of a list of names out of those of the expression on the line: named nodes, and `inputs`."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from circuitcli.cli.unset_inputs import named

        before, comma, last = incomplete.rpartition(",")
        there = before.split(",")
        return [
            f"{before}{comma}{name}"
            for name in named(ctx.params, inputs)
            if name.startswith(last.strip()) and name not in there
        ]

    return complete
