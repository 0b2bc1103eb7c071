import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import WIDE_HEADER

from auditanalytics.errors import ArgumentError, ChoiceError, EmptySliceError
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend, domain_trends, resolve_quarter

Read = Callable[..., AuditReturns]


@pytest.mark.parametrize(
    ("today", "quarter"),
    [("2019-09-30", "2019-Q2"), ("2019-10-01", "2019-Q3"), ("2019-12-31", "2019-Q3"), ("2026-01-01", "2019-Q4")],
)
def test_latest_is_the_last_quarter_that_has_ended(example: AuditReturns, today: str, quarter: str) -> None:
    assert resolve_quarter(example, today=dt.date.fromisoformat(today)) == quarter


def test_latest_is_a_quarter_with_returns_not_one_that_was_only_published(example: AuditReturns) -> None:
    earlier = replace(example, audits=example.audits[example.audits["quarter"] < "2019-Q4"])
    assert resolve_quarter(earlier, today=dt.date(2026, 1, 1)) == "2019-Q3"


def test_latest_is_refused_where_no_quarter_has_ended(example: AuditReturns) -> None:
    with pytest.raises(ArgumentError, match="no quarter with returns has ended yet; name one with --quarter: 2019-Q1"):
        resolve_quarter(example, today=dt.date(2019, 2, 1))


@pytest.mark.parametrize("quarter", ["2018-Q4", "2019-Q5", "2019-20-Q1", "last", "../../x", "{x.__class__}"])
def test_what_is_no_quarter_or_holds_nothing_is_refused_with_those_that_hold_something(
    example: AuditReturns, quarter: str
) -> None:
    with pytest.raises(ChoiceError, match="quarter must be 2019-Q1, 2019-Q2, 2019-Q3, 2019-Q4 or latest; not"):
        resolve_quarter(example, quarter)


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
    assert trend.quarters == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert trend.tail("good")["share"].isna().tolist() == [False, True, False]
    assert trend.last(1).quarters == ["2025-Q3"]
