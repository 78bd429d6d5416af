"""The line that a person types where prompt_toolkit is not installed: Python's own, with the history of readline."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from circuitcli.cli.session.history_file import history_file
from circuitcli.cli.session.logical_lines import goes_on


class PlainPrompt:
    """A prompt without completion. Its history is the file of the other prompt, in whose form a line is behind a +."""

    def __init__(self, prompt: str) -> None:
        self._prompt = prompt
        self._path = history_file()
        self._remember()

    def read(self) -> str:
        """The text that was typed. Raises KeyboardInterrupt at Ctrl-C and EOFError at Ctrl-D."""
        try:
            text = input(self._prompt)
            while goes_on(text):
                text += "\n" + input(" " * len(self._prompt))
        except (KeyboardInterrupt, EOFError):
            print()
            raise
        self._keep(text)
        return text

    def _remember(self) -> None:
        """Give readline, where Python has it, the lines of earlier sessions."""
        with suppress(ImportError, OSError):
            import readline

            with open(self._path, encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    if line.startswith("+"):
                        readline.add_history(line[1:].rstrip("\n"))

    def _keep(self, text: str) -> None:
        if text.strip() and self._path:
            kept = "".join(f"+{line}\n" for line in text.split("\n"))
            with suppress(OSError), open(self._path, "a", encoding="utf-8") as history:
                history.write(f"\n# {datetime.now()}\n{kept}")
