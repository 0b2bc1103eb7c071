"""Comparing shares: the interval of a difference, a trend over quarters, and what could have been seen.

Every function takes shares and effective sample sizes, which need not be whole. So the clustering of judgements in
audits is dealt with once, in `intervals.effective_sample_size`, and the ordinary methods serve after it, as Rao and
Scott (1992), Biometrics 48, 577 to 585, have it. A difference is given as an interval rather than as a verdict; what
a comparison would have missed is said beside it, for "no change was seen" from few audits says little.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditanalytics.intervals import CONFIDENCE

POWER = 0.8
"""How often a comparison should find a change that is there: Cohen's (1988) convention."""


class TrendTest(NamedTuple):
    """The Cochran-Armitage test of a series of shares.

    Attributes
    ----------
    z
        Above 0 where the share rises; standard normal where nothing changes.
    p
        How often chance alone gives a ``z`` as far from 0, on either side.
    """

    z: float
    p: float


def family_confidence(comparisons: int) -> float:
    """Give the confidence each of several intervals needs, for all of them to hold as often as one does.

    Parameters
    ----------
    comparisons
        How many comparisons are looked at together; none counts as one.

    Returns
    -------
    float
        From 0 to 1.

    Notes
    -----
    Bonferroni's inequality (Dunn 1961, Journal of the American Statistical Association 56, 52 to 64).

    Examples
    --------
    >>> family_confidence(10)
    0.995
    """
    return 1 - (1 - CONFIDENCE) / max(comparisons, 1)


