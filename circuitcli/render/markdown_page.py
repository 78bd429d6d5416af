"""Pages in Markdown, laid out for a terminal."""

from __future__ import annotations

from shutil import get_terminal_size

WIDEST = 100  # columns in which lines are still easy to read


def laid_out(text: str) -> str:
    """A page as a terminal of this width shows it."""
    from io import StringIO

    from rich.console import Console
    from rich.markdown import Markdown

    file = StringIO()
    width = min(get_terminal_size().columns, WIDEST)
    console = Console(file=file, width=width, force_terminal=True)
    console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False))
    return file.getvalue()
