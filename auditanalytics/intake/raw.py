"""Sheets of text that know where every cell stands.

Files are parsed in a process of its own (`auditanalytics.parsing`); what comes back is text on the row numbers that a
person sees, with what was noticed on the way: hidden rows, cells too long to be one cell, text encoded twice. A file
that is refused is one problem, and the others are read.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from auditanalytics.intake.sources import Source
from auditanalytics.intake.values import DAY_ZERO
from auditanalytics.parsing.client import ParsedFile, Parser, TextSheet
from auditanalytics.problems import Problem, problem

_DAY_ZERO_OF_1904 = dt.date(1904, 1, 1)


@dataclass(frozen=True)
class RawSheet:
    """One sheet of text.

    Attributes
    ----------
    file, sheet
        Where it stands; a text file has one sheet without a name.
    cells
        Text, "" where blank; one row a row of the sheet, on an index of the row numbers a person sees.
    widths
        How many fields each row of a text file had; None for a workbook, whose rows are never torn.
    spoiled
        The rows of a text file that a stray quotation mark spoiled.
    too_long
        The rows with a cell too long to be one, each with the position of the first.
    hidden_rows
        How many rows are hidden or filtered away.
    day_zero
        The day from which a bare number counts, where it is a date.
    encoding
        The encoding of a text file.
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    widths: pd.Series | None = None
    spoiled: tuple[int, ...] = ()
    too_long: dict[int, int] = field(default_factory=dict)
    hidden_rows: int = 0
    day_zero: dt.date = DAY_ZERO
    encoding: str = ""

    def cell(self, row: int, position: int) -> str:
        """Name a cell as a spreadsheet does.

        Parameters
        ----------
        row
            Row number, from 1.
        position
            Column, from 0.

        Returns
        -------
        str
            Such as ``AB7``.

        Examples
        --------
        >>> RawSheet("a.csv", "", pd.DataFrame()).cell(7, 27)
        'AB7'
        """
        return xl_rowcol_to_cell(row - 1, position)

    def problem(self, code: str, row: int, position: int | None = None, **details: Any) -> Problem:
        """Make the problem of a rule met in a row of this sheet.

        Parameters
        ----------
        code
            The code of the rule.
        row
            Row number, from 1.
        position
            Column, from 0, where one cell is meant; the problem then names it and, if not given, its value.
        **details
            As for `problems.problem`.

        Returns
        -------
        Problem
            The problem.
        """
        if position is not None:
            details = {"value": str(self.cells.at[row, position]), "cell": self.cell(row, position)} | details
        return problem(code, self.file, self.sheet, row=str(row), **details)


def read_sheets(sources: Iterable[Source]) -> tuple[list[RawSheet], list[Problem]]:
    """Read the visible sheets of files as text.

    Parameters
    ----------
    sources
        Files.

    Returns
    -------
    tuple
        Their sheets, and a problem for each file or sheet that is not read and for what was noticed in one that is.
    """
    sheets: list[RawSheet] = []
    problems: list[Problem] = []
    with Parser() as parser:
        for source in sources:
            ending = source.ending or PurePosixPath(source.name).suffix.casefold()
            parsed = parser.parse(ending, source.data)
            found = [_raw_sheet(source.name, parsed, sheet) for sheet in parsed.sheets]
            sheets += found
            problems += _problems(source.name, parsed)
            problems += [_noticed(*pair) for pair in zip(found, parsed.sheets, strict=True) if pair[1].twice_encoded]
    return sheets, problems


def _problems(file: str, parsed: ParsedFile) -> list[Problem]:
    if parsed.refused:
        return [problem(parsed.refused, file, row=parsed.details.get("line", ""), **parsed.details)]
    return [problem(code, file, sheet) for code, sheet in parsed.problems]


def _raw_sheet(file: str, parsed: ParsedFile, sheet: TextSheet) -> RawSheet:
    numbers = pd.RangeIndex(1, len(sheet.cells) + 1)
    return RawSheet(
        file,
        sheet.name,
        pd.DataFrame(sheet.cells, index=numbers, columns=range(sheet.cells.shape[1]), dtype=object),
        widths=None if sheet.widths is None else pd.Series(sheet.widths, index=numbers, dtype=int),
        spoiled=tuple(sheet.spoiled),
        too_long={row: position for row, position in reversed(sheet.too_long)},
        hidden_rows=sheet.hidden_rows,
        day_zero=_DAY_ZERO_OF_1904 if parsed.counts_from_1904 else DAY_ZERO,
        encoding=parsed.encoding,
    )


def _noticed(sheet: RawSheet, parsed: TextSheet) -> Problem:
    row, position, count = parsed.twice_encoded
    return sheet.problem("mojibake", row, position, value="", count=count)
