from collections.abc import Callable

import pytest
from conftest import WIDE_HEADER

from auditanalytics.errors import ChoiceError, EmptySliceError
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import charted_points, domain_trend, domain_trends

Read = Callable[..., AuditReturns]


def test_an_unknown_domain_is_refused_with_those_there_are(example: AuditReturns) -> None:
    with pytest.raises(ChoiceError, match="domain must be risk, assessments, plans, reviews, collaboration or overall"):
        domain_trend(example, "rsk")


def test_a_domain_of_which_nothing_was_graded_is_an_empty_slice(read_small: Read) -> None:
    returns = read_small([WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", "N/A"]])
    with pytest.raises(EmptySliceError, match="no judgement on Plans"):
        domain_trend(returns, "plans", quarter="2025-Q1")
    assert [trend.domain for trend in domain_trends(returns, quarter="2025-Q1")] == ["risk"]


def test_part_quarters_name_the_months_they_lack(example: AuditReturns) -> None:
    missing = domain_trend(example, "risk").months_missing
    assert {quarter: [str(month) for month in months] for quarter, months in missing.items()} == {
        "2019-Q3": ["2019-08"], "2019-Q4": ["2019-12"]}  # fmt: skip


def test_published_shares_stand_beside_those_counted(example: AuditReturns) -> None:
    points = domain_trend(example, "plans").tail("inadequate")
    assert points["published"].tolist() == [0.09, 0.26, 0.19, 0.29]
    assert points["n"].tolist() == [5, 12, 9, 12]


def test_a_quarter_without_returns_stays_in_the_trend(read_small: Read) -> None:
    rows = [["A1", "01/02/2025", "N", "Good", "RI", "Good"], ["A2", "01/08/2025", "N", "Good", "RI", "Good"]]
    returns = read_small([WIDE_HEADER, *rows])
    trend = domain_trend(returns, "risk", quarter="2025-Q3")
    assert trend.periods == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert trend.tail("good")["share"].isna().tolist() == [False, True, False]
    assert trend.last(1).periods == ["2025-Q3"]


def test_points_may_be_months(example: AuditReturns) -> None:
    trend = domain_trend(example, "risk", quarter="2019-Q4", unit="month")
    assert (trend.periods[0], trend.latest, len(trend.periods)) == ("2019-01", "2019-11", 11)
    assert trend.tail("good").index[trend.tail("good")["share"].isna()].tolist() == ["2019-08"]
    assert trend.choice.rung == "run chart"
    assert (trend.mix.empty, trend.audit_types) == (True, {})
    quarters = domain_trend(example, "risk", quarter="2019-Q4")
    for column in ("n", "of", "audits"):
        assert trend.tail("good")[column].sum() == quarters.tail("good")[column].sum()


def test_an_unknown_unit_is_refused(example: AuditReturns) -> None:
    with pytest.raises(ChoiceError, match="unit must be quarter or month; not 'week'"):
        domain_trend(example, "risk", unit="week")


def test_comparisons_are_widened_for_those_of_every_domain(example: AuditReturns) -> None:
    trends = domain_trends(example, quarter="2019-Q4")
    assert {number for trend in trends for number in trend.changes["comparisons"]} == {6 * len(trends)}
    alone = domain_trend(example, "risk", quarter="2019-Q4")
    assert alone.changes["comparisons"].unique().tolist() == [36]  # its page is one of the same report


def test_only_events_within_the_periods_shown_are_kept(read_small: Read) -> None:
    rows = [["A1", "01/02/2025", "N", "Good", "RI", "Good"], ["A2", "01/08/2025", "N", "Good", "RI", "Good"]]
    dates = ["31/12/2024", "30/09/2025", "02/02/2025", "01/10/2025"]
    read_small([["Date", "Label", "Rebase"], *[[date, f"on {date}", "yes"] for date in dates]], name="events.csv")
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q3")
    assert trend.events["label"].tolist() == ["on 02/02/2025", "on 30/09/2025"]
    assert [(rebase.start, rebase.reason) for rebase in trend.choice.rebases] == [(1, "on 02/02/2025")]


def test_a_new_baseline_from_the_very_first_day_leaves_nothing_out(read_small: Read) -> None:
    rows = [["A1", "01/02/2025", "N", "Good", "RI", "Good"], ["A2", "01/08/2025", "N", "Good", "RI", "Good"]]
    read_small([["Date", "Label", "Rebase"], ["01/01/2025", "New form", "yes"]], name="events.csv")
    assert domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q3").choice.rebases == ()


def test_two_events_of_one_quarter_make_one_baseline_named_by_the_later(read_small: Read) -> None:
    rows = [[f"A{at}", f"01/{3 * at + 1:02d}/2025", "N", "Good", "RI", "Good"] for at in range(4)]
    events = [["10/02/2025", "New form", "yes"], ["20/02/2025", "New team", "yes"], ["01/05/2025", "Inspection", "no"]]
    read_small([["Date", "Label", "Rebase"], *events], name="events.csv")
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q4")
    assert [(rebase.start, rebase.reason) for rebase in trend.choice.rebases] == [(1, "New team")]


def test_charted_points_hold_every_point_with_what_it_is_held_against(example: AuditReturns) -> None:
    trends = domain_trends(example, quarter="2019-Q4", unit="month")
    points = charted_points(trends)
    assert len(points) == 6 * 2 * 11
    assert set(points["chart"]) == {"run chart"}
    assert points["centre"].notna().all()
    assert points[["low", "high"]].isna().all(axis=None)
    assert charted_points([]).empty


def test_nothing_is_compared_across_a_new_baseline(read_small: Read) -> None:
    read_small([["date", "label", "rebase"], ["2025-07-01", "New definitions", "yes"]], name="events.csv")
    rows = [
        [f"A{quarter}-{n}", f"01/{3 * quarter + 1:02}/2025", "N", *["Good" if quarter > 1 else "Inadequate"] * 3]
        for quarter in range(4)
        for n in range(40)
    ]
    returns = read_small([WIDE_HEADER, *rows])
    at_once = domain_trend(returns, "risk", quarter="2025-Q3")
    assert at_once.changes.empty
    assert at_once.mix.empty
    later = domain_trend(returns, "risk", quarter="2025-Q4")
    assert later.changes["since"].unique().tolist() == ["2025-Q3"]
    assert set(later.changes["finding"]) == {"no evidence"}
