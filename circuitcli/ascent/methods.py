"""The table of methods, and what a text such as `adam:b1=0.8` chooses from it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.ascent.method_row import Method
from circuitcli.ascent.problem import Objective
from circuitcli.errors import UsageError
from circuitcli.wording import setting

if TYPE_CHECKING:
    from circuitcli.ascent.learning import Batches
    from circuitcli.ascent.schedule import Schedule

AUTO, KINKS, INTERIOR, IPOPT = "auto", "kinks", "interior", "ipopt"
# The file with the row of each, among its ROWS; only that of the method that runs is loaded.
METHODS = {
    "gradient": "backtracking",
    **dict.fromkeys(("momentum", "nesterov", "adam", "rmsprop"), "first_order"),
    "lbfgs": "lbfgs",
    "newton": "newton",
    INTERIOR: "constrained.interior",
    IPOPT: "constrained.ipopt",
    KINKS: "kinks.kinks_method",
    "random": "first_order",
    "least-squares": "least_squares",
}
ELSEWHERE = {  # methods of other programs, by the letters of their names
    **dict.fromkeys(("sgd", "gd", "gradientdescent", "gradientascent", "steepestdescent", "batchgd"), "gradient"),
    **dict.fromkeys(("bfgs", "lbfgsb", "cg", "quasinewton"), "lbfgs"),
    **dict.fromkeys(("adamw", "adamax", "nadam", "amsgrad"), "adam"),
    **dict.fromkeys(("newtoncg", "newtonraphson"), "newton"),
    **dict.fromkeys(("lm", "levenberg", "levenbergmarquardt", "leastsq", "leastsquares", "ls"), "least-squares"),
    **dict.fromkeys(("nag",), "nesterov"),
    **dict.fromkeys(("sqp", "slsqp", "trustconstr", "cobyla", "cobyqa"), "interior"),
    **dict.fromkeys(("cyipopt", "casadi"), "ipopt"),
}


class Choice(NamedTuple):
    """A method and its parameters, the step among them where one was given or has a default: of a schedule the first.
    `epochs` are as many as were asked for."""

    method: Method
    options: dict[str, float]
    schedule: Schedule | None = None
    batches: Batches | None = None
    epochs: int | None = None

    @property
    def name(self) -> str:
        return self.method.name

    @property
    def told(self) -> dict[str, object]:
        """The parameters as they were given."""
        told: dict[str, object] = dict(self.options)
        if self.schedule is not None:
            told["step"] = self.schedule.text
        if self.batches is not None:
            told["batch"] = self.batches.size
        return told

    @property
    def per_epoch(self) -> int:
        """The number of steps of an epoch."""
        return self.batches.per_epoch if self.batches is not None else 1

    def over(self, batches: Batches, last: int) -> Choice:
        """The method over batches of rows, as far as the step `last`."""
        from circuitcli.ascent.learning import learned

        return self._replace(method=learned(self.method, self.schedule, batches, last), batches=batches)

    def epochs_of(self, steps: int) -> str:
        """The number of epochs in words, where they are asked for, before that of the steps."""
        whole = self.epochs is not None and steps == self.epochs * self.per_epoch
        return f"{self.epochs:,} epoch{'s' * (self.epochs != 1)}, " if whole else ""

    def step_at(self, step: int) -> float:
        """The length of a step, 1 where the method finds it."""
        if self.schedule is not None:
            return self.schedule.at(step, step // self.per_epoch)
        return self.options.get("step", 1.0)

    def fault(self, step: int) -> str:
        """A text about a step that the schedule has no length for; empty where it has."""
        return "" if self.schedule is None else self.schedule.fault(step, step // self.per_epoch)


def with_batches() -> list[str]:
    """The methods that take steps over batches of rows, as they are chosen."""
    rows = [method(name) for name in METHODS]
    taking = [row for row in rows if (rule := (row.stepped or row).rule) is not None and rule.batches]
    return [row.name if row.stepped is None else f"{row.name} with --step" for row in taking]


def names() -> tuple[str, ...]:
    """All that a user may name."""
    return (AUTO, *METHODS)


def method(name: str) -> Method:
    """The row of a method."""
    rows: tuple[Method, ...] = import_module(f"circuitcli.ascent.{METHODS[name]}").ROWS
    return next(row for row in rows if row.name == name)


def meant_method(name: str) -> str:
    """The method for a name that other programs have; empty for another one."""
    letters = "".join(filter(str.isalnum, name.lower()))
    return next((ours for ours in names() if letters == ours.replace("-", "")), "") or ELSEWHERE.get(letters, "")


def choice(
    text: str,
    step: float | Schedule | None = None,
    seed: int = 0,
    objective: Objective | None = None,
    squares: bool = False,
) -> Choice:
    """The method of a text such as `adam:b1=0.8,eps=1e-6`, of which `auto` is by the objective; `squares` tells that it
    is a sum of squares, and to be climbed as such. Raises UsageError where there is no such method."""
    name, _, tail = text.partition(":")
    if name not in names():
        from difflib import get_close_matches

        close = get_close_matches(name, names(), n=1)
        if meant := meant_method(name):
            raise UsageError(f"there is no method {name}", f"write {setting('method', meant)}")
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(names())}"
        raise UsageError(f"there is no method {name}", hint)
    row = method(name if name != AUTO else _auto(step, objective, squares))
    options = _options(row, text, tail)
    if step is not None and row.step is None:
        if row.stepped is None:
            raise UsageError(
                f"the method {row.name} finds its own steps",
                f"leave out {setting('step')}, or name another {setting('method')}",
            )
        row = row.stepped
    if row.seeded:
        options["seed"] = float(seed)
    step = row.step if step is None else step
    if step is None or isinstance(step, float):
        return Choice(row, {**options, **({} if step is None else {"step": step})})
    from circuitcli.ascent.learning import learned

    return Choice(learned(row, step), {**options, "step": step.at(0, 0)}, step)


def along_kinks() -> Choice:
    """The method that goes along kinks."""
    return Choice(method(KINKS), {})


def _auto(step: float | Schedule | None, objective: Objective | None, squares: bool) -> str:
    if squares:
        return "least-squares"
    if step is not None:
        return "gradient"
    if objective is None:  # which is not known yet
        return "newton"
    if objective.forked is not None:
        return KINKS
    return "newton" if objective.hessian is not None else "lbfgs"


def _options(row: Method, text: str, tail: str) -> dict[str, float]:
    """The parameters of a method, as the tail of a text sets them."""
    parameters = {parameter.name: parameter for parameter in row.parameters}
    options = {key: parameter.default for key, parameter in parameters.items()}
    seen = set()
    for assignment in filter(None, tail.split(",")):
        key, _, number = (part.strip() for part in assignment.partition("="))
        if key not in options:
            raise UsageError(f"the method {row.name} has no parameter {key}", _known(key, options))
        if key in seen:
            raise UsageError(f"{setting('method', text)}: {key} stands twice")
        seen.add(key)
        try:
            options[key] = float(number)
        except ValueError:
            hint = f"write for example {row.name}:{key}=0.5"
            raise UsageError(f"{setting('method', text)}: {key} is no number", hint) from None
        if not parameters[key].allows(options[key]):
            raise UsageError(f"{setting('method', text)}: {key} must be {parameters[key].range}")
    return options


def _known(key: str, options: dict[str, float]) -> str:
    """The hint where a method has no such parameter."""
    if key in ("step", "learning_rate"):
        return f"the step is an option of its own: {setting('step')}"
    return f"it has: {', '.join(options)}" if options else "it has none"
