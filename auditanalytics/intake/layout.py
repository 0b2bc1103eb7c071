"""Where a sheet's header stands, what each column means, and which rows are audits.

The header is the row with most headers that the framework knows, so a title or notes above it do no harm. A row is
skipped only when it is blank, a note or a total, and each skip is listed; everything else is data that is accepted or
rejected further on.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from auditanalytics.frameworks import FEEDBACK_FIELDS, LONG_FIELDS, OVERALL, Framework, Meaning, fold_header
from auditanalytics.intake.raw import RawSheet
from auditanalytics.problems import Problem, problem
from auditanalytics.schema import HEADERS

_HEADER_WITHIN = 50
TOTALS = re.compile(r"(?:grand |sub ?)?totals?\b|averages?\b|means?\b|count\b|percentages?\b|%", re.IGNORECASE)
"""How the first cell of a row begins that sums up others."""

_FIGURE = re.compile(r"[\d.,%£ -]*")


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
        The row number of the header; of its lower row where it has two.
    headers
        The headers as written.
    columns
        Position of every column that has a meaning, with the meaning.
    identity
        Positions of the columns that identify an audit.
    rows
        Row numbers of the data.
    torn
        Row numbers of data with more or fewer fields than the header, or spoiled by a stray quotation mark.
    skipped
        How many rows were skipped.
    """

    sheet: RawSheet
    is_long: bool
    header_row: int
    headers: pd.Series
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
        column = "" if position is None else str(self.headers[position])
        return self.sheet.problem(code, row, position, column=column, **details)

    def describe_headers(self, framework: Framework) -> pd.DataFrame:
        """Say what every header was taken for.

        Parameters
        ----------
        framework
            The framework that knows the headers.

        Returns
        -------
        pandas.DataFrame
            `schema.HEADERS`.
        """
        rows = [
            (
                *place,
                header,
                _means(self.columns.get(at), is_identity=at in self.identity),
                _rule(header, self.columns.get(at), framework),
            )
            for at, header in self.headers.items()
            if header
            for place in self.sheet.header_places(self.header_row, at)
        ]
        return HEADERS.build(rows)

    @cached_property
    def data(self) -> pd.DataFrame:
        """The cells of the data rows that are not torn."""
        return self.sheet.cells.loc[self.rows.difference(self.torn), list(self.columns) + self._identity_only]

    @property
    def _identity_only(self) -> list[int]:
        return [position for position in self.identity if position not in self.columns]


def _means(column: Meaning | None, *, is_identity: bool) -> str:
    """A meaning in words: the field, or the category with what of it is meant."""
    if column is None:
        return "part of what identifies an audit" if is_identity else ""
    of = column.category or column.domain
    words = {"field": column.name, "grade": of, "moderated grade": f"{of} (moderated)"}
    words["comment"] = f"{of} {column.name}"
    return words[column.kind] + (f" {column.number}" if column.number else "")


def _rule(header: str, column: Meaning | None, framework: Framework) -> str:
    """Whether a header is the usual one for its meaning or another word for it."""
    if column is None:
        return ""
    usual = {fold_header(column.name), fold_header(column.category)}
    usual |= {fold_header(text) for text in framework.columns.get(column.name, ())[:1]}
    for domain in framework.domains:
        for category in domain.categories:
            if category.id == column.category:
                usual |= {fold_header(text) for text in (category.title, *category.headers[:1])}
    folded = re.sub(r"\d+$", "", fold_header(header)) if column.number else fold_header(header)
    return "synonym" if column.kind in ("field", "grade") and folded not in usual else "usual"


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
    header_row, headers = find_header(sheet, framework.meaning)
    columns = {at: meaning for at, header in headers.items() if header and (meaning := framework.meaning(header))}
    columns = _without_scales_in_headers(columns)
    identity, is_long = _identity(headers, columns, framework), _is_long(columns)
    if not is_long and not any(column.kind == "grade" for column in columns.values()):
        return None, []  # without grades it is no return, whatever else it holds
    missing = _missing_columns(columns, identity, framework)
    faults = [each for what in missing for each in sheet.header_problems("missing_column", header_row, what=what)]
    faults += _repeated(sheet, header_row, columns, is_long=is_long)
    if faults:
        return None, faults
    date = next(at for at, column in columns.items() if column == Meaning("field", framework.period_date))
    rows, problems = _partition(sheet, header_row, identity, date)
    problems += _unmatched(sheet, header_row, headers, columns, identity, framework, is_long=is_long)
    table = ReturnTable(
        sheet=sheet,
        is_long=is_long,
        header_row=header_row,
        headers=headers,
        columns=columns,
        identity=identity,
        rows=rows,
        torn=_torn(sheet, header_row, headers, rows),
        skipped=len(sheet.cells) - 1 - len(rows),
    )
    return table, problems


