"""Sums and products as TeX, Mathematica and SymPy have them, \\sum_{i=1}^{3} x_i, as gates over loops."""

from __future__ import annotations

import re

_SIGNS = {"∑": "sum", "Σ": "sum", "∏": "prod", "Π": "prod"}
SIGNS = "".join(_SIGNS)
_SIGN = re.compile(
    rf"(?:\\?\b(?P<word>sum|prod)(?=_)|(?P<sign>[{SIGNS}]))"
    r"(?:_(?:\{\s*(?P<index>\w+)\s*(?:=\s*(?P<low>\w+))?\s*\}|(?P<letter>[a-z])(?![a-z])))?"
    r"(?:\^(?:\{(?P<high>[^{}]*)\}|(?P<last>\w+)))?\s*(?P<body>.+)"
)
_END = r"\s*,\s*(?P<low>-?\w+)\s*,\s*(?P<high>[\w+-]+)\s*"
_BODY = r"(?P<body>(?:[^][(),{}]|\[[^][]*\]|\([^()]*\))+?)"
_CALLS = (
    rf"(?P<word>[Ss]um|[Pp]rod(?:uct)?|summation)[(\[]\s*{_BODY}\s*,\s*[({{\[]\s*(?P<index>[^\W\d]\w*){_END}[)}}\]]\s*[)\]]",
    rf"(?P<word>sum|prod(?:uct)?|summation)\(\s*{_BODY}\s*,\s*(?P<index>[^\W\d]\w*){_END}\)",
    rf"(?P<word>sum|prod(?:uct)?)\(\s*(?P<index>[^\W\d]\w*){_END},\s*{_BODY}\s*\)",
)


def in_gates(text: str, length: str = "3") -> str:
    """Return a statement with its sums and products as gates over loops, of a `length` where they have no end; without
    these loops where it is empty."""
    for form in _CALLS:
        text = re.sub(rf"\b{form}", _called, text)
    return _SIGN.sub(lambda found: _signed(found, length), text)


def _called(found: re.Match[str]) -> str:
    """Return Sum(x[i], (i, 1, 3)) as ours, where the body has the index; else as it is."""
    if not re.search(rf"\b{found['index']}\b", found["body"]):
        return found[0]
    gate = "prod" if found["word"].lower().startswith("prod") else "sum"
    return f"{gate}({found['body']} for {found['index']} in {found['low']}:{found['high']})"


def _signed(found: re.Match[str], length: str) -> str:
    """Return a sign of a sum with its term as a gate over a loop; as it is where no index is to be seen."""
    gate = found["word"] or _SIGNS[found["sign"]]
    body, rest = _term(found["body"])
    if re.search(r"\bfor\b", body):
        return f"{gate}{body}{rest}" if body.startswith("(") else found[0]
    name = found["index"] or found["letter"]
    body = re.sub(r"\b([^\W\d_]+)_(?:\{([^{}]*)\}|([a-z]))(?!\w)", r"\1[\2\3]", body)
    if not name:
        seen = re.search(r"\[([a-z])\]", body)
        if seen is None:
            return found[0]
        name = seen[1]
    if found["letter"] and not re.search(rf"\[[^][]*\b{name}\b", body):  # sum_x is a name
        return found[0]
    high = found["high"] or found["last"] or length
    if not high:
        return f"{gate}({body}){rest}"
    return f"{gate}({body} for {name} in {found['low'] or '1'}:{high}){rest}"


def _term(text: str) -> tuple[str, str]:
    """Return the term that a text begins with, up to a sign + or - outside of parentheses, and the rest."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0 or (depth == 0 and sign in "+-,;" and text[:place].rstrip()[-1:] not in ("", "*", "/", "^")):
            return text[:place].rstrip(), text[len(text[:place].rstrip()) :]
    return text.strip(), ""
