"""Published reference values, and the properties that a comparison must have."""

import csv
import math
import warnings

import numpy as np
import pytest
from conftest import SHARED
from hypothesis import assume, given
from hypothesis import strategies as st

from auditanalytics.comparisons import (
    POWER,
    difference_interval,
    family_confidence,
    sample_size_for_change,
    smallest_detectable_change,
    trend_test,
)
from auditanalytics.intervals import CONFIDENCE, wilson_interval

# Newcombe (1998), Statistics in Medicine 17, table II, method 10: the first share less the second.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1),
    (10, 10, 0, 10, 0.6075, 1),
]

SHARE = st.floats(0, 1)
INNER_SHARE = st.floats(0.02, 0.98)
SIZE = st.floats(0.5, 500)
SERIES = st.lists(st.tuples(SHARE, SIZE), min_size=2, max_size=8).map(
    lambda rows: tuple(map(np.array, zip(*rows, strict=True)))
)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize(("x_after", "n_after", "x_before", "n_before", "low", "high"), NEWCOMBE)
def test_the_difference_has_the_published_limits(x_after, n_after, x_before, n_before, low, high) -> None:
    found = difference_interval(x_before / n_before, n_before, x_after / n_after, n_after)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_there_is_no_difference_from_nothing() -> None:
    assert np.isnan(difference_interval(0, 0, 0.5, 10)).all()
    assert np.isnan(difference_interval(0.5, 10, np.nan, 0)).all()
    assert np.isnan(difference_interval(0.5, 10, np.nan, 10)).all()


def test_many_differences_at_once_are_as_one_by_one() -> None:
    before, after, n = np.array([0.2, 0.0, 0.7]), np.array([0.3, 1.0, 0.7]), np.array([12.5, 0, 40])
    low, high = difference_interval(before, n, after, 20)
    for at in range(3):
        alone = difference_interval(before[at], n[at], after[at], 20)
        assert np.array_equal(alone, (low[at], high[at]), equal_nan=True)


@given(SHARE, SIZE, SHARE, SIZE)
def test_the_interval_holds_the_difference_and_stays_on_the_scale(before, n_before, after, n_after) -> None:
    low, high = difference_interval(before, n_before, after, n_after)
    assert -1 <= low <= after - before <= high <= 1


@given(SHARE, SIZE, SHARE, SIZE)
def test_there_and_back_are_mirrored(before, n_before, after, n_after) -> None:
    low, high = difference_interval(before, n_before, after, n_after)
    assert (-high, -low) == difference_interval(after, n_after, before, n_before)


@given(SHARE, SIZE, SHARE, SIZE, st.floats(1, 10))
def test_more_judgements_never_widen_the_interval(before, n_before, after, n_after, times) -> None:
    low, high = difference_interval(before, n_before, after, n_after)
    closer_low, closer_high = difference_interval(before, n_before * times, after, n_after * times)
    assert closer_high - closer_low <= high - low + 1e-9


@given(SHARE, SIZE, SHARE, SIZE, st.integers(1, 60))
def test_more_comparisons_never_narrow_the_interval(before, n_before, after, n_after, comparisons) -> None:
    low, high = difference_interval(before, n_before, after, n_after)
    of_all = difference_interval(before, n_before, after, n_after, confidence=family_confidence(comparisons))
    assert of_all[0] <= low + 1e-12
    assert of_all[1] >= high - 1e-12


@given(SHARE, SIZE)
def test_against_a_huge_sample_the_difference_is_as_sure_as_the_share(share, n) -> None:
    difference = np.array(difference_interval(0.5, 1e12, share, n))
    assert difference + 0.5 == pytest.approx(np.array(wilson_interval(share * n, n)), abs=1e-5)


def test_a_family_of_one_has_the_usual_confidence() -> None:
    assert family_confidence(1) == pytest.approx(CONFIDENCE)
    assert family_confidence(0) == family_confidence(1)
    assert family_confidence(50) == pytest.approx(0.999)


