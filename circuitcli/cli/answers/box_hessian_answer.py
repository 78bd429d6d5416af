"""The answer of `grad --hessian` over ranges of inputs: bounds that certainly hold the second derivatives, too."""

from __future__ import annotations

from circuitcli.analysis.box_hessian import BoxHessian
from circuitcli.analysis.box_point import BoxPoint
from circuitcli.cli.answers.answer import Answer, Outcome
from circuitcli.cli.answers.box_answer import box_answer, box_outcome, parts_for
from circuitcli.cli.answers.hessian_answer import hessian_record, refuse_too_many, with_hessian
from circuitcli.cli.options import Output
from circuitcli.cli.request import Request


def box_hessian_answer(asked: Request, point: BoxPoint, output: Output, boxes: int | None) -> Answer:
    """The answer over a box, with bounds of its second derivatives."""
    wrt = point.wrt or ()
    refuse_too_many(wrt)
    second = BoxHessian(point.graph, wrt)
    rough, found = second.rough(point.given), second.over(point, parts_for(second.size, boxes))

    def outcome(plain: Outcome, output: Output) -> Outcome:
        told = box_outcome(point, output, found.values())
        why = f"there is no second derivative where {rough} has a kink or a jump: bounds are of the pieces beside it"
        return Outcome([*told.notes, *([why] if rough else [])], told.status)

    return with_hessian(
        asked.text,
        box_answer(asked, point, output),
        point,
        found,
        lambda: hessian_record(point, found, bool(rough)),
        outcome,
        output,
    )
