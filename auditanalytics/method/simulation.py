"""What the methods do on simulated quarters: how often the interval holds the true share, and charts mislead.

A quarter is simulated as so many audits, each with the same number of judgements, and the judgements on one audit are
alike to a known degree: an audit's own share is drawn from a beta distribution whose intraclass correlation is exact,
and its judgements from that share. Then the project's interval is asked whether it holds the true share, and Wilson's
interval, which takes every judgement for an independent one, is asked the same. The correlations are those that the
field reports of case audits, and somewhat beyond. For charts, series are simulated in which nothing changes.
"""

import itertools
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from auditanalytics.control_charts import p_chart_limits, read_run_chart, special_causes
from auditanalytics.intervals import clustered_interval, wilson_interval

CORRELATIONS = (0.3, 0.4, 0.5)
AUDITS = (8, 12, 16, 24, 32, 40)
SHARES = (0.1, 0.2, 0.35, 0.5)
JUDGEMENTS = (2, 3, 4)


class Cell(NamedTuple):
    """One combination of the design, and in how many of its quarters each interval held the true share."""

    icc: float
    audits: int
    share: float
    judgements: int
    quarters: int
    covered: int
    covered_by_plain_wilson: int


def simulate_coverage(*, quarters: int = 1000, seed: int = 1) -> list[Cell]:
    """Simulate so many quarters of every combination, and count where the intervals hold the true share.

    Parameters
    ----------
    quarters
        How many of each combination.
    seed
        What the random numbers begin from; the same seed gives the same quarters.

    Returns
    -------
    list of Cell
        One for every combination of `CORRELATIONS`, `AUDITS`, `SHARES` and `JUDGEMENTS`.

    Examples
    --------
    >>> len(simulate_coverage(quarters=1))
    216
    """
    random = np.random.default_rng(seed)
    design = itertools.product(CORRELATIONS, AUDITS, SHARES, JUDGEMENTS)
    return [_simulate_cell(random, *combination, quarters=quarters) for combination in design]


def _simulate_cell(
    random: np.random.Generator, icc: float, audits: int, share: float, judgements: int, *, quarters: int
) -> Cell:
    size = 1 / icc - 1  # the beta distribution's two parameters add up to this, so that the correlation is the icc
    own_share = random.beta(share * size, (1 - share) * size, (quarters, audits))
    x = random.binomial(judgements, own_share)
    n, of = x.sum(axis=1), audits * judgements
    limits = clustered_interval(n, of, audits, (x**2).sum(axis=1), n * judgements, of * judgements)
    held, held_by_plain_wilson = (
        int(((low <= share) & (share <= high)).sum()) for low, high in (limits, wilson_interval(n, of))
    )
    return Cell(icc, audits, share, judgements, quarters, held, held_by_plain_wilson)


def overall_coverage(cells: Iterable[Cell]) -> tuple[float, float]:
    """Say how often the interval held the true share, and how often Wilson's own did.

    Parameters
    ----------
    cells
        Combinations.

    Returns
    -------
    tuple of float
        The two shares of all their quarters.

    Examples
    --------
    >>> overall_coverage([Cell(0.4, 24, 0.35, 2, quarters=100, covered=95, covered_by_plain_wilson=88)])
    (0.95, 0.88)
    """
    totals = np.array([(cell.quarters, cell.covered, cell.covered_by_plain_wilson) for cell in cells]).sum(axis=0)
    return float(totals[1] / totals[0]), float(totals[2] / totals[0])


class FalseSignals(NamedTuple):
    """How many of so many series in which nothing changes show a signal, by the number of their points."""

    points: int
    series: int
    anywhere: int
    at_the_latest: int
    on_a_run_chart: int


def simulate_false_signals(
    points: int, *, share: float = 0.35, judgements: int = 40, series: int = 600, seed: int = 1
) -> FalseSignals:
    """Simulate series in which nothing changes, and count those that show a signal all the same.

    Parameters
    ----------
    points
        How many points each has.
    share
        The share that stays as it is.
    judgements
        How many independent judgements are behind each point.
    series
        How many.
    seed
        What the random numbers begin from.

    Returns
    -------
    FalseSignals
        On a p-chart, anywhere and at the latest point, and on a run chart of the same points.

    Examples
    --------
    >>> simulate_false_signals(6, series=10).on_a_run_chart
    0
    """
    shares = np.random.default_rng(seed).binomial(judgements, share, (series, points)) / judgements
    found = [_signals(each, judgements) for each in shares]
    return FalseSignals(points, series, *(sum(kind) for kind in zip(*found, strict=True)))


def _signals(shares: np.ndarray, judgements: int) -> tuple[bool, bool, bool]:
    centre = shares.mean()
    signals = special_causes(shares, centre, *p_chart_limits(centre, np.full(len(shares), judgements)))
    return any(signal.rule for signal in signals), bool(signals[-1].rule), read_run_chart(shares).shifted
