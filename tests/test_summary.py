import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.intervals import wilson_interval
from auditanalytics.returns import AuditReturns
from auditanalytics.summary import quarterly_grades, resolve_quarter, ungraded_judgements

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
