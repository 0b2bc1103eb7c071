"""Published reference values, what must hold of any ratings, and how often the interval of a coefficient holds the true one.

Run as a script it prints the coverage: ``python tests/test_agreement.py``.
"""

import itertools
import math
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from auditanalytics.agreement import (
    NO_LEAN,
    NO_MOVE,
    WITHIN_ONE_GRADE,
    bowker_test,
    count_agreeing,
    count_moves,
    stuart_maxwell_test,
)
from auditanalytics.coefficients import (
    IDENTITY,
    LINEAR,
    ONE_GRADE,
    ONE_RATER,
    ORDINAL,
    QUADRATIC,
    TOO_FEW_CASES,
    Coefficient,
    gwet_coefficient,
    krippendorff_alpha,
    weighted_kappa,
)
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.intervals import clustered_interval, wilson_interval
from auditanalytics.ratings import NO_PAIR, rank_ratings, square_table

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
WEIGHTS = (IDENTITY, LINEAR, QUADRATIC)
EVERY_COEFFICIENT = [
    (coefficient, weights)
    for coefficient, choices in (
        (weighted_kappa, WEIGHTS),
        (gwet_coefficient, WEIGHTS),
        (krippendorff_alpha, (*WEIGHTS, ORDINAL)),
    )
    for weights in choices
]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def rows(text: str) -> list[list[int]]:
    return [[int(cell) for cell in row.split()] for row in text.split("/")]


def expand(table: list[list[int]]) -> list[list[int]]:
    """A row for each subject of a square table."""
    return [[i, j] for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]


def columns(*raters: str) -> np.ndarray:
    """A column for each rater; a full stop where there is no grade."""
    return np.array([[math.nan if cell == "." else float(cell) for cell in rater.split()] for rater in raters]).T


# Each with its plain, linear and quadratic kappa, the shares that agree exactly and within one step, AC1, and AC2 linear
# and quadratic. Sources: SAS, documentation of the FREQ procedure; Landis and Koch (1977), Biometrics 33, 159 to 174;
# Agresti, Categorical Data Analysis; R's package vcd; Gwet, R's package irrCAC; Stuart (1955), Biometrika 42, 412.
TABLES = {
    "SkinCondition": "10 4 1 0/5 10 12 2/2 4 12 5/0 2 6 13",
    "multiple sclerosis, Winnipeg": "38 5 0 1/33 11 3 0/10 14 5 6/3 7 3 10",
    "multiple sclerosis, New Orleans": "5 3 0 0/3 11 4 0/2 13 3 4/1 2 4 14",
    "carcinoma": "22 2 2 0/5 7 14 0/0 2 36 0/0 1 17 10",
    "SexualFun": "7 7 2 3/2 8 3 7/1 5 4 9/2 8 9 14",
    "three abstractors": "13 0 0/0 20 7/0 4 56",
    "vision": "1520 266 124 66/234 1512 432 78/117 362 1772 205/36 82 179 492",
}
PUBLISHED = [
    ("SkinCondition", (0.3449, 0.5082, 0.6607), (0.5114, 0.9205), (0.3511, 0.5529, 0.7179)),
    ("multiple sclerosis, Winnipeg", (0.2079, 0.3797, 0.5246), (0.4295, 0.8591), (0.2578, 0.4651, 0.6221)),
    ("multiple sclerosis, New Orleans", (0.2965, 0.4773, 0.6256), (0.4783, 0.9275), None),
    ("carcinoma", (0.4930, 0.6488, 0.7838), (0.6356, 0.9746), (0.5263, 0.7185, 0.8532)),
    ("SexualFun", (0.1293, 0.2374, 0.3320), (0.3626, 0.7473), None),
    ("three abstractors", (0.7964, 0.8429, 0.8922), (0.89, 1.0), (0.8493, 0.9000, 0.9402)),
    ("vision", (0.5954, 0.6524, 0.7023), None, None),
]


@pytest.mark.parametrize(("name", "kappas", "shares", "gwets"), PUBLISHED, ids=[case[0] for case in PUBLISHED])
def test_a_published_table_gives_its_published_values(name: str, kappas: tuple, shares: tuple, gwets: tuple) -> None:
    table = rows(TABLES[name])
    ratings, order = expand(table), range(len(table))
    assert square_table(ratings, order=order).to_numpy().tolist() == table
    for weights, expected in zip(WEIGHTS, kappas, strict=True):
        assert weighted_kappa(ratings, order=order, weights=weights).value == pytest.approx(expected, abs=5e-5)
    for within, expected in enumerate(shares or ()):
        assert count_agreeing(ratings, order=order, within=within).share == pytest.approx(expected, abs=5e-5)
    for weights, expected in zip(WEIGHTS if gwets else (), gwets or (), strict=True):
        assert gwet_coefficient(ratings, order=order, weights=weights).value == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("weights", "error", "low", "high"), [(IDENTITY, 0.0724, 0.2030, 0.4868), (LINEAR, 0.0655, 0.3798, 0.6366)]
)
def test_the_standard_error_of_kappa_is_that_of_sas(weights: str, error: float, low: float, high: float) -> None:
    """The asymptotic one of Fleiss, Cohen and Everitt (1969), which leaves out the factor n / (n - 1)."""
    found = weighted_kappa(expand(rows(TABLES["SkinCondition"])), order=range(4), weights=weights)
    asymptotic = found.standard_error * math.sqrt((found.n - 1) / found.n)
    assert asymptotic == pytest.approx(error, abs=5e-5)
    assert found.value - 1.959964 * asymptotic == pytest.approx(low, abs=5e-5)
    assert found.value + 1.959964 * asymptotic == pytest.approx(high, abs=5e-5)


