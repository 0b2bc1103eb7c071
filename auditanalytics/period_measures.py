"""What the months, quarters and year of a report come to: returns, themes, features of Good, feedback, next steps.

A learning brief is of one period, and every number in it stands in one of these tables or in those of grades. A year
is counted up to the reported quarter; nothing is a mean of shares.
"""

from collections.abc import Callable, Sequence

import pandas as pd

from auditanalytics.grades import GOOD_OR_BETTER
from auditanalytics.periods import periods_of, reported_quarters
from auditanalytics.quarters import (
    parse_quarter,
    parse_year,
    period_months,
    period_name,
    quarters_within,
    year_of,
)
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import ACTIONS_TRACKED, FEEDBACK_SCORES, GOOD_FEATURES, RETURN_RATES, THEMES_BY_PERIOD
from auditanalytics.theme_measures import audits_at_tail, themed_domains
from auditanalytics.themes import KINDS, NO_THEME
from auditanalytics.themes.coding import COMMENT, WORKED_WELL

ANY_DOMAIN = "any"
"""Stands in place of a domain for all of them together."""


def periods_of_year(returns: AuditReturns, *, through: str) -> dict[str, list[str]]:
    """List the months and quarters of the year of a quarter up to it, and the year itself.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The quarter that is reported.

    Returns
    -------
    dict of list
        Names of periods in order, by ``month``, ``quarter`` and ``year``; also those without returns.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> periods = periods_of_year(read_returns("data/example"), through="2019-Q2")
    >>> periods["quarter"], periods["month"][-1], periods["year"]
    (['2019-Q1', '2019-Q2'], '2019-06', ['2019'])
    """
    calendar = returns.framework.quarters
    quarters = [name for name in reported_quarters(returns, through=through) if year_of(name) == year_of(through)]
    months = [str(month) for name in quarters for month in period_months(parse_quarter(name, calendar=calendar))]
    return {"month": months, "quarter": quarters, "year": [year_of(through)]}


def _by_unit(
    returns: AuditReturns,
    through: str,
    measure: Callable[[pd.Series, list[str]], pd.DataFrame],
    *,
    units: Sequence[str] = ("month", "quarter", "year"),
) -> pd.DataFrame:
    """What a measure gives for the months, the quarters and the year, one under the other.

    The measure is given the period of every audit up to the reported quarter, by its pseudonym, and the periods.
    """
    is_counted = returns.audits["quarter"] <= through
    audits = returns.audits.loc[is_counted, "audit_id"].to_numpy()
    periods, parts = periods_of_year(returns, through=through), []
    for unit in units:
        period_of = pd.Series(periods_of(returns, unit)[is_counted].to_numpy(), index=audits, name="period")
        parts.append(measure(period_of[period_of.isin(periods[unit])], periods[unit]).assign(unit=unit))
    return pd.concat(parts, ignore_index=True)


def return_rates(returns: AuditReturns, *, through: str) -> pd.DataFrame:
    """Count the audits that came back in every month, quarter and year, of how many expected.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The quarter that is reported.

    Returns
    -------
    pandas.DataFrame
        `schema.RETURN_RATES`.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> rates = return_rates(read_returns("data/example"), through="2019-Q4")
    >>> rates.query("unit == 'year'")[["expected", "returned", "share"]].values.tolist()
    [[150, 96, 0.64]]
    """
    months = _months_of_year(returns, through)
    parts = []
    for unit in ("month", "quarter", "year"):
        groups = months.groupby(unit, sort=False)
        sums = groups[["expected", "returned"]].sum()
        is_known = ~groups["is_unknown"].any() & (sums["expected"] > 0)
        sums = sums.assign(expected=sums["expected"].where(is_known))
        sums["share"] = sums["returned"] / sums["expected"]
        parts.append(sums.rename_axis("period").reset_index().assign(unit=unit))
    return RETURN_RATES.build(pd.concat(parts, ignore_index=True))


def _months_of_year(returns: AuditReturns, through: str) -> pd.DataFrame:
    """The months of the year of a quarter up to it, from the first in which anything was expected or came back."""
    year = parse_year(year_of(through), calendar=returns.framework.quarters)
    by_month = returns.framework.expected.by_month
    returned = returns.audits["period_date"].dt.to_period("M").value_counts()
    months = pd.DataFrame({"name": period_months(year)})
    months["quarter"] = [quarters_within(month, calendar=returns.framework.quarters)[0] for month in months["name"]]
    months = months[months["quarter"] <= through]
    months = months.assign(
        month=months["name"].astype(str),
        year=period_name(year),
        expected=months["name"].astype(str).map(by_month).astype(float),
        returned=months["name"].map(returned).fillna(0),
    )
    months["is_unknown"] = months["expected"].isna() & (months["returned"] > 0)
    is_of_use = (months["expected"].notna() | (months["returned"] > 0)).groupby(months["quarter"]).transform("any")
    return months[is_of_use.cummax()]


