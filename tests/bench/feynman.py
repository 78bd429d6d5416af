"""The Feynman formulas over random rows of their ranges: `native` and `arrays` beside `floats`.
`python tests/bench/feynman.py [ROWS]`

Prints the largest differences of value and gradient, relative to the largest of each column's row: its value, or what
the inputs times their slopes are, and how many rows are finite in one arithmetic and not in another.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from circuitcli import Circuit
from circuitcli.rows.over_arrays import over_arrays
from tests.support import rows


def main(count: int) -> None:
    start, worst, split, cells = time.perf_counter(), {"arrays": 0.0, "native": 0.0}, 0, 0
    for i, case in enumerate(rows("feynman")):
        c, rng = Circuit(case["expr"]), np.random.default_rng(i)
        ranges = case.get("ranges", {})
        sides = {name: ranges.get(name, (0.5, 3.0)) for name in c.inputs}
        given = {name: rng.uniform(low, high, size=count) for name, (low, high) in sides.items()}
        points = np.column_stack(list(given.values())).tolist()
        found = [c.value_and_gradient(dict(zip(given, point, strict=True))) for point in points]
        wanted = np.array([[value, *gradient.values()] for value, gradient in found]).T
        names = list(found[0][1])
        with np.errstate(all="ignore"):
            scale = [np.abs(wanted[0]), *(np.abs(row) for row in wanted[1:])]
            size = np.max([scale[0], *(scale[1 + j] * np.abs(given[n]) for j, n in enumerate(names))], axis=0)
            for engine in worst:
                value, gradient = over_arrays(c._read.graph, given, engine=engine)
                got = np.array([value, *gradient.values()])
                for j, row in enumerate(got):
                    unit = size if j == 0 else np.fmax(size / np.abs(given[names[j - 1]]), scale[j])
                    both = np.isfinite(row) & np.isfinite(wanted[j])
                    split += int(np.count_nonzero(np.isfinite(row) != np.isfinite(wanted[j])))
                    apart = (np.abs(row - wanted[j]) / unit)[both & (unit > 0)]
                    worst[engine] = max(worst[engine], float(apart.max(initial=0.0)))
                    cells += len(row)
    told = ", ".join(f"{engine} {apart:.1e}" for engine, apart in worst.items())
    print(f"{i + 1} formulas, {count:,} rows each, {time.perf_counter() - start:.0f} s: {told}")
    print(f"{split} of {cells:,} numbers are finite in one arithmetic only")


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000)
