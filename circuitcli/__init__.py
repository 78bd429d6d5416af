"""Autodiff in the shell: the value and the gradient of every node of an expression.

>>> from circuitcli import Circuit
>>> Circuit("(x+y)*z").gradient(x=-2, y=5, z=-4)
{'x': -4.0, 'y': -4.0, 'z': 3.0}
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes milliseconds to load, in which Ctrl-C would find nobody who knows what to do
if TYPE_CHECKING:
    from typing import Any

    from circuitcli.api import Circuit
    from circuitcli.errors import CircuitError, ExpressionError, FileError, InputError, UsageError

__version__ = "0.2.0"
__all__ = ["Circuit", "CircuitError", "ExpressionError", "FileError", "InputError", "UsageError", "__version__"]


def __getattr__(name: str) -> Any:
    """The public names, imported when first asked for: `circuit --version` needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("circuitcli.api" if name == "Circuit" else "circuitcli.errors"), name)


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook the words %circuit and %%circuit: it calls this for `%load_ext circuitcli`."""
    from importlib import import_module

    import_module("circuitcli.cli.notebook_magic").load(shell)


def __dir__() -> list[str]:
    """The public names, for who asks a prompt for them."""
    return __all__