# R's package irr: 20 subjects each; a column for each rater.
VIDEO = columns(
    "4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4",
    "4 4 4 4 3 4 3 4 3 3 4 3 4 4 4 4 4 4 4 5",
    "3 4 5 4 2 3 2 3 3 3 3 3 4 4 3 4 4 4 4 5",
    "4 5 5 4 4 4 5 4 4 4 4 4 4 4 4 4 4 4 4 4",
)
ANXIETY = columns(
    "3 3 3 4 5 5 2 3 5 2 2 6 1 5 2 2 1 2 4 3", "3 6 4 6 2 4 2 4 3 3 2 3 3 3 2 2 1 3 3 4"
)  # the first two of its three raters
# Krippendorff (2011); and the example of three coders of Wikipedia's article on his alpha, and of Gwet (2014).
CANONICAL = columns(
    "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."
)
THREE_CODERS = columns(
    ". . . . . 3 4 1 2 1 1 3 3 . 3", "1 . 2 1 3 3 4 3 . . . . . . .", ". . 2 1 3 4 4 . 2 1 1 3 3 . 4"
)
FOUR_RATERS = columns(
    "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . .", ". 3 3 3 2 3 4 2 2 5 1 3", "1 2 3 3 2 4 4 1 2 5 1 ."
)


def test_the_canonical_data_of_krippendorff_give_his_values() -> None:
    published = {IDENTITY: 0.743, ORDINAL: 0.815, QUADRATIC: 0.849}
    for weights, expected in published.items():
        found = krippendorff_alpha(CANONICAL, order=range(1, 6), weights=weights)
        assert (found.value, found.n) == (pytest.approx(expected, abs=5e-4), 11)


def test_the_three_coders_give_their_published_values() -> None:
    for weights, expected in {IDENTITY: 0.691, ORDINAL: 0.8067, QUADRATIC: 0.811}.items():
        found = krippendorff_alpha(THREE_CODERS, order=range(1, 5), weights=weights)
        assert found.value == pytest.approx(expected, abs=5e-4)


def test_the_four_raters_of_gwet_give_his_values() -> None:
    """irrCAC's own tests; of 12 units one was graded by a single rater."""
    order = range(1, 6)
    gwet = [gwet_coefficient(FOUR_RATERS, order=order, weights=weights).value for weights in WEIGHTS]
    assert gwet == [pytest.approx(expected, abs=5e-5) for expected in (0.7754, 0.8587, 0.9140)]
    assert weighted_kappa(FOUR_RATERS, order=order, weights=IDENTITY).value == pytest.approx(0.7628, abs=5e-5)
    for weights, expected in {IDENTITY: 0.7434, QUADRATIC: 0.8491}.items():
        assert krippendorff_alpha(FOUR_RATERS, order=order, weights=weights).value == pytest.approx(expected, abs=5e-5)
    agreed = count_agreeing(FOUR_RATERS, order=order)
    assert (agreed.share, agreed.of) == (pytest.approx(0.818, abs=5e-4), 11)
    # What they share with Brennan and Prediger's coefficient, and with Fleiss's kappa, gives theirs.
    assert (agreed.share - 1 / 5) / (1 - 1 / 5) == pytest.approx(0.7727, abs=5e-5)
    by_chance = (agreed.share - gwet[0]) / (1 - gwet[0])
    assert by_chance == pytest.approx(0.190, abs=5e-4)
    of_fleiss = 1 - 4 * by_chance
    assert (agreed.share - of_fleiss) / (1 - of_fleiss) == pytest.approx(0.7612, abs=5e-5)


def test_kappa_is_low_and_gwets_coefficient_is_not_where_nearly_every_grade_is_one() -> None:
    """irr's video: 59 of 80 grades are one; published for the grades that were given, 2 to 5."""
    order = range(2, 6)
    assert count_agreeing(VIDEO, order=order).share == pytest.approx(0.592, abs=5e-4)
    assert count_agreeing(VIDEO, order=order, within=WITHIN_ONE_GRADE).share == pytest.approx(0.958, abs=5e-4)
    assert krippendorff_alpha(VIDEO, order=order).value == pytest.approx(0.119, abs=5e-4)
    assert weighted_kappa(VIDEO, order=order, weights=IDENTITY).value == pytest.approx(0.095, abs=5e-4)
    assert gwet_coefficient(VIDEO, order=order, weights=IDENTITY).value == pytest.approx(0.525, abs=5e-4)
    assert gwet_coefficient(VIDEO, order=order, weights=QUADRATIC).value == pytest.approx(0.892, abs=5e-4)


