"""The answer of `eval` and `grad` where inputs are uncertain: value ± sigma, and the share of each input in it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from circuitcli.analysis.point import Point
from circuitcli.cli.answers.answer import Answer, Outcome, Record
from circuitcli.cli.answers.point_answer import node_table, point_answer, point_record, point_row, with_columns
from circuitcli.cli.options import TABLE, Output
from circuitcli.cli.request import Request
from circuitcli.graph import reached_from
from circuitcli.nested_names import in_short, together
from circuitcli.notation import in_words
from circuitcli.render.number_format import FLOAT_DIGITS, plus_minus
from circuitcli.visible_text import some_of

if TYPE_CHECKING:
    from circuitcli.analysis.uncertainty import Uncertainty
    from circuitcli.render.text_table import PrintedTable


def result_answer(asked: Request, point: Point, output: Output) -> Answer:
    """The answer at a point, with its uncertainty where inputs have one."""
    plain = point_answer(asked.text, point, output)
    if not any(asked.sigmas.values()):
        return plain
    from circuitcli.analysis.uncertainty import uncertainty

    found = uncertainty(point, asked.sigmas, asked.covariance)
    return Answer(
        lambda: point_record(asked.text, point, uncertain_record(point, found, asked.covariance)),
        lambda: [with_sigmas(point, found)],
        lambda: uncertain_table(point, found, output),
        plain.bare,
        lambda: uncertain_outcome(point, found, output, plain.outcome()),
    )


def uncertain_record(point: Point, found: Uncertainty, covariance: Mapping[tuple[str, str], float]) -> Record:
    """The `uncertainty` of a result whose inputs are uncertain; `nodes` has that of each node. Where inputs depend on
    each other their `covariance` goes on with them, a row for each of `inputs`."""
    inputs = {name: found.inputs[name]._asdict() for name in together(found.inputs)}
    record: Record = {"value": found.sigmas[point.graph.output], "inputs": inputs, "nodes": found.sigmas}
    if any((a, b) in covariance for a in inputs for b in inputs if a != b):
        sigmas = {name: share.sigma or 0.0 for name, share in found.inputs.items()}
        own = {(name, name): sigma * sigma for name, sigma in sigmas.items()}  # infinite where a power would raise
        record["covariance"] = [[{**own, **covariance}.get((a, b), 0.0) for b in inputs] for a in inputs]
    return {"uncertainty": record}


def with_sigmas(point: Point, found: Uncertainty) -> Record:
    """The row of a point with the uncertainty of each result, that of the last being `sigma`, and beside a gradient the
    part of each input."""
    columns = {f"sigma_{name}": sigma for name, sigma in _others(point, found).items()}
    columns["sigma"] = found.sigmas[point.graph.output]
    if point.wrt is not None:
        columns |= {f"contribution_{name}": share.contribution for name, share in found.inputs.items()}
    return with_columns(point_row(point), columns)


def _others(point: Point, found: Uncertainty) -> dict[str, float]:
    """The uncertainties of the results beside the last."""
    return {name: found.sigmas[k] for name, k in point.graph.results.items() if name != point.graph.answer}


def uncertain_table(point: Point, found: Uncertainty, output: Output) -> Iterable[PrintedTable]:
    """The table of nodes with their uncertainties; of inputs that vary by row the parts that they have in it."""
    values = {
        k: plus_minus(float(value), sigma)
        for k, (value, sigma) in enumerate(zip(point.values, found.sigmas, strict=True))
        if sigma != 0.0 and value is not None
    }
    if point.wrt is not None:
        by_row = [point.graph.inputs[name] for name, share in found.inputs.items() if share.sigma is None]
        values |= dict.fromkeys(by_row, "by row")
    more = {}
    if point.wrt is not None:
        shares = {point.graph.inputs[name]: share for name, share in found.inputs.items()}
        more["contributes"] = {k: f"{share.contribution:.3g}" for k, share in shares.items()}
        more["share"] = {k: f"{100.0 * s.share:.0f} %" for k, s in shares.items() if math.isfinite(s.share)}
    yield node_table(point, output, values, more)


def uncertain_outcome(point: Point, found: Uncertainty, output: Output, plain: Outcome) -> Outcome:
    """The outcome of the point, with notes where first order does not tell the uncertainty."""
    from circuitcli.analysis.uncertainty import at_kinks, bent

    notes, status = [], plain.status
    if not math.isfinite(found.sigmas[point.graph.output]):
        bad = [name for name, share in found.inputs.items() if not math.isfinite(share.contribution)]
        notes.append(f"the uncertainty of the result is not finite, for its slope by {some_of(in_short(bad))} is not")
        status = status or output.nonfinite
    if bad := [name for name, sigma in _others(point, found).items() if not math.isfinite(sigma)]:
        notes.append(f"the uncertainty of {some_of(in_short(bad))} is not finite")
        status = status or output.nonfinite
    if found.underflowed:
        names = some_of(in_short(found.underflowed))
        notes.append(f"the uncertainty by {names} is not 0, but smaller than the numbers of float64 go")
    below = reached_from(point.graph.nodes, [point.graph.output])
    still = {
        n: share for n, share in found.inputs.items() if n not in found.underflowed and below[point.graph.inputs[n]]
    }
    if flat := [name for name, share in still.items() if share.contribution == 0.0]:
        slopes = "its slope is 0 here" if len(flat) == 1 else "the slopes are 0 here"
        notes.append(f"to first order the uncertainty of {some_of(in_short(flat))} does not reach the result: {slopes}")
    if at := at_kinks(point, found.inputs):
        where = in_words(point.graph)[at[0]]
        notes.append(f"{where} is at a kink, and the uncertainty on its other side may be another")
    elif large := bent(point, found):
        notes.append(
            f"within the uncertainty of {some_of(in_short(large))} the slope changes much: first order is rough"
        )
    if output.digits > FLOAT_DIGITS and output.form == TABLE and found.sigmas[point.graph.output]:
        notes.append("a value with an error bar ends at the second digit of the error; --json has all digits")
    return Outcome([*notes, *plain.notes], status)