def themes_by_period(returns: AuditReturns, *, through: str) -> pd.DataFrame:
    """Count in how many audits each theme is spoken of, by month, quarter and year, in each domain and in any.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The quarter that is reported.

    Returns
    -------
    pandas.DataFrame
        `schema.THEMES_BY_PERIOD`; no row where no return holds a comment. An audit that names a theme in several
        domains counts once in ``any``.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> themes = themes_by_period(read_returns("data/example"), through="2019-Q4")
    >>> themes.query("period == '2019' and domain == 'any'")["of_audits"].unique().tolist()
    [96]
    """
    if returns.coded.empty:
        return THEMES_BY_PERIOD.build([])
    everywhere = pd.concat([returns.coded, returns.coded.assign(domain=ANY_DOMAIN)])
    kinds = [kind for kind in KINDS if kind != COMMENT or (returns.coded["kind"] == COMMENT).any()]
    cell = ["period", "domain", "kind", "theme"]

    def measure(period_of: pd.Series, names: list[str]) -> pd.DataFrame:
        statements = everywhere.join(period_of, on="audit_id", how="inner")
        counts = statements.groupby(cell)[["statement", "audit_id"]].nunique().set_axis(["n", "audits"], axis=1)
        grid = pd.MultiIndex.from_product(
            [names, [*themed_domains(returns), ANY_DOMAIN], kinds, [*returns.themes, NO_THEME]], names=cell
        )
        base = statements.groupby(["period", "domain"])["audit_id"].nunique().rename("of_audits")
        return counts.reindex(grid, fill_value=0).reset_index().join(base, on=["period", "domain"])

    return THEMES_BY_PERIOD.build(_with_shares(_by_unit(returns, through, measure)))


def _with_shares(counts: pd.DataFrame) -> pd.DataFrame:
    counts = counts.fillna({"of_audits": 0})
    return counts.assign(share=counts["audits"] / counts["of_audits"].where(counts["of_audits"] > 0))


def good_features(returns: AuditReturns, *, through: str) -> pd.DataFrame:
    """Count what is praised in the audits that found a domain Good or better throughout, by quarter and year.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The quarter that is reported.

    Returns
    -------
    pandas.DataFrame
        `schema.GOOD_FEATURES`; no row where no return holds a comment.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> features = good_features(read_returns("data/example"), through="2019-Q4")
    >>> bool((features["audits"] <= features["of_audits"]).all())
    True
    """
    if returns.coded.empty:
        return GOOD_FEATURES.build([])
    good = audits_at_tail(returns, GOOD_OR_BETTER)
    commented = returns.coded.merge(good, on=["audit_id", "domain"])
    domains = list(returns.framework.domain_titles)
    cell = ["period", "domain", "theme"]

    def measure(period_of: pd.Series, names: list[str]) -> pd.DataFrame:
        statements = commented.join(period_of, on="audit_id", how="inner")
        praised = statements[statements["kind"] == WORKED_WELL]
        counts = praised.groupby(cell)["audit_id"].nunique().rename("audits")
        grid = pd.MultiIndex.from_product([names, domains, list(returns.themes)], names=cell)
        base = statements.groupby(["period", "domain"])["audit_id"].nunique().rename("of_audits")
        return counts.reindex(grid, fill_value=0).reset_index().join(base, on=["period", "domain"])

    return GOOD_FEATURES.build(_with_shares(_by_unit(returns, through, measure, units=("quarter", "year"))))


def count_feedback(returns: AuditReturns, *, through: str) -> pd.DataFrame:
    """Count every score that children, parents and professionals gave, by month, quarter and year.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The quarter that is reported.

    Returns
    -------
    pandas.DataFrame
        `schema.FEEDBACK_SCORES`, the best score of the longest scale first. Scores of different scales are never put
        together, and none is a mean.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> count_feedback(read_returns("data/example"), through="2019-Q4")["unit"].unique().tolist()
    ['month', 'quarter', 'year']
    """
    keys = ["period", "who", "score", "scale"]

    def measure(period_of: pd.Series, _: list[str]) -> pd.DataFrame:
        given = returns.feedback.join(period_of, on="audit_id", how="inner")
        counts = given.groupby(keys, dropna=False).size().rename("n").reset_index()
        return counts.sort_values(["period", "who", "scale", "score"], ascending=[True, True, False, False])

    return FEEDBACK_SCORES.build(_by_unit(returns, through, measure))


def track_actions(returns: AuditReturns, *, through: str) -> pd.DataFrame:
    """Count what became of the next steps of every reported quarter by the end of the last.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The quarter that is reported.

    Returns
    -------
    pandas.DataFrame
        `schema.ACTIONS_TRACKED`; completed, overdue, not yet due and without a date add up to the next steps.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> track_actions(read_returns("data/example"), through="2019-Q4")["actions"].sum().item()
    96
    """
    quarters = reported_quarters(returns, through=through)
    end = parse_quarter(through, calendar=returns.framework.quarters).end_time
    actions = returns.actions.merge(returns.audits[["audit_id", "quarter"]], on="audit_id")
    # What was done later was not done then, so that a brief of a past quarter says what it would have said.
    is_done, due = actions["completed_on"] <= end, actions["due_on"]
    states = pd.DataFrame(
        {
            "quarter": actions["quarter"],
            "actions": True,
            "completed": is_done,
            "completed_late": is_done & (actions["completed_on"] > due),
            "overdue": ~is_done & (due <= end),
            "not_yet_due": ~is_done & (due > end),
            "without_date": ~is_done & due.isna(),
        }
    )
    counts = states.groupby("quarter").sum().reindex(quarters, fill_value=0).rename_axis("quarter")
    return ACTIONS_TRACKED.build(counts.reset_index())
