"""circuit completion: the script by which a shell completes commands, options, files, gates and inputs; click's own."""

from __future__ import annotations

import os

import click

from circuitcli.cli.notes import note
from circuitcli.cli.teaching_help import TaughtCommand, taught
from circuitcli.errors import UsageError

SHELLS = ("bash", "zsh", "fish")
EXAMPLES = (
    '# in ~/.bashrc: eval "$(circuit completion bash)"\ncircuit completion bash',
    '# in ~/.zshrc, below compinit: eval "$(circuit completion zsh)"\ncircuit completion zsh',
    "# in ~/.config/fish/config.fish: circuit completion fish | source\ncircuit completion fish",
)


@taught(EXAMPLES)
@click.command("completion", cls=TaughtCommand)
@click.argument("shell", required=False, type=click.Choice(SHELLS), metavar="[SHELL]")
@click.pass_context
def command(ctx: click.Context, shell: str | None) -> int:
    """The script that completes commands, options, files, gates and the inputs of an expression in bash, zsh or fish.

    Without a name it is for the shell that $SHELL names.
    """
    from click.shell_completion import get_completion_class

    shell = shell or _shell()
    completion = get_completion_class(shell)
    assert completion is not None
    group = ctx.find_root().command
    print(completion(group, {}, "circuit", "_CIRCUIT_COMPLETE").source(), end="")
    return 0


def _shell() -> str:
    """The shell that $SHELL names. Raises UsageError where that is none of ours."""
    path = os.environ.get("SHELL", "")
    shell = os.path.basename(path)
    if shell not in SHELLS:
        found = f"there is no completion for {path}, which $SHELL names" if path else "which shell? $SHELL is not set"
        raise UsageError(found, f"write circuit completion {', '.join(SHELLS[:-1])} or {SHELLS[-1]}")
    note(f"for {shell}, which $SHELL names; circuit completion {shell} says the same without this note")
    return shell