# R's prop.trend.test on the smokers of ?prop.test; SAS's documentation of PROC FREQ, example of the Cochran-Armitage
# test; Agresti's (2002) table of alcohol and malformation, with his scores.
TRENDS = [
    ([83, 90, 129, 70], [86, 93, 136, 82], None, -math.sqrt(8.2249), 0.004132),
    ([6, 7, 9, 14, 23], [32, 33, 32, 32, 32], None, 4.7918, 1.65e-6),
    ([48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38], [0, 0.5, 1.5, 4, 7], math.sqrt(6.5701), 0.0104),
]


@pytest.mark.parametrize(("counted", "of", "score", "z", "p"), TRENDS)
def test_the_trend_has_the_published_z_and_p(counted, of, score, z, p) -> None:
    found = trend_test(np.array(counted) / of, of, score)
    assert found.z == pytest.approx(z, abs=5e-5)
    assert found.p == pytest.approx(p, rel=5e-3)


def test_a_quarter_without_judgements_keeps_its_place() -> None:
    gap = trend_test([0.2, np.nan, 0.5, 0.6], [20, 0, 20, 20])
    assert gap == trend_test([0.2, 0.5, 0.6], [20, 20, 20], [0, 2, 3])
    assert gap == trend_test([0.2, 0.9, 0.5, 0.6], [20, 0, 20, 20])
    assert gap == trend_test([0.2, np.nan, 0.5, 0.6], [20, 7, 20, 20])
    assert gap.z != pytest.approx(trend_test([0.2, 0.5, 0.6], [20, 20, 20]).z)


@pytest.mark.parametrize(
    ("share", "n"),
    [([], []), ([0.4], [10]), ([0.4, np.nan], [10, 0]), ([0, 0, 0], [9, 8, 7]), ([1, 1, 1], [9.1, 8.2, 7.3])],
)
def test_a_series_in_which_nothing_varies_shows_no_trend(share, n) -> None:
    assert trend_test(share, n) == (0, 1)


def test_quarters_that_stand_in_the_same_place_show_no_trend() -> None:
    assert trend_test([0.2, 0.8], [20, 20], [3, 3]) == (0, 1)


@given(SERIES)
def test_a_trend_backwards_is_the_trend_turned_round(series) -> None:
    share, n = series
    forwards, backwards = trend_test(share, n), trend_test(share[::-1], n[::-1])
    assert backwards.z == pytest.approx(-forwards.z, abs=1e-6)
    assert 0 <= forwards.p <= 1


@given(SERIES, st.floats(0.1, 10), st.floats(-100, 100))
def test_where_the_scores_start_and_their_unit_do_not_matter(series, unit, start) -> None:
    share, n = series
    assert trend_test(share, n, start + unit * np.arange(len(n))).z == pytest.approx(trend_test(share, n).z, abs=1e-6)


@given(SERIES)
def test_four_times_the_judgements_double_z(series) -> None:
    share, n = series
    assert trend_test(share, 4 * n).z == pytest.approx(2 * trend_test(share, n).z, abs=1e-6)


@pytest.mark.parametrize(("n", "higher"), [(24, 0.74), (41, 0.65), (60, 0.60)])
def test_what_would_have_been_seen_is_as_reckoned_before(n, higher) -> None:
    assert round(float(smallest_detectable_change(0.35, n, n)[1]), 2) == higher


def test_the_effect_is_that_of_the_library() -> None:
    """statsmodels' solver, which also counts the changes found on the wrong side; they are next to none."""
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    lower, higher = smallest_detectable_change(0.5, 30, 50)
    needed = NormalIndPower().solve_power(nobs1=30, ratio=50 / 30, alpha=0.05, power=POWER)
    assert proportion_effectsize(float(higher), 0.5) == pytest.approx(needed, abs=1e-4)
    assert proportion_effectsize(0.5, float(lower)) == pytest.approx(needed, abs=1e-4)


