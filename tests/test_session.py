"""A session without a terminal: lines in, and what each of them prints."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.options import ExpressionCommand
from circuitcli.cli.session.conversation import Conversation
from circuitcli.cli.session.logical_lines import logical_lines
from circuitcli.cli.session.session_state import Session
from circuitcli.cli.session.suggestions import suggestions
from circuitcli.errors import CircuitError, ExpressionError, FileError, InputError, UsageError
from circuitcli.language.statements import pieces
from tests.support import FILES, circuit


class Talk:
    """A conversation whose answers are lists of lines."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.conversation, self._capsys = Conversation(), capsys
        self.noted = ""

    def __call__(self, *lines: str) -> list[str]:
        """Say some lines, and return the output of the last."""
        for line in lines:
            self._capsys.readouterr()
            self.status = self.conversation.hear(line)
        out, self.noted = self._capsys.readouterr()
        return out.splitlines()


@pytest.fixture
def talk(capsys: pytest.CaptureFixture[str]) -> Talk:
    return Talk(capsys)


# ── statements ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["2 + 3*4"], ["14"]),
        (["0.1 + 0.2"], ["0.30000000000000004"]),
        (["x = -2"], []),
        (["x = pi/4"], ["x = 0.7853981633974483"]),
        (["x = -2; y = 3; x*y"], ["-6"]),
        (["x = 3", "x^2  # a comment"], ["9"]),
        (["# only a comment"], []),
        (["   "], []),
        (["x = 1", "y = 2", "q = x + y"], ["q = 3"]),
        (["f(a, b) = a*b"], []),
        (["f(a, b) = a*b", "f(3, 4)"], ["12"]),
        (["k = 2", "f(a) = a^k", "g(a) = f(a) + 1", "g(3)"], ["10"]),
        (["θ = 1", "q = sin(θ)", "θ = 0", "q"], ["0"]),
        (["e = 3", "2*e"], ["6"]),
        (["π = 3", "pi"], ["3"]),
        (["-x", "x = 2", "-x"], ["-2"]),
        (["z(a) = a*2", "z = 3", "z + z(4)"], ["11"]),  # a gate and an input of one name
    ],
    ids=lambda value: "; ".join(value),
)
def test_an_answer(talk: Talk, lines: list[str], answer: list[str]) -> None:
    for line in lines[:-1]:
        try:
            talk(line)
        except InputError:  # a value that comes later
            assert line == "-x"
    assert talk(lines[-1]) == answer


def test_a_node_follows_its_inputs(talk: Talk) -> None:
    assert talk("x = 1; y = 2; z = 3; q = x + y; f = q*z")[-1] == "f = 9"
    assert talk("x = 4", "f") == ["18"]
    assert talk("q = x - y", "f") == ["6"]  # and the statements that it is made of
    assert talk("q = 10", "f") == ["30"]


def test_gates_may_be_said_again(talk: Talk) -> None:
    assert talk("f(a) = a^2", "x = 3", "q = f(x)") == ["q = 9"]
    assert talk("f(a) = a^3", "q") == ["27"]


def test_names_may_stand_in_any_order(talk: Talk) -> None:
    assert talk("f = q*z") == []
    assert talk.noted == "note: f waits for q, z\n"
    talk("z = 2", "g(a) = a + 1", "x = 3", "q = g(x)")
    assert talk("f") == ["8"]


def test_an_input_is_updated_by_itself(talk: Talk) -> None:
    assert talk("t = 10", "t = t*0.9") == ["t = 9"]
    assert talk("t = t*0.9") == ["t = 8.1"]
    talk("x = -2; y = 3; step = 0.01; dx = y")
    assert talk("x = x + step*dx") == ["x = -1.97"]
    assert talk("y = 100", "x") == ["-1.97"]  # a number, not a node


