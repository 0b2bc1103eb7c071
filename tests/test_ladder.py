"""Which chart a series bears, what it is held against, and which of its points are more than chance."""

import csv
import warnings
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from auditanalytics.control_charts import OUTSIDE_THE_LIMITS, p_chart_limits
from auditanalytics.ladder import LONG_RUN, ChartChoice, Rebase, choose_chart, read_chart

# Montgomery, Introduction to Statistical Quality Control: nonconforming orange juice cans in 30 samples of 50.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


@pytest.fixture(autouse=True)
def without_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def points_of(audits: list[list[tuple[int, int]]]) -> pd.DataFrame:
    """Points from the audits of each period, each so many judgements counted of so many."""
    rows = []
    for period in audits:
        x, m = (np.array(each, dtype=float) for each in (zip(*period, strict=True) if period else ([], [])))
        share = x.sum() / m.sum() if len(m) else np.nan
        sums = {"sum_xx": (x * x).sum(), "sum_xm": (x * m).sum(), "sum_mm": (m * m).sum()}
        rows.append({"n": x.sum(), "of": m.sum(), "share": share, "audits": len(m)} | sums)
    return pd.DataFrame(rows).set_axis([f"P{number:02d}" for number in range(1, len(rows) + 1)])


def one_each(*counts: tuple[int, int]) -> pd.DataFrame:
    """Points of n of so many, with one judgement an audit."""
    return points_of([[(1, 1)] * n + [(0, 1)] * (of - n) for n, of in counts])


def read(points: pd.DataFrame, tail: str = "good", rebases: tuple[Rebase, ...] = ()) -> pd.DataFrame:
    reading = read_chart(points, tail, choose_chart(points, rebases))
    assert reading.index.equals(points.index)
    return reading


def new_baseline(start: int) -> Rebase:
    return Rebase(start, pd.Timestamp("2019-04-01"), "new form")


GAP = (0, 0)


# ------------------------------------------------------------------------------------------------------------ the rungs


@pytest.mark.parametrize(
    ("points", "rung"),
    [
        (0, "dots"),
        (1, "dots"),
        (4, "dots"),
        (5, "dots"),
        (6, "run chart"),
        (12, "run chart"),
        (13, "p-chart"),
        (40, "p-chart"),
    ],
)
def test_the_chart_climbs_with_the_points(points: int, rung: str) -> None:
    choice = choose_chart(one_each(*[(5, 20)] * points, *[GAP] * 7))
    assert (choice.rung, choice.points, choice.length) == (rung, points, points + 7)


@pytest.mark.parametrize(("graded", "rung"), [(5, "dots"), (6, "run chart"), (12, "run chart"), (13, "p-chart")])
def test_gaps_are_no_points_wherever_they_are(graded: int, rung: str) -> None:
    counts = [(5, 20), GAP] * graded
    for points in (one_each(*counts), one_each(*reversed(counts))):
        assert choose_chart(points).rung == rung


