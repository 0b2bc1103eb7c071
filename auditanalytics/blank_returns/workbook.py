"""A blank return as a workbook: a sheet with a row for each audit, or one for each form, and a sheet that explains it.

Whoever fills it in sorts, copies and saves with another program, so a column is known by its header alone, no cell
holds a formula and no sheet is locked. What a cell may hold is a matter of its column, and the rows below the headers
are truly blank: nothing is printed of them and nothing is said of them when they are read.
"""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from auditanalytics.blank_returns.columns import NEEDED, BlankReturn, ReturnColumn, Section
from auditanalytics.blank_returns.guidance import GUIDANCE, explain_columns, sheet_names, steps
from auditanalytics.frameworks import Framework
from auditanalytics.reporting.colours import BLACK, DARK_BLUE
from auditanalytics.spreadsheets import LINE, MADE_ON, add_sheet, make_room, writable, write_text

ROWS = 500
"""How many rows of a sheet are prepared."""

_PRINTED_AT, _HEADERS = 60, 2
_NEEDED_HEAD, _RULE = "#FFDD00", "#8A8A8A"
_BANDS = (
    ("#3D3D3D", "#E8E8E8"),
    (DARK_BLUE, "#D6E4F0"),
    ("#801650", "#F5DFEA"),
    ("#1F5C54", "#D9EEEA"),
    ("#7A3A00", "#FBE6D4"),
    ("#4B2E83", "#E7E0F3"),
)
"""The ground of a section's title, in white letters, and of its headers, in black ones."""

_TEXT, _DATE, _COMMENT, _NARROWEST_GRADE, _WIDEST = 18, 13, 44, 15, 28
_OF_GUIDANCE = (36, 52, 30, 52, 28)
_LINES_OF_A_HEADER, _MANY = 4, 5  # at most, where the column may still be made wider; headers that are not all told


def blank_workbook(framework: Framework, returns: Sequence[BlankReturn]) -> bytes:
    """Write blank returns as a workbook.

    Parameters
    ----------
    framework
        The framework.
    returns
        What is asked, a sheet for each.

    Returns
    -------
    bytes
        A workbook (.xlsx); the same bytes for the same framework.
    """
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": MADE_ON, "title": f"{writable(framework.name)}: blank return"})
        paper = _Paper(book)
        lists = paper.write_guidance(framework, returns)
        for name, blank in zip(sheet_names(returns), returns, strict=True):
            paper.write_return(name, blank, lists)
    return written.getvalue()


