"""From the bytes of a file to sheets of text.

A parser may only ever hand on text: "N/A" is an answer, "Null" a surname and 007 an identifier, and a library that
guesses kinds turns each into something else. Every sheet keeps the row numbers that a person sees.
"""

import datetime as dt
import io
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from defusedxml import DefusedXmlException
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from xlsxwriter.utility import xl_rowcol_to_cell

from auditanalytics.intake.sources import Source
from auditanalytics.intake.text import UnclosedQuoteError, decode, split_rows
from auditanalytics.intake.unworked import unworked_cells
from auditanalytics.problems import Problem, problem

_SIGNS_OF_DAMAGE = (
    CalamineError,
    DefusedXmlException,
    ParseError,
    BadZipFile,
    zlib.error,
    KeyError,
    IndexError,
    ValueError,
    OSError,
)


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
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    widths: pd.Series | None = None
    spoiled: tuple[int, ...] = ()

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


def read_sheets(source: Source) -> tuple[list[RawSheet], list[Problem]]:
    """Read the visible sheets of a file as text.

    Parameters
    ----------
    source
        A file.

    Returns
    -------
    tuple
        Its sheets, and a problem for each sheet, or the whole file, that is not read.
    """
    ending = PurePosixPath(source.name).suffix.casefold()
    if ending == ".xlsx":
        return _read_workbook(source)
    if ending in (".csv", ".tsv"):
        return _read_text(source)
    return [], [problem("unsupported_type", source.name, ending=ending)]


def _read_workbook(source: Source) -> tuple[list[RawSheet], list[Problem]]:
    if not source.data.startswith(b"PK\x03\x04"):
        return [], [problem("not_a_workbook", source.name)]
    sheets, problems = [], []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        unworked = unworked_cells(source.data)
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                problems.append(problem("hidden_sheet", source.name, about.name))
                continue
            rows = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            cells = _grid([[_text(value) for value in row] for row in rows])
            sheets.append(RawSheet(source.name, about.name, _put(cells, unworked.get(about.name, {}))))
    except _SIGNS_OF_DAMAGE:
        return [], [problem("damaged", source.name)]
    return sheets, problems


def _put(cells: pd.DataFrame, texts: dict[tuple[int, int], str]) -> pd.DataFrame:
    """The cells with some of them replaced; a cell beyond the others makes the sheet larger."""
    if not texts:
        return cells
    height = max(len(cells), *(row for row, _ in texts))
    width = max(len(cells.columns), *(column + 1 for _, column in texts))
    cells = cells.reindex(index=range(1, height + 1), columns=range(width), fill_value="")
    for (row, column), text in texts.items():
        cells.at[row, column] = text
    return cells


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _grid(rows: list[list[str]]) -> pd.DataFrame:
    """Rows of one width, on the row numbers a person sees."""
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    cells = np.array(padded, dtype=object).reshape(len(rows), width)
    return pd.DataFrame(cells, index=pd.RangeIndex(1, len(rows) + 1), columns=range(width), dtype=object)


def _read_text(source: Source) -> tuple[list[RawSheet], list[Problem]]:
    text = decode(source.data)
    if text is None:
        return [], [problem("encoding", source.name)]
    try:
        rows, spoiled = split_rows(text)
    except UnclosedQuoteError:
        return [], [problem("quote", source.name)]
    widths = pd.Series([len(row) for row in rows], index=pd.RangeIndex(1, len(rows) + 1))
    return [RawSheet(source.name, "", _grid(rows), widths, tuple(spoiled))], []
