"""The layers of the house, and what a command may load: start-up is a feature."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from circuitcli import errors
from tests.support import FILES

PACKAGE = Path(__file__).parent.parent / "circuitcli"
LAYERS = [  # from the ground up; a file imports from its own layer and from lower ones
    "urls",
    "wording",
    "python_calls",
    "errors",
    "systems",
    "visible_text",
    "frame_libraries",
    "text_tests",
    "name_lists",
    "asked_columns",
    "nested_names",
    "extras",
    "atomic_files",
    "user_folders",
    "compat",
    "constants",
    "gate_facts",
    "carried",
    "wire_types",
    "arithmetic",
    "primitives",
    "rule_types",
    "gate_rules",
    "gates",
    "gathering",
    "graph",
    "held_gates",
    "notation",
    "holding",
    "rerolling",
    "loop_text",
    "program_text",
    "language",
    "family_arguments",
    "engine",
    "analysis",
    "proofs",
    "export",
    "check",
    "tables",
    "rows",
    "pictures",
    "render",
    "ascent",
    "circuit_nodes",
    "compiled_circuit",
    "read_circuit",
    "equations",
    "subject",
    "solving",
    "library",
    "searches",
    "api",
    "cluster",
    "cli",
    "pytest_plugin",
]
ONLY = {  # a library: the one part of the house that may import it, beside compat
    "lark": "language",
    "rich": "render",
    "click": "cli",
    "mpmath": "engine",
    "llvmlite": "engine",
    "pyarrow": "tables",
    "orjson": "tables",
    "fsspec": "tables",
    "matplotlib": "render",
    "plotext": "render",
    "contourpy": "render",
    "prompt_toolkit": "cli",
    "distributed": "cluster",
}
HEAVY = {"lark", "rich", "mpmath", "numpy", "pyarrow", "llvmlite", "scipy", "pathlib", "json", "fractions"}
HEAVY |= {"matplotlib", "plotext", "prompt_toolkit", "fsspec"}


@cache
def imports(path: Path) -> set[str]:
    """The modules that a file imports, at the top or anywhere inside."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    """The dotted name by which a file is imported."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


FILES_OF_OURS = sorted(PACKAGE.rglob("*.py"))
SOURCES = [path for path in FILES_OF_OURS if part(path) not in ("__init__", "__main__")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_file_imports_only_from_lower_layers(path: Path) -> None:
    own = LAYERS.index(part(path))
    for module in imports(path):
        words = module.split(".")
        if words[0] in ONLY:
            assert part(path) in (ONLY[words[0]], "compat"), f"{module} in {path}"
        if words[0] == "circuitcli" and len(words) > 1 and words[1] != "__version__":
            assert words[1] in LAYERS, module
            assert LAYERS.index(words[1]) <= own, f"{path.name} imports {module}"


def test_no_circle_of_files() -> None:
    """Sort the files so that each stands behind those that it imports, even inside of functions."""
    modules = {module_of(path): path for path in FILES_OF_OURS}
    needs = {name: (imports(path) & modules.keys()) - {name} for name, path in modules.items()}
    # `from package import module` needs the module, not the package around it
    for name, found in needs.items():
        needs[name] = {other for other in found if not any(deeper.startswith(f"{other}.") for deeper in found)}
    try:
        assert len(list(TopologicalSorter(needs).static_order())) == len(modules)
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_name_is_met_once() -> None:
    """A file or a folder has a name of its own, which is no module of the standard library either."""
    folders = {path.parent for path in FILES_OF_OURS} - {PACKAGE}
    names = [path.stem for path in FILES_OF_OURS if not path.stem.startswith("__")] + [path.name for path in folders]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) & sys.stdlib_module_names == set()


def test_every_error_is_exported() -> None:
    found = [name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)]
    assert errors.__all__ == sorted(found)


def test_errors_import_only_what_hides_keys() -> None:
    assert {module for module in imports(PACKAGE / "errors.py") if module.startswith("circuitcli")} == {
        "circuitcli.urls",
        "circuitcli.urls.masked",
    }
    assert not any(module.startswith("circuitcli") for module in imports(PACKAGE / "urls.py"))


