"""The line that a person types: history across sessions, completion, more lines while a parenthesis is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from circuitcli.cli.session.history_file import history_file
from circuitcli.cli.session.logical_lines import goes_on
from circuitcli.cli.session.suggestions import Suggestion


class Prompt:
    """A prompt on the terminal; `suggest` lists the texts that may follow one."""

    def __init__(self, prompt: str, suggest: Callable[[str], Iterable[Suggestion]]) -> None:
        self._session: PromptSession[str] = PromptSession(
            prompt,
            multiline=Condition(lambda: goes_on(get_app().current_buffer.text)),
            prompt_continuation=" " * len(prompt),
            completer=_Completer(suggest),
            complete_while_typing=False,
            enable_suspend=True,
            history=_history(),
        )

    def read(self) -> str:
        """The text that was typed. Raises KeyboardInterrupt at Ctrl-C and EOFError at Ctrl-D."""
        return self._session.prompt()


class _Completer(Completer):
    def __init__(self, suggest: Callable[[str], Iterable[Suggestion]]) -> None:
        self._suggest = suggest

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for text, typed, what in self._suggest(document.text_before_cursor):
            yield Completion(text, -len(typed), display_meta=what)


class _FileHistory(FileHistory):
    def store_string(self, string: str) -> None:
        with suppress(OSError):  # a full disk must not end a session
            super().store_string(string)


def _history() -> History:
    """The history in a file of the user's own; where that cannot be written, one that lasts for the session."""
    path = history_file()
    return _FileHistory(path) if path else InMemoryHistory()
