"""Random programs in loops, each with its expansion: the text that somebody would write who knows no loops."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

Turn: TypeAlias = Mapping[str, int]
Text: TypeAlias = "Callable[[Turn | None], str]"  # in loops where there is no turn, else written out in it

N = 2  # in every program: n = 2
INDICES: dict[str, Callable[[int], int]] = {
    "{}": lambda i: i,
    "{}+1": lambda i: i + 1,
    "abs(2*{}-1)": lambda i: abs(2 * i - 1),
    "5-{}": lambda i: 5 - i,
    "{}//n": lambda i: i // N,
    "min({}, 2)": lambda i: min(i, 2),
    "{} % 3": lambda i: i % 3,
}
RANGES: dict[str, Callable[[int], Sequence[int]]] = {
    "1:3": lambda _: (1, 2, 3),
    "0:2": lambda _: (0, 1, 2),
    "3:1:-1": lambda _: (3, 2, 1),
    "1:5:2": lambda _: (1, 3, 5),
    "2:2": lambda _: (2,),
    "1:n": lambda _: (1, 2),
    "n-1:4/2+1": lambda _: (1, 2, 3),
    "1e0:2": lambda _: (1, 2),
}
INNER: dict[str, Callable[[int], Sequence[int]]] = {  # by the number of a loop around it; they may be empty
    "{}:3": lambda i: range(i, 4),
    "1:{}": lambda i: range(1, i + 1),
    "{}:1:-1": lambda i: range(i, 0, -1),
    "max({}-1, 0):n": lambda i: range(max(i - 1, 0), N + 1),
}
UNARY = ["tanh({})", "sin({})", "({})^2", "sigmoid({})", "exp(-({})^2)", "-({})"]
BINARY = ["{} + {}", "{} - {}", "({})*({})", "max({}, {})", "({})/(1 + ({})^2)", "hypot({}, {})", "atan2({}, {})"]
CHOICES = ["where({} > {}, {}, {})", "(({}) < ({}) ? {} : {})"]
SIGNS = {"sum": " + ", "prod": " * ", "mean": " + ", "max": ", ", "min": ", ", "logsumexp": ", "}
NOTHING = {"sum": "0", "prod": "1"}


class Loop(NamedTuple):
    """A loop: its name, the loop that its range uses, and that range as it is written and as numbers."""

    name: str
    outer: str
    form: str

    def numbers(self, turn: Turn) -> Sequence[int]:
        return {**RANGES, **INNER}[self.form](turn.get(self.outer, 0))

    def __str__(self) -> str:
        return f"{self.name} in {self.form.format(self.outer)}"


def turns(loops: Sequence[Loop], outer: Turn) -> Iterator[Turn]:
    """The numbers of nested loops, the last running fastest."""
    if not loops:
        yield outer
        return
    for number in loops[0].numbers(outer):
        yield from turns(loops[1:], {**outer, loops[0].name: number})


class Grower:
    """Draws expressions of the families x, a and W, of plain inputs, and of the gates that the text has defined."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.gates, self.words = chance, list[str](), ["u", "y", "pi", "n"]
        self._loops = 0

    def expression(self, depth: int, names: Sequence[str]) -> Text:
        """A text with the loops `names` around it."""
        kind = self.chance.choice(["leaf", "unary", "binary", "binary", "choice", "loop", "gate"]) if depth else "leaf"
        if kind == "loop":
            return self.gathered(depth - 1, names)
        forms = {"unary": UNARY, "binary": BINARY, "choice": CHOICES, "gate": [f"{g}({{}})" for g in self.gates]}
        if not forms.get(kind):
            return self._leaf(names)
        form = self.chance.choice(forms[kind])
        parts = [self.expression(depth - 1, names) for _ in range(form.count("{}"))]
        return lambda turn: f"({form.format(*(part(turn) for part in parts))})"

    def gathered(self, depth: int, names: Sequence[str]) -> Text:
        """A gate over loops."""
        loops = list[Loop]()
        for _ in range(self.chance.choice([1, 1, 2])):
            loops.append(self.loop([*names, *(loop.name for loop in loops)]))
        gate = self.chance.choice([*NOTHING] if any(loop.form in INNER for loop in loops) else [*SIGNS])
        body = self.expression(depth, [*names, *(loop.name for loop in loops)])

        def text(turn: Turn | None) -> str:
            if turn is None:
                return f"{gate}({body(None)} for {', '.join(map(str, loops))})"
            terms = [f"({body(there)})" for there in turns(loops, turn)]
            if not terms:
                return NOTHING[gate]
            whole = f"({SIGNS[gate].join(terms)})"
            if gate == "mean":
                return f"({whole}/{len(terms)})"
            return f"{gate}{whole}" if SIGNS[gate] == ", " and len(terms) > 1 else whole

        return text

    def loop(self, names: Sequence[str]) -> Loop:
        self._loops += 1
        if names and self.chance.random() < 0.4:
            return Loop(f"k{self._loops}", self.chance.choice(names), self.chance.choice([*INNER]))
        return Loop(f"k{self._loops}", "", self.chance.choice([*RANGES]))

    def _leaf(self, names: Sequence[str]) -> Text:
        kind = self.chance.choice(["element"] * 4 + ["word", "loop", "number"]) if names else "word"
        if kind == "element":
            stem = self.chance.choice("xxaW")
            return self.element(stem, [self.chance.choice(names) for _ in range(1 + (stem == "W"))])
        if kind == "loop":
            name = self.chance.choice(names)
            return lambda turn: name if turn is None else f"({turn[name]})"
        word = self.chance.choice(self.words if kind == "word" else ["0.5", "2", "1e-3", "3.25"])
        return lambda turn: str(N) if word == "n" and turn is not None else word

    def element(self, stem: str, names: Sequence[str]) -> Text:
        forms = [self.chance.choice([*INDICES]) for _ in names]

        def text(turn: Turn | None) -> str:
            pairs = zip(names, forms, strict=True)
            if turn is None:
                return f"{stem}[{', '.join(form.format(name) for name, form in pairs)}]"
            return f"{stem}[{','.join(str(abs(INDICES[form](turn[name]))) for name, form in pairs)}]"

        return text


