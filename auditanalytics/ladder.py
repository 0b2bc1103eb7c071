"""The chart ladder: which chart a series of quarters can bear, and what that chart says.

Control limits on four points are noise drawn as a fence, so the chart climbs with the data: fewer than six points are
dots with intervals; from six on a run chart with its median, because Anhøj's rules need no more; from thirteen on a
p-chart with limits, unless the audits are so few that the limits would span nearly everything. Nothing is rebased by
itself: a new baseline begins where an event of the user's own says so, and what is counted is the points since.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditanalytics.control_charts import p_chart_limits, read_run_chart, special_causes
from auditanalytics.grades import BETTER, DIRECTION_OF_BETTER, WORSE
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE, variances
from auditanalytics.quarters import parse_period

FEWEST_POINTS_FOR_A_MEDIAN = 6
"""With fewer, a median is half made of the points that it is held against."""

FEWEST_POINTS_FOR_LIMITS = 13
"""With fewer, NHS England's Making Data Count calls control limits trial limits."""

DOTS, RUN_CHART, P_CHART = "dots", "run chart", "p-chart"
LONG_RUN = "long run on one side of the median"


@dataclass(frozen=True)
class Rebase:
    """A new baseline: the position of its first point, and the date and the reason that the user gave."""

    start: int
    date: pd.Timestamp
    reason: str


@dataclass(frozen=True)
class ChartChoice:
    """Which chart a domain's points bear, and the figures that decided it.

    Attributes
    ----------
    rung
        ``dots``, ``run chart`` or ``p-chart``.
    points
        How many points have anything graded since the last rebase.
    typical_audits
        The median number of audits of those points.
    length
        How many points there are, with gaps and all baselines.
    rebases
        The user's new baselines, in order.
    """

    rung: str
    points: int
    typical_audits: float
    length: int
    rebases: tuple[Rebase, ...] = ()

    @property
    def few_audits(self) -> bool:
        """Whether a p-chart was passed over because the audits are too few."""
        return self.rung == RUN_CHART and self.points >= FEWEST_POINTS_FOR_LIMITS

    @property
    def baselines(self) -> list[slice]:
        """The positions of the points of each baseline."""
        starts = [0, *(rebase.start for rebase in self.rebases)]
        return [slice(first, after) for first, after in zip(starts, [*starts[1:], self.length], strict=True)]


def new_baselines(events: pd.DataFrame, periods: list[str], calendar: str) -> tuple[Rebase, ...]:
    """Find where the user's events begin new baselines: with the first whole period from the date of each.

    Parameters
    ----------
    events
        Events (`schema.EVENTS`) in order.
    periods
        The names of the points, in order.
    calendar
        ``calendar`` or ``financial-year``.

    Returns
    -------
    tuple of Rebase
        The new baselines, in order; of several that begin with one period, the last.

    Examples
    --------
    >>> events = pd.DataFrame({"date": [pd.Timestamp("2019-05-02")], "label": "New form", "rebase": "yes"})
    >>> [rebase.start for rebase in new_baselines(events, ["2019-Q1", "2019-Q2", "2019-Q3"], "calendar")]
    [2]
    """
    starts = [parse_period(period, calendar=calendar).start_time for period in periods]
    rebases = {}
    for event in events[events["rebase"] == "yes"].itertuples():
        after = [at for at, start in enumerate(starts) if start >= event.date]
        if after and after[0]:  # what begins with the first period begins nothing anew
            rebases[after[0]] = Rebase(after[0], event.date, event.label)
    return tuple(rebases.values())


def choose_chart(points: pd.DataFrame, rebases: tuple[Rebase, ...] = ()) -> ChartChoice:
    """Choose the chart that a series of points bears.

    Parameters
    ----------
    points
        The points of one tail (`schema.GRADE_COUNTS`), in order; gaps have ``of`` 0. Both tails have the same
        denominators and so the same chart.
    rebases
        The user's new baselines, in order.

    Returns
    -------
    ChartChoice
        The chart and the reason.

    Examples
    --------
    >>> [choose_chart(pd.DataFrame({"of": [30] * n, "audits": 30})).rung for n in (5, 6, 12, 13)]
    ['dots', 'run chart', 'run chart', 'p-chart']
    """
    current = points.iloc[rebases[-1].start if rebases else 0 :]
    audits = current.loc[current["of"] > 0, "audits"].astype(float)
    typical = float(audits.median()) if len(audits) else 0.0
    if len(audits) < FEWEST_POINTS_FOR_A_MEDIAN:
        rung = DOTS
    elif len(audits) < FEWEST_POINTS_FOR_LIMITS or typical < FEWEST_AUDITS_FOR_A_PERCENTAGE:
        rung = RUN_CHART
    else:
        rung = P_CHART
    return ChartChoice(rung, len(audits), typical, len(points), rebases)