@pytest.mark.parametrize(
    ("coefficient", "weights", "error"),
    [
        (gwet_coefficient, IDENTITY, 0.09805),
        (gwet_coefficient, LINEAR, 0.06564),
        (gwet_coefficient, QUADRATIC, 0.04290),
        (weighted_kappa, IDENTITY, 0.03712),
        (weighted_kappa, LINEAR, 0.03378),
        (weighted_kappa, QUADRATIC, 0.06987),
    ],
)
def test_the_standard_error_is_that_of_irrcac(coefficient, weights: str, error: float) -> None:
    """Of the video data, where nothing is missing."""
    found = coefficient(VIDEO, order=range(2, 6), weights=weights)
    assert found.standard_error == pytest.approx(error, abs=5e-6)


def test_grades_that_nobody_gave_are_part_of_the_scale() -> None:
    """The video scale runs from 1 to 6: more ways to disagree by guessing, as irrCAC has it given all categories."""
    found = gwet_coefficient(VIDEO, order=range(1, 7), weights=IDENTITY)
    assert (found.value, found.standard_error) == (pytest.approx(0.55389, abs=5e-6), pytest.approx(0.08713, abs=5e-6))
    of_given, of_all = (weighted_kappa(VIDEO, order=order, weights=LINEAR) for order in (range(2, 6), range(1, 7)))
    assert of_given.value == pytest.approx(of_all.value)


def test_the_two_raters_of_anxiety_give_their_published_kappas() -> None:
    for weights, expected in {IDENTITY: 0.1195, LINEAR: 0.1892, QUADRATIC: 0.2968}.items():
        found = weighted_kappa(ANXIETY, order=range(1, 7), weights=weights)
        assert found.value == pytest.approx(expected, abs=5e-5)


# How many raters put each subject into each category: ten subjects and 14 raters, of Wikipedia's article on Fleiss's
# kappa; and 30 patients with six diagnoses of Fleiss (1971).
TEN_SUBJECTS = rows(
    "0 0 0 0 14/0 2 6 4 2/0 0 3 5 6/0 3 9 2 0/2 2 8 1 1/7 7 0 0 0/3 2 6 3 0/2 5 3 2 2/6 5 2 1 0/0 2 2 3 7"
)
DIAGNOSES = rows(
    "0 0 0 6 0/0 3 0 0 3/0 1 4 0 1/0 0 0 0 6/0 3 0 3 0/2 0 4 0 0/0 0 4 0 2/2 0 3 1 0/2 0 0 4 0/0 0 0 0 6/"
    "1 0 0 5 0/1 1 0 4 0/0 3 3 0 0/1 0 0 5 0/0 2 0 3 1/0 0 5 0 1/3 0 0 1 2/5 1 0 0 0/0 2 0 4 0/1 0 2 0 3/"
    "0 0 0 0 6/0 1 0 5 0/0 2 0 1 3/2 0 0 4 0/1 0 0 4 1/0 5 0 1 0/4 0 0 0 2/0 2 0 4 0/1 0 5 0 0/0 0 0 0 6"
)


@pytest.mark.parametrize(("counts", "expected"), [(TEN_SUBJECTS, 0.2099), (DIAGNOSES, 0.4302)])
def test_alpha_without_its_correction_for_few_grades_is_the_kappa_of_fleiss(
    counts: list[list[int]], expected: float
) -> None:
    ratings = [[grade for grade, count in enumerate(row) for _ in range(count)] for row in counts]
    alpha = krippendorff_alpha(ratings, order=range(5), weights=IDENTITY).value
    number = np.sum(counts)
    assert 1 - (1 - alpha) * number / (number - 1) == pytest.approx(expected, abs=5e-5)
    assert fleiss_kappa(aggregate_raters(np.array(ratings))[0]) == pytest.approx(expected, abs=5e-5)


def test_the_alphabet_is_not_the_order_of_grades() -> None:
    table = rows(TABLES["SkinCondition"])
    words = [[GRADES[i], GRADES[j]] for i, j in expand(table)]
    for coefficient in (weighted_kappa, gwet_coefficient, krippendorff_alpha):
        found = coefficient(words, order=GRADES).value
        assert found == coefficient(expand(table), order=range(4)).value
        assert coefficient(words, order=sorted(GRADES)).value < found - 0.2
    assert gwet_coefficient(words, order=GRADES).value == pytest.approx(0.7179, abs=5e-5)
    assert square_table(words, order=GRADES).index.tolist() == list(GRADES)
    assert count_agreeing(words, order=GRADES, within=WITHIN_ONE_GRADE).share == pytest.approx(0.9205, abs=5e-5)


