"""The published tables: every number of every chart and table, as CSV that opens right in Excel.

What leaves the analyst's desk shows no written word that is not on a scale or a date: such a cell may hold anything,
a child's name included, so it is masked here. Text that a spreadsheet could take for a formula is made plain text.
"""

from pathlib import Path

import pandas as pd

from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, UNKNOWN
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import (
    GRADE_LEDGER,
    PROBLEMS,
    PUBLISHED_SHARES,
    QUARTERLY_GRADES,
    ROW_ACCOUNTING,
    UNGRADED_JUDGEMENTS,
    Table,
)
from auditanalytics.summary import quarterly_grades, ungraded_judgements

MASKED = "[masked]"
"""Stands where a written value was that may name a person."""

_FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def published_tables(returns: AuditReturns, *, quarter: str) -> list[tuple[Table, pd.DataFrame]]:
    """Make the tables that a report publishes.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The quarter that is reported.

    Returns
    -------
    list
        The schema and the rows of each table.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> table, rows = published_tables(read_returns("data/example"), quarter="2019-Q4")[0]
    >>> table.name, len(rows)
    ('quarterly-grades', 144)
    """
    if len(returns.audits):
        tables = [
            (QUARTERLY_GRADES, quarterly_grades(returns, through=quarter)),
            (UNGRADED_JUDGEMENTS, ungraded_judgements(returns, through=quarter)),
        ]
    else:
        tables = [(QUARTERLY_GRADES, _published_only(returns, quarter))]
    if len(returns.published):
        tables.append((PUBLISHED_SHARES, returns.published[returns.published["quarter"] <= quarter]))
    return tables + checking_tables(returns)


def checking_tables(returns: AuditReturns) -> list[tuple[Table, pd.DataFrame]]:
    """Make the tables that say what became of every row and every written grade, masked.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    list
        The schema and the rows of the row accounting, the problems and the grade ledger.
    """
    problems = returns.problems.assign(value=returns.problems["value"].where(returns.problems["value"] == "", MASKED))
    ledger = returns.ledger.assign(label=returns.ledger["label"].where(returns.ledger["rule"] != UNKNOWN, MASKED))
    return [(ROW_ACCOUNTING, returns.accounting), (PROBLEMS, problems), (GRADE_LEDGER, ledger)]


def _published_only(returns: AuditReturns, quarter: str) -> pd.DataFrame:
    """Where no audit stands behind the shares: the shares alone, with neither numbers nor intervals."""
    shares = returns.published[returns.published["quarter"] <= quarter]
    order = pd.MultiIndex.from_product(
        [returns.framework.domain_titles, sorted(shares["quarter"].unique()), [GOOD_OR_BETTER, INADEQUATE]],
        names=["domain", "quarter", "grade"],
    )
    shares = shares.drop_duplicates(["domain", "quarter", "grade"]).set_index(order.names)
    return QUARTERLY_GRADES.build(shares.reindex(order)[["share"]].dropna().reset_index())


def write_csv(path: Path, table: Table, rows: pd.DataFrame) -> None:
    """Write a table as CSV, UTF-8 with a byte order mark.

    Parameters
    ----------
    path
        The file.
    table
        Its schema.
    rows
        Its rows.
    """
    plain = table.build(rows)
    for column in table.columns:
        if column.kind == "text":
            plain[column.name] = plain[column.name].map(_as_plain_text, na_action="ignore")
    plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d")


def _as_plain_text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_BEGINNINGS) else text
