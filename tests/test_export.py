"""Exported code, run in its own language, beside the passes of circuit itself."""

from __future__ import annotations

import importlib.util
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from circuitcli import Circuit
from circuitcli.cli import run as run_words
from circuitcli.cli.command_group import circuit as command_line
from circuitcli.engine.floats import FLOATS
from circuitcli.engine.passes import backward, forward
from circuitcli.errors import FileError, UsageError
from circuitcli.export.json_description import description, program_of
from circuitcli.export.languages import LANGUAGES, Language
from circuitcli.gates import GATES
from circuitcli.graph import Builder, Graph
from circuitcli.language import graph_of, parse
from tests.exported import Job, code_of, exported, module, run, ulps
from tests.support import circuit, rows, some_slow
from tests.test_gates import points

EDGES = (
    0.0,
    -0.0,
    1e-300,
    1e300,
    -1e300,
    math.inf,
    -math.inf,
    math.nan,
    1.0,
    -1.0,
    0.5,
    2.0,
    12.5,
    -5.5,
    710.0,
    -750.0,
)
NEEDED = {"c": "gcc", "javascript": "node"}
GAMMAS = {"gamma", "lgamma", "digamma", "polygamma", "factorial"}
LACKING = {"sql": GAMMAS, "excel": GAMMAS}  # gates of which a language has no form
CALLED = ("gelu", "mod", "normcdf", "logsumexp", "erf", "circuit_sigmoid", "power_slope")  # by exported code
OWN = 16.0  # units in the last place, where a language's own function differs


def missing(to: str) -> bool:
    """Whether no program here runs the language."""
    if to in NEEDED:
        return shutil.which(NEEDED[to]) is None
    return to != "python" and importlib.util.find_spec(to) is None


DEAR = ("c", "jax", "torch")  # to compile, or to load
RUN = [
    pytest.param(
        to,
        marks=[pytest.mark.skipif(missing(to), reason=f"nothing here runs {to}"), *[pytest.mark.slow] * (to in DEAR)],
    )
    for to in ("python", "numpy", "jax", "torch", "c", "javascript")
]


def alone(gate: str, count: int) -> Graph:
    """A circuit of one gate."""
    builder = Builder()
    return builder.graph(builder.add(gate, tuple(builder.input(f"x{i}") for i in range(count))))


def gate_jobs() -> list[Job]:
    jobs = []
    for gate in GATES:
        for count in sorted({len(point) for point in points(gate)}) if not GATES[gate].only_over_rows else ():
            found: list[tuple[float, ...]] = [point for point in points(gate) if len(point) == count]
            jobs.append(Job(alone(gate, count), found + [(x,) * count for x in EDGES]))
    return jobs


def feynman_jobs() -> list[Job]:
    cases = [case for case in rows("feynman") if case["vars"]]
    graphs = [(graph_of(parse(case["expr"])), case["vars"]) for case in cases]
    return [Job(graph, [[values[name] for name in graph.inputs]]) for graph, values in graphs]


def expected(job: Job, point: Sequence[float]) -> list[float]:
    """The two passes on floats: what left their range on the way is lost in code."""
    graph, inputs = job.graph, job.graph.inputs
    values = forward(graph, FLOATS, dict(zip(inputs, point, strict=True)))
    found = backward(graph, FLOATS, values, graph.depends_on(inputs.values()))
    return [values[graph.output], *(found.get(k, 0.0) for k in inputs.values())]


@pytest.mark.parametrize("to", RUN)
@pytest.mark.parametrize("jobs", [gate_jobs, feynman_jobs], ids=["gates", "feynman"])
def test_the_code_answers_what_circuit_answers(to: str, jobs: Callable[[], list[Job]], tmp_path: Path) -> None:
    done = list(jobs())
    assert len(done) > 70
    for job, answers in zip(done, run(to, done, tmp_path), strict=True):
        for point, (value, gradient) in zip(job.points, answers, strict=True):
            wanted = expected(job, point)
            for mine, theirs in zip([value, *gradient], wanted, strict=True):
                if 0.0 < abs(theirs) < sys.float_info.min:  # which code may lose on the way, and XLA takes for 0
                    assert abs(mine) < sys.float_info.min
                    continue
                limit = 0.0 if to == "python" else OWN
                assert ulps(mine, theirs) <= limit, (job.graph.nodes, point, wanted)


