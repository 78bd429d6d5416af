"""The private doors of other libraries are still open, and what we take through them does what it did."""

from __future__ import annotations

import subprocess
import sys


def test_arrow_functions_come_without_their_documentation() -> None:
    code = """
import sys
import pyarrow as pa
from circuitcli.compat import arrow_compute
door = arrow_compute()
print(door.call_function("array_take", [pa.array([5, 6, 7]), pa.array([2, 0])]).to_pylist())
print(door.call_function("cast", [pa.array(["1.5"])], door.CastOptions.safe(pa.float64())).to_pylist())
print(door.__name__, "pyarrow.compute" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[7, 5]\n[1.5]\npyarrow._compute False\n"
