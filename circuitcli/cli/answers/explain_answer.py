"""What `circuit grad --explain` prints: the backward pass as a lesson."""

from __future__ import annotations

from typing import Any

from circuitcli.analysis.explain import EdgeStep, PathSum, lesson
from circuitcli.analysis.point import Point
from circuitcli.cli.answers.point_answer import finish
from circuitcli.cli.answers.records import lesson_record, point_record
from circuitcli.cli.options import Form
from circuitcli.errors import UsageError
from circuitcli.notation import SHORT, expressions, operands

LONGEST = 48  # characters of a formula that stands before its number
TOGETHER = 2  # parts of a sum in one line


def show_lesson(text: str, point: Point, form: Form) -> int:
    """Print the steps of the backward pass and answer the exit status."""
    told = lesson(point)
    if form.to == "json":
        from circuitcli.render.machine_formats import json_text

        print(json_text({**point_record(text, point), **lesson_record(point, told)}))
    elif form.to != "table":
        raise UsageError(f"there is no --to {form.to} for a lesson", "leave it out for a table, or use --json")
    else:
        _table(point, told, form)
    return finish(point, form)


def _table(point: Point, told: list[EdgeStep | PathSum], form: Form) -> None:
    from circuitcli.render.text_table import Column, print_table

    def shown(x: Any) -> str:
        return str(point.m.text(x, form.digits))

    def signed(x: Any) -> str:
        return f"- {shown(-x)}" if x < 0 else f"+ {shown(x)}"

    def number_of(k: int, head: str) -> str:
        return str(k) if numbered and head else ""

    names, texts, called = point.graph.named(), expressions(point.graph, SHORT), point.graph.called()
    shorts = operands(point.graph, SHORT)
    full = [" = ".join([n for n in names.get(k, ()) if n != text] + [text]) for k, text in enumerate(texts)]
    numbered = any("#" in text for text in full)
    rows, before = [], -1
    for step in told:
        head = full[step.k] if step.k != before else ""
        before = step.k
        if isinstance(step, PathSum):
            head, total = f"sum at {called[step.k] or texts[step.k]}", shown(step.gradient)
            parts = [shown(x) if not i else signed(x) for i, x in enumerate(step.parts)]
            lines = [" ".join(parts)] if len(parts) <= TOGETHER else parts
            for line in lines:
                rows.append(["", head, "", line, total if line is lines[-1] else "", ""])
                head = ""
            before = -1
        elif step.local is None:
            rows.append([number_of(step.k, head), head, shown(step.upstream), "no edge", "", shorts[step.to]])
        else:
            number = shown(step.local)
            local = number if step.symbol == number or len(step.symbol) > LONGEST else f"{step.symbol} = {number}"
            gives, to = shown(step.gives), shorts[step.to]
            rows.append([number_of(step.k, head), head, shown(step.upstream), local, gives, to])
    columns = [Column("#" if numbered else "", style="dim"), Column("gate", False, "bold")]
    columns += [Column("upstream"), Column("local", False)]
    print_table([*columns, Column("gives", style="cyan"), Column("to", False)], rows, form.color)