@pytest.mark.parametrize("to", RUN)
def test_names_neither_collide_nor_inject(to: str, tmp_path: Path) -> None:
    names: tuple[str, ...] = (
        "return",
        "import",
        "__proto__",
        "exp",
        "math",
        "np",
        "torch",
        "OVERFLOW",
        "v1",
        "value",
        "grad_v1",
        "θ",
    )
    names += (
        "lambda",
        "constructor",
        "circuit",
        "gradient",
        "M_PI",
        "double",
        "self",
        "real",
        "shape",
        "x_",
        "class",
        "math_errhandling",
        "static_assert",
    )
    text = " + ".join(f"{i + 2}*{name}*sigmoid({name})" for i, name in enumerate(names)) + " + exp(v1)*v1^θ"
    job = Job(graph_of(parse(text)), [[0.1 * i - 0.7 for i in range(len(names))]])
    assert list(job.graph.inputs) == list(names)
    ((value, gradient),) = run(to, [job], tmp_path)[0]
    wanted = expected(job, job.points[0])
    assert [value, *gradient] == pytest.approx(wanted, rel=1e-14)


@pytest.mark.parametrize("to", RUN)
@pytest.mark.parametrize(
    "gate",
    ["sigmoid", *some_slow(CALLED, CALLED)],
)
def test_an_input_may_be_called_like_what_the_code_calls(to: str, gate: str, tmp_path: Path) -> None:
    """Gates that stay functions, those of their derivatives, and what helpers are called."""
    text = "sigmoid(x)*gelu(x) + x % 2 + x^x + erf(x) + logsumexp(x, 1)*gauss"
    text += f" + normpdf*{gate}*logsumexp2*high*circuit_gelu"
    job = Job(graph_of(parse(text)), [[0.3 + 0.2 * i for i in range(len(graph_of(parse(text)).inputs))]])
    ((value, gradient),) = run(to, [job], tmp_path)[0]
    assert [value, *gradient] == pytest.approx(expected(job, job.points[0]), rel=1e-13)


@pytest.mark.parametrize("to", RUN)
def test_names_that_a_language_takes_for_one_stay_two(to: str, tmp_path: Path) -> None:
    job = Job(
        graph_of(parse("µ*2 + μ*3 + 𝑥*5 + x*7 + abs(x)*ﬂoat + sigmoid(x)*𝗌igmoid")), [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]
    )
    assert len(job.graph.inputs) == 6
    ((value, gradient),) = run(to, [job], tmp_path)[0]
    assert [value, *gradient] == pytest.approx(expected(job, job.points[0]), rel=1e-13)


def test_inputs_keep_their_order() -> None:
    graph = graph_of(parse("x/y"))
    assert "double circuit(double x, double y, double gradient[2])" in exported(graph, "c", ["x", "y"], {"x": 3.0})
    assert "function circuit(x = 3, y)" in exported(graph, "javascript", ["x", "y"], {"x": 3.0})
    made = module(exported(graph, "python", ["x", "y"], {"x": 3.0})).circuit
    assert made(2.0)[0] == 1.5 and made(2.0, x=5.0)[0] == 2.5
    with pytest.raises(TypeError):
        made(2.0, 5.0)  # which of the two would be x?


def test_the_gradient_has_the_names_of_the_inputs() -> None:
    graph = graph_of(parse("__proto__*θ + return"))
    value, gradient = module(code_of(Job(graph, []), "python")).circuit(2, 3, 4)
    assert (value, gradient) == (10.0, {"__proto__": 3.0, "θ": 2.0, "return": 1.0})
    if shutil.which("node"):
        script = code_of(Job(graph, []), "javascript") + "console.log(JSON.stringify(circuit(2, 3, 4)))"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == {"value": 10, "gradient": {"__proto__": 3, "θ": 2, "return": 1}}


def test_defaults_and_wrt() -> None:
    graph = graph_of(parse("x = -2; y = 5; z = -4; q = x + y; f = q*z"))
    made = module(exported(graph, "python", ["q", "z"], {"y": 6.0}))
    assert made.circuit() == (-16.0, {"q": -4.0, "z": 4.0})
    assert made.circuit(1, z=2) == (14.0, {"q": 2.0, "z": 7.0})


@pytest.mark.parametrize("to", ["numpy", "jax", "torch"])
def test_arrays_are_broadcast_and_answers_have_their_shape(to: str) -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip(to)
    made = module(exported(graph_of(parse("2*x + erf(y) + max(y, 1)^2 + 0*digamma(x)")), to, ["x", "y"]))
    value, gradient = made.circuit(np.array([[1.0], [2.0]]), np.array([3.0, 0.5, 1.0]))
    assert value.shape == gradient["x"].shape == gradient["y"].shape == (2, 3)
    slope = 2.0 / math.sqrt(math.pi) * np.exp(-np.array([9.0, 0.25, 1.0])) + np.array([6.0, 0.0, 1.0])
    assert np.asarray(gradient["y"])[1].tolist() == pytest.approx(slope.tolist())
    assert float(made.circuit(1.0, 3.0)[0]) == pytest.approx(2.0 + math.erf(3.0) + 9.0)


