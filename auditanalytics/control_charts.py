"""Run charts and p-charts: what a series of quarters may be held against.

A run chart holds the points against their own median and needs no limits: chance alone seldom leaves them on one side
of it for long, or crosses it seldom. A p-chart holds each share against the limits that chance would keep it in, which
are wider where there are fewer judgements. The signs of a special cause are those that NHS England teaches ("Making
Data Count"), read over the points that exist. The rules are few and written out here, for no library that is kept up
has them in Python.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_CROSSINGS_TAIL = 0.05
"""How often chance alone crosses the median more seldom than a run chart lets pass, at most (Chen 2010)."""

SIGMAS = 3
"""How many standard errors Shewhart (1931) puts between the centre and a limit."""

FEWEST_FOR_NORMAL_LIMITS = 25
"""Judgements below which a p-chart's limits come from the binomial distribution itself.

A choice of our own: with fewer, one judgement more moves a share by over four points, which no smooth curve follows.
"""

FEWEST_EXPECTED_FOR_NORMAL_LIMITS = 5
"""Judgements expected, counted or not counted, below which they do too: Cochran's (1954) rule of thumb."""

FEWEST_USEFUL_FOR_A_SHIFT = 10
"""Useful points below which hardly any course of a run chart breaks a rule; Anhøj's published table begins there."""

POINTS_IN_A_ROW = 7
"""How many points on one side of the centre, or rising, or falling, are too many for chance (Making Data Count)."""

NEAR = 2 / 3
"""How far from the centre towards a limit a point is near it: Shewhart's three standard errors make it two."""

OUTSIDE_THE_LIMITS = "outside the limits"
ON_ONE_SIDE = f"{POINTS_IN_A_ROW} on one side"
RISING = f"{POINTS_IN_A_ROW} rising"
FALLING = f"{POINTS_IN_A_ROW} falling"
NEAR_A_LIMIT = "2 of 3 near a limit"


@dataclass(frozen=True)
class RunChart:
    """What a run chart of a series shows.

    Attributes
    ----------
    median
        The median of the values; NaN where there are none.
    useful
        How many values are not on the median.
    longest_run
        How many useful values the longest run on one side of the median has; the first of them, if there are several.
    run_side
        On which side it is: 1 above, -1 below, 0 where there is no run.
    run_start, run_end
        The positions of its first and its last value among those given; None where there is no run.
    crossings
        How often the series crosses the median.
    longest_run_limit, fewest_crossings
        How long a run, and how few crossings, chance is allowed.
    one_sided
        Whether all useful values are on one side, as where half the shares or more are 0: then neither rule can be
        asked, for a value that is not on the median could not have been on either side of it.
    shifted
        Whether the run is longer, or the crossings are fewer, than that.
    """

    median: float
    useful: int
    longest_run: int
    run_side: int
    run_start: int | None
    run_end: int | None
    crossings: int
    longest_run_limit: int
    fewest_crossings: int
    one_sided: bool
    shifted: bool


class Signal(NamedTuple):
    """A sign of a special cause at one point.

    Attributes
    ----------
    rule
        The first rule it met; empty if none.
    side
        1 where the point is high or one of those rising, -1 where it is low or one of those falling, 0 if none.
    """

    rule: str
    side: int


NO_SIGNAL = Signal("", 0)


def longest_run_limit(useful: int) -> int:
    """Say how long a run on one side of the median chance is allowed.

    Parameters
    ----------
    useful
        How many values are not on the median.

    Returns
    -------
    int
        The length; a longer run is a sign of a shift.

    Notes
    -----
    Schilling (2012), Mathematics Magazine 85, 141 to 149; Anhøj and Olesen (2014), PLoS ONE 9(11), e113825.

    Examples
    --------
    >>> longest_run_limit(24)
    8
    """
    return round(math.log2(max(useful, 1)) + 3)


def fewest_crossings(useful: int) -> int:
    """Say how few crossings of the median chance is allowed.

    Parameters
    ----------
    useful
        How many values are not on the median.

    Returns
    -------
    int
        The number; fewer are a sign of a shift.

    Notes
    -----
    The 5% point of the binomial distribution of ``useful`` - 1 with chance a half: Chen (2010), as used by Anhøj and
    Olesen (2014), PLoS ONE 9(11), e113825.

    Examples
    --------
    >>> fewest_crossings(24)
    8
    """
    # Loaded here because it takes a second, for which a check that draws no chart need not wait.
    from scipy.stats import binom

    return int(binom.ppf(FEWEST_CROSSINGS_TAIL, max(useful - 1, 0), 0.5))


