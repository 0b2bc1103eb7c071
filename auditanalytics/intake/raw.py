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
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from auditanalytics.intake.sources import Source
from auditanalytics.intake.values import DAY_ZERO
from auditanalytics.parsing.client import ParsedFile, Parser, TextSheet
from auditanalytics.problems import Problem, problem

DOCUMENT = ".docx"

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
    mended
        By row number, where the row stands that somebody mended and sent back, which took its place.
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
    mended: dict[int, str] = field(default_factory=dict)

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

    @property
    def header_row(self) -> int | None:
        """The row of the header, where nobody has to look for it."""
        return None

    def places(self, rows: pd.Index) -> pd.DataFrame:
        """Say in which file and sheet, and on which row of it, rows stand.

        Parameters
        ----------
        rows
            Row numbers, from 1.

        Returns
        -------
        pandas.DataFrame
            Columns ``file``, ``sheet`` and ``row``, on the row numbers.
        """
        return pd.DataFrame({"file": self.file, "sheet": self.sheet, "row": rows}, index=rows)

    def describe_place(self, row: int) -> str:
        """Say where a row stands, in words.

        Parameters
        ----------
        row
            Row number, from 1.

        Returns
        -------
        str
            Such as ``may.xlsx Returns row 7``.
        """
        return " ".join(filter(None, [self.file, self.sheet, f"row {row}"]))

    def row_of(self, found: Problem) -> int | None:
        """Find the row that a problem is about.

        Parameters
        ----------
        found
            A problem.

        Returns
        -------
        int or None
            Its row number; None where it is about no row of this sheet, or several.
        """
        here = (found.file, found.sheet) == (self.file, self.sheet) and found.row.isdecimal()
        return int(found.row) if here else None

    def header_places(self, header_row: int, position: int) -> list[tuple[str, str, str]]:
        """Say where a header stands.

        Parameters
        ----------
        header_row
            The row of the header.
        position
            Column, from 0.

        Returns
        -------
        list of tuple
            File, sheet and cell; one place, but for forms, of which each has its own.
        """
        return [(self.file, self.sheet, self.cell(header_row, position))]

    def header_problems(self, code: str, header_row: int, position: int | None = None, **details: Any) -> list[Problem]:
        """Make the problems of a rule met in the header, as `problem` does."""
        return [self.problem(code, header_row, position, **details)]

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
        return self.as_mended(problem(code, self.file, self.sheet, row=str(row), **details), row)

    def as_mended(self, found: Problem, row: int) -> Problem:
        """Say of a problem in a row that was mended where it was mended.

        Parameters
        ----------
        found
            A problem.
        row
            Row number, from 1.

        Returns
        -------
        Problem
            The problem.
        """
        if row not in self.mended:
            return found
        return found._replace(message=f"{found.message} (as it was mended in {self.mended[row]})")

    def position_of(self, found: Problem) -> int | None:
        """Find the column that a problem is about, from 0; None where it is about no one cell."""
        if not found.cell:
            return None
        return xl_cell_to_rowcol(found.cell)[1]


@dataclass(frozen=True)
class RawDocument:
    """The words of a Word document.

    Attributes
    ----------
    file
        Where it stands.
    tables
        The number of the table that each row is of, 0 for a paragraph.
    rows
        The words of every row of a table, cell by cell, and of every paragraph; "" where blank.
    too_long
        The rows, from 0, with a cell too long to be one, each with the position of the first.
    """

    file: str
    tables: list[int]
    rows: list[list[str]]
    too_long: dict[int, int] = field(default_factory=dict)


def read_sheets(sources: Iterable[Source]) -> tuple[list[RawSheet], list[Problem]]:
    """Read the visible sheets of files as text.

    Parameters
    ----------
    sources
        Files.

    Returns
    -------
    tuple
        Their sheets, and a problem for each file or sheet that is not read, a Word document among them, and for what
        was noticed in one that is.
    """
    sheets, documents, problems = read_files(sources)
    return sheets, problems + [problem("header_not_found", document.file) for document in documents]


def read_files(sources: Iterable[Source]) -> tuple[list[RawSheet], list[RawDocument], list[Problem]]:
    """Read the visible sheets of files, and Word documents, as text.

    Parameters
    ----------
    sources
        Files.

    Returns
    -------
    tuple
        Their sheets, the documents, and a problem for each file or sheet that is not read and for what was noticed in
        one that is.
    """
    sheets: list[RawSheet] = []
    documents: list[RawDocument] = []
    problems: list[Problem] = []
    with Parser() as parser:
        for source in sources:
            ending = source.ending or PurePosixPath(source.name).suffix.casefold()
            parsed = parser.parse(ending, source.data)
            problems += _problems(source.name, parsed)
            if ending == DOCUMENT:
                documents += [_raw_document(source.name, sheet) for sheet in parsed.sheets]
                continue
            found = [_raw_sheet(source.name, parsed, sheet) for sheet in parsed.sheets]
            sheets += found
            problems += [_noticed(*pair) for pair in zip(found, parsed.sheets, strict=True) if pair[1].twice_encoded]
    return sheets, documents, problems


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


def _raw_document(file: str, sheet: TextSheet) -> RawDocument:
    widths = sheet.widths or [sheet.cells.shape[1]] * len(sheet.cells)
    return RawDocument(
        file,
        [int(row[0] or 0) for row in sheet.cells],
        [list(row[1:width]) for row, width in zip(sheet.cells, widths, strict=True)],
        {row - 1: position - 1 for row, position in reversed(sheet.too_long)},
    )


def _noticed(sheet: RawSheet, parsed: TextSheet) -> Problem:
    row, position, count = parsed.twice_encoded
    return sheet.problem("mojibake", row, position, value="", count=count)
