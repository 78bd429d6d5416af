"""Numerical gradients, and the verdict on an analytic one."""

from __future__ import annotations

from circuitcli.check.finite_difference import difference
from circuitcli.check.judgement import check, refuse_nothing, slopes
from circuitcli.check.verdict import (
    AGREE,
    CANNOT_TELL,
    DISAGREE,
    NOT_DIFFERENTIABLE,
    NOT_FINITE,
    VERDICTS,
    Verdict,
    worst,
)

__all__ = [
    "AGREE",
    "CANNOT_TELL",
    "DISAGREE",
    "NOT_DIFFERENTIABLE",
    "NOT_FINITE",
    "VERDICTS",
    "Verdict",
    "check",
    "difference",
    "refuse_nothing",
    "slopes",
    "worst",
]
