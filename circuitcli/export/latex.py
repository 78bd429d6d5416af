"""LaTeX: the equations of a circuit and its partial derivatives, in display form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from circuitcli.analysis.derivatives import Derivatives
from circuitcli.graph import Graph
from circuitcli.notation import Style, Text, equations

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(9)  # how strongly a text holds together
_LONG = 160  # characters of an expression that is broken
_GREEK = (
    *(
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
    ),
    *("pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
)
_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", _GREEK, strict=True))
_CONSTANTS = {"pi": r"\pi", "tau": r"\tau", "e": r"\mathrm{e}", "inf": r"\infty", "nan": r"\mathrm{NaN}"}
_INFIX = {
    "or": (r"\lor", _OR, _OR, _AND),
    "and": (r"\land", _AND, _AND, _NOT),
    "lt": ("<", _COMPARE, _SUM, _SUM),
    "le": (r"\le", _COMPARE, _SUM, _SUM),
    "gt": (">", _COMPARE, _SUM, _SUM),
    "ge": (r"\ge", _COMPARE, _SUM, _SUM),
    "eq": ("=", _COMPARE, _SUM, _SUM),
    "ne": (r"\ne", _COMPARE, _SUM, _SUM),
    "add": ("+", _SUM, _SUM, _PRODUCT),
    "sub": ("-", _SUM, _SUM, _PRODUCT),
    "mul": (r"\cdot", _PRODUCT, _PRODUCT, _POWER),
}
_AROUND = {  # what stands around the arguments
    "div": r"\frac{%s}{%s}",
    "floordiv": r"\left\lfloor \frac{%s}{%s} \right\rfloor",
    "sqrt": r"\sqrt{%s}",
    "cbrt": r"\sqrt[3]{%s}",
    "abs": r"\left|%s\right|",
    "floor": r"\left\lfloor %s \right\rfloor",
    "ceil": r"\left\lceil %s \right\rceil",
    "mod": r"\left(%s \bmod %s\right)",
    "gauss": r"\mathrm{e}^{-\left(%s\right)^{2}}",
    "lgamma": r"\ln\left|\Gamma\left(%s\right)\right|",
    "polygamma": r"\psi^{(%s)}\left(%s\right)",
}
_CALLED = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "max", "min")},
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "asinh": r"\operatorname{arsinh}",
    "acosh": r"\operatorname{arcosh}",
    "atanh": r"\operatorname{artanh}",
    "log": r"\ln",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "gamma": r"\Gamma",
    "digamma": r"\psi",
    "sigmoid": r"\sigma",
    "normcdf": r"\Phi",
    "normpdf": r"\varphi",
}


def latex(graph: Graph, wrt: Sequence[str]) -> str:
    """An `align*` of amsmath: the circuit, what is shared under a name of its own, and the derivatives by `wrt`."""
    found = Derivatives(graph, wrt)
    taken = {*graph.inputs, *graph.names}
    called = next((name for name, k in graph.names.items() if k == graph.output), "")
    output = called or next(name for name in ("f", "F", "value", "the_value") if name not in taken)
    # A slope goes by what is no name, so that no node is called like it.
    answers = {output: graph.output, **{f"#{name}": found.gradient[name] for name in wrt}}
    grown = found.graph(answers)
    named = _Names(_CALLED[node.gate] for node in grown.nodes if node.gate in _CALLED)
    slopes = {f"#{name}": rf"\frac{{\partial {named(output)}}}{{\partial {named(name)}}}" for name in wrt}
    style = Style(_write, lambda text: Text(slopes[text]) if text in slopes else _leaf(text, named), _LONG)
    lines = equations(grown, [(name, grown.names[name]) for name in slopes], style)
    rows = [f"{slopes.get(name) or named(name.removesuffix('()'))} &= {text}" for name, text in lines if name]
    return "\n".join([r"% \usepackage{amsmath}", r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}", ""])


def _write(gate: str, args: Sequence[Text]) -> Text:
    if gate in _INFIX:
        symbol, strength, left, right = _INFIX[gate]
        return Text(f"{_held(args[0], left)} {symbol} {_held(args[1], right)}", strength)
    texts = [arg.text for arg in args]
    if len(args) == 1 and gate in ("max", "min", "logsumexp"):
        return args[0]
    if gate in ("pow", "square"):
        return Text(f"{_held(args[0], _ATOM)}^{{{texts[1] if gate == 'pow' else '2'}}}", _POWER)
    if gate == "neg":
        return Text(f"-{_held(args[0], _SIGN)}", _SIGN)
    if gate == "not":
        return Text(rf"\lnot {_held(args[0], _NOT)}", _NOT)
    if gate == "factorial":
        return Text(f"{_held(args[0], _ATOM)}!", _POWER)
    if gate == "where":
        cases = rf"{texts[1]} & \text{{if }} {texts[0]} \\ {texts[2]} & \text{{otherwise}}"
        return Text(rf"\begin{{cases}} {cases} \end{{cases}}", _SUM)
    if gate == "log_base":
        return Text(rf"\log_{{{texts[1]}}}\left({texts[0]}\right)")
    if gate in _AROUND:
        return Text(_AROUND[gate] % tuple(texts), _POWER if gate == "div" else _ATOM)
    name = _CALLED.get(gate) or rf"\operatorname{{{gate}}}".replace("_", r"\_")
    return Text(rf"{name}\left({', '.join(texts)}\right)", _POWER if name.endswith("}") else _ATOM)


def _held(text: Text, strength: int) -> str:
    """A text within an operation: a truth that is calculated with in Iverson's brackets, others in parentheses."""
    if text.strength >= strength:
        return text.text
    if strength > _COMPARE >= text.strength:
        return rf"\left[{text.text}\right]"
    return rf"\left({text.text}\right)"


def _leaf(text: str, named: _Names) -> Text:
    """A name, or a number as it was written."""
    if text in _CONSTANTS:
        return Text(_CONSTANTS[text])
    if text.endswith("()") or text[:1].isalpha() or text[:1] == "_":
        return Text(named(text.removesuffix("()")))
    mantissa, _, exponent = text.lower().replace("_", "").partition("e")
    if not exponent:
        return Text(mantissa)
    power = f"10^{{{int(exponent)}}}"
    return Text(power if mantissa in ("1", "1.") else rf"{mantissa} \cdot {power}", _PRODUCT)


class _Names:
    """Names as mathematicians write them: letters, Greek ones, a number behind them as an index. Two names never look
    alike: where λ has its letter, lambda is spelled out, and σ where
    there is a sigmoid."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        self._taken = set(symbols)  # of gates, too

    def __call__(self, name: str) -> str:
        if name not in self._known:
            match = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name)
            text = f"{_word(match[1])}_{{{match[2]}}}" if match is not None else _word(name)
            self._known[name] = text = _spelled(name) if text in self._taken else text
            self._taken.add(text)
        return self._known[name]


def _word(name: str) -> str:
    if name in _GREEK or name in _LETTERS:
        return "\\" + _LETTERS.get(name, name)
    return name if len(name) == 1 and name.isascii() and name != "_" else _spelled(name)


def _spelled(name: str) -> str:
    return (r"\mathit{%s}" if name.isascii() else r"\text{%s}") % name.replace("_", r"\_")