@pytest.mark.parametrize(
    ("lines", "message", "under"),
    [
        (["x = 1", "q = 2*x", "q = q + 1"], "q is a node, and would need itself", "q"),
        (["n = n + 1"], "n has no value yet", "n"),
        (["x = 1", "q = 2*x", "x = q - 1"], "x would need itself", "q"),
        (["a = b", "b = c", "c = 1 + a"], "c would need itself", "a"),
        (["f(a) = f(a) + 1"], "f is defined by itself", "f"),
        (["f(a) = a", "g(a) = f(a)", "f(a) = g(a)"], "f() would need itself", "g"),
        (["f(a) = a", "x = 1", "q = f(x)", ":forget f", "1 + q"], "there is no gate f", "f"),
        (["1 + sigmod(1)"], "there is no gate sigmod", "sigmod"),
        (["sin(a) = a"], "sin is already a gate", "sin"),
        (["x + 1 = 3"], "only a name, or a gate with its parameters, can stand left of =", "="),
        (["y = (1 +\n 2x)"], "line 2: unexpected x: expected an operator or the end", "x"),
        (["grad = 2", "grad x^2"], "unexpected x: expected an operator or the end", "x"),
        (["grad 2*x + 3y"], "unexpected y: expected an operator or the end", "y"),
        (["x = 1", ":grad 2*x + 3y"], "unexpected y: expected an operator or the end", "y"),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_an_error_is_where_it_was_typed(talk: Talk, lines: list[str], message: str, under: str) -> None:
    talk(*lines[:-1])
    with pytest.raises(ExpressionError) as found:
        talk(lines[-1])
    error = found.value
    assert error.message == message
    assert error.text[error.start : error.end] == under
    assert error.text == lines[-1] or message == "there is no gate f"


def test_what_is_wrong_changes_nothing(talk: Talk) -> None:
    talk("x = 1; q = 2*x")
    for line in ("q = q + 1", "x = q", "q = 2x", "q = sigmod(x)", "x = y +", "x = x + nobody"):
        with pytest.raises(CircuitError):
            talk(line)
    assert talk("q") == ["2"]


def test_missing_values_are_named(talk: Talk) -> None:
    with pytest.raises(InputError) as found:
        talk("x = 1", "q = x + y", "q*z")
    assert str(found.value) == "no value for y, z\n  write for example y = 2"
    with pytest.raises(InputError, match="no value for y, z"):
        talk(":grad")


@pytest.mark.parametrize("word", ["quit", "exit", " exit ", "quit()", "exit  # now"])
def test_a_session_is_left_as_others_are(talk: Talk, word: str) -> None:
    with pytest.raises(EOFError):
        talk(word)


@pytest.mark.parametrize(
    "line",
    ["grad", "grad x^2 --quiet", "grad (x+y)*x", "grad -x", "derive x*y", "help", "help grad", "vars", "draw x*y"],
)
def test_a_command_needs_no_colon(talk: Talk, line: str) -> None:
    talk("x = 3; y = 4; x*y")
    assert talk(line) == talk(f":{line}") != []


def test_a_name_of_the_session_is_no_command(talk: Talk) -> None:
    assert talk("grad = 2; vars(a) = a + 1; vars(grad)") == ["3"]
    assert talk("grad") == ["2"]
    assert talk("grad -1") == ["1"]
    with pytest.raises(ExpressionError, match="a command begins with a colon: :grad x"):
        talk("grad x")
    with pytest.raises(InputError):
        talk("vars")
    assert talk(":forget grad", "x = 3", "grad x^2 --quiet") == ["x 6.0"]


def test_clear_alone_drops_nothing(talk: Talk) -> None:
    for line in ("clear", "clear()"):
        with pytest.raises(UsageError, match=":clear"):
            talk("x = 3", line)
    assert talk("x") == ["3"]


@pytest.mark.parametrize("line", ["eval + 1", "grad - 1", "load*2", "draw"])
def test_an_operator_makes_a_word_an_input(talk: Talk, line: str) -> None:
    with pytest.raises(
        InputError if line != "draw" else UsageError, match="no value for" if line != "draw" else "last"
    ):
        talk(line)


@pytest.mark.parametrize(
    ("short", "line"),
    [(":g", ":grad"), (":gr x^2 --quiet", ":grad x^2 --quiet"), (":der", ":derive"), (":v", ":vars"), (":h", ":help")],
)
def test_a_command_may_be_shortened(talk: Talk, short: str, line: str) -> None:
    talk("x = 3; x^3")
    assert talk(short) == talk(line) != []


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (":d x", "write :descend, :derive or :draw"),
        (":e x", "write :eval, :export or :exit"),
        (":diff x", "did you mean :derive\\?"),
        (":maximize x", "did you mean :ascend\\?"),
    ],
)
def test_what_is_short_for_nothing(talk: Talk, line: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        talk(line)


# ── the last value ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["2 + 3", "ans*2", "ans + ans"], ["20"]),
        (["1/3", "ans*3"], ["1"]),
        (["0.1 + 0.2", "ans - 0.1 - 0.2"], ["2.7755575615628914e-17"]),  # all 17 digits are there
        (["2 - 5", "ans^2"], ["9"]),
        (["-0.0", "1/ans"], ["-inf"]),
        (["x = 3", "x^2", "x = 4", "ans"], ["9"]),
        (["x = 3", "x^2", "q = ans*x", "x = 4", "5", "q"], ["36"]),
        (["t = 10", "t = t*0.9", "ans"], ["9"]),
        (["2; ans*3; ans*4"], ["2", "6", "24"]),
        ([":eval 6*7", "ans"], ["42"]),
        (["6*7", ":eval 1 --quiet", "x = 2", ":eval x --quiet -x 5", "ans"], ["1"]),
        (["x = 3", "x*2", ":grad ans*x --quiet"], ["x 6.0"]),
        (["5", "ans = 3", "ans*2"], ["6"]),
        (["5", "ans = 3", "7", ":forget ans", "ans"], ["7"]),
        (["5", "f(ans) = ans^2", "f(3)"], ["9"]),
    ],
    ids=lambda value: "; ".join(value),
)
def test_ans_is_the_last_value(talk: Talk, lines: list[str], answer: list[str]) -> None:
    assert talk(*lines) == answer


