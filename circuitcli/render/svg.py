"""Pictures as SVG, written by hand, so that an HTML page finds each number by its id."""

from __future__ import annotations

from xml.sax.saxutils import escape

from circuitcli.pictures.diagram import Diagram
from circuitcli.render.box_layout import DrawnWire
from circuitcli.render.palette import DARK, LIGHT
from circuitcli.render.shapes import Dot, Frame, Picture, Shape, colour_of, picture

FONT = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_NUMBERED = ("value", "gradient", "kink")  # roles that a page finds by the number of their node
_WEIGHT = {"name": ' font-weight="bold"', "gradient": ' font-style="italic"'}

_IN_THE_DARK = (
    "@media (prefers-color-scheme: dark) { "
    f".paper {{ fill: {DARK.paper} }} path.wire {{ stroke: {DARK.wire} }} circle.wire {{ fill: {DARK.wire} }} "
    f".box {{ fill: {DARK.gate}; stroke: {DARK.ink} }} .input {{ fill: {DARK.input} }} "
    f".label, .name {{ fill: {DARK.ink} }} .value {{ fill: {DARK.value} }} "
    f".gradient {{ fill: {DARK.gradient} }} .kink {{ fill: {DARK.kink} }} }}"
)


def file(diagram: Diagram) -> str:
    """A diagram as a file of its own, with a title. It is dark where its reader likes pages to be."""
    return svg(picture(diagram), " ".join(diagram.title.split()), f"<style>{_IN_THE_DARK}</style>")


def svg(drawing: Picture, title: str = "", style: str = "") -> str:
    """A picture as an svg element. Each text has its role as class, and the number of its node in its id."""
    width, height = f"{drawing.width:.0f}", f"{drawing.height:.0f}"
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" text-anchor="middle">'
    lines = [head, f"<title>{escape(title)}</title>"] if title else [head]
    lines += [style] if style else []
    lines.append(f'<rect class="paper" width="100%" height="100%" fill="{LIGHT.paper}"/>')
    lines += [_shape(shape) for shape in drawing.shapes]
    return "\n".join([*lines, "</svg>", ""])


def _shape(shape: Shape) -> str:
    if isinstance(shape, DrawnWire):
        (x1, y1), (x2, y2) = shape.bend
        path = f"M{_xy(*shape.start)} C{_xy(x1, y1)} {_xy(x2, y2)} {_xy(*shape.end)}"
        to = f' data-to="{" ".join(map(str, shape.to))}"' if shape.to else ""
        return f'<path class="wire w{shape.node}"{to} d="{path}" fill="none" stroke="{LIGHT.wire}" stroke-width="1.2"/>'
    if isinstance(shape, Dot):
        return f'<circle class="wire w{shape.node}" cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="2.6" fill="{LIGHT.wire}"/>'
    if isinstance(shape, Frame):
        place = f'x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}"'
        dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
        kind, fill = ("box input", LIGHT.input) if shape.is_input else ("box", LIGHT.gate)
        look = f'rx="{shape.radius:.0f}" fill="{fill}" stroke="{LIGHT.ink}" stroke-width="1.3"{dashes}'
        return f'<rect class="{kind}" id="n{shape.node}" {place} {look}/>'
    name = f' id="{shape.role[0]}{shape.node}"' if shape.node >= 0 and shape.role in _NUMBERED else ""
    look = f'font-size="{shape.size:.0f}" fill="{colour_of(shape.role)}"{_WEIGHT.get(shape.role, "")}'
    look += ' text-anchor="start"' if shape.begins else ""
    baseline = shape.y + shape.size * 0.35  # so that the middle of the letters is there
    text = escape(shape.text)
    return f'<text class="{shape.role}"{name} x="{shape.x:.1f}" y="{baseline:.1f}" {look}>{text}</text>'


def _xy(x: float, y: float) -> str:
    return f"{x:.1f},{y:.1f}"
