"""Intervals for shares, whoever asks.

A share of a handful of judgements is uncertain, and several judgements on one audit are not independent: a weak case
is weak throughout. The 95% interval is Wilson's, taken not on the number of judgements but on the number of
independent ones they are worth. statsmodels has Wilson's interval; the effective sample size is ours, and how often
the interval holds the true share is simulated in ``method.simulation``.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
"""The confidence of every interval the project prints."""

FEWEST_AUDITS_FOR_A_PERCENTAGE = 10
"""With fewer, one audit more or less moves a percentage by ten points; words and labels give counts then."""


def wilson_interval(
    count: ArrayLike, of: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give Wilson's score interval of a share.

    Parameters
    ----------
    count
        How many were counted; need not be whole.
    of
        How many there were; need not be whole. Where it is 0 there is no interval.
    confidence
        How often such an interval holds the true share.

    Returns
    -------
    tuple of numpy.ndarray
        The lower and the upper limit, from 0 to 1; NaN where ``of`` is 0.

    Notes
    -----
    Wilson (1927), Journal of the American Statistical Association 22, 209 to 212; recommended for small numbers by
    Brown, Cai and DasGupta (2001), Statistical Science 16, 101 to 133.

    Examples
    --------
    >>> low, high = wilson_interval(81, 263)
    >>> print(f"{low:.4f} to {high:.4f}")
    0.2553 to 0.3662
    """
    # Loaded here because it takes a second, for which a check that counts nothing need not wait.
    from statsmodels.stats.proportion import proportion_confint

    count, of = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(of, dtype=float))
    known = of > 0
    limits = proportion_confint(np.where(known, count, 0), np.where(known, of, 1), 1 - confidence, method="wilson")
    low, high = (np.where(known, np.clip(limit, 0, 1), np.nan) for limit in limits)
    return np.where(known & (count == 0), 0, low), np.where(known & (count == of), 1, high)


