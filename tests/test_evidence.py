"""What is compared with what, how widely its interval is drawn, and what is then found."""

import math
import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm
from statsmodels.stats.proportion import confint_proportions_2indep

from auditanalytics.evidence import bears_percentages, judge, weigh_changes
from auditanalytics.intervals import effective_sample_size
from auditanalytics.schema import COMPARISONS

Count = tuple[int, int]
GAP = (0, 0)


@pytest.fixture(autouse=True)
def without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def series(*counts: Count, audits: int | None = None) -> pd.DataFrame:
    """Points of n of so many, one judgement an audit unless all come from fewer audits."""
    n, of = (np.array(each, dtype=float) for each in zip(*counts, strict=True))
    from_audits = of if audits is None else np.where(of > 0, audits, 0)
    with np.errstate(invalid="ignore"):
        share = n / of
    points = pd.DataFrame({"n": n, "of": of, "share": share, "audits": from_audits, "effective": from_audits})
    return points.set_axis([f"2019-{month:02d}" for month in range(1, len(points) + 1)])


def weigh(good: pd.DataFrame, inadequate: pd.DataFrame | None = None, *, unit: str = "quarter") -> pd.DataFrame:
    tails = {("risk", "good"): good} | ({} if inadequate is None else {("risk", "inadequate"): inadequate})
    return weigh_changes(tails, unit=unit)


def compared(*counts: Count, unit: str = "quarter") -> dict[str, str]:
    changes = weigh(series(*counts), unit=unit)
    assert (changes["until"] == f"2019-{len(counts):02d}").all()
    return {row.comparison: row.since[-2:] for row in changes.itertuples()}


TEN = (5, 10)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([TEN], {}),
        ([GAP, GAP], {}),
        ([TEN, TEN], {"step": "01"}),
        ([TEN, TEN, TEN], {"step": "02", "year": "01"}),
        ([TEN] * 5, {"step": "04", "year": "01"}),
        ([TEN] * 6, {"step": "05", "year": "02"}),
        ([TEN, TEN, GAP], {}),
        ([GAP, GAP, TEN], {}),
        ([TEN, GAP, TEN], {"step": "01"}),
        ([TEN, GAP, TEN, TEN], {"step": "03", "year": "01"}),
        ([TEN, TEN, TEN, GAP, TEN], {"step": "03", "year": "01"}),
        ([TEN, GAP, TEN, GAP, TEN, TEN], {"step": "05", "year": "03"}),
        ([TEN, TEN, GAP, GAP, GAP, GAP, TEN], {"step": "02"}),  # a year ago and since there was nothing
        ([TEN, TEN, GAP, GAP, GAP, TEN], {"step": "02"}),  # the one period of the year is compared once
    ],
)
def test_the_last_period_is_compared_with_the_one_graded_before_and_the_first_of_the_year(
    counts: list[Count], expected: dict[str, str]
) -> None:
    assert compared(*counts) == expected


def test_a_year_is_twelve_months() -> None:
    assert compared(*[TEN] * 12, unit="month") == {"step": "11", "year": "01"}
    assert weigh(series(*[TEN] * 14), unit="month")["since"].tolist() == ["2019-13", "2019-02"]


def test_an_unknown_unit_is_no_year() -> None:
    with pytest.raises(KeyError):
        weigh(series(TEN, TEN), unit="week")


def test_nothing_to_compare_is_a_table_without_rows() -> None:
    for nothing in (weigh_changes({}, unit="quarter"), weigh(series(TEN)), weigh(series(GAP, TEN, GAP))):
        assert nothing.empty
        assert nothing.columns.tolist() == COMPARISONS.names


@pytest.mark.parametrize(
    ("lengths", "number"),
    [([2], 2), ([3], 6), ([4, 4], 12), ([4, 2, 1], 8), ([2, 2, 2], 6), ([1], None)],
)
def test_every_change_of_each_tail_and_every_test_of_trend_is_a_comparison(
    lengths: list[int], number: int | None
) -> None:
    """A domain with only a step makes two comparisons, one with a year six: two steps, two years and two trends."""
    domains = {(f"d{at}", tail): series(*[TEN] * n) for at, n in enumerate(lengths) for tail in ("good", "inadequate")}
    changes = weigh_changes(domains, unit="quarter")
    assert changes["comparisons"].unique().tolist() == ([] if number is None else [number])
    if number is not None:
        assert number == len(changes) + (changes["comparison"] == "year").sum()


