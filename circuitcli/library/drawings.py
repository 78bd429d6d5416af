"""The drawing of a circuit, as Python has it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from circuitcli.analysis.lost_digits import restored
from circuitcli.errors import CircuitError, UsageError, shortened
from circuitcli.extras import refuse_missing
from circuitcli.graph import Graph
from circuitcli.pictures.diagram import Diagram, diagram
from circuitcli.pictures.drawn_points import drawn_point, moving_point
from circuitcli.read_circuit import ReadCircuit
from circuitcli.render.number_format import DIGITS, FLOAT_DIGITS
from circuitcli.render.picture_forms import FEW, PICTURES

MOST_BOXES = 60  # of a circuit that a notebook draws unasked
LARGEST = 5_000  # nodes of such a circuit: who has more does not wait for boxes to be counted
LONGEST = 4_000  # characters of its program


class Drawing:
    """A circuit with the value above each wire and the gradient below it, or as a bare graph.

    Its text is the tree of `circuit draw`; a notebook shows `svg`. `digits` are 4 in a picture and 10 in a tree.
    """

    def __init__(
        self,
        graph: Graph,
        given: Mapping[str, float],
        wrt: Sequence[str],
        title: str,
        digits: int | None = None,
        unfold: bool = False,
    ) -> None:
        if digits is not None and not (isinstance(digits, int) and 1 <= digits <= FLOAT_DIGITS):
            raise UsageError(f"digits are a whole number from 1 to {FLOAT_DIGITS}, not {digits!r}", "write digits=6")
        self._graph, self._given, self._wrt = graph, given, wrt
        self._title, self._digits, self._unfold = title, digits, unfold
        self._point = drawn_point(graph, given, wrt)
        if self._point is not None:
            restored(self._point)

    @property
    def svg(self) -> str:
        """The picture as a document of SVG, dark where its reader likes pages to be."""
        return str(self._in_form("svg"))

    @property
    def html(self) -> str:
        """The page that computes by itself, with a slider for every input; inputs without a value are 1."""
        return str(self._in_form("html"))

    @property
    def note(self) -> str:
        """The gates that are left out of a large circuit; empty where there are none."""
        return self._diagram(FEW).note

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to a file, whose ending tells the form: .svg, .html, .png and .pdf (the extra "plot"), .dot or .gv,
        .mmd."""
        from circuitcli.library.saved_pictures import save

        save(path, PICTURES, self._in_form)

    def __str__(self) -> str:
        from circuitcli.render.node_tree import tree_table
        from circuitcli.render.text_table import plain_text

        return plain_text(tree_table(self._diagram(DIGITS)))

    __repr__ = __str__

    def _repr_svg_(self) -> str:
        """The picture, for notebooks."""
        return self.svg

    def _in_form(self, name: str) -> str | bytes:
        form = PICTURES[name]
        if form.needs:
            refuse_missing("pictures need", form.needs, "plot")
        if not form.moves:
            return form.drawn(self._diagram(FEW))
        moving = moving_point(self._graph, self._given, self._wrt)
        return form.drawn(diagram(self._graph, moving, self._digits or FEW, title=self._title, unfold=self._unfold))

    def _diagram(self, digits: int) -> Diagram:
        return diagram(self._graph, self._point, self._digits or digits, title=self._title, unfold=self._unfold)


def shown_in_notebook(circuit: ReadCircuit) -> str:
    """The program of a circuit, and below it its drawing where that is small, as HTML. The drawing is an image, so that
    its styles are its own."""
    from base64 import b64encode
    from html import escape

    from circuitcli.program_text import program

    text = escape(shortened(program(circuit.graph), LONGEST))
    if (picture := svg_of(circuit)) is None:
        return f"<pre>{text}</pre>"
    data = b64encode(picture.encode()).decode()
    return f'<pre>{text}</pre>\n<img alt="the circuit" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def svg_of(circuit: ReadCircuit) -> str | None:
    """The bare drawing of a circuit, for a notebook; None for one of many boxes, and one that has no drawing."""
    if len(circuit.graph.nodes) > LARGEST:
        return None
    try:
        found = diagram(circuit.graph, None, FEW, MOST_BOXES, circuit.program.text)
        return None if found.left_out else str(PICTURES["svg"].drawn(found))
    except CircuitError:
        return None
