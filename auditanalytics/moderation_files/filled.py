"""A moderation workbook that came back: which grades were given, by whom and when, and what could not be understood.

Its sheets are known by their headers and its rows by pseudonym and category, so it may have been sorted, filtered,
copied and saved by any program. Grades, categories and dates are read as those of a table of moderated grades are; what
stands on the row of a grade counts before what the sheet of cases says of the audit. Every row is counted as taken, not
judged, blank or not understood, and of the last each has a problem with its cell.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from auditanalytics.clock import today_in_london
from auditanalytics.errors import ReturnsError
from auditanalytics.grades import fold_label
from auditanalytics.intake import (
    MODERATED_HEADERS,
    RawSheet,
    TableBeside,
    find_sources,
    parse_dates,
    read_sheets,
    recognise_moderated,
)
from auditanalytics.intake.tables_beside import recognise_table
from auditanalytics.moderated_grades import CONSENSUS, NOT_COUNTED, read_moderations, say_not_judged
from auditanalytics.moderation_files.draw_record import DrawRecord, read_draw
from auditanalytics.privacy import pseudonym_key, pseudonymise
from auditanalytics.problems import Problem
from auditanalytics.returns import AuditReturns

_OF_CASES = ("audit_id", "moderator", "moderated_on")
_NEEDED = {"audit_id", "moderator"}
_OF_GRADES = (*_OF_CASES, "category", "moderated_grade", "reason")
_OF_A_GRADE = ["audit", "category", "moderated_grade", "moderator", "moderated_on", "reason"]
_LEFT_OUT = {"severity": "warning", "outcome": "date left out"}


@dataclass(frozen=True)
class FilledWorkbook:
    """What came back in a moderation workbook.

    Attributes
    ----------
    grades
        The grades that were given: columns ``audit``, ``category`` (ids), ``moderated_grade``, ``moderator`` (as
        written), ``moderated_on`` and ``reason``.
    rows, blank, not_judged, not_understood
        How many rows there are for a grade; how many have none, say that it could not be judged, or have something
        else that is not counted, each with a problem.
    problems
        What is wrong, each with its cell.
    without_moderator, without_grade
        The cells of grades for which nobody is named, one for each audit, and of reasons without a grade.
    draw
        How the audits were drawn; None where the workbook has lost it.
    """

    grades: pd.DataFrame
    rows: int
    blank: int
    not_judged: int
    not_understood: int
    problems: tuple[Problem, ...]
    without_moderator: tuple[str, ...]
    without_grade: tuple[str, ...]
    draw: DrawRecord | None


def read_book(path: Path) -> list[RawSheet]:
    """Read the sheets of a file that somebody filled in.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of RawSheet
        Its sheets, at least one.

    Raises
    ------
    NoInputError
        If it is not there.
    ReturnsError
        If it cannot be read.
    """
    if path.is_dir():
        raise ReturnsError(f"'{path.name}' is a folder; give the file itself")
    sources, problems = find_sources([path])
    sheets, faults = read_sheets(sources)
    if not sheets:
        wrong = next((each for each in [*problems, *faults] if each.severity == "error"), None)
        why = f"{wrong.message}; {wrong.remedy}" if wrong else "it holds no sheet that is shown"
        raise ReturnsError(f"'{path.name}' cannot be read: {why}")
    return sheets


def read_workbook(path: Path, returns: AuditReturns) -> FilledWorkbook:
    """Read a moderation workbook that came back.

    Parameters
    ----------
    path
        The workbook, saved by whatever program.
    returns
        The audit returns that it was drawn from.

    Returns
    -------
    FilledWorkbook
        The grades that were given, and what could not be understood.

    Raises
    ------
    NoInputError
        If it is not there.
    ReturnsError
        If it cannot be read, or is no moderation workbook.
    """
    framework, sheets = returns.framework, read_book(path)
    tables = {at: table for at, sheet in enumerate(sheets) if (table := recognise_moderated(sheet, framework))}
    if not tables:
        needed = ", ".join(f"'{MODERATED_HEADERS[name]}'" for name in ("audit_id", "category", "moderated_grade"))
        raise ReturnsError(f"'{path.name}' is no moderation workbook: no sheet has the columns {needed}")
    reading = _Reading(returns)
    for at, sheet in enumerate(sheets):
        if at not in tables:
            reading.read_cases(sheet)
    for table in tables.values():
        reading.read_grades(table)
    return FilledWorkbook(
        pd.DataFrame(reading.grades, columns=_OF_A_GRADE),
        reading.rows,
        reading.blank,
        reading.not_judged,
        reading.rows - reading.blank - reading.not_judged - len(reading.grades),
        tuple(reading.problems),
        tuple(reading.without_moderator.values()),
        tuple(reading.without_grade),
        read_draw(sheets, framework),
    )


class _Case(NamedTuple):
    """What the sheet of cases says of an audit."""

    moderator: str
    moderated_on: pd.Timestamp


class _Reading:
    """The reading of a workbook: what was given so far, and what is wrong."""

    def __init__(self, returns: AuditReturns) -> None:
        self._framework, self._key = returns.framework, pseudonym_key()
        self._auditors = returns.audits.set_index("audit_id")["auditor"]
        self._cases: dict[str, list[_Case]] = {}
        self._given: set[tuple[str, str, str]] = set()
        self._own: set[tuple[str, str]] = set()
        self.grades: list[tuple[object, ...]] = []
        self.problems: list[Problem] = []
        self.without_moderator: dict[str, str] = {}
        self.without_grade: list[str] = []
        self.rows = self.blank = self.not_judged = 0

    def read_cases(self, sheet: RawSheet) -> None:
        """Who moderated each audit and when, where the sheet is one that says so."""
        known = {name: (MODERATED_HEADERS[name], *self._framework.columns.get(name, ())) for name in _OF_CASES}
        table = recognise_table(sheet, self._framework, known, needed=_NEEDED, may_name_audits=True)
        if table is None:
            return
        self.problems += (repeated := table.repeated())
        if repeated:
            return
        written = _written(table, _OF_CASES)
        dates, faults = parse_dates(written["moderated_on"], latest=today_in_london(), day_zero=sheet.day_zero)
        for row, fault in faults[~faults.isin(["", "date_missing"])].items():
            self.problems.append(table.problem(fault, row, table.positions["moderated_on"], **_LEFT_OUT))
        folded = written["audit_id"].map(fold_label)
        made = pseudonymise(folded, "audit", key=self._key)  # somebody may have written the reference of the return
        for row in written.index:
            for audit in (folded[row], made[row]):
                self._cases.setdefault(audit, []).append(_Case(written.at[row, "moderator"], dates[row]))

    def read_grades(self, table: TableBeside) -> None:
        """The grades of a sheet, with who gave each."""
        written = _written(table, _OF_GRADES)
        not_judged = say_not_judged(written["category"], written["moderated_grade"], self._framework)
        blank = written["moderated_grade"].map(fold_label) == ""  # a quotation mark alone is no grade either
        self.rows, self.blank = self.rows + len(written), self.blank + int(blank.sum())
        self.not_judged += int(not_judged.sum())
        at = table.positions
        reasons = blank & (written["reason"] != "")
        self.without_grade += [self._place(table, row, at["reason"]) for row in reasons.index[reasons]]
        # Who moderated may stand on the sheet of cases, so that whether it was the auditor is asked here.
        known = dict.fromkeys(self._auditors.index)
        read, problems = read_moderations(table, self._framework, known, key=self._key, latest=today_in_london())
        self.problems += problems
        for row, grade in read.iterrows():
            self._take(table, int(row), grade, written.loc[row])

    def _take(self, table: TableBeside, row: int, grade: pd.Series, written: pd.Series) -> None:
        moderator, day = self._who(grade["audit_id"], written["moderator"])
        given = (grade["audit_id"], grade["category"], fold_label(moderator))
        at = table.positions["moderated_grade"]
        if given in self._given:
            self.problems.append(table.problem("grade_repeated", row, at, **NOT_COUNTED))
            return
        self._given.add(given)
        if not moderator:
            self.without_moderator.setdefault(grade["audit_id"], self._place(table, row, at))
        self._warn_of_own_audit(table, row, grade["audit_id"], moderator)
        day = day if pd.isna(grade["moderated_on"]) else grade["moderated_on"]
        self.grades.append(
            (grade["audit_id"], grade["category"], grade["moderated_grade"], moderator, day, written["reason"])
        )

    def _who(self, audit: str, moderator: str) -> tuple[str, pd.Timestamp]:
        """Who gave a grade and when, as far as the sheet of cases knows."""
        cases = self._cases.get(audit, [])
        if not moderator:
            named = {fold_label(case.moderator): case for case in cases if case.moderator}
            found = next(iter(named.values())) if len(named) == 1 else None
            return (found.moderator, found.moderated_on) if found else ("", _only_day(cases))
        own = [case for case in cases if fold_label(case.moderator) == fold_label(moderator)]
        return moderator, _only_day(own or [case for case in cases if not case.moderator])

    def _warn_of_own_audit(self, table: TableBeside, row: int, audit: str, moderator: str) -> None:
        if not moderator or fold_label(moderator) == CONSENSUS or (audit, fold_label(moderator)) in self._own:
            return
        made = pseudonymise(pd.Series([moderator]), "auditor", key=self._key)[0]
        if made == self._auditors[audit]:
            self._own.add((audit, fold_label(moderator)))
            self.problems.append(table.problem("moderator_is_auditor", row, table.positions["moderated_grade"]))

    @staticmethod
    def _place(table: TableBeside, row: int, position: int) -> str:
        return f"{table.sheet.sheet} {table.sheet.cell(row, position)}".strip()


def _only_day(cases: list[_Case]) -> pd.Timestamp:
    return cases[0].moderated_on if len(cases) == 1 else pd.NaT


def _written(table: TableBeside, names: tuple[str, ...]) -> pd.DataFrame:
    """The text of the columns of these names, "" where there is none."""
    at, data = table.positions, table.data
    return pd.DataFrame({name: data[at[name]] if name in at else "" for name in names}, index=data.index)
