"""Where a sheet's header stands, what each column means, and which rows are audits.

The header is the row with most headers that the framework knows, so a title or notes above it do no harm. A row is
skipped only when it is blank, a note or a total, and each skip is listed; everything else is data that is accepted or
rejected further on.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from auditanalytics.frameworks import Framework, Meaning, fold_header
from auditanalytics.intake.raw import RawSheet
from auditanalytics.problems import Problem, problem

_HEADER_WITHIN = 50
_TOTALS = re.compile(r"(?:grand |sub ?)?totals?\b|averages?\b|means?\b|count\b|percentages?\b|%", re.IGNORECASE)


@dataclass(frozen=True)
class ReturnTable:
    """A sheet recognised as a return.

    Attributes
    ----------
    sheet
        The sheet.
    is_long
        Whether a row is one judgement rather than one audit.
    header_row
        The row number of the header.
    columns
        Position of every column that has a meaning, with the meaning.
    identity
        Positions of the columns that identify an audit.
    rows
        Row numbers of the data.
    torn
        Row numbers of data with more or fewer fields than the header.
    skipped
        How many rows were skipped.
    """

    sheet: RawSheet
    is_long: bool
    header_row: int
    columns: dict[int, Meaning]
    identity: tuple[int, ...]
    rows: pd.Index
    torn: pd.Index
    skipped: int

    def position(self, field: str) -> int | None:
        """The position of the column of a field, None where there is none."""
        return next((at for at, column in self.columns.items() if column == Meaning("field", field)), None)

    def problem(self, code: str, row: int, position: int | None = None, **details: Any) -> Problem:
        """Make the problem of a rule met in a row of this return, as `RawSheet.problem` does."""
        return self.sheet.problem(code, row, position, header_row=self.header_row, **details)

    @cached_property
    def data(self) -> pd.DataFrame:
        """The cells of the data rows that are not torn, stripped of white space around them."""
        cells = self.sheet.cells.loc[self.rows.difference(self.torn), list(self.columns) + self._identity_only]
        return cells.apply(lambda column: column.str.strip())

    @property
    def _identity_only(self) -> list[int]:
        return [position for position in self.identity if position not in self.columns]


def recognise_returns(sheet: RawSheet, framework: Framework) -> tuple[ReturnTable | None, list[Problem]]:
    """Recognise a sheet as a return.

    Parameters
    ----------
    sheet
        A sheet.
    framework
        The framework that knows the headers.

    Returns
    -------
    tuple
        The return, or None where the sheet is none, and a problem for each row that was skipped or thing that keeps
        a sheet that looks like a return from being one.
    """
    header_row = _find_header(sheet, framework)
    if header_row is None:
        return None, []
    headers = sheet.cells.loc[header_row].str.strip()
    columns = {at: meaning for at, header in headers.items() if header and (meaning := framework.meaning(header))}
    identity = _identity(headers, columns, framework)
    missing = _missing_columns(columns, identity, framework)
    if len(missing) > 1 or (missing and len(columns) < 3):
        return None, []
    faults = [sheet.problem("missing_column", header_row, what=what) for what in missing]
    faults += _repeated(sheet, header_row, columns)
    if faults:
        return None, faults
    rows, problems = _partition(sheet, header_row, identity)
    table = ReturnTable(
        sheet=sheet,
        is_long=_is_long(columns),
        header_row=header_row,
        columns=columns,
        identity=identity,
        rows=rows,
        torn=_torn(sheet, header_row, rows),
        skipped=len(sheet.cells) - 1 - len(rows),
    )
    return table, problems


def _find_header(sheet: RawSheet, framework: Framework) -> int | None:
    top = sheet.cells.head(_HEADER_WITHIN)
    known = {text: framework.meaning(text) for text in pd.unique(top.to_numpy().ravel())}
    scores = {
        row: len({known[text] for text in cells if known[text]})
        for row, cells in zip(top.index, top.to_numpy(), strict=True)
    }
    best = max(scores, key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= 2 else None


def _identity(headers: pd.Series, columns: dict[int, Meaning], framework: Framework) -> tuple[int, ...]:
    single = tuple(at for at, column in columns.items() if column == Meaning("field", "audit_id"))
    if single or not framework.audit_id_from:
        return single[:1]
    folded = {fold_header(header): at for at, header in headers.items()}
    several = [folded.get(fold_header(header)) for header in framework.audit_id_from]
    return () if None in several else tuple(at for at in several if at is not None)


def _is_long(columns: dict[int, Meaning]) -> bool:
    return {Meaning("field", "category"), Meaning("field", "grade")} <= set(columns.values())


def _missing_columns(columns: dict[int, Meaning], identity: tuple[int, ...], framework: Framework) -> list[str]:
    """What a return must have and this header has not, in words."""
    fields = {column.name for column in columns.values() if column.kind == "field"}
    missing = []
    if not identity:
        missing.append("what identifies an audit (" + _words(framework, "audit_id") + ")")
    if framework.period_date not in fields:
        missing.append("its date (" + _words(framework, framework.period_date) + ")")
    if not _is_long(columns) and not any(column.kind == "grade" for column in columns.values()):
        missing.append("a grade for any category of the framework")
    return missing


def _words(framework: Framework, field: str) -> str:
    return "such as " + " or ".join(f"'{header}'" for header in framework.columns.get(field, (field,))[:2])


def _repeated(sheet: RawSheet, header_row: int, columns: dict[int, Meaning]) -> list[Problem]:
    first: dict[Meaning, int] = {}
    problems = []
    for at, column in columns.items():
        if column.kind != "comment" and first.setdefault(column, at) != at:
            other, what = sheet.cell(header_row, first[column]), column.category or column.name
            problems.append(sheet.problem("duplicate_header", header_row, at, what=what, other=other))
    return problems


def _partition(sheet: RawSheet, header_row: int, identity: tuple[int, ...]) -> tuple[pd.Index, list[Problem]]:
    """Tell data from blank rows, titles above the header, and notes and totals below it."""
    filled = sheet.cells.apply(lambda column: column.str.strip() != "")
    count = filled.sum(axis=1)
    first = sheet.cells.where(filled).bfill(axis=1)[0].fillna("") if sheet.cells.shape[1] else count.astype(str)
    unidentified = ~filled[list(identity)].any(axis=1)
    lone = (count == 1) & (first.str.contains(" ") | unidentified)
    totals = first.str.match(_TOTALS) & (count < filled.loc[header_row].sum())
    above = sheet.cells.index < header_row
    reason = pd.Series("", index=sheet.cells.index)
    reason[lone & ~above] = "note"
    reason[totals & ~above] = "total"
    reason[above] = "title"
    reason[count == 0] = "blank"
    reason[header_row] = "header"
    return reason.index[reason == ""], _skips(sheet, reason)


def _skips(sheet: RawSheet, reason: pd.Series) -> list[Problem]:
    """One problem for each unbroken run of rows skipped for the same reason."""
    problems = []
    for _, run in reason.groupby((reason != reason.shift()).cumsum()):
        if run.iloc[0] not in ("", "header"):
            rows = str(run.index[0]) if len(run) == 1 else f"{run.index[0]}-{run.index[-1]}"
            outcome = None if len(run) == 1 else f"{len(run)} rows skipped"
            problems.append(problem(f"skipped_{run.iloc[0]}", sheet.file, sheet.sheet, row=rows, outcome=outcome))
    return problems


def _torn(sheet: RawSheet, header_row: int, rows: pd.Index) -> pd.Index:
    """Rows whose fields are more than the header's, beyond blanks at the end, or fewer."""
    if sheet.widths is None:
        return rows[:0]
    headers = sheet.cells.loc[header_row].str.strip()
    width = sheet.widths[header_row]
    surplus = sheet.cells.loc[rows, [at for at in sheet.cells.columns if at >= width]]
    too_long = (surplus.apply(lambda column: column.str.strip()) != "").any(axis=1)
    named = max((at + 1 for at, header in headers.items() if header), default=0)
    return rows[too_long | (sheet.widths[rows] < named)]