def grown(chance: random.Random) -> tuple[str, str]:
    """A program in loops, and the same written out."""
    grower = Grower(chance)
    loops, plain = ["n = 2", "z = 2*u"], ["z = 2*u"]  # so the constant 2 is the first node of both

    def name(left: str, right: Text, over: Sequence[Loop] = ()) -> None:
        """Name the elements of a family, or where there is no loop a node."""
        behind = f" for {', '.join(map(str, over))}" if over else ""
        loops.append(f"{left.format(*(loop.name for loop in over))} = {right(None)}{behind}")
        plain.extend(f"{left.format(*(turn[loop.name] for loop in over))} = {right(turn)}" for turn in turns(over, {}))

    def indexed(form: str, over: Loop) -> Text:
        return lambda turn: form.format(over.name if turn is None else turn[over.name])

    width = Loop("i", "", "1:n")
    name("b[{}]", indexed("a[{0}]*{0} + u", width), [width])
    for gate in ["f", "g"][: chance.randint(0, 2)]:
        grower.words.append("t")
        body = grower.expression(2, [])
        for texts, turn in ((loops, None), (plain, {})):
            texts.append(f"{gate}(t) = {body(turn)}")
        grower.words.remove("t")
        grower.gates.append(gate)
    outer = Loop("j", "", chance.choice([*RANGES]))
    name("h[{}]", grower.expression(3, ["j"]), [outer])
    if chance.random() < 0.5:
        pair = [Loop("p", "", "1:3"), Loop("q", "p", "1:{}")]
        name("m[{},{}]", grower.expression(2, ["p", "q"]), pair)
    if chance.random() < 0.5:  # a recurrence
        step = Loop("t", "", "1:3")
        name("r[0]", lambda _: "0.5*y")
        right = grower.expression(2, ["t"])
        before = ["r[t-1]", *(f"r[{t - 1}]" for t in step.numbers({}))]
        name("r[{}]", lambda turn: f"tanh({before[turn['t'] if turn else 0]} + {right(turn)})", [step])
        grower.words += ["r[3]"]
    total = Loop("v", "", outer.form)
    loops.append(f"s = sum(h[v]*x[v] for {total})")
    plain.append("s = " + " + ".join(f"h[{v}]*x[{v}]" for v in total.numbers({})))
    last = grower.gathered(2, [])
    loops.append(f"s + {last(None)}")
    plain.append(f"s + {last({})}")
    return "; ".join(loops), "; ".join(plain)