def variances(
    share: ArrayLike, of: ArrayLike, audits: ArrayLike, sum_xx: ArrayLike, sum_xm: ArrayLike, sum_mm: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the variance of a share as audits differ, and as it were if judgements were independent.

    Parameters
    ----------
    share
        The share of the judgements that were counted.
    of, audits, sum_xx, sum_xm, sum_mm
        As for `effective_sample_size`.

    Returns
    -------
    tuple of numpy.ndarray
        Both variances, times ``of``². The first divided by the second is the design effect (Kish 1965), which is
        exactly 1 where each audit gives one judgement. Neither is known from one audit.

    Examples
    --------
    >>> between, within = variances(0.25, 4, 4, sum_xx=1, sum_xm=1, sum_mm=4)
    >>> float(between / within)
    1.0
    """
    share, of, audits = (np.asarray(value, dtype=float) for value in (share, of, audits))
    sum_xx, sum_xm, sum_mm = (np.asarray(value, dtype=float) for value in (sum_xx, sum_xm, sum_mm))
    # No less than nothing: a rounding error below 0 would turn audits that agree wholly into ones that differ most.
    spread = np.maximum(sum_xx - 2 * share * sum_xm + share**2 * sum_mm, 0)
    return spread * audits / (audits - 1), of * share * (1 - share) * of / (of - 1)


def effective_sample_size(
    n: ArrayLike, of: ArrayLike, audits: ArrayLike, sum_xx: ArrayLike, sum_xm: ArrayLike, sum_mm: ArrayLike
) -> NDArray[np.float64]:
    """Say how many independent judgements a set of judgements is worth, given how they cluster in audits.

    Parameters
    ----------
    n, of
        Judgements counted, and judgements there were.
    audits
        How many audits they come from.
    sum_xx, sum_xm, sum_mm
        Over the audits, the sums of x², x·m and m², where an audit has x judgements counted of m.

    Returns
    -------
    numpy.ndarray
        The effective number: ``of`` where every audit gave one judgement, never more than ``of``, and never fewer than
        they are worth if all judgements on one audit are alike.

    Notes
    -----
    ``of`` divided by the design effect: the variance of the share as a linearised ratio estimator over audits
    (Cochran 1977, Sampling Techniques, section 6.4), divided by its variance were the judgements independent
    (Kish 1965, Survey Sampling). Both carry their small-sample factor, so that the design effect is exactly 1 where
    each audit gives one judgement.

    Few audits tell little about how audits differ, so the number is multiplied by the squared ratio of Student's
    quantiles at ``of`` - 1 and ``audits`` - 1 degrees of freedom (Korn and Graubard 1998, Survey Methodology 24, 193 to
    201). Wilson's interval on an effective sample size: Dean and Pagano (2015), Journal of Survey Statistics and
    Methodology 3, 484 to 503.

    Judgements cannot cluster more than wholly, so they are worth at least ``of``² / ``sum_mm`` (Kish 1965, with an
    intraclass correlation of 1). A share of 0 or 1 shows no variance between audits, and one audit cannot show any;
    there they are taken to be worth just that, the cautious reading.

    Examples
    --------
    Two audits of four judgements each, one all counted and the other not at all, tell no more than two judgements.

    >>> x, m = np.array([4, 0]), np.array([4, 4])
    >>> effective_sample_size(4, 8, 2, (x * x).sum(), (x * m).sum(), (m * m).sum()).item()
    2.0
    """
    # Loaded here for the same reason as statsmodels.
    from scipy.special import stdtrit

    n, of, audits = (np.asarray(value, dtype=float) for value in (n, of, audits))
    sum_xx, sum_xm, sum_mm = (np.asarray(value, dtype=float) for value in (sum_xx, sum_xm, sum_mm))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = n / of
        between, within = variances(share, of, audits, sum_xx, sum_xm, sum_mm)
        few_audits = (stdtrit(of - 1, (1 + CONFIDENCE) / 2) / stdtrit(audits - 1, (1 + CONFIDENCE) / 2)) ** 2
        wholly_clustered = of**2 / sum_mm
        effective = np.clip(of * within / between * few_audits, wholly_clustered, of)
    unseen = (n == 0) | (n == of) | (audits <= 1)
    return np.where(of == 0, 0, np.where(unseen, wholly_clustered, effective))


def clustered_interval(
    n: ArrayLike, of: ArrayLike, audits: ArrayLike, sum_xx: ArrayLike, sum_xm: ArrayLike, sum_mm: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the 95% interval of a share whose judgements cluster in audits.

    Parameters
    ----------
    n, of, audits, sum_xx, sum_xm, sum_mm
        As for `effective_sample_size`.

    Returns
    -------
    tuple of numpy.ndarray
        The lower and the upper limit, from 0 to 1; NaN where ``of`` is 0.

    Examples
    --------
    With one judgement an audit it is Wilson's interval.

    >>> low, high = clustered_interval(7, 24, 24, sum_xx=7, sum_xm=7, sum_mm=24)
    >>> np.allclose([low, high], wilson_interval(7, 24))
    True
    """
    return effective_interval(n, of, effective_sample_size(n, of, audits, sum_xx, sum_xm, sum_mm))


def effective_interval(
    n: ArrayLike, of: ArrayLike, effective: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the 95% interval of a share at an effective sample size.

    Parameters
    ----------
    n, of
        Judgements counted, and judgements there were.
    effective
        How many independent judgements they are worth.

    Returns
    -------
    tuple of numpy.ndarray
        The lower and the upper limit, from 0 to 1; NaN where ``of`` is 0.

    Examples
    --------
    >>> low, high = effective_interval(14, 48, effective=24)
    >>> np.allclose([low, high], wilson_interval(7, 24))
    True
    """
    n, of, effective = (np.asarray(value, dtype=float) for value in (n, of, effective))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(of > 0, n / of, 0)
    # n = of must stay exactly so, or the upper limit falls short of 1 by a rounding error.
    return wilson_interval(np.where(n == of, effective, share * effective), effective)
