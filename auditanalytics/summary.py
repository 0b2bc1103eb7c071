"""Counts and shares: every share with its n, its denominator and its interval, over the whole grid.

A grade that nobody received is a row with n = 0, and a quarter without returns a row with nothing in it; pandas drops
both unless the grid is made first. What is summed per audit adds up over files, so that the counting can be split.
"""

import pandas as pd

from auditanalytics.errors import ArgumentError
from auditanalytics.grades import GradeScale
from auditanalytics.intervals import effective_interval, effective_sample_size
from auditanalytics.moderation import grade_of_record
from auditanalytics.periods import periods_of, quarters_held, reported_periods
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import (
    GRADE_COUNTS,
    MONTHLY_GRADES,
    QUARTERLY_GRADES,
    UNGRADED_COUNTS,
    UNGRADED_JUDGEMENTS,
    YEARLY_GRADES,
)

_SUMS = ["n", "sum_xx", "sum_xm"]
_BASE = ["of", "sum_mm", "audits"]


def count_grades(returns: AuditReturns, *, unit: str = "quarter", through: str | None = None) -> pd.DataFrame:
    """Count every grade, and both tails, by domain and quarter, month or year.

    Parameters
    ----------
    returns
        Audit returns.
    unit
        ``quarter``, ``month`` or ``year``.
    through
        The last quarter to count; the last with returns if None. A year is counted up to it.

    Returns
    -------
    pandas.DataFrame
        `schema.GRADE_COUNTS`: a row for every domain, period and grade of its scale, and for its two tails. The
        grade of record is counted; not graded and not counted judgements are in neither ``n`` nor ``of``.

    Raises
    ------
    ChoiceError
        If there is no such unit or quarter.
    ArgumentError
        If the returns are for sharing, and the unit is not the quarter: what is hidden is decided by quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> grades = count_grades(read_returns("data/example"), unit="month")
    >>> int(grades.query("domain == 'risk' and period == '2019-08' and grade == 'good'")["of"].iloc[0])
    0
    """
    if returns.is_shared and unit != "quarter":
        raise ArgumentError("a report for sharing counts by quarter; counts by month are for internal use")
    periods = reported_periods(returns, unit=unit, through=through)
    if returns.audits.empty:
        return GRADE_COUNTS.build([])
    period_of = returns.audits[["audit_id"]].assign(period=periods_of(returns, unit))
    graded = returns.judgements.assign(record=grade_of_record(returns.judgements)).dropna(subset="record")
    graded = graded.merge(period_of[_until(returns, through)], on="audit_id")
    framework = returns.framework
    parts = [
        _domain_grades(graded[graded["domain"] == domain], framework.scale(domain), periods).assign(domain=domain)
        for domain in framework.domain_titles
    ]
    counts = GRADE_COUNTS.build(pd.concat(parts, ignore_index=True))
    return _as_shared(counts, returns) if returns.is_shared else counts


def _until(returns: AuditReturns, through: str | None) -> pd.Series:
    """Which audits are not after a quarter."""
    return returns.audits["quarter"] <= (through or max(quarters_held(returns), default=""))


def _as_shared(counts: pd.DataFrame, returns: AuditReturns) -> pd.DataFrame:
    """The counts that may be shared, rounded where the framework says so; missing where they are hidden.

    Everything that a report for sharing says is made from these, so that nothing in it can tell more than they do.
    """
    cells = pd.MultiIndex.from_frame(counts[["domain", "period", "grade"]])
    hidden = returns.hidden[["domain", "quarter", "grade"]]
    bases = hidden.loc[hidden["grade"].isna(), ["domain", "quarter"]]
    without_base = cells.droplevel("grade").isin(pd.MultiIndex.from_frame(bases))
    without_count = without_base | cells.isin(pd.MultiIndex.from_frame(hidden.dropna()))
    policy = returns.disclosure_policy
    shown = counts.copy()
    for name in ("n", "of", "audits"):
        shown[name] = policy.rounded(counts[name])
    shown["share"] = (shown["n"] / shown["of"].where(shown["of"] > 0)).astype(float)
    if policy.round_to:
        shown = shown.assign(**_as_if_audits_agreed(shown))
    shown["low"], shown["high"] = effective_interval(shown["n"], shown["of"], shown["effective"])
    shown.loc[without_count, _TOLD_BY_A_COUNT] = None
    shown.loc[without_base, _TOLD_BY_A_BASE] = None
    return GRADE_COUNTS.build(shown)


def _as_if_audits_agreed(shown: pd.DataFrame) -> dict[str, pd.Series]:
    """How rounded judgements cluster if those of every audit agree, which makes the widest interval.

    How they really cluster belongs to the counts before rounding, and would give them back to the last digit.
    """
    each = (shown["of"] / shown["audits"].where(shown["audits"] > 0)).fillna(0).astype(float)
    sums = {"sum_xx": shown["n"] * each, "sum_xm": shown["n"] * each, "sum_mm": shown["of"] * each}
    return sums | {"effective": shown["audits"].where(each > 0, 0).astype(float)}