@pytest.mark.parametrize("lines", [["ans"], ["x = 3", "ans + 1"], [":grad ans"], ["2", ":clear", "ans"]])
def test_there_is_no_last_value_yet(talk: Talk, lines: list[str]) -> None:
    with pytest.raises(InputError, match=r"there is no ans yet.*\n  type an expression before, or set it: ans = 2"):
        talk(*lines)


def test_ans_loses_no_uncertainty(talk: Talk) -> None:
    with pytest.raises(InputError, match="which would be lost"):
        talk("V = 12±0.1", "2*V", "ans")


# ── lines of the shell ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", ["", "$ ", "  $  "])
def test_a_line_of_the_shell_runs(talk: Talk, before: str) -> None:
    talk("x = 100")
    assert talk(f'{before}circuit grad "(x+y)*z" -x -2 -y 5 -z -4 --quiet') == ["x -4.0", "y -4.0", "z 3.0"]
    assert talk(f'{before}circuit "2+3" --quiet') == ["5.0"]
    assert talk("x") == ["100"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("circuit repl", "leave it with :quit"),
        ("circuit evla 1", "did you mean circuit eval?"),
        ('circuit derive "x^3" | circuit derive -', "the shell has them: circuit repl < SCRIPT > FILE"),
        ("circuit eval -", "name a file"),
    ],
)
def test_a_line_of_the_shell_that_cannot_run(talk: Talk, line: str, hint: str) -> None:
    with pytest.raises(UsageError) as found:
        talk(line)
    assert found.value.hint == hint


def test_circuit_may_be_a_name(talk: Talk) -> None:
    assert talk("circuit = 3", "circuit") == ["3"]
    assert talk("circuit -1") == ["2"]