counts = st.integers(1, 80).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(before=counts, after=counts, more=st.integers(0, 20))
def test_the_interval_is_newcombes_and_that_of_all_is_widened_by_bonferroni(
    before: Count, after: Count, more: int
) -> None:
    others = {(f"d{at}", "good"): series(TEN, TEN) for at in range(more)}
    changes = weigh_changes({("risk", "good"): series(before, after)} | others, unit="quarter")
    row = changes.iloc[0]
    assert row["comparisons"] == more + 1
    for names, alpha in ((("low", "high"), 0.05), (("low_of_all", "high_of_all"), 0.05 / (more + 1))):
        expected = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff", alpha=alpha)
        assert row[list(names)].tolist() == pytest.approx(np.clip(expected, -1, 1), abs=1e-9)
    assert row["low_of_all"] <= row["low"] <= row["change"] <= row["high"] <= row["high_of_all"]
    excluded = row["low_of_all"] > 0 or row["high_of_all"] < 0
    expected = "no evidence" if not excluded else "better" if row["change"] > 0 else "worse"
    assert row["finding"] == expected
    assert row["change"] == after[0] / after[1] - before[0] / before[1]


@pytest.mark.parametrize(
    ("tail", "before", "after", "finding"),
    [
        ("good", (10, 60), (50, 60), "better"),
        ("good", (50, 60), (10, 60), "worse"),
        ("inadequate", (10, 60), (50, 60), "worse"),
        ("inadequate", (50, 60), (10, 60), "better"),
        ("good", (20, 60), (20, 60), "no evidence"),
        ("good", (20, 60), (40, 120), "no evidence"),
        ("inadequate", (0, 60), (0, 60), "no evidence"),
        ("inadequate", (60, 60), (60, 60), "no evidence"),
        ("inadequate", (0, 60), (60, 60), "worse"),
        ("good", (0, 60), (60, 60), "better"),
        ("good", (0, 1), (1, 1), "no evidence"),
    ],
)
def test_more_good_is_better_and_more_inadequate_is_worse(tail: str, before: Count, after: Count, finding: str) -> None:
    changes = weigh_changes({("risk", tail): series(before, after)}, unit="quarter")
    assert changes["finding"].tolist() == [finding]


def test_what_stands_out_alone_need_not_stand_out_among_many() -> None:
    one = {("risk", "good"): series((8, 24), (16, 24))}
    alone = weigh_changes(one, unit="quarter").iloc[0]
    many = weigh_changes(one | {(f"d{at}", "good"): series(TEN, TEN) for at in range(39)}, unit="quarter").iloc[0]
    assert alone["low"] == many["low"] > 0
    assert [alone["finding"], many["finding"]] == ["better", "no evidence"]


def test_several_judgements_on_an_audit_do_not_pass_for_several_audits() -> None:
    as_many = weigh(series((80, 240), (160, 240))).iloc[0]
    clustered = weigh(series((80, 240), (160, 240), audits=6)).iloc[0]
    assert [as_many["finding"], clustered["finding"]] == ["better", "no evidence"]
    assert clustered[["n_since", "of_since", "audits_since"]].tolist() == [80, 240, 6]


def test_the_effective_number_of_the_table_is_the_one_that_counts() -> None:
    """Four judgements on each of twelve audits, all alike, are worth twelve."""
    x, m = np.repeat([4, 0], [4, 8]), np.full(12, 4)
    worth = effective_sample_size(16, 48, 12, (x * x).sum(), (x * m).sum(), (m * m).sum())
    assert worth == pytest.approx(12)


# ---------------------------------------------------------------------------------------------------- trend over a year


def armitage(counts: list[Count]) -> float:
    """Armitage's z as his paper has it."""
    x, n, w = (np.array(each, dtype=float) for each in (*zip(*counts, strict=True), range(len(counts))))
    pooled = x.sum() / n.sum()
    variance = pooled * (1 - pooled) * ((n * w**2).sum() - (n * w).sum() ** 2 / n.sum())
    return ((w * (x - n * pooled)).sum() / math.sqrt(variance)) if variance else 0.0


def test_the_trend_over_the_year_is_armitages_and_its_p_times_the_comparisons() -> None:
    year = [(10, 40), (14, 40), (19, 40), (24, 40), (30, 40)]
    changes = weigh(series((40, 40), *year), series(*[(5, 40)] * 6))
    row = changes[(changes["comparison"] == "year") & (changes["grade"] == "good")].iloc[0]
    p = 2 * norm.sf(abs(armitage(year)))
    assert row["z"] == pytest.approx(armitage(year))
    assert row["p"] == pytest.approx(p)
    assert row["p_of_all"] == pytest.approx(6 * p)
    assert row["trend"] == "rising"
    steps = changes[changes["comparison"] == "step"]
    assert steps[["z", "p", "p_of_all"]].isna().all(axis=None)
    assert steps["trend"].isna().all()


