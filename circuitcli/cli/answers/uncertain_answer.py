"""What `circuit eval` and `grad` print where inputs are uncertain: value ± sigma, and what each input contributes."""

from __future__ import annotations

import math
from collections.abc import Mapping

from circuitcli.analysis.point import Point
from circuitcli.analysis.uncertainty import uncertainty
from circuitcli.cli.answers.point_answer import node_table, show_point
from circuitcli.cli.answers.records import point_row, uncertainty_record
from circuitcli.cli.options import Form, note
from circuitcli.render.number_format import plus_minus


def show_uncertain(
    text: str, point: Point, sigmas: Mapping[str, float], covariance: Mapping[tuple[str, str], float], form: Form
) -> None:
    """Print a point whose inputs have standard uncertainties."""
    found = uncertainty(point, sigmas, covariance)
    output = point.graph.output
    if form.to == "json":
        show_point(text, point, uncertainty_record(found, output), form)
    elif form.to != "table":
        from circuitcli.render.machine_formats import row_text

        row = point_row(point)
        row["sigma"] = found.sigmas[output]
        print(row_text(row, form.to))
    elif form.quiet:
        show_point(text, point, {}, form)
    else:
        values = {
            k: plus_minus(float(value), sigma)
            for k, (value, sigma) in enumerate(zip(point.values, found.sigmas, strict=True))
            if sigma > 0.0
        }
        more = {}
        if point.wrt is not None:
            shares = {point.graph.inputs[name]: share for name, share in found.inputs.items()}
            more["contributes"] = {k: f"{share.contribution:.3g}" for k, share in shares.items()}
            more["share"] = {k: f"{100.0 * s.share:.0f} %" for k, s in shares.items() if math.isfinite(s.share)}
        node_table(point, form, values, more)
    if found.inputs and found.sigmas[output] == 0.0:
        note("to first order no uncertainty reaches the result: the slopes are 0 here", form.quiet)
