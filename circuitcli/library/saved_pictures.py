"""Files of pictures that Python saves."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from circuitcli.errors import UsageError
from circuitcli.render.file_endings import ending_of, endings_of, with_ending
from circuitcli.render.picture_forms import PictureForm


def save(path: str | os.PathLike[str], forms: Mapping[str, PictureForm], drawn: Callable[[str], str | bytes]) -> None:
    """Write the picture that is `drawn` in the form that the ending of a file means. The file appears when it is
    complete. Raises UsageError for an ending of no form."""
    name = os.fspath(path)
    form = with_ending(ending_of(name), forms)
    if form is None:
        raise UsageError(f"the ending of {name} is unknown", f"use one of {endings_of(forms)}")
    content = drawn(form.name)
    from circuitcli.atomic_files import whole_file

    with whole_file(name) as file:
        file.write(content.encode() if isinstance(content, str) else content)
