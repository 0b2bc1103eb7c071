"""Events: what happened on a day, in a few words, kept in a table of its own beside the returns.

A new form or a new definition moves shares although practice has not changed. Whoever knows of it writes it down, and
says whether the charts are to start anew from that day; nothing here, or later, decides that by itself. A sheet that
names audits, grades or people is no table of events, whatever else its header says, because a label is printed as it is
written.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from auditanalytics.frameworks import Framework, fold_header
from auditanalytics.intake.raw import RawSheet
from auditanalytics.intake.values import is_error_cell, is_uncalculated, parse_dates
from auditanalytics.problems import Problem
from auditanalytics.rules import LONGEST_LABEL
from auditanalytics.schema import EVENTS

_HEADERS = {
    "date": ("date", "event date", "when"),
    "label": ("label", "event", "what happened"),
    "rebase": ("rebase", "rebase from here"),
}
_HEADER_WITHIN = 20
_OF_AN_AUDIT = ("audit_id", "child", "worker", "auditor", "moderator")
_REBASE = dict.fromkeys(("", "no", "n", "false", "0"), "no") | dict.fromkeys(("yes", "y", "true", "1", "x"), "yes")
_NOT_READ = {"severity": "warning", "outcome": "event not read"}
"""What a problem that usually costs an audit costs here."""


@dataclass(frozen=True)
class EventTable:
    """A sheet recognised as a table of events: its header row, and what each column that has a meaning means."""

    sheet: RawSheet
    header_row: int
    columns: dict[int, str]


def recognise_events(sheet: RawSheet, framework: Framework) -> EventTable | None:
    """Recognise a sheet as a table of events.

    Parameters
    ----------
    sheet
        A sheet that is neither a return, nor one that failed, nor a published table.
    framework
        The framework that knows which headers are those of audits and people.

    Returns
    -------
    EventTable or None
        The table; None where the sheet lacks a date or label column, or has one for audits, grades or people.
    """
    names = {fold_header(header): name for name, headers in _HEADERS.items() for header in headers}
    for row, cells in sheet.cells.head(_HEADER_WITHIN).iterrows():
        columns = {at: names[folded] for at, text in cells.items() if (folded := fold_header(text)) in names}
        if {"date", "label"} <= set(columns.values()):
            of_audits = any(_is_of_an_audit(text, framework) for text in cells if text)
            return None if of_audits else EventTable(sheet, int(str(row)), columns)
    return None


def _is_of_an_audit(header: str, framework: Framework) -> bool:
    meaning = framework.meaning(header)
    return meaning is not None and (meaning.kind in ("grade", "moderated grade") or meaning.name in _OF_AN_AUDIT)


def read_events(table: EventTable) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the events of a table.

    Parameters
    ----------
    table
        A table of events.

    Returns
    -------
    tuple
        The events (`schema.EVENTS`) in the order of their rows, and a problem for each cell that could not be read. An
        event without a date or a label is left out; one whose rebase cell is not understood is kept without it.
    """
    if repeated := _repeated(table):
        return EVENTS.build([]), repeated
    sheet, at = table.sheet, {name: position for position, name in table.columns.items()}
    data = sheet.cells[(sheet.cells.index > table.header_row) & (sheet.cells != "").any(axis=1)]
    dates, faults = parse_dates(data[at["date"]], day_zero=sheet.day_zero)
    events: list[tuple[pd.Timestamp, str, str, str]] = []
    problems: list[Problem] = []
    for row in data.index:
        if torn := _torn(table, row):
            problems.append(torn)
            continue
        label = _plain(data.at[row, at["label"]])
        rebase = _REBASE.get(_plain(data.at[row, at["rebase"]]).casefold()) if "rebase" in at else "no"
        unread = {"date": faults[row], "label": _fault_of_label(label)}
        found = [(name, code, _NOT_READ) for name, code in unread.items() if code]
        if not found:
            events.append((dates[row], label, rebase or "no", sheet.file))
        if rebase is None:
            found.append(("rebase", "rebase_unclear", {} if not found else _NOT_READ))
        problems += [_problem(table, code, row, at[name], details) for name, code, details in found]
    return EVENTS.build(events), problems


def gather_events(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put the events of several tables together.

    Parameters
    ----------
    tables
        Events (`schema.EVENTS`).

    Returns
    -------
    pandas.DataFrame
        `schema.EVENTS` by date, the same label on the same day once; it starts a new baseline if any of them does.

    Examples
    --------
    >>> day = pd.Timestamp("2025-09-01")
    >>> once = [EVENTS.build([(day, "New form", rebase, file)]) for rebase, file in (("no", "a.csv"), ("yes", "b.csv"))]
    >>> gather_events(once)[["label", "rebase"]].to_numpy().tolist()
    [['New form', 'yes']]
    """
    together = EVENTS.build(pd.concat([EVENTS.build([]), *tables], ignore_index=True))
    together = together.sort_values("rebase", ascending=False, kind="stable")  # "yes" before "no"
    return EVENTS.build(together.drop_duplicates(["date", "label"]).sort_index().sort_values("date", kind="stable"))


def _plain(text: str) -> str:
    """Text with runs of white space made one space and without characters that nobody sees."""
    return " ".join("".join(letter for letter in text if unicodedata.category(letter) != "Cf").split())


def _fault_of_label(label: str) -> str:
    if is_error_cell(label):
        return "cell_error"
    if is_uncalculated(label):
        return "formula_not_calculated"
    return "" if 0 < len(label) <= LONGEST_LABEL and label.isprintable() else "event_unreadable"


def _problem(table: EventTable, code: str, row: int, position: int, details: dict[str, str]) -> Problem:
    header = str(table.sheet.cells.at[table.header_row, position])
    code = "event_undated" if code == "date_missing" else code
    return table.sheet.problem(code, row, position, column=header, **details)


def _repeated(table: EventTable) -> list[Problem]:
    """Two columns of one meaning, of which nobody can say which is meant."""
    first: dict[str, int] = {}
    problems = []
    for position, name in table.columns.items():
        if first.setdefault(name, position) != position:
            details = {"severity": "warning", "what": name, "other": table.sheet.cell(table.header_row, first[name])}
            problems.append(_problem(table, "duplicate_header", table.header_row, position, details))
    return problems


def _torn(table: EventTable, row: int) -> Problem | None:
    """What makes the cells of a row stand in wrong columns; a row that ends early is only blank from there."""
    sheet = table.sheet
    if row in sheet.too_long:
        return sheet.problem("cell_too_long", row, sheet.too_long[row], **_NOT_READ)
    if row in sheet.spoiled:
        return sheet.problem("quote", row, **_NOT_READ)
    if sheet.widths is not None and (sheet.cells.loc[row, sheet.widths[table.header_row] :] != "").any():
        return sheet.problem("width", row, **_NOT_READ)
    return None