# Shares.


@pytest.mark.parametrize(
    ("agreed", "of", "low", "high"),
    [(5, 7, 0.36, 0.92), (6, 7, 0.49, 0.97), (17, 21, 0.60, 0.92), (67, 84, 0.70, 0.87), (22, 24, 0.74, 0.98)],
)
def test_the_share_of_two_raters_has_wilsons_interval(agreed: int, of: int, low: float, high: float) -> None:
    ratings = [["Good", "Good"]] * agreed + [["Good", "Inadequate"]] * (of - agreed)
    found = count_agreeing(ratings, order=GRADES)
    assert (found.n, found.of, found.cases, found.reason) == (agreed, of, of, "")
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)
    assert (found.low, found.high) == tuple(float(limit) for limit in wilson_interval(agreed, of))


def test_the_share_of_judgements_that_cluster_has_the_clustered_interval() -> None:
    x, m = np.array([3, 0, 2, 3, 1]), np.array([3, 3, 2, 4, 2])
    ratings = [["Good", "Good" if i < n else "Inadequate"] for n, of in zip(x, m, strict=True) for i in range(of)]
    found = count_agreeing(ratings, order=GRADES, clusters=np.repeat(list("abcde"), m))
    expected = clustered_interval(9, 14, 5, (x * x).sum(), (x * m).sum(), (m * m).sum())
    assert (found.n, found.of, found.cases) == (9, 14, 5)
    assert (found.low, found.high) == (pytest.approx(float(expected[0])), pytest.approx(float(expected[1])))
    assert found.high - found.low > np.diff(np.array(wilson_interval(9, 14)))


# Directions, and tests of tables.


def test_the_tests_of_a_table_give_the_published_values() -> None:
    """Vision of 7477 women: Stuart (1955), and Agresti."""
    table = rows(TABLES["vision"])
    found = bowker_test(table)
    assert found == (pytest.approx(19.107, abs=5e-4), 6, pytest.approx(0.0040, abs=5e-5), "")
    found = stuart_maxwell_test(table)
    assert found == (pytest.approx(11.957, abs=5e-4), 3, pytest.approx(0.0075, abs=5e-5), "")


@pytest.mark.parametrize("name", [name for name in TABLES if name != "three abstractors"])
def test_the_tests_of_a_table_are_those_of_statsmodels(name: str) -> None:
    table = np.array(rows(TABLES[name]))
    oracle = SquareTable(table, shift_zeros=False)
    assert bowker_test(table).statistic == pytest.approx(oracle.symmetry().statistic)
    found = stuart_maxwell_test(table)
    assert found[:3] == (
        pytest.approx(oracle.homogeneity().statistic),
        oracle.homogeneity().df,
        pytest.approx(oracle.homogeneity().pvalue),
    )


def test_grades_that_nobody_gave_change_no_test_of_a_table() -> None:
    small = [[9, 5, 1], [1, 8, 2], [0, 3, 4]]
    large = np.zeros((5, 5), dtype=int)
    large[np.ix_([0, 2, 3], [0, 2, 3])] = small
    for test in (bowker_test, stuart_maxwell_test):
        assert [*test(large)[:3]] == pytest.approx([*test(small)[:3]])


def test_a_table_in_which_nothing_moved_is_answered_in_words() -> None:
    for test in (bowker_test, stuart_maxwell_test):
        for table, reason in ((np.diag([0, 4, 9, 0]), NO_MOVE), (np.zeros((4, 4)), NO_PAIR)):
            found = test(table)
            assert (found.degrees_of_freedom, found.reason) == (0, reason)
            assert math.isnan(found.statistic)
            assert math.isnan(found.p)


def test_better_is_up() -> None:
    moves = count_moves([["Inadequate", "Good"], ["Good", "Good"], ["Good", "Outstanding"]], order=GRADES)
    assert (moves.up, moves.same, moves.down) == (2, 1, 0)


def test_the_sign_test_is_exact_and_counts_both_sides() -> None:
    ratings = [["Good", "Inadequate"]] * 8 + [["Inadequate", "Good"]] + [["Good", "Good"]] * 20
    assert count_moves(ratings, order=GRADES).p == pytest.approx(2 * (1 + 9) / 2**9)


def test_an_audit_has_one_vote() -> None:
    """Twelve lowered judgements on two audits are two votes; an audit moved as often both ways has none."""
    lowered, lifted = ["Good", "Requires improvement"], ["Inadequate", "Good"]
    ratings = [lowered] * 12 + [lowered, lifted] + [lifted, lifted, lowered]
    audits = ["a"] * 6 + ["b"] * 6 + ["c"] * 2 + ["d"] * 3
    moves = count_moves(ratings, order=GRADES, clusters=audits)
    assert moves == (3, 0, 14, 1, 2, pytest.approx(1.0), "")
    assert count_moves(ratings, order=GRADES).p < 0.05


