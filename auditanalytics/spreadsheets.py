"""What every workbook that people fill in is made of: sheets that print, cells that are text, rows with room.

Whoever gets a workbook opens it in another program, so nothing in a cell is ever reckoned, and the same content gives
the same bytes.
"""

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from auditanalytics.parsing.limits import LONGEST_CELL
from auditanalytics.reporting.sanitised import NOT_IN_XML

MADE_ON = dt.datetime(2020, 1, 1)
"""When every workbook says it was made: one that said when would differ every time."""

LINE = 15
"""Points that a line of text is high."""

_A4, _TALLEST_ROW = 9, 400  # points; a row of a spreadsheet is 409 at most
_CHARACTERS = 1.1  # of running text in the width of one nought, by which a spreadsheet measures its columns


def add_sheet(book: Any, name: str) -> Any:
    """Add a sheet that prints on A4, lying, with its name and the number of the page.

    Parameters
    ----------
    book
        A workbook of xlsxwriter.
    name
        The name of the sheet.

    Returns
    -------
    xlsxwriter.worksheet.Worksheet
        The sheet.
    """
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")
    return sheet


def writable(text: str) -> str:
    r"""Leave out of a text what no workbook can hold.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text without control characters.

    Examples
    --------
    >>> writable("a\x0bb")
    'ab'
    """
    return NOT_IN_XML.sub("", text)


def write_text(sheet: Any, row: int, column: int, text: object, form: Any) -> None:
    """Write a text as text, whatever a spreadsheet might take it for.

    Parameters
    ----------
    sheet
        A sheet.
    row, column
        Where, from 0.
    text
        The text; missing is blank.
    form
        The format of the cell.
    """
    plain = writable("" if pd.isna(text) else str(text))[:LONGEST_CELL]
    if plain:
        sheet.write_string(row, column, plain, form)
    else:
        sheet.write_blank(row, column, None, form)


def make_room(sheet: Any, row: int, cells: Iterable[tuple[object, int]], *, least: int = 1) -> None:
    """Make a row high enough for texts in columns of a width; one of one line is left to grow as somebody writes.

    Parameters
    ----------
    sheet
        A sheet.
    row
        The row, from 0.
    cells
        Each text, with the width of its column in characters.
    least
        How many lines there is to be room for at least.
    """
    lines = max(least, *(_lines(text, width) for text, width in cells))
    if lines > 1:
        sheet.set_row(row, min(LINE * lines + 2, _TALLEST_ROW))


def _lines(text: object, width: int) -> int:
    if not isinstance(text, str):
        return 1
    return sum(math.ceil(len(line) / (_CHARACTERS * width)) or 1 for line in text.split("\n"))
