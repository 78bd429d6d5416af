"""LaTeX: the equations of a circuit and its partial derivatives, in display form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.constants import CONSTANTS
from circuitcli.errors import UsageError
from circuitcli.export.latex_names import LatexNames
from circuitcli.gate_facts import ATOM, COMPARE, POWER, PRODUCT, SUM, Around, Infix, Prefix
from circuitcli.gates import GATES
from circuitcli.gathering import chains
from circuitcli.graph import Graph
from circuitcli.held_gates import HeldGate
from circuitcli.notation import Loop, Style, Text, held_body
from circuitcli.program_text import equations

_LONG = 160  # characters of an expression that is broken


def latex(graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph] = {}) -> str:
    """An `align*` of amsmath: the circuit, named parts that are shared, and the derivatives by `wrt`. Raises UsageError
    for inputs that are `given` a value."""
    if given:
        raise UsageError(f"LaTeX has names, and no values of {', '.join(given)}", "leave the values out")
    found = Derivatives(graph, wrt, folds=True)
    taken = {*graph.inputs, *graph.names}
    called = next((name for name, k in graph.names.items() if k == graph.output), "")
    output = called or next(name for name in ("f", "F", "value", "the_value") if name not in taken)
    # A slope goes by something that is no name, so that no node is called like it.
    answers = {output: graph.output, **{f"#{name}": found.gradient[name] for name in wrt}}
    grown = found.graph(answers)
    plain = [node for node in grown.nodes if not isinstance(node.gate, HeldGate)]
    symbols = {form for node in plain if node.args and isinstance(form := _form(node.gate), str)}
    named = LatexNames(symbols, [*graph.inputs, *graph.names])

    def leaf(text: str) -> Text:
        if not text.startswith("#"):
            return _leaf(text, named)
        return Text(rf"\frac{{\partial {named(output)}}}{{\partial {named(text[1:])}}}")

    style = Style(_write, leaf, _LONG, _gathered, _looped, signs=True)
    lines = equations(grown, [(name, grown.names[name]) for name in answers if name != output], style)
    rows = [f"{leaf(name).text} &= {text}" for name, text in lines if name]
    return "\n".join([r"% \usepackage{amsmath}", r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}", ""])


def _form(gate: str) -> str | Infix | Prefix | Around:
    """The form of a gate in LaTeX, or its name alone."""
    row = GATES[gate]
    if isinstance(row.latex, str) and isinstance(row.written, Infix | Prefix):
        return row.written.with_symbol(row.latex) if row.latex else row.written
    return row.latex or rf"\operatorname{{{gate}}}".replace("_", r"\_")


def _write(gate: str, args: Sequence[Text]) -> Text:
    if isinstance(gate, HeldGate):
        return _write_held(gate, args)
    form = _form(gate)
    if not isinstance(form, str):
        return Text(form.text(args, _held), form.strength)
    if len(args) == 1 and GATES[gate].many:
        return args[0]
    called = rf"{form}\left({', '.join([arg.text for arg in args])}\right)"
    return Text(called, POWER if form.endswith("}") else ATOM)


def _write_held(gate: HeldGate, args: Sequence[Text]) -> Text:
    """Write an integral with its sign, or a root as the number where something is 0, and the start as what is near."""
    name, body = held_body(gate, args, _write, _constant)
    ends = [arg.text for arg in args[gate.parameters :]]
    if gate.kind == "integral":
        return Text(rf"\int_{{{ends[0]}}}^{{{ends[1]}}} {_held(body, PRODUCT)} \, d{_constant(name).text}", SUM)
    near = rf"\operatorname{{root}}_{{{_constant(name).text} \approx {ends[0]}}}"
    return Text(rf"{near}\left({body.text} = 0\right)", POWER)


def _constant(text: str) -> Text:
    """Write a number of the circuit that a gate holds, or the name of one."""
    return _leaf(text, LatexNames((), ()))


def _held(text: Text, strength: int) -> str:
    """Write an operand: a truth that is calculated with in Iverson's brackets, others in parentheses where needed."""
    if text.strength >= strength:
        return text.text
    if strength > COMPARE >= text.strength:
        return rf"\left[{text.text}\right]"
    return rf"\left({text.text}\right)"


def _gathered(gate: str, body: Text, loops: Sequence[Loop]) -> Text:
    """Write what a gate gathers over loops: a sum, a product, or the gate above its ranges."""
    word = chains().get(gate)
    symbol = rf"\{word}" if word else str(_form(gate)).replace("operatorname", "operatorname*")
    ends = [f"{loop.name} = {loop.first}}}^{{{loop.last}" if loop.step == 1 else _range(loop) for loop in loops]
    return Text("".join([rf"{symbol}_{{{end}}} " for end in ends]) + _held(body, PRODUCT), SUM)


def _looped(text: str, loops: Sequence[Loop]) -> str:
    """Write the ranges of several equations behind them."""
    return rf"{text} \quad ({', '.join(map(_range, loops))})" if loops else text


def _range(loop: Loop) -> str:
    name, first, last, step = loop
    if step == 1:
        return rf"{name} = {first}, \dots, {last}"
    return rf"{name} = {first}, {int(first) + step if first.isdigit() else f'{first} + {step}'}, \dots, {last}"


def _leaf(text: str, named: LatexNames) -> Text:
    """Write a name, or a number as it was written."""
    if text in CONSTANTS:
        return Text(CONSTANTS[text].latex)
    if text.endswith("()") or text[:1].isalpha() or text[:1] == "_":
        return Text(named(text.removesuffix("()")))
    mantissa, _, exponent = text.lower().replace("_", "").partition("e")
    if not exponent:
        return Text(mantissa)
    power = f"10^{{{int(exponent)}}}"
    return Text(power if mantissa in ("1", "1.") else rf"{mantissa} \cdot {power}", PRODUCT)
