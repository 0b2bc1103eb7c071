"""The published limits, and the behaviour of each rule: what it marks, and what it must leave alone."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from auditanalytics.control_charts import (
    FALLING,
    NEAR_A_LIMIT,
    NO_SIGNAL,
    ON_ONE_SIDE,
    OUTSIDE_THE_LIMITS,
    RISING,
    Signal,
    fewest_crossings,
    longest_run_limit,
    p_chart_limits,
    read_run_chart,
    special_causes,
)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# The vignette of Anhøj's R package qicharts2, appendix 2: the last number of useful observations for which a run may be
# so long; and the fewest crossings, from 10 useful observations on.
LONGEST_RUNS = [(10, 11, 6), (12, 22, 7), (23, 45, 8), (46, 90, 9), (91, 100, 10)]
FEWEST_CROSSINGS = """
2 2 3 3 4 4 4 5 5 6 6 6 7 7 8 8 8 9 9 10 10 11 11 11 12 12 13 13 14 14 14 15 15 16 16 17 17 17 18 18 19 19 20 20 21 21
21 22 22 23 23 24 24 25 25 25 26 26 27 27 28 28 29 29 29 30 30 31 31 32 32 33 33 34 34 34 35 35 36 36 37 37 38 38 39 39
39 40 40 41 41
"""


@pytest.mark.parametrize(("first", "last", "limit"), LONGEST_RUNS)
def test_the_longest_run_is_limited_as_published(first: int, last: int, limit: int) -> None:
    assert {longest_run_limit(useful) for useful in range(first, last + 1)} == {limit}


def test_the_fewest_crossings_are_as_published() -> None:
    published = [int(number) for number in FEWEST_CROSSINGS.split()]
    assert len(published) == 91
    assert [fewest_crossings(useful) for useful in range(10, 101)] == published


def test_few_observations_never_show_a_shift() -> None:
    """Of so few, no run is longer than its limit, and there need be no crossing."""
    for useful in range(6):
        assert longest_run_limit(useful) >= useful
        assert fewest_crossings(useful) == 0


def run(values: list[float]) -> tuple[int, int, int | None, int | None, int]:
    chart = read_run_chart(values)
    return chart.longest_run, chart.run_side, chart.run_start, chart.run_end, chart.crossings


def test_a_run_chart_of_nothing_shows_nothing() -> None:
    for values in ([], [np.nan, np.nan], [0.4, 0.4, np.nan, 0.4]):
        chart = read_run_chart(values)
        assert (chart.useful, chart.shifted) == (0, False)
        assert run(values) == (0, 0, None, None, 0)
    assert math.isnan(read_run_chart([np.nan]).median)
    assert read_run_chart([0.4, 0.4]).median == 0.4


def test_a_gap_and_a_point_on_the_median_neither_break_nor_lengthen_a_run() -> None:
    assert run([1, 1, 1, 9, 9, 9]) == (3, -1, 0, 2, 1)
    assert run([1, 1, np.nan, 1, 9, 9, 9]) == (3, -1, 0, 3, 1)
    assert run([9, 5, 9, 9, 1, 1, 1]) == (3, 1, 0, 3, 1)
    assert read_run_chart([9, 5, 9, 9, 1, 1, 1]).useful == 6


def test_the_first_of_several_longest_runs_is_told() -> None:
    assert run([1, 9, 9, 1, 1, 9]) == (2, 1, 1, 2, 3)


def test_a_run_as_long_as_the_limit_is_no_shift_and_a_longer_one_is() -> None:
    """Twenty useful points: a run of seven may be chance, one of eight is not; both cross often enough."""
    may_be = [9] * 7 + [1] * 4 + [9, 1, 9, 1, 9, 1, 1, 1, 1]
    is_not = [1] + [9] * 8 + [1] * 3 + [9] + [1] * 3 + [9] + [1] * 3
    assert (longest_run_limit(20), fewest_crossings(20)) == (7, 6)
    chart = read_run_chart(may_be)
    assert (chart.useful, chart.longest_run, chart.crossings, chart.shifted) == (20, 7, 7, False)
    chart = read_run_chart(is_not)
    assert (chart.useful, chart.longest_run, chart.crossings, chart.shifted) == (20, 8, 6, True)


def test_fewer_crossings_than_the_limit_are_a_shift() -> None:
    enough = [9, 9, 1, 1, 9, 9, 1, 1, 9, 9, 1, 1]
    too_few = [9, 9, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1]
    assert (read_run_chart(enough).crossings, read_run_chart(enough).shifted) == (5, False)
    assert (read_run_chart(too_few).crossings, read_run_chart(too_few).longest_run) == (1, 6)
    assert read_run_chart(too_few).shifted


def test_four_quarters_never_show_a_shift() -> None:
    for values in ([0.1, 0.2, 0.3, 0.4], [0.9, 0.9, 0.1, 0.1], [0, 1, 0, 1]):
        assert not read_run_chart(values).shifted


MAYBE = st.one_of(st.just(math.nan), st.integers(0, 6).map(float))


@given(st.lists(MAYBE, max_size=30))
def test_a_run_chart_upside_down_is_the_same(values: list[float]) -> None:
    chart, turned = read_run_chart(values), read_run_chart([-value for value in values])
    assert (turned.longest_run, turned.run_side) == (chart.longest_run, -chart.run_side)
    assert (turned.crossings, turned.shifted) == (chart.crossings, chart.shifted)


@given(st.lists(MAYBE, max_size=30))
def test_without_its_gaps_a_run_chart_is_the_same(values: list[float]) -> None:
    chart, closed = read_run_chart(values), read_run_chart([value for value in values if not math.isnan(value)])
    assert (closed.useful, closed.longest_run, closed.crossings) == (chart.useful, chart.longest_run, chart.crossings)
    assert chart.useful == 0 or chart.run_end - chart.run_start + 1 >= chart.longest_run


# Montgomery, Introduction to Statistical Quality Control: nonconforming orange juice cans in 30 samples of 50.
CANS = np.array(
    [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
)


def test_the_orange_juice_cans_have_the_published_limits() -> None:
    centre = CANS.mean() / 50
    low, high = p_chart_limits(centre, np.full(30, 50))
    assert centre == pytest.approx(0.2313, abs=5e-5)
    assert (low[0], high[0]) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.4102, abs=5e-5))
    signals = special_causes(CANS / 50, centre, low, high)
    outside = [at + 1 for at, signal in enumerate(signals) if signal == Signal(OUTSIDE_THE_LIMITS, 1)]
    assert outside == [15, 23]


def test_the_orange_juice_cans_have_the_published_limits_without_the_two() -> None:
    centre = np.delete(CANS, [14, 22]).mean() / 50
    low, high = p_chart_limits(centre, 50)
    assert [round(float(number), 4) for number in (centre, low, high)] == [0.2150, 0.0407, 0.3893]


def test_small_samples_have_exact_limits() -> None:
    """Beyond a limit, chance goes no oftener than it goes beyond three standard errors; one judgement nearer, it does."""
    tail = norm.sf(3)
    for n, centre in [(24, 0.5), (24, 0.35), (10, 0.1), (40, 0.1), (200, 0.01), (12.9, 0.8), (1, 0.5), (0.4, 0.3)]:
        whole = max(math.floor(n), 1)
        low, high = (round(float(limit) * whole) for limit in p_chart_limits(centre, n))
        assert binom.sf(high, whole, centre) <= tail < binom.sf(high - 1, whole, centre)
        assert binom.cdf(low - 1, whole, centre) <= tail < binom.cdf(low, whole, centre)


def test_a_share_on_an_exact_limit_is_within_it() -> None:
    for n in range(1, 25):
        for centre in (0.1, 0.37, 0.5, 0.8):
            low, high = p_chart_limits(centre, n)
            on_them = [round(float(limit) * n) / n for limit in (low, high)]
            assert special_causes(on_them, centre, low, high) == [NO_SIGNAL, NO_SIGNAL] or n < 3
            assert on_them == [low, high]


def test_the_normal_limits_begin_at_twenty_five_judgements_and_five_expected() -> None:
    def by_normal(centre: float, n: float) -> bool:
        away = 3 * math.sqrt(centre * (1 - centre) / n)
        low, high = p_chart_limits(centre, n)
        return bool(low == pytest.approx(max(centre - away, 0)) and high == pytest.approx(min(centre + away, 1)))

    assert by_normal(0.5, 25)
    assert not by_normal(0.5, 24)
    assert by_normal(0.125, 40)
    assert not by_normal(0.125, 39)
    assert by_normal(0.875, 40)
    assert not by_normal(0.875, 39)


def test_there_are_no_limits_for_nothing() -> None:
    low, high = p_chart_limits(0.4, [30, 0, np.nan])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]
    assert np.isnan(p_chart_limits(np.nan, 30)).all()


@pytest.mark.parametrize("centre", [0, 1])
def test_where_nothing_ever_varied_anything_else_is_outside(centre: int) -> None:
    assert p_chart_limits(centre, 40) == (centre, centre)


@given(st.floats(0, 1), st.floats(0.1, 400), st.floats(1, 3))
def test_limits_stay_on_the_scale_and_mirror(centre: float, n: float, sigmas: float) -> None:
    low, high = p_chart_limits(centre, n, sigmas=sigmas)
    assert 0 <= low <= high <= 1
    wide_low, wide_high = p_chart_limits(centre, n, sigmas=sigmas + 1)
    assert wide_low <= low
    assert wide_high >= high


@given(st.integers(0, 64).map(lambda part: part / 64), st.floats(0.1, 400))
def test_the_limits_of_those_not_counted_are_mirrored(centre: float, n: float) -> None:
    low, high = p_chart_limits(centre, n)
    others_low, others_high = p_chart_limits(1 - centre, n)
    assert (1 - others_high, 1 - others_low) == (pytest.approx(low), pytest.approx(high))


def rules(values: list[float], centre: float = 0.5, low: float = 0.05, high: float = 0.95) -> list[str]:
    return [signal.rule for signal in special_causes(values, centre, low, high)]


def sides(values: list[float], centre: float = 0.5, low: float = 0.05, high: float = 0.95) -> list[int]:
    return [signal.side for signal in special_causes(values, centre, low, high)]


UP = [0.38, 0.42, 0.46, 0.5, 0.54, 0.58, 0.62]
"""Seven rising points, on both sides of the centre and near no limit."""


def test_no_points_show_nothing() -> None:
    assert special_causes([], 0.5, 0.1, 0.9) == []
    assert special_causes([np.nan], 0.5, 0.1, 0.9) == [NO_SIGNAL]


def test_a_point_outside_the_limits_is_marked_and_one_on_them_is_not() -> None:
    assert rules([0.96, 0.5, 0.04, 0.5, 0.95, 0.5, 0.5, 0.05]) == [
        OUTSIDE_THE_LIMITS,
        "",
        OUTSIDE_THE_LIMITS,
        *[""] * 5,
    ]
    assert sides([0.96, 0.5, 0.04]) == [1, 0, -1]


def test_the_limits_are_those_of_the_point() -> None:
    assert rules([0.8, 0.8], high=np.array([0.9, 0.7])) == ["", OUTSIDE_THE_LIMITS]


def test_six_on_one_side_are_chance_and_seven_are_not() -> None:
    assert rules([0.6] * 6) == [""] * 6
    assert rules([0.6] * 6 + [0.4]) == [""] * 7
    assert rules([0.4] + [0.6, 0.7] * 4 + [0.4]) == ["", *[ON_ONE_SIDE] * 8, ""]
    assert sides([0.6] + [0.4] * 7 + [0.6]) == [0, *[-1] * 7, 0]


def test_a_point_on_the_centre_ends_a_run() -> None:
    assert rules([0.6] * 4 + [0.5] + [0.6] * 3) == [""] * 8


def test_seven_rising_or_falling_are_all_marked() -> None:
    assert rules(UP) == [RISING] * 7
    assert sides(UP) == [1] * 7
    assert rules(UP[::-1]) == [FALLING] * 7
    assert sides(UP[::-1]) == [-1] * 7
    assert rules([0.42, *UP, 0.46]) == ["", *[RISING] * 7, ""]
    assert rules(UP[:6]) == [""] * 6


def test_points_that_stand_still_end_a_trend() -> None:
    assert rules([0.5] * 6) == [""] * 6
    assert rules([*UP[:3], *UP[2:6]]) == [""] * 7


def test_two_of_three_near_a_limit_are_marked_and_the_third_is_not() -> None:
    near = 0.85
    assert rules([near, 0.5, near]) == [NEAR_A_LIMIT, "", NEAR_A_LIMIT]
    assert rules([0.5, 0.4, near, near, 0.4]) == ["", "", NEAR_A_LIMIT, NEAR_A_LIMIT, ""]
    assert rules([near, 0.5, 0.5, near]) == [""] * 4
    assert rules([near, 0.5, 0.5, near, near]) == ["", "", "", NEAR_A_LIMIT, NEAR_A_LIMIT]
    assert sides([0.15, 0.5, 0.15]) == [-1, 0, -1]


def test_two_near_opposite_limits_are_chance() -> None:
    assert rules([0.85, 0.5, 0.15]) == [""] * 3


def test_near_is_beyond_two_thirds_of_the_way() -> None:
    assert rules([0.801, 0.801]) == [""] * 2  # three points are needed
    assert rules([0.801, 0.801, 0.5]) == [NEAR_A_LIMIT, NEAR_A_LIMIT, ""]
    assert rules([0.799, 0.799, 0.5]) == [""] * 3


def test_a_point_outside_is_not_near() -> None:
    assert rules([0.96, 0.85, 0.5]) == [OUTSIDE_THE_LIMITS, "", ""]


def test_nothing_is_near_a_limit_that_no_share_can_pass() -> None:
    """Ten judgements at a share of a tenth: none counted in a third of all quarters, by chance alone."""
    low, high = p_chart_limits(0.1, 10)
    assert low == 0
    assert rules([0, 0.1, 0], centre=0.1, low=low, high=high) == [""] * 3
    assert rules([1, 0.9, 1], centre=0.9, low=1 - high, high=1) == [""] * 3


def test_the_first_rule_met_names_a_point() -> None:
    rising_above = [0.55, 0.6, 0.65, 0.7, 0.83, 0.9, 0.97]
    assert rules(rising_above) == [*[ON_ONE_SIDE] * 6, OUTSIDE_THE_LIMITS]
    rising_across = [0.3, 0.4, 0.45, 0.5, 0.6, 0.83, 0.85]
    assert rules(rising_across) == [RISING] * 7


def test_the_rules_run_over_the_points_that_exist() -> None:
    gapped = [*UP[:3], np.nan, *UP[3:], np.nan]
    assert rules(gapped) == [*[RISING] * 3, "", *[RISING] * 4, ""]
    assert rules([0.6, np.nan] * 7) == [ON_ONE_SIDE, ""] * 7


VALUES = st.lists(st.one_of(st.just(math.nan), st.integers(0, 40).map(lambda part: part / 40)), max_size=25)


@given(VALUES)
def test_a_chart_upside_down_has_the_same_signals_on_the_other_side(values: list[float]) -> None:
    turned = special_causes([1 - value for value in values], 0.48, 0.07, 0.89)
    other = {RISING: FALLING, FALLING: RISING}
    found = [Signal(other.get(rule, rule), -side) for rule, side in special_causes(values, 0.52, 0.11, 0.93)]
    # Of two trends that share their turning point, the rising one is heeded first, either way up.
    assert [signal for signal in found if signal.rule not in other] == [s for s in turned if s.rule not in other]
    assert [signal.rule in other for signal in found] == [signal.rule in other for signal in turned]


@given(VALUES)
def test_every_point_has_a_signal_and_a_gap_has_none(values: list[float]) -> None:
    found = special_causes(values, 0.52, 0.11, 0.93)
    assert len(found) == len(values)
    for value, (rule, side) in zip(values, found, strict=True):
        assert (rule == "") == (side == 0)
        assert not (math.isnan(value) and rule)


def test_a_median_at_the_end_of_the_scale_bears_no_rule() -> None:
    """Half the shares or more are 0: the others could only be above, so a run of them is no sign of a shift."""
    chart = read_run_chart([0, 0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 0.1, 0.1])
    assert (chart.median, chart.longest_run, chart.longest_run_limit, chart.crossings) == (0, 8, 6, 0)
    assert chart.one_sided
    assert not chart.shifted
    assert not read_run_chart([0.1, 0.2, 0.3, 0.4]).one_sided


def test_judgements_that_are_whole_but_for_rounding_are_whole() -> None:
    """11 divided by a design effect of 1.0000000000000002 is 11 judgements, not 10."""
    exact, rounded = p_chart_limits(0.35, 11), p_chart_limits(0.35, 11 / 1.0000000000000002)
    assert [float(limit) for limit in rounded] == [float(limit) for limit in exact]
    assert float(exact[1]) == pytest.approx(9 / 11)
    assert p_chart_limits(0.35, 25 / 1.0000000000000002)[1] == pytest.approx(p_chart_limits(0.35, 25)[1])


def test_zeros_of_a_rare_grade_are_no_run() -> None:
    """Thirteen quarters of 0 of 24 and two of 2 of 24: at a mean of 1.1% a zero is what chance gives most often."""
    shares, n = np.array([0.0] * 13 + [2 / 24] * 2), np.full(15, 24.0)
    centre = np.full(15, 4 / (15 * 24))
    low, high = p_chart_limits(centre, n)
    rules = [signal.rule for signal in special_causes(shares, centre, low, high, n=n)]
    assert rules[:13] == [""] * 13
    assert {signal.rule for signal in special_causes(shares, centre, low, high)} >= {"7 on one side"}
    fallen = np.array([0.3] * 7 + [0.0] * 7)  # at a mean of 15% a zero of 24 is a low share
    low, high = p_chart_limits(0.15, np.full(14, 24.0))
    found = special_causes(fallen, np.full(14, 0.15), low, high, n=np.full(14, 24.0))
    assert [signal.side for signal in found] == [1] * 7 + [-1] * 7
