"""The forms of pictures: one row each, for diagrams and for plots.

To add a form is to write the function that draws it, and to add a row here. The commands, their help, the endings of
`--out` and completion read this table, and load a drawer when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from circuitcli.pictures.ascent_runs import Runs
    from circuitcli.pictures.diagram import Diagram
    from circuitcli.pictures.sweep import Plot

FEW = 4  # digits of the numbers in a picture


class PictureForm(NamedTuple):
    """One row: the name for `--format`, the endings of files, and the functions that draw, as `module:function`.

    `diagram` draws a Diagram; `plot` draws a Plot, over two inputs perhaps as a surface, or Runs, and is empty where
    plots do not have the form. Diagrams need the libraries `needs`. A terminal can show a `text`. A page that `moves`
    computes again as its inputs change.
    """

    name: str
    endings: tuple[str, ...]
    diagram: str
    plot: str = ""
    needs: tuple[str, ...] = ()
    text: bool = True
    moves: bool = False

    def drawn(self, diagram: Diagram) -> str | bytes:
        """A diagram in this form."""
        from pkgutil import resolve_name

        draw: Callable[[Diagram], str | bytes] = resolve_name(self.diagram)
        return draw(diagram)

    def plotted(self, plot: Plot | Runs, surface: bool) -> str | bytes:
        """A plot in this form."""
        from pkgutil import resolve_name

        draw: Callable[[Plot | Runs, bool], str | bytes] = resolve_name(self.plot)
        return draw(plot, surface)


PICTURES = {
    form.name: form
    for form in (
        PictureForm("svg", (".svg",), "circuitcli.render.svg:file", "circuitcli.render.chart:svg"),
        PictureForm(
            "png",
            (".png",),
            "circuitcli.render.matplotlib_shapes:png",
            "circuitcli.render.chart:png",
            ("matplotlib",),
            text=False,
        ),
        PictureForm(
            "pdf",
            (".pdf",),
            "circuitcli.render.matplotlib_shapes:pdf",
            "circuitcli.render.chart:pdf",
            ("matplotlib",),
            text=False,
        ),
        PictureForm("html", (".html",), "circuitcli.render.html_page:page", moves=True),
        PictureForm("dot", (".dot", ".gv"), "circuitcli.render.graph_text:dot"),
        PictureForm("mermaid", (".mmd",), "circuitcli.render.graph_text:mermaid"),
    )
}
