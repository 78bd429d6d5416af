"""Cold start of whole commands, as ratios to importing the libraries that they stand on, pair by pair in one run.

    python tests/bench/start.py [RUNS]

Run it with the Python of an environment in which circuit is installed, not editable: pip compiles what it installs.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median

CIRCUIT = str(Path(sysconfig.get_path("scripts")) / "circuit")
EXPRESSION = ["(x+y)*z", "-x", "-2", "-y", "5", "-z", "-4"]
PAIRS = [  # command, what its peer imports, and the ratio that we hold ourselves to
    (["--version"], "import click", 1.25),
    (["grad", *EXPRESSION, "--json"], "import click, lark", 1.25),
    (["grad", *EXPRESSION, "--color", "always"], "import click, lark, rich.console, rich.table", 1.35),
    (["ascend", "-(x-1)^2", "-x", "0", "--json"], "import click, lark", 1.25),
]


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    print(f"{'command':44} {'ms':>6} {'peer ms':>8} {'ratio':>6} {'goal':>6}")
    for words, peer, goal in PAIRS:
        ours, theirs = [CIRCUIT, *words], [sys.executable, "-c", peer]
        seconds(ours), seconds(theirs)
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
        a, b = (1e3 * median(pair[i] for pair in pairs) for i in (0, 1))
        ratio = median(x / y for x, y in pairs)
        print(f"{'circuit ' + ' '.join(words)[:36]:44} {a:6.0f} {b:8.0f} {ratio:6.2f} {goal:6.2f}   {peer}")


main()