def test_a_jax_function_can_be_jitted() -> None:
    jax = pytest.importorskip("jax")
    made = module(exported(graph_of(parse("sigmoid(x)*lgamma(x)")), "jax", ["x"]))
    value, gradient = jax.jit(made.circuit)(2.5)
    wanted = Circuit("sigmoid(x)*lgamma(x)").value_and_gradient(x=2.5)
    assert float(value) == pytest.approx(wanted[0]) and float(gradient["x"]) == pytest.approx(wanted[1]["x"])


def test_ten_thousand_nested_gates() -> None:
    text = "x" + "*1.0001 + y" * 5_000
    made = module(exported(graph_of(parse(text)), "python", ["x", "y"]))
    assert made.circuit(1.0, 2.0) == tuple(Circuit(text).value_and_gradient(x=1.0, y=2.0))


@pytest.mark.skipif(missing("c"), reason="no C compiler")
def test_a_program_in_c(tmp_path: Path) -> None:
    """Compiled with another file that calls it, as users will."""
    assert circuit("export", "q = x + y; q*z", "--out", str(tmp_path / "f.c"), cwd=tmp_path).returncode == 0
    (tmp_path / "main.c").write_text(
        """#include <stdio.h>
double circuit(double x, double y, double z, double gradient[3]);
int main(void)
{
    double g[3], f = circuit(-2, 5, -4, g);
    printf("%g %g %g %g", f, g[0], g[1], g[2]);
    return 0;
}
"""
    )
    files = [str(tmp_path / "main.c"), str(tmp_path / "f.c"), "-o", str(tmp_path / "a.out"), "-lm"]
    subprocess.run(["gcc", "-std=c99", *files], check=True)
    done = subprocess.run([str(tmp_path / "a.out")], capture_output=True, text=True, check=True)
    assert done.stdout == "-12 -4 -4 3"


@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
def test_the_code_in_c_is_read_by_a_compiler_of_cpp(tmp_path: Path) -> None:
    """Every gate, and names that are words of C++ alone."""
    words = "class new delete template this operator private using namespace std typename co_await wchar_t"
    named = " + ".join(f"{i + 2}*{name}*sigmoid({name})" for i, name in enumerate(words.split()))
    texts = [code_of(job, "c") for job in [*gate_jobs(), Job(graph_of(parse(named)), [])]]
    apart = [f"namespace n{i} {{\n{text}}}\n" for i, text in enumerate(texts)]
    (tmp_path / "all.cpp").write_text("#include <math.h>\n" + "".join(apart))
    flags = ["-std=c++17", "-Wall", "-Wextra", "-pedantic", "-Werror", "-Wno-unused-function", "-fsyntax-only"]
    subprocess.run(["g++", *flags, "all.cpp"], cwd=tmp_path, check=True)


def test_a_language_has_the_names_that_people_type(tmp_path: Path) -> None:
    names = {
        "js": "javascript",
        "cpp": "c",
        "c++": "c",
        "pytorch": "torch",
        "py": "python",
        "tex": "latex",
        "sqlite": "sql",
    }
    for name, language in names.items():
        done = circuit("export", "x*y", "--to", name)
        assert (done.returncode, done.stdout) == (0, circuit("export", "x*y", "--format", language).stdout)
    assert circuit("export", "x*y", "--out", str(tmp_path / "f.cpp")).returncode == 0
    assert (tmp_path / "f.cpp").read_text() == circuit("export", "x*y", "--to", "c").stdout


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["structure", "hard", "feynman", "kinks", "published"])
def test_a_description_reads_back_to_the_same_circuit(name: str) -> None:
    for case in rows(name):
        if case.get("error") or "expr" not in case:
            continue
        graph = graph_of(parse(case["expr"]))
        back = graph_of(parse(program_of(json.dumps(description(graph)), "graph.json")))
        assert sorted(map(tuple, shape_of(back))) == sorted(map(tuple, shape_of(graph)))
        assert set(back.inputs) == set(graph.inputs) and set(graph.names) <= set(back.names)
        assert {n: [*g.nodes] for n, g in back.defaults.items()} == {n: [*g.nodes] for n, g in graph.defaults.items()}


def shape_of(graph: Graph) -> list[tuple[str, int, str]]:
    return [(node.gate, len(node.args), node.text) for node in graph.nodes]


