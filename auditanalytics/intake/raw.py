"""From the bytes of a file to sheets of text.

A parser may only ever hand on text: "N/A" is an answer, "Null" a surname and 007 an identifier, and a library that
guesses kinds turns each into something else. Every sheet keeps the row numbers that a person sees.
"""

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from auditanalytics.intake.sources import Source
from auditanalytics.schema import Problem

_DELIMITERS = ",;\t|"
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LONGEST_FIELD = 10_000_000


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
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    widths: pd.Series | None = None

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
        letters, rest = "", position + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return f"{letters}{row}"


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
    return [], [
        _unread(
            source, "unsupported_type", f"expected .csv, .tsv or .xlsx; found '{ending}'", "save it as .xlsx or .csv"
        )
    ]


def _unread(source: Source, code: str, message: str, remedy: str) -> Problem:
    return Problem(code, "error", message, source.name, outcome="file not read", remedy=remedy)


def _read_workbook(source: Source) -> tuple[list[RawSheet], list[Problem]]:
    if not source.data.startswith(b"PK\x03\x04"):
        return [], [
            _unread(
                source,
                "not_a_workbook",
                "the file ends in .xlsx but is no workbook",
                "open it in a spreadsheet program and export it again as .xlsx",
            )
        ]
    sheets, problems = [], []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                problems.append(
                    Problem(
                        "hidden_sheet",
                        "note",
                        "the sheet is hidden",
                        source.name,
                        about.name,
                        outcome="sheet not read",
                        remedy="show it if it holds returns",
                    )
                )
                continue
            rows = workbook.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            sheets.append(RawSheet(source.name, about.name, _grid([[_text(value) for value in row] for row in rows])))
    except (CalamineError, ValueError, OSError, KeyError, IndexError):
        return [], [
            _unread(
                source,
                "damaged",
                "the workbook is damaged or locked with a password",
                "open it in a spreadsheet program, remove any password and export it again",
            )
        ]
    return sheets, problems


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
    text = _decode(source.data)
    if text is None:
        return [], [
            _unread(source, "encoding", "the text is neither UTF-8 nor Windows-1252", "save it again as CSV UTF-8")
        ]
    try:
        rows = _parse_text(text)
    except csv.Error:
        return [], [
            _unread(
                source,
                "quote",
                "a quotation mark is opened and never closed, so rows run together",
                "close it, or export the file again",
            )
        ]
    widths = pd.Series([len(row) for row in rows], index=pd.RangeIndex(1, len(rows) + 1))
    return [RawSheet(source.name, "", _grid(rows), widths)], []


def _decode(data: bytes) -> str | None:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if encoding is None and b"\0" in data:
        return None
    for candidate in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _parse_text(text: str) -> list[list[str]]:
    """Split text by the delimiter under which most rows have the same, largest number of fields."""
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:

        def parse(lines: Iterable[str], delimiter: str) -> list[list[str]]:
            return list(csv.reader(lines, delimiter=delimiter, strict=True))

        def tabularity(delimiter: str) -> tuple[int, int]:
            try:
                widths = [len(row) for row in parse(io.StringIO(sample, newline=""), delimiter)]
            except csv.Error:
                return 0, 0
            usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
            return widths.count(usual) * (usual > 1), usual

        sample = "".join(text.splitlines(keepends=True)[:50])
        delimiter = max(_DELIMITERS, key=tabularity)
        return parse(io.StringIO(text, newline=""), delimiter)
    finally:
        csv.field_size_limit(limit)
