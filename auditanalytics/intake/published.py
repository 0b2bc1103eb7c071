"""Published tables: shares by domain and quarter, with no audits behind them.

A brief prints "Good 38%, Inadequate 9%" and nothing else. Such a table can be charted and held against what the
returns say, but it has no numbers to take an interval of, so it is kept apart from returns from the first step.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditanalytics.errors import ArgumentError
from auditanalytics.frameworks import Framework, fold_header
from auditanalytics.grades import TAILS
from auditanalytics.intake.raw import RawSheet
from auditanalytics.problems import Problem
from auditanalytics.quarters import FREQUENCIES, parse_quarter, quarter_from_months, quarter_name
from auditanalytics.schema import PUBLISHED_SHARES

_HEADERS = {
    "domain": ("domain", "area"),
    "quarter": ("quarter", "period"),
    "good": ("good", "good or better"),
    "inadequate": ("inadequate",),
    "year": ("year",),
}
_YEAR = re.compile(r"((?:19|20)\d{2})(?:-(\d{2}))?")
_DECIMAL_COMMA = re.compile(r"^([+-]?\d+),(\d+)")
_NUMBERED = re.compile(r"q(?:uarter)? ?([1-4])")


@dataclass(frozen=True)
class PublishedTable:
    """A sheet recognised as a published table: its header row, and the position of each column."""

    sheet: RawSheet
    header_row: int
    columns: dict[str, int]


def recognise_published(sheet: RawSheet) -> PublishedTable | None:
    """Recognise a sheet as a published table.

    Parameters
    ----------
    sheet
        A sheet.

    Returns
    -------
    PublishedTable or None
        The table, or None where the sheet lacks a domain, quarter, good or inadequate column.
    """
    names = {fold_header(header): name for name, headers in _HEADERS.items() for header in headers}
    for row, cells in sheet.cells.head(20).iterrows():
        columns = {names[fold_header(text)]: at for at, text in cells.items() if fold_header(text) in names}
        if {"domain", "quarter", "good", "inadequate"} <= columns.keys():
            return PublishedTable(sheet, int(str(row)), columns)
    return None


def read_published(
    table: PublishedTable, framework: Framework, *, year: str | None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the shares of a published table.

    Parameters
    ----------
    table
        A published table.
    framework
        The framework whose domains it names, by id or by title.
    year
        The year of its quarters, where it has no year column.

    Returns
    -------
    tuple
        The published shares (`schema.PUBLISHED_SHARES`), and a problem for each cell that could not be read.

    Raises
    ------
    ArgumentError
        If neither the table nor ``year`` says which year it is.
    """
    domains = _domain_words(framework)
    cells = table.sheet.cells
    data = cells[(cells.index > table.header_row) & (cells != "").any(axis=1)]
    hundredfold = _are_percentages(data[[table.columns[tail] for tail in TAILS]])
    rows: list[tuple[str, str, str, float, str]] = []
    problems: list[Problem] = []
    for row, texts in data.iterrows():
        text = {name: texts[at] for name, at in table.columns.items()}
        domain = domains.get(fold_header(text["domain"]))
        quarter = _read_quarter(text["quarter"], text.get("year") or year or "", framework.quarters)
        if quarter is None and year is None and "year" not in table.columns:
            raise ArgumentError(f"{table.sheet.file} is a published table that does not say its year; give --year 2019")
        shares = {tail: _read_share(text[tail], hundredfold) for tail in TAILS}
        faults = [("domain", "domain_unknown")] if domain is None else []
        faults += [("quarter", "quarter_unknown")] if not quarter else []
        faults += [(tail, fault) for tail, (_, fault) in shares.items() if fault]
        for name, code in faults:
            header = str(cells.at[table.header_row, table.columns[name]])
            problems.append(table.sheet.problem(code, row, table.columns[name], column=header))
        if domain and quarter:
            rows += [
                (domain, quarter, tail, share, table.sheet.file)
                for tail, (share, _) in shares.items()
                if share is not None
            ]
    return PUBLISHED_SHARES.build(rows), problems


def _domain_words(framework: Framework) -> dict[str, str]:
    """The ids of the domains by the folded words that name them."""
    return {fold_header(word): domain for domain, title in framework.domain_titles.items() for word in (domain, title)}


def named_domains(table: PublishedTable, framework: Framework) -> set[str]:
    """Find the domains of a framework that a published table names.

    Parameters
    ----------
    table
        A published table.
    framework
        A framework.

    Returns
    -------
    set of str
        Ids of domains.
    """
    words = _domain_words(framework)
    named = table.sheet.cells.loc[table.header_row + 1 :, table.columns["domain"]].map(fold_header)
    return {words[word] for word in named if word in words}


def check_year(year: str) -> None:
    """Refuse what is no year of a published table.

    Parameters
    ----------
    year
        A year.

    Raises
    ------
    ArgumentError
        If it is not written 2019, or 2019-20 for a financial year.
    """
    if _first_year(year) is None:
        raise ArgumentError(f"year must be written 2019, or 2019-20 for a financial year; not {year!r}")


def _first_year(year: str) -> int | None:
    found = _YEAR.fullmatch(year)
    if not found or (found[2] and (int(found[1]) + 1) % 100 != int(found[2])):
        return None
    return int(found[1])


def _read_quarter(text: str, year: str, calendar: str) -> str | None:
    """The name of a quarter written as "2019-Q4", "Q4" or "Oct - Dec", in a year written as 2019 or 2019-20.

    Months are those of a calendar year unless the year is a financial one; a number needs the kind of year that the
    framework counts by.
    """
    try:
        return quarter_name(parse_quarter(text, calendar=calendar))
    except ArgumentError:
        pass
    if own := re.search(r"\b(\d{4}(?:-\d{2})?)$", text.strip()):
        text, year = text.strip().removesuffix(own[1]), own[1]
    first, financial = _first_year(year), "-" in year
    if first is None:
        return None
    if numbered := _NUMBERED.fullmatch(" ".join(text.casefold().split())):
        if financial != (calendar == "financial-year"):
            return None
        return quarter_name(pd.Period(year=first + financial, quarter=int(numbered[1]), freq=FREQUENCIES[calendar]))
    starts_next = financial and text.strip().casefold().startswith("jan")
    quarter = quarter_from_months(text, first + starts_next, calendar=calendar)
    return quarter_name(quarter) if quarter is not None else None


def _are_percentages(columns: pd.DataFrame) -> bool:
    """Whether a table writes 38 for 38%: it does when most of its bare numbers are above 1 and none has a sign."""
    texts = [_plain(text) for text in columns.to_numpy().ravel()]
    bare = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
    return not any("%" in text for text in texts) and bool((bare > 1).sum() > ((bare > 0) & (bare < 1)).sum())


def _plain(text: str) -> str:
    """A number as Python reads it: full-width forms folded, a decimal comma made a point."""
    return _DECIMAL_COMMA.sub(r"\1.\2", unicodedata.normalize("NFKC", text)).strip()


def _read_share(text: str, hundredfold: bool) -> tuple[float | None, str]:
    """A share and what is wrong with it; a bare number on the other scale than the rest of the table is no share."""
    text = _plain(text)
    percent = text.endswith("%")
    try:
        number = float(text.removesuffix("%").strip())
    except ValueError:
        return None, "share_format"
    share = number / 100 if percent or hundredfold else number
    if not percent and ((hundredfold and 0 < number < 1) or (not hundredfold and 1 < number <= 100)):
        return None, "scale"
    return (share, "") if np.isfinite(share) and 0 <= share <= 1 else (None, "share_format")
