"""Pages that draw writes, open in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import PROGRAM, Page
from tests.support import circuit

browser = pytest.mark.skipif(PROGRAM is None, reason="no Chromium")
SIZES = ((1280, 800), (800, 1000), (390, 844))  # of a window: a desk, a tablet upright, a phone
GUIDE = ["q = x + y; f = q*z", "-x", "-2", "-y", "5", "-z", "-4"]
NET = [  # the network of the micrograd lecture, with 41 parameters
    "h[j] = tanh(sum(w1[j,i]*x[i] for i in 1:3) + b1[j]) for j in 1:4; "
    "g[j] = tanh(sum(w2[j,i]*h[i] for i in 1:4) + b2[j]) for j in 1:4; "
    "score = tanh(sum(w3[j]*g[j] for j in 1:4) + b3)",
    *("-x", "2,3,-1", "-w1", "0.1", "-w2", "-0.3", "-w3", "0.5", "-b1", "0.2", "-b2", "0", "-b3", "0"),
]


def written(words: list[str], folder: Path) -> Path:
    """The page of a circuit as a file."""
    folder.mkdir(exist_ok=True)
    path = folder / "page.html"
    done = circuit("draw", *words, "--out", str(path))
    assert done.stdout == "" and path.exists(), done.stderr
    return path


def opened(words: list[str], folder: Path, **how: Any) -> Page:
    """The page of a circuit, open in a browser."""
    return Page(written(words, folder), folder / "profile", **how)


def move(page: Page, name: str, value: float, kind: str = "number") -> None:
    """Type a number for an input, or drag its slider there."""
    label = name if kind == "number" else f"{name}, slider"
    page.run(
        f"{{ const field = document.querySelector('input[aria-label=\"{label}\"]');"
        f" field.value = '{value!r}'; field.dispatchEvent(new Event('input')); }}"
    )


def click(page: Page, name: str) -> None:
    """Click a button by its id."""
    page.run(f"byId('{name}').click()")


def text(page: Page, name: str) -> str:
    """The text of an element by its id."""
    found: str = page.run(f"byId('{name}').textContent")
    return found


def centre(page: Page, selector: str) -> tuple[float, float]:
    """The middle of an element in the window."""
    x, y = page.run(
        f"(() => {{ const r = document.querySelector('{selector}').getBoundingClientRect();"
        " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
    )
    return x, y