def test_a_value_may_be_uncertain(talk: Talk) -> None:
    assert talk("V = 12±0.1") == []
    assert talk("R = 100 +/- 1%", "V/R") == ["0.1200 ± 0.0016"]  # 0.12 * hypot(0.1/12, 0.01) = 0.00156
    with pytest.raises(InputError, match="which would be lost"):
        talk("V = V + 1")
    with pytest.raises(InputError, match="is empty"):
        talk("W = ±1")


def test_what_is_not_finite_says_why(talk: Talk) -> None:
    assert talk("1/0") == ["inf"]
    assert (talk.status, talk.noted) == (3, "note: 1 / 0: division by zero\n")


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bare_command_is_about_the_last_expression(talk: Talk) -> None:
    talk("x = 3; y = 4; x*y")
    assert talk(":grad --quiet") == ["x 4.0", "y 3.0"]
    assert talk("x = 5", ":grad --quiet") == ["x 4.0", "y 5.0"]
    assert talk(":grad x^2 --quiet") == ["x 10.0"]
    assert talk(":eval --quiet") == ["25.0"]
    assert talk("q = x - y", ":grad --quiet") == ["x 1.0", "y -1.0"]


def test_a_command_takes_statements_and_options(talk: Talk) -> None:
    assert talk(":grad x = -2; y = 5; z = -4; q = x + y; f = q*z --wrt q,z --quiet") == ["q -4.0", "z 3.0"]
    assert talk("f") == ["-12"]
    assert talk(":grad x*y --quiet -x 10") == ["x 5.0", "y 10.0"]
    assert talk("x") == ["-2"]
    assert talk(':grad x^2*y --claim "x = 2*x*y; y = x^2" --quiet  # mine') == ["x agree", "y agree"]
    assert talk(":grad -x --quiet") == ["x -1.0"]
    assert talk(":eval (1 +  # one\n 2) --quiet") == ["3.0"]
    assert talk(":grad a*b --quiet -a 2 -b 3") == ["a 3.0", "b 2.0"]


def test_the_status_is_the_commands_own(talk: Talk) -> None:
    talk(":eval 1 > 2 --test")
    assert talk.status == 1
    talk(":grad 1/x --quiet -x 0")
    assert talk.status == 3


def test_derive_needs_no_values(talk: Talk) -> None:
    assert talk(":derive x^2*y") == ["grad_x = y * (2 * x)", "grad_y = x^2"]
    assert talk("x = 3", ":derive") == ["grad_x = y * (2 * x)", "grad_y = x^2"]
    assert talk("y = 5", ":derive") == ["grad_x = y * (2 * x)  # 30", "grad_y = x^2  # 9"]


def test_after_an_ascent_the_inputs_stand_where_it_ended(talk: Talk) -> None:
    talk("x = -2; y = 3", ":ascend x*y --step 0.01 --steps 1")
    assert talk.noted == "note: x = -1.97, y = 2.98 now\n"
    assert talk("x*y") == ["-5.8706"]
    talk(":descend (x - 1)^2 + (y + 2)^2 --wrt x --quiet")
    assert talk.noted == ""
    [found] = talk("x")
    assert math.isclose(float(found), 1.0, rel_tol=1e-8)
    assert talk("y") == ["2.98"]


def test_an_ascent_that_stops_short_moves_too(talk: Talk) -> None:
    talk("x = 0", ":ascend -(x - 1)^2 --step 0.25 --max-steps 1")  # x + 0.25 * 2
    assert (talk.status, talk("x")) == (1, ["0.5"])


@pytest.mark.parametrize(
    ("climb", "how"),
    [
        (":ascend x^2", "unbounded"),
        (":ascend log(x) - 10*x --step 1", "nonfinite"),
        (":descend x^2 --step 10", "overshoot"),
    ],
)
def test_an_ascent_that_ran_away_moves_nothing(talk: Talk, climb: str, how: str) -> None:
    talk("x = 3", climb)
    assert talk.noted.endswith(f"note: the inputs stay where they were, for it ended as {how}\n")
    assert talk("x") == ["3"]


