"""What is said over all domains, from the example and from comparisons that are known."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.reporting import headlines
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import DomainTrend, domain_trend, domain_trends

Read = Callable[..., AuditReturns]


@pytest.fixture(scope="module")
def trends(example: AuditReturns) -> list[DomainTrend]:
    return domain_trends(example, quarter="2019-Q4")


def with_changes(trend: DomainTrend, *rows: dict[str, object]) -> DomainTrend:
    """A trend whose comparisons are those given, beside what they have in common."""
    common = {
        "comparison": "year", "since": "2019-Q1", "comparisons": 6, "of_since": 50, "of_until": 50, "audits_since": 50,
        "audits_until": 50, "finding": "no evidence", "trend": "no evidence", "change": 0.0, "low": -0.1, "high": 0.1,
        "n_since": 10, "n_until": 10,
    }  # fmt: skip
    return replace(trend, changes=pd.DataFrame([common | row for row in rows]))


GOOD, INADEQUATE = {"grade": "good"}, {"grade": "inadequate"}
BETTER = GOOD | {"n_until": 40, "change": 0.6, "low": 0.4, "high": 0.8, "finding": "better"}
WORSE = INADEQUATE | {"n_until": 40, "change": 0.6, "low": 0.4, "high": 0.8, "finding": "worse"}
STEP = {"comparison": "step", "since": "2019-Q3"}


def test_the_example_shows_no_change_that_its_audits_can_bear(trends: list[DomainTrend]) -> None:
    assert headlines.describe_year(trends) == [
        "2019 shows no change in any domain that the audits can bear: no evidence of change."
    ]


def test_directions_are_told_without_a_claim(trends: list[DomainTrend]) -> None:
    assert headlines.describe_directions(trends) == [
        "Without any claim: since January to March 2019, Good or better points down in Identification and response to "
        "risk (34% to 29%), Assessments (44% to 19%), Reviews (46% to 23%), Collaboration (49% to 35%) and Overall "
        "judgement (39% to 19%); nowhere in Plans (38%).",
        "Without any claim: since January to March 2019, Inadequate points up in Assessments (27% to 33%), Plans (9% to "
        "29%), Reviews (16% to 32%), Collaboration (4% to 14%) and Overall judgement (14% to 33%); down in "
        "Identification and response to risk (39% to 38%).",
    ]


def test_months_span_from_the_first_to_the_last(example: AuditReturns) -> None:
    assert headlines.describe_year(domain_trends(example, quarter="2019-Q4", unit="month")) == [
        "November 2019, beside January 2019, shows no change in any domain that the audits can bear: no evidence of change."
    ]


def test_one_period_alone_has_no_headline(example: AuditReturns) -> None:
    alone = domain_trends(example, quarter="2019-Q1")
    assert headlines.describe_year(alone) == []
    assert headlines.describe_directions(alone) == []
    assert headlines.describe_comparisons(alone) == ""
    assert headlines.describe_mixes(alone) == ""


def test_what_is_borne_is_named_by_its_word_and_domain(trends: list[DomainTrend]) -> None:
    risk, assessments, plans, reviews, *_ = trends
    both_ways = BETTER, WORSE
    rising = GOOD | {"trend": "rising"}, INADEQUATE | {"trend": "falling"}
    year = headlines.describe_year([
        with_changes(risk, BETTER, INADEQUATE), with_changes(assessments, GOOD, WORSE), with_changes(plans, *both_ways),
        with_changes(reviews, *rising),
    ])  # fmt: skip
    assert year == [
        "2019 shows strengthening in Identification and response to risk (Good or better 20% to 80%; Inadequate 20%); "
        "weakening in Assessments (Good or better 20%; Inadequate 20% to 80%); a change that does not point one way in "
        "Plans (Good or better 20% to 80%; Inadequate 20% to 80%); a rising trend in Good or better and a falling trend in "
        "Inadequate in Reviews (Good or better 20%; Inadequate 20%)."
    ]


def test_a_finding_is_not_repeated_as_a_direction(trends: list[DomainTrend]) -> None:
    directions = headlines.describe_directions(
        [with_changes(trends[0], BETTER, INADEQUATE), with_changes(trends[1], GOOD, WORSE)]
    )
    assert directions == [
        "Without any claim: since January to March 2019, Good or better points nowhere in Assessments (20%).",
        "Without any claim: since January to March 2019, Inadequate points nowhere in Identification and response to risk "
        "(20%).",
    ]


def test_the_last_step_is_told_beside_the_year_and_the_year_is_then_not_called_without_change(
    trends: list[DomainTrend],
) -> None:
    trend = with_changes(trends[0], BETTER | STEP, INADEQUATE | STEP, GOOD, INADEQUATE)
    assert headlines.describe_year([trend]) == [
        "October to December 2019, beside January to March 2019, shows no change in any domain that the audits can bear: "
        "no evidence of change.",
        "October to December 2019, beside July to September 2019, shows strengthening in Identification and response to "
        "risk (Good or better 20% to 80%; Inadequate 20%).",
    ]


def test_a_domain_that_began_later_says_since_when(trends: list[DomainTrend]) -> None:
    late = {"since": "2019-Q3", "comparison": "step"}
    shown = [with_changes(trends[0], BETTER, INADEQUATE), with_changes(trends[2], BETTER | late, INADEQUATE | late)]
    assert headlines.describe_year(shown) == [
        "2019 shows strengthening in Identification and response to risk (Good or better 20% to 80%; Inadequate 20%) and "
        "Plans (Good or better 20% to 80%; Inadequate 20%; since July to September 2019)."
    ]
    assert headlines.describe_directions(shown) == [
        "Without any claim: since January to March 2019, Inadequate points nowhere in Identification and response to risk "
        "(20%) and Plans (20%, since July to September 2019)."
    ]
    alone = headlines.describe_year([with_changes(trends[0], GOOD, INADEQUATE), shown[1]])
    assert alone[0].startswith(
        "October to December 2019, beside July to September 2019, shows strengthening in Plans ("
    )


def test_below_ten_audits_a_headline_counts(trends: list[DomainTrend]) -> None:
    few = {"audits_since": 9, "of_since": 50}
    sentences = headlines.describe_directions(
        [
            with_changes(
                trends[0],
                GOOD | few | {"n_until": 12, "change": 0.04},
                INADEQUATE | few | {"of_since": 100, "n_since": 20},
            )
        ]
    )
    assert sentences == [
        "Without any claim: since January to March 2019, Good or better points up in Identification and response to risk "
        "(10 of 50 to 12 of 50).",
        "Without any claim: since January to March 2019, Inadequate points nowhere in Identification and response to risk "
        "(20 of 100 to 10 of 50).",
    ]


@pytest.fixture
def on_a_p_chart(read_small: Read) -> list[DomainTrend]:
    """Thirteen quarters, of which the last is far above the others in Good and far below them in Inadequate."""
    rows = []
    for quarter in range(13):
        date = f"01/{3 * (quarter % 4) + 1:02d}/{2016 + quarter // 4}"
        for at in range(12):
            plan = "Good" if quarter == 12 or at < 3 else "Inadequate" if at < 8 else "RI"
            rows.append([f"{quarter}-{at}", date, "N", "RI", "RI", plan])
    return domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2019-Q1")


def test_a_special_cause_in_the_latest_period_is_a_headline(on_a_p_chart: list[DomainTrend]) -> None:
    signals = headlines.describe_signals(on_a_p_chart)
    assert signals == (
        "Of 4 p-charts, 1 marks January to March 2019 as more than chance: Plans (Good or better, for the better). Where "
        "nothing changes, about one p-chart in 50 does."
    )
    assert headlines.describe_year(on_a_p_chart)[-1] == signals


def test_fewer_points_have_no_special_cause(trends: list[DomainTrend]) -> None:
    assert headlines.describe_signals(trends) == ""


def test_a_change_of_mix_since_the_quarter_before_is_named(trends: list[DomainTrend]) -> None:
    assert headlines.describe_mixes(trends) == ""  # those of the example are over the year
    mixed = []
    for trend in trends[:3]:
        mix = trend.mix.copy()
        mix.loc[(mix["since"] == "2019-Q3") & (mix["grade"] == "good"), "finding"] = "mostly mix"
        mixed.append(replace(trend, mix=mix))
    assert headlines.describe_mixes(mixed) == (
        "The change is mostly a change of mix since July to September 2019 in Identification and response to risk (Good or "
        "better), Assessments (Good or better) and Plans (Good or better): it goes with which audits were made more than "
        "with practice within them."
    )


def test_the_number_of_comparisons_is_told_with_what_is_done_about_it(trends: list[DomainTrend]) -> None:
    assert headlines.describe_comparisons(trends) == (
        "The report makes 36 comparisons and tests of trend. At 95% one in 20 would mislead by chance, so a change is "
        "called one only where its interval, widened for all of them, leaves out zero."
    )
    assert len(trends) * 6 == 36


@pytest.mark.parametrize(
    ("expected", "returned", "sentence"),
    [
        (150, 96, "96 audits were returned for 2019, 64% of the 150 expected."),
        (0, 1, "1 audit was returned for 2019."),
        (float("nan"), 3, "3 audits were returned for 2019."),
    ],
)
def test_a_return_rate_never_stands_without_its_numbers(expected: float, returned: float, sentence: str) -> None:
    assert headlines.describe_returns(expected, returned, "2019") == sentence


def test_a_range_needs_two_domains(example: AuditReturns) -> None:
    assert headlines.describe_range([domain_trend(example, "risk")], "good") == ""


def test_the_overall_judgement_is_no_end_of_a_range(trends: list[DomainTrend]) -> None:
    assert headlines.describe_range(trends, "inadequate") == (
        "Inadequate ranges from 14% in Collaboration to 38% in Identification and response to risk."
    )


def test_a_domain_with_too_few_audits_is_named_beside_the_range(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Good", "RI", "Inadequate" if n < 3 else ""] for n in range(12)]
    trends = domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q1")
    other = replace(trends[0], domain="other", title="Other")
    assert headlines.describe_range([*trends, other], "good") == (
        "Good or better is 50% in Risk and Other, leaving out Plans, with fewer than 10 audits."
    )


def test_uncertainty_is_half_the_typical_interval(trends: list[DomainTrend]) -> None:
    widths = [
        trend.tail(tail)["high"].iloc[-1] - trend.tail(tail)["low"].iloc[-1]
        for trend in trends[:-1]
        for tail in ("good", "inadequate")
    ]
    half = round(100 * pd.Series(widths).median() / 2)
    assert f"uncertain by about {half} percentage points either way" in headlines.describe_uncertainty(trends)


def test_cautions_are_those_of_what_is_shown(trends: list[DomainTrend], on_a_p_chart: list[DomainTrend]) -> None:
    words = {"part-quarter": True, "published share is": True, "run chart or a p-chart": False}
    for word, there in words.items():
        assert any(word in caution for caution in headlines.cautions(trends)) is there
    assert any("run chart or a p-chart" in caution for caution in headlines.cautions(on_a_p_chart))
    published = [replace(trend, grades=trend.grades.head(0), months_missing={}) for trend in trends]
    assert len(headlines.cautions(published)) == 1