def read_run_chart(values: ArrayLike) -> RunChart:
    """Hold a series against its own median.

    Parameters
    ----------
    values
        The series, in order. NaN is a gap, and is left out.

    Returns
    -------
    RunChart
        The longest run, the crossings, and whether either is a sign of a shift. A value on the median neither ends a
        run nor makes it longer.

    Notes
    -----
    Anhøj and Olesen (2014), PLoS ONE 9(11), e113825.

    Examples
    --------
    >>> chart = read_run_chart([0.2, 0.1, 0.3, np.nan, 0.2, 0.3, 0.4, 0.5, 0.4])
    >>> chart.longest_run, chart.run_side, chart.run_start, chart.run_end, chart.crossings, chart.shifted
    (3, -1, 0, 4, 1, False)
    """
    values = np.asarray(values, dtype=float)
    present = values[~np.isnan(values)]
    median = float(np.median(present)) if present.size else float("nan")
    places = np.flatnonzero(~np.isnan(values) & (values != median))
    sides = np.where(values[places] > median, 1, -1)
    runs = np.split(np.arange(len(places)), np.flatnonzero(np.diff(sides)) + 1) if len(places) else []
    longest = max(runs, key=len, default=np.array([], dtype=int))
    crossings = max(len(runs) - 1, 0)
    one_sided = len(runs) == 1
    run_limit, crossings_limit = longest_run_limit(len(places)), fewest_crossings(len(places))
    return RunChart(
        median=median,
        useful=len(places),
        longest_run=len(longest),
        run_side=int(sides[longest[0]]) if len(longest) else 0,
        run_start=int(places[longest[0]]) if len(longest) else None,
        run_end=int(places[longest[-1]]) if len(longest) else None,
        crossings=crossings,
        longest_run_limit=run_limit,
        fewest_crossings=crossings_limit,
        one_sided=one_sided,
        shifted=not one_sided and (len(longest) > run_limit or crossings < crossings_limit),
    )


