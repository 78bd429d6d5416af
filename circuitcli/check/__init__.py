"""Numerical gradients, and the verdict on an analytic one."""

from __future__ import annotations

from circuitcli.check.finite_difference import difference
from circuitcli.check.judgement import NAME_SOME, NOTHING, check, slopes
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
    "NAME_SOME",
    "NOTHING",
    "NOT_DIFFERENTIABLE",
    "NOT_FINITE",
    "VERDICTS",
    "Verdict",
    "check",
    "difference",
    "slopes",
    "worst",
]
