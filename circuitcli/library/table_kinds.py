"""The kinds of tables that Python hands over, and the answers of each kind: a frame for a frame, a list for a list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from circuitcli.errors import InputError
from circuitcli.frame_libraries import library_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = Mapping[str, NDArray[Any]]

VALUE = "value"  # the name of a result that has none


class TableOf(Protocol):
    """A table of some library."""

    shown: str  # as messages call it
    filled: str  # how its rows without a number are filled or left out
    numbered: str  # how texts in it are made numbers, of a column {name}
    worded: str  # how rows without a text in a column {name} are filled or left out
    assigned: str  # how it gets a column {name}

    @property
    def rows(self) -> int:
        """The number of rows."""

    @property
    def names(self) -> list[str]:
        """The names of the columns that are texts."""

    def column(self, name: str) -> Any:
        """A column, as an array of NumPy or pyarrow."""

    def vector(self, numbers: NDArray[Any], name: str) -> Any:
        """A result in each row."""

    def table(self, columns: Numbers) -> Any:
        """Results in each row, by their names."""

    def extended(self, columns: Numbers) -> Any:
        """The table with results in more columns."""

    def indexes(self, names: Collection[str]) -> list[Any]:
        """The indexes of pandas by which the rows of some columns are called."""


class _Plain:
    """A table whose rows have no names."""

    def indexes(self, names: Collection[str]) -> list[Any]:
        return []


class _Frame(_Plain):
    """A frame of a library: its rows are counted and its columns are had by their names."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    @property
    def rows(self) -> int:
        return len(self._frame)

    def column(self, name: str) -> Any:
        from circuitcli.tables.arrow_columns import arrow_of

        return arrow_of(self._frame[name], name)


class PandasFrame(_Frame):
    """A DataFrame of pandas. Its answers have its index."""

    shown, filled = "the frame", "df.dropna() leaves such rows out, df.fillna(float('nan')) keeps them"
    numbered = "pandas.to_numeric(df['{name}'], errors='coerce') makes what is no number nan"
    worded = "df.dropna() leaves such rows out, df.fillna({{'{name}': ''}}) keeps them"
    assigned = "df.assign({name}={name})"

    @property
    def names(self) -> list[str]:
        return [name for name in self._frame.columns if isinstance(name, str)]

    def vector(self, numbers: NDArray[Any], name: str) -> Any:
        from pandas import Series

        return Series(numbers, self._frame.index, name=name)

    def table(self, columns: Numbers) -> Any:
        from pandas import DataFrame

        return DataFrame(dict(columns), self._frame.index)

    def extended(self, columns: Numbers) -> Any:
        return self._frame.assign(**columns)

    def indexes(self, names: Collection[str]) -> list[Any]:
        return [self._frame.index]


class PolarsFrame(_Frame):
    """A DataFrame of polars."""

    shown, filled = "the frame", "df.drop_nulls() leaves such rows out, df.fill_null(float('nan')) keeps them"
    numbered = "df['{name}'].cast(pl.Float64, strict=False) makes what is no number null"
    worded = "df.drop_nulls() leaves such rows out, df.with_columns(pl.col('{name}').fill_null('')) keeps them"
    assigned = "df.with_columns({name}={name})"

    @property
    def names(self) -> list[str]:
        return list(self._frame.columns)

    def vector(self, numbers: NDArray[Any], name: str) -> Any:
        from polars import Series

        return Series(name, numbers)

    def table(self, columns: Numbers) -> Any:
        from polars import DataFrame

        return DataFrame(dict(columns))

    def extended(self, columns: Numbers) -> Any:
        return self._frame.with_columns(**{name: self.vector(numbers, name) for name, numbers in columns.items()})


class ArrowRows(_Plain):
    """A table of pyarrow, or what pyarrow makes one of. A result in each row is an array of pyarrow."""

    shown, filled = "the table", "drop such rows, or fill them with nan"
    numbered = "make {name} a column of numbers"
    worded = "drop such rows, or fill them with ''"
    assigned = "table.append_column('{name}', [{name}])"

    def __init__(self, table: object) -> None:
        from circuitcli.tables.arrow_columns import as_table

        self._table = as_table(table)

    @property
    def rows(self) -> int:
        return len(self._table)

    @property
    def names(self) -> list[str]:
        names: list[str] = self._table.column_names
        return names

    def column(self, name: str) -> Any:
        return self._table.column(name).combine_chunks()

    def vector(self, numbers: NDArray[Any], name: str) -> Any:
        from circuitcli.tables.arrow_columns import arrow_array

        return arrow_array(numbers)

    def table(self, columns: Numbers) -> Any:
        from circuitcli.tables.arrow_columns import as_table

        return as_table({name: self.vector(numbers, name) for name, numbers in columns.items()})

    def extended(self, columns: Numbers) -> Any:
        table = self._table
        for name, numbers in columns.items():
            table = table.append_column(name, [self.vector(numbers, name)])
        return table