def test_where_nothing_leans_there_is_a_reason_and_no_p() -> None:
    both_ways = [["Good", "Inadequate"], ["Inadequate", "Good"]]
    for ratings, reason in ((both_ways, NO_LEAN), ([["Good", "Good"]], NO_MOVE), ([["Good", None]], NO_PAIR)):
        moves = count_moves(ratings, order=GRADES, clusters=["a"] * len(ratings))
        assert moves.reason == reason
        assert math.isnan(moves.p)


# Where there is no coefficient.


def assert_there_is_none(found: Coefficient, reason: str) -> None:
    assert found.reason == reason
    assert all(math.isnan(part) for part in found[:4])


@pytest.mark.parametrize(("coefficient", "weights"), EVERY_COEFFICIENT)
def test_where_there_is_no_coefficient_there_is_a_reason(coefficient, weights: str) -> None:
    def find(ratings: object, **clusters: object) -> Coefficient:
        return coefficient(ratings, order=GRADES, weights=weights, **clusters)

    apart = [["Good", "Good"], ["Good", "Inadequate"], ["Outstanding", "Outstanding"]]
    assert_there_is_none(find(pd.DataFrame({"auditor": [], "moderator": []})), NO_PAIR)
    assert_there_is_none(find([[None, None]] * 20), NO_PAIR)
    assert_there_is_none(find([["Good", None]] * 10 + [[None, "Good"]] * 10), NO_PAIR)
    assert_there_is_none(find([["Good", None]] * 20), ONE_RATER)
    assert_there_is_none(find([["Good"]] * 20), ONE_RATER)
    assert_there_is_none(find(apart * 3), TOO_FEW_CASES)
    assert_there_is_none(find(apart * 9, clusters=list("abcdefghi") * 3), TOO_FEW_CASES)
    assert TOO_FEW_CASES == "fewer than 10 audits were graded by two raters"
    assert find([*apart * 3, apart[0]]).reason == ""


def test_one_grade_for_all_leaves_kappa_undefined_and_gwets_coefficient_1() -> None:
    ratings = [["Requires improvement"] * 2] * 12
    for coefficient, weights in EVERY_COEFFICIENT:
        found = coefficient(ratings, order=GRADES, weights=weights)
        if coefficient is gwet_coefficient:
            assert found.value == found.high == 1
            assert 0.5 < found.low < 0.9
        else:
            assert_there_is_none(found, ONE_GRADE)


def test_a_share_of_nothing_is_answered_in_words() -> None:
    for ratings in (pd.DataFrame({"auditor": [], "moderator": []}), [["Good", None]] * 3, [["Good"]] * 3):
        found = count_agreeing(ratings, order=GRADES)
        assert (found.n, found.of, found.cases, found.reason) == (0, 0, 0, NO_PAIR)
        assert all(math.isnan(part) for part in (found.share, found.low, found.high))


def test_an_argument_that_is_wrong_is_refused_and_no_grade_repeated() -> None:
    for wrong in ("Goood", "a name"):
        with pytest.raises(ArgumentError, match="not in order") as refused:
            weighted_kappa([["Good", wrong]], order=GRADES)
        assert wrong not in str(refused.value)
    with pytest.raises(ArgumentError, match="at least two"):
        rank_ratings([["Good"]], order=("Good",))
    with pytest.raises(ArgumentError, match="each once"):
        rank_ratings([["Good"]], order=("Good", "Poor", "Good"))
    with pytest.raises(ArgumentError, match="two columns"):
        square_table([["Good"] * 3], order=GRADES)
    with pytest.raises(ArgumentError, match="audit of each row: 1; not 2"):
        count_agreeing([["Good", "Good"]], order=GRADES, clusters=["a", "b"])
    with pytest.raises(ChoiceError, match="identity, linear or quadratic; not 'ordinal'"):
        gwet_coefficient([["Good", "Good"]], order=GRADES, weights=ORDINAL)


def test_frames_of_words_with_their_missing_values_are_read_as_they_are() -> None:
    frame = pd.DataFrame({"grade": ["Good", None, "Inadequate"], "moderated_grade": [pd.NA, "Good", "Good"]})
    assert rank_ratings(frame, order=GRADES)[2].tolist() == [3, 1]
    assert np.isnan(rank_ratings(frame, order=GRADES)).sum() == 2
    for kind in (pd.CategoricalDtype(GRADES, ordered=True), "string"):
        assert square_table(frame.astype(kind), order=GRADES).equals(square_table(frame, order=GRADES))


# What must hold of any ratings.

