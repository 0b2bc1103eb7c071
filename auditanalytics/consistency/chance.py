"""How surprising it is that so many categories of one audit have the same grade.

A weak case is weak throughout, so that many grades on one audit agree without anybody having been careless: the
categories of an audit are not so many independent draws. Each audit is taken to have a level of its own, normally
distributed, about which its categories vary, and the grades to be cut from that where their shares in all returns say.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEAST_CLUSTERING = 0.4
"""The correlation of the levels of two categories of one audit that is assumed at the least; local audits report 0.3 to
0.5. Where the grades of the returns are more alike than that, they are taken as they are."""

MOST_CLUSTERING = 0.95
"""What is taken at the most: at 1 every audit would have one grade throughout, and none would be rare."""

_LEVELS = np.linspace(-6, 6, 241)
_WEIGHTS = np.exp(-(_LEVELS**2) / 2) / np.exp(-(_LEVELS**2) / 2).sum()


def intraclass_correlation(ranks: pd.DataFrame) -> float:
    """Say how alike the grades within an audit are.

    Parameters
    ----------
    ranks
        The rank of the grade of every audit (row) in every category (column); NaN where not graded.

    Returns
    -------
    float
        1 where all grades of each audit are the same, about 0 where they are no more alike than those of different
        audits; NaN where there are fewer than two audits with two grades, or all grades are the same.

    Notes
    -----
    The estimator of a one-way analysis of variance with unequal sizes (Donner 1986, International Statistical Review
    54, 67 to 82); with equal sizes the ICC(1, 1) of Shrout and Fleiss (1979).

    Examples
    --------
    >>> judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> round(intraclass_correlation(pd.DataFrame(judges)), 2)
    0.17
    """
    ranks = ranks[ranks.notna().sum(axis=1) > 1]
    sizes = ranks.notna().sum(axis=1)
    total, audits = sizes.sum(), len(sizes)
    if audits < 2:
        return np.nan
    middle = ranks.mean(axis=1)
    between = float((sizes * (middle - np.nanmean(ranks.to_numpy())) ** 2).sum() / (audits - 1))
    within = float((ranks.sub(middle, axis=0) ** 2).sum().sum() / (total - audits))
    size = float((total - (sizes**2).sum() / total) / (audits - 1))
    spread = between + (size - 1) * within
    return (between - within) / spread if spread > 0 else np.nan


def clustering_of(ranks: pd.DataFrame) -> float:
    """Give the clustering to reckon with: that of the returns, between `LEAST_CLUSTERING` and `MOST_CLUSTERING`.

    Parameters
    ----------
    ranks
        The ranks of the grades, as `intraclass_correlation` takes them.

    Returns
    -------
    float
        The correlation of the levels of two categories of one audit.

    Examples
    --------
    >>> clustering_of(pd.DataFrame([[1, 1, 1, 1], [2, 2, 2, 2], [1, 1, 1, 1]])), clustering_of(pd.DataFrame([[1]]))
    (0.95, 0.4)
    """
    found = intraclass_correlation(ranks)
    return LEAST_CLUSTERING if np.isnan(found) else float(np.clip(found, LEAST_CLUSTERING, MOST_CLUSTERING))


def chance_of_grades(shares: NDArray[np.float64], clustering: float) -> NDArray[np.float64]:
    """Give the chance of each grade at each level that an audit may have.

    Parameters
    ----------
    shares
        The share of each grade among all judgements, best first.
    clustering
        The correlation of the levels of two categories of one audit.

    Returns
    -------
    numpy.ndarray
        A row for every level and a column for every grade.
    """
    from scipy.special import ndtr, ndtri  # here, because a check of a few files need not wait for it

    cuts = ndtri(np.clip(np.cumsum(shares), 0, 1))
    below = ndtr((cuts[None, :] - clustering**0.5 * _LEVELS[:, None]) / (1 - clustering) ** 0.5)
    return np.diff(below, axis=1, prepend=0)


def chance_of_as_many(chances: NDArray[np.float64], number: int, of: int) -> NDArray[np.float64]:
    """Give the chance that an audit has a grade at least so many times.

    Parameters
    ----------
    chances
        The chance of each grade at each level, from `chance_of_grades`.
    number
        How many times.
    of
        How many categories are graded.

    Returns
    -------
    numpy.ndarray
        The chance for each grade.

    Examples
    --------
    >>> chances = chance_of_grades(np.array([0.1, 0.9]), 0.4)
    >>> chance_of_as_many(chances, 10, 10).round(3).tolist()
    [0.001, 0.551]
    """
    from scipy.special import bdtrc

    return _WEIGHTS @ bdtrc(number - 1, of, np.clip(chances, 0, 1))
