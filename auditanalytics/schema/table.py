"""What a table is: a name, what one row means, and columns with a name, a kind and a meaning each.

A missing text is missing (never "nan" or ""), a missing date is NaT, and no column changes kind with its content.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

TEXT = pd.Series(["text"]).dtype
"""The kind of text column that this pandas makes by itself: ``str`` in pandas 3, ``object`` in pandas 2."""

_DTYPES = {"text": TEXT, "date": "datetime64[s]", "number": "float64", "whole number": "Int64"}


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, its kind and what it means."""

    name: str
    kind: Literal["text", "date", "number", "whole number"]
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table: its name, what one row is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def build(self, rows: pd.DataFrame | Iterable[object]) -> pd.DataFrame:
        """Make the table from rows, with exactly its columns, each of its kind.

        Parameters
        ----------
        rows
            A frame with some of the columns, or rows of all of them.

        Returns
        -------
        pandas.DataFrame
            The rows on an index from 0, columns in order.

        Examples
        --------
        >>> from auditanalytics.schema import GRADE_LEDGER
        >>> GRADE_LEDGER.build([("ofsted", "RI", "Requires improvement", "synonym", 3)]).n.sum().item()
        3
        """
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), columns=self.names)
        series = {}
        for column in self.columns:
            values = frame[column.name] if column.name in frame else pd.Series(None, index=frame.index, dtype=object)
            series[column.name] = values.astype(_DTYPES[column.kind])
        return pd.DataFrame(series, columns=self.names, index=frame.index).reset_index(drop=True)
