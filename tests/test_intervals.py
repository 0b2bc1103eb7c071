"""Published reference values, the properties that the effective sample size must have, and how often an interval holds."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from auditanalytics.intervals import clustered_interval, effective_sample_size, wilson_interval
from auditanalytics.method.simulation import Cell, overall_coverage, simulate_coverage

# Newcombe (1998), Statistics in Medicine 17, table I, method 3; then the tests of public health's phe_proportion.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662, 5e-5),
    (15, 148, 0.0624, 0.1605, 5e-5),
    (0, 20, 0.0, 0.1611, 5e-5),
    (1, 29, 0.0061, 0.1718, 5e-5),
    (7, 50, 0.0695, 0.2619, 5e-5),
    (65, 100, 0.5525444329688797, 0.7363575175690247, 1e-12),
    (1, 100, 0.0017674, 0.0544862, 5e-8),
    (5, 100, 0.0215437, 0.1117505, 5e-8),
    (20, 100, 0.1333669, 0.2888292, 5e-8),
]


def sums(x: list[int], m: list[int]) -> dict[str, float]:
    ones, all_of = np.array(x), np.array(m)
    return {
        "n": ones.sum(),
        "of": all_of.sum(),
        "audits": len(x),
        "sum_xx": (ones**2).sum(),
        "sum_xm": (ones * all_of).sum(),
        "sum_mm": (all_of**2).sum(),
    }


@pytest.mark.parametrize(("count", "of", "low", "high", "within"), PUBLISHED)
def test_wilson_gives_the_published_limits(count: int, of: int, low: float, high: float, within: float) -> None:
    found = wilson_interval(count, of)
    assert found[0] == pytest.approx(low, abs=within)
    assert found[1] == pytest.approx(high, abs=within)


def test_wilson_gives_the_published_limits_at_another_confidence() -> None:
    """The same tests of phe_proportion, at the 99.8% of its control limits."""
    assert wilson_interval(65, 100, confidence=0.998) == (
        pytest.approx(0.4954946574, abs=5e-11),
        pytest.approx(0.7783540614, abs=5e-11),
    )


def test_there_is_no_interval_of_nothing() -> None:
    assert np.isnan(wilson_interval(0, 0)).all()
    assert np.isnan(clustered_interval(0, 0, 0, 0, 0, 0)).all()


@pytest.mark.parametrize("of", [1, 2, 7, 20, 1000])
def test_none_and_all_reach_the_end_exactly(of: int) -> None:
    assert wilson_interval(0, of)[0] == 0
    assert wilson_interval(of, of)[1] == 1


AUDITS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 6)).map(lambda p: (min(p), p[1])), min_size=1, max_size=40
)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_one_judgement_an_audit_is_plain_wilson(grades: list[bool]) -> None:
    x = [int(grade) for grade in grades]
    assert np.allclose(clustered_interval(**sums(x, [1] * len(x))), wilson_interval(sum(x), len(x)))


@given(AUDITS)
def test_the_interval_is_never_narrower_than_plain_wilson(audits: list[tuple[int, int]]) -> None:
    x, m = [a[0] for a in audits], [a[1] for a in audits]
    low, high = clustered_interval(**sums(x, m))
    plain_low, plain_high = wilson_interval(sum(x), sum(m))
    assert high - low >= plain_high - plain_low - 1e-12
    assert 0 <= low <= sum(x) / sum(m) + 1e-12
    assert sum(x) / sum(m) - 1e-12 <= high <= 1


@given(AUDITS)
def test_the_effective_number_lies_between_wholly_clustered_and_all(audits: list[tuple[int, int]]) -> None:
    x, m = np.array(audits).T
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = float(effective_sample_size(**sums(x, m)))
    assert m.sum() ** 2 / (m**2).sum() - 1e-9 <= found <= m.sum()


@given(AUDITS, st.randoms(use_true_random=False))
def test_the_order_of_the_audits_does_not_matter(audits: list[tuple[int, int]], random) -> None:
    shuffled = random.sample(audits, len(audits))
    found, again = (float(effective_sample_size(**sums(*zip(*rows, strict=True)))) for rows in (audits, shuffled))
    assert found == again


@given(AUDITS)
def test_what_is_not_counted_is_worth_as_much_as_what_is(audits: list[tuple[int, int]]) -> None:
    x, m = np.array(audits).T
    assert float(effective_sample_size(**sums(x, m))) == pytest.approx(float(effective_sample_size(**sums(m - x, m))))


def test_many_quarters_at_once_are_as_one_by_one() -> None:
    quarters = [sums([2, 0, 3], [4, 3, 4]), sums([0, 0], [2, 2]), sums([1, 0], [1, 1]), sums([2], [5])]
    together = {name: np.array([quarter[name] for quarter in quarters]) for name in quarters[0]}
    assert effective_sample_size(**together).tolist() == [float(effective_sample_size(**one)) for one in quarters]


def test_judgements_that_always_agree_within_an_audit_are_worth_the_audits() -> None:
    """Twenty audits of five judgements, all alike within each: Kish's design effect is the five."""
    x = [5] * 8 + [0] * 12
    assert float(effective_sample_size(**sums(x, [5] * 20))) == pytest.approx(20)


