"""Diagrams as text for Graphviz and Mermaid."""

from __future__ import annotations

from html import escape

from circuitcli.pictures.diagram import Box, Diagram
from circuitcli.render.palette import GRADIENT, KINK, VALUE


def dot(diagram: Diagram) -> str:
    """A graph in Graphviz's DOT language: `circuit draw ... --format dot | dot -Tsvg`."""
    lines = [
        "digraph circuit {",
        '  rankdir=LR; ordering=in; node [fontname="monospace"]; edge [fontname="monospace"];',
    ]
    for box in diagram.boxes:
        shape = "box, style=rounded" if box.is_input else "ellipse"
        name = f"<b>{escape(box.name)}</b><br/>" if box.name else ""
        kink = f', color="{KINK}"' if box.kink else ""
        lines.append(f"  n{box.id} [shape={shape}, label=<{name}{escape(box.label)}{_numbers(box)}>{kink}];")
    lines += [f"  n{a} -> n{box.id};" for box in diagram.boxes for a in box.args if a is not None]
    return "\n".join([*lines, "}", ""])


def _numbers(box: Box) -> str:
    """The lines below a label: value, gradient, kink."""
    value = f'<br/><font color="{VALUE}">{box.value}</font>' if box.value else ""
    gradient = f'<br/><font color="{GRADIENT}"><i>{box.gradient}</i></font>' if box.gradient else ""
    return value + gradient + (f'<br/><font color="{KINK}">kink</font>' if box.kink else "")


def mermaid(diagram: Diagram) -> str:
    """A flowchart in Mermaid, which GitHub shows in a README."""
    lines = ["flowchart LR"]
    for box in diagram.boxes:
        name = f"<b>{_plain(box.name)}</b><br/>" if box.name else ""
        value = f"<br/><span style='color:{VALUE}'>{box.value}</span>" if box.value else ""
        gradient = f"<br/><i style='color:{GRADIENT}'>{box.gradient}</i>" if box.gradient else ""
        gradient += "<br/>kink" if box.kink else ""
        start, end = ("[", "]") if box.is_input else ("(", ")")
        lines.append(f'  n{box.id}{start}"{name}{_plain(box.label)}{value}{gradient}"{end}')
        numbered = box.ordered and len(box.args) > 1  # Mermaid keeps no order of arguments, so wires have numbers
        wires = [(i, a) for i, a in enumerate(box.args, 1) if a is not None]
        lines += [f"  n{a} --{f' {i} --' * numbered}> n{box.id}" for i, a in wires]
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    """A text without Mermaid's own syntax, in which * begins a list and < a tag."""
    return "".join(letter if letter.isalnum() or letter in " ._,·" else f"#{ord(letter)};" for letter in text)