def test_vars_can_be_read_again(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    talk("x = -2; V = 3", "V = 12±0.1", "f = q*z", "g(a) = a^2", "q = g(x) + V", "r = nobody")
    shown = talk(":vars")
    assert shown == [
        "x = -2",
        "V = 12±0.1",
        "g(a) = a^2",
        "q = g(x) + V  # 16.00 ± 0.10",
        "f = q*z",  # which was said before
        "r = nobody",
    ]
    assert Talk(capsys)(*shown, ":vars") == shown
    assert talk(":forget q, V", ":vars") == ["x = -2", "f = q*z", "g(a) = a^2", "r = nobody"]
    assert talk(":clear", ":vars") == []


def test_a_file_is_read_as_if_it_were_typed(talk: Talk, tmp_path: Path) -> None:
    assert talk(f":load {FILES / 'pendulum.circuit'}") == ["g = 9.810652192067229"]
    assert talk("T = 2", "g") == ["9.869604401089358"]
    broken = tmp_path / "model.circuit"
    broken.write_text("x = 3\n\nq = (x +\n  2y)\n")
    with pytest.raises(CircuitError) as found:
        talk(f':load "{broken}"')
    assert str(found.value).splitlines() == [
        f"{broken}, line 4: unexpected y: expected an operator or the end",
        "    2y)",
        "     ^",
        "  write 2*y",
    ]
    with pytest.raises(FileError):
        talk(":load nowhere.circuit")


def test_a_file_that_loads_itself(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop.circuit").write_text("x = 3\n:load ./loop.circuit\n")
    Path("there.circuit").write_text(":load back.circuit\n")
    Path("back.circuit").write_text(":load there.circuit\n")
    Path("twice.circuit").write_text(":load model.circuit\n:load model.circuit\n")
    Path("model.circuit").write_text("1 + 1\n")
    for name, message in [
        ("loop.circuit", "loop.circuit, line 2: ./loop.circuit loads itself"),
        ("there.circuit", "back.circuit, line 1: there.circuit loads itself"),
    ]:
        with pytest.raises(CircuitError) as found:
            talk(f":load {name}")
        assert found.value.message == message
    assert talk(":load twice.circuit") == ["2", "2"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (":grad", ":grad is about the last expression, and there is none\n  write for example :grad x^2"),
        (":gard x", "there is no command :gard\n  did you mean :grad?"),
        (":", "there is no command :\n  :help lists them"),
        (":repl", "there is no command :repl\n  :help lists them"),
        (":grad 1 --chek", "there is no option --chek\n  did you mean --check?"),
        (':eval 1 --claim "x', "a quotation is not closed\n  write both quotes"),
        (":grad f(a) = a", "this defines a gate: there is nothing to evaluate\n  add an expression that uses it"),
        (":eval 1 --inputs -", "standard input is the session's own\n  name a file"),
        (":forget", ":forget wants a name\n  :vars shows what there is; :clear drops all"),
        (":forget q", "there is no q\n  :vars shows what there is"),
        (":clear x", ":clear stands alone\n  it drops all; to drop one write :forget x"),
        (":vars sin", ":vars stands alone\n  to see one write its name: sin"),
        (":quit now", ":quit stands alone\n  to leave write :quit"),
        (":help gard", "there is no command :gard\n  did you mean :grad?"),
        (":load", ":load wants a file\n  write for example :load model.circuit"),
        (":gates sigmod", "there is no gate sigmod\n  did you mean sigmoid?"),
    ],
)
def test_commands_that_cannot_be(talk: Talk, line: str, message: str) -> None:
    with pytest.raises((UsageError, InputError)) as found:
        talk(line)
    assert str(found.value) == message


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (":grad x^2 -x 5", "in a session inputs are set before: x = 5"),
        (":grad x*y -x=5 -y pi/4 --check", "in a session inputs are set before: x = 5; y = pi/4"),
        (":grad -x 5", "in a session inputs are set before: x = 5"),
        (":eval x*2 > out", "> compares, for a session has no redirection; the shell has them: circuit repl"),
        (":eval x*2 > out.txt", "a session has no pipes and no redirection; the shell has them"),
        (":grad x*y | head", "a session has no pipes and no redirection; the shell has them"),
        (":eval |x|", "for the absolute value write abs"),
        (":eval 2x > 1", "write 2\\*x"),
        (":grad x --json | jq .", "the shell has them"),
        (":plot x --json > out", "the shell has them"),
        (":gates | head", "the shell has them"),
        (":vars > model.circuit", "the shell has them"),
        (":eval nobody > x", "write for example nobody = 2"),
        (":grad sin(x)--check", "a space is missing before --check"),
        (":grad sin(x)--wrt x", "a space is missing before --wrt"),
        (":grad q", r"q is a gate: write q\(x, y\)"),
        ("q + 1", r"q is a gate: write q\(x, y\)"),
        ("1 + atan2", r"atan2 is a gate: write atan2\(y, x\)"),
    ],
)
def test_habits_of_the_shell(talk: Talk, line: str, hint: str) -> None:
    talk("q(x, y) = x*y", "x = 3", "y = 4")
    with pytest.raises(CircuitError, match=hint):
        talk(line)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("let k = 3", "write k = 3$"),
        ("k := 3", "write k = 3$"),
        ("k += 1", "write k = k \\+ 1;"),
        ("k *= a-b", r"k \* \(a-b\);"),
    ],
)
def test_definitions_of_other_languages(talk: Talk, line: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as found:
        talk(line)
    assert re.search(hint, found.value.hint)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("minimize (x-1)^2", "write :descend (x-1)^2"),
        ("diff x^2*y", "write :derive x^2*y"),
        ("fsolve a^2 - 2*a", "write :solve a^2 - 2*a -a -10..10"),
        ("max x", "write :ascend x"),
    ],
)
def test_commands_of_other_programs(talk: Talk, line: str, hint: str) -> None:
    talk("x = 3; y = 4")
    with pytest.raises(ExpressionError) as found:
        talk(line)
    assert found.value.hint == hint
    assert talk(hint.removeprefix("write ")) != []


