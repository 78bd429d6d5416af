"""A success stands: no better point is beside it, and no input runs away. And a way that runs away says so."""

from __future__ import annotations

import json

import pytest

from tests.nasty_functions import KINDS, Nasty, nasty
from tests.probes import Probe
from tests.support import circuit

FUNCTIONS = [nasty(index, seed=16) for index in range(4 * len(KINDS))]


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.case.name)
def test_no_better_point_is_beside_a_success(function: Nasty) -> None:
    run = function.case.run(function.units)
    if function.runs == "x":
        assert run.status == "unbounded", run.message
    if run.success:
        better = Probe(function, run.found.x, count=2_000).better()
        assert better is None, (run.message, function.words, better)


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS[:: len(KINDS) + 1], ids=lambda function: function.case.name)
def test_the_command_says_so(function: Nasty) -> None:
    run = function.case.run(function.units)
    found = json.loads(circuit(*function.words, "--json").stdout)
    assert found["status"] == run.status
    assert list(found["inputs"].values()) == pytest.approx(run.found.x, rel=1e-12)
