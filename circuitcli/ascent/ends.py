"""The ways in which an ascent ends, one row each."""

from __future__ import annotations

from typing import NamedTuple

KINK, KINK_OPTIMUM = "kink", "kink_optimum"
NONFINITE, INTERRUPTED, PUT_OFF, NO_STEP = "nonfinite", "interrupted", "put_off", "no_step"
KKT, INFEASIBLE = "kkt", "infeasible"


class End(NamedTuple):
    """One row: the exit status of a command whose ascent ends so. `resumable`: another command may go on from there.
    `last`: no other start is tried. `astray`: the point that it found is no place to go on from.
    `stuck`: the method finds nothing better, perhaps for it stands at a kink. `at_kink`: it stands at one.
    `flat`: nothing around tells where to go."""

    exit_status: int
    resumable: bool = False
    last: bool = False
    astray: bool = False
    stuck: bool = False
    at_kink: bool = False
    flat: bool = False

    @property
    def success(self) -> bool:
        return self.exit_status == 0


ENDS = {
    "gtol": End(0),
    "ftol": End(0, stuck=True),
    "tol": End(0),
    "target": End(0, last=True),
    "steps_done": End(0),
    "maximum": End(0),
    "perfect": End(0),
    KINK_OPTIMUM: End(0, at_kink=True),
    KKT: End(0),
    "max_steps": End(1, resumable=True),
    "max_evaluations": End(1, resumable=True, last=True),
    "max_time": End(1, resumable=True, last=True),
    PUT_OFF: End(1),
    INFEASIBLE: End(1, astray=True),
    NO_STEP: End(1),
    "overshoot": End(1, astray=True),
    "line_search": End(1, stuck=True),
    KINK: End(1, stuck=True, at_kink=True),
    "stationary_start": End(1, flat=True),
    "stationary": End(1, flat=True),
    "unbounded": End(1, astray=True),
    NONFINITE: End(3, astray=True),
    INTERRUPTED: End(130, resumable=True, last=True),
}