class _Paper:
    """What the sheets are written on: the workbook and its formats."""

    def __init__(self, book: Any) -> None:
        self.book = book
        top = {"text_wrap": True, "valign": "top"}
        self.title, self.heading = (
            book.add_format({"bold": True, "font_size": size, "font_color": DARK_BLUE}) for size in (16, 12)
        )
        self.one_line = book.add_format({"valign": "top"})
        self.plain, self.bold = book.add_format(top), book.add_format(top | {"bold": True})
        self.text = book.add_format(top | {"num_format": "@"})  # so that 007 stays 007 and 9/10 no date
        self.date = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy", "align": "left"})
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": _RULE}
        self.needed = book.add_format(head | {"bg_color": _NEEDED_HEAD, "font_color": BLACK})
        self.table_head = book.add_format(head | {"bg_color": DARK_BLUE, "font_color": "#FFFFFF"})
        self.table_cell = book.add_format(top | {"border": 1, "border_color": "#D5D5D5"})
        self.bands = [
            (
                book.add_format({"bold": True, "valign": "vcenter", "bg_color": dark, "font_color": "#FFFFFF"}),
                book.add_format(head | {"bg_color": pale, "font_color": BLACK}),
            )
            for dark, pale in _BANDS
        ]

    def write_guidance(self, framework: Framework, returns: Sequence[BlankReturn]) -> dict[tuple[str, ...], str]:
        """How to fill it in, what each column is, and the answers; where those of each list stand, for the columns."""
        sheet = add_sheet(self.book, GUIDANCE)
        sheet.fit_to_pages(1, 0)
        for at, width in enumerate(_OF_GUIDANCE):
            sheet.set_column(at, at, width)
        write_text(sheet, 0, 0, f"{framework.name}: blank return", self.title)
        row, width = 2, sum(_OF_GUIDANCE[:4])
        for number, step in enumerate(steps(framework, returns), 1):
            sheet.merge_range(row, 0, row, 3, "", self.plain)
            write_text(sheet, row, 0, f"{number}.  {step}", self.plain)
            make_room(sheet, row, [(step, width)])
            row += 1
        lists, row = self._write_lists(sheet, returns, row + 1)
        self._write_columns(sheet, returns, row + 1)
        return lists

    def _write_lists(
        self, sheet: Any, returns: Sequence[BlankReturn], row: int
    ) -> tuple[dict[tuple[str, ...], str], int]:
        write_text(sheet, row, 0, "The answers to choose from", self.heading)
        lists = {}
        for of, choices in _asking(returns).items():
            write_text(sheet, row + 1, 1, f"for {of}", self.one_line)
            for at, word in enumerate(dict.fromkeys(word for words in choices for word in words), row + 1):
                write_text(sheet, at, 0, word, self.bold)
                make_room(sheet, at, [(word, _OF_GUIDANCE[0])])
            for words in choices:
                lists[words] = f"='{GUIDANCE}'!{xl_range_abs(row + 1, 0, row + len(words), 0)}"
                row += len(words)
            row += 1
        return lists, row

    def _write_columns(self, sheet: Any, returns: Sequence[BlankReturn], row: int) -> None:
        write_text(sheet, row, 0, "What each column is", self.heading)
        head, *rows = explain_columns(returns)
        for at, text in enumerate(head):
            write_text(sheet, row + 1, at, text, self.table_head)
        for number, texts in enumerate(rows, row + 2):
            for at, text in enumerate(texts):
                write_text(sheet, number, at, text, self.table_cell)
            make_room(sheet, number, list(zip(texts, _OF_GUIDANCE, strict=False)))

    def write_return(self, name: str, blank: BlankReturn, lists: dict[tuple[str, ...], str]) -> None:
        """The sheet with a row for each audit: titles of sections, headers, and columns that know what they take."""
        sheet, columns = add_sheet(self.book, name), blank.columns
        sheet.set_header(f"&L{writable(blank.title).replace('&', '&&')}")
        sheet.set_print_scale(_PRINTED_AT)
        sheet.print_across()
        sheet.hide_gridlines(0)
        at = 0
        for number, section in enumerate(blank.sections):
            band, head = self.bands[number % len(self.bands)]
            self._write_band(sheet, at, section, band)
            for column in section.columns:
                self._write_column(sheet, at, column, head, lists)
                at += 1
        sheet.set_row(0, 1.5 * LINE)
        make_room(sheet, 1, [(column.header, _width(column) - 2) for column in columns], least=2)
        sheet.freeze_panes(_HEADERS, blank.identity)
        sheet.repeat_rows(0, _HEADERS - 1)
        sheet.repeat_columns(0, blank.identity - 1)
        sheet.autofilter(_HEADERS - 1, 0, _HEADERS + ROWS - 1, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": xl_range_abs(_HEADERS, 0, _HEADERS + ROWS - 1, len(columns) - 1)})

    def _write_band(self, sheet: Any, at: int, section: Section, form: Any) -> None:
        """The title of a section, over all of it; cells that are merged are cut off where a page ends."""
        write_text(sheet, 0, at, section.title, form)
        for other in range(at + 1, at + len(section.columns)):
            sheet.write_blank(0, other, None, form)

    def _write_column(
        self, sheet: Any, at: int, column: ReturnColumn, head: Any, lists: dict[tuple[str, ...], str]
    ) -> None:
        sheet.set_column(at, at, _width(column), self.date if column.is_date else self.text)
        write_text(sheet, 1, at, column.header, self.needed if column.need == NEEDED else head)
        if rule := _rule(column, lists):
            sheet.data_validation(_HEADERS, at, _HEADERS + ROWS - 1, at, rule)


def _asking(returns: Sequence[BlankReturn]) -> dict[str, list[tuple[str, ...]]]:
    """What is asked for answers to choose from, in words, with these; of the form it is a list of one on each sheet."""
    headers: dict[tuple[str, ...], list[str]] = {}
    forms = {}
    for column in (column for blank in returns for column in blank.columns if column.choices):
        if column.field == "audit_type":
            forms[column.choices] = column.header
        elif column.header not in (of := headers.setdefault(column.choices, [])):
            of.append(column.header)
    asking = {f"{header}, each on the sheet of its form": list(forms) for header in forms.values()}
    for choices, of in headers.items():
        asking["; ".join(of if len(of) < _MANY else [*of[: _MANY - 2], f"{len(of) - _MANY + 2} more"])] = [choices]
    return asking


def _rule(column: ReturnColumn, lists: dict[tuple[str, ...], str]) -> dict[str, str]:
    """What a column takes, as a spreadsheet is told it."""
    if column.choices:
        message = "Choose an answer from the list; the sheet Guidance says what each column is."
        return {"validate": "list", "source": lists[column.choices], "error_message": message}
    if not column.is_date:
        return {}
    # Bounds that are reckoned: a day as a bare number could be taken for somebody's case number.
    if column.need == NEEDED:
        bounds = {"criteria": "between", "minimum": "=DATE(1990,1,1)", "maximum": "=TODAY()"}
        return bounds | {
            "validate": "date",
            "error_message": "Write the day as 31/01/2019; it cannot be in the future.",
        }
    return {
        "validate": "date",
        "criteria": ">=",
        "value": "=DATE(1990,1,1)",
        "error_message": "Write the day as 31/01/2019.",
    }


def _width(column: ReturnColumn) -> int:
    """How many characters wide a column is."""
    if column.is_long:
        return _COMMENT
    width = _DATE if column.is_date else _TEXT
    if column.choices:
        width = max(_NARROWEST_GRADE, *(len(word) + 3 for word in column.choices))
    return min(max(width, len(column.header) // _LINES_OF_A_HEADER + 4), _WIDEST)