def test_two_dashes_may_be_two_signs(talk: Talk) -> None:
    assert talk("x = 3; check = 2; x", ":eval x--check --quiet") == ["5.0"]


def test_gates_and_help(talk: Talk) -> None:
    assert [line.split()[1] for line in talk(":gates log hypot") if line.startswith(" gate")] == ["log(x),", "hypot(x,"]
    assert ":grad " in "\n".join(talk(":help"))
    assert talk(":grad --help")[0].startswith("Usage: circuit grad")
    assert talk(":help grad") == talk(":grad --help")
    assert talk(":help :forget") == [":forget NAME          Drop an input, a node or a gate."]
    for word in (":quit", ":q", ":exit  # now"):
        with pytest.raises(EOFError):
            talk(word)


def test_an_input_and_a_gate_of_one_name_are_forgotten_aloud(talk: Talk) -> None:
    assert talk("f(a) = a", "f = 3", ":forget f()", ":vars") == ["f = 3"]
    talk("f(a) = a", ":forget f")
    assert talk.noted == "note: f and f() are gone; :forget f() drops the gate alone\n"
    assert talk(":vars") == []


# ── the parts ───────────────────────────────────────────────────────────────────────────────────────────────


def test_pieces_of_a_text() -> None:
    text = "x=-2; y = (3 +\n # a ( comment\n k) # c\n# c2\n\nf(a, b) = (a*b + k);q=(x)+ sin(y)*f(1,2)\n(x)"
    found = [(p.statement, p.name, p.value().statement, list(p.uses)) for p in pieces(text)]
    assert found == [
        ("x=-2", "x", "-2", []),
        ("y = (3 +\n # a ( comment\n k)", "y", "(3 +\n # a ( comment\n k)", ["k"]),
        ("f(a, b) = (a*b + k)", "f()", "(a*b + k)", ["k"]),
        ("q=(x)+ sin(y)*f(1,2)", "q", "(x)+ sin(y)*f(1,2)", ["x", "y", "sin()", "f()"]),
        ("(x)", "", "(x)", ["x"]),
    ]
    for piece in pieces(text):
        assert all(text[a:b] == use.removesuffix("()") for use, (a, b) in piece.uses.items())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb", [(1, "a"), (2, "b")]),
        ("(a +\n b)\nc", [(1, "(a +\n b)"), (3, "c")]),
        ("(a  # (\n + b)\nc", [(1, "(a  # (\n + b)"), (3, "c")]),
        (":grad (a +\n b) --check\nc", [(1, ":grad (a +\n b) --check"), (3, "c")]),
        ("(2a\nb", [(1, "(2a"), (2, "b")]),  # the mistake is told at once
        ("a\n(b +", [(1, "a"), (2, "(b +")]),
        ("grad x*(a +\n b) --check\nc", [(1, "grad x*(a +\n b) --check"), (3, "c")]),
        (":g (a +\n b)\nc", [(1, ":g (a +\n b)"), (3, "c")]),
        (":gates sigmoid(\nb", [(1, ":gates sigmoid("), (2, "b")]),
        (":forget f(\nb", [(1, ":forget f("), (2, "b")]),
    ],
)
def test_what_belongs_together(text: str, lines: list[tuple[int, str]]) -> None:
    assert list(logical_lines(text.split("\n"))) == lines


