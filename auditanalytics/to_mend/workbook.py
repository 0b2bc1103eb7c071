"""The workbook of rows that a team has to mend: what is wrong in words beside each row, and marked in its cells.

Every cell is text, as it was read, so that an identifier keeps its noughts and nothing is ever reckoned; grades are
chosen from lists. The first columns say which row each is and are read back: the row that is mended takes its place.
"""

import io
import re
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from auditanalytics.english import as_sentence, counted
from auditanalytics.frameworks import OVERALL, Framework, Meaning
from auditanalytics.intake import SENT_HEADERS, SUMMARY_SHEET, ReturnTable, fingerprint
from auditanalytics.problems import Problem
from auditanalytics.reporting.colours import BLACK, DARK_BLUE
from auditanalytics.spreadsheets import MADE_ON, add_sheet, make_room, writable, write_text
from auditanalytics.to_mend.rows import RowToMend, SheetToMend

_LONGEST_NAME, _PRINTED_AT = 31, 60
_OF_THE_FRAMEWORK = re.compile(r",? or [^,;]*framework file.*$")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_OF_SENT = (16, 9, 6, 8, 50)
_OF_SUMMARY = (72, 12, 72)
_NARROW, _WIDE, _LONG = 18, 44, 60  # characters; what is longer is written in a wider column
_GREY, _PALE, _MARKED, _EDGE, _RULE = "#E8E8E8", "#D6E4F0", "#FFEFBF", "#B00020", "#8A8A8A"
_STEPS = (
    "Each sheet after this one holds rows of a return that you sent. What is wrong with a row stands in the column "
    "'What to mend', and the cells that it is about are yellow, with a comment on each.",
    "Correct the yellow cells. Where a grade is asked for, choose it from the list.",
    "A row that should not be there at all: delete the words in all of its cells from the sixth column on.",
    "Leave the grey columns and the headers as they are: by them a row finds its place again.",
    "Send the workbook back as it is. It is read together with the return, which stays as it was.",
)


def mending_workbook(team: str, sheets: list[SheetToMend], framework: Framework) -> bytes:
    """Write the workbook of a team.

    Parameters
    ----------
    team
        The team, as it was written; "" for rows that are nobody's.
    sheets
        What it has to mend.
    framework
        The framework that knows the grades.

    Returns
    -------
    bytes
        A workbook (.xlsx); the same bytes for the same rows.
    """
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        title = f"To mend: {writable(team) or 'rows of no team'}"
        book.set_properties({"created": MADE_ON, "title": title[:255]})
        paper = _Paper(book, framework)
        paper.write_summary(title, sheets)
        names = {SUMMARY_SHEET.casefold()}
        for sheet in sheets:
            paper.write_rows(_name(sheet.table, names), sheet)
    return written.getvalue()


