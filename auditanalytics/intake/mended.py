"""Rows that a team mended and sent back, put in the place of those they came from.

A row knows its file, sheet and row, and carries a fingerprint of what stood there when it was sent out. It takes the
place of exactly that row and of no other: where the row has changed since, or two people mended it in two ways, nobody
can say what is meant, and the row that is there stays. A row that was sent back as it went out changes nothing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

import pandas as pd

from auditanalytics.frameworks import fold_header
from auditanalytics.intake.raw import RawSheet
from auditanalytics.problems import Problem, problem

SENT_HEADERS = ("Return", "Sheet", "Row", "Check", "What to mend")
"""The headers of the columns that a workbook to mend has before those of the return."""

SUMMARY_SHEET = "Summary"
"""The sheet of such a workbook that only explains it."""

_HEADER_WITHIN = 50


def fingerprint(cells: Iterable[str]) -> str:
    """Make a short text by which a row is told from one that was changed, but for white space.

    Parameters
    ----------
    cells
        The text of its cells, in the order of the columns.

    Returns
    -------
    str
        Twelve hexadecimal digits.

    Examples
    --------
    >>> fingerprint(["A1", "Good"]) == fingerprint(["A1", "Good "])
    True
    """
    # Programs do not agree on what ends a line within a cell.
    return hashlib.sha256(
        "\x1f".join(" ".join(cell.split()) for cell in cells).encode("utf-8", "surrogatepass")
    ).hexdigest()[:12]


class _Place(NamedTuple):
    """Where a row came from: the name of the file without its folders, the sheet and the row."""

    file: str
    sheet: str
    row: str


@dataclass(frozen=True, eq=False)
class _Mended:
    """A row that came back: where it stands, what it is to take the place of, and its cells under their headers."""

    sheet: RawSheet
    number: int
    check: str
    headers: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        return fingerprint(self.cells) == self.check

    def problem(self, code: str) -> Problem:
        return problem(code, self.sheet.file, self.sheet.sheet, row=str(self.number))


class MendedRows:
    """The rows of workbooks that came back.

    Parameters
    ----------
    sheets
        Sheets, those of returns among them.

    Attributes
    ----------
    returns
        The sheets that hold no rows sent back.
    sheets
        Those that do, and what explains them, with the rows of their headers; None where there is none.
    """

    def __init__(self, sheets: Iterable[RawSheet]) -> None:
        self.returns: list[RawSheet] = []
        self.sheets: list[tuple[RawSheet, int | None]] = []
        self._rows: dict[_Place, list[_Mended]] = {}
        self._used: dict[_Mended, str] = {}
        header_rows = [(sheet, _header_row(sheet)) for sheet in sheets]
        workbooks = {sheet.file for sheet, header_row in header_rows if header_row is not None}
        for sheet, header_row in header_rows:
            if header_row is not None:
                self._gather(sheet, header_row)
            elif sheet.file in workbooks and sheet.sheet == SUMMARY_SHEET:
                self.sheets.append((sheet, None))
            else:
                self.returns.append(sheet)

    def _gather(self, sheet: RawSheet, header_row: int) -> None:
        self.sheets.append((sheet, header_row))
        header = sheet.cells.loc[header_row]
        at = [position for position in header.index[len(SENT_HEADERS) :] if header[position]]
        for number, cells in sheet.cells.loc[header_row + 1 :].iterrows():
            file, name, row, check = (str(cells[position]) for position in range(4))
            if not check:
                continue
            place = _Place(PurePosixPath(file).name.casefold(), name, row)
            mended = _Mended(sheet, int(str(number)), check, tuple(header[at]), tuple(cells[at]))
            self._rows.setdefault(place, []).append(mended)

    def apply(self, sheet: RawSheet) -> RawSheet:
        """Put the rows that came back in the place of those of a sheet.

        Parameters
        ----------
        sheet
            A sheet of a return.

        Returns
        -------
        RawSheet
            The sheet as it was mended.
        """
        if not self._rows:
            return sheet
        places = sheet.places(sheet.cells.index).astype({"row": str})
        mended: dict[int, tuple[dict[int, str], str]] = {}
        for row, file, name, number in places.itertuples(name=None):
            place = _Place(PurePosixPath(file).name.casefold(), name, number)
            if (came_back := self._rows.get(place)) and (cells := self._follow(sheet, row, came_back)):
                mended[row] = cells
        return _with_rows(sheet, mended) if mended else sheet

    def _follow(self, sheet: RawSheet, row: int, came_back: list[_Mended]) -> tuple[dict[int, str], str] | None:
        """What a row became: it may have been sent out, mended and sent out again."""
        left = [each for each in came_back if not each.is_unchanged]
        positions = {each.headers: _positions(sheet, each.headers) for each in left}
        cells: dict[int, str] = sheet.cells.loc[row].to_dict()
        place = ""
        while True:
            following = [
                each
                for each in left
                if (at := positions[each.headers]) and fingerprint(cells[each_at] for each_at in at) == each.check
            ]
            if not following:
                break
            ways = {each.cells for each in following}
            self._used |= dict.fromkeys(following, "used" if len(ways) == 1 else "mended_twice")
            if len(ways) > 1:
                break
            one, at = following[0], positions[following[0].headers] or ()
            cells |= dict(zip(at, one.cells, strict=True))
            if sheet.widths is not None:  # what a delimiter too many pushed beyond the last column is in it now
                cells |= dict.fromkeys((position for position in cells if position > max(at)), "")
            place = f"{one.sheet.file} {one.sheet.sheet} row {one.number}"
            left = [each for each in left if each not in following]
        for each in left:  # somebody wrote the same into the return itself
            at = positions[each.headers]
            if at and fingerprint(cells[each_at] for each_at in at) == fingerprint(each.cells):
                self._used.setdefault(each, "used")
        return (cells, place) if place else None

    @property
    def problems(self) -> list[Problem]:
        """What is to be said of the workbooks, and of each row that could not be used."""
        found = []
        for sheet, header_row in self.sheets:
            if header_row is None:
                continue
            used = sum(each.sheet is sheet and fate == "used" for each, fate in self._used.items())
            found.append(problem("mended_table", sheet.file, sheet.sheet, count=used))
        for each in (each for rows in self._rows.values() for each in rows if not each.is_unchanged):
            fate = self._used.get(each, "mended_without_original")
            if fate != "used":
                found.append(each.problem(fate))
        return found


def _header_row(sheet: RawSheet) -> int | None:
    """The row of the header of a sheet of rows sent out; None where it is another sheet."""
    wanted = [fold_header(header) for header in SENT_HEADERS]
    if sheet.cells.shape[1] <= len(wanted):
        return None
    for number, cells in sheet.cells.iloc[:_HEADER_WITHIN, : len(wanted)].iterrows():
        if [fold_header(text) for text in cells] == wanted:
            return int(str(number))
    return None


def _positions(sheet: RawSheet, headers: tuple[str, ...]) -> tuple[int, ...] | None:
    """The positions of headers in the sheet that they came from; None where it has not all of them."""
    top = sheet.cells.head(1 if sheet.header_row else _HEADER_WITHIN)
    known = top.isin(set(headers))
    best = int(known.sum(axis=1).idxmax())
    at: dict[str, list[int]] = {}
    for position in top.columns:  # a header may stand in two rows
        rows = [row for row in (best, best - 1, best + 1) if row in top.index and known.at[row, position]]
        if rows:
            at.setdefault(str(top.at[rows[0], position]), []).append(position)
    found = [at[header].pop(0) if at.get(header) else None for header in headers]
    return None if None in found else tuple(each for each in found if each is not None)


def _with_rows(sheet: RawSheet, mended: dict[int, tuple[dict[int, str], str]]) -> RawSheet:
    """A sheet with other cells in some rows, which are torn no more."""
    cells, widths = sheet.cells.copy(), None if sheet.widths is None else sheet.widths.copy()
    for row, (texts, _) in mended.items():
        cells.loc[row] = pd.Series(texts, dtype=object)
    if widths is not None:
        widths.loc[list(mended)] = widths.max()
    return replace(
        sheet,
        cells=cells,
        widths=widths,
        spoiled=tuple(row for row in sheet.spoiled if row not in mended),
        too_long={row: position for row, position in sheet.too_long.items() if row not in mended},
        mended={row: place for row, (_, place) in mended.items()},
    )
