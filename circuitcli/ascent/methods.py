"""The methods by their names, and their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from circuitcli.ascent.move import Method
from circuitcli.errors import UsageError

AUTO, SQUARES = "auto", "least-squares"


class Kind(NamedTuple):
    """Where a method stands, its parameters and their defaults, and the step that it takes where none is given."""

    place: str
    options: Mapping[str, float] = {}
    step: float | None = None


KINDS = {
    "gradient": Kind("gradient:backtracking"),
    "momentum": Kind("momentum:momentum", {"decay": 0.9}, 0.01),
    "nesterov": Kind("momentum:nesterov", {"decay": 0.9}, 0.01),
    "adam": Kind("adam:adam", {"b1": 0.9, "b2": 0.999, "eps": 1e-8, "eps_root": 0.0}, 0.01),
    "rmsprop": Kind("rmsprop:rmsprop", {"decay": 0.9, "eps": 1e-8, "initial_scale": 0.0}, 0.01),
    "lbfgs": Kind("lbfgs:lbfgs"),
    "random": Kind("random_search:search", {}, 0.1),
    SQUARES: Kind("least_squares:least_squares"),
}
NAMES = (AUTO, *KINDS)


class Choice(NamedTuple):
    """A method and its parameters, the step among them where it is fixed."""

    name: str
    options: dict[str, float]

    @property
    def function(self) -> Method:
        """What takes its steps."""
        place = "gradient:fixed" if self.fixed else KINDS[self.name].place
        module, _, name = place.partition(":")
        method: Method = getattr(import_module(f"circuitcli.ascent.{module}"), name)
        return method

    @property
    def fixed(self) -> bool:
        """Whether it is the lesson's rule, which ends when a step gains little."""
        return self.name == "gradient" and "step" in self.options

    @property
    def wanders(self) -> bool:
        """Whether a step may fall on the way, so that the best point is not the last."""
        return self.name in ("momentum", "nesterov", "adam", "rmsprop", "random")


def choice(text: str, step: float | None = None, seed: int = 0) -> Choice:
    """The method of a text such as `adam:b1=0.8,eps=1e-6`. Raises UsageError for one that there is not."""
    name, _, tail = text.partition(":")
    if name not in NAMES:
        from difflib import get_close_matches

        close = get_close_matches(name, NAMES, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(NAMES)}"
        raise UsageError(f"there is no method {name}", hint)
    if name == AUTO:
        name = "lbfgs" if step is None else "gradient"
    kind = KINDS[name]
    options, seen = dict(kind.options), set()
    for assignment in filter(None, tail.split(",")):
        key, _, number = (part.strip() for part in assignment.partition("="))
        if key not in options:
            known = ", ".join(options) or "none"
            hint = (
                "the step is an option of its own: --step"
                if key in ("step", "learning_rate")
                else f"it has: {known}"
                if options
                else "it has none"
            )
            raise UsageError(f"the method {name} has no parameter {key}", hint)
        if key in seen:
            raise UsageError(f"--method {text}: {key} stands twice")
        seen.add(key)
        try:
            options[key] = float(number)
        except ValueError:
            raise UsageError(f"--method {text}: {key} is no number", f"write for example {name}:{key}=0.5") from None
        if not _allowed(key, options[key]):
            raise UsageError(
                f"--method {text}: {key} must be 0 or more, and below 1"
                if key in RATES
                else f"--method {text}: {key} must be 0 or more"
            )
    if step is not None and name in ("lbfgs", SQUARES):
        raise UsageError(f"the method {name} finds its own steps", "leave out --step, or name another --method")
    step = kind.step if step is None else step
    if step is not None:
        options["step"] = step
    if name == "random":
        options["seed"] = float(seed)
    return Choice(name, options)


RATES = ("decay", "b1", "b2")


def _allowed(key: str, x: float) -> bool:
    return 0.0 <= x < (1.0 if key in RATES else float("inf"))