POINT = "x*y -x 1 -y 2"
BUDGET = {  # the heavy libraries that commands may load
    "": [
        *("--version", "--help", "grad --help", "gates --help", "plot --help", "repl --help"),
        *("eval 2+3 --quiet", f"grad {POINT}", f"grad {POINT} --check", f"draw {POINT}"),
    ],
    "json": [f"grad {POINT} --json", "ascend -(x-1)^2 -x 0 --json", "ascend 100-(x-y)^2 -x 3 -y 4 --json"],
    "json pathlib": ["export x*y --to c"],
    "rich": [f"grad {POINT} --color always"],
}


@pytest.mark.parametrize("may", BUDGET)
def test_import_budget(may: str) -> None:
    # What the libraries themselves load is theirs; ours is what we add to click, lark and rich.
    code = f"""
import sys
from circuitcli.cli import run
for line in {BUDGET[may]!r}:
    assert run(line.split()) == 0
print(*sorted({{m.partition('.')[0] for m in sys.modules}} & {HEAVY!r}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.splitlines()[-1].split())
    if "rich" in may:
        loaded -= {"pathlib", "json", "fractions"}  # of rich itself
    assert loaded <= set(may.split())


LIBRARY = {  # the heavy libraries that Python may load for these, at a point
    "": ["c(p)", "c.gradient(p)", "str(c.explain(p))", "c.explain(p)._repr_html_()", "c.check('x = z', p)"],
    "json pathlib": ["c.export('numpy')", "c.latex()", "str(c.draw(p))", "c.draw(p).svg", "c.draw(p).html"],
}


@pytest.mark.parametrize("may", LIBRARY)
def test_import_budget_of_the_library(may: str) -> None:
    code = f"""
import sys
from circuitcli import Circuit
c, p = Circuit("(x+y)*z"), dict(x=1, y=2, z=3)
for line in {LIBRARY[may]!r}:
    eval(line)
print(*sorted({{m.partition('.')[0] for m in sys.modules}} & {HEAVY | {"click", "igraph"}!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) <= set(may.split())


def test_rows_load_no_more_than_they_need() -> None:
    code = f"""
import sys
from circuitcli.cli import run
status = run(["grad", "mean(exp(w*x))", {str(FILES / "pts.csv")!r}, "-w", "2"])
print(*sorted({{m.partition('.')[0] for m in sys.modules}} & {HEAVY!r}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert {"numpy", "pyarrow"} <= loaded and not loaded & {"llvmlite", "mpmath", "rich", "scipy", "fsspec"}


@pytest.mark.parametrize("expression", ["w*x", "mean(w*x)"])
def test_small_files_load_no_library(expression: str) -> None:
    code = f"""
import sys
from circuitcli.cli import run
run(["grad", {expression!r}, {str(FILES / "pts.csv")!r}, "-w", "2"])
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "circuitcli.rows.plain_runner" in loaded
    assert not loaded & {"numpy", "pyarrow", "orjson", "rich", "mpmath", "concurrent.futures", "logging"}


def test_pandas_is_not_loaded_where_it_is_there(tmp_path: Path) -> None:
    """pyarrow would load it, to make an array of NumPy."""
    (tmp_path / "pandas.py").write_text("print('loaded')\n")
    command = [sys.executable, "-m", "circuitcli", "eval", "v = exp(x)", str(FILES / "pts.csv")]
    folders = os.pathsep.join([str(tmp_path), str(PACKAGE.parent)])
    environment = {**os.environ, "PYTHONPATH": folders}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert (done.returncode, done.stderr, "loaded" in done.stdout) == (0, "", False)


def test_rows_that_pass_do_not_load_what_rewrites_them() -> None:
    code = f"""
import sys
from circuitcli.cli import run
run(["grad", "exp(w*x)", {str(FILES / "pts.csv")!r}, "-w", "2"])
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "circuitcli.tables.separated_values" in loaded
    assert not loaded & {
        "pyarrow.compute",
        "numpy.ma",
        "circuitcli.cli.answers.point_answer",
        "circuitcli.rows.aggregates",
    }


def test_nothing_is_loaded_before_somebody_waits_for_ctrl_c() -> None:
    code = "import sys; before = {*sys.modules}; import circuitcli.cli; print(*sorted({*sys.modules} - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {*done.stdout.split()} <= {"__future__", "circuitcli", "circuitcli.cli"}