def test_a_trend_falls_when_the_share_does_and_is_none_when_it_does_neither() -> None:
    falling, level = [(36, 40), (28, 40), (16, 40), (4, 40)], [(20, 40)] * 4
    changes = weigh(series(*falling), series(*level))
    assert changes[changes["comparison"] == "year"]["trend"].tolist() == ["falling", "no evidence"]
    assert changes[changes["comparison"] == "year"]["p_of_all"].iloc[1] == 1


def test_a_trend_is_borne_only_among_all_comparisons() -> None:
    rising = series((10, 40), (13, 40), (16, 40), (19, 40))
    assert armitage([(10, 40), (13, 40), (16, 40), (19, 40)]) > norm.isf(0.025)
    assert weigh(rising).iloc[-1]["trend"] == "no evidence"


def test_a_gap_in_the_year_keeps_its_place_in_the_trend() -> None:
    row = weigh(series((4, 40), GAP, GAP, (20, 40), (26, 40))).iloc[-1]
    x, n, w = np.array([4, 20, 26]), np.array([40, 40, 40]), np.array([0, 3, 4])
    pooled = x.sum() / n.sum()
    spread = pooled * (1 - pooled) * (n * (w - (n * w).sum() / n.sum()) ** 2).sum()
    assert row["z"] == pytest.approx((w * (x - n * pooled)).sum() / math.sqrt(spread))


# ------------------------------------------------------------------------------------------------ what was to be seen


def found(share: float, later: float, of: int, comparisons: int) -> float:
    """How often such a change is a finding, summed over all that may be counted."""
    n = np.arange(of + 1)
    before, after = np.meshgrid(n, n, indexing="ij")
    sizes = np.full(before.size, of)
    limits = confint_proportions_2indep(
        after.ravel(), sizes, before.ravel(), sizes, method="newcomb", compare="diff", alpha=0.05 / comparisons
    )
    out = limits[0] > 0 if later > share else limits[1] < 0
    return float((np.outer(binom.pmf(n, of, share), binom.pmf(n, of, later)).ravel() * out).sum())


def test_what_would_be_seen_is_what_a_comparison_would_have_found() -> None:
    """With about 80% power, by the plain interval and by the one that is widened for all comparisons."""
    one = {("risk", "good"): series((30, 80), (30, 80))}
    many = weigh_changes(one | {(f"d{at}", "good"): series(TEN, TEN) for at in range(35)}, unit="quarter").iloc[0]
    for name in ("seen_above", "seen_below"):
        assert found(30 / 80, many[name], 80, 1) == pytest.approx(0.8, abs=0.06)
        assert found(30 / 80, many[f"{name}_of_all"], 80, 36) == pytest.approx(0.8, abs=0.06)
        assert found(30 / 80, many[name], 80, 36) < 0.4


def test_the_audits_needed_are_for_ten_points_up_or_down_whichever_asks_for_more() -> None:
    row = weigh(series((12, 40), (12, 40))).iloc[0]
    angles = [2 * math.asin(math.sqrt(share)) for share in (0.3, 0.4)]
    z = norm.isf(0.025) + norm.isf(0.2)
    assert row["audits_needed"] == math.ceil(2 * (z / (angles[1] - angles[0])) ** 2)
    doubled = weigh(series((24, 80), (24, 80), audits=40)).iloc[0]
    assert doubled["audits_needed"] == row["audits_needed"]  # two judgements, alike, are worth one


@pytest.mark.parametrize(("n", "of"), [(0, 40), (40, 40), (0, 1), (1, 1), (1, 3)])
def test_at_the_ends_of_the_scale_there_is_one_way_to_go(n: int, of: int) -> None:
    row = weigh(series((n, of), (n, of))).iloc[0]
    assert pd.isna(row["seen_below"]) or 0 <= row["seen_below"] < n / of
    assert pd.isna(row["seen_above"]) or n / of < row["seen_above"] <= 1
    assert n not in (0, of) or pd.isna(row["seen_above" if n else "seen_below"])
    assert row["audits_needed"] > 0


