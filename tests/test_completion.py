"""Completion: what is offered, and real shells that complete what is typed."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.commands.completion import SHELLS
from tests.support import FILES, HERE, circuit, on_path


def offered(*words: str) -> list[str]:
    """The completions of the last of the words, as they stand on the line."""
    line = " ".join(words)
    done = circuit(_CIRCUIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    assert not done.stderr
    return [item.partition(",")[2] for item in done.stdout.split()]


def test_commands_and_their_options() -> None:
    assert offered("circuit", "gr") == ["grad"]
    assert offered("circuit", "") == list(COMMANDS)
    assert "--json" in offered("circuit", "grad", "'x'", "--j")
    assert offered("circuit", "grad", "'x'", "--to", "js") == ["json", "jsonl"]
    assert offered("circuit", "completion", "") == list(SHELLS)


def test_the_inputs_of_the_expression_that_have_no_value_yet() -> None:
    assert {"-x", "-y", "-z"} <= set(offered("circuit", "grad", "'(x+y)*z'", "-"))
    assert "-x" not in offered("circuit", "grad", "'(x+y)*z'", "-x", "1", "-")
    assert "-y" in offered("circuit", "grad", "'(x+y)*z'", "-x", "1", "-")
    assert offered("circuit", "grad", "'x +'", "-q") == []


def test_names_behind_wrt_and_of() -> None:
    layer = "'h[j] = W[j,1]*x + b for j in 1:2; f = h[1]*h[2]; g = f + b'"
    assert offered("circuit", "grad", layer, "-")[:3] == ["-W", "-x", "-b"]
    assert offered("circuit", "grad", layer, "-W", "1", "-")[:2] == ["-x", "-b"]
    assert offered("circuit", "grad", layer, "--wrt", "") == ["W", "x", "b", "h", "f", "g"]
    assert offered("circuit", "descend", layer, "--wrt", "W") == ["W"]
    assert offered("circuit", "grad", layer, "--of", "") == ["h", "f", "g"]
    assert offered("circuit", "grad", "'x +'", "--wrt", "") == []
    line = f"circuit grad {layer} --wrt W,"
    done = circuit(_CIRCUIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="4")
    assert done.stdout.split() == [f"plain,W,{name}" for name in ("x", "b", "h", "f", "g")]


def test_the_gates_that_are_not_there_yet() -> None:
    assert offered("circuit", "gates", "sig") == ["sign", "sigmoid"]
    assert offered("circuit", "gates", "sigmoid", "sig") == ["sign"]
    assert offered("circuit", "gates", "arct") == ["arctan", "arctan2", "arctanh"]  # aliases
    assert "--json" in offered("circuit", "gates", "--")


@pytest.mark.parametrize("option", ["--file", "--inputs", "--out"])
def test_an_option_that_takes_a_file_leaves_its_value_to_the_shell(option: str) -> None:
    done = circuit(_CIRCUIT_COMPLETE="bash_complete", COMP_WORDS=f"circuit grad {option} pen", COMP_CWORD="3")
    assert done.stdout == "file,pen\n"


def test_completing_commands_loads_none() -> None:
    code = "from circuitcli.cli.command_group import circuit; circuit.main([], 'circuit', standalone_mode=False)"
    spy = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {code}"
    env = {**os.environ, "_CIRCUIT_COMPLETE": "bash_complete", "COMP_WORDS": "circuit gr", "COMP_CWORD": "1"}
    done = subprocess.run([sys.executable, "-c", spy], env=env, capture_output=True, text=True, timeout=300)
    assert done.stdout == "plain,grad\n"
    loaded = set(done.stderr.split())
    assert "circuitcli.cli" in loaded and not loaded & {"circuitcli.cli.commands.grad", "circuitcli.cli.options"}


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_can_be_read_by_its_shell(shell: str) -> None:
    script = circuit("completion", shell)
    assert (script.returncode, script.stderr) == (0, "")
    assert script.stdout == circuit(_CIRCUIT_COMPLETE=f"{shell}_source").stdout  # as click itself prints it
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n"], input=script.stdout, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_name_it_is_for_the_shell_of_the_user() -> None:
    done = circuit("completion", SHELL="/usr/bin/fish")
    assert done.stdout == circuit("completion", "fish").stdout
    assert done.stderr.startswith("note: for fish, which $SHELL names")
    for shell, message in (("/bin/tcsh", "there is no completion for /bin/tcsh"), ("", "$SHELL is not set")):
        done = circuit("completion", SHELL=shell)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr and "write circuit completion bash, zsh or fish" in done.stderr


def test_an_unknown_shell_is_an_error_that_names_the_three() -> None:
    done = circuit("completion", "tcsh")
    assert (done.returncode, done.stdout) == (2, "")
    assert all(shell in done.stderr for shell in SHELLS)


# ── real shells ─────────────────────────────────────────────────────────────────────────────────────────────

TYPED = [  # before the key, and after it
    ("circuit gr", "circuit grad "),
    ("circuit gates sigm", "circuit gates sigmoid "),
    ("circuit grad 'x*y' --hess", "circuit grad 'x*y' --hessian "),
    ("circuit grad 'learning_rate*y' -le", "circuit grad 'learning_rate*y' -learning_rate "),
    ("circuit grad 'learning*y' -y 2 -", "circuit grad 'learning*y' -y 2 -"),  # many
    ("circuit eval --file pend", "circuit eval --file pendulum.circuit "),
    ("circuit eval 'x^2' decay", "circuit eval 'x^2' decay.csv "),
]
SHOW = "\x07"  # the key that prints what is typed so far
START = {
    "bash": """
        eval "$(circuit completion bash)"
        show() { printf '<%s>\\n' "$READLINE_LINE"; }
        bind -x '"\\C-g": show'
    """,
    "zsh": """
        autoload -Uz compinit && compinit -D -u
        eval "$(circuit completion zsh)"
        show() { print -r -- "<$BUFFER>" }
        zle -N show
        bindkey '^G' show
    """,
}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("before", "after"), TYPED)
@pytest.mark.parametrize("shell", START)
def test_a_shell_completes_what_is_typed(shell: str, before: str, after: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    start = tmp_path / (".zshrc" if shell == "zsh" else "start")
    start.write_text(START[shell])
    on_path(tmp_path / "bin")
    words = [shell, "--rcfile", str(start), "-i"] if shell == "bash" else [shell, "-i"]
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(HERE.parent)}
    env |= {"ZDOTDIR": str(tmp_path), "TERM": "dumb", "PS1": "", "HOME": str(tmp_path)}
    assert typed(words, f"{before}\t{SHOW}", env) == after


def typed(words: list[str], keys: str, env: dict[str, str]) -> str:
    """The line of a shell on a terminal of its own, when the shell is told to show it."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        words, stdin=follower, stdout=follower, stderr=follower, env=env, cwd=FILES, start_new_session=True
    )
    os.close(follower)
    os.write(leader, keys.encode())
    seen, end = "", time.monotonic() + 180
    while not (found := re.search(r"<(circuit .*)>", seen)):
        assert time.monotonic() < end, seen
        if select.select([leader], [], [], 1)[0]:
            seen += os.read(leader, 65536).decode()
    process.kill()
    process.wait(180)
    os.close(leader)
    return found[1]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(("before", "after"), TYPED)
def test_fish_completes_what_is_typed(before: str, after: str, tmp_path: Path) -> None:
    on_path(tmp_path / "bin")
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(HERE.parent)}
    script = 'circuit completion fish | source; complete -C "$argv"'
    words = ["fish", "--no-config", "-c", script, before]
    done = subprocess.run(words, env=env, cwd=FILES, capture_output=True, text=True, timeout=300)
    offered = [line.partition("\t")[0] for line in done.stdout.splitlines()]
    last = after.split(" ")[-2] if after.endswith(" ") else "-learning"
    assert last in offered and (len(offered) == 1 or not after.endswith(" "))
