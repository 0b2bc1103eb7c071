import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.intervals import effective_interval, effective_sample_size, wilson_interval
from auditanalytics.periods import quarters_held, reported_periods, reported_quarters, resolve_quarter
from auditanalytics.returns import AuditReturns, read_returns
from auditanalytics.summary import (
    count_grades,
    count_ungraded,
    monthly_grades,
    quarterly_grades,
    ungraded_judgements,
)

pytestmark = pytest.mark.usefixtures("no_process_for_each_reading")

Read = Callable[..., AuditReturns]
ROWS = [
    WIDE_HEADER,
    ["A1", "15/01/2025", "N", "Good", "Outstanding", "Inadequate"],
    ["A2", "15/02/2025", "N", "RI", "N/A", "Goood"],
    ["A3", "15/08/2025", "N", "Inadequate", "Inadequate", "N/A"],
]


def cell(grades: pd.DataFrame, domain: str, quarter: str, grade: str) -> pd.Series:
    return grades.set_index(["domain", "quarter", "grade"]).loc[(domain, quarter, grade)]


def test_the_whole_grid_is_there_also_what_nobody_received(read_small: Read) -> None:
    grades = quarterly_grades(read_small(ROWS))
    names = ["Outstanding", "Good", "Requires improvement", "Inadequate", "good", "inadequate"]
    grid = list(itertools.product(["risk", "plans"], ["2025-Q1", "2025-Q2", "2025-Q3"], names))
    assert list(grades[["domain", "quarter", "grade"]].itertuples(index=False, name=None)) == grid


def test_counts_and_shares(read_small: Read) -> None:
    grades = quarterly_grades(read_small(ROWS))
    good = cell(grades, "risk", "2025-Q1", "good")
    assert (good["n"], good["of"], good["audits"]) == (2, 3, 2)
    assert good["share"] == 2 / 3
    assert cell(grades, "risk", "2025-Q1", "Good")["n"] == 1
    assert cell(grades, "risk", "2025-Q3", "inadequate")["share"] == 1


def test_not_graded_and_not_counted_are_in_no_share_and_counted_apart(read_small: Read) -> None:
    returns = read_small(ROWS)
    assert cell(quarterly_grades(returns), "plans", "2025-Q1", "inadequate")["of"] == 1
    ungraded = ungraded_judgements(returns).set_index(["domain", "quarter"])
    assert ungraded.loc[("risk", "2025-Q1")].tolist() == [1, 0]
    assert ungraded.loc[("plans", "2025-Q1")].tolist() == [0, 1]
    assert ungraded.loc[("plans", "2025-Q3")].tolist() == [1, 0]
    assert ungraded.loc[("plans", "2025-Q2")].tolist() == [0, 0]


def test_every_judgement_is_graded_not_graded_or_not_counted(example: AuditReturns, read_small: Read) -> None:
    for returns in (example, read_small(ROWS)):
        grades, ungraded = quarterly_grades(returns), ungraded_judgements(returns)
        graded = grades[grades["grade"] == "good"]["of"].sum()
        assert graded + ungraded["not_graded"].sum() + ungraded["not_counted"].sum() == len(returns.judgements)


def test_a_quarter_without_returns_is_an_empty_row_and_not_zero_percent(read_small: Read) -> None:
    empty = cell(quarterly_grades(read_small(ROWS)), "risk", "2025-Q2", "inadequate")
    assert (empty["n"], empty["of"], empty["audits"]) == (0, 0, 0)
    assert empty[["share", "low", "high"]].isna().all()


def test_quarters_after_the_reported_one_are_left_out(read_small: Read) -> None:
    assert quarterly_grades(read_small(ROWS), through="2025-Q1")["quarter"].unique().tolist() == ["2025-Q1"]
    with pytest.raises(ChoiceError, match="quarter must be 2025-Q1 or 2025-Q3; not '2025-Q2'"):
        quarterly_grades(read_small(ROWS), through="2025-Q2")


