"""Why an audit is rejected: each reason a rule of its own, asked in the order in which they stand here.

An audit is rejected without an identity that can be trusted, without a readable date, on a torn row, or when its
identity was seen before. The first rule that it fails is its reason, so that nobody mends a date to find that the
reference was missing too late; every other fault of a row costs only itself.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from auditanalytics.frameworks import Framework
from auditanalytics.intake import RawAudits, parse_dates
from auditanalytics.problems import Problem


@dataclass
class Register:
    """What a reading remembers from sheet to sheet: where each identity was first seen, and how many were rejected."""

    places: dict[str, str] = field(default_factory=dict)
    rejected: int = 0


class _Candidates(NamedTuple):
    """The audits of one sheet that are still to be judged."""

    raw: RawAudits
    date_faults: pd.Series
    torn: dict[str, int]
    register: Register


class _Rule(NamedTuple):
    """Which audits fail, as codes on their rows ("" where they do not), and which field's cell is to blame."""

    find: Callable[[_Candidates], pd.Series]
    blames: str


def _untrusted_identity(candidates: _Candidates) -> pd.Series:
    """No identity, or one that a spreadsheet rounded, failed to work out or never calculated."""
    return candidates.raw.audits["identity_fault"]


def _unreadable_date(candidates: _Candidates) -> pd.Series:
    """No date in the field that decides the quarter, or none that can be read."""
    return candidates.date_faults


def _torn_elsewhere(candidates: _Candidates) -> pd.Series:
    """Another row of the same audit, in a long return, is torn."""
    keys = candidates.raw.audits["key"]
    return pd.Series("", index=keys.index, dtype=object).mask(keys.isin(list(candidates.torn)), "torn_row")


def _seen_before(candidates: _Candidates) -> pd.Series:
    """The identity was seen before, in this sheet or another."""
    keys = candidates.raw.audits["key"]
    repeated = keys.duplicated() | keys.isin(candidates.register.places)
    return pd.Series("", index=keys.index, dtype=object).mask(repeated, "duplicate")


_RULES = (
    _Rule(_untrusted_identity, "identity"),
    _Rule(_unreadable_date, "date"),
    _Rule(_torn_elsewhere, ""),
    _Rule(_seen_before, "identity"),
)


def reject(
    raw: RawAudits, framework: Framework, register: Register, *, latest: dt.date
) -> tuple[pd.Index, list[Problem]]:
    """Find the audits of a sheet that are rejected.

    Parameters
    ----------
    raw
        The audits of a sheet.
    framework
        The framework that says which date decides the quarter.
    register
        What is remembered from sheet to sheet; this sheet is added.
    latest
        The day after which no audit can have been done.

    Returns
    -------
    tuple
        The rows of the rejected audits, and a problem for each, and for each torn row.
    """
    table, audits = raw.table, raw.audits
    _, faults = parse_dates(audits[framework.period_date], latest=latest, day_zero=table.sheet.day_zero)
    # In a long return a torn row costs its whole audit; in a wide one it is its whole audit.
    torn = {key: row for row, key in raw.torn.items() if key} if table.is_long else {}
    positions = {"identity": table.identity[0], "date": table.position(framework.period_date), "": None}
    problems = [_torn_row(raw, row) for row in table.torn]
    first = dict(zip(audits["key"].iloc[::-1], audits.index[::-1], strict=True))
    rows: list[int] = []
    for rule in _RULES:
        still = raw.with_audits(audits.drop(rows)) if rows else raw
        left = _Candidates(still, faults.drop(rows), torn, register)
        codes = rule.find(left)
        codes = codes[codes != ""]
        at = positions[rule.blames]
        rows_of_cells = {} if codes.empty else _rows_of_cells(raw, at)
        for row, code in codes.items():
            key = audits.at[row, "key"]
            earlier = register.places.get(key) or table.sheet.describe_place(first.get(key, row))
            place = {"earlier": earlier if code == "duplicate" else "", "other": torn.get(key, "")}
            problems.append(table.problem(code, rows_of_cells.get(row, row), at, **place))
            rows.append(row)
    for row, key in audits["key"].drop(rows).items():
        register.places[key] = table.sheet.describe_place(row)
    unread = len(set(torn) - set(audits["key"])) + int((raw.torn == "").sum()) if table.is_long else len(raw.torn)
    register.rejected += len(rows) + unread
    return pd.Index(rows), problems


def _rows_of_cells(raw: RawAudits, position: int | None) -> dict[int, int]:
    """For every audit of a long return, by its first row, the first row where something stands in a column."""
    if not raw.table.is_long or position is None:
        return {}
    filled = raw.row_of[raw.table.data[position] != ""].drop_duplicates()
    return dict(zip(filled, filled.index, strict=True))


def _torn_row(raw: RawAudits, row: int) -> Problem:
    sheet = raw.table.sheet
    if row in sheet.too_long:
        return raw.table.problem("cell_too_long", row, sheet.too_long[row])
    return raw.table.problem("quote" if row in sheet.spoiled else "width", row, outcome="audit rejected")
