"""Run hostile input of every kind, and print what became of it: python -m tests.fuzz --seconds 60."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from circuitcli.cli.exit_status import STATUSES
from tests.fuzz.campaign import Report, campaign
from tests.fuzz.case import Case, load, save
from tests.fuzz.kinds import KINDS

FOUND = Path("fuzz-found")  # the folder of the faults


def main(words: Sequence[str]) -> int:
    """Run what the words ask for; return 1 if there is a fault."""
    parser = argparse.ArgumentParser("just fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for each kind (default: 60)")
    parser.add_argument("--kind", action="append", choices=[*KINDS], help="this kind (may be repeated; default: all)")
    parser.add_argument("--seed", type=int, help="the first seed (default: from the clock)")
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="run the cases of these files again")
    asked = parser.parse_args(words)
    if asked.replay:
        return max(replay(path) for path in asked.replay)
    seed = time.time_ns() // 1000 if asked.seed is None else asked.seed
    reports = {}
    for name in asked.kind or KINDS:
        cases = ((number, None) for number in itertools.count(seed))
        reports[name] = campaign(name, cases, asked.seconds, partial(found, name))
        print(table({name: reports[name]}, headed=len(reports) == 1), flush=True)
    return int(any(report.faults for report in reports.values()))


def replay(path: Path) -> int:
    """Run the case of a file again, and say what becomes of it."""
    name, case = load(path)
    report = campaign(name, [(0, case)])
    print(f"{path}: {report.faults.get(0, 'no fault')}")
    return int(bool(report.faults))


def found(name: str, seed: int, fault: str, case: Case) -> None:
    """Keep a fault, and tell of it."""
    path = FOUND / f"{name.replace(' ', '-')}-{seed}.json"
    save(path, name, seed, fault, case)
    print(f"{path}: {fault}", flush=True)


def table(reports: dict[str, Report], headed: bool = True) -> str:
    """A row for each kind: cases, cases by status, faults, peak of memory, cases a second."""
    heads = ["kind", "cases", *(f"exit {int(status)}" for status in STATUSES), "faults", "peak MB", "cases/s"]
    lines = [f"{heads[0]:<15}" + "".join(f"{head:>9}" for head in heads[1:])] if headed else []
    for name, report in reports.items():
        counts = [
            report.cases,
            *(report.counts[status] for status in STATUSES),
            len(report.faults),
            report.peak // 2**20,
        ]
        rate = report.cases / max(report.seconds, 1e-9)
        lines.append(f"{name:<15}" + "".join(f"{count:>9,}" for count in counts) + f"{rate:>9.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
