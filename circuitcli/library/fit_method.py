"""The method of a fit: least squares where the circuit is a sum of squares and nothing else was asked for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from circuitcli.ascent import AUTO, Choice, choice, of_squares
from circuitcli.ascent.methods import INTERIOR
from circuitcli.errors import UsageError
from circuitcli.extras import installing
from circuitcli.wording import by_voice, setting

if TYPE_CHECKING:
    from circuitcli.rows.rows_objective import RowsObjective


class FitMethod(NamedTuple):
    """The method, and why it is no least squares: for the circuit is none, or for a library is missing."""

    choice: Choice
    none: str = ""
    lacking: str = ""


def fit_method(
    objective: RowsObjective, chosen: Choice, auto: bool, constrained: bool, absolute: bool | None
) -> FitMethod:
    """The method of a fit, which is `chosen`, or ours to choose where it is `auto`; `absolute`: what weights tell of
    errors, where that is said. Raises UsageError where these do not go together."""
    if chosen.method.squares and not of_squares(objective):
        raise UsageError(
            objective.no_squares or f"{chosen.name} wants minus a sum or mean of squares over the rows",
            by_voice(
                'circuit descend "sum((y - f)^2)", or circuit ascend "-sum((y - f)^2)"',
                'Circuit("sum((y - f)^2)").fit(data, start)',
            ),
        )
    squares = by_voice('circuit descend "sum(((y - f)/s)^2)"', 'Circuit("sum(((y - f)/s)^2)")')
    if absolute is not None and not of_squares(objective):
        raise UsageError(
            objective.no_squares
            or f"{setting('sigma')} is about the weights of squares, and this is no sum of squares",
            f"{squares} is one; leave out {setting('sigma')} for a log-likelihood",
        )
    if missing := _missing(chosen):
        hint = f"install it with: {installing(chosen.method.extra)}"
        raise UsageError(f"the method {chosen.name} needs {missing}", hint)
    if not auto:
        return FitMethod(chosen)
    if constrained:
        return FitMethod(choice(INTERIOR))
    general = choice(AUTO, objective=objective)._replace(epochs=chosen.epochs)
    if not of_squares(objective):
        none = f"no least squares: {objective.no_squares}; {general.name} does it" if objective.no_squares else ""
        return FitMethod(general, none)
    better = choice(AUTO, squares=True)._replace(epochs=chosen.epochs)
    if missing := _missing(better):
        return FitMethod(
            general, lacking=f"least squares would need {missing}: {installing('fit')}; {general.name} does it"
        )
    return FitMethod(better)


def tells_errors(objective: RowsObjective, chosen: Choice, auto: bool) -> bool:
    """Whether standard errors are told without being asked for: of least squares, and where they would be it but for a
    library."""
    return chosen.method.squares or (auto and of_squares(objective))


def _missing(chosen: Choice) -> str:
    """The library that a method needs and that is not installed; empty where there is none."""
    library = chosen.method.library or ""
    return "" if not library or find_spec(library) is not None else library
