"""Whether two judgements of one case agree: how often, within how many steps, and which way they are moved.

What a service can act on comes first: the share that agree and the share within one grade, with Wilson's interval at
the effective sample size, and whether moderation mostly lifts or lowers. Several judgements on one audit are not
independent, so in the sign test an audit has one vote. Where something cannot be worked out there is a reason in its
place, never an error. What chance would give is the business of `coefficients`.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from auditanalytics.intervals import clustered_interval
from auditanalytics.ratings import NO_PAIR, number_cases, rank_ratings, rank_two_raters

SAME_GRADE, WITHIN_ONE_GRADE = 0, 1
"""How many steps apart two grades may be that count as agreeing."""

NO_MOVE = "no grade was moved"
NO_LEAN = "no audit was moved more one way than the other"


class AgreeingShare(NamedTuple):
    """How many subjects raters agree on.

    Attributes
    ----------
    n, of, cases
        How many they agree on, of those that two or more graded, and in how many audits. With more than two raters
        a subject counts by the share of its pairs of raters that agree.
    share, low, high
        ``n`` / ``of`` and its 95% interval; NaN where ``of`` is 0.
    reason
        Why there is no share; empty where there is one.
    """

    n: float
    of: int
    cases: int
    share: float
    low: float
    high: float
    reason: str


class Moves(NamedTuple):
    """Which way the second rater moved the grades of the first.

    Attributes
    ----------
    up, same, down
        How many subjects got a better grade, the same one, and a worse one.
    cases_up, cases_down
        How many audits had more subjects moved up than down, and the other way.
    p
        How often chance alone would split those audits as unevenly, either way; NaN without any.
    reason
        Why there is no ``p``; empty where there is one.
    """

    up: int
    same: int
    down: int
    cases_up: int
    cases_down: int
    p: float
    reason: str


class TableTest(NamedTuple):
    """A chi-squared test of a square table; ``statistic`` and ``p`` are NaN where there is a reason."""

    statistic: float
    degrees_of_freedom: int
    p: float
    reason: str


def count_agreeing(
    ratings: ArrayLike, *, order: Sequence[object], within: int = SAME_GRADE, clusters: ArrayLike | None = None
) -> AgreeingShare:
    """Count the subjects that raters agree on.

    Parameters
    ----------
    ratings
        Grades: a row for each subject, a column for each rater, missing where a rater gave none.
    order
        Every grade of the scale, best first.
    within
        How many steps apart grades may be: `SAME_GRADE` or `WITHIN_ONE_GRADE`.
    clusters
        The audit of each row; None if each row is an audit.

    Returns
    -------
    AgreeingShare
        Its interval is Wilson's own where each audit has one subject.

    Raises
    ------
    ArgumentError
        If the scale does not have a grade that was given, or the clusters do not fit.

    Notes
    -----
    The average over pairs of raters is that of Fleiss (1971), Psychological Bulletin 76, 378 to 382; with missing
    grades that of Gwet (2014), Handbook of Inter-Rater Reliability. The interval is `intervals.clustered_interval`.

    Examples
    --------
    >>> ratings = [["Good", "Good"]] * 17 + [["Good", "Poor"]] * 4 + [["Good", None]]
    >>> found = count_agreeing(ratings, order=("Good", "Fair", "Poor"))
    >>> print(f"{found.n:.0f} of {found.of}: {found.low:.2f} to {found.high:.2f}")
    17 of 21: 0.60 to 0.92
    """
    places = rank_ratings(ratings, order=order)
    agreeing, pairs = np.zeros(len(places)), np.zeros(len(places))
    for first, second in combinations(places.T, 2):
        apart = np.abs(first - second)  # NaN, and so neither, where one is missing
        agreeing += apart <= within
        pairs += apart >= 0
    agreed = np.full(len(places), np.nan)
    np.divide(agreeing, pairs, out=agreed, where=pairs > 0)
    return clustered_share(agreed, clusters=clusters)


def clustered_share(met: ArrayLike, *, clusters: ArrayLike | None = None) -> AgreeingShare:
    """Give the share of subjects that meet something, with its interval as audits cluster them.

    Parameters
    ----------
    met
        How far each subject meets it, from 0 to 1; NaN where it cannot be told, and the subject is not counted.
    clusters
        The audit of each subject; None if each is an audit.

    Returns
    -------
    AgreeingShare
        As of `count_agreeing`.

    Raises
    ------
    ArgumentError
        If there is not one audit for each subject.

    Examples
    --------
    >>> found = clustered_share([True, True, False, True], clusters=["a", "a", "b", "b"])
    >>> print(found.n, found.of, found.cases, found.share)
    3.0 4 2 0.75
    """
    each = np.asarray(met, dtype=float)
    known = ~np.isnan(each)
    cases = number_cases(clusters, rows=len(each))[known]
    x, m = np.bincount(cases, weights=each[known]), np.bincount(cases)
    n, of, audits = float(x.sum()), int(m.sum()), int((m > 0).sum())
    low, high = clustered_interval(n, of, audits, (x * x).sum(), (x * m).sum(), (m * m).sum())
    share = n / of if of else np.nan
    return AgreeingShare(n, of, audits, share, float(low), float(high), "" if of else NO_PAIR)


def count_moves(ratings: ArrayLike, *, order: Sequence[object], clusters: ArrayLike | None = None) -> Moves:
    """Count which way the second rater moved the grades of the first, and test whether one way prevails.

    Parameters
    ----------
    ratings
        Grades: a row for each subject, a column for each of the two raters, such as auditor and moderator.
    order
        Every grade of the scale, best first.
    clusters
        The audit of each row; None if each row is an audit.

    Returns
    -------
    Moves
        The counts, and the two-sided exact sign test with one vote for each audit.

    Raises
    ------
    ArgumentError
        If there are not two raters, and as for `count_agreeing`.

    Notes
    -----
    Sign test: Dixon and Mood (1946), Journal of the American Statistical Association 41, 557 to 566. An audit votes for
    the way that more of its subjects were moved, however many; one that was moved as often either way, or not at all,
    has no vote.

    Examples
    --------
    >>> ratings = [["Good", "Poor"]] * 8 + [["Poor", "Good"]] + [["Good", "Good"]] * 12
    >>> moves = count_moves(ratings, order=("Good", "Poor"))
    >>> print(moves.up, moves.same, moves.down, f"{moves.p:.4f}")
    1 12 8 0.0391
    """
    # Loaded here because it takes a second, for which a check that compares nothing need not wait.
    from scipy.stats import binomtest

    places = rank_two_raters(ratings, order=order)
    both = ~np.isnan(places).any(axis=1)
    moved = np.sign(places[both, 0] - places[both, 1])
    votes = np.sign(np.bincount(number_cases(clusters, rows=len(places))[both], weights=moved))
    up, same, down = (int((moved == way).sum()) for way in (1, 0, -1))
    cases_up, cases_down = (int((votes == way).sum()) for way in (1, -1))
    if not cases_up + cases_down:
        reason = NO_LEAN if up else NO_MOVE if same else NO_PAIR
        return Moves(up, same, down, cases_up, cases_down, np.nan, reason)
    p = float(binomtest(cases_up, cases_up + cases_down).pvalue)
    return Moves(up, same, down, cases_up, cases_down, p, "")


def bowker_test(table: ArrayLike) -> TableTest:
    """Test whether as many are moved from each grade to each other as back.

    Parameters
    ----------
    table
        Counts, as `ratings.square_table` gives them.

    Returns
    -------
    TableTest
        A pair of grades between which nothing was moved has no part in it, nor a degree of freedom.

    Notes
    -----
    Bowker (1948), Journal of the American Statistical Association 43, 572 to 574; empty pairs as in Hoenig, Morgan and
    Brown (1995), Canadian Journal of Fisheries and Aquatic Sciences 52, 364 to 368. Chi-squared is an approximation
    for many moves, and every subject counts as independent: with several on an audit the test is too sure of itself,
    and with few moves the sign test of `count_moves` is exact.

    Examples
    --------
    >>> print("{:.2f}, {}, {:.4f}".format(*bowker_test([[5, 9, 0], [2, 5, 0], [0, 0, 5]])[:3]))
    4.45, 1, 0.0348
    """
    counts = np.asarray(table, dtype=float)
    moved = np.triu(counts + counts.T, 1)
    between = moved > 0
    statistic = ((counts - counts.T)[between] ** 2 / moved[between]).sum()
    return _chi_squared(statistic, int(between.sum()), graded=counts.any())


def stuart_maxwell_test(table: ArrayLike) -> TableTest:
    """Test whether both raters give each grade as often.

    Parameters
    ----------
    table
        Counts, as `ratings.square_table` gives them.

    Returns
    -------
    TableTest
        Grades that nobody gave, or from and to which nothing was moved, have no part in it.

    Notes
    -----
    Stuart (1955), Biometrika 42, 412 to 416; Maxwell (1970), British Journal of Psychiatry 116, 651 to 655. As for
    `bowker_test`, chi-squared is an approximation and subjects count as independent.

    Examples
    --------
    >>> print("{:.2f}, {}, {:.4f}".format(*stuart_maxwell_test([[5, 9, 0], [2, 5, 0], [0, 0, 5]])[:3]))
    4.45, 1, 0.0348
    """
    counts = np.asarray(table, dtype=float)
    difference = counts.sum(axis=1) - counts.sum(axis=0)
    moved = counts + counts.T
    covariance = np.diag(moved.sum(axis=1)) - moved
    # The covariance is never of full rank, and of less where grades are not linked by moves; hence no plain inverse.
    statistic = difference @ np.linalg.pinv(covariance, hermitian=True) @ difference
    return _chi_squared(statistic, int(np.linalg.matrix_rank(covariance, hermitian=True)), graded=counts.any())


def _chi_squared(statistic: float, degrees_of_freedom: int, *, graded: bool) -> TableTest:
    from scipy.special import chdtrc

    if not degrees_of_freedom:
        return TableTest(np.nan, 0, np.nan, NO_MOVE if graded else NO_PAIR)
    return TableTest(float(statistic), degrees_of_freedom, float(chdtrc(degrees_of_freedom, statistic)), "")