def test_the_counts_are_those_of_a_plain_count(example: AuditReturns) -> None:
    quarter_of = dict(zip(example.audits["audit_id"], example.audits["quarter"], strict=True))
    plain = Counter(
        (
            row.domain,
            quarter_of[row.audit_id],
            row.moderated_grade if isinstance(row.moderated_grade, str) else row.grade,
        )
        for row in example.judgements.itertuples()
    )
    grades = quarterly_grades(example)
    counted = grades[~grades["grade"].isin(["good", "inadequate"]) & (grades["n"] > 0)]
    assert {(row.domain, row.quarter, row.grade): row.n for row in counted.itertuples()} == plain


def test_grades_of_a_domain_and_quarter_add_up(example: AuditReturns) -> None:
    grades = quarterly_grades(example)
    each = grades[~grades["grade"].isin(["good", "inadequate"])].groupby(["domain", "quarter"])
    assert (each["n"].sum() == each["of"].first()).all()
    assert (grades["low"] <= grades["share"]).all()
    assert (grades["share"] <= grades["high"]).all()


def test_the_overall_judgement_has_one_grade_an_audit_so_its_interval_is_plain(example: AuditReturns) -> None:
    row = cell(quarterly_grades(example), "overall", "2019-Q4", "inadequate")
    low, high = wilson_interval(7, 21)
    assert (row["n"], row["of"], row["audits"]) == (7, 21, 21)
    assert (row["low"], row["high"]) == (pytest.approx(float(low)), pytest.approx(float(high)))


def test_the_order_of_the_rows_does_not_matter(read_small: Read) -> None:
    first = quarterly_grades(read_small(ROWS))
    pd.testing.assert_frame_equal(first, quarterly_grades(read_small([ROWS[0], *reversed(ROWS[1:])])))


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


def test_a_report_runs_from_the_first_quarter_held_to_the_last_without_a_gap(read_small: Read) -> None:
    returns = read_small(ROWS)
    assert quarters_held(returns) == ["2025-Q1", "2025-Q3"]
    assert reported_quarters(returns) == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert reported_quarters(returns, through="2025-Q1") == ["2025-Q1"]
    assert reported_periods(returns) == ["2025-Q1", "2025-Q2", "2025-Q3"]


def test_months_begin_and_end_with_one_that_has_returns(read_small: Read) -> None:
    returns = read_small(ROWS)
    assert reported_periods(returns, unit="month") == [f"2025-0{month}" for month in range(1, 9)]
    assert reported_periods(returns, unit="month", through="2025-Q1") == ["2025-01", "2025-02"]
    with pytest.raises(ChoiceError, match="unit must be quarter, month or year; not 'week'"):
        reported_periods(returns, unit="week")


def test_the_last_month_of_the_reported_quarter_is_one_of_its_months(read_small: Read) -> None:
    march = read_small([WIDE_HEADER, *([f"A{day}", date, "N", "Good", "RI", "RI"] for day, date in
                                       enumerate(["31/03/2025", "01/04/2025"]))])  # fmt: skip
    assert reported_periods(march, unit="month", through="2025-Q1") == ["2025-03"]
    assert reported_periods(march, unit="month") == ["2025-03", "2025-04"]


def test_a_published_table_alone_has_quarters_and_nothing_to_count() -> None:
    published = read_returns("data/example/published-shares-2019.csv", framework="south-gloucestershire")
    held = quarters_held(published)
    assert held == reported_quarters(published)
    assert len(held) > 1
    assert reported_periods(published, unit="month") == []
    assert resolve_quarter(published, today=dt.date(2030, 1, 1)) == held[-1]
    for count in (count_grades, count_ungraded):
        assert count(published).empty
        assert list(count(published)) == list(count(published, unit="month"))
    nothing = replace(published, published=published.published.iloc[:0])
    assert (quarters_held(nothing), reported_quarters(nothing), reported_periods(nothing)) == ([], [], [])


