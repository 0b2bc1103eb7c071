"""The moderation workbook: the audits of a draw, a row for each grade to be given, and how to give it.

Whoever moderates sorts, filters, copies rows and saves with another program, so nothing depends on the order of rows or
columns, no cell holds a formula and no sheet is locked. A blind workbook holds no grade that an auditor gave and no
reason from which one could be guessed, anywhere in the file. The same draw gives the same bytes.
"""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from auditanalytics.english import as_sentence
from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.moderation_files.draw_record import AUDIT, DRAWN, QUARTER, SEALED, DrawRecord, draw_rows
from auditanalytics.moderation_files.sheets import (
    CASES,
    CATEGORY,
    DATE_MODERATED,
    DATE_OF_AUDIT,
    DOMAIN,
    DRAW,
    FIRST_GRADE,
    FLAGS,
    GRADES,
    HOW_TO,
    MODERATED_GRADE,
    MODERATOR,
    NOT_JUDGED,
    OF_CASES,
    OF_GRADES,
    PLACE,
    STRATUM,
    WHY,
    SheetColumn,
    category_label,
    columns_shown,
    how_to,
)
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reporting.colours import DARK_BLUE
from auditanalytics.reporting.wording import placed
from auditanalytics.returns import AuditReturns
from auditanalytics.spreadsheets import LINE, MADE_ON, add_sheet, make_room, write_text

_BAND, _INPUT, _INPUT_BAND, _INPUT_HEAD, _RULE = "#EEF3F8", "#FFF6DB", "#FFEFBF", "#FFDD00", "#D5D5D5"
_WIDTH_OF_A_STEP = 120  # side by side in the three columns of the sheet that says what to do


class _Judgement(NamedTuple):
    """One thing to be graded."""

    audit: str
    domain: str
    category: str
    first_grade: str
    scale: str


def moderation_workbook(
    returns: AuditReturns, drawn: pd.DataFrame, record: DrawRecord, *, moderators: Mapping[str, str]
) -> bytes:
    """Write the workbook of a draw.

    Parameters
    ----------
    returns
        The audit returns that were drawn from.
    drawn
        The audits that were drawn (`schema.SPOT_CHECK`).
    record
        How they were drawn; whether it is blind decides what the workbook shows.
    moderators
        By audit the name of its moderator, as it is to be shown; blank for an audit that is not there.

    Returns
    -------
    bytes
        A workbook (.xlsx); the same bytes for the same draw.
    """
    quarter = parse_quarter(record.settings[QUARTER], calendar=returns.framework.quarters)
    title = f"Moderation: {period_title(quarter)}"
    cases, written = _cases(returns, drawn, moderators), io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": MADE_ON, "title": title})
        paper = _Paper(book, is_blind=record.is_blind)
        choices = paper.write_how_to(title, returns.framework)
        paper.write_cases(cases)
        paper.write_grades(_judgements(returns, cases), choices)
        paper.write_draw(record)
    return written.getvalue()


def _cases(returns: AuditReturns, drawn: pd.DataFrame, moderators: Mapping[str, str]) -> pd.DataFrame:
    """The drawn audits by header: those of a moderator together, otherwise by date, which gives nothing away."""
    seen: dict[str, list[str]] = {}
    for audit, reason in returns.flags[["audit", "reason"]].drop_duplicates().itertuples(index=False):
        seen.setdefault(audit, []).append(reason)
    of_audit = returns.audits[["audit_id", "audit_type", "period_date", "file", "sheet", "row"]]
    cases = drawn.merge(of_audit, left_on="audit", right_on="audit_id")
    places = [placed(**place) for place in cases[["file", "sheet", "row"]].to_dict("records")]
    shown = pd.DataFrame(
        {
            AUDIT: cases["audit"],
            PLACE: places,
            DATE_OF_AUDIT: cases["period_date"],
            MODERATOR: [moderators.get(audit, "") for audit in cases["audit"]],
            DATE_MODERATED: "",
            STRATUM: cases["stratum"],
            WHY: cases["selection_reason"],
            FLAGS: [as_sentence("; ".join(seen.get(audit, []))) for audit in cases["audit"]],
            "audit_type": cases["audit_type"],
        }
    )
    last = shown[MODERATOR] == ""
    return shown.assign(last=last).sort_values(["last", MODERATOR, DATE_OF_AUDIT, AUDIT], ignore_index=True)