@pytest.mark.parametrize(
    ("audits", "rung"),
    [
        ([9] * 14, "run chart"),
        ([10] * 14, "p-chart"),
        ([10] * 7 + [9] * 7, "run chart"),
        ([10] * 8 + [1] * 6, "p-chart"),
    ],
)
def test_few_audits_bear_no_limits(audits: list[int], rung: str) -> None:
    choice = choose_chart(one_each(*[(of // 2, of) for of in audits]))
    assert choice.rung == rung
    assert choice.few_audits == (rung == "run chart")
    assert choice.typical_audits == float(np.median(audits))


def test_many_judgements_are_not_many_audits() -> None:
    assert choose_chart(points_of([[(5, 10)] * 9] * 14)).few_audits


def test_twelve_points_have_no_limits_because_they_are_few_and_not_for_their_audits() -> None:
    assert not choose_chart(one_each(*[(1, 2)] * 12)).few_audits


def test_after_a_rebase_only_the_points_since_are_counted() -> None:
    points = one_each(*[(5, 20)] * 20)
    rungs = {start: choose_chart(points, (new_baseline(start),)).rung for start in (7, 8, 14, 15)}
    assert rungs == {7: "p-chart", 8: "run chart", 14: "run chart", 15: "dots"}
    twice = choose_chart(points, (new_baseline(7), new_baseline(15)))
    assert (twice.rung, twice.points) == ("dots", 5)
    assert twice.baselines == [slice(0, 7), slice(7, 15), slice(15, 20)]


def test_without_a_rebase_there_is_one_baseline() -> None:
    assert choose_chart(one_each(*[(5, 20)] * 3)).baselines == [slice(0, 3)]


def test_a_shift_alone_rebases_nothing() -> None:
    choice = choose_chart(one_each(*[(2, 20)] * 10, *[(18, 20)] * 10))
    assert choice.rebases == ()
    assert read(one_each(*[(2, 20)] * 10, *[(18, 20)] * 10))["centre"].nunique() == 1


# ------------------------------------------------------------------------------------------------------------ few points


@given(st.lists(st.integers(0, 20), max_size=5), st.sampled_from(["good", "inadequate"]))
def test_dots_are_held_against_nothing(counts: list[int], tail: str) -> None:
    points = one_each(*[(n, 20) for n in counts], GAP)
    reading = read(points, tail)
    assert reading[["centre", "low", "high"]].isna().all(axis=None)
    assert (reading[["signal", "direction"]] == "").all(axis=None)


# ------------------------------------------------------------------------------------------------------------ run charts


def test_a_run_chart_has_a_median_and_no_limits() -> None:
    reading = read(one_each((4, 20), (8, 20), GAP, (6, 20), (10, 20), (12, 20), (2, 20)))
    assert reading["centre"].tolist() == pytest.approx([0.35] * 7)
    assert reading[["low", "high"]].isna().all(axis=None)
    assert (reading["signal"] == "").all()


HIGH, LOW, MIDDLE = (8, 9), (2, 9), (5, 9)


@pytest.mark.parametrize(("tail", "up", "down"), [("good", "better", "worse"), ("inadequate", "worse", "better")])
def test_a_long_run_is_marked_with_its_direction(tail: str, up: str, down: str) -> None:
    """Sixteen points of few audits allow a run of seven: with eight on each side of the median, eight is too long."""
    reading = read(one_each(*[LOW] * 4, *[HIGH] * 8, *[LOW] * 4), tail)
    assert (reading["signal"] == LONG_RUN).tolist() == [False] * 4 + [True] * 8 + [False] * 4
    assert reading["direction"].tolist() == [""] * 4 + [up] * 8 + [""] * 4
    fell = read(one_each(*[HIGH] * 4, *[LOW] * 8, *[HIGH] * 4), tail)
    assert fell["direction"].tolist() == [""] * 4 + [down] * 8 + [""] * 4
    broken = read(one_each(*[LOW] * 4, *[HIGH] * 7, LOW, HIGH, *[LOW] * 3), tail)
    assert (broken["signal"] == "").all()


def test_up_to_twelve_points_no_run_is_too_long() -> None:
    """Half of them cannot be: there it is the crossings that tell of a shift."""
    for points in range(6, 13):
        few = one_each(*[LOW] * (points // 2), *[HIGH] * (points - points // 2))
        assert (read(few)["signal"] == "").all()


def test_a_point_on_the_median_and_a_gap_are_within_a_run_and_not_marked() -> None:
    signals = read(one_each(*[LOW] * 4, *[HIGH] * 3, MIDDLE, GAP, *[HIGH] * 5, *[LOW] * 4))["signal"]
    assert (signals == LONG_RUN).tolist() == [False] * 4 + [True] * 3 + [False] * 2 + [True] * 5 + [False] * 4


def test_a_series_that_never_leaves_its_median_has_no_signal() -> None:
    reading = read(one_each(*[(0, 20)] * 12))
    assert (reading["centre"] == 0).all()
    assert (reading["signal"] == "").all()


# ------------------------------------------------------------------------------------------------------------ p-charts


def test_montgomerys_cans_have_montgomerys_limits() -> None:
    """One judgement on every audit has a design effect of one, so that nothing is widened."""
    reading = read(one_each(*[(n, 50) for n in CANS]), "inadequate")
    assert reading["centre"].round(4).unique().tolist() == [0.2313]
    assert reading["low"].round(4).unique().tolist() == [0.0524]
    assert reading["high"].round(4).unique().tolist() == [0.4102]
    assert np.flatnonzero(reading["signal"] == OUTSIDE_THE_LIMITS).tolist() == [14, 22]
    assert reading["direction"].iloc[[14, 22]].tolist() == ["worse", "worse"]
    assert read(one_each(*[(n, 50) for n in CANS]), "good")["direction"].iloc[14] == "better"


@pytest.mark.parametrize("judgements", [2, 5])
def test_judgements_that_are_alike_within_an_audit_widen_the_limits_as_if_they_were_one(judgements: int) -> None:
    """The pooled design effect of wholly alike judgements is their number, so far as small samples can tell."""
    alone = read(one_each(*[(n, 50) for n in CANS]), "inadequate")
    alike = points_of([[(judgements, judgements)] * n + [(0, judgements)] * (50 - n) for n in CANS])
    reading = read(alike, "inadequate")
    assert reading["centre"].to_numpy() == pytest.approx(alone["centre"].to_numpy())
    assert reading["high"].to_numpy() == pytest.approx(alone["high"].to_numpy(), rel=0.02)
    naive = p_chart_limits(sum(CANS) / 1500, np.full(30, 50 * judgements))
    assert (reading["high"] > naive[1] + 0.04).all()
    assert (reading["low"] < naive[0] - 0.04).all()


def test_judgements_that_differ_within_an_audit_as_much_as_between_widen_nothing() -> None:
    spread = points_of([[(1, 2)] * 20] * 14)  # each audit has one of each: more alike than chance would make them
    low, high = p_chart_limits(0.5, np.full(14, 40))
    reading = read(spread)
    assert reading["low"].to_numpy() == pytest.approx(low)
    assert reading["high"].to_numpy() == pytest.approx(high)


def test_a_change_of_practice_is_not_taken_for_a_difference_between_audits() -> None:
    """All audits of a period alike from within, but the periods far apart: the spread is around each period's share."""
    moved = points_of([[(2, 10)] * 20] * 7 + [[(8, 10)] * 20] * 7)
    high = p_chart_limits(0.5, np.full(14, 200))[1]
    assert read(moved)["high"].to_numpy() == pytest.approx(high)
    assert (read(moved)["signal"] == OUTSIDE_THE_LIMITS).all()


@pytest.mark.parametrize(("tail", "directions"), [("good", ("better", "worse")), ("inadequate", ("worse", "better"))])
def test_up_is_good_for_good_and_bad_for_inadequate(tail: str, directions: tuple[str, str]) -> None:
    counts = [(25, 50), (24, 50)] * 6 + [(45, 50), (5, 50)]
    reading = read(one_each(*counts), tail)
    assert reading["direction"].iloc[-2:].tolist() == list(directions)
    assert reading["signal"].iloc[-2:].tolist() == [OUTSIDE_THE_LIMITS] * 2
    assert (reading["direction"].iloc[:-2] == "").all()


shares = st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
clustered = st.lists(st.integers(1, 6).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), max_size=14)


@given(st.lists(clustered, min_size=13, max_size=18), st.sampled_from(["good", "inadequate"]))
def test_limits_are_shares_and_a_gap_has_none(audits: list[list[tuple[int, int]]], tail: str) -> None:
    points = points_of(audits)
    choice = ChartChoice("p-chart", int((points["of"] > 0).sum()), 10.0, len(points))
    reading = read_chart(points, tail, choice)
    graded = points["of"] > 0
    if graded.sum() < 13:
        assert reading[["centre", "low", "high"]].isna().all(axis=None)
        return
    limits = reading.loc[graded, ["low", "high"]]
    assert limits.notna().all(axis=None)
    assert limits.ge(0).all(axis=None)
    assert limits.le(1).all(axis=None)
    assert (limits["low"] <= reading.loc[graded, "centre"] + 1e-12).all()
    assert (limits["high"] >= reading.loc[graded, "centre"] - 1e-12).all()
    assert reading.loc[~graded, ["low", "high"]].isna().all(axis=None)
    assert (reading.loc[~graded, ["signal", "direction"]] == "").all(axis=None)
    assert ((reading["signal"] == "") == (reading["direction"] == "")).all()
    outside = (points["share"] < reading["low"]) | (points["share"] > reading["high"])
    assert (reading.loc[outside, "signal"] == OUTSIDE_THE_LIMITS).all()


@pytest.mark.parametrize("n", [0, 20])
def test_all_or_none_throughout_is_held_against_itself(n: int) -> None:
    reading = read(one_each(*[(n, 20)] * 13))
    assert reading[["centre", "low", "high"]].to_numpy() == pytest.approx(n / 20)
    assert (reading["signal"] == "").all()


def test_limits_are_wider_where_there_are_fewer_audits() -> None:
    reading = read(one_each(*[(20, 40)] * 13, (10, 20), (50, 100)))
    widths = (reading["high"] - reading["low"]).tolist()
    assert widths[13] > widths[0] > widths[14]


def test_of_few_judgements_the_limits_are_those_of_the_binomial_distribution() -> None:
    reading = read(one_each(*[(2, 12), (4, 12)] * 7))
    low, high = reading[["low", "high"]].iloc[0]
    assert (low, high) == (0, 8 / 12)  # Shewhart's would be under 0, and 0.625


# ------------------------------------------------------------------------------------------------------------ baselines


def test_every_baseline_has_a_centre_of_its_own() -> None:
    points = one_each(*[(5, 50)] * 13, *[(30, 50)] * 14)
    reading = read(points, "inadequate", (new_baseline(13),))
    assert reading["centre"].iloc[:13].round(3).unique().tolist() == [0.1]
    assert reading["centre"].iloc[13:].round(3).unique().tolist() == [0.6]
    assert (reading["signal"] == "").all()  # what was a shift is the new baseline
    assert (read(points, "inadequate")["signal"] != "").all()


def test_a_short_baseline_has_no_centre() -> None:
    points = one_each(*[(5, 50)] * 12, *[(30, 50)] * 13)
    reading = read(points, "good", (new_baseline(12),))
    assert reading[["centre", "low", "high"]].iloc[:12].isna().all(axis=None)
    assert reading[["centre", "low", "high"]].iloc[12:].notna().all(axis=None)


def test_the_rung_is_that_of_the_points_since_and_earlier_baselines_climb_no_higher() -> None:
    points = one_each(*[(25, 50), (24, 50)] * 8, *[(30, 50)] * 6)
    reading = read(points, "good", (new_baseline(16),))
    assert choose_chart(points, (new_baseline(16),)).rung == "run chart"
    assert reading["low"].isna().all()
    assert reading["centre"].iloc[[0, -1]].tolist() == pytest.approx([0.49, 0.6])
    dots = read(points, "good", (new_baseline(17),))
    assert dots["centre"].isna().all()


def test_a_run_does_not_cross_a_baseline() -> None:
    points = one_each(*[LOW] * 4, *[HIGH] * 8, *[LOW] * 4)
    assert (read(points)["signal"] != "").any()
    assert (read(points, "good", (new_baseline(8),))["signal"] == "").all()


# ------------------------------------------------------------------------------------------------- what was published


def test_no_inadequate_share_of_the_published_year_leaves_its_limits() -> None:
    """Best fit of the year that South Gloucestershire published: four quarters, 96 audits, one grade a domain."""
    path = SHARED / "reference" / "solution_C_best_fit_96.csv"
    if not path.exists():
        pytest.skip(f"{path} is not there: it is kept beside the repository, not in it")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    domains = defaultdict(list)
    for row in rows:
        domains[row["domain"]].append((int(row["inadequate"]), int(row["graded"])))
    assert [len(quarters) for quarters in domains.values()] == [4] * 5
    for quarters in domains.values():
        n, of = np.array(quarters).T
        low, high = p_chart_limits(n.sum() / of.sum(), of)
        assert ((low <= n / of) & (n / of <= high)).all()
        assert choose_chart(one_each(*quarters)).rung == "dots"  # and four quarters would not have had any
