"""What came in and what did not: by month, team and domain, and whom to ask about what is wrong.

A chart can only be as good as the returns behind it. Before anybody reads a share, these tables say which months and
teams it comes from, how much of each domain was graded at all, and who can mend what could not be read.
"""

import pandas as pd

from auditanalytics.moderation import grade_of_record
from auditanalytics.periods import reported_quarters
from auditanalytics.quarters import parse_quarter, period_months
from auditanalytics.returns import AuditReturns

NO_TEAM = "no team given"
"""Stands for the team of audits that name none."""

FORMS = "forms in Word"
"""Stands for the files of forms, of which there is one for each audit."""


def part_quarters(returns: AuditReturns, quarters: list[str]) -> dict[str, list[pd.Period]]:
    """Find the quarters in which a month, but not all, has no audit.

    Parameters
    ----------
    returns
        Audit returns.
    quarters
        Names of quarters.

    Returns
    -------
    dict
        For each part-quarter the months that it lacks, in order.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> part_quarters(read_returns("data/example"), ["2019-Q2", "2019-Q3"])
    {'2019-Q3': [Period('2019-08', 'M')]}
    """
    held = set(returns.audits["period_date"].dt.to_period("M").unique())
    missing = {}
    for quarter in quarters:
        months = period_months(parse_quarter(quarter, calendar=returns.framework.quarters))
        missing[quarter] = [month for month in months if month not in held]
    return {quarter: months for quarter, months in missing.items() if 0 < len(months) < 3}


def coverage(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count the audits expected and returned in every month of every reported quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        ``month`` (a period), ``quarter``, ``expected`` (missing where the framework expects nothing that month) and
        ``returned``.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> coverage(read_returns("data/example"))[["expected", "returned"]].sum().tolist()
    [150.0, 96.0]
    """
    calendar, expected = returns.framework.quarters, returns.framework.expected.by_month
    returned = returns.audits["period_date"].dt.to_period("M").value_counts()
    rows = [
        (month, quarter, expected.get(str(month), float("nan")), float(returned.get(month, 0)))
        for quarter in reported_quarters(returns, through=through)
        for month in period_months(parse_quarter(quarter, calendar=calendar))
    ]
    return pd.DataFrame(rows, columns=["month", "quarter", "expected", "returned"])


def coverage_by_team(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Count the audits of every team in every reported quarter.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter to count; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        A row for every team, by its name as written, and a column for every quarter; a team without audits in a
        quarter has 0.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> int(coverage_by_team(read_returns("data/example")).to_numpy().sum())
    96
    """
    quarters = reported_quarters(returns, through=through)
    teams = returns.audits["team"].astype(object)
    counts = pd.crosstab(teams.where(teams.notna(), NO_TEAM), returns.audits["quarter"])
    return counts.reindex(columns=quarters, fill_value=0).rename_axis(index="team", columns="quarter")


def coverage_by_domain(returns: AuditReturns, *, quarter: str) -> pd.DataFrame:
    """Count what was graded, left ungraded and not understood in every domain in a quarter.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        A quarter.

    Returns
    -------
    pandas.DataFrame
        A row for every domain: ``graded``, ``not graded`` and ``not counted`` judgements, and the ``audits`` that have
        a graded one.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> coverage_by_domain(read_returns("data/example"), quarter="2019-Q4").loc["risk"].tolist()
    [42, 0, 0, 21]
    """
    of_quarter = returns.audits.loc[returns.audits["quarter"] == quarter, "audit_id"]
    judgements = returns.judgements[returns.judgements["audit_id"].isin(of_quarter)]
    outcome = judgements["outcome"].astype(object).mask(grade_of_record(judgements).notna(), "graded")
    counts = pd.crosstab(judgements["domain"], outcome)
    counts = counts.reindex(
        index=list(returns.framework.domain_titles), columns=["graded", "not graded", "not counted"], fill_value=0
    )
    audits = judgements[outcome == "graded"].groupby("domain")["audit_id"].nunique()
    return counts.assign(audits=audits.reindex(counts.index, fill_value=0))


def whom_to_ask(returns: AuditReturns) -> pd.DataFrame:
    """Count what is wrong by the team, or failing that the file, that can mend it.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    pandas.DataFrame
        ``team`` (missing where the row names none or there is no row), ``file`` (`FORMS` for all forms in Word,
        each of which is one audit), ``audits_rejected``,
        ``grades_not_counted``, ``other`` and ``auditors`` (how many auditors are concerned), those with most first.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> whom_to_ask(read_returns("data/example")).empty
    True
    """
    problems = returns.problems[returns.problems["severity"] != "note"]
    problems = problems.merge(returns.senders, on=["file", "sheet", "row"], how="left")
    forms = returns.sheets.loc[returns.sheets["kind"] == "form", "file"]
    kinds = pd.DataFrame(
        {
            "team": problems["team"].astype(object),
            "file": problems["file"].where(~problems["file"].isin(forms), FORMS).astype(object),
            "audits_rejected": problems["outcome"] == "audit rejected",
            "grades_not_counted": problems["outcome"].str.endswith("grade not counted"),
        }
    )
    kinds["other"] = ~(kinds["audits_rejected"] | kinds["grades_not_counted"])
    counts = kinds.groupby(["team", "file"], dropna=False, sort=False).sum().astype(int)
    counts["auditors"] = problems.groupby([kinds["team"], kinds["file"]], dropna=False, sort=False)["auditor"].nunique()
    order = (
        counts[["audits_rejected", "grades_not_counted", "other"]]
        .sum(axis=1)
        .sort_values(ascending=False, kind="stable")
    )
    return counts.loc[order.index].reset_index()