@pytest.mark.parametrize(
    ("before", "offered", "not_offered"),
    [
        ("2*sigm", ["sigmoid("], ["sin("]),
        ("le", ["length", "leaky_relu("], ["log("]),
        ("", ["length", "area(", "q"], ["sin("]),
        ("ta", ["tan(", "tau"], []),
        ("ln", ["ln("], []),
        ("an", [], ["and("]),
        (":gr", ["grad "], ["gates "]),
        (":g q --ch", ["--check"], ["--claim"]),
        ("grad q --ch", ["--check"], ["--claim"]),
        (":", ["eval ", "quit "], ["repl "]),
        (":grad q --ch", ["--check"], ["--claim", "--set"]),
        (":forget a", ["area"], ["abs("]),
        (":nothing --", [], []),
        (":gates sigm", ["sigmoid"], ["sigmoid("]),
        (":gates arct", ["arctan"], ["arctan("]),
        (":gates ", ["tanh", "ln"], ["pi", "length"]),
        (":grad --to ", ["table", "json"], ["length", "q"]),
        (":grad q*le --to j", ["json", "jsonl"], ["csv"]),
        (":grad q --wrt le", ["length"], ["--json"]),
        (":grad q --json le", ["length"], ["json"]),
        (":descend --method ", ["lbfgs", "adam"], ["length"]),
        (":descend --steps ", [], ["length"]),
        (":plot --out pend", ["pendulum.circuit"], []),
        (":grad q --json -- pend", ["pendulum.circuit"], []),
        (":help ", ["grad", "vars"], ["length", "repl"]),
        (":vars ", [], ["length"]),
    ],
)
def test_what_may_stand_at_the_cursor(
    before: str, offered: list[str], not_offered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FILES)
    session = Session()
    for line in ("length = 3", "area(a) = a^2", "q = x + 1"):
        for piece in pieces(line):
            session.define(piece)
    found = [suggestion.text for suggestion in suggestions(before, session)]
    assert set(offered) <= set(found)
    assert not set(not_offered) & set(found)


def test_files_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILES)
    assert [s.text for s in suggestions(":load pend", Session())] == ["pendulum.circuit"]


def test_which_commands_take_an_expression() -> None:
    taking = [name for name, row in COMMANDS.items() if isinstance(row.load(), ExpressionCommand)]
    assert taking == [name for name, row in COMMANDS.items() if row.expression]


