"""A domain's quarters beside each other: what a chart of one domain shows.

A trend is the points and what they can bear: each share with its interval and n, a gap where there were no returns,
a mark where a quarter is only part of one, and the published shares where there are any. It claims no change; a
chart that joined four dots with a line would.
"""

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from auditanalytics.coverage import part_quarters
from auditanalytics.errors import ArgumentError, ChoiceError, EmptySliceError
from auditanalytics.quarters import parse_quarter, today_in_london
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import PUBLISHED_SHARES, QUARTERLY_GRADES, UNGRADED_JUDGEMENTS
from auditanalytics.summary import (
    quarterly_grades,
    quarters_held,
    reported_quarters,
    ungraded_judgements,
)

LATEST = "latest"

FEWEST_AUDITS_FOR_A_PERCENTAGE = 10
"""With fewer, one audit more or less moves a percentage by ten points; words and labels give counts then."""


@dataclass(frozen=True)
class DomainTrend:
    """One domain, quarter by quarter.

    Attributes
    ----------
    domain, title
        The id and the title of the domain.
    quarter
        The quarter that is reported: the last one shown.
    grades
        The rows of `summary.quarterly_grades` of this domain.
    ungraded
        Its judgements that are in no share (`schema.UNGRADED_JUDGEMENTS`).
    published
        Its published shares (`schema.PUBLISHED_SHARES`).
    months_missing
        The months without audits of each quarter that has some.
    calendar
        ``calendar`` or ``financial-year``.
    quarters
        Every quarter shown, also those without returns.
    """

    domain: str
    title: str
    quarter: str
    grades: pd.DataFrame
    ungraded: pd.DataFrame
    published: pd.DataFrame
    months_missing: dict[str, list[pd.Period]]
    calendar: str
    quarters: list[str]

    def tail(self, tail: str) -> pd.DataFrame:
        """Give the points of one tail, a row a quarter, with the published share and whether it bears a percentage."""
        points = self.grades[self.grades["grade"] == tail].set_index("quarter").reindex(self.quarters)
        published = self.published[self.published["grade"] == tail].drop_duplicates("quarter").set_index("quarter")
        points["published"] = published["share"].reindex(self.quarters).astype(float)
        points = points.fillna({"n": 0, "of": 0, "audits": 0})
        return points.assign(bears_percentage=(points["audits"] >= FEWEST_AUDITS_FOR_A_PERCENTAGE).astype(bool))

    def last(self, number: int) -> "DomainTrend":
        """Give the trend of the last quarters alone."""
        kept = self.quarters[-number:]
        grades, ungraded, published = (
            frame[frame["quarter"].isin(kept)] for frame in (self.grades, self.ungraded, self.published)
        )
        missing = {quarter: months for quarter, months in self.months_missing.items() if quarter in kept}
        return replace(
            self, grades=grades, ungraded=ungraded, published=published, months_missing=missing, quarters=kept
        )

    @property
    def has_returns(self) -> bool:
        """Whether any judgement was counted."""
        return bool((self.grades["of"] > 0).any())


def resolve_quarter(returns: AuditReturns, quarter: str = LATEST, *, today: dt.date | None = None) -> str:
    """Find the quarter to report.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The name of a quarter, or ``latest``: the last one that has ended and has returns or published shares.
    today
        The day by which it has to have ended; today in London if None.

    Returns
    -------
    str
        The name of the quarter.

    Raises
    ------
    ChoiceError
        If there is nothing in that quarter, or no such quarter; the sentence lists those that have something.
    ArgumentError
        If no quarter has ended.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> resolve_quarter(read_returns("data/example"), today=dt.date(2019, 12, 31))
    '2019-Q3'
    """
    calendar = returns.framework.quarters
    held = quarters_held(returns)
    if quarter != LATEST:
        if quarter not in held:
            raise ChoiceError("quarter", quarter, [*held, LATEST])
        return quarter
    day = today or today_in_london()
    returned = sorted(set(returns.audits["quarter"])) or held
    ended = [name for name in returned if parse_quarter(name, calendar=calendar).end_time.date() < day]
    if not ended:
        raise ArgumentError(f"no quarter with returns has ended yet; name one with --quarter: {', '.join(returned)}")
    return ended[-1]


def domain_trends(returns: AuditReturns, *, quarter: str = LATEST) -> list[DomainTrend]:
    """Put the quarters of every domain beside each other.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The quarter to report, the last one shown; ``latest`` for the last that has ended.

    Returns
    -------
    list of DomainTrend
        The domains in the framework's order, the overall judgement last; without those of which nothing was
        returned or published in any of the quarters.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> [trend.domain for trend in domain_trends(read_returns("data/example"))][-2:]
    ['collaboration', 'overall']
    """
    through = resolve_quarter(returns, quarter)
    quarters = reported_quarters(returns, through=through)
    grades = quarterly_grades(returns, through=through)
    ungraded = ungraded_judgements(returns, through=through)
    months_missing = part_quarters(returns, quarters)
    published = returns.published[returns.published["quarter"].isin(quarters)]
    trends = [
        DomainTrend(
            domain=domain,
            title=title,
            quarter=through,
            grades=QUARTERLY_GRADES.build(grades[grades["domain"] == domain]),
            ungraded=UNGRADED_JUDGEMENTS.build(ungraded[ungraded["domain"] == domain]),
            published=PUBLISHED_SHARES.build(published[published["domain"] == domain]),
            months_missing=months_missing,
            calendar=returns.framework.quarters,
            quarters=quarters,
        )
        for domain, title in returns.framework.domain_titles.items()
    ]
    return [trend for trend in trends if trend.has_returns or not trend.published.empty]


def domain_trend(returns: AuditReturns, domain: str, *, quarter: str = LATEST) -> DomainTrend:
    """Put one domain's quarters beside each other.

    Parameters
    ----------
    returns
        Audit returns.
    domain
        The id of a domain, or ``overall``.
    quarter
        The quarter to report, the last one shown; ``latest`` for the last that has ended.

    Returns
    -------
    DomainTrend
        The trend.

    Raises
    ------
    ChoiceError
        If there is no such domain or quarter.
    EmptySliceError
        If the domain has neither judgements nor published shares in any of the quarters.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> trend = domain_trend(read_returns("data/example"), "risk")
    >>> trend.tail("inadequate")["n"].tolist()
    [22, 16, 17, 16]
    """
    titles = returns.framework.domain_titles
    if domain not in titles:
        raise ChoiceError("domain", domain, titles)
    found = next((trend for trend in domain_trends(returns, quarter=quarter) if trend.domain == domain), None)
    if found is None:
        raise EmptySliceError(f"no judgement on {titles[domain]} was returned up to {quarter}")
    return found
