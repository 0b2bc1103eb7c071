"""Coefficients of agreement: how far raters agree beyond what chance would give, whoever asks.

Kappa, Gwet's coefficient and Krippendorff's alpha are all 1 less the disagreement observed divided by the disagreement
expected by chance, and differ in what they call chance. So each is written as those two numbers, and one interval
serves all: Wilson's, of the disagreement observed, at the effective sample size that the coefficient's own variance
between audits gives it. It has a width where all agree. Where a coefficient would mislead there is a reason in its
place, never an error. Agreement is worked out from ranks on the scale; grades are never put in order by their names.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditanalytics.errors import ChoiceError
from auditanalytics.intervals import CONFIDENCE, wilson_interval
from auditanalytics.ratings import NO_PAIR, number_cases, rank_ratings

FEWEST_CASES_FOR_A_COEFFICIENT = 10
"""With fewer audits the interval of a coefficient spans most of what it can be; only counts are given then."""

FEWEST_CASES_THAT_DISAGREE = 20
"""Fewer audits with a disagreement do not show how disagreements cluster; an audit is then taken to count once."""

IDENTITY, LINEAR, QUADRATIC, ORDINAL = "identity", "linear", "quadratic", "ordinal"
"""How much worse a disagreement is the further it goes: not at all, by its steps, by their square, or by the square
of how many grades given lie between (Krippendorff's ordinal metric)."""

ONE_RATER = "only one rater gave grades"
TOO_FEW_CASES = f"fewer than {FEWEST_CASES_FOR_A_COEFFICIENT} audits were graded by two raters"
ONE_GRADE = "every grade was the same, so what chance would give cannot be told"

_Measure = Callable[[NDArray], tuple[NDArray, NDArray]]
"""From the grades that raters gave, how far apart grades are and how far apart chance would put two raters."""


class Coefficient(NamedTuple):
    """A coefficient of agreement, or why there is none.

    Attributes
    ----------
    value, low, high
        The coefficient, 1 where all agree and 0 where they agree as by chance, and its 95% interval; NaN without one.
    standard_error
        Linearised, between audits. It is 0 where all agree, so the interval is not made of it alone.
    n, cases
        How many subjects two raters or more graded, and in how many audits.
    reason
        Why there is no value; empty where there is one.
    """

    value: float
    low: float
    high: float
    standard_error: float
    n: int
    cases: int
    reason: str


def weighted_kappa(
    ratings: ArrayLike, *, order: Sequence[object], weights: str = LINEAR, clusters: ArrayLike | None = None
) -> Coefficient:
    """Give kappa: chance is what raters with their own habits would agree on, if they graded without looking.

    Parameters
    ----------
    ratings
        Grades: a row for each subject, a column for each rater, missing where a rater gave none. Of two raters, what
        one alone graded is left out; of more, it counts as a habit.
    order
        Every grade of the scale, best first, those that nobody gave too.
    weights
        ``identity`` for plain kappa, ``linear`` or ``quadratic``.
    clusters
        The audit of each row; None if each row is an audit.

    Returns
    -------
    Coefficient
        Cohen's kappa for two raters, Conger's for more.

    Raises
    ------
    ChoiceError
        If the weights are none of those.
    ArgumentError
        If the scale does not have a grade that was given, or the clusters do not fit.

    Notes
    -----
    Cohen (1960), Educational and Psychological Measurement 20, 37 to 46; weighted in Cohen (1968), Psychological
    Bulletin 70, 213 to 220; several raters in Conger (1980), Psychological Bulletin 88, 322 to 328. Where nearly all
    grades are one, kappa is near 0 however well raters agree; `gwet_coefficient` is not.

    Examples
    --------
    >>> ratings = [["Good", "Good"]] * 6 + [["Good", "Poor"]] + [["Poor", "Poor"]] * 5
    >>> round(weighted_kappa(ratings, order=("Good", "Poor")).value, 3)
    0.833
    """
    given, cases = _spread_ratings(ratings, order, clusters)
    distances = _distances(len(order), weights)

    def measure(margins: NDArray) -> tuple[NDArray, NDArray]:
        habits = margins / margins.sum(axis=-1, keepdims=True)
        together, raters = habits.sum(axis=-2), habits.shape[-2]
        alone = _expect(habits, habits, distances).sum(axis=-1)
        return distances, (_expect(together, together, distances) - alone) / (raters * (raters - 1))

    return _estimate(given, cases, _pair_grades(given), given, measure)


def gwet_coefficient(
    ratings: ArrayLike, *, order: Sequence[object], weights: str = QUADRATIC, clusters: ArrayLike | None = None
) -> Coefficient:
    """Give Gwet's coefficient: chance is what raters agree on where they guess, which is rarer the surer they are.

    Parameters
    ----------
    ratings, order, clusters
        As for `weighted_kappa`.
    weights
        ``identity`` for AC1; ``linear`` or ``quadratic`` for AC2.

    Returns
    -------
    Coefficient
        AC1 or AC2. Unlike kappa it has a value where every grade is the same, which is 1.

    Raises
    ------
    ChoiceError, ArgumentError
        As for `weighted_kappa`.

    Notes
    -----
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29 to 48; weights and missing grades in
    Gwet (2014), Handbook of Inter-Rater Reliability.

    Examples
    --------
    Twenty-one of 22 the same, and nearly all of one grade:

    >>> ratings = [["Good", "Good"]] * 21 + [["Good", "Poor"]]
    >>> for coefficient in weighted_kappa, gwet_coefficient:
    ...     print(f"{coefficient(ratings, order=('Good', 'Poor')).value:.2f}")
    0.00
    0.95
    """
    given, cases = _spread_ratings(ratings, order, clusters)
    distances = _distances(len(order), weights)
    guessed = (1 - distances).sum() / (len(order) * (len(order) - 1))

    def measure(margins: NDArray) -> tuple[NDArray, NDArray]:
        share = margins.sum(axis=-2) / margins.sum(axis=(-2, -1))[..., None]
        return distances, 1 - guessed * (share * (1 - share)).sum(axis=-1)

    # Every subject weighs the same in the margins, however many raters graded it.
    margins = given / given.sum(axis=(1, 2), keepdims=True)
    return _estimate(given, cases, _pair_grades(given), margins, measure)


def krippendorff_alpha(
    ratings: ArrayLike, *, order: Sequence[object], weights: str = ORDINAL, clusters: ArrayLike | None = None
) -> Coefficient:
    """Give Krippendorff's alpha: chance is any two grades given, whoever gave them to whatever.

    Parameters
    ----------
    ratings, order, clusters
        As for `weighted_kappa`.
    weights
        ``identity`` for his nominal metric, ``ordinal`` for that, ``quadratic`` for his interval metric, or ``linear``.

    Returns
    -------
    Coefficient
        Alpha. A grade that no other rater's stands beside has no part in it.

    Raises
    ------
    ChoiceError, ArgumentError
        As for `weighted_kappa`.

    Notes
    -----
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania. His ordinal metric is
    not what Gwet's software calls ordinal weights.

    Examples
    --------
    >>> ratings = [["Good", "Good", None]] * 6 + [["Good", "Poor", "Poor"]] + [[None, "Poor", "Poor"]] * 5
    >>> round(krippendorff_alpha(ratings, order=("Good", "Poor")).value, 3)
    0.846
    """
    given, cases = _spread_ratings(ratings, order, clusters)
    fixed = None if weights == ORDINAL else _distances(len(order), weights, (IDENTITY, LINEAR, QUADRATIC, ORDINAL))

    def measure(margins: NDArray) -> tuple[NDArray, NDArray]:
        grades = margins.sum(axis=-2)
        total = grades.sum(axis=-1)
        distances = _ordinal_distances(grades) if fixed is None else fixed
        return distances, _expect(grades, grades, distances) / (total * (total - 1))

    number = given.sum(axis=(1, 2))
    margins = np.where((number >= 2)[:, None, None], given, 0)
    return _estimate(given, cases, _pair_grades(given) * number[:, None, None], margins, measure)


def _spread_ratings(
    ratings: ArrayLike, order: Sequence[object], clusters: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Give 1 for each subject, rater and grade given, and the audits, without raters and subjects that have none.

    Of two raters, what one alone graded is left out too: most audits are not moderated, and those that are were chosen.
    """
    places = rank_ratings(ratings, order=order)
    cases = number_cases(clusters, rows=len(places))
    given = (places[:, :, None] == np.arange(len(order))).astype(float)
    given = given[:, given.any(axis=(0, 2))]
    rated = given.sum(axis=(1, 2)) >= (2 if given.shape[1] == 2 else 1)
    return given[rated], np.unique(cases[rated], return_inverse=True)[1]


def _pair_grades(given: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give, for each subject, the share of its pairs of raters that gave each two grades."""
    counts = given.sum(axis=1)
    both = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(counts.shape[1])
    number = counts.sum(axis=1)
    return both / np.maximum(number * (number - 1), 1)[:, None, None]


def _distances(grades: int, weights: str, choices: tuple[str, ...] = (IDENTITY, LINEAR, QUADRATIC)) -> NDArray:
    if weights not in choices:
        raise ChoiceError("weights", weights, choices)
    steps = np.abs(np.subtract.outer(np.arange(grades), np.arange(grades))) / (grades - 1)
    return {IDENTITY: np.ceil(steps), LINEAR: steps, QUADRATIC: steps**2}[weights]


def _ordinal_distances(grades: NDArray) -> NDArray:
    """Krippendorff's ordinal metric, with 1 between the ends of the scale."""
    middles = grades.cumsum(axis=-1) - grades / 2
    distances = (middles[..., :, None] - middles[..., None, :]) ** 2
    return distances / distances[..., :1, -1:]


def _expect(first: NDArray, second: NDArray, distances: NDArray) -> NDArray:
    return (first[..., :, None] * distances * second[..., None, :]).sum(axis=(-2, -1))


def _observe(pairs: NDArray, distances: NDArray) -> NDArray:
    return (pairs * distances).sum(axis=(-2, -1)) / pairs.sum(axis=(-2, -1))


def _estimate(
    given: NDArray, cases: NDArray[np.intp], pairs: NDArray, margins: NDArray, measure: _Measure
) -> Coefficient:
    """Work out a coefficient from pairs of grades and what chance is made of, a row for each subject."""
    size = np.bincount(cases[given.sum(axis=(1, 2)) >= 2])
    n, audits = int(size.sum()), int((size > 0).sum())
    if reason := _speak_against(given.shape[1], n, audits):
        return Coefficient(np.nan, np.nan, np.nan, np.nan, n, audits, reason)
    distances, chance = measure(margins.sum(axis=0))
    if chance <= 0:
        return Coefficient(np.nan, np.nan, np.nan, np.nan, n, audits, ONE_GRADE)
    chance, observed = float(chance), float(_observe(pairs.sum(axis=0), distances))
    pairs, margins = _sum_by_case(pairs, cases), _sum_by_case(margins, cases)
    error = _standard_error(pairs, margins, measure)
    disagreeing = (pairs * (1 - np.eye(pairs.shape[1]))).any(axis=(1, 2)).sum()
    worth = n if disagreeing >= FEWEST_CASES_THAT_DISAGREE else n**2 / (size**2).sum()
    # A disagreement not yet seen is taken to be worth one step, or one by chance if that is worth more.
    most = worth / max(distances.diagonal(1).max(), chance)
    low, high = _interval(observed, error * chance, audits, most)
    value = 1 - observed / chance
    return Coefficient(value, max(min(-1.0, value), 1 - high / chance), 1 - low / chance, error, n, audits, "")


def _speak_against(raters: int, n: int, audits: int) -> str:
    if raters == 1:
        return ONE_RATER
    if not n:
        return NO_PAIR
    return TOO_FEW_CASES if audits < FEWEST_CASES_FOR_A_COEFFICIENT else ""


def _sum_by_case(rows: NDArray, cases: NDArray[np.intp]) -> NDArray:
    sums = np.zeros((cases.max() + 1, *rows.shape[1:]))
    np.add.at(sums, cases, rows)
    return sums


def _standard_error(pairs: NDArray, margins: NDArray, measure: _Measure) -> float:
    """Linearise the coefficient between audits: how much it changes as each audit weighs a little more."""
    # A step along the imaginary axis gives the slope to the last digit (Squire and Trapp 1998, SIAM Review 40, 110).
    step = 1e-20
    distances, chance = measure(margins.sum(axis=0) + step * 1j * margins)
    slopes = -(_observe(pairs.sum(axis=0) + step * 1j * pairs, distances) / chance).imag / step
    return float(np.sqrt(len(slopes) / (len(slopes) - 1) * (slopes**2).sum()))


def _interval(observed: float, error: float, audits: int, most: float) -> tuple[float, float]:
    """Give the interval of the disagreement observed, at no more than so many independent subjects."""
    from scipy.special import ndtri, stdtrit

    effective, spread = most, observed * (1 - observed)
    if error > 0 and spread > 0:
        few_audits = ndtri((1 + CONFIDENCE) / 2) / stdtrit(audits - 1, (1 + CONFIDENCE) / 2)
        effective = min(most, spread * (few_audits / error) ** 2)
    low, high = wilson_interval(observed * effective, effective)
    return min(float(low), observed), max(float(high), observed)
