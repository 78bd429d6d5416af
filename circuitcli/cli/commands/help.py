"""circuit help: the list of topics, the page of one, or the help of a command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.offered_words import offered
from circuitcli.cli.teaching_help import TaughtCommand, taught
from circuitcli.errors import UsageError

EXAMPLES = (
    "# the topics\ncircuit help",
    "# a page on rows of data, in the pager at a terminal\ncircuit help rows",
    "# the same as circuit grad --help\ncircuit help grad",
)


def _words() -> list[str]:
    from circuitcli.cli.topics import topics

    return [*COMMANDS, *topics()]


@taught(EXAMPLES)
@click.command("help", cls=TaughtCommand)
@click.argument("words", nargs=-1, metavar="[TOPIC|COMMAND]", shell_complete=offered(_words))
@click.pass_context
def command(ctx: click.Context, words: Sequence[str]) -> int:
    """The page on a topic, or what COMMAND --help prints; without a word the list of topics.

    At a terminal a page goes through the pager that $PAGER names. In a pipe it is Markdown.
    """
    from circuitcli.cli.topics import page, topics

    word = " ".join(words)
    if not words:
        print(_list())
    elif word in topics():
        _show(page(word))
    elif word in COMMANDS:
        print(click.Context(COMMANDS[word].load(), ctx.parent, word).get_help())
    else:
        raise _unknown(words)
    return 0


def _list() -> str:
    """The topics in their groups, each with its first sentence as far as a line of 80 columns has room."""
    from textwrap import shorten

    from circuitcli.cli.topics import TOPICS, about

    groups = [
        "\n".join([f"{group}:", *(f"  {topic:<12} {shorten(about(topic), 65, placeholder=' …')}" for topic in some)])
        for group, some in TOPICS.items()
    ]
    return "\n\n".join(["circuit help TOPIC shows a page, circuit help COMMAND the options of a command.", *groups])


def _show(text: str) -> None:
    """Print a page, at a terminal laid out and through the pager."""
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from circuitcli.render.markdown_page import laid_out

    click.echo_via_pager(laid_out(text))


def _unknown(words: Sequence[str]) -> UsageError:
    """The error for words that are no topic, with the page that tells of them."""
    from difflib import get_close_matches

    from circuitcli.cli.topic_words import OPTIONS, SUBJECTS, plain
    from circuitcli.cli.topics import mentioning, topics
    from circuitcli.gates import ALIASES, GATES

    word, known = " ".join(words), [*COMMANDS, *topics()]
    name = plain(words)
    message, subject = f"there is no topic {word}", SUBJECTS.get(name, "")
    if word in GATES or word in ALIASES:
        more = f"; circuit help {subject} tells of it, too" if subject else ""
        return UsageError(message, f"for the gate write circuit gates {word}{more}")
    if name in OPTIONS:
        hint = "circuit --help lists the commands, and circuit grad --help the options of one"
        return UsageError(message, hint)
    if name in known:
        return UsageError(message, f"did you mean circuit help {name}?")
    if subject:
        return UsageError(message, f"write circuit help {subject}, which tells of it")
    if close := get_close_matches(name, known, n=1, cutoff=0.75):
        return UsageError(message, f"did you mean circuit help {close[0]}?")
    if several := [each for each in words if each in known]:
        return UsageError(message, f"one page at a time: circuit help {several[0]}")
    found = mentioning(word) or mentioning(name.replace("-", " ")) or mentioning(name.removesuffix("s"))
    pages = " or ".join(f"circuit help {topic}" for topic in found[:2])
    return UsageError(message, f"write {pages}, which tells of it" if pages else "circuit help lists them")