GRADE = st.integers(0, 3)
PAIRS = st.lists(st.tuples(GRADE, GRADE), min_size=10, max_size=30)
MAYBE = st.one_of(st.none(), GRADE)
SEVERAL = st.integers(2, 4).flatmap(lambda raters: st.lists(st.tuples(*[MAYBE] * raters), min_size=10, max_size=30))
CHOSEN = st.sampled_from(EVERY_COEFFICIENT)


def close(first: tuple, second: tuple) -> bool:
    return first[-1] == second[-1] and first[:-1] == pytest.approx(second[:-1], nan_ok=True, abs=1e-9)


@given(PAIRS, CHOSEN)
def test_a_coefficient_lies_between_minus_1_and_1_and_its_interval_around_it(pairs, chosen) -> None:
    found = chosen[0](pairs, order=range(4), weights=chosen[1])
    assume(not found.reason)
    assert -1 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert found.low < found.high
    assert (found.value > 1 - 1e-12) == all(first == second for first, second in pairs)


@given(SEVERAL, CHOSEN)
def test_a_coefficient_of_several_raters_is_1_only_where_all_agree(ratings, chosen) -> None:
    found = chosen[0](ratings, order=range(4), weights=chosen[1])
    assume(not found.reason)
    assert found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert found.low < found.high
    assert (found.value > 1 - 1e-12) == all(len(set(row) - {None}) <= 1 for row in ratings)


@given(SEVERAL, CHOSEN, st.randoms(use_true_random=False))
def test_neither_raters_nor_subjects_have_an_order(ratings, chosen, random) -> None:
    shuffled = random.sample(ratings, len(ratings))
    swapped = [row[::-1] for row in ratings]
    turned = [tuple(None if grade is None else 3 - grade for grade in row) for row in ratings]
    for again in (shuffled, swapped, turned):
        assert close(
            chosen[0](again, order=range(4), weights=chosen[1]), chosen[0](ratings, order=range(4), weights=chosen[1])
        )
        assert close(count_agreeing(again, order=range(4)), count_agreeing(ratings, order=range(4)))


@given(PAIRS)
def test_the_tests_of_a_table_do_not_ask_who_was_first_and_moves_do(pairs) -> None:
    table = square_table(pairs, order=range(4))
    for test in (bowker_test, stuart_maxwell_test):
        assert close(test(table), test(table.T))
    there, back = count_moves(pairs, order=range(4)), count_moves([pair[::-1] for pair in pairs], order=range(4))
    assert (there.up, there.same, there.down, there.cases_up) == (back.down, back.same, back.up, back.cases_down)
    assert there.p == pytest.approx(back.p, nan_ok=True)


@given(SEVERAL)
def test_as_many_agree_within_one_grade_as_agree(ratings) -> None:
    exact, adjacent = (count_agreeing(ratings, order=range(4), within=within) for within in (0, 1))
    assume(exact.of)
    assert exact.n <= adjacent.n
    assert exact.low <= exact.share + 1e-12
    assert exact.share - 1e-12 <= exact.high


@given(PAIRS, st.sampled_from(WEIGHTS))
def test_kappa_of_two_raters_is_that_of_statsmodels(pairs, weights: str) -> None:
    found = weighted_kappa(pairs, order=range(4), weights=weights)
    assume(not found.reason)
    table = square_table(pairs, order=range(4))
    with np.errstate(all="ignore"):  # its variance, a difference of like numbers, may come out a hair below 0
        oracle = cohens_kappa(table.to_numpy(), wt=None if weights == IDENTITY else weights)
    assert found.value == pytest.approx(oracle.kappa, abs=1e-9)
    variance = max(oracle.var_kappa, 0) * len(pairs) / (len(pairs) - 1)
    assert found.standard_error == pytest.approx(math.sqrt(variance), abs=1e-6)


@given(PAIRS)
def test_stuart_maxwell_is_that_of_statsmodels_where_that_has_an_answer(pairs) -> None:
    table = square_table(pairs, order=range(4)).to_numpy()
    found = stuart_maxwell_test(table)
    assume(found.degrees_of_freedom == 3)
    assert found.statistic == pytest.approx(SquareTable(table, shift_zeros=False).homogeneity().statistic, abs=1e-9)


@given(st.lists(st.tuples(GRADE, GRADE), min_size=10, max_size=19), st.integers(2, 6), CHOSEN)
def test_copies_of_each_audits_judgement_make_no_interval_narrower(pairs, copies: int, chosen) -> None:
    once = chosen[0](pairs, order=range(4), weights=chosen[1])
    assume(not once.reason)
    clusters = [audit for audit in range(len(pairs)) for _ in range(copies)]
    often = chosen[0](np.repeat(pairs, copies, axis=0), order=range(4), weights=chosen[1], clusters=clusters)
    assert (often.n, often.cases) == (len(pairs) * copies, len(pairs))
    if chosen[0] is not krippendorff_alpha:  # which is corrected for the number of grades
        assert (often.low, often.high) == (pytest.approx(once.low), pytest.approx(once.high))