def p_chart_limits(
    centre: ArrayLike, n: ArrayLike, *, sigmas: float = SIGMAS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the limits that chance keeps a share in, if nothing changes.

    Parameters
    ----------
    centre
        The share that nothing has changed from, from 0 to 1.
    n
        The effective sample size of each point. Where it is 0 there are no limits.
    sigmas
        How many standard errors the limits are from the centre.

    Returns
    -------
    tuple of numpy.ndarray
        The lower and the upper limit, from 0 to 1; NaN where there are none.

    Notes
    -----
    Shewhart's limits, as in Montgomery (2013), Introduction to Statistical Quality Control, section 7.2. Small samples
    are too lopsided for them; there a limit is the outermost share beyond which chance goes no oftener than it goes
    beyond so many standard errors of a normal distribution, by the binomial distribution of ``n`` rounded down.

    Examples
    --------
    Montgomery's orange juice cans, in samples of 50:

    >>> low, high = p_chart_limits(347 / 1500, 50)
    >>> print(f"{low:.4f} to {high:.4f}")
    0.0524 to 0.4102
    """
    centre, n = np.broadcast_arrays(np.asarray(centre, dtype=float), np.asarray(n, dtype=float))
    known = (n > 0) & ~np.isnan(centre)
    centre, n = np.where(known, centre, 0), np.where(known, n, 1)
    away = sigmas * np.sqrt(centre * (1 - centre) / n)
    many = _bears_normal(centre, n)
    exact_low, exact_high = _exact_limits(centre, n, sigmas)
    low, high = np.where(many, centre - away, exact_low), np.where(many, centre + away, exact_high)
    return np.where(known, np.clip(low, 0, 1), np.nan), np.where(known, np.clip(high, 0, 1), np.nan)


def _bears_normal(centre: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where the normal distribution is close enough."""
    expected = n * np.minimum(centre, 1 - centre) + _ROUNDING
    return (n + _ROUNDING >= FEWEST_FOR_NORMAL_LIMITS) & (expected >= FEWEST_EXPECTED_FOR_NORMAL_LIMITS)


# 11 divided by a design effect that is 1 but for rounding is 11 judgements, although a little less to a computer.
_ROUNDING = 1e-9


def _exact_limits(
    centre: NDArray[np.float64], n: NDArray[np.float64], sigmas: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the limits by the binomial distribution."""
    from scipy.stats import binom, norm

    whole, tail = np.maximum(np.floor(n + _ROUNDING), 1), norm.sf(sigmas)
    # What is low in those counted is high in the others, so that one function gives both limits. Counts are divided
    # last: a share on the limit must be the same number as the limit.
    low, high = whole - binom.isf(tail, whole, 1 - centre), binom.isf(tail, whole, centre)
    return low / whole, high / whole


def _sides(value: NDArray[np.float64], centre: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the side of the centre that each share counts for; none where chance goes as far more often than not.

    Of few judgements with a rare grade most give none at all: a share of 0 is then no sign of a low one.
    """
    from scipy.stats import binom

    whole = np.maximum(np.floor(n + _ROUNDING), 1)
    count = np.round(value * whole)
    high, low = binom.sf(count - 1, whole, centre) <= 1 / 2, binom.cdf(count, whole, centre) <= 1 / 2
    sides = np.sign(value - centre)
    lopsided = np.where(sides > 0, high, low) * sides
    return np.where(_bears_normal(centre, n), sides, lopsided)


def special_causes(
    values: ArrayLike, centre: ArrayLike, low: ArrayLike, high: ArrayLike, *, n: ArrayLike | None = None
) -> list[Signal]:
    """Find the points of a control chart that chance alone seldom gives.

    Parameters
    ----------
    values
        The shares, in order. NaN is a gap, and is left out: the rules run over the points that exist.
    centre, low, high
        The centre and the limits at each point, or of all of them.
    n
        The effective sample size of each point. Where it is small, a share counts for a side of the centre only if
        chance goes as far at most every other time. Every share counts for its side if None.

    Returns
    -------
    list of Signal
        One for each value: the first rule it met, in the order of `OUTSIDE_THE_LIMITS`, `ON_ONE_SIDE`, `RISING` or
        `FALLING`, and `NEAR_A_LIMIT`. All the points of a run or a trend are marked, and of three points the two that
        are near a limit.

    Notes
    -----
    The rules are those of NHS England's "Making Data Count"; the order is ours. Near a limit is within it, and beyond
    two thirds of the way to it from the centre. A limit of 0 or 1, which no share can pass, is none and nothing is near
    it: otherwise the zeros that chance alone gives few judgements would be signs.

    Examples
    --------
    >>> [signal.rule for signal in special_causes([0.5, 0.9, 0.4], centre=0.5, low=0.2, high=0.8)]
    ['', 'outside the limits', '']
    """
    values = np.asarray(values, dtype=float)
    there = np.flatnonzero(~np.isnan(values))
    value, centre, low, high = (
        np.broadcast_to(np.asarray(each, dtype=float), values.shape)[there] for each in (values, centre, low, high)
    )
    signals = [NO_SIGNAL] * len(values)
    sides = np.sign(value - centre)
    if n is not None:
        sides = _sides(value, centre, np.broadcast_to(np.asarray(n, dtype=float), values.shape)[there])
    for signal, met in _rules(value, centre, low, high, sides):
        for place in there[met]:
            if signals[place] == NO_SIGNAL:
                signals[place] = signal
    return signals


def _rules(
    value: NDArray[np.float64],
    centre: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    sides: NDArray[np.float64],
) -> list[tuple[Signal, NDArray[np.bool_]]]:
    """Give each signal with the points that show it, the first to be heeded first."""
    near_high = (high < 1) & (value <= high) & (value > centre + (high - centre) * NEAR)
    near_low = (low > 0) & (value >= low) & (value < centre - (centre - low) * NEAR)
    step = np.diff(value)
    return [
        (Signal(OUTSIDE_THE_LIMITS, 1), value > high),
        (Signal(OUTSIDE_THE_LIMITS, -1), value < low),
        (Signal(ON_ONE_SIDE, 1), _crowded(sides > 0, POINTS_IN_A_ROW, POINTS_IN_A_ROW)),
        (Signal(ON_ONE_SIDE, -1), _crowded(sides < 0, POINTS_IN_A_ROW, POINTS_IN_A_ROW)),
        (Signal(RISING, 1), _moving(step > 0, len(value))),
        (Signal(FALLING, -1), _moving(step < 0, len(value))),
        (Signal(NEAR_A_LIMIT, 1), _crowded(near_high, 2, 3)),
        (Signal(NEAR_A_LIMIT, -1), _crowded(near_low, 2, 3)),
    ]


def _crowded(met: NDArray[np.bool_], least: int, among: int) -> NDArray[np.bool_]:
    """Keep the points, of those that meet a condition, that are at least so many among so many consecutive ones."""
    kept = np.zeros(len(met), dtype=bool)
    for start in range(len(met) - among + 1):
        window = slice(start, start + among)
        if met[window].sum() >= least:
            kept[window] |= met[window]
    return kept


def _moving(step: NDArray[np.bool_], points: int) -> NDArray[np.bool_]:
    """Mark the points of a trend, given which steps between them go its way: seven points are six steps."""
    steps = _crowded(step, POINTS_IN_A_ROW - 1, POINTS_IN_A_ROW - 1)
    kept = np.zeros(points, dtype=bool)
    kept[:-1] |= steps
    kept[1:] |= steps
    return kept
