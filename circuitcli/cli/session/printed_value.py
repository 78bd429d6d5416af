"""The value of a statement, as a session prints it."""

from __future__ import annotations

from circuitcli.cli.answers.answer import Outcome, conclude
from circuitcli.cli.answers.point_outcome import outcome_of
from circuitcli.cli.input_values import changed, value
from circuitcli.cli.options import Output
from circuitcli.cli.session.session_state import Asked
from circuitcli.render.number_format import full, plus_minus


def print_value(name: str, asked: Asked) -> int:
    """Print the value of a program, with its name if it has one; return its exit status."""
    value, outcome = evaluated_text(asked)
    print(f"{name} = {value}" if name else value)
    return conclude(outcome, Output())


def evaluated_text(asked: Asked) -> tuple[str, Outcome]:
    """Run a program; return the text of its value, all digits or with its uncertainty, and what is to be said of it."""
    from circuitcli.analysis.lost_digits import lost_digits

    point, sigmas = asked.point()
    plain = outcome_of(point, Output(), lost_digits(point))
    told = changed({name: value(name, text) for name, text in asked.values.items()})
    plain = Outcome([*told, *plain.notes], plain.status)
    if not sigmas:
        return full(point.value), plain
    from circuitcli.analysis.uncertainty import uncertainty
    from circuitcli.cli.answers.uncertain_answer import uncertain_outcome

    found = uncertainty(point, sigmas, {})
    sigma = found.sigmas[point.graph.output]
    text = full(point.value) if sigma == 0.0 else plus_minus(point.value, sigma)
    return text, uncertain_outcome(point, found, Output(), plain)


def is_number(text: str) -> bool:
    """Whether a text is a number, and no expression."""
    try:
        float(text)
    except ValueError:
        return False
    return True