def _without_scales_in_headers(columns: dict[int, Meaning]) -> dict[int, Meaning]:
    """The columns without those of feedback whose number is no person's: "Feedback out of 10" is no tenth person."""
    people = {column.number or 1 for column in columns.values() if column.name == "feedback_from"}
    return {
        at: column
        for at, column in columns.items()
        if column.name not in FEEDBACK_FIELDS or not column.number or column.number in people
    }


def find_header(sheet: RawSheet, meaning: Callable[[str], Meaning | None]) -> tuple[int, pd.Series]:
    """Find the row with most known headers, together with the row under it where that is a second row of headers.

    Parameters
    ----------
    sheet
        A sheet.
    meaning
        What a header means, None where it is not known.

    Returns
    -------
    tuple
        The row number of the header, of its lower row where it has two, and the headers; 0 and none where no row has
        two known headers.
    """
    if sheet.header_row is not None:
        return sheet.header_row, sheet.cells.loc[sheet.header_row]
    top = sheet.cells.head(_HEADER_WITHIN)
    known = {text: meaning(text) for text in pd.unique(top.to_numpy().ravel()) if text}
    meanings = top.map(lambda text: known.get(text))
    scores = meanings.apply(lambda row: len(set(row.dropna())), axis=1)
    if scores.empty or scores.max() < 2:
        return 0, pd.Series(dtype=object)
    row = int(scores.idxmax())
    for other in (row + 1, row - 1):
        if scores.get(other, 0) and not _overlap(top, meanings, row, other):
            return max(row, other), top.loc[row].where(meanings.loc[row].notna(), top.loc[other])
    return row, top.loc[row]


def _overlap(top: pd.DataFrame, meanings: pd.DataFrame, row: int, other: int) -> bool:
    """Whether two rows cannot be the halves of one header: a column has a meaning in the one and words in the other."""
    written = top.loc[other] != ""
    return bool((meanings.loc[row].notna() & written).any())


def _identity(headers: pd.Series, columns: dict[int, Meaning], framework: Framework) -> tuple[int, ...]:
    single = tuple(at for at, column in columns.items() if column == Meaning("field", "audit_id"))
    if single or not framework.audit_id_from:
        return single[:1]
    places = {meaning: at for at, meaning in columns.items()} | {fold_header(text): at for at, text in headers.items()}
    several = [
        places.get(fold_header(header), places.get(framework.meaning(header))) for header in framework.audit_id_from
    ]
    return () if None in several else tuple(at for at in several if at is not None)


def _is_long(columns: dict[int, Meaning]) -> bool:
    """Whether a row is one judgement: there are a category and a grade column, and no column for a category."""
    by_row = {Meaning("field", "category"), Meaning("field", "grade")} <= set(columns.values())
    return by_row and not any(column.kind == "grade" for column in columns.values())


def _missing_columns(columns: dict[int, Meaning], identity: tuple[int, ...], framework: Framework) -> list[str]:
    """What a return must have and this header has not, in words."""
    missing = []
    if not identity:
        several = " and ".join(f"'{header}'" for header in framework.audit_id_from)
        missing.append(f"what identifies an audit ({several or _words(framework, 'audit_id')})")
    if Meaning("field", framework.period_date) not in columns.values():
        missing.append(f"its date ({_words(framework, framework.period_date)})")
    return missing


def _words(framework: Framework, field: str) -> str:
    return "such as " + " or ".join(f"'{header}'" for header in framework.columns.get(field, (field,))[:2])


def _repeated(sheet: RawSheet, header_row: int, columns: dict[int, Meaning], *, is_long: bool) -> list[Problem]:
    """Two columns of one meaning; comments may be many, and a wide return has no use for the fields of a long one."""
    first: dict[Meaning, int] = {}
    problems = []
    for at, column in columns.items():
        unused = column.name in LONG_FIELDS and (column.name == "comment" or not is_long)
        if column.kind != "comment" and not unused and first.setdefault(column, at) != at:
            other, what = sheet.cell(header_row, first[column]), column.category or column.name
            header = str(sheet.cells.at[header_row, at])
            details = {"column": header, "what": what, "other": other}
            problems += sheet.header_problems("duplicate_header", header_row, at, **details)
    return problems


