"""The languages that a circuit is exported to: one row each.

To add a language is to write its file, with a writer and perhaps a Syntax, and to add a row here. The command, its
help, the endings of `--out` and completion read this table, and load a writer when it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from circuitcli.errors import UsageError
from circuitcli.graph import Graph

Writer = Callable[[Graph, Sequence[str], Mapping[str, Graph]], str | bytes]


class Language(NamedTuple):
    """One row: the name for `--to`, the name in messages, the endings of files, and the writer as `module:function`.

    A writer takes a circuit, the names to differentiate by, and constant circuits for inputs that have a value; it
    returns the content of a file: a text, or the bytes of a `binary` one. An ending that several languages have means
    the first of them. `slopes` is whether the text has derivatives. `aliases` are other names for `--to`.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    writer: str
    slopes: bool = True
    aliases: tuple[str, ...] = ()
    binary: bool = False

    def text(self, graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str:
        """The text of a file that is one."""
        content = self.content(graph, wrt, given)
        assert isinstance(content, str)
        return content

    def content(self, graph: Graph, wrt: Sequence[str], given: Mapping[str, Graph]) -> str | bytes:
        """The content of a file. Raises UsageError where the language has no form of an operation of the circuit."""
        from pkgutil import resolve_name

        from circuitcli.export.operation_forms import MissingFormError

        write: Writer = resolve_name(self.writer)
        try:
            return write(graph, wrt, given)
        except MissingFormError as missing:
            hint = "leave it out, or export to another language"
            raise UsageError(f"{self.title} has no form of {missing}, which the circuit needs", hint) from None


LANGUAGES = {
    language.name: language
    for language in (
        Language("python", "Python", (".py",), "circuitcli.export.python_code:python", aliases=("py",)),
        Language("numpy", "NumPy", (".py",), "circuitcli.export.array_code:numpy"),
        Language("jax", "JAX", (".py",), "circuitcli.export.array_code:jax"),
        Language("torch", "PyTorch", (".py",), "circuitcli.export.array_code:torch", aliases=("pytorch",)),
        Language("c", "C", (".c", ".cpp", ".cc", ".cxx"), "circuitcli.export.c_code:c", aliases=("cpp", "c++")),
        Language("javascript", "JavaScript", (".js",), "circuitcli.export.javascript:javascript", aliases=("js",)),
        Language("rust", "Rust", (".rs",), "circuitcli.export.rust_code:rust", aliases=("rs",)),
        Language("julia", "Julia", (".jl",), "circuitcli.export.julia_code:julia", aliases=("jl",)),
        Language(
            "fortran", "Fortran", (".f90", ".f03", ".f08"), "circuitcli.export.fortran_code:fortran", aliases=("f90",)
        ),
        Language("sql", "SQL", (".sql",), "circuitcli.export.sql_code:sql", aliases=("duckdb", "sqlite", "postgres")),
        Language(
            "excel", "Excel", (".xlsx",), "circuitcli.render.excel_workbook:excel", aliases=("xlsx",), binary=True
        ),
        Language("latex", "LaTeX", (".tex",), "circuitcli.export.latex:latex", aliases=("tex",)),
        Language("json", "JSON", (".json",), "circuitcli.export.json_description:text", slopes=False),
    )
}
