"""What a learning brief is made from: one period, and the tables that the report publishes, cut to it.

Every number of a brief comes from here, and every table here is one that is published, so that whoever doubts a number
finds it. A period without returns has a source too: that nothing came back is worth saying.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import get_args

import pandas as pd

from auditanalytics.briefs.model import Kind
from auditanalytics.changes import Changes
from auditanalytics.clock import today_in_london
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.grades import fold_label
from auditanalytics.months import span_title
from auditanalytics.period_measures import (
    count_feedback,
    good_features,
    return_rates,
    themes_by_period,
    track_actions,
)
from auditanalytics.periods import LATEST, periods_of, quarters_held, resolve_quarter
from auditanalytics.quarters import (
    parse_month,
    parse_quarter,
    parse_year,
    period_months,
    period_name,
    period_title,
    quarters_within,
    year_of,
)
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import THEMES_BY_PERIOD
from auditanalytics.summary import count_grades
from auditanalytics.theme_measures import count_themes, themed_domains
from auditanalytics.themes import NO_THEME
from auditanalytics.trends import DomainTrend, domain_trends

UNIT_OF_KIND = {"monthly": "month", "quarterly": "quarter", "annual": "year"}
"""The period of each kind of brief; a themed one may be of any."""

KINDS: tuple[str, ...] = get_args(Kind)
"""The kinds of brief."""


@dataclass(frozen=True)
class Source:
    """The returns, and what a brief of one period says of them.

    Attributes
    ----------
    returns
        The audit returns.
    unit, span
        ``month``, ``quarter`` or ``year``; and which.
    through
        The last quarter with returns up to the end of the period; nothing after it is counted.
    changes
        What changed since the last report.
    """

    returns: AuditReturns
    unit: str
    span: pd.Period
    through: str
    changes: Changes = field(default_factory=Changes)

    @property
    def period(self) -> str:
        """The name of the period, which sorts."""
        return period_name(self.span)

    @property
    def when(self) -> str:
        """The period in words; of a year whose last quarter holds no returns, the months that are counted."""
        counted = parse_quarter(self.through, calendar=self.returns.framework.quarters)
        if self.unit != "year" or counted.end_time >= self.span.end_time or not self.has_audits:
            return period_title(self.span)
        return span_title(period_months(self.span)[0], period_months(counted)[-1])

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the domains, by id, in the framework's order."""
        return self.returns.framework.domain_titles

    @property
    def themed_titles(self) -> dict[str, str]:
        """The titles of the domains that comments speak of, by id."""
        return themed_domains(self.returns)

    @cached_property
    def rate(self) -> pd.Series:
        """The audits expected and returned in the period (`schema.RETURN_RATES`)."""
        rows = self._of_the_period(self.rates)
        if len(rows):
            return rows.iloc[0]
        by_month = self.returns.framework.expected.by_month
        expected = sum(by_month.get(str(month), 0) for month in period_months(self.span))
        return pd.Series({"expected": expected or None, "returned": 0, "share": None})

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The audits expected and returned in every period of the year."""
        return return_rates(self.returns, through=self.through)

    @property
    def has_audits(self) -> bool:
        """Whether any audit was returned in the period."""
        return bool(self.rate["returned"] > 0)

    @cached_property
    def grades(self) -> pd.DataFrame:
        """The counts of every grade in the period (`schema.GRADE_COUNTS`)."""
        counts = count_grades(self.returns, unit=self.unit, through=self.through)
        return counts[counts["period"] == self.period]

    @cached_property
    def themes(self) -> pd.DataFrame:
        """In how many audits each theme is spoken of in the period; domain ``any`` but in a brief for sharing."""
        if not self.has_audits:
            return THEMES_BY_PERIOD.build([])
        if self.returns.is_shared:
            counts = count_themes(self.returns, through=self.through).rename(columns={"quarter": "period"})
        else:
            counts = themes_by_period(self.returns, through=self.through)
            counts = counts[counts["unit"] == self.unit]
        return counts[(counts["period"] == self.period) & (counts["theme"] != NO_THEME)]

    @cached_property
    def features(self) -> pd.DataFrame:
        """What is praised where every judgement was Good or better (`schema.GOOD_FEATURES`); none of a month."""
        return self._of_the_period(good_features(self.returns, through=self.through))

    @cached_property
    def feedback(self) -> pd.DataFrame:
        """The scores that were given in the period (`schema.FEEDBACK_SCORES`)."""
        return self._of_the_period(count_feedback(self.returns, through=self.through))

    @property
    def quotes(self) -> pd.DataFrame:
        """What may be quoted (`schema.QUOTES`); nothing in a month, since only the quarter of a quote is known."""
        quarters = [] if self.unit == "month" else quarters_within(self.span, calendar=self.returns.framework.quarters)
        quotes = self.returns.quotes.dropna(subset="text")
        return quotes[quotes["quarter"].isin(quarters) & (quotes["quarter"] <= self.through)]

    def title_of(self, quarter: str) -> str:
        """Say a quarter in words."""
        return period_title(parse_quarter(quarter, calendar=self.returns.framework.quarters))

    @cached_property
    def coded(self) -> pd.DataFrame:
        """The themes of every statement in the period (`schema.CODED`)."""
        of_period = (periods_of(self.returns, self.unit) == self.period) & (
            self.returns.audits["quarter"] <= self.through
        )
        return self.returns.coded[self.returns.coded["audit_id"].isin(self.returns.audits.loc[of_period, "audit_id"])]

    @cached_property
    def actions(self) -> pd.DataFrame:
        """What became of the next steps of every quarter (`schema.ACTIONS_TRACKED`)."""
        return track_actions(self.returns, through=self.through)

    def _of_the_period(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[(rows["unit"] == self.unit) & (rows["period"] == self.period)]

    def is_restated(self, domain: str, quarter: str, grade: str) -> bool:
        """Whether a figure is not as the last report had it."""
        rows = self.changes.restated
        return bool(((rows["domain"] == domain) & (rows["quarter"] == quarter) & (rows["grade"] == grade)).any())

    @cached_property
    def trends(self) -> list[DomainTrend]:
        """The quarters of each domain up to the period, or its months where it is a month; none without audits."""
        if not self.has_audits:
            return []
        if self.unit != "month":
            return domain_trends(self.returns, quarter=self.through)
        return domain_trends(_until(self.returns, parse_month(self.period)), quarter=self.through, unit="month")

    @cached_property
    def standing(self) -> list[DomainTrend]:
        """The domains in the period alone, to say where each stands; those with nothing graded too."""
        if self.unit != "year":
            return [trend for trend in self.trends if trend.latest == self.period]
        return [
            replace(
                trend,
                unit="year",
                periods=[self.period],
                grades=self.grades[self.grades["domain"] == trend.domain],
                published=trend.published.head(0),
                months_missing={},
            )
            for trend in self.trends
        ]


def _until(returns: AuditReturns, month: pd.Period) -> AuditReturns:
    """The returns without the audits after a month."""
    audits = returns.audits[returns.audits["period_date"] <= month.end_time].reset_index(drop=True)
    of_these = returns.judgements["audit_id"].isin(audits["audit_id"])
    return replace(returns, audits=audits, judgements=returns.judgements[of_these].reset_index(drop=True))


def find_source(returns: AuditReturns, kind: str, period: str) -> Source:
    """Find the period that a brief is of, and what the returns say of it.

    Parameters
    ----------
    returns
        Audit returns.
    kind
        One of `KINDS`.
    period
        A month, a quarter or a year, as the kind asks; ``latest`` for the last that has ended and has returns.

    Returns
    -------
    Source
        The source, without what changed since the last report.

    Raises
    ------
    ChoiceError
        If there is no such kind, or the period lies outside all that was returned.
    ArgumentError
        If the name is not that of such a period, or the brief is for sharing and not of a quarter.
    """
    if kind not in KINDS:
        raise ChoiceError("kind", kind, KINDS)
    unit, found, counted = _find_period(returns, kind, period)
    if returns.is_shared and unit != "quarter":
        raise ArgumentError(
            "a brief for sharing is of a quarter, because what is hidden is decided by quarter; counts by month or by "
            "year are for internal use"
        )
    return Source(returns, unit, found, counted or _last_counted(returns, found))


def _find_period(returns: AuditReturns, kind: str, period: str) -> tuple[str, pd.Period, str]:
    """What the period is, which, and the last quarter to count in it, "" where all are."""
    calendar = returns.framework.quarters
    unit = UNIT_OF_KIND.get(kind)
    if period == LATEST:
        if unit == "month":
            return unit, _last_month(returns), ""
        quarter = resolve_quarter(returns)
        if unit == "year":  # which may go on, so that the quarter which has not ended is left out
            return unit, parse_year(year_of(quarter), calendar=calendar), quarter
        return "quarter", parse_quarter(quarter, calendar=calendar), ""
    readings = {
        "month": lambda: parse_month(period),
        "quarter": lambda: parse_quarter(period, calendar=calendar),
        "year": lambda: parse_year(period, calendar=calendar),
    }
    if unit:
        return unit, readings[unit](), ""
    for name, read in readings.items():
        try:
            return name, read(), ""
        except ArgumentError:
            continue
    raise ArgumentError(f"period must be a month (2019-05), a quarter (2019-Q2) or a year (2019); not '{period}'")


def _last_month(returns: AuditReturns) -> pd.Period:
    """The last month that has ended and has returns."""
    months = returns.audits["period_date"].dt.to_period("M")
    ended = months[months.map(lambda month: month.end_time.date() < today_in_london()).astype(bool)]
    if ended.empty:
        raise ArgumentError("no month with returns has ended yet; name one with --period")
    return ended.max()


def _last_counted(returns: AuditReturns, period: pd.Period) -> str:
    """The last quarter with returns up to the end of a period, which must lie where there are returns."""
    own = quarters_within(period, calendar=returns.framework.quarters)
    held = sorted(set(returns.audits["quarter"])) or quarters_held(returns)
    if not held or own[-1] < held[0] or own[0] > held[-1]:
        ends = [period_months(parse_quarter(name, calendar=returns.framework.quarters)) for name in held]
        within = [f"in {span_title(ends[0][0], ends[-1][-1])}"] if held else []
        raise ChoiceError("period", period_name(period), within)
    return max(quarter for quarter in held if quarter <= own[-1])


def find_theme(returns: AuditReturns, theme: str) -> str:
    """Find a theme by its id or title.

    Parameters
    ----------
    returns
        Audit returns.
    theme
        What somebody wrote for it.

    Returns
    -------
    str
        The id.

    Raises
    ------
    ChoiceError
        If the codebook has no such theme.
    """
    names = {fold_label(name): key for key, title in returns.themes.items() for name in (key, title)}
    if fold_label(theme) not in names:
        raise ChoiceError("theme", theme, returns.themes)
    return names[fold_label(theme)]