@given(PAIRS, st.lists(GRADE, min_size=1, max_size=40), CHOSEN)
def test_what_one_of_two_raters_graded_alone_changes_nothing(pairs, alone, chosen) -> None:
    more = [*pairs, *((grade, None) for grade in alone)]
    assert close(*(chosen[0](ratings, order=range(4), weights=chosen[1]) for ratings in (pairs, more)))


# The interval of a coefficient.


def test_where_all_agree_the_interval_is_wilsons_of_no_disagreement() -> None:
    """Divided by what chance would give: nothing by Gwet's reckoning, half of the pairs by that of kappa."""
    found = gwet_coefficient([["Good", "Good"]] * 12, order=GRADES, weights=IDENTITY)
    assert found.low == pytest.approx(float(wilson_interval(12, 12)[0]))
    found = weighted_kappa([["Good", "Good"], ["Inadequate", "Inadequate"]] * 10, order=GRADES, weights=IDENTITY)
    assert (found.standard_error, found.high) == (0, 1)
    assert found.low == pytest.approx(1 - 2 * float(wilson_interval(0, 20)[1]))


def test_the_interval_is_wilsons_at_the_number_that_the_standard_error_is_worth() -> None:
    """SkinCondition, written out; 1.95996 and 1.98761 are the quantiles of the normal and of Student's with 87."""
    table = np.array(rows(TABLES["SkinCondition"])) / 88
    observed, chance = 1 - np.trace(table), 1 - table.sum(axis=0) @ table.sum(axis=1)
    found = weighted_kappa(expand(rows(TABLES["SkinCondition"])), order=range(4), weights=IDENTITY)
    worth = observed * (1 - observed) / (found.standard_error * chance) ** 2 * (1.959964 / 1.987608) ** 2
    assert worth < 88 / chance
    low, high = wilson_interval(observed * worth, worth)
    assert (found.low, found.high) == (
        pytest.approx(1 - high / chance, abs=1e-6),
        pytest.approx(1 - low / chance, abs=1e-6),
    )


def test_judgements_count_one_by_one_only_where_twenty_audits_show_how_they_cluster() -> None:
    """One of five judgements is moved on every audit, so they do not cluster at all."""

    def find(audits: int) -> Coefficient:
        ratings = ([["Good", "Good"], ["Inadequate", "Inadequate"]] * 2 + [["Good", "Inadequate"]]) * audits
        return weighted_kappa(ratings, order=GRADES, weights=IDENTITY, clusters=np.repeat(np.arange(audits), 5))

    widths = [find(audits).high - find(audits).low for audits in (19, 20)]
    assert widths[0] > 2 * widths[1]


# How often the interval holds the true coefficient.


class Setting(NamedTuple):
    """What is true of an audit: how often each grade is, how often a rater is one step off, and how often anywhere."""

    name: str
    grades: tuple[float, ...]
    one_step: float
    anywhere: float
    raters: int = 2


class Cell(NamedTuple):
    """A setting, a design and a coefficient, and in how many samples each interval held the true value."""

    setting: str
    audits: int
    judgements: int
    correlation: float
    coefficient: str
    true: float
    samples: int
    covered: int
    covered_by_student: int
    without_width: int
    width: float


SETTINGS = (
    Setting("balanced", (0.25, 0.25, 0.25, 0.25), 0.2, 0.02),
    Setting("uneven", (0.05, 0.40, 0.40, 0.15), 0.15, 0.01),
    Setting("nearly all one grade", (0.01, 0.04, 0.92, 0.03), 0.04, 0.0),
    Setting("nearly all agree", (0.10, 0.40, 0.35, 0.15), 0.02, 0.0),
    Setting("four raters", (0.05, 0.40, 0.40, 0.15), 0.15, 0.01, raters=4),
)
DESIGNS = [(audits, *cluster) for audits in (10, 20, 50) for cluster in ((1, 0.0), (5, 0.1), (5, 0.3))]
SHOWN = {
    "kappa": (weighted_kappa, IDENTITY),
    "kappa linear": (weighted_kappa, LINEAR),
    "kappa quadratic": (weighted_kappa, QUADRATIC),
    "AC1": (gwet_coefficient, IDENTITY),
    "AC2 linear": (gwet_coefficient, LINEAR),
    "AC2 quadratic": (gwet_coefficient, QUADRATIC),
    "alpha ordinal": (krippendorff_alpha, ORDINAL),
}


def habits(setting: Setting) -> np.ndarray:
    """How often a rater gives each grade where each is true."""
    steps = np.abs(np.subtract.outer(range(4), range(4)))
    near = (steps == 1) / (steps == 1).sum(axis=1, keepdims=True)
    return np.eye(4) * (1 - setting.one_step - setting.anywhere) + near * setting.one_step + setting.anywhere / 4