@given(
    counts=st.lists(st.one_of(counts, st.just(GAP)), min_size=1, max_size=8), unit=st.sampled_from(["quarter", "month"])
)
def test_whatever_the_counts_the_table_is_whole_and_nothing_warns(counts: list[Count], unit: str) -> None:
    changes = weigh(series(*counts), series(*[(of - n, of) for n, of in counts]), unit=unit)
    whole = changes.drop(
        columns=["z", "p", "p_of_all", "trend", *[name for name in changes if name.startswith("seen_")]]
    )
    assert whole.notna().all(axis=None)
    years = changes[changes["comparison"] == "year"]
    assert years[["z", "p", "p_of_all", "trend"]].notna().all(axis=None)
    assert changes[["change", "low", "high", "low_of_all", "high_of_all"]].abs().le(1).all(axis=None)
    for comparison in changes["comparison"].unique():
        good, rest = changes[changes["comparison"] == comparison].to_dict("records")
        assert good["change"] == pytest.approx(-rest["change"], abs=1e-12)
        assert good["finding"] == rest["finding"]  # less of the opposite is as good as more
        assert judge(changes[changes["comparison"] == comparison]) in (good["finding"], "mixed")
        # One tail alone claims nothing of the whole.
        assert judge(pd.DataFrame([good])) == ("one tail" if good["finding"] in ("better", "worse") else "no evidence")


# ------------------------------------------------------------------------------------------------- both tails together


@pytest.mark.parametrize(
    ("good", "inadequate", "verdict"),
    [
        (("no evidence", 0.1), ("no evidence", -0.1), "no evidence"),
        (("no evidence", 0.0), ("no evidence", 0.0), "no evidence"),
        (("no evidence", 0.1), ("no evidence", 0.1), "no evidence"),
        (("better", 0.4), ("no evidence", -0.1), "better"),
        (("better", 0.4), ("no evidence", 0.0), "better"),
        (("better", 0.4), ("no evidence", 0.01), "mixed"),
        (("better", 0.4), ("better", -0.4), "better"),
        (("better", 0.4), ("worse", 0.4), "mixed"),
        (("worse", -0.4), ("no evidence", 0.0), "worse"),
        (("worse", -0.4), ("no evidence", -0.2), "mixed"),
        (("no evidence", -0.1), ("better", -0.4), "mixed"),
        (("no evidence", -0.1), ("worse", 0.4), "worse"),
    ],
)  # fmt: skip
def test_a_domain_is_better_or_worse_only_where_its_tails_agree(
    good: tuple[str, float], inadequate: tuple[str, float], verdict: str
) -> None:
    tails = pd.DataFrame([("good", *good), ("inadequate", *inadequate)], columns=["grade", "finding", "change"])
    assert judge(tails) == verdict
    assert judge(tails.iloc[::-1]) == verdict


@pytest.mark.parametrize(
    ("trends", "verdict"),
    [
        (("no evidence", "no evidence"), "worse"),
        ((None, None), "worse"),
        (("falling", "rising"), "worse"),
        (("rising", "no evidence"), "mixed"),
        (("no evidence", "falling"), "mixed"),
    ],
)
def test_nor_is_it_where_a_trend_that_is_borne_goes_the_other_way(trends: tuple[str, str], verdict: str) -> None:
    tails = pd.DataFrame({"grade": ["good", "inadequate"], "finding": ["worse", "no evidence"], "change": [-0.4, 0.1]})
    assert judge(tails.assign(trend=trends)) == verdict
    nothing = tails.assign(finding="no evidence", trend=trends)
    assert judge(nothing) == "no evidence"


def test_a_share_that_rises_from_a_fall_and_ends_below_its_beginning_is_not_worse() -> None:
    good = series((38, 40), (10, 400), (120, 400), (200, 400), (110, 200))
    changes = weigh(good, series(*[(0, 400)] * 5))
    year = changes[changes["comparison"] == "year"]
    assert year[["finding", "trend"]].iloc[0].tolist() == ["worse", "rising"]
    assert judge(year) == "mixed"


def test_a_domain_that_gains_at_both_ends_is_neither_better_nor_worse() -> None:
    changes = weigh(series((10, 100), (45, 100)), series((10, 100), (45, 100)))
    assert changes["finding"].tolist() == ["better", "worse"]
    assert judge(changes) == "mixed"


def test_without_comparisons_there_is_no_evidence() -> None:
    assert judge(COMPARISONS.build([])) == "no evidence"


@pytest.mark.parametrize(("audits", "bears"), [((10, 10), True), ((9, 10), False), ((10, 9), False), ((9, 90), False)])
def test_percentages_need_ten_audits_on_both_sides(audits: tuple[int, int], bears: bool) -> None:
    changes = weigh(series(*[(1, of) for of in audits]))
    assert bears_percentages(changes.iloc[0]) is bears