def _unmatched(
    sheet: RawSheet,
    header_row: int,
    headers: pd.Series,
    columns: dict[int, Meaning],
    identity: tuple[int, ...],
    framework: Framework,
    *,
    is_long: bool,
) -> list[Problem]:
    """Categories of the framework without a column, and columns without a meaning: one may be the other misspelt."""
    problems = []
    graded = {column.category for column in columns.values() if column.kind == "grade"}
    asked = _categories_asked(sheet, header_row, columns, framework)
    absent = [
        category.title or category.id
        for domain in framework.domains
        for category in domain.categories
        if category.id in asked - graded
    ]
    if framework.overall and Meaning("field", OVERALL) not in columns.values():
        absent.append("the overall judgement")
    if absent and not is_long:
        problems += sheet.header_problems("category_without_column", header_row, what=", ".join(absent))
    unknown = [text for at, text in headers.items() if text and at not in columns and at not in identity]
    other = [text for at, text in headers.items() if at in columns and _rule(text, columns[at], framework) == "synonym"]
    if other:
        problems += sheet.header_problems("header_synonym", header_row, value=", ".join(other))
    if unknown:
        value = ", ".join(unknown)
        problems += sheet.header_problems("column_without_meaning", header_row, value=value, count=len(unknown))
    return problems


def _categories_asked(sheet: RawSheet, header_row: int, columns: dict[int, Meaning], framework: Framework) -> set[str]:
    """The categories that the audits of a sheet should have: all, or where there are forms, those of their forms."""
    if not framework.forms:
        return {category.id for domain in framework.domains for category in domain.categories}
    kinds = next((at for at, column in columns.items() if column == Meaning("field", "audit_type")), None)
    if kinds is None:
        return set()
    forms = [framework.form(kind) for kind in sheet.cells.loc[header_row + 1 :, kinds].unique() if kind]
    return {category for form in forms if form for category in form.categories}


def _partition(
    sheet: RawSheet, header_row: int, identity: tuple[int, ...], date: int
) -> tuple[pd.Index, list[Problem]]:
    """Tell data from blank rows, titles above the header, and notes and totals below it; what has a date is data."""
    if sheet.header_row is not None:
        filled = (sheet.cells != "").any(axis=1)
        return sheet.cells.index[filled & (sheet.cells.index > sheet.header_row)], []
    texts, numbers = sheet.cells.to_numpy(), sheet.cells.index
    filled = texts != ""
    count = filled.sum(axis=1)
    place_of_first = filled.argmax(axis=1)
    first = pd.Series(texts[range(len(texts)), place_of_first], index=numbers)
    undated, below = ~filled[:, date], numbers > header_row
    unidentified = ~filled[:, list(identity)].any(axis=1)
    alone = first.where(count == 1, "")
    reason = pd.Series("", index=sheet.cells.index)
    reason[(count == 1) & (alone.str.contains(" ", regex=False) | unidentified) & undated & below] = "note"
    totals = undated & below & first.str.match(TOTALS).to_numpy()
    reason[totals] = "total"
    # "Mean Street" may be the team of an audit: one with an identifier, and with more beside it than numbers.
    for row in np.flatnonzero(totals & ~unidentified & ~np.isin(place_of_first, identity)):
        if not all(_FIGURE.fullmatch(text) for text in np.delete(texts[row], place_of_first[row])):
            reason.iloc[row] = ""
    reason[~below] = "title"
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


def _torn(sheet: RawSheet, header_row: int, headers: pd.Series, rows: pd.Index) -> pd.Index:
    """Rows with a cell too long to be one, spoiled by a quotation mark, or with more or fewer fields than the header.

    Blank fields beyond the header's are no surplus.
    """
    if sheet.widths is None:
        return rows[rows.isin(list(sheet.too_long))]
    surplus = sheet.cells.loc[rows, [at for at in sheet.cells.columns if at >= sheet.widths[header_row]]]
    too_wide = (surplus != "").any(axis=1)
    named = max((at + 1 for at, header in headers.items() if header), default=0)
    torn = too_wide | (sheet.widths[rows] < named) | rows.isin(sheet.spoiled) | rows.isin(list(sheet.too_long))
    return rows[torn]
