"""Text -> Graph in two stages: `syntax` reads the text by the grammar, `resolve` finds what its names mean."""

from __future__ import annotations

from circuitcli.language.claims import claims_of
from circuitcli.language.names import canonical, is_name
from circuitcli.language.resolve import graph_of
from circuitcli.language.statements import StatementText, pieces, unfinished
from circuitcli.language.syntax import Program, parse

__all__ = ["Program", "StatementText", "canonical", "claims_of", "graph_of", "is_name", "parse", "pieces", "unfinished"]
