"""A million checks that bounds hold what is exact: random circuits of all gates over random boxes, in 60 digits.

PYTHONPATH=. python tests/bench/boxes.py [CHECKS] [SEED]
"""

from __future__ import annotations

import sys
import time
from itertools import count, cycle

from tests.drawn_boxes import check, extreme, plain

SIZES = ((1, 1, 300), (5, 1, 500), (8, 1, 200), (4, 6, 100))  # gates at most, boxes, and circuits of a round


def main(most: int = 1_000_000, seed: int = 0) -> None:
    """Check as many numbers as are asked for, and print how many are outside."""
    done, outside, began = 0, 0, time.perf_counter()
    for turn, (gates, boxes, circuits), draw in zip(
        count(seed), cycle(SIZES), cycle((plain, extreme, extreme)), strict=False
    ):
        checks, faults = check(turn, circuits, draw, gates, boxes)
        done, outside = done + checks, outside + len(faults)
        for fault in faults:
            print(fault)
        if done >= most:
            break
    print(f"{done:,} checks, {outside} outside, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