def test_a_description_goes_through_the_shell(tmp_path: Path) -> None:
    done = circuit("export", "q = x + y; f = q*z", "-z", "-4", "--out", "g.json", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = circuit("grad", "--file", "g.json", "-x", "-2", "-y", "5", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert found["value"] == -12.0 and found["gradient"] == {"x": -4.0, "y": -4.0}
    text = (tmp_path / "g.json").read_text()
    assert circuit("eval", "-", "-x", "1", "-y", "1", "--quiet", stdin=text).stdout == "-8.0\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"circuit": 2}, "describes no circuit"),
        ({"nodes": []}, "there are no nodes"),
        ({"nodes": [7]}, "node 0 is no object"),
        ({"nodes": [{"gate": "exec"}]}, 'of no gate: "exec"'),
        ({"nodes": [{"gate": "sin", "args": [0]}]}, "an argument of node 0 is no earlier node: 0"),
        ({"nodes": [{"gate": "sin", "args": []}]}, "sin takes 1 arguments"),
        ({"nodes": [{"gate": "input", "name": "x y"}]}, 'called "x y", which is no name'),
        ({"nodes": [{"gate": "constant", "text": "2*x"}]}, 'no constant: "2*x"'),
        ({"nodes": [{"gate": "constant", "text": "__import__"}]}, "no constant"),
        ({"output": 9}, "output is no earlier node: 9"),
        ({"output": True}, "output is no earlier node: true"),
        ({"names": {"1": 0}}, "which is no name"),
        ({"names": []}, "names is no object"),
        ({"defaults": {"x": "y + 1"}}, "no constant expression"),
        ({"defaults": {"w": "1"}}, "w has a default and is no input"),
        ({"nodes": [{"gate": "input", "name": "x"}] * 2}, "node 1 is no object with the id 1"),
    ],
)
def test_a_broken_description_is_refused(change: dict[str, object], message: str) -> None:
    good = description(graph_of(parse("x + 1")))
    good["nodes"][0]["id"] = 0
    with pytest.raises(FileError, match=message.replace("*", r"\*")):
        program_of(
            json.dumps({**good, **change}).replace('"name": "x"}, {"gate"', '"id": 0, "name": "x"}, {"id": 0, "gate"'),
            "g",
        )
    with pytest.raises(FileError, match="no JSON"):
        program_of("{", "g")


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=list(LANGUAGES))
def test_a_language_has_a_form_of_every_gate(language: Language) -> None:
    for gate in GATES:
        for count in {len(point) for point in points(gate)} if not GATES[gate].only_over_rows else ():
            graph = alone(gate, count)
            if gate not in LACKING.get(language.name, ()):
                assert language.content(graph, list(graph.inputs), {})
                continue
            with pytest.raises(UsageError, match=f"{language.title} has no form of"):
                language.content(graph, list(graph.inputs), {})


@pytest.fixture
def lua(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more row in the table, and the command loaded anew, as in a new process."""
    monkeypatch.setitem(LANGUAGES, "lua", Language("lua", "Lua", (".lua",), "tests.lua_code:lua"))
    monkeypatch.delitem(sys.modules, "circuitcli.cli.commands.export_code", raising=False)


LUA_CODE = """function circuit(x, y)
    -- forward pass
    local v1 = math.exp(x)
    local value = v1 * y
    return value, {x = value, y = v1}
end
"""


def test_a_row_is_all_that_a_language_needs(lua: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_words(["export", "exp(x)*y", "--to", "lua"]) == 0
    printed = capsys.readouterr().out
    assert printed == LUA_CODE
    assert run_words(["export", "exp(x)*y", "--out", str(tmp_path / "f.lua")]) == 0
    assert (tmp_path / "f.lua").read_text() == printed
    assert run_words(["export", "--help"]) == 0
    assert "latex, json, lua." in " ".join(capsys.readouterr().out.split())
    shell = ShellComplete(command_line, {}, "circuit", "_CIRCUIT_COMPLETE")
    assert [item.value for item in shell.get_completions(["export", "x", "--to"], "l")] == ["latex", "lua"]


def test_a_form_that_a_language_lacks_is_an_error_that_names_both(
    lua: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_words(["export", "exp(x) + gamma(x)", "--to", "lua"]) == 2
    assert "Lua has no form of gamma" in capsys.readouterr().err


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_are_refused() -> None:
    with pytest.raises(UsageError, match="over rows"):
        exported(graph_of(parse("mean(x)")), "c", ["x"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x*y"], "the language is missing\n  add --to python"),
        (["x*y", "--out", "a.ml"], "the ending of a.ml is unknown"),
        (["x*y", "--to", "ocaml"], "'ocaml' is not one of"),
        (["x*y", "--to", "latex", "-x", "2"], "LaTeX has names"),
        (["x*y", "--to", "c", "-x", "2±1"], "x has an uncertainty"),
        (["x*y", "--to", "c", "--out", "nowhere/f.c"], "cannot write nowhere/f.c"),
        (["x*y", "--to", "c", "--out", "f.py"], "--to c does not fit the name f.py"),
        (["x*y", "--to", "json", "--wrt", "x"], "--wrt is for derivatives"),
    ],
)
def test_mistakes(words: list[str], message: str, tmp_path: Path) -> None:
    done = circuit("export", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and not list(tmp_path.iterdir())
