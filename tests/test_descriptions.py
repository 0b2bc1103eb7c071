"""What charts show, in words: the text alternatives, the gaps, and agreement with what was published."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.reporting import descriptions
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend

Read = Callable[..., AuditReturns]
PUBLISHED = ["Domain", "Year", "Quarter", "Good", "Inadequate"]


def test_the_text_alternative_states_the_finding_the_course_the_kind_and_the_part_quarters(
    example: AuditReturns,
) -> None:
    assert descriptions.describe_chart(domain_trend(example, "risk", quarter="2019-Q4")) == (
        "Identification and response to risk: 38% Inadequate, 16 of 42 judgements in 21 audits, in October to December "
        "2019; 29% Good or better, 12 of 42 judgements in 21 audits. "
        "Good or better, quarter by quarter: 34% in 2019-Q1, 35% in 2019-Q2, 23% in 2019-Q3, 29% in 2019-Q4. "
        "Inadequate, quarter by quarter: 39% in 2019-Q1, 35% in 2019-Q2, 35% in 2019-Q3, 38% in 2019-Q4. "
        "Dots with 95% intervals, for 4 quarters are too few for a median (6) or for control limits (13). "
        "July to September 2019 is a part-quarter: no audit in August. "
        "October to December 2019 is a part-quarter: no audit in December."
    )


def test_a_month_without_audits_is_told_as_a_gap(example: AuditReturns) -> None:
    text = descriptions.describe_chart(domain_trend(example, "risk", quarter="2019-Q4", unit="month"))
    assert "17% in 2019-07, none graded in 2019-08, 29% in 2019-09" in text
    assert "2 of 16 in 2019-05" in text  # eight audits bear no percentage
    assert "part-quarter" not in text
    assert text.endswith("Nothing was graded in this domain in August 2019.")


def test_a_small_chart_is_dots_whatever_the_large_one_is(example: AuditReturns) -> None:
    trend = domain_trend(example, "risk", quarter="2019-Q4", unit="month")
    assert "A run chart" in descriptions.describe_chart(trend)
    small = descriptions.describe_chart(trend, small=True)
    assert "Dots with 95% intervals. " in small
    assert "median" not in small


def test_of_a_long_series_the_last_twelve_points_are_told(read_small: Read) -> None:
    rows = [[f"A{at}", f"05/{at % 12 + 1:02d}/{2024 + at // 12}", "N", "Good", "RI", "Good"] for at in range(15)]
    text = descriptions.describe_chart(
        domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q1", unit="month")
    )
    assert "Good or better, last 12 months: 1 of 2 in 2024-04, " in text
    assert "2024-03" not in text


def test_a_period_without_grades_has_no_finding(read_small: Read) -> None:
    rows = [["A1", "01/02/2025", "N", "Good", "RI", "Good"], ["A2", "01/05/2025", "N", "Good", "RI", ""]]
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "plans", quarter="2025-Q2")
    text = descriptions.describe_chart(trend)
    assert text.startswith("Plans: nothing was graded in April to June 2025. ")
    assert "Nothing was graded in this domain in April to June 2025." in text


def test_many_gaps_are_counted_and_not_listed(read_small: Read) -> None:
    rows = [["A1", "01/01/2025", "N", "Good", "RI", "Good"], ["A2", "01/07/2025", "N", "Good", "RI", "Good"]]
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q3", unit="month")
    assert descriptions.describe_coverage(trend) == "Nothing was graded in this domain in 5 of 7 months."


def test_many_part_quarters_are_counted_and_not_listed(example: AuditReturns) -> None:
    trend = domain_trend(example, "risk", quarter="2019-Q4")
    periods = [f"{year}-Q{quarter}" for year in (2018, 2019) for quarter in (1, 2, 3, 4)]
    missing = {period: [pd.Period("2019-08", "M")] for period in periods[:5]}
    many = replace(trend, periods=periods, months_missing=missing)
    assert descriptions.describe_part_quarters(many) == (
        "5 of the last 8 quarters are part-quarters, with a month without audits."
    )


def test_every_grade_is_told_also_those_nobody_received(example: AuditReturns) -> None:
    text = descriptions.describe_grades(domain_trend(example, "overall", quarter="2019-Q4").last(1))
    assert text == (
        "Overall judgement, every grade. 2019-Q4: Outstanding 0, Good 4, Requires improvement 10, Inadequate 7, of 21."
    )


def test_agreement_with_the_published_shares_is_said(example: AuditReturns) -> None:
    for domain in ("risk", "assessments", "plans", "reviews", "collaboration"):
        assert descriptions.compare_with_published(domain_trend(example, domain)).startswith(
            "The 8 shares published for these quarters equal"
        )
    assert descriptions.compare_with_published(domain_trend(example, "overall")) == ""


def test_a_share_that_rounds_to_the_published_one_equals_it(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Inadequate", "Inadequate", "RI"] for n in range(12)]
    read_small([PUBLISHED, ["Risk", "2025", "Q1", "0.4%", "99.6%"]], name="p.csv")
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q1")
    assert descriptions.compare_with_published(trend).startswith("The 2 shares published for these quarters equal")


def test_below_ten_audits_a_difference_is_given_in_counts(read_small: Read) -> None:
    read_small([PUBLISHED, ["Risk", "2025", "Q1", "50%", "10%"]], name="p.csv")
    returns = read_small([WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", ""]])
    assert descriptions.compare_with_published(domain_trend(returns, "risk", quarter="2025-Q1")) == (
        "1 of 2 published shares differ: Inadequate in 2025-Q1 was published as 10% and counts as 0 of 2 judgements "
        "in 1 audit Inadequate."
    )


@pytest.mark.parametrize("small", [True, False])
def test_a_chart_of_published_shares_says_so(read_small: Read, small: bool) -> None:
    returns = read_small([PUBLISHED, ["Risk", "2025", "Q1", "50%", "10%"], ["Risk", "2025", "Q2", "40%", "20%"]])
    assert descriptions.describe_chart(domain_trend(returns, "risk", quarter="2025-Q2"), small=small) == (
        "Risk, as published: Good or better, quarter by quarter: 50% in 2025-Q1, 40% in 2025-Q2. Inadequate, quarter by "
        "quarter: 10% in 2025-Q1, 20% in 2025-Q2."
    )
