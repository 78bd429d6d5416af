"""Random functions that mislead an ascent: how each kind ends, and every success beside which a better point lies.

    PYTHONPATH=. python tests/bench/nasty.py [COUNT] [SEED] [KIND]...

A success is false if a better point, by more than rounding, can be reached from it on a way on which the value never
gets worse: straight to one of 10,000 points at distances from 1e-8 to 1 of the size of each input, by slight steps, or
by an ascent from nearby. A success where an input runs away is false, too. Statuses that look odd are listed.
"""

from __future__ import annotations

import shlex
import sys
import time
from collections import Counter, defaultdict

from circuitcli.ascent import Ascent
from tests.nasty_functions import Nasty, nasty
from tests.probes import Probe

ODD = {"line_search", "nonfinite", "max_steps", "stationary", "overshoot"}


def falsehood(nasty: Nasty, run: Ascent) -> str:
    """The reason why a success is none; empty where it stands."""
    if not run.success:
        return ""
    if nasty.runs not in ("", "?"):
        return f"{nasty.runs} runs away"
    better = Probe(nasty, run.found.x).better()
    if better is None:
        return ""
    way, x, gain, distance = better
    return f"better {way} by {gain:.1e} times the rounding, {distance:.1e} sizes away, at {x}"


def oddity(nasty: Nasty, run: Ascent) -> str:
    """The reason why a status looks wrong; empty where it does not."""
    runs = nasty.runs
    if run.status == "unbounded" and not runs:
        return "it has an optimum"
    if run.status == "unbounded" and runs not in ("", "?") and f"{runs} " not in f"{run.message} ":
        return f"does not say that {runs} runs"
    if not run.success and run.status != "unbounded" and runs not in ("", "?"):
        return f"{runs} runs away"
    if "kink" in run.status and not nasty.kinks:
        return "it is smooth"
    return "an end without an optimum" if run.status in ODD else ""


def main() -> None:
    count, seed = (int(word) for word in (sys.argv[1:3] + ["300", "0"][len(sys.argv) - 1 :])[:2])
    kinds, began = sys.argv[3:], time.perf_counter()
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    false, odd = [], []
    for i in range(count):
        each = nasty(i, seed)
        if kinds and each.kind not in kinds:
            continue
        run = each.case.run(each.units)
        statuses[each.kind][run.status] += 1
        head = f"{each.case.name}: {run.status}, {run.steps} steps: {run.message}"
        tail = (
            f"    found {dict(zip(run.problem.names, run.found.x, strict=True))}\n    circuit {shlex.join(each.words)}"
        )
        tail += f"\n    in its own units: {each.case.expression} from {dict(each.case.start)}, {dict(each.case.bounds)}"
        if why := falsehood(each, run):
            statuses[each.kind]["FALSE"] += 1
            false.append(f"{head}\n    {why}\n{tail}")
        elif why := oddity(each, run):
            odd.append(f"{head}\n    {why}\n{tail}")
    for kind, counts in statuses.items():
        print(f"{kind:12s}", "  ".join(f"{status} {n}" for status, n in sorted(counts.items())))
    successes = sum(counts["FALSE"] for counts in statuses.values())
    print(f"{successes} false successes of {count} functions (seed {seed}), in {time.perf_counter() - began:.0f} s")
    for title, texts in (("False", false), ("Odd", odd)):
        print(f"\n{title}: {len(texts)}", *texts, sep="\n")


if __name__ == "__main__":
    main()
