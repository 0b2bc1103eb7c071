"""Counts and shares: every share with its n, its denominator and its interval, over the whole grid.

A grade that nobody received is a row with n = 0, and a quarter without returns a row with nothing in it; pandas drops
both unless the grid is made first. What is summed per audit adds up over files, so that the counting can be split.
"""

import pandas as pd

from auditanalytics.errors import ChoiceError
from auditanalytics.grades import GradeScale
from auditanalytics.intervals import clustered_interval
from auditanalytics.moderation import grade_of_record
from auditanalytics.quarters import parse_quarter, quarter_name
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import QUARTERLY_GRADES, UNGRADED_JUDGEMENTS

_SUMS = ["n", "sum_xx", "sum_xm"]
_BASE = ["of", "sum_mm", "audits"]


def quarters_held(returns: AuditReturns) -> list[str]:
    """List the quarters that have returns or published shares.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    list of str
        Names of quarters, in order.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> quarters_held(read_returns("data/example"))
    ['2019-Q1', '2019-Q2', '2019-Q3', '2019-Q4']
    """
    return sorted({*returns.audits["quarter"], *returns.published["quarter"]})


def reported_quarters(returns: AuditReturns, *, through: str | None = None) -> list[str]:
    """List the quarters that a report shows: from the first with returns to the last, without a gap.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to show; the last with returns if None.

    Returns
    -------
    list of str
        Names of quarters, in order; a quarter without returns is one of them.

    Raises
    ------
    ChoiceError
        If ``through`` has neither returns nor published shares.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> reported_quarters(read_returns("data/example"), through="2019-Q3")
    ['2019-Q1', '2019-Q2', '2019-Q3']
    """
    held = quarters_held(returns)
    if through is not None and through not in held:
        raise ChoiceError("quarter", through, held)
    if not held:
        return []
    names = (held[0], held[-1] if through is None else through)
    first, final = (parse_quarter(name, calendar=returns.framework.quarters) for name in names)
    return [quarter_name(quarter) for quarter in pd.period_range(first, final, freq=first.freq)]


def quarterly_grades(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count every grade, and both tails, by domain and quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.QUARTERLY_GRADES`: a row for every domain, quarter and grade of its scale, and for its two tails. The
        grade of record is counted; not graded and not counted judgements are in neither ``n`` nor ``of``.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> grades = quarterly_grades(read_returns("data/example"))
    >>> grades.query("domain == 'risk' and quarter == '2019-Q4' and grade == 'inadequate'")[["n", "of", "audits"]]
         n  of  audits
    23  16  42      21
    """
    if returns.audits.empty:
        return QUARTERLY_GRADES.build([])
    quarters = reported_quarters(returns, through=through)
    graded = returns.judgements.assign(record=grade_of_record(returns.judgements)).dropna(subset="record")
    graded = graded.merge(returns.audits[["audit_id", "quarter"]], on="audit_id")
    framework = returns.framework
    parts = [
        _domain_grades(graded[graded["domain"] == domain], framework.scale(domain), quarters).assign(domain=domain)
        for domain in framework.domain_titles
    ]
    return QUARTERLY_GRADES.build(pd.concat(parts, ignore_index=True))


def _domain_grades(graded: pd.DataFrame, scale: GradeScale, quarters: list[str]) -> pd.DataFrame:
    by_audit = graded.groupby(["quarter", "audit_id", "record"]).size().unstack(fill_value=0)
    by_audit = by_audit.reindex(columns=list(scale.grades), fill_value=0)
    of = by_audit.sum(axis=1)
    counted = by_audit.assign(**{tail: by_audit[list(grades)].sum(axis=1) for tail, grades in scale.tails.items()})
    names = list(counted.columns)
    counted = counted.rename_axis(columns="grade").stack().rename("x").reset_index()
    counted = counted.merge(of.rename("m").reset_index(), on=["quarter", "audit_id"])
    counted = counted.assign(n=counted["x"], sum_xx=counted["x"] ** 2, sum_xm=counted["x"] * counted["m"])
    grid = pd.MultiIndex.from_product([quarters, names], names=["quarter", "grade"])
    sums = counted.groupby(["quarter", "grade"])[_SUMS].sum().reindex(grid, fill_value=0)
    base = pd.DataFrame({"of": of, "sum_mm": of**2, "audits": 1}).groupby(level="quarter")[_BASE].sum()
    table = sums.join(base.reindex(quarters, fill_value=0).rename_axis("quarter"), on="quarter").astype(float)
    table["share"] = table["n"] / table["of"].where(table["of"] > 0)
    table["low"], table["high"] = clustered_interval(**{name: table[name] for name in _SUMS + _BASE})
    return table.reset_index()


def ungraded_judgements(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count the judgements that are in no share: not graded, or written in a way that cannot be counted.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.UNGRADED_JUDGEMENTS`: a row for every domain and quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> int(ungraded_judgements(read_returns("data/example"))["not_graded"].sum())
    0
    """
    if returns.audits.empty:
        return UNGRADED_JUDGEMENTS.build([])
    quarters = reported_quarters(returns, through=through)
    ungraded = returns.judgements[grade_of_record(returns.judgements).isna()]
    ungraded = ungraded.merge(returns.audits[["audit_id", "quarter"]], on="audit_id")
    counts = ungraded.groupby(["domain", "quarter", "outcome"]).size().unstack(fill_value=0)
    grid = pd.MultiIndex.from_product([returns.framework.domain_titles, quarters], names=["domain", "quarter"])
    counts = counts.reindex(index=grid, columns=["not graded", "not counted"], fill_value=0)
    return UNGRADED_JUDGEMENTS.build(counts.set_axis(["not_graded", "not_counted"], axis=1).reset_index())