@given(SHARE, SIZE, SIZE)
def test_a_change_that_would_be_seen_lies_on_either_side_or_nowhere(share, before, after) -> None:
    lower, higher = smallest_detectable_change(share, before, after)
    assert np.isnan(lower) or 0 <= lower < share
    assert np.isnan(higher) or share < higher <= 1


@given(INNER_SHARE, SIZE, st.floats(1.1, 10))
def test_more_judgements_see_smaller_changes(share, n, times) -> None:
    near, far = smallest_detectable_change(share, n * times, n * times), smallest_detectable_change(share, n, n)
    assert np.isnan(far[0]) or near[0] > far[0]
    assert np.isnan(far[1]) or near[1] < far[1]


def test_nothing_can_be_seen_from_nothing() -> None:
    assert np.isnan(smallest_detectable_change(0.4, 0, 30)).all()
    assert np.isnan(smallest_detectable_change(np.nan, 30, 30)).all()


@given(INNER_SHARE, SIZE, st.sampled_from([0, 1]), st.floats(0.6, 0.95))
def test_the_size_needed_is_the_inverse_of_what_can_be_seen(share, n, side, power) -> None:
    found = float(smallest_detectable_change(share, n, n, power=power, confidence=0.9)[side])
    assume(0.001 < found < 0.999)
    assert sample_size_for_change(share, found - share, power=power, confidence=0.9) == pytest.approx(n, rel=1e-6)


def test_no_size_shows_a_change_off_the_scale_or_none() -> None:
    assert math.isnan(sample_size_for_change(0.9, 0.2))
    assert math.isnan(sample_size_for_change(0.1, -0.2))
    assert sample_size_for_change(0.5, 0) == math.inf
    assert sample_size_for_change(0.9, 0.1) > 0


# What the published table of 2019 can bear, by the 96 audits that fit it best.
FITTED = SHARED / "reference" / "solution_C_best_fit_96.csv"
DOMAINS = ("risk", "assessments", "plans", "reviews", "collaboration")


@pytest.fixture(scope="module")
def fitted() -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    """The shares and the numbers graded, quarter by quarter, of each domain and tail."""
    if not FITTED.exists():
        pytest.skip("needs ../shared/reference/solution_C_best_fit_96.csv, which is not here")
    with FITTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    graded = {domain: np.array([float(r["graded"]) for r in rows if r["domain"] == domain]) for domain in DOMAINS}
    return {
        (domain, tail): (
            np.array([float(row[tail]) for row in rows if row["domain"] == domain]) / graded[domain],
            graded[domain],
        )
        for domain in DOMAINS
        for tail in ("good", "inadequate")
    }


def test_no_series_of_2019_shows_a_trend(fitted) -> None:
    p = [trend_test(share, n).p for share, n in fitted.values()]
    assert len(p) == 10
    assert min(p) == pytest.approx(0.142, abs=5e-4)
    assert max(p) == pytest.approx(0.93, abs=5e-3)
    assert all(min(1, len(p) * each) == 1 for each in p)


def test_no_first_and_last_quarter_of_2019_differ(fitted) -> None:
    for share, n in fitted.values():
        low, high = difference_interval(share[0], n[0], share[-1], n[-1])
        assert low < 0 < high


@pytest.mark.parametrize(
    ("domain", "tail", "points", "low", "high"),
    [("assessments", "good", -26, -49, 2), ("reviews", "good", -23, -46, 4), ("plans", "inadequate", 20, -3, 42)],
)
def test_the_largest_movements_of_2019(fitted, domain, tail, points, low, high) -> None:
    share, n = fitted[domain, tail]
    found = np.array([share[-1] - share[0], *difference_interval(share[0], n[0], share[-1], n[-1])])
    assert (100 * found).round().tolist() == [points, low, high]
