"""Messages of the library are in Python's words: z=..., and not -z VALUE; those of commands in the shell's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from circuitcli import Circuit, CircuitError
from circuitcli.language.words_elsewhere import WORDS
from circuitcli.python_calls import CALLS, command
from circuitcli.wording import in_the_shell, setting, value_of
from tests.support import HERE, circuit

CASES = Path(__file__).parent / "cases"
TYPED = re.compile(
    r"(?<![\w)])-[^\W\d]\w* (VALUE|[\d\"'-])|--[a-z]|\bVALUE\b|circuit (eval|grad|ascend|descend|solve)\b"
)
PICTURES = {"plot", "range", "linspace", "arange"}  # of the program alone
MISTAKES = [json.loads(line)["expr"] for line in (CASES / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
MISTAKES += [text for word in WORDS if word not in PICTURES for text in (word, f"{word}(x)", f"{word}(x^2, x)")]
MISTAKES += ["d/dx(x^2)", "f(x) = x^2; f'(3)", "x=[1, 2]", "[1, 2, 3]", "{x: 3}", "x == null", "SELECT x FROM t"]
MISTAKES += [
    "lambda x: x",
    "x -> x^2",
    "5 km",
    "3 m to km",
    "x - mean(x)",
    "a*b; tanh(n)",
    "x = 3; y",
    "x.grad",
    "1 = x",
]
CALLED: list[Callable[[Circuit], object]] = [
    lambda c: c(),
    lambda c: c.gradient(x=[1.0, 2.0]),
    lambda c: c.map([{"x": 1.0}]),
    lambda c: c.hessian(unknown=1),
    lambda c: c.minimize({"x": 1}),
    lambda c: c.fit([{"x": 1.0}], {"w": 1}),
    lambda c: c.solve({"x": 1}),
    lambda c: c.solve(x=(0, 1)),
    lambda c: c.objective(["x"]),
]


@pytest.mark.parametrize("call", CALLED, ids=range(len(CALLED)))
def test_no_message_of_the_library_has_words_of_the_shell(call: Callable[[Circuit], object]) -> None:
    found = 0
    for text in MISTAKES:
        try:
            call(Circuit(text))
        except CircuitError as error:
            found += 1
            assert TYPED.search(f"{error.message} {error.hint}".replace(text, "")) is None, (text, str(error))
    assert found > 500


@pytest.mark.parametrize(
    ("text", "shell", "python"),
    [
        ("x*z", "add -z VALUE", "add z=..."),
        ("diff(x^2, x)", 'circuit derive "x^2" --wrt x', 'Circuit("x^2").derivative("x")'),
        ("hessian(x*x)", 'circuit grad "x*x" -x 1 --hessian', 'Circuit("x*x").hessian(x=1)'),
        ("minimize(x^2)", 'circuit descend "x^2" -x 1', 'Circuit("x^2").minimize({"x": 1})'),
        ("solve(x^2 = 2)", 'circuit solve "x^2 = 2" -x -10..10', 'Circuit("x^2 == 2").solve(x=(-10, 10))'),
    ],
)
def test_each_reader_has_words_of_his_own(text: str, shell: str, python: str) -> None:
    def told() -> str:
        with pytest.raises(CircuitError) as caught:
            Circuit(text)(x=1)
        return str(caught.value.hint)

    assert told() == python
    assert shell in circuit("eval", text, "-x", "1").stderr
    assert told() == python  # a command in this process has its words for itself
    with in_the_shell():
        assert told() == shell


def test_settings() -> None:
    assert (setting("max_steps", 10), value_of("x"), value_of("W[1,2]")) == ("max_steps=10", "x=...", '{"W[1,2]": ...}')
    assert setting("method", "lbfgs") == 'method="lbfgs"' and value_of("x", "3") == "x=3"
    with in_the_shell():
        assert (setting("max_steps", 10), value_of("x")) == ("--max-steps 10", "-x VALUE")


@pytest.mark.parametrize("start", CALLS)
def test_a_call_does_what_the_command_does(start: str) -> None:
    """The hint is a program that runs."""
    name, _, more = start.removeprefix("circuit ").partition(" ")
    call = command(f'circuit {name} "(x-1)^2" {"" if name == "derive" else "-x 3"} {more}'.strip())
    assert call.startswith('Circuit("(x-1)^2")') and eval(call, {"Circuit": Circuit}) is not None


WITHOUT = """
import sys
missing = sys.argv[1].split(",")
sys.modules.update(dict.fromkeys(missing))  # as if these were not installed
from circuitcli import Circuit, UsageError
c, total, rows = Circuit("x^2*y"), Circuit("sum((y - a*x)^2)"), [{"x": 1, "y": 2}, {"x": 2, "y": 3}]
calls = [
    lambda: c(x=[1, 2], y=3),
    lambda: c.gradient(rows),
    lambda: c.map({"x": [1], "y": [2]}),
    lambda: c.jvp({"x": 1}, x=[1, 2], y=2),
    lambda: c.residuals(["x"], y=[2, 3]),
    lambda: total.fit(rows, {"a": 1}, method="least-squares"),
    lambda: total.objective(["a"], data=rows),
    lambda: Circuit("a*x").plot(rows, a=1),
]
if "numpy" in missing:
    calls += [
        lambda: c.compiled(["x"]),
        lambda: c.hessian(x=1, y=2, as_array=True),
        lambda: Circuit("x^2").minimize({"x": 1}).array,
        lambda: Circuit("x^2").minimize({"x": 1}, uncertainty=True),
        lambda: Circuit("x^2").plot(),
        lambda: c.draw().save("a.png"),
        lambda: c.export("excel"),
    ]
for call in calls:
    try:
        call()
    except UsageError as error:
        assert "install with: " in error.hint, error
    else:
        raise AssertionError("it needs none of these")
assert c(x=2, y=3) == 12.0 and Circuit("x^2").minimize({"x": 1}).success and Circuit("x^2 - 2").solve({"x": 1}).success
"""


@pytest.mark.parametrize(
    "missing", ["pyarrow,scipy", "numpy,scipy,pyarrow,orjson,llvmlite,matplotlib,plotext,openpyxl"]
)
def test_libraries_that_are_missing_are_named_with_the_extra(missing: str) -> None:
    words = [sys.executable, "-c", WITHOUT, missing]
    done = subprocess.run(words, capture_output=True, text=True, cwd=HERE.parent, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
