"""circuit repl: a session, at a prompt or as a script."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from circuitcli import __version__
from circuitcli.cli.command_table import COMMANDS, of_a_session
from circuitcli.cli.exit_status import CLOSED
from circuitcli.cli.notes import note, tell
from circuitcli.cli.options import FILE
from circuitcli.cli.running import attempt
from circuitcli.cli.teaching_help import TaughtCommand, taught
from circuitcli.cli.text_files import called
from circuitcli.errors import CircuitError, ExpressionError, FileError, columns

if TYPE_CHECKING:
    from circuitcli.cli.session.conversation import Conversation
    from circuitcli.cli.session.plain_prompt import PlainPrompt
    from circuitcli.cli.session.prompt import Prompt

EXAMPLES = (
    "# a lesson from a file; circuit repl alone is a prompt\ncircuit repl < lesson.circuit",
    "# a script, which ends at its first mistake\nprintf 'x = 3\\nx^2\\n:grad\\n' | circuit repl",
    "# a model to begin with\necho ':grad g' | circuit repl pendulum.circuit",
)
_ABOUT_ONE = " ".join(f":{name}" for name in of_a_session() if COMMANDS[name].expression)
HELP = f"""\
A session: expressions, inputs and named nodes that are kept, and the commands with a colon before them.

FILE is read first, as if it were typed. Standard input that is no terminal is a script: it ends at the first
mistake with status 2, else with the largest of the statuses that its lines would have as commands.

An expression answers with its value; x = 3 sets an input, q = x + y names a node, f(a) = a^2 defines a gate, and
ans is the last value, as a number.
{_ABOUT_ONE} are about the expression behind them, or else about the last one, with the options that
they have in the shell; :gates shows gates. :vars lists what is defined, :forget NAME
and :clear drop it, :load FILE reads a file, :help explains, :quit leaves. A command may be shortened (:g is :grad)
and goes without its colon as long as its name is none of yours; a line of the shell, circuit grad ..., runs as there.

Tab completes, the arrows bring back earlier lines, an open parenthesis goes on in the next line. Ctrl-C cancels a
line or stops a computation, Ctrl-D leaves. What was typed is kept in circuit/history below XDG_STATE_HOME, or without
that below ~/.local/state on Linux, ~/Library/Application Support on macOS and %LOCALAPPDATA% on Windows.
"""
PROMPT = "> "
BANNER = f"circuit {__version__}: type an expression, or :help. Ctrl-D leaves."


@taught(EXAMPLES)
@click.command("repl", cls=TaughtCommand, help=HELP)
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE]...")
def command(files: tuple[str, ...]) -> int:
    """Run a session, at a prompt or from standard input; return its largest status."""
    from circuitcli.cli.session.conversation import Conversation

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # whoever asks may wait for the answer
    conversation = Conversation()
    try:
        for name in files:
            conversation.load(name)
        if sys.stdin.isatty():
            return _converse(conversation)
        return conversation.hear_all(_lines(), called("-"))
    except EOFError:
        return conversation.status


def _lines() -> Iterator[str]:
    """The lines of standard input as they come."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise FileError(f"{called('-')}, line {number} is no text: it is not UTF-8") from None


def _converse(conversation: Conversation) -> int:
    """Prompt, listen and answer until Ctrl-D."""
    from circuitcli.cli.session.logical_lines import logical_lines

    prompt = _prompt(conversation)
    print(BANNER)
    while True:
        try:
            typed = prompt.read()
            for _, line in logical_lines(typed.split("\n")):
                if attempt(partial(_heard, conversation, line), partial(_say, typed)) == CLOSED:
                    return CLOSED
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0


def _prompt(conversation: Conversation) -> Prompt | PlainPrompt:
    """The prompt with completion where prompt_toolkit is installed, else that of Python alone."""
    try:
        from circuitcli.cli.session.prompt import Prompt
    except ImportError:
        from circuitcli.cli.session.plain_prompt import PlainPrompt
        from circuitcli.extras import installing

        note(f"without prompt_toolkit there is no completion; install it with: {installing('repl')}")
        return PlainPrompt(PROMPT)
    from circuitcli.cli.session.suggestions import suggestions

    return Prompt(PROMPT, lambda before: suggestions(before, conversation.session))


def _heard(conversation: Conversation, line: str) -> int:
    try:
        return conversation.hear(line)
    except KeyboardInterrupt:
        print(file=sys.stderr)  # behind the ^C of the terminal; of a command click has done it
        raise


def _say(typed: str, error: CircuitError) -> None:
    """Print an error under what was typed: with the caret in its place, where the line is still above."""
    text, alarm = str(error), 1
    if isinstance(error, ExpressionError) and error.text == typed and "\n" not in typed:
        before, wrong = columns(PROMPT + typed[: error.start]), columns(typed[error.start : error.end])
        if before + wrong < shutil.get_terminal_size().columns:
            text = "\n".join([" " * before + "^" * max(1, wrong), error.what, *("  " + h for h in [error.hint] if h)])
            alarm = 2
    tell(text, alarm)
