from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import WIDE_HEADER
from hypothesis import given
from hypothesis import strategies as st

from auditanalytics.reporting import narrative
from auditanalytics.reporting.wording import percent
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import domain_trend, domain_trends

Read = Callable[..., AuditReturns]


@pytest.mark.parametrize(
    ("n", "of", "text"),
    [
        (0, 7, "0%"), (7, 7, "100%"), (1, 8, "13%"), (3, 8, "38%"), (57, 200, "29%"), (57, 1000, "6%"), (1, 200, "1%"),
        (1, 201, "under 1%"), (200, 201, "over 99%"), (1, 3, "33%"), (2, 3, "67%"),
    ],
)  # fmt: skip
def test_percentages_round_halves_up_and_never_to_nothing(n: int, of: int, text: str) -> None:
    assert percent(n / of) == text


@given(st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_percentage_is_that_of_whole_number_arithmetic(counts: tuple[int, int]) -> None:
    n, of = counts
    whole = (200 * n + of) // (2 * of)
    expected = "under 1%" if whole == 0 and n else "over 99%" if whole == 100 and n < of else f"{whole}%"
    assert percent(n / of) == expected


def test_the_position_counts_before_it_gives_percentages(example: AuditReturns) -> None:
    assert narrative.describe_position(domain_trend(example, "risk", quarter="2019-Q4")) == (
        "In October to December 2019, 12 of 42 judgements in 21 audits were Good or better (29%) and 16 were "
        "Inadequate (38%). The most frequent grade was Inadequate."
    )


def test_below_ten_audits_there_are_counts_and_no_percentages(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Good", "RI", "Good"] for n in range(9)]
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q1")
    sentences = [narrative.describe_position(trend), narrative.describe_chart(trend)]
    assert "9 of 18 judgements in 9 audits" in sentences[0]
    assert not any("%" in sentence.replace("95% intervals", "") for sentence in sentences)


def test_a_tie_is_a_tie(read_small: Read) -> None:
    trend = domain_trend(
        read_small([WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", ""]]), "risk", quarter="2025-Q1"
    )
    assert narrative.describe_position(trend).endswith("Good and Requires improvement were equally frequent.")


def test_the_text_alternative_states_the_finding_and_the_part_quarters(example: AuditReturns) -> None:
    text = narrative.describe_chart(domain_trend(example, "risk", quarter="2019-Q4"))
    assert text.startswith(
        "Identification and response to risk: 38% Inadequate, 16 of 42 judgements in 21 audits, "
        "in October to December 2019"
    )
    assert "July to September 2019 is a part-quarter: no audit in August." in text
    assert "October to December 2019 is a part-quarter: no audit in December." in text


def test_agreement_with_the_published_shares_is_said(example: AuditReturns) -> None:
    for domain in ("risk", "assessments", "plans", "reviews", "collaboration"):
        assert narrative.compare_with_published(domain_trend(example, domain)).startswith(
            "The 8 shares published for these quarters equal"
        )
    assert narrative.compare_with_published(domain_trend(example, "overall")) == ""


@pytest.mark.parametrize(
    ("expected", "returned", "sentence"),
    [
        (150, 96, "96 audits were returned for 2019, 64% of the 150 expected."),
        (0, 1, "1 audit was returned for 2019."),
        (float("nan"), 3, "3 audits were returned for 2019."),
    ],
)
def test_a_return_rate_never_stands_without_its_numbers(expected: float, returned: float, sentence: str) -> None:
    assert narrative.describe_returns(expected, returned, "2019") == sentence


def test_a_range_needs_two_domains(example: AuditReturns) -> None:
    assert narrative.describe_range([domain_trend(example, "risk")], "good") == ""


PUBLISHED = ["Domain", "Year", "Quarter", "Good", "Inadequate"]


def test_a_share_that_rounds_to_the_published_one_equals_it(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Inadequate", "Inadequate", "RI"] for n in range(12)]
    read_small([PUBLISHED, ["Risk", "2025", "Q1", "0.4%", "99.6%"]], name="p.csv")
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q1")
    assert narrative.compare_with_published(trend).startswith("The 2 shares published for these quarters equal")


def test_below_ten_audits_a_difference_is_given_in_counts(read_small: Read) -> None:
    read_small([PUBLISHED, ["Risk", "2025", "Q1", "50%", "10%"]], name="p.csv")
    returns = read_small([WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", ""]])
    assert narrative.compare_with_published(domain_trend(returns, "risk", quarter="2025-Q1")) == (
        "1 of 2 published shares differ: Inadequate in 2025-Q1 was published as 10% and counts as 0 of 2 judgements "
        "in 1 audit Inadequate."
    )


def test_a_domain_with_too_few_audits_is_named_beside_the_range(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Good", "RI", "Inadequate" if n < 3 else ""] for n in range(12)]
    trends = domain_trends(read_small([WIDE_HEADER, *rows]), quarter="2025-Q1")
    other = replace(trends[0], domain="other", title="Other")
    assert narrative.describe_range([*trends, other], "good") == (
        "Good or better ranges from 50% in Risk and Other to 50% in Risk and Other, leaving out Plans, "
        "with fewer than 10 audits."
    )
