"""Text -> Graph in two stages: `syntax` reads the text by the grammar, `resolve` finds what its names mean."""

from __future__ import annotations

from circuitcli.language.names import canonical, is_name
from circuitcli.language.resolve import graph_of
from circuitcli.language.syntax import Program, parse

__all__ = ["Program", "canonical", "graph_of", "is_name", "parse"]
