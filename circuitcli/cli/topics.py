"""The pages of `circuit help`, by topic, and the files that their examples use."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent.parent / "docs"
EXAMPLES = PAGES / "examples"
TOPICS = {
    "To begin with": ("guide", "micrograd", "experiment", "pipes", "scipy", "cookbook", "coming-from"),
    "Expressions": ("language", "gates", "inputs", "output", "mistakes"),
    "Gradients": ("derivatives", "check", "kinks", "uncertainty", "digits"),
    "Data": ("rows", "files", "cluster"),
    "Optima": ("ascent", "fit"),
    "To look at": ("pictures", "plots"),
    "Elsewhere": ("session", "python", "export"),
    "Inside": ("sixty-lines", "promises"),
}


def page(topic: str) -> str:
    """The page of a topic, in Markdown."""
    return (PAGES / f"{topic}.md").read_text(encoding="utf-8")


def about(topic: str) -> str:
    """The sentence with which a page begins, below its title."""
    return page(topic).split("\n\n")[1].replace("\n", " ")


def example_names() -> list[str]:
    """The names of the files that examples use."""
    return sorted(path.name for path in EXAMPLES.iterdir())


def topics() -> list[str]:
    """All topics, in the order of their list."""
    return [topic for group in TOPICS.values() for topic in group]