class RowsOfDicts(_Plain):
    """A list of rows, each a dict. A result in each row is a list, and results by name are a list of dicts."""

    shown, filled = "the rows", "leave such rows out, or give float('nan')"
    numbered, worded = filled, "leave such rows out, or give ''"
    assigned = "give each row its '{name}'"

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows

    @property
    def rows(self) -> int:
        return len(self._rows)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(name for row in self._rows for name in row if isinstance(name, str)))

    def column(self, name: str) -> Any:
        from circuitcli.tables.arrow_columns import arrow_of

        return arrow_of([row.get(name) for row in self._rows], name)

    def vector(self, numbers: NDArray[Any], name: str) -> Any:
        return numbers.tolist()

    def table(self, columns: Numbers) -> Any:
        rows = zip(*(numbers.tolist() for numbers in columns.values()), strict=True)
        return [dict(zip(columns, row, strict=True)) for row in rows] if columns else [{} for _ in self._rows]

    def extended(self, columns: Numbers) -> Any:
        return [{**row, **more} for row, more in zip(self._rows, self.table(columns), strict=True)]


class DictOfColumns:
    """A dict of columns, each an array or a list. A result is an array, or a list where all columns are lists."""

    shown, filled = "the columns", "leave such rows out, or give float('nan')"
    numbered, worded = filled, "leave such rows out, or give ''"
    assigned = "{{**columns, '{name}': {name}}}"

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns = columns
        self._lists = all(isinstance(column, list) for column in columns.values())

    @property
    def rows(self) -> int:
        return max(map(len, self._columns.values()), default=0)

    @property
    def names(self) -> list[str]:
        return list(self._columns)

    def column(self, name: str) -> Any:
        from circuitcli.tables.arrow_columns import arrow_of

        return arrow_of(self._columns[name], name)

    def vector(self, numbers: NDArray[Any], name: str) -> Any:
        return numbers.tolist() if self._lists else numbers

    def table(self, columns: Numbers) -> Any:
        return {name: self.vector(numbers, name) for name, numbers in columns.items()}

    def extended(self, columns: Numbers) -> Any:
        return {**self._columns, **self.table(columns)}

    def indexes(self, names: Collection[str]) -> list[Any]:
        return indexes_of(column for name, column in self._columns.items() if name in names)


def rows_in_kind(given: Collection[Any]) -> Callable[[NDArray[Any], str], Any]:
    """The form of a result in each row, where these are the inputs that vary by row: a list where all are lists, a
    Series where there are such, else an array. Raises InputError for Series whose rows do not go together."""
    if all(isinstance(rows, (list, tuple)) for rows in given):
        return lambda numbers, name: numbers.tolist()
    series = [rows for rows in given if library_of(rows) in ("pandas", "polars")]
    if not series:
        return lambda numbers, name: numbers
    if library_of(series[0]) == "polars":
        return PolarsFrame(series[0]).vector
    refuse_other_indexes([getattr(rows, "index", None) for rows in series])
    return PandasFrame(series[0]).vector


def indexes_of(given: Iterable[Any]) -> list[Any]:
    """The indexes of those that are Series or frames of pandas."""
    return [rows.index for rows in given if library_of(rows) == "pandas" and hasattr(rows, "index")]


def refuse_other_indexes(indexes: Sequence[Any]) -> None:
    """Raise InputError for rows that pandas would not pair by their places: an index is another than the first."""
    if not all(index is indexes[0] or (index is not None and indexes[0].equals(index)) for index in indexes):
        hint = "put them into one frame, or hand over arrays: x.to_numpy()"
        raise InputError("the inputs have different indexes", hint)


def _lazy(frame: object) -> TableOf:
    raise InputError("a LazyFrame has no rows before it is collected", "hand over frame.collect()")


KINDS: Mapping[tuple[str, str], Callable[[Any], TableOf]] = {  # by library and class
    ("pandas", "DataFrame"): PandasFrame,
    ("polars", "DataFrame"): PolarsFrame,
    ("polars", "LazyFrame"): _lazy,
    ("pyarrow", "Table"): ArrowRows,
    ("pyarrow", "RecordBatch"): ArrowRows,
}


def table_given(given: object) -> TableOf:
    """The table that is given, of which a mapping is the columns. Raises InputError where it is none."""
    if isinstance(given, Mapping):
        return DictOfColumns({name: column for name, column in given.items() if hasattr(column, "__len__")})
    if (table := table_of(given)) is not None:
        return table
    hint = "give a frame of pandas or polars, a table of pyarrow, a dict of columns, or a list of dicts"
    raise InputError(f"the rows are no {type(given).__name__}", hint)


def table_of(given: object) -> TableOf | None:
    """The table that is given; None where it is none. Its class tells its library, which is not loaded to find out."""
    if given is None or isinstance(given, dict):
        return None
    for kind in type(given).__mro__:
        if (made := KINDS.get((kind.__module__.partition(".")[0], kind.__name__))) is not None:
            return made(given)
    if isinstance(given, (list, tuple)) and given and all(isinstance(row, Mapping) for row in given):
        return RowsOfDicts(given)
    is_table = hasattr(given, "__arrow_c_stream__") and library_of(given) not in ("pandas", "polars")  # but a Series
    return ArrowRows(given) if is_table else None
