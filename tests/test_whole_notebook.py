"""A whole notebook, as nbconvert runs it: frames, drawings, plots and the words %circuit and %%circuit."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.support import HERE

CELLS = {  # each with what it shows
    "%load_ext circuitcli\nimport numpy as np\nimport pandas as pd\nfrom circuitcli import Circuit": "",
    "c = Circuit('(x+y)*z')\nassert c.gradient(x=-2, y=5, z=-4) == {'x': -4.0, 'y': -4.0, 'z': 3.0}\nc": "text/latex",
    """z = 3
df = pd.DataFrame({"x": [1.0, 2.0], "y": [5.0, 6.0]}, index=["a", "b"])
found = Circuit("r = (x+y)*z").map(df, ["x"], z=z)
assert found["r"].tolist() == [18.0, 24.0] and found.loc["b", "grad_x"] == 3.0
found""": "text/html",
    "c.draw(x=-2, y=5, z=-4)": "image/svg+xml",
    """chart = Circuit("a*sin(x)").plot(x=(-3, 3), a=2)
np.testing.assert_allclose(chart.numbers["value"], 2*np.sin(chart.numbers["x"]), rtol=1e-14)
chart""": "image/svg+xml",
    "c.explain(x=-2, y=5, z=-4)": "text/html",
    "%%circuit grad -x -2 -y 5\nq = x + y  # z is that of Python\nf = q * z": "text/html",
    "assert _.value == 9.0 and _.gradient == {'x': 3.0, 'y': 3.0, 'z': 3.0}": "",
    """found = %circuit ascend "100 - (x-y)^2" -x 3 -y 4
assert found.record["value"] == 100.0 and found.status == 0""": "",
    "%%circuit draw -x 1 -y 2\nx*y": "image/svg+xml",
}


def executed(folder: Path, *cells: str) -> Any:
    """A notebook of some cells, executed with settings of its own. Raises CellExecutionError."""
    nbformat: Any = pytest.importorskip("nbformat")
    preprocessors: Any = pytest.importorskip("nbconvert.preprocessors")
    pytest.importorskip("ipykernel")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with pytest.MonkeyPatch.context() as patch:
        for place in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(place, str(folder))
        patch.setenv("PYTHONPATH", str(HERE.parent), prepend=os.pathsep)
        runner = preprocessors.ExecutePreprocessor(timeout=300, kernel_name="python3")
        runner.preprocess(notebook, {"metadata": {"path": str(folder)}})
    return notebook


def test_a_notebook_runs_and_shows_what_it_finds(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("matplotlib")
    notebook = executed(tmp_path, *CELLS)
    for cell, (source, shown) in zip(notebook.cells, CELLS.items(), strict=True):
        found = [output.data for output in cell.outputs]
        assert [shown in data for data in found] == [True] * bool(shown), source
        for data in found:
            if "image/svg+xml" in data:
                assert ET.fromstring(data["image/svg+xml"]).tag.endswith("svg")
    html: Any = pytest.importorskip("nbconvert").HTMLExporter().from_notebook_node(notebook)[0]
    assert html.count('src="data:image/svg+xml') + html.count("<svg") == 4  # the circuit itself has one in its HTML


def test_a_mistake_stops_a_notebook_in_our_words(tmp_path: Path) -> None:
    client: Any = pytest.importorskip("nbclient.exceptions")
    with pytest.raises(client.CellExecutionError) as caught:
        executed(tmp_path, "%load_ext circuitcli", "%%circuit -x 1\ny = 2\nx +* y")
    shown = str(caught.value)
    assert "circuit: line 2: unexpected *: expected a number, a name, ( or -\n  x +* y\n     ^" in shown
    assert "Traceback" not in shown and ".py" not in shown
