"""A domain's periods beside each other: what a chart of one domain shows, and what it bears.

A trend is the points (each share with its interval and n, a gap where there were no returns, a mark where a quarter is
only part of one), the published shares where there are any, and what the points bear: which chart, and which of the
changes that the report shows are more than chance. Words and pictures are made from it and from nothing else.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from auditanalytics.case_mix import audit_types, split_change
from auditanalytics.control_charts import RunChart, read_run_chart
from auditanalytics.coverage import part_quarters
from auditanalytics.errors import ChoiceError, EmptySliceError
from auditanalytics.evidence import weigh_changes
from auditanalytics.frameworks import Framework
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, TAILS, GradeScale
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.ladder import ChartChoice, choose_chart, new_baselines, read_chart
from auditanalytics.periods import LATEST, reported_periods, resolve_quarter
from auditanalytics.quarters import UNITS, parse_period, parse_year, period_short_title, period_title
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import CASE_MIX, CHARTED_POINTS, COMPARISONS, GRADE_COUNTS, PUBLISHED_SHARES, UNGRADED_COUNTS
from auditanalytics.summary import count_grades, count_ungraded


@dataclass(frozen=True)
class DomainTrend:
    """One domain, period by period.

    Attributes
    ----------
    domain, title
        The id and the title of the domain.
    quarter
        The quarter that is reported.
    unit
        What a point stands for: ``quarter`` or ``month``; ``year`` where a single one is described and nothing charted.
    periods
        The names of all points, in order, also of those without returns; the last is the reported quarter or its last
        month with returns.
    grades
        The rows of `summary.count_grades` of this domain.
    ungraded
        Its judgements that are in no share (`schema.UNGRADED_COUNTS`).
    published
        Its published shares (`schema.PUBLISHED_SHARES`).
    months_missing
        The months without audits of each quarter that has some.
    framework
        The framework, for the domain's scale, the targets and the kind of year.
    events
        What the user wants to see marked (`schema.EVENTS`), within the periods shown.
    choice
        Which chart the points bear.
    changes
        What its changes bear (`schema.COMPARISONS`), widened for the comparisons of every domain of the report.
    mix
        What the changes between quarters go with (`schema.CASE_MIX`); none where points are months, or for sharing:
        the parts are reckoned from every audit.
    audit_types
        The audits of every type in the quarters that are compared, by the earlier one (`case_mix.audit_types`).
    is_shared
        Whether it is for sharing: then what is hidden is in no point, as if nothing had been graded, and is marked.
    """

    domain: str
    title: str
    quarter: str
    unit: str
    periods: list[str]
    grades: pd.DataFrame
    ungraded: pd.DataFrame
    published: pd.DataFrame
    months_missing: dict[str, list[pd.Period]]
    framework: Framework
    events: pd.DataFrame
    choice: ChartChoice
    changes: pd.DataFrame = field(default_factory=lambda: COMPARISONS.build([]))
    mix: pd.DataFrame = field(default_factory=lambda: CASE_MIX.build([]))
    audit_types: dict[str, pd.DataFrame] = field(default_factory=dict)
    is_shared: bool = False

    def tail(self, tail: str) -> pd.DataFrame:
        """Give the points of one tail, a row a period, with the published share and whether it bears a percentage.

        A point that is ``hidden`` has nothing graded, for whatever is reckoned; ``shown_of`` and ``shown_audits`` are
        what may be shown of its base, missing where that is hidden too.
        """
        return self._tails[tail].copy()

    def reading(self, tail: str) -> pd.DataFrame:
        """Give what the chart of one tail holds its points against, a row a period."""
        return self._readings[tail].copy()

    @cached_property
    def _tails(self) -> dict[str, pd.DataFrame]:
        tails = {}
        for tail in TAILS:
            points = _points(self.grades, tail, self.periods)
            published = self.published[self.published["grade"] == tail].drop_duplicates("quarter").set_index("quarter")
            points["published"] = published["share"].reindex(self.periods).astype(float)
            bears = (points["audits"] >= FEWEST_AUDITS_FOR_A_PERCENTAGE).astype(bool)
            tails[tail] = points.assign(bears_percentage=bears)
        return tails

    @cached_property
    def _readings(self) -> dict[str, pd.DataFrame]:
        return {tail: read_chart(self._tails[tail], tail, self.choice) for tail in TAILS}

    def run_chart(self, tail: str) -> RunChart:
        """Give the reading of the run chart of one tail since the last rebase."""
        return read_run_chart(self.tail(tail)["share"].iloc[self.choice.baselines[-1]].to_numpy(dtype=float))

    def target(self, tail: str) -> float | None:
        """Give the share that the framework aims for in one tail, if any."""
        targets = self.framework.targets
        return {GOOD_OR_BETTER: targets.good_at_least, INADEQUATE: targets.inadequate_at_most}[tail]

    def title_of(self, period: str) -> str:
        """Say a period in words, such as "October to December 2019"."""
        return period_title(self._period(period))

    def short_title_of(self, period: str) -> str:
        """Say a period in few words, such as "Oct to Dec 2019"."""
        return period_short_title(self._period(period))

    def _period(self, name: str) -> pd.Period:
        # "2009-10" is the name of a financial year and of a month.
        return (parse_year if self.unit == "year" else parse_period)(name, calendar=self.calendar)

    def last(self, number: int) -> "DomainTrend":
        """Give the last periods alone, for a small chart of dots; a median or a limit belongs to the whole series."""
        kept = self.periods[-number:]
        return replace(
            self,
            periods=kept,
            grades=self.grades[self.grades["period"].isin(kept)],
            ungraded=self.ungraded[self.ungraded["period"].isin(kept)],
            published=self.published[self.published["quarter"].isin(kept)],
            months_missing={period: months for period, months in self.months_missing.items() if period in kept},
        )

    @property
    def latest(self) -> str:
        """The name of the last period: the one that is reported."""
        return self.periods[-1]

    @property
    def scale(self) -> GradeScale:
        """The scale on which the domain is graded."""
        return self.framework.scale(self.domain)

    @property
    def calendar(self) -> str:
        """Which kind of year quarters are counted by: ``calendar`` or ``financial-year``."""
        return self.framework.quarters

    @property
    def has_returns(self) -> bool:
        """Whether any judgement was counted, shown or hidden."""
        return bool(((self.grades["of"] > 0) | self.grades["n"].isna()).any())

    @property
    def is_withheld(self) -> bool:
        """Whether there were returns and no share of them may be shown."""
        return self.has_returns and not any((points["of"] > 0).any() for points in self._tails.values())


_NOTHING = {"n": 0, "of": 0, "audits": 0, "effective": 0.0}


def _points(grades: pd.DataFrame, tail: str, periods: list[str]) -> pd.DataFrame:
    rows = grades[grades["grade"] == tail].set_index("period")
    points = rows.reindex(periods)
    hidden = points.index.isin(rows.index[rows["n"].isna()])
    base = {f"shown_{name}": points[name].mask(~hidden, points[name].fillna(0)) for name in ("of", "audits")}
    points.loc[hidden, list(_NOTHING)] = None
    return points.fillna(_NOTHING).assign(hidden=hidden, **base)


def _bases(grades: pd.DataFrame, periods: list[str]) -> pd.DataFrame:
    """What the points of both tails are shares of, as far as it is shown."""
    points = _points(grades, GOOD_OR_BETTER, periods)
    return pd.DataFrame({name: points[f"shown_{name}"].fillna(0) for name in ("of", "audits")})


def domain_trends(returns: AuditReturns, *, quarter: str = LATEST, unit: str = "quarter") -> list[DomainTrend]:
    """Put the periods of every domain beside each other.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The quarter to report, the last one shown; ``latest`` for the last that has ended.
    unit
        What a point stands for: ``quarter`` or ``month``.

    Returns
    -------
    list of DomainTrend
        The domains in the framework's order, the overall judgement last; without those of which nothing was
        returned or published in any of the periods.

    Raises
    ------
    ChoiceError
        If there is no such quarter or unit.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> [trend.domain for trend in domain_trends(read_returns("data/example"))][-2:]
    ['collaboration', 'overall']
    """
    if unit not in UNITS:
        raise ChoiceError("unit", unit, UNITS)
    through = resolve_quarter(returns, quarter)
    periods = reported_periods(returns, unit=unit, through=through)
    grades = count_grades(returns, unit=unit, through=through)
    ungraded = count_ungraded(returns, unit=unit, through=through)
    months_missing = part_quarters(returns, periods) if unit == "quarter" else {}
    published = returns.published[returns.published["quarter"].isin(periods)]
    events = _events_shown(returns.events, periods, returns.framework.quarters)
    rebases = new_baselines(events, periods, returns.framework.quarters)
    trends = []
    for domain, title in returns.framework.domain_titles.items():
        of_domain = GRADE_COUNTS.build(grades[grades["domain"] == domain])
        trend = DomainTrend(
            domain=domain,
            title=title,
            quarter=through,
            unit=unit,
            periods=periods,
            grades=of_domain,
            ungraded=UNGRADED_COUNTS.build(ungraded[ungraded["domain"] == domain]),
            published=PUBLISHED_SHARES.build(published[published["domain"] == domain]),
            months_missing=months_missing,
            framework=returns.framework,
            events=events,
            choice=choose_chart(_bases(of_domain, periods), rebases),
            is_shared=returns.is_shared,
        )
        if trend.has_returns or not trend.published.empty:
            trends.append(trend)
    # Before a new baseline other things were measured, so nothing is compared with it.
    start = rebases[-1].start if rebases else 0
    series = {(trend.domain, tail): trend.tail(tail).iloc[start:] for trend in trends for tail in TAILS}
    changes = weigh_changes(series, unit=unit)
    if unit != "quarter" or returns.is_shared:
        return [replace(trend, changes=changes[changes["domain"] == trend.domain]) for trend in trends]
    types = {since: audit_types(returns, since, through) for since in changes["since"].unique()}
    return [_weighed(trend, changes[changes["domain"] == trend.domain], types, returns) for trend in trends]


def _weighed(
    trend: DomainTrend, changes: pd.DataFrame, types: dict[str, pd.DataFrame], returns: AuditReturns
) -> DomainTrend:
    """The trend with what its changes between quarters bear and go with."""
    earlier = changes["since"].unique()
    mix = [split_change(returns, trend.domain, since, trend.latest) for since in earlier]
    return replace(
        trend,
        changes=changes,
        mix=pd.concat(mix, ignore_index=True) if mix else trend.mix,
        audit_types={since: types[since] for since in earlier},
    )


def _events_shown(events: pd.DataFrame, periods: list[str], calendar: str) -> pd.DataFrame:
    """The events from the first day of the first period to the last day of the last."""
    if not periods:
        return events.iloc[:0]
    first, last = (parse_period(periods[end], calendar=calendar) for end in (0, -1))
    return events[events["date"].between(first.start_time, last.end_time)].sort_values("date", kind="stable")


def domain_trend(returns: AuditReturns, domain: str, *, quarter: str = LATEST, unit: str = "quarter") -> DomainTrend:
    """Put one domain's periods beside each other.

    Parameters
    ----------
    returns
        Audit returns.
    domain
        The id of a domain, or ``overall``.
    quarter
        The quarter to report, the last one shown; ``latest`` for the last that has ended.
    unit
        What a point stands for: ``quarter`` or ``month``.

    Returns
    -------
    DomainTrend
        The trend.

    Raises
    ------
    ChoiceError
        If there is no such domain, quarter or unit.
    EmptySliceError
        If the domain has neither judgements nor published shares in any of the periods.

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
    trends = domain_trends(returns, quarter=quarter, unit=unit)
    found = next((trend for trend in trends if trend.domain == domain), None)
    if found is None:
        raise EmptySliceError(f"no judgement on {titles[domain]} was returned up to {quarter}")
    return found


def charted_points(trends: list[DomainTrend]) -> pd.DataFrame:
    """Give what every chart of trends holds its points against.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    pandas.DataFrame
        `schema.CHARTED_POINTS`, and whether each is ``hidden``.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> charted_points(domain_trends(read_returns("data/example")))["chart"].unique().tolist()
    ['dots']
    """
    parts = [
        trend.reading(tail)
        .assign(
            unit=trend.unit,
            domain=trend.domain,
            grade=tail,
            chart=trend.choice.rung,
            share=trend.tail(tail)["share"],
            hidden=trend.tail(tail)["hidden"],
        )
        .replace({"signal": "", "direction": ""}, None)
        .rename_axis("period")
        .reset_index()
        for trend in trends
        if trend.has_returns
        for tail in TAILS
    ]
    if not parts:
        return CHARTED_POINTS.build([])
    points = pd.concat(parts, ignore_index=True)
    return CHARTED_POINTS.build(points).assign(hidden=points["hidden"])
