"""Which row of a spreadsheet is the header, and which of its sheets are one return.

The header is the row with most headers that a shipped framework knows. Where no row has any, it is the first row of
words, as wide as what stands below it, over at least a column of dates and one of grades: a row of a table without a
header, or of one that has an audit in each column, may be names of children and is never taken for one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditanalytics.first_framework.columns import Column
from auditanalytics.first_framework.vocabularies import is_grade_word
from auditanalytics.frameworks import OVERALL, Meaning, fold_header
from auditanalytics.intake import RawSheet, find_header, parse_dates
from auditanalytics.intake.layout import TOTALS

_HEADER_WITHIN = 50
_FEWEST_HEADERS, _FEWEST_CELLS = 3, 2
_COVERS_MOST, _COVERS_SOME = 0.75, 0.5
_PLAINLY_HEADERS = 4
"""Known headers; no row of an audit holds so many words that are."""


Place = tuple[str, int]
"""A header, folded, and which of several alike it is."""


@dataclass(frozen=True)
class HeadedSheet:
    """A sheet with its header.

    Attributes
    ----------
    name
        Its name; "" where a file has no sheets.
    number
        Which of the visible sheets it is, from 1.
    header_row
        The row number of the header.
    columns
        Its columns, in their order.
    """

    name: str
    number: int
    header_row: int
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """How many rows of data it has."""
        return len(self.columns[0].cells)

    @property
    def places(self) -> list[Place]:
        """Every header, folded, with which of several alike it is."""
        folded = pd.Series([fold_header(column.header) for column in self.columns])
        return list(zip(folded, folded.groupby(folded).cumcount(), strict=True))


def find_headed_sheets(sheets: list[RawSheet], meaning: Callable[[str], Meaning | None]) -> list[HeadedSheet]:
    """Find the sheets that have a header over rows of data.

    Parameters
    ----------
    sheets
        The visible sheets of a file.
    meaning
        What a header means in a shipped framework, None where none knows it.

    Returns
    -------
    list of HeadedSheet
        Those that have one.
    """
    headed = [_headed(sheet, number, meaning) for number, sheet in enumerate(sheets, 1)]
    return [sheet for sheet in headed if sheet]


def _headed(sheet: RawSheet, number: int, meaning: Callable[[str], Meaning | None]) -> HeadedSheet | None:
    row, headers = find_header(sheet, meaning)
    if not (row and _is_known_header(sheet, row, headers, meaning)):
        row = _likeliest_header(sheet)
        headers = sheet.cells.loc[row] if row else headers
    if not row or _is_turned(sheet, row, headers, meaning):
        return None
    data = _data(sheet, row)
    columns = tuple(
        Column(str(header), data[at], sheet.day_zero)
        for at, header in headers.items()
        if header or (data[at] != "").any()
    )
    return HeadedSheet(sheet.sheet, number, row, columns)


def _data(sheet: RawSheet, header_row: int) -> pd.DataFrame:
    """The rows under a header that hold more than a note or a total."""
    below = sheet.cells.loc[header_row + 1 :]
    texts = below.to_numpy()
    filled = texts != ""
    first = texts[range(len(texts)), filled.argmax(axis=1)]
    is_total = np.array([TOTALS.match(text) is not None for text in first], dtype=bool)
    return below[(filled.sum(axis=1) >= _FEWEST_CELLS) & ~is_total]


def _is_known_header(sheet: RawSheet, row: int, headers: pd.Series, meaning: Callable[[str], Meaning | None]) -> bool:
    """Whether a row with known headers is one of headers: rows of audits may hold such words too, but not so many."""
    known = len({found for text in headers if text and (found := meaning(text))})
    is_plain = known >= _PLAINLY_HEADERS or (_is_widest(sheet, row, headers) and any(_holds(sheet, row, headers)))
    return is_plain and known > _values(headers) and _covers(sheet, row, headers, _COVERS_SOME)


def _holds(sheet: RawSheet, row: int, headers: pd.Series) -> tuple[bool, bool]:
    """Whether there is a column of dates below a row, and whether there is one of grades."""
    data = _data(sheet, row)
    columns = [Column(str(headers[at]), data[at], sheet.day_zero) for at in data]
    return any(column.looks_like_dates for column in columns), any(column.is_graded for column in columns)


def _is_widest(sheet: RawSheet, row: int, headers: pd.Series) -> bool:
    """Whether a row has more cells than each above it, as a header has more than titles."""
    above = (sheet.cells.loc[: row - 1] != "").sum(axis=1)
    return bool((above < (headers != "").sum()).all())


def _covers(sheet: RawSheet, row: int, headers: pd.Series, least: float) -> bool:
    """Whether a row heads enough of the columns that hold something below it."""
    held = (_data(sheet, row) != "").any()
    return bool(held.any()) and bool((headers[held[held].index] != "").mean() >= least)


def _values(headers: pd.Series) -> int:
    """How many cells of a row are dates or grades, which no header is."""
    texts = pd.Series([text for text in headers if len(text) > 1], dtype=object)
    dates = int((parse_dates(texts)[1] == "").sum()) if len(texts) else 0
    return dates + sum(is_grade_word(text) for text in texts)


def _likeliest_header(sheet: RawSheet) -> int:
    """The first row that can only be a header, 0 where there is none."""
    for number in range(min(_HEADER_WITHIN, len(sheet.cells))):
        row, headers = number + 1, sheet.cells.iloc[number]
        texts = [text for text in headers if text]
        different = len({fold_header(text) for text in texts}) == len(texts) >= _FEWEST_HEADERS
        if (
            different
            and _is_widest(sheet, row, headers)
            and not _values(headers)
            and _covers(sheet, row, headers, _COVERS_MOST)
        ):
            return row if all(_holds(sheet, row, headers)) else 0
    return 0


def _is_turned(sheet: RawSheet, row: int, headers: pd.Series, meaning: Callable[[str], Meaning | None]) -> bool:
    """Whether the sheet has an audit in each column, so that its headers stand below each other."""
    data = _data(sheet, row)
    first = next((data[at] for at in data if (data[at] != "").any()), pd.Series(dtype=object))
    return len(_fields(first, meaning)) > max(1, len(_fields(headers, meaning)))


def _fields(texts: pd.Series, meaning: Callable[[str], Meaning | None]) -> set[str]:
    found = {meaning(text) for text in texts.unique() if text}
    return {each.name for each in found if each and each.kind == "field" and each.name != OVERALL}


@dataclass(frozen=True)
class FirstReturn:
    """The sheets that are one return, under each other.

    Attributes
    ----------
    sheets
        The sheets.
    columns
        Their columns.
    others
        The sheets with other headers.
    without_header
        How many sheets hold something and have no header.
    """

    sheets: tuple[HeadedSheet, ...]
    columns: tuple[Column, ...]
    others: tuple[HeadedSheet, ...]
    without_header: int

    @property
    def rows(self) -> int:
        """How many rows of data there are."""
        return sum(sheet.rows for sheet in self.sheets)


def gather_return(headed: list[HeadedSheet], *, of_sheets: int) -> FirstReturn:
    """Put the sheets of one return together: those that have just the headers of the sheet with most grades.

    Parameters
    ----------
    headed
        Sheets with a header; at least one.
    of_sheets
        How many sheets hold something.

    Returns
    -------
    FirstReturn
        The return.
    """
    first = max(headed, key=lambda sheet: (sum(column.is_graded for column in sheet.columns), sheet.rows))
    alike = [sheet for sheet in headed if set(sheet.places) == set(first.places)]
    cells = [dict(zip(sheet.places, sheet.columns, strict=True)) for sheet in alike]
    columns = tuple(
        Column(
            column.header,
            pd.concat([sheet[place].cells for sheet in cells], ignore_index=True),
            column.day_zero,
        )
        for place, column in zip(first.places, first.columns, strict=True)
    )
    others = tuple(sheet for sheet in headed if sheet not in alike)
    return FirstReturn(tuple(alike), columns, others, of_sheets - len(headed))
