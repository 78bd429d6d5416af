"""Steps onto kinks and along them: sequential quadratic programming on the pieces that the circuit is made of.

A step goes to the best point of the model, in which the pieces that meet are all there, each to first order, and the
mixed circuit's curvature besides. Where it gains too little, inputs cost more, each in its own measure, until it does.
Near an optimum the weights of the pieces are multipliers of Lagrange, and the steps are Newton's.
"""

from __future__ import annotations

import math

from circuitcli.ascent.kinks.interior_point import Least
from circuitcli.ascent.kinks.mixture import Mixture
from circuitcli.ascent.kinks.piecewise_model import LEAST, PieceModel
from circuitcli.ascent.kinks.ways_out import escape
from circuitcli.ascent.move import Move, Visit
from circuitcli.ascent.problem import Position, Problem

MOST = 1e12  # cost of a step
CHEAPER, DEARER = 0.1, 5.0
POOR, GOOD, ENOUGH = 0.25, 0.75, 1e-3  # parts of the fall that the model has
STEADY = 0.1  # change of that part, within which steps fall short alike: all pieces are flat where they meet
UNFELT, LAST = 1e-6, 3  # part of the noise that no digit shows; steps to come there, from where values tell no more
NEAR = 10.0  # times the noise: a fall that values do not tell


def along_kinks(problem: Problem, here: Position, mixture: Mixture, visit: Visit) -> float:
    """Take steps until neither the model nor a try around promises more than rounding; return the promise."""
    while True:
        sizes = [max(abs(u), size) for u, size in zip(here.x, mixture.sizes or here.x, strict=True)]
        model = PieceModel(problem, here, mixture.weights, sizes)
        if not model.finite:
            return math.inf
        there, mixture, promise = _step(model, mixture)
        if there is None:
            there, mixture = escape(model), Mixture(sizes=sizes)
            if there is None:
                return promise
        here = visit(Move(there, mixture, promise))


def _step(model: PieceModel, mixture: Mixture) -> tuple[Position | None, Mixture, float]:
    """The first point, as inputs cost more, that gains about as much as the model has for it; what is remembered there,
    and what the model promises."""
    shift, failed, promise = mixture.shift, False, math.inf
    while shift < MOST:
        found = model.best(shift)
        promise = found.fall if not failed else promise
        if found.fall <= model.noise:
            if failed or shift <= LEAST:
                there, share = _tried(model, found)
                over = found.fall <= UNFELT * model.noise and model.even
                if over or mixture.last == LAST or there is None or not share * found.fall >= -model.noise:
                    break
                return there, Mixture(model.mixed(found), model.sizes, shift, share, mixture.last + 1), promise
            shift = max(1e-3 * shift, LEAST)
            continue
        there, share = _tried(model, found)
        if there is None:
            break
        if share < POOR and model.groups:
            other = model.best(shift, model.corrected(found.change))
            again, more = _tried(model, other._replace(fall=found.fall))
            if again is not None and more > max(share, ENOUGH):
                there, share, found = again, more, other
        if share > ENOUGH:
            if abs(share - mixture.share) <= STEADY and share < 1.0 - 2.0 * STEADY:
                twice = found._replace(change=[2.0 * u for u in found.change])
                further, more = _tried(model, twice)
                there = further if further is not None and more > share else there
            shift *= CHEAPER if share > GOOD else DEARER if share < POOR else 1.0
            return there, Mixture(model.mixed(found), model.sizes, min(max(shift, LEAST), MOST), share), promise
        if found.fall <= NEAR * model.noise:
            break
        failed, shift = True, max(DEARER * shift, 1e-6)
    return None, mixture, promise


def _tried(model: PieceModel, found: Least) -> tuple[Position | None, float]:
    """The point to which a step leads, None where it moves or falls nowhere, and the part of the fall that it gains."""
    x = model.moved(found.change)
    if x == model.here.x or not found.fall > 0.0:
        return None, -1.0
    there = model.problem.at(x)
    return there, (there.value - model.here.value) / found.fall if there.finite else -1.0