def _judgements(returns: AuditReturns, cases: pd.DataFrame) -> list[_Judgement]:
    """Everything that the forms of the drawn audits ask, with the grade that the auditor gave."""
    framework = returns.framework
    given = returns.judgements.set_index(["audit_id", "category"])["grade"].dropna().to_dict()
    asked = [(domain.id, category.id) for domain in framework.domains for category in domain.categories]
    asked += [(OVERALL, OVERALL)] if framework.overall else []
    titles = {each: (framework.domain_titles[each[0]], category_label(framework, *each)) for each in asked}
    rows = []
    for audit, audit_type in cases[[AUDIT, "audit_type"]].itertuples(index=False):
        form = framework.form(audit_type) if isinstance(audit_type, str) else None
        for domain, category in asked:
            if form is None or category in (*form.categories, OVERALL):
                first = given.get((audit, category), "")
                rows.append(_Judgement(audit, *titles[domain, category], first, framework.scale_name(domain)))
    return rows


class _Paper:
    """What the sheets are written on: the workbook, its formats, and whether it is blind."""

    def __init__(self, book: Any, *, is_blind: bool) -> None:
        self.book, self.is_blind = book, is_blind
        cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": _RULE}
        head = cell | {"bold": True, "valign": "vcenter", "border_color": DARK_BLUE}
        as_date = {"num_format": "dd/mm/yyyy", "align": "left"}
        self.title, self.heading = (
            book.add_format({"bold": True, "font_size": size, "font_color": DARK_BLUE}) for size in (16, 12)
        )
        self.plain, self.bold = (book.add_format({"text_wrap": True, "valign": "top", "bold": at}) for at in (0, 1))
        self.one_line = book.add_format()
        self.head = book.add_format(head | {"bg_color": DARK_BLUE, "font_color": "#FFFFFF"})
        self.input_head = book.add_format(head | {"bg_color": _INPUT_HEAD})
        self.cells, self.inputs = (
            [book.add_format(cell | ground) for ground in grounds] for grounds in (_GROUNDS, _INPUT_GROUNDS)
        )
        self.dates, self.input_dates = (
            [book.add_format(cell | as_date | ground) for ground in grounds] for grounds in (_GROUNDS, _INPUT_GROUNDS)
        )
        self.number = book.add_format(cell | {"num_format": "0.000", "text_wrap": False})

    def form(self, column: SheetColumn, band: int) -> Any:
        """The format of a cell of a column, in one of two shades by which the eye tells one audit from the next."""
        if column.header in (DATE_OF_AUDIT, DATE_MODERATED):
            return (self.input_dates if column.is_input else self.dates)[band]
        return (self.inputs if column.is_input else self.cells)[band]

    def sheet(self, name: str) -> Any:
        sheet = add_sheet(self.book, name)
        sheet.fit_to_pages(1, 0)
        return sheet

    def table(self, sheet: Any, columns: list[SheetColumn], rows: int, *, first: int = 0) -> None:
        """The headers of a table, with what makes it easy to go through."""
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            write_text(sheet, first, at, column.header, self.input_head if column.is_input else self.head)
        sheet.set_row(first, 2 * LINE)
        sheet.freeze_panes(first + 1, 1)
        sheet.repeat_rows(first)
        sheet.autofilter(first, 0, first + max(rows, 1), len(columns) - 1)

    def write_how_to(self, title: str, framework: Framework) -> dict[str, str]:
        """What to do, what each column is, and the grades; where those of each scale stand, for the lists."""
        sheet = self.sheet(HOW_TO)
        for at, width in enumerate((18, 24, 92)):
            sheet.set_column(at, at, width)
        write_text(sheet, 0, 0, title, self.title)
        write_text(sheet, 1, 0, framework.name, self.heading)
        steps = how_to(is_blind=self.is_blind)
        for row, step in enumerate(steps, 3):
            sheet.merge_range(row, 0, row, 2, "", self.plain)
            write_text(sheet, row, 0, f"{row - 2}.  {step}", self.plain)
            make_room(sheet, row, [(step, _WIDTH_OF_A_STEP)])
        row = len(steps) + 4
        write_text(sheet, row, 0, "What each column is", self.heading)
        for name, columns in ((CASES, OF_CASES), (GRADES, OF_GRADES)):
            for column in columns_shown(columns, is_blind=self.is_blind):
                row += 1
                write_text(sheet, row, 0, name, self.plain)
                write_text(sheet, row, 1, column.header, self.bold)
                write_text(sheet, row, 2, f"{'yours: ' if column.is_input else ''}{column.meaning}", self.plain)
        return self._write_choices(sheet, framework, row + 2)

    def _write_choices(self, sheet: Any, framework: Framework, row: int) -> dict[str, str]:
        write_text(sheet, row, 0, "The grades, best first", self.heading)
        choices = {}
        for name in dict.fromkeys(map(framework.scale_name, framework.domain_titles)):
            of = [title for domain, title in framework.domain_titles.items() if framework.scale_name(domain) == name]
            words = [*framework.scales[name].grades, NOT_JUDGED]
            write_text(sheet, row + 1, 2, f"for {'; '.join(of)}", self.plain)
            for at, word in enumerate(words, row + 1):
                write_text(sheet, at, 1, word, self.plain)
            choices[name] = f"='{HOW_TO}'!{xl_range_abs(row + 1, 1, row + len(words), 1)}"
            row += len(words) + 1
        return choices

    def write_cases(self, cases: pd.DataFrame) -> None:
        """The sheet with a row for each audit."""
        sheet, columns = self.sheet(CASES), columns_shown(OF_CASES, is_blind=self.is_blind)
        self.table(sheet, columns, len(cases))
        for row, case in enumerate(cases.to_dict("records"), 1):
            self._write_row(sheet, row, columns, case, band=row % 2)
        if len(cases):
            # Bounds that are reckoned: a day as a bare number could be somebody's case number.
            bounds = {"validate": "date", "criteria": "between", "minimum": "=DATE(1990,1,1)", "maximum": "=TODAY()"}
            message = "Write the day as 31/01/2019; it cannot lie in the future."
            at = [column.header for column in columns].index(DATE_MODERATED)
            sheet.data_validation(1, at, len(cases), at, bounds | {"error_message": message})

    def write_grades(self, judgements: list[_Judgement], choices: Mapping[str, str]) -> None:
        """The sheet with a row for each grade to be given."""
        sheet, columns = self.sheet(GRADES), columns_shown(OF_GRADES, is_blind=self.is_blind)
        self.table(sheet, columns, len(judgements))
        bands = {audit: at % 2 for at, audit in enumerate(dict.fromkeys(each.audit for each in judgements), 1)}
        at = [column.header for column in columns].index(MODERATED_GRADE)
        message = f"Choose a grade from the list, or {NOT_JUDGED}; leave the cell blank where you have not looked."
        for row, each in enumerate(judgements, 1):
            known = dict(zip((AUDIT, DOMAIN, CATEGORY, FIRST_GRADE), each[:4], strict=True))
            self._write_row(sheet, row, columns, known, band=bands[each.audit])
            chosen = {"validate": "list", "source": choices[each.scale], "error_message": message}
            sheet.data_validation(row, at, row, at, chosen)

    def _write_row(
        self, sheet: Any, row: int, columns: list[SheetColumn], values: Mapping[Any, Any], *, band: int
    ) -> None:
        make_room(sheet, row, [(values.get(column.header, ""), column.width) for column in columns])
        for at, column in enumerate(columns):
            value, form = values.get(column.header, ""), self.form(column, band)
            if isinstance(value, dt.datetime):
                sheet.write_datetime(row, at, value, form)
            else:
                write_text(sheet, row, at, value, form)

    def write_draw(self, record: DrawRecord) -> None:
        """The sheet that remembers the draw."""
        sheet = self.sheet(DRAW)
        (head, *rows), first = draw_rows(record), len(record.settings) + 2
        for row, (name, value) in enumerate(record.settings.items()):
            write_text(sheet, row, 0, name, self.bold)
            write_text(sheet, row, 1, value, self.plain)
        known = "" if record.is_blind else ", and how likely that was"
        note = f"Every audit that could have been drawn{known}. Leave this sheet as it is: it is read back."
        write_text(sheet, first - 1, 0, note, self.one_line)
        widths = {AUDIT: 24, DRAWN: 24, SEALED: 34}
        self.table(sheet, [SheetColumn(name, widths.get(name, 14)) for name in map(str, head)], len(rows), first=first)
        for row, values in enumerate(rows, first + 1):
            for at, value in enumerate(values):
                if isinstance(value, str):
                    write_text(sheet, row, at, value, self.cells[0])
                else:
                    sheet.write_number(row, at, value, self.number)


_GROUNDS: tuple[dict[str, str], ...] = ({}, {"bg_color": _BAND})
_INPUT_GROUNDS: tuple[dict[str, str], ...] = ({"bg_color": _INPUT}, {"bg_color": _INPUT_BAND})