def test_a_long_chain_is_no_recursion() -> None:
    session = Session()
    for k in range(3000):
        [piece] = pieces(f"n{k + 1} = n{k} + 1")
        session.statements[piece.name] = piece
    [last] = pieces("n3000")
    assert session.ask(last).missing == ["n0"]
    with pytest.raises(ExpressionError, match="would need itself"):
        session.define(pieces("n0 = n3000")[0])


# ── families ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("line", ["W = [[1,2],[3,4]]", "W = 1, 2; 3, 4", "W=[1, 2; 3, 4]  # rows", "W = 1,2,3,4"])
def test_a_list_is_the_value_of_a_family(talk: Talk, line: str) -> None:
    assert talk("f = sum(W[j,i]*x[i] for j in 1:2, i in 1:2)", "x = 1, 10", line, "f") == ["64"]
    assert talk(":grad f --wrt x --quiet") == ["x[1] 4.0", "x[2] 6.0"]
    assert talk("x") == ["x = 1, 10"] and talk("W")[0].startswith("W = ")
    if ",3," not in line:
        assert talk("W[2,1]") == ["3"]
    assert talk("x[2] = 0", "f") == ["4"]
    again = talk(":vars")
    assert talk(":clear", *again, "f") == ["4"]
    assert talk("W = 1", "f") == ["2"] and talk("x = 2", "f") == ["8"]  # for all, also those that were set alone
    assert talk(":forget x", "W = [[1±0.1, 2], [3, 4]]", "x = 1", "f") == ["10.00 ± 0.10"]


def test_what_is_no_list(talk: Talk) -> None:
    for line, hint in {
        "x = 1,5": "write x = 1.5; two values are x = 1, 5",
        "x = 1, y": "",
        ':grad sum(x[i] for i in 1:3) -x "1,2,3"': "in a session inputs are set before: x = 1,2,3",
        ":grad sum(x[i] for i in 1:3) -x 1,2,3 -y 2": "x = [1,2,3], and in another line y = 2",
        ":grad sum(x[i] for i in 1:3)": "write for example x = 2",
    }.items():
        with pytest.raises(CircuitError) as error:
            talk(line)
        assert hint in error.value.hint
    assert talk("x = 1, 2", "x[1]") == ["1"]
    with pytest.raises(InputError, match="x is a list, and one number is wanted"):
        talk("x*2")
    with pytest.raises(InputError, match=r"no value for x\[3\]"):
        talk("sum(x[i] for i in 1:3)")
    assert talk("p(t) = sum(a[k]*t^k for k in 0:2)", "a = 1, 2, 3", "p(2)") == ["17"]
    assert talk("h[j] = j*x[j] for j in 1:2", "h") == ["h[1] = 1", "h[2] = 4"]
    assert talk("k[1] = x[1]*2", "k") == ["k[1] = 2"] and talk("y[1] = 5", "y") == ["y[1] = 5"]


def test_results_that_of_names_come_along(talk: Talk) -> None:
    lines = talk("x = 1, 2", "f = sum(x[i]^2 for i in 1:2); g = 3*x[1]", ":grad --of f,g --wrt x")
    assert [line for line in lines if line.startswith(" gradient of")] == [" gradient of f", " gradient of g"]
    assert talk(":grad --of=f --along x=1")[-1] == " along x[1]=1, x[2]=1: 6"


def test_an_ascent_over_files_shows_the_results_beside(talk: Talk) -> None:
    program = ["p = a*x", "loss = mean((y - p)^2)", "furthest = max(abs(y - p))", "other = mean(k*x)"]
    climb = "--step 0.01 --steps 1"
    file = FILES / "pts.csv"
    told = circuit("descend", "; ".join([*program[:3], "loss"]), "-a", "0", *climb.split(), str(file)).stdout
    assert "furthest" in told
    assert talk(*program, "a = 0", f":descend loss {climb} -- {file}") == told.splitlines()
    alone = talk("a = 0", f":descend mean((y - p)^2) {climb} -- {file}")
    assert not any("furthest" in line for line in alone)