def test_judgements_spread_evenly_over_audits_are_worth_all() -> None:
    assert float(effective_sample_size(**sums([2] * 20, [4] * 20))) == 80


def test_a_rounding_error_does_not_make_even_audits_differ() -> None:
    """A third of each audit: the residual is 0, but comes out a hair below it."""
    for audits in range(2, 60):
        assert float(effective_sample_size(**sums([1] * audits, [3] * audits))) == pytest.approx(3 * audits)


def test_the_design_effect_is_the_ratio_of_the_two_variances() -> None:
    """Against the textbook formulas, written out: linearised ratio estimator over simple random sampling.

    And then Korn and Graubard's, for degrees of freedom.
    """
    x, m = np.array([2, 0, 3, 1, 3, 0, 1]), np.array([4, 3, 4, 2, 4, 1, 4])
    p, k, n = x.sum() / m.sum(), len(x), m.sum()
    of_ratio = k / (k - 1) * ((x - p * m) ** 2).sum() / n**2
    of_simple = p * (1 - p) / (n - 1)
    few_audits = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, k - 1)) ** 2
    expected = n / (of_ratio / of_simple) * few_audits
    assert n**2 / (m**2).sum() < expected < n  # between the bounds, so that none of them decides
    assert float(effective_sample_size(**sums(list(x), list(m)))) == pytest.approx(expected)


@pytest.mark.parametrize("x", [[0, 0, 0], [4, 4, 4]])
def test_at_the_ends_an_audit_counts_once(x: list[int]) -> None:
    assert float(effective_sample_size(**sums(x, [4, 4, 4]))) == 3


def test_at_the_ends_uneven_audits_count_for_less_than_one_each() -> None:
    assert float(effective_sample_size(**sums([0, 0, 0], [8, 1, 1]))) == pytest.approx(100 / 66)


def test_one_audit_counts_once() -> None:
    assert float(effective_sample_size(**sums([2], [5]))) == 1


@pytest.fixture(scope="module")
def simulated() -> list[Cell]:
    return simulate_coverage(quarters=600, seed=20260)


def test_the_interval_holds_the_true_share_as_often_as_it_says(simulated: list[Cell]) -> None:
    overall, plain = overall_coverage(simulated)
    assert sum(cell.quarters for cell in simulated) >= 10_000
    assert 0.93 <= overall <= 0.98
    assert plain < 0.9 < overall


def test_the_interval_holds_the_true_share_wherever_it_was_tried(simulated: list[Cell]) -> None:
    worst = min(simulated, key=lambda cell: cell.covered / cell.quarters)
    assert worst.covered / worst.quarters >= 0.88, worst
    assert all(cell.covered >= cell.covered_by_plain_wilson for cell in simulated)
