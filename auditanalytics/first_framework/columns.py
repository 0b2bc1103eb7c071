"""What a column holds, told by its cells: dates, grade words, something else on every row.

The cells are looked at and counted, and none of them is ever passed on: what a framework file says of a column is its
header, and grade words as `vocabularies` write them.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from auditanalytics.first_framework.vocabularies import is_grade_word, says_no_grade
from auditanalytics.frameworks import fold_header
from auditanalytics.grades import fold_label
from auditanalytics.intake import parse_dates

_NEARLY_ALL, _MOST = 0.8, 0.5
_FILLED = 0.9
_ANSWERS = {"yes", "no"}
REPEATS = 0.7
"""Where no larger a share of the cells differ, a column says the same on several rows."""

_LOOKED_AT = 1000
"""Texts; dates are written alike down a column, so that so many say what it is."""

_NUMBER = r"\d+(?:\.\d+)?"

LONGEST_HEADER = 300
"""Characters; what is longer is a text that stands where a header should, and would fill the file."""


@dataclass(frozen=True)
class Column:
    """A column of a return.

    Attributes
    ----------
    header
        Its header as it was written.
    cells
        The text of every row, "" where blank.
    day_zero
        The day from which a bare number counts, where it is a date.
    """

    header: str
    cells: pd.Series
    day_zero: dt.date

    @property
    def has_header(self) -> bool:
        """Whether the header can be known by: one of a letter or digit, and not of a whole text."""
        words = any(character.isalnum() for character in self.header) and fold_header(self.header)
        return bool(words) and len(self.header) <= LONGEST_HEADER

    @cached_property
    def written(self) -> pd.Series:
        """The cells in which something stands."""
        return self.cells[self.cells != ""]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each text stands in the column."""
        return {str(text): int(n) for text, n in self.written.value_counts(sort=False).items()}

    @cached_property
    def grade_words(self) -> dict[str, int]:
        """The grade words among the cells, as they are written, with how often; one letter over and over is none."""
        found = {text: n for text, n in self.counts.items() if is_grade_word(text)}
        return found if len(found) > 1 or any(len(text) > 1 for text in found) else {}

    @cached_property
    def other_words(self) -> int:
        """How many cells hold neither a grade word nor a word that says there is no grade."""
        known = self.grade_words
        return sum(n for text, n in self.counts.items() if not (text in known or says_no_grade(text)))

    @property
    def is_graded(self) -> bool:
        """Whether nearly all cells are grades."""
        return self._share_graded >= _NEARLY_ALL

    @property
    def may_be_graded(self) -> bool:
        """Whether most cells are grades, though not nearly all."""
        return _MOST <= self._share_graded < _NEARLY_ALL

    @property
    def holds_plain_grades(self) -> bool:
        """Whether it is graded, and with more than answers and letters, which may stand for anything."""
        return self.is_graded and any(len(word) > 1 and word.casefold() not in _ANSWERS for word in self.grade_words)

    @property
    def holds_few_numbers(self) -> bool:
        """Whether its cells are whole numbers from 1 to 5, as grades sometimes are."""
        return len(self.counts) > 1 and self.counts.keys() <= set("12345")

    @cached_property
    def _share_graded(self) -> float:
        graded = sum(self.grade_words.values())
        return graded / (graded + self.other_words) if graded else 0.0

    @property
    def holds_dates(self) -> bool:
        """Whether nearly all cells can be read as dates, the bare numbers of days among them."""
        return bool(self._dates.any()) and float(self._dates.mean()) >= _NEARLY_ALL

    @property
    def looks_like_dates(self) -> bool:
        """Whether nearly all cells are written as dates; a bare number may be anything."""
        written_out = self._dates & ~self._dates.index.to_series().str.fullmatch(_NUMBER)
        return bool(written_out.any()) and float(written_out.mean()) >= _NEARLY_ALL

    @cached_property
    def _dates(self) -> pd.Series:
        """For some texts of the column, whether each can be read as a date."""
        texts = pd.Series(list(self.counts)[:_LOOKED_AT], dtype=object)
        return (parse_dates(texts, day_zero=self.day_zero)[1] == "").set_axis(texts)


def share_of_different(*columns: Column) -> float:
    """Say how nearly the rows of columns, taken together, all differ.

    Parameters
    ----------
    *columns
        Columns of one return.

    Returns
    -------
    float
        Of the rows in which each column has something, the share of different ones; 0 where a tenth of the rows or more
        lack something.

    Examples
    --------
    >>> day = dt.date(1899, 12, 30)
    >>> share_of_different(Column("Ref", pd.Series(["A1", "A2", "a2", "A4"]), day))
    0.75
    """
    rows = pd.concat([column.cells for column in columns], axis=1)
    rows = rows[(rows != "").all(axis=1)]
    if len(rows) <= _FILLED * len(columns[0].cells):
        return 0.0
    return len(set(identities(rows))) / len(rows)


def identities(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """Fold the cells of rows to what tells one audit from another.

    Parameters
    ----------
    rows
        The cells of the columns that identify an audit.

    Returns
    -------
    list of tuple
        For each row its identity.

    Examples
    --------
    >>> identities(pd.DataFrame([["A1 ", "1/4/2025"]]))
    [('a1', '1/4/2025')]
    """
    return [tuple(fold_label(str(text)) for text in row) for row in rows.to_numpy()]
