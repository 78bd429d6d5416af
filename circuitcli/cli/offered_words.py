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