def read_chart(points: pd.DataFrame, tail: str, choice: ChartChoice) -> pd.DataFrame:
    """Work out what a chart holds its points against, and which of them are more than chance.

    Parameters
    ----------
    points
        The points of one tail (`schema.GRADE_COUNTS`), on an index of periods.
    tail
        ``good`` or ``inadequate``.
    choice
        The chart, from `choose_chart`.

    Returns
    -------
    pandas.DataFrame
        On the index of the points: ``centre``, ``low``, ``high`` (missing where the chart has none), ``signal`` (the
        rule, or "") and ``direction`` (``better``, ``worse`` or "").

    Examples
    --------
    >>> points = pd.DataFrame({"share": [0.5] * 9 + [0.4, 0.6] * 2, "n": 20, "of": 40, "audits": 40})
    >>> points = points.assign(sum_xx=points["n"], sum_xm=points["n"], sum_mm=40)
    >>> read_chart(points, "good", choose_chart(points))["centre"].unique().round(2).tolist()
    [0.5]
    """
    reading = pd.DataFrame({"centre": np.nan, "low": np.nan, "high": np.nan}, index=points.index)
    reading = reading.assign(signal="", direction="")
    readers = {RUN_CHART: (_read_run, FEWEST_POINTS_FOR_A_MEDIAN), P_CHART: (_read_limits, FEWEST_POINTS_FOR_LIMITS)}
    if choice.rung not in readers:
        return reading
    read, fewest = readers[choice.rung]
    parts = []
    for baseline in choice.baselines:
        part, blank = points.iloc[baseline], reading.iloc[baseline]
        parts.append(read(part, tail, blank) if (part["of"] > 0).sum() >= fewest else blank)
    return pd.concat(parts)


def _read_run(points: pd.DataFrame, tail: str, blank: pd.DataFrame) -> pd.DataFrame:
    """The median; where the longest run is too long, the points of that run."""
    shares = points["share"].to_numpy(dtype=float)
    chart = read_run_chart(shares)
    reading = blank.assign(centre=chart.median)
    if chart.longest_run > chart.longest_run_limit and not chart.one_sided:
        within = np.arange(len(points))
        run = (
            (within >= chart.run_start) & (within <= chart.run_end) & (np.sign(shares - chart.median) == chart.run_side)
        )
        reading.loc[run, "signal"] = LONG_RUN
        reading.loc[run, "direction"] = _direction(chart.run_side, tail)
    return reading


def _direction(side: int, tail: str) -> str:
    return BETTER if side == DIRECTION_OF_BETTER[tail] else WORSE


def _read_limits(points: pd.DataFrame, tail: str, blank: pd.DataFrame) -> pd.DataFrame:
    """The mean share, the limits at the effective number of each point, and the special causes."""
    graded = points[points["of"] > 0]
    centre = float(graded["n"].sum() / graded["of"].sum())
    effective = (graded["of"] / _design_effect(graded)).to_numpy(dtype=float)
    low, high = p_chart_limits(centre, effective)
    shares = graded["share"].to_numpy(dtype=float)
    signals = special_causes(shares, np.full(len(graded), centre), low, high, n=effective)
    reading = blank.assign(centre=centre)
    reading.loc[graded.index, "low"] = low
    reading.loc[graded.index, "high"] = high
    reading.loc[graded.index, "signal"] = [signal.rule for signal in signals]
    reading.loc[graded.index, "direction"] = [_direction(s.side, tail) if s.rule else "" for s in signals]
    return reading


_CLUSTERING = ["share", "of", "audits", "sum_xx", "sum_xm", "sum_mm"]


def _design_effect(points: pd.DataFrame) -> float:
    """The design effect within the points, all taken together; 1 where every audit gave one judgement.

    One period says little about how its audits differ, thirteen together say enough. The spread is taken around each
    period's own share, so that a change of practice is not taken for a difference between audits.
    """
    several = points.loc[points["audits"] > 1, _CLUSTERING].astype(float)
    between, within = variances(**{name: several[name] for name in _CLUSTERING})
    return max(1.0, float(between.sum() / within.sum())) if within.sum() > 0 else 1.0
