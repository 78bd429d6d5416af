"""Commands as other programs call them: for each the words of ours, runnable as they stand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from circuitcli.cli.argument_words import sort_words
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.options import ExpressionCommand
from circuitcli.errors import CircuitError
from circuitcli.visible_text import in_quotes, shell_word

Words = Sequence[str]

_DEFINITION = re.compile(r"([^=~<>!]+?)\s*(?:==|=|~)\s*([^=]+)", re.DOTALL)  # LEFT = RIGHT, and a formula of R


def instead_of(word: str, rest: Words) -> str:
    """The command line to write for one that begins with a command of another program; empty where none is known."""
    row = OTHER_NAMES.get(word.lower())
    if row is None:
        return ""
    command, rewritten = row
    return shown(command, rewritten(_expression_first(rest)))


def _expression_first(words: Words) -> Words:
    """The words with a file of rows behind the expression that it stands before."""
    from circuitcli.tables.formats import names_rows

    file, *others = [*free_words(words), ""]
    if not names_rows(file) or not os.path.isfile(file) or not others[0] or os.path.exists(others[0]):
        return words
    places = words.index(file), words.index(others[0])
    return [words[{places[0]: places[1], places[1]: places[0]}.get(i, i)] for i in range(len(words))]


def shown(command: str, words: Words) -> str:
    """A command line with its inputs: those that have no value yet get one, so that it runs."""
    place = _place(words)
    if COMMANDS[command].expression and place < 0:
        return f"circuit {command} --help"
    quoted = [in_quotes(word) if i == place else shell_word(word) for i, word in enumerate(words)]
    return " ".join(["circuit", command, *quoted, *(f"-{name} 1" for name in _without_value(command, words))])


def behind_expression(name: str, words: Words, command: str = "eval") -> str:
    """The line of a command for a file of rows that stood elsewhere; without an expression it counts the rows."""
    place = _place(words)
    command, expression = (command, words[place]) if place >= 0 else ("eval", "count()")
    return shown(command, [expression, name, *(word for i, word in enumerate(words) if i != place)])


def sorted_words(words: Words) -> tuple[list[str], list[str]]:
    """The inputs and options among the words of a command, and the other words, which begin with the expression."""
    known = sort_words(words, _options(), lenient=True)
    end = known.index("--")
    return known[:end], known[end + 1 :]


def free_words(words: Words) -> list[str]:
    """The words of a command that are neither inputs nor options: the expression, then files."""
    return sorted_words(words)[1]


@cache
def _options() -> dict[str, bool]:
    """The options of all commands, and whether a value follows each."""
    commands = [row.load() for row in COMMANDS.values() if row.expression]
    return {
        option: valued
        for command in commands
        if isinstance(command, ExpressionCommand)
        for option, valued in command.option_map().items()
    }


def _place(words: Words) -> int:
    """The place of the expression among the words of a command, -1 where there is none."""
    _, others = sorted_words(words)
    return words.index(others[0]) if others else -1


def _without_value(command: str, words: Words) -> list[str]:
    """The inputs that a command needs, and that neither the words nor the columns of their files give a value."""
    from circuitcli.language import parse
    from circuitcli.language.free_names import input_names

    known, others = sorted_words(words)
    given = {word.partition("=")[0] for option, word in pairwise(known) if option == "--set"}
    needed = COMMANDS[command].values
    has_all = needed == "any" or COMMANDS[command].equations or (needed == "all or none" and not given)
    if has_all or "--inputs" in known:
        return []
    columns = columns_of(others[1:])
    if others[1:] and not columns:
        return []
    columns += [word.partition("=")[2] for option, word in pairwise(known) if option == "--rename"]
    try:
        names = input_names(parse(others[0]))
    except CircuitError:
        return []
    return [name for name in names if name not in given and name not in columns]


def columns_of(files: Words) -> list[str]:
    """The columns of the first of some files, as far as it is on this machine and can be read."""
    if not files or not os.path.isfile(files[0]):
        return []
    from circuitcli.tables.formats import NeedsLibraries
    from circuitcli.tables.joined_files import Reading, Tables

    try:
        with Tables(files[:1], Reading(plain=True)) as tables:
            return list(tables.columns)
    except (CircuitError, NeedsLibraries, OSError):
        return []


def _with_expression(words: Words, change: Callable[[str], str]) -> list[str]:
    """The words with another expression."""
    place = _place(words)
    return [change(word) if i == place else word for i, word in enumerate(words)]


def _as_they_are(words: Words) -> list[str]:
    return list(words)


def _none(words: Words) -> list[str]:
    return []


def _with(*options: str) -> Callable[[Words], list[str]]:
    """Make a rewriting that adds options."""
    return lambda words: [*words, *(option for option in options if option not in words)]


def _differentiated(words: Words) -> list[str]:
    """The words of derive: a name behind the expression is what to differentiate by, as in other systems."""
    place, names = _place(words), [word for word in sorted_words(words)[1][1:] if word.isidentifier()]
    kept = [word for i, word in enumerate(words) if i == place or word not in names]
    return [*kept, "--wrt", ",".join(names)] if names else kept


def _solved(words: Words) -> list[str]:
    """The words of solve: each unknown has a range."""
    from circuitcli.cli.solve_lines import solved

    return solved(words) or list(words)


def _fitted(words: Words) -> list[str]:
    """The words of descend by which a model is fitted: the mean of squares over the rows, unless it is one already."""
    files = sorted_words(words)[1][1:]
    if not files:
        return list(words)

    def loss(text: str) -> str:
        if re.search(r"\b(?:mean|sum)\s*\(", text):
            return text
        sides = _DEFINITION.fullmatch(text.strip())
        target, model = (sides[1], sides[2]) if sides else (measured(text, columns_of(files)), text)
        return f"mean(({target} - ({model}))^2)"

    return _with_expression(words, loss)


def measured(model: str, columns: Words) -> str:
    """The column that a model is to meet: y, else the last that it does not use, but for columns of errors."""
    used = re.findall(r"[^\W\d]\w*", model)
    others = [name for name in columns if name not in used and name.isidentifier()]
    if "y" in others or not others:
        return "y"
    return next((name for name in reversed(others) if not _is_error(name, columns)), others[-1])


def _is_error(name: str, columns: Words) -> bool:
    """Whether a column is called like the errors of another: sV beside V, sigma, err_y, weight."""
    return bool(re.match("(?i)(sigma|std|stderr|err|unc|weight)", name)) or (
        name[:1] in "sdeuw" and name[1:].lstrip("_") in columns
    )


def _exported(words: Words) -> list[str]:
    """The words of export, to Python where no language is named."""
    named = any(word.partition("=")[0] in ("--to", "--format", "--json", "--out") for word in words)
    return list(words) if named else [*words, "--to", "python"]


OTHER_NAMES: dict[str, tuple[str, Callable[[Words], list[str]]]] = {
    name: (command, rewritten)
    for names, command, rewritten in (
        ("minimize minimise minimum min argmin optimize optimise train learn", "descend", _as_they_are),
        ("maximize maximise maximum max argmax climb", "ascend", _as_they_are),
        ("fit regress regression curvefit curve_fit lsq leastsq", "descend", _fitted),
        (
            "root roots fsolve nsolve zero zeros fzero findroot find_root findroots find_roots uniroot multiroot "
            "brentq bisect bisection newton solveset polyroots nroots solutions solver",
            "solve",
            _solved,
        ),
        ("diff differentiate derivative derivatives deriv differential symbolic", "derive", _differentiated),
        ("gradient gradients jacobian backward backprop autodiff autograd", "grad", _as_they_are),
        ("check gradcheck verify", "grad", _with("--check")),
        ("hessian", "grad", _with("--hessian")),
        ("explain", "grad", _with("--explain")),
        ("evaluate evaluation calc calculate calculator compute forward run value print", "eval", _as_they_are),
        ("graph show diagram picture view tree visualize visualise sketch", "draw", _as_they_are),
        ("chart curve curves contour contours plots", "plot", _as_they_are),
        ("shell session interactive prompt console interpreter", "repl", _none),
        ("code codegen compile generate convert translate", "export", _exported),
        ("functions primitives operators ops", "gates", _none),
    )
    for name in names.split()
}