def test_what_is_summed_over_audits_is_what_the_interval_is_made_of(read_small: Read) -> None:
    """Good or better is 2 of 2 on the first audit and 0 of 1 on the second; inadequate is 2 of 2 on the third."""
    counts = count_grades(read_small(ROWS)).set_index(["domain", "period", "grade"])
    sums = ["n", "of", "audits", "sum_xx", "sum_xm", "sum_mm"]
    expected = {
        ("risk", "2025-Q1", "good"): [2, 3, 2, 4, 4, 5],
        ("risk", "2025-Q1", "Good"): [1, 3, 2, 1, 2, 5],
        ("risk", "2025-Q1", "Requires improvement"): [1, 3, 2, 1, 1, 5],
        ("risk", "2025-Q1", "inadequate"): [0, 3, 2, 0, 0, 5],
        ("risk", "2025-Q2", "good"): [0, 0, 0, 0, 0, 0],
        ("risk", "2025-Q3", "inadequate"): [2, 2, 1, 4, 4, 4],
        ("plans", "2025-Q1", "inadequate"): [1, 1, 1, 1, 1, 1],
        ("plans", "2025-Q3", "good"): [0, 0, 0, 0, 0, 0],
    }
    for place, numbers in expected.items():
        row = counts.loc[place]
        assert row[sums].tolist() == numbers
        effective = float(effective_sample_size(**{name: row[name] for name in sums}))
        assert row["effective"] == effective
        if row["of"]:
            assert row["share"] == row["n"] / row["of"]
            low, high = effective_interval(row["n"], row["of"], effective)
            assert (row["low"], row["high"]) == (float(low), float(high))
        else:
            assert row[["share", "low", "high"]].isna().all()


def test_months_are_counted_as_quarters_are(read_small: Read) -> None:
    returns = read_small(ROWS)
    months = monthly_grades(returns).set_index(["domain", "month", "grade"])
    assert months.loc[("risk", "2025-01", "good"), ["n", "of", "audits"]].tolist() == [2, 2, 1]
    assert months.loc[("risk", "2025-02", "good"), ["n", "of", "audits"]].tolist() == [0, 1, 1]
    assert months.loc[("risk", "2025-03", "good"), ["n", "of", "audits"]].tolist() == [0, 0, 0]
    assert set(monthly_grades(returns, through="2025-Q1")["month"]) == {"2025-01", "2025-02"}
    quarters = count_grades(returns).groupby(["domain", "grade"])["n"].sum()
    pd.testing.assert_series_equal(
        count_grades(returns, unit="month").groupby(["domain", "grade"])["n"].sum(), quarters
    )


def test_what_is_in_no_share_is_counted_by_month_as_well(read_small: Read) -> None:
    ungraded = count_ungraded(read_small(ROWS), unit="month").set_index(["domain", "period"])
    assert len(ungraded) == 2 * 8
    found = ungraded[(ungraded != 0).any(axis=1)]
    assert found.index.tolist() == [("risk", "2025-02"), ("plans", "2025-02"), ("plans", "2025-08")]
    assert found[["not_graded", "not_counted"]].to_numpy().tolist() == [[1, 0], [0, 1], [1, 0]]
    assert set(ungraded_judgements(read_small(ROWS), through="2025-Q1")["quarter"]) == {"2025-Q1"}


def test_the_grade_of_record_is_the_moderated_one(read_small: Read) -> None:
    returns = read_small(ROWS)
    moderated = returns.judgements["grade"].where(returns.judgements["grade"] != "Good", "Inadequate")
    changed = replace(returns, judgements=returns.judgements.assign(moderated_grade=moderated))
    counts = count_grades(changed).set_index(["domain", "period", "grade"])["n"]
    assert counts.loc[("risk", "2025-Q1", ["Good", "Inadequate"])].tolist() == [0, 1]