def true_value(setting: Setting, name: str) -> float:
    """The coefficient of all audits there could be, by the textbook; chance is the same for all these raters."""
    rates = habits(setting)
    table = rates.T @ np.diag(setting.grades) @ rates
    share, steps = table.sum(axis=0), np.abs(np.subtract.outer(range(4), range(4))) / 3
    middles = share.cumsum() - share / 2
    weights = SHOWN[name][1]
    distances = {
        IDENTITY: (steps > 0) * 1.0,
        LINEAR: steps,
        QUADRATIC: steps**2,
        ORDINAL: np.subtract.outer(middles, middles) ** 2,
    }[weights]
    chance = share @ distances @ share
    if name.startswith("AC"):
        chance = 1 - (1 - distances).sum() / 12 * (share * (1 - share)).sum()
    return float(1 - (table * distances).sum() / chance)


def draw_ratings(random: np.random.Generator, setting: Setting, audits: int, judgements: int, correlation: float):
    """Draw so many judgements on each audit; some are copies of one, so that any two correlate as they should."""
    truth = random.choice(4, size=(audits, judgements + 1), p=setting.grades)
    limits = habits(setting).cumsum(axis=1)[truth]
    drawn = (random.random((*truth.shape, setting.raters))[..., None] > limits[:, :, None, :]).sum(axis=3)
    copied = random.random((audits, judgements)) < math.sqrt(correlation)
    return np.where(copied[:, :, None], drawn[:, :1], drawn[:, 1:]).reshape(-1, setting.raters)


def simulate_cell(random: np.random.Generator, setting: Setting, design: tuple, name: str, *, samples: int) -> Cell:
    """Count the samples whose interval, and whose interval of Student's, held the true value."""
    from scipy.stats import t

    audits, judgements, correlation = design
    (coefficient, weights), true = SHOWN[name], true_value(setting, name)
    drawn = (draw_ratings(random, setting, *design) for _ in range(samples))
    clusters = np.repeat(np.arange(audits), judgements)
    found = [coefficient(ratings, order=range(4), weights=weights, clusters=clusters) for ratings in drawn]
    known = [each for each in found if not each.reason]
    student = t.ppf(0.975, audits - 1)
    return Cell(
        *(setting.name, audits, judgements, correlation, name, true, len(known)),
        covered=sum(each.low <= true <= each.high for each in known),
        covered_by_student=sum(abs(each.value - true) <= student * each.standard_error for each in known),
        without_width=sum(each.low == each.high for each in known),
        width=float(np.mean([each.high - each.low for each in known])),
    )


def simulate_coverage(
    settings: tuple = SETTINGS, designs: list = DESIGNS, names: tuple = tuple(SHOWN), *, samples: int, seed: int = 1
) -> list[Cell]:
    random = np.random.default_rng(seed)
    cells = itertools.product(settings, designs, names)
    return [simulate_cell(random, *cell, samples=samples) for cell in cells]


def test_the_true_value_of_the_simulation_is_that_of_a_large_sample() -> None:
    random = np.random.default_rng(3)
    for setting in SETTINGS:
        ratings = draw_ratings(random, setting, 4_000, 1, 0.0)
        for name, (coefficient, weights) in SHOWN.items():
            found = coefficient(ratings, order=range(4), weights=weights)
            assert found.value == pytest.approx(true_value(setting, name), abs=4 * found.standard_error)


def test_the_interval_holds_the_true_coefficient_as_often_as_it_says_and_always_has_a_width() -> None:
    """A small part of what the script prints; Student's interval is the one that Gwet's software gives."""
    designs, names = [(12, 1, 0.0), (20, 5, 0.3)], ("kappa linear", "AC2 quadratic")
    cells = simulate_coverage(SETTINGS[1:4], designs, names, samples=150)
    samples, covered, by_student = (sum(cell[place] for cell in cells) for place in (6, 7, 8))
    assert samples > 1_500
    assert sum(cell.without_width for cell in cells) == 0
    assert covered / samples >= 0.95
    assert by_student / samples <= 0.90
    assert min(cell.covered / cell.samples for cell in cells) >= 0.90


def print_coverage(samples: int) -> None:
    cells = pd.DataFrame(simulate_coverage(samples=samples))
    cells["interval"], cells["student"] = (cells[name] / cells["samples"] for name in ("covered", "covered_by_student"))
    for by in ("setting", ["audits", "judgements", "correlation"], "coefficient"):
        parts = cells.groupby(by, sort=False)[["interval", "student", "width"]]
        print(parts.agg({"interval": ["mean", "min"], "student": ["mean", "min"], "width": "mean"}).round(3), "\n")
    low = (cells["interval"] < 0.93).mean()
    print(
        f"{len(cells)} combinations of {samples} samples; below 0.93: {low:.1%}; without width: {cells.without_width.sum()}"
    )
    print(cells.sort_values("interval").head(10).round(3).to_string())


if __name__ == "__main__":
    print_coverage(1000)
