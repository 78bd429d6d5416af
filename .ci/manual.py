"""The build hook that puts a manual page for every command and every topic into the wheel."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Manual(BuildHookInterface):
    """Pages in share/man, where man finds them for a program on PATH."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from circuitcli.cli.manual_pages import pages
        from circuitcli.cli.topic_manual import topic_pages

        self.folder = TemporaryDirectory()
        seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
        day = time.strftime("%Y-%m-%d", time.gmtime(seconds))
        for name, text in (pages(day) | topic_pages(day)).items():
            page = Path(self.folder.name, name)
            page.write_text(text, encoding="ascii")
            build_data["shared_data"][str(page)] = f"share/man/man{name[-1]}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self.folder.cleanup()
