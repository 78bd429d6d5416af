"""A circuit as code that runs by itself: value and gradient as one function of a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circuitcli.graph import Graph


def exported(graph: Graph, to: str, wrt: Sequence[str], given: Mapping[str, float]) -> str:
    """The code of a circuit and its gradient by `wrt`; the inputs in `given` have those values by default."""
    from circuitcli.export.code_parts import Parts

    if to == "python":
        from circuitcli.export.python_code import PYTHON, python

        return python(Parts(graph, wrt, given, PYTHON))
    if to == "c":
        from circuitcli.export.c_code import C, c

        return c(Parts(graph, wrt, given, C))
    if to == "javascript":
        from circuitcli.export.javascript import JAVASCRIPT, javascript

        return javascript(Parts(graph, wrt, given, JAVASCRIPT))
    from circuitcli.export.array_code import LIBRARIES, arrays

    library = LIBRARIES[to]
    return arrays(Parts(graph, wrt, given, library.language), library)
