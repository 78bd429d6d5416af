"""The hint for an option that a command lacks: an input, an option of another name, or one of another command."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from circuitcli.cli.command_table import COMMANDS
from circuitcli.visible_text import in_quotes, shell_word

_LEARNING_RATE = ("step",)
_STEPS = ("steps", "max-steps")
_SHOWN_STEPS = ("explain", "trace")
_QUIET = ("quiet",)
_DIGITS = ("digits",)
_WRT = ("wrt",)
_OF = ("of",)
_ALONG = ("along",)
_NUMERICAL = ("difference central",)
_STEP_OF_SLOPES = ("difference central --h",)
_DATA = ("inputs",)
_LEFT_OUT = ("bad-rows skip",)

# Words of other programs, each with the options that may be meant, perhaps with a value; the first of which that a
# command has is.
ELSEWHERE: dict[str, Sequence[str]] = {
    "lr": _LEARNING_RATE,
    "learning-rate": _LEARNING_RATE,
    "learningrate": _LEARNING_RATE,
    "rate": _LEARNING_RATE,
    "stepsize": _LEARNING_RATE,
    "step-size": _LEARNING_RATE,
    "alpha": _LEARNING_RATE,
    "eta": _LEARNING_RATE,
    "gamma": _LEARNING_RATE,
    "epoch": ("epochs", *_STEPS),
    "iterations": _STEPS,
    "iteration": _STEPS,
    "iter": _STEPS,
    "iters": _STEPS,
    "niter": _STEPS,
    "n-iter": _STEPS,
    "num-steps": _STEPS,
    "n-steps": _STEPS,
    "nsteps": _STEPS,
    "max-iter": ("max-steps",),
    "maxiter": ("max-steps",),
    "max-iters": ("max-steps",),
    "max-iterations": ("max-steps",),
    "maxit": ("max-steps",),
    "max-epochs": ("epochs",),
    "maxfev": ("max-evaluations",),
    "max-evals": ("max-evaluations",),
    "tolerance": ("tol", "gtol"),
    "xtol": ("gtol",),
    "rtol": ("ftol",),
    "atol": ("tol", "gtol"),
    "timeout": ("max-time",),
    "time-limit": ("max-time",),
    "optimizer": ("method",),
    "optimiser": ("method",),
    "algorithm": ("method",),
    "algo": ("method",),
    "solver": ("method",),
    "optim": ("method",),
    "box": ("bounds",),
    "limits": ("bounds",),
    **dict.fromkeys(("constraint", "constraints", "subject", "st", "such-that"), ("subject-to",)),
    "restarts": ("starts",),
    "random-state": ("seed",),
    "resume": ("state",),
    "checkpoint": ("state",),
    "log": ("trace",),
    "history": ("trace",),
    "stderr": ("uncertainty",),
    "errors": ("uncertainty",),
    "error-bars": ("uncertainty",),
    "errorbars": ("uncertainty",),
    "standard-errors": ("uncertainty",),
    "uncertainties": ("uncertainty",),
    "confidence": ("level",),
    "verbose": _SHOWN_STEPS,
    "debug": _SHOWN_STEPS,
    "steps": _SHOWN_STEPS,
    "lesson": _SHOWN_STEPS,
    "silent": _QUIET,
    "bare": _QUIET,
    "precision": _DIGITS,
    "prec": _DIGITS,
    "decimals": _DIGITS,
    "places": _DIGITS,
    "eps": _STEP_OF_SLOPES,
    "epsilon": _STEP_OF_SLOPES,
    "dx": _STEP_OF_SLOPES,
    "delta": _STEP_OF_SLOPES,
    "numeric": _NUMERICAL,
    "numerical": _NUMERICAL,
    "finite-difference": _NUMERICAL,
    "finite-differences": _NUMERICAL,
    "absolute-sigma": ("sigma absolute",),
    "gradcheck": ("check",),
    "order": ("hessian",),
    "grad-check": ("check",),
    "verify": ("check",),
    "validate": ("check",),
    "second": ("hessian",),
    "second-order": ("hessian",),
    "variable": _WRT,
    "variables": _WRT,
    "vars": _WRT,
    "var": _WRT,
    "respect": _WRT,
    "with-respect-to": _WRT,
    "params": _WRT,
    "parameters": _WRT,
    "jacobian": _OF,
    "jac": _OF,
    "outputs": _OF,
    "results": _OF,
    "targets": _OF,
    "jvp": _ALONG,
    "direction": _ALONG,
    "directional": _ALONG,
    "tangent": _ALONG,
    "tangents": _ALONG,
    "format": ("to",),
    "to": ("format",),
    "output-format": ("to",),
    "fmt": ("to",),
    "input-format": ("from",),
    "language": ("to",),
    "lang": ("to",),
    "xlim": ("range",),
    "xmin": ("range", "bounds"),
    "xmax": ("range", "bounds"),
    "domain": ("range", "bounds"),
    "interval": ("range", "bounds"),
    "min": ("bounds",),
    "max": ("bounds",),
    "colour": ("color",),
    "output": ("out", "to"),
    "save": ("out",),
    "write": ("out",),
    "sep": ("delimiter",),
    "separator": ("delimiter",),
    "filter": ("where",),
    "query": ("where",),
    "select": ("columns",),
    "fields": ("columns",),
    "cols": ("columns",),
    "group": ("by",),
    "groupby": ("by",),
    "group-by": ("by",),
    "limit": ("head",),
    "rows": ("head",),
    "nrows": ("head",),
    "threads": ("jobs",),
    "workers": ("jobs",),
    "cores": ("jobs",),
    "procs": ("jobs",),
    "header": ("names", "no-header"),
    **dict.fromkeys(("dropna", "drop-na", "skip-bad", "skip-errors", "skip-bad-rows", "skip-nan"), _LEFT_OUT),
    **dict.fromkeys(("ignore-errors", "ignore-bad", "ignore-bad-rows", "na-omit", "on-bad-lines"), _LEFT_OUT),
    **dict.fromkeys(("fillna", "fill-na", "keep-na", "keep-bad", "coerce"), ("bad-rows nan",)),
    "expression": ("file",),
    "script": ("file",),
    "program": ("file",),
    "values": _DATA,
    "data": _DATA,
}
_HEADERS = ("header", "headers", "skip-header", "has-header", "with-header", "first-row", "skip-first", "firstline")
_NO_NAMES = "--no-header is for one without"
_STILL = ("fix", "fixed", "freeze", "frozen", "hold", "held", "constant", "const", "keep", "exclude")
_STARTS = ("x0", "init", "initial", "start", "guess", "p0")
_LETTERS = {"v": _SHOWN_STEPS, "o": ("out",), "q": _QUIET, "n": ("head", "steps"), "f": ("file",), "j": ("json",)}
_LETTERS |= {"p": _DIGITS, "d": _DIGITS}


def meant(word: str, options: Collection[str]) -> list[str]:
    """The options that a word without its dashes may stand for."""
    name = word.replace("_", "-").replace(".", "").lower()
    if f"--{name}" in options:
        return [f"--{name}"]
    known = [option.removeprefix("--") for option in options if option.startswith("--") and option != "--set"]
    if len(word) == 1:
        return [f"--{other}" for other in _LETTERS.get(word, ()) if other in known][:1]
    found = [other for other in ELSEWHERE.get(name, ()) if other.partition(" ")[0] in known][:1]
    if not found:
        from difflib import get_close_matches

        found = [other for other in known if other.startswith(name) or (name.startswith(other) and len(other) > 2)]
        found = found or get_close_matches(name, known, n=2, cutoff=0.7)
    return [f"--{other}" for other in found[:2]]


def _values(name: str, options: Collection[str]) -> list[str]:
    """The option with a value that has the name of an option: --to csv, --method adam."""
    from circuitcli.ascent.methods import METHODS
    from circuitcli.tables.formats import WRITTEN, name_of

    values: dict[str, Collection[str]] = {"--to": WRITTEN, "--method": METHODS}
    name = name_of(name, WRITTEN)
    return [f"{option} {name}" for option, known in values.items() if option in options and name in known]


def _of_ends(option: str, name: str, ends: Sequence[str], inputs: Collection[str]) -> str:
    """The hint for the range of an input in the words of another option: --xlim 0 6, --domain 0:6; else empty."""
    from circuitcli.cli.range_hints import read_range

    axis = re.fullmatch(r"([xyz])(?:lim|range|-range|bounds)", name)
    names = [axis[1]] if axis and axis[1] in inputs else [*inputs][:1]
    texts = ":".join(ends), ends[0]
    found = next(filter(None, (read_range(text, names, open_ends=False) for text in texts)), "")
    return f"did you mean {option} {shell_word(found)}?" if found else ""


def _moving(still: str, inputs: Collection[str]) -> str:
    """The hint for inputs that are to stay as they are: the others of those that are set are named."""
    others = [name for name in dict.fromkeys(inputs) if name not in still.split(",")]
    if not others or len(others) == len({*inputs}):
        return "--wrt names the inputs that are varied: all others stay, as -NAME VALUE sets them"
    return f"write --wrt {','.join(others)}: the others stay as they are"


def columns_behind(columns: str) -> str:
    """The hint to choose columns of rows of groups, each of which has `rows`."""
    return f"choose them behind it: ... | circuit eval group_size=rows - --columns {shell_word(columns)}"


def instead(
    option: str, options: Mapping[str, bool], command: str, words: Sequence[str], inputs: Collection[str]
) -> str:
    """The hint for an option that is none of a command; `options` maps each that it has to whether a value follows
    it, `words` are those behind the command, as they were typed, and `inputs` those of the expression among them."""
    name = option.lstrip("-")
    place = next((i for i, word in enumerate(words) if word.partition("=")[0] == option), len(words))
    first, *_ = [*words[place + 1 :], ""]
    value = words[place].partition("=")[2] if place < len(words) else ""
    value = value or ("" if first.startswith("--") else first) or "VALUE"
    if command == "repl" and name.isidentifier():
        return f"in a session one types {name} = {3 if value == 'VALUE' else value}"
    if command == "plot" and re.fullmatch(r"(?:semi)?log-?(?:[xy]|scale)?", name):
        return "scales are even; to go over decades sweep an exponent: x = 10^u"
    if name in inputs:
        return f"write -{name} {value}: one dash sets an input, two dashes an option"
    if name in ("name", "as", "alias") and "--names" in options and value.isidentifier() and value != "VALUE":
        expression, *_ = [*words, ""]
        if expression and not expression.startswith("-") and "=" not in expression:
            return f"a result is named in the expression: write {in_quotes(f'{value} = {expression}')}"
    if name.lower() in _HEADERS and "--no-header" in options and (value == "VALUE" or place == 0 or "." in value):
        return f"leave it out: the first line of a file has the names, and {_NO_NAMES}"
    if found := [*_values(name, options), *meant(name, options)]:
        ends = [value, *words[place + 2 :][:1]]
        if found[0] in ("--range", "--bounds") and (hint := _of_ends(found[0], name, ends, inputs)):
            return hint
        if found[0] == "--method":
            from circuitcli.ascent.methods import meant_method

            value = meant_method(value) or value
        behind = "" if value == "VALUE" else f" {shell_word(value)}"
        written = [other + behind * options.get(f"--{other.rpartition('--')[2]}", False) for other in found[:2]]
        return f"did you mean {' or '.join(written)}?"
    if name.lower() in _STILL and "--wrt" in options:
        set_here = [word.lstrip("-").partition("=")[0] for word in words if word.startswith("-")]
        return _moving(value, [name for name in inputs if name in set_here])
    if name.lower() in _STARTS and "--step" in options:
        return "an ascent starts where its inputs are: -x 3"
    if name == "columns" and "--by" in options:
        return columns_behind(value)
    if name in COMMANDS:
        return f"did you mean circuit {name}?"
    owners = [other for other, row in COMMANDS.items() if any(option in param.opts for param in row.load().params)]
    if owners:
        return f"{option} is an option of circuit {', '.join(owners)}"
    return f"circuit {command} --help lists the options" if command else "circuit --help shows how"