def difference_interval(
    share_before: ArrayLike,
    n_before: ArrayLike,
    share_after: ArrayLike,
    n_after: ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the interval of the difference between two shares, after minus before.

    Parameters
    ----------
    share_before, share_after
        The two shares, from 0 to 1.
    n_before, n_after
        Their effective sample sizes. Where either is 0 there is no interval.
    confidence
        How often such an interval holds the true difference.

    Returns
    -------
    tuple of numpy.ndarray
        The lower and the upper limit, from -1 to 1; NaN where there is nothing before or nothing after.

    Notes
    -----
    The hybrid score method, number 10 of Newcombe (1998), Statistics in Medicine 17, 873 to 890: the limits of the two
    Wilson intervals, combined.

    Examples
    --------
    Newcombe's first example, 48 of 80 and then 56 of 70:

    >>> low, high = difference_interval(48 / 80, 80, 56 / 70, 70)
    >>> print(f"{low:+.4f} to {high:+.4f}")
    +0.0524 to +0.3339
    """
    # Loaded here because it takes a second, for which a check that compares nothing need not wait.
    from statsmodels.stats.proportion import confint_proportions_2indep

    before, n_before, after, n_after = np.broadcast_arrays(
        *(np.asarray(value, dtype=float) for value in (share_before, n_before, share_after, n_after))
    )
    known = (n_before > 0) & (n_after > 0)
    before, n_before, after, n_after = (
        np.where(known, value, stand_in) for value, stand_in in ((before, 0), (n_before, 1), (after, 0), (n_after, 1))
    )
    limits = confint_proportions_2indep(
        after * n_after, n_after, before * n_before, n_before, method="newcomb", compare="diff", alpha=1 - confidence
    )
    difference = after - before
    # A rounding error may put a limit beyond the end of the scale, or on the wrong side of the difference itself.
    low, high = np.clip(limits[0], -1, difference), np.clip(limits[1], difference, 1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def trend_test(share: ArrayLike, n: ArrayLike, score: ArrayLike | None = None) -> TrendTest:
    """Test whether a share rises or falls over a series of quarters.

    Parameters
    ----------
    share
        The share of each quarter, from 0 to 1. A quarter whose share is NaN is left out and keeps its place.
    n
        Its effective sample size; a quarter in which it is 0 is left out likewise.
    score
        Where each quarter stands; 0, 1, 2 and so on if None.

    Returns
    -------
    TrendTest
        ``z`` and ``p``. A series in which nothing varies shows no trend: ``z`` is 0 and ``p`` is 1 with fewer than two
        quarters, or where every share is 0, or every share is 1.

    Notes
    -----
    Cochran (1954), Biometrics 10, 417 to 451; Armitage (1955), Biometrics 11, 375 to 386.

    Examples
    --------
    Pain by dose, from SAS's documentation of the FREQ procedure:

    >>> n = np.array([32, 33, 32, 32, 32])
    >>> print(f"{trend_test(np.array([6, 7, 9, 14, 23]) / n, n).z:.4f}")
    4.7918
    """
    from scipy.special import ndtr

    share, n = np.asarray(share, dtype=float), np.asarray(n, dtype=float)
    score = np.arange(len(share), dtype=float) if score is None else np.asarray(score, dtype=float)
    known = (n > 0) & ~np.isnan(share)
    if known.sum() < 2:
        return TrendTest(0.0, 1.0)
    share, n, score = share[known], n[known], score[known]
    pooled = (n * share).sum() / n.sum()
    # From their mean, the scores need no correction for it, and large ones lose no digits.
    place = score - (n * score).sum() / n.sum()
    variance = pooled * (1 - pooled) * (n * place**2).sum()
    if variance <= 0:
        return TrendTest(0.0, 1.0)
    z = float((n * place * (share - pooled)).sum() / np.sqrt(variance))
    return TrendTest(z, float(2 * ndtr(-abs(z))))


def smallest_detectable_change(
    share: ArrayLike, n_before: ArrayLike, n_after: ArrayLike, *, power: float = POWER, confidence: float = CONFIDENCE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Say how far a share must move for a comparison of two quarters to find it.

    Parameters
    ----------
    share
        The share before, from 0 to 1.
    n_before, n_after
        The effective sample sizes of the two quarters.
    power
        How often the change should be found.
    confidence
        The confidence of the comparison's interval.

    Returns
    -------
    tuple of numpy.ndarray
        The nearest share below and the nearest above that would be found, from 0 to 1; NaN where no share lies far
        enough away.

    Notes
    -----
    Cohen's effect size h, the difference of two arcsines (Cohen 1988, Statistical Power Analysis for the Behavioral
    Sciences, chapter 6).

    Examples
    --------
    With 24 audits in each quarter, a share of 35% must rise to 74%:

    >>> lower, higher = smallest_detectable_change(0.35, 24, 24)
    >>> print(f"{lower:.2f}, {higher:.2f}")
    0.05, 0.74
    """
    share, n_before, n_after = (np.asarray(value, dtype=float) for value in (share, n_before, n_after))
    with np.errstate(divide="ignore"):
        effect = _quantiles(power, confidence) * np.sqrt(1 / n_before + 1 / n_after)
    lower, higher = _arcsine(share) - effect, _arcsine(share) + effect
    return (
        np.where(lower >= 0, np.sin(np.maximum(lower, 0) / 2) ** 2, np.nan),
        np.where(higher <= np.pi, np.sin(np.minimum(higher, np.pi) / 2) ** 2, np.nan),
    )


def sample_size_for_change(
    share: float, change: float, *, power: float = POWER, confidence: float = CONFIDENCE
) -> float:
    """Say how many independent judgements each of two quarters needs, to find a change.

    Parameters
    ----------
    share
        The share before, from 0 to 1.
    change
        How much it is to rise or, below 0, to fall.
    power, confidence
        As for `smallest_detectable_change`.

    Returns
    -------
    float
        The effective sample size, not rounded; infinite where there is no change, NaN where the share after it is no
        share.

    Notes
    -----
    As for `smallest_detectable_change`, of which it is the inverse.

    Examples
    --------
    To see a share rise from 35% to 45%:

    >>> round(sample_size_for_change(0.35, 0.10))
    375
    """
    after = share + change
    if not 0 <= after <= 1:
        return float("nan")
    effect = float(_arcsine(after) - _arcsine(share))
    return 2 * (_quantiles(power, confidence) / effect) ** 2 if effect else float("inf")


def _arcsine(share: ArrayLike) -> NDArray[np.float64]:
    """Put a share on the scale on which its variance depends on its sample size alone."""
    return 2 * np.arcsin(np.sqrt(share))


def _quantiles(power: float, confidence: float) -> float:
    """Say how many standard errors away a change must be, to be found with that power."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2) + ndtri(power))