class _Paper:
    """What the sheets are written on: the workbook, its formats, and where the grades of each scale are listed."""

    def __init__(self, book: Any, framework: Framework) -> None:
        self.book, self.framework = book, framework
        self.lists: dict[str, str] = {}
        cell = {"text_wrap": True, "valign": "top", "num_format": "@"}
        ruled = cell | {"border": 1, "border_color": _RULE}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": DARK_BLUE})
        self.heading = book.add_format({"bold": True, "font_size": 12, "font_color": DARK_BLUE})
        self.plain = book.add_format(cell)
        self.head = book.add_format(ruled | {"bold": True, "bg_color": DARK_BLUE, "font_color": "#FFFFFF"})
        self.column = book.add_format(ruled | {"bold": True, "bg_color": _PALE, "font_color": BLACK})
        self.sent = book.add_format(ruled | {"bg_color": _GREY})
        self.cell = book.add_format(ruled)
        self.number = book.add_format(ruled | {"num_format": "0", "align": "left"})
        self.marked = book.add_format(cell | {"bg_color": _MARKED, "border": 2, "border_color": _EDGE})

    def write_summary(self, title: str, sheets: list[SheetToMend]) -> None:
        """What is wrong, how often and what to do; how to mend it; the grades to choose from."""
        sheet = add_sheet(self.book, SUMMARY_SHEET)
        sheet.fit_to_pages(1, 0)
        for at, width in enumerate(_OF_SUMMARY):
            sheet.set_column(at, at, width)
        rows = [row for each in sheets for row in each.rows]
        write_text(sheet, 0, 0, title, self.title)
        write_text(
            sheet, 1, 0, f"{counted(len(rows), 'row')} of {counted(len(_files(sheets)), 'return')}", self.heading
        )
        for number, step in enumerate(_STEPS, 1):
            sheet.merge_range(number + 2, 0, number + 2, 2, "", self.plain)
            sheet.set_row(number + 2, 32)
            write_text(sheet, number + 2, 0, f"{number}.  {step}", self.plain)
        head = len(_STEPS) + 4
        for column, text in enumerate(("What is wrong", "How often", "What to do")):
            write_text(sheet, head, column, text, self.head)
        counts = Counter((fault.message, _remedy(fault)) for row in rows for _, fault in row.faults)
        for at, ((message, remedy), times) in enumerate(counts.most_common(), head + 1):
            write_text(sheet, at, 0, as_sentence(message), self.cell)
            sheet.write_number(at, 1, times, self.number)
            write_text(sheet, at, 2, as_sentence(remedy), self.cell)
            make_room(sheet, at, [(message, _OF_SUMMARY[0]), (remedy, _OF_SUMMARY[2])])
        self._write_grades(sheet, head + len(counts) + 2)

    def _write_grades(self, sheet: Any, row: int) -> None:
        write_text(sheet, row, 0, "The grades to choose from", self.heading)
        for name, scale in self.framework.scales.items():
            words = scale.choices
            self.lists[name] = f"='{SUMMARY_SHEET}'!{xl_range_abs(row + 1, 0, row + len(words), 0)}"
            for at, word in enumerate(words, row + 1):
                write_text(sheet, at, 0, word, self.plain)
            row += len(words) + 1

    def write_rows(self, name: str, to_mend: SheetToMend) -> None:
        """The rows of one sheet under their headers, each with what is wrong with it."""
        sheet, table, shown = add_sheet(self.book, name), to_mend.table, to_mend.shown
        sheet.set_print_scale(_PRINTED_AT)
        for at, (header, width) in enumerate(zip(SENT_HEADERS, _OF_SENT, strict=True)):
            sheet.set_column(at, at, width, self.plain)
            write_text(sheet, 0, at, header, self.head)
        texts = table.sheet.cells.loc[[row.number for row in to_mend.rows], shown]
        widths = {position: _width(texts[position]) for position in shown}
        for at, position in enumerate(shown, len(SENT_HEADERS)):
            sheet.set_column(at, at, widths[position], self.plain)
            write_text(sheet, 0, at, str(table.headers[position]), self.column)
        for number, row in enumerate(to_mend.rows, 1):
            self._write_row(sheet, number, row, to_mend, widths)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.ignore_errors({"number_stored_as_text": xl_range_abs(0, 0, len(to_mend.rows), 99)})

    def _write_row(self, sheet: Any, number: int, row: RowToMend, to_mend: SheetToMend, widths: dict[int, int]) -> None:
        table, shown = to_mend.table, to_mend.shown
        cells = table.sheet.cells.loc[row.number]
        ((file, name, original),) = table.sheet.places(pd.Index([row.number])).to_numpy()
        said = "\n".join(_fault(table, *fault) for fault in row.faults)
        sent = (file, name, str(original), fingerprint(cells[position] for position in shown), said)
        for at, text in enumerate(sent):
            write_text(sheet, number, at, text, self.sent)
        make_room(sheet, number, [(said, _OF_SENT[4]), *((cells[at], widths[at]) for at in shown)])
        wrong: dict[int, list[Problem]] = {}
        for position, fault in row.faults:
            if position is not None:
                wrong.setdefault(position, []).append(fault)
        for at, position in enumerate(shown, len(SENT_HEADERS)):
            write_text(sheet, number, at, cells[position], self.marked if position in wrong else self.cell)
            if position in wrong:
                said = "\n".join(_expected(fault) for fault in wrong[position])
                sheet.write_comment(number, at, writable(said), {"x_scale": 2, "y_scale": 1.5, "author": ""})
            if source := self.lists.get(self._scale(table, position, row.number)):
                message = "Choose a grade from the list; the sheet Summary shows it."
                rule = {"validate": "list", "source": source, "error_message": message}
                sheet.data_validation(number, at, number, at, rule)

    def _scale(self, table: ReturnTable, position: int, row: int) -> str:
        """The name of the scale of the grade in a cell; "" where it is no grade."""
        meaning = table.columns.get(position)
        if meaning in (Meaning("field", OVERALL), Meaning("field", "moderated_overall")):
            return self.framework.scale_name(OVERALL) if self.framework.overall else ""
        if meaning in (Meaning("field", "grade"), Meaning("field", "moderated_grade")):
            category = table.position("category")
            meaning = None if category is None else self.framework.meaning(table.sheet.cells.at[row, category])
        graded = meaning is not None and meaning.kind in ("grade", "moderated grade")
        return self.framework.scale_name(meaning.domain) if graded and meaning else ""


def _fault(table: ReturnTable, position: int | None, fault: Problem) -> str:
    """What is wrong, and where in the row."""
    where = "" if position is None else f"{table.headers[position]}: "
    return f"{where}{_expected(fault)}"


def _expected(fault: Problem) -> str:
    return " ".join(f"{as_sentence(text)}." for text in (fault.message, _remedy(fault)) if text)


def _remedy(fault: Problem) -> str:
    """What to do, without what only whoever keeps the framework file can do."""
    return _OF_THE_FRAMEWORK.sub("", fault.remedy)


def _files(sheets: list[SheetToMend]) -> set[str]:
    rows = {id(each): pd.Index([row.number for row in each.rows]) for each in sheets}
    return {str(file) for each in sheets for file in each.table.sheet.places(rows[id(each)])["file"]}


def _name(table: ReturnTable, taken: set[str]) -> str:
    """A name that a sheet may have, after the file and sheet that its rows came from."""
    sheet = table.sheet
    whole = f"{PurePosixPath(sheet.file).stem} {sheet.sheet}".strip() or "Forms"
    name = (_NOT_IN_A_NAME.sub(" ", writable(whole)).strip() or "Return")[:_LONGEST_NAME]
    number = 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{name[: _LONGEST_NAME - len(f' {number}')].rstrip()} {number}"
    taken.add(name.casefold())
    return name


def _width(texts: pd.Series) -> int:
    """How many characters wide a column is."""
    return _NARROW if max(map(len, texts)) < _LONG else _WIDE
