"""Names as mathematicians write them: Latin or Greek letters, and a number behind them, or in brackets, as an index."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from circuitcli.nested_names import families, stem_of

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


class LatexNames:
    """The LaTeX of each name. No two names look alike: lambda is spelled out where λ has the letter, σ where there is a
    sigmoid among the `symbols`, and u1 where there is a family u. The names `known` before go first."""

    def __init__(self, symbols: Collection[str], known: Iterable[str]) -> None:
        self._texts: dict[str, str] = {}
        self._families: dict[str, str] = {}
        self._taken = set(symbols)  # by names that are no families
        self._numbered: set[str] = set()  # what stands before the number of a name
        names = [*known]
        for stem in families(names):
            self._family(stem)
        for name in names:
            self(name)

    def __call__(self, name: str) -> str:
        """Return the LaTeX of a name, or of an element, whose indices may be those of loops."""
        if (stem := stem_of(name)) != name:
            family, indices = self._family(stem), name[len(stem) + 1 : -1]
            return f"{{{family}}}_{{{indices}}}" if "_" in family else f"{family}_{{{indices}}}"
        if name not in self._texts:
            letters, text = _lettered(name)
            if text in self._taken or letters in self._families.values():
                letters, text = "", _spelled(name)
            self._texts[name] = text
            self._taken.add(text)
            self._numbered.add(letters)
        return self._texts[name]

    def _family(self, stem: str) -> str:
        """The LaTeX of a family's own name."""
        if stem not in self._families:
            _, text = _lettered(stem)
            taken = {*self._families.values(), *self._numbered}
            texts = (text, _spelled(stem), rf"\tilde{{{text}}}")
            self._families[stem] = next(text for text in texts if text not in taken)
        return self._families[stem]


def _lettered(name: str) -> tuple[str, str]:
    """The LaTeX of what stands before the number of a name, or nothing, and of the whole with that as an index."""
    match = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name)
    if match is None:
        return "", _word(name)
    letters = _word(match[1])
    return letters, f"{letters}_{{{match[2]}}}"


def _word(name: str) -> str:
    return "\\" + _LETTERS.get(name, name) if name in _GREEK or name in _LETTERS else _spelled(name)


def _spelled(name: str) -> str:
    """A name in its own letters."""
    if len(name) == 1 and name.isascii() and name != "_":
        return name
    return (r"\mathit{%s}" if name.isascii() else r"\text{%s}") % name.replace("_", r"\_")
