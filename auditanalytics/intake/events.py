"""Events: what happened on a day, in a few words, kept in a table of its own beside the returns.

A new form or a new definition moves shares although practice has not changed. Whoever knows of it writes it down, and
says whether the charts are to start anew from that day; nothing here, or later, decides that by itself. A sheet that
names audits, grades or people is no table of events, whatever else its header says, because a label is printed as it is
written.
"""

from collections.abc import Iterable

import pandas as pd

from auditanalytics.frameworks import Framework
from auditanalytics.intake.raw import RawSheet
from auditanalytics.intake.tables_beside import TableBeside, fault_of_label, recognise_table
from auditanalytics.intake.values import parse_dates, plain
from auditanalytics.problems import Problem
from auditanalytics.schema import EVENTS

_HEADERS = {
    "date": ("date", "event date", "when"),
    "label": ("label", "event", "what happened"),
    "rebase": ("rebase", "rebase from here"),
}
_REBASE = dict.fromkeys(("", "no", "n", "false", "0"), "no") | dict.fromkeys(("yes", "y", "true", "1", "x"), "yes")
_NOT_READ = {"severity": "warning", "outcome": "event not read"}
"""What a problem that usually costs an audit costs here."""


def recognise_events(sheet: RawSheet, framework: Framework) -> TableBeside | None:
    """Recognise a sheet as a table of events.

    Parameters
    ----------
    sheet
        A sheet that is neither a return, nor one that failed, nor a published table.
    framework
        The framework that knows which headers are those of audits and people.

    Returns
    -------
    TableBeside or None
        The table; None where the sheet lacks a date or label column, or has one for audits, grades or people.
    """
    return recognise_table(sheet, framework, _HEADERS, needed={"date", "label"})


def read_events(table: TableBeside) -> tuple[pd.DataFrame, list[Problem]]:
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
    if repeated := table.repeated():
        return EVENTS.build([]), repeated
    sheet, at, data = table.sheet, table.positions, table.data
    dates, faults = parse_dates(data[at["date"]], day_zero=sheet.day_zero)
    events: list[tuple[pd.Timestamp, str, str, str]] = []
    problems: list[Problem] = []
    for row in data.index:
        if torn := table.torn(row, **_NOT_READ):
            problems.append(torn)
            continue
        label = plain(data.at[row, at["label"]])
        rebase = _REBASE.get(plain(data.at[row, at["rebase"]]).casefold()) if "rebase" in at else "no"
        undated = "event_undated" if faults[row] == "date_missing" else faults[row]
        unread = {"date": undated, "label": fault_of_label(label, "event_unreadable")}
        found = [(name, code, _NOT_READ) for name, code in unread.items() if code]
        if not found:
            events.append((dates[row], label, rebase or "no", sheet.file))
        if rebase is None:
            found.append(("rebase", "rebase_unclear", {} if not found else _NOT_READ))
        problems += [table.problem(code, row, at[name], **details) for name, code, details in found]
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
