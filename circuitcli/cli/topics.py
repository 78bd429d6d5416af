"""The pages of `circuit help`, by topic, and the files that their examples use."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent.parent / "docs"
EXAMPLES = PAGES / "examples"
TOPICS = {
    "To begin with": ("guide", "micrograd", "experiment", "pipes", "scipy", "cookbook", "coming-from"),
    "Expressions": ("language", "gates", "inputs", "output", "mistakes"),
    "Gradients": ("derivatives", "check", "kinks", "uncertainty", "digits", "intervals"),
    "Data": ("rows", "files", "cluster"),
    "Optima": ("ascent", "fit", "constraints", "equations", "proofs"),
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


def mentioning(word: str) -> list[str]:
    """The topics whose pages have a word: first those with it in a heading, then those with it most often."""
    import re

    texts = {topic: page(topic).lower() for topic in topics()}
    at = rf"\b{re.escape(word.lower())}"
    heads = {topic: len(re.findall(f"^#.*{at}", text, re.MULTILINE)) for topic, text in texts.items()}
    found = {topic: len(re.findall(at, text)) for topic, text in texts.items()}
    return sorted((t for t in found if found[t]), key=lambda t: (heads[t], found[t]), reverse=True)


def topics() -> list[str]:
    """All topics, in the order of their list."""
    return [topic for group in TOPICS.values() for topic in group]
