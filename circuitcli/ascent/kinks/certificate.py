"""The certificate of an optimum at kinks: 0 is in the hull of the gradients of the pieces that meet there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from circuitcli.ascent.kinks.along_kinks import NEAR
from circuitcli.ascent.kinks.interior_point import Least
from circuitcli.ascent.kinks.mixture import Mixture
from circuitcli.ascent.kinks.piecewise_model import LEAST, Choice, PieceModel
from circuitcli.ascent.kinks.ways_out import sides
from circuitcli.ascent.move import Memory
from circuitcli.ascent.problem import Position, Problem, Vector

NOTHING = 1e-7  # of the slopes of the other pieces, as a message has it
NAMED = 3  # kinks by their expressions, and inputs of a gradient, in a message

Record = dict[str, Any]


class Certificate(NamedTuple):
    """The kinks at which an ascent ended, in words and each with the weights and the gradients of its pieces. `why`
    they are an optimum, in words; `refused`, why they are none, is empty where they are one. The model's `promise` is a
    gain within the `noise`."""

    refused: str
    what: str
    why: str
    kinks: Sequence[Record]
    promise: float
    noise: float


def certificate(problem: Problem, here: Position, memory: Memory | None) -> Certificate | None:
    """Certify an optimum at kinks, or say why it is none; None where no pieces meet."""
    mixture = memory if isinstance(memory, Mixture) else Mixture()
    forked = problem.objective.forked
    assert forked is not None
    model = PieceModel(problem, here, mixture.weights, mixture.sizes)
    if not model.finite or not model.meeting:
        return None
    names = [*dict.fromkeys(forked.text(choice.fork) for choice in model.meeting)]
    what = f"kink{'s' * (len(names) > 1)} of {', '.join(names[:NAMED])}{', ...' * (len(names) > NAMED)}"
    found = model.best(LEAST)
    kinks = [_record(problem, model, choice, shares) for choice, shares in _shares(model, found)]
    why = f"the gradients of {'the' if len(names) == 1 else 'their'} pieces hold 0 between them{_combination(kinks)}"
    settled = [u if abs(u) > apart else 0.0 for u, apart in zip(here.x, model.apart, strict=True)]
    refused = _refused(model, found, forked.others(here.x) or forked.others(settled), what)
    return Certificate(refused, what, why, kinks, max(found.fall, 0.0), model.noise)


def _refused(model: PieceModel, found: Least, other: str, what: str) -> str:
    if other:
        return f"stopped at the kink of {other}, which is no choice between smooth pieces: it cannot be certified"
    if found.fall > NEAR * model.noise:
        return f"no better point found from the {what}, though 0 is not between the gradients of the pieces"
    if not found.sure:
        return f"no better point found from the {what}, but the sizes of the pieces are too far apart to tell"
    if model.stiff is None:
        return f"no better point found from the {what}, though the value may go on along them"
    around = sides(model)
    if around is None or not all(_is_lowest(side) for side in around):
        return f"every direction tried from the {what} is worse, but not all of their sides are known to be"
    return ""


def _is_lowest(side: PieceModel) -> bool:
    found = side.best(LEAST)
    return found.sure and found.fall <= side.noise and side.stiff is not None


def _shares(model: PieceModel, found: Least) -> Iterator[tuple[Choice, Vector]]:
    """The choices that meet, with the weights of the pieces that do; those that weigh nothing are 0."""
    for choice, weights in zip(model.choices, found.weights, strict=True):
        if len(choice.tied) > 1:
            kept = [w if i in choice.tied else 0.0 for i, w in enumerate(weights)]
            yield choice, [w / sum(kept) for w in kept]


def _record(problem: Problem, model: PieceModel, choice: Choice, shares: Vector) -> Record:
    """A kink for JSON: its pieces, each with its weight and the gradient of the whole as if it were the chosen one."""
    assert problem.objective.forked is not None
    pieces = [(shares[i], choice.group.slopes[i]) for i in choice.tied]
    mean = [sum(w * slope[i] for w, slope in pieces) for i in range(len(problem.names))]
    return {
        "kink": problem.objective.forked.text(choice.fork),
        "pieces": [
            {
                "weight": w,
                "gradient": {
                    name: -problem.sign * (u - v) for name, u, v in zip(problem.names, slope, mean, strict=True)
                },
            }
            for w, slope in pieces
        ],
    }


def _combination(kinks: Sequence[Record]) -> str:
    """The sum that is 0, of one kink and few inputs."""
    if len(kinks) != 1 or len(kinks[0]["pieces"]) > NAMED or len(kinks[0]["pieces"][0]["gradient"]) > NAMED:
        return ""
    terms = []
    for piece in kinks[0]["pieces"]:
        largest = [max(abs(other["gradient"][name]) for other in kinks[0]["pieces"]) for name in piece["gradient"]]
        slopes = zip(piece["gradient"].values(), largest, strict=True)
        numbers = ", ".join(f"{g if abs(g) > NOTHING * most else 0.0:.3g}" for g, most in slopes)
        terms.append(f"{piece['weight']:.3g}*({numbers})")
    return f", {' + '.join(terms)}"