_TOLD_BY_A_COUNT = ["n", "share", "low", "high", "effective", "sum_xx", "sum_xm"]
_TOLD_BY_A_BASE = ["of", "audits", "sum_mm"]


def _domain_grades(graded: pd.DataFrame, scale: GradeScale, periods: list[str]) -> pd.DataFrame:
    by_audit = graded.groupby(["period", "audit_id", "record"]).size().unstack(fill_value=0)
    by_audit = by_audit.reindex(columns=list(scale.grades), fill_value=0)
    of = by_audit.sum(axis=1)
    counted = by_audit.assign(**{tail: by_audit[list(grades)].sum(axis=1) for tail, grades in scale.tails.items()})
    names = list(counted.columns)
    counted = counted.rename_axis(columns="grade").stack().rename("x").reset_index()
    counted = counted.merge(of.rename("m").reset_index(), on=["period", "audit_id"])
    counted = counted.assign(n=counted["x"], sum_xx=counted["x"] ** 2, sum_xm=counted["x"] * counted["m"])
    grid = pd.MultiIndex.from_product([periods, names], names=["period", "grade"])
    sums = counted.groupby(["period", "grade"])[_SUMS].sum().reindex(grid, fill_value=0)
    base = pd.DataFrame({"of": of, "sum_mm": of**2, "audits": 1}).groupby(level="period")[_BASE].sum()
    table = sums.join(base.reindex(periods, fill_value=0).rename_axis("period"), on="period").astype(float)
    table["share"] = table["n"] / table["of"].where(table["of"] > 0)
    table["effective"] = effective_sample_size(**{name: table[name] for name in _SUMS + _BASE})
    table["low"], table["high"] = effective_interval(table["n"], table["of"], table["effective"])
    return table.reset_index()


def quarterly_grades(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give the published counts of every grade, and of both tails, by domain and quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.QUARTERLY_GRADES`, from `count_grades`.

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
    counts = QUARTERLY_GRADES.build(count_grades(returns, through=through).rename(columns={"period": "quarter"}))
    if returns.is_shared:
        may_be_shown = returns.disclosure_policy.share_may_be_shown
        shown = may_be_shown(counts["n"].isna(), counts["of"].isna(), counts["of"].fillna(0))
        counts.loc[~shown, ["share", "low", "high"]] = None
    return counts


def monthly_grades(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give the published counts of every grade, and of both tails, by domain and month.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MONTHLY_GRADES`, from `count_grades`.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> monthly_grades(read_returns("data/example"))["month"].nunique()
    11
    """
    counts = count_grades(returns, unit="month", through=through)
    return MONTHLY_GRADES.build(counts.rename(columns={"period": "month"}))


def yearly_grades(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give the published counts of every grade, and of both tails, by domain and year.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.YEARLY_GRADES`, from `count_grades`. A year whose last quarters are not counted is the year so far.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> grades = yearly_grades(read_returns("data/example"))
    >>> grades.query("domain == 'risk' and grade == 'inadequate'")[["year", "n", "of", "audits"]].values.tolist()
    [['2019', 71, 192, 96]]
    """
    counts = count_grades(returns, unit="year", through=through)
    return YEARLY_GRADES.build(counts.rename(columns={"period": "year"}))


def count_ungraded(returns: AuditReturns, *, unit: str = "quarter", through: str | None = None) -> pd.DataFrame:
    """Count the judgements that are in no share: not graded, or written in a way that cannot be counted.

    Parameters
    ----------
    returns
        Audit returns.
    unit
        ``quarter`` or ``month``.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.UNGRADED_COUNTS`: a row for every domain and period.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> int(count_ungraded(read_returns("data/example"))["not_graded"].sum())
    0
    """
    if returns.audits.empty:
        return UNGRADED_COUNTS.build([])
    periods = reported_periods(returns, unit=unit, through=through)
    ungraded = returns.judgements[grade_of_record(returns.judgements).isna()]
    period_of = returns.audits[["audit_id"]].assign(period=periods_of(returns, unit))
    ungraded = ungraded.merge(period_of[_until(returns, through)], on="audit_id")
    counts = ungraded.groupby(["domain", "period", "outcome"]).size().unstack(fill_value=0)
    grid = pd.MultiIndex.from_product([returns.framework.domain_titles, periods], names=["domain", "period"])
    counts = counts.reindex(index=grid, columns=["not graded", "not counted"], fill_value=0)
    return UNGRADED_COUNTS.build(counts.set_axis(["not_graded", "not_counted"], axis=1).reset_index())


def ungraded_judgements(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give the published counts of the judgements that are in no share, by domain and quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.UNGRADED_JUDGEMENTS`, from `count_ungraded`.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> ungraded_judgements(read_returns("data/example"))["quarter"].nunique()
    4
    """
    return UNGRADED_JUDGEMENTS.build(count_ungraded(returns, through=through).rename(columns={"period": "quarter"}))
