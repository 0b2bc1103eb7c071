"""Where a domain stands, what changed, and what not to conclude: sentences of tables that are known."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import WIDE_HEADER
from hypothesis import given
from hypothesis import strategies as st

from auditanalytics.reporting import narrative
from auditanalytics.reporting.wording import percent
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import DomainTrend, domain_trend

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


def graded(date: str, **plans: int) -> list[list[str]]:
    """Audits of a day with so many plans of each grade, written without spaces."""
    grades = [grade.replace("_", " ") for grade, number in plans.items() for _ in range(number)]
    return [[f"{date}-{at}", date, "N", "", "", grade] for at, grade in enumerate(grades)]


@pytest.fixture
def plans(read_small: Read) -> Callable[..., DomainTrend]:
    """The trend of the domain Plans from rows of audits."""

    def trend(*days: list[list[str]], quarter: str, unit: str = "quarter") -> DomainTrend:
        rows = [row for day in days for row in day]
        return domain_trend(read_small([WIDE_HEADER, *rows]), "plans", quarter=quarter, unit=unit)

    return trend


# ---------------------------------------------------------------------------------------------------------- the position


def test_the_position_counts_before_it_gives_percentages(example: AuditReturns) -> None:
    assert narrative.describe_position(domain_trend(example, "risk", quarter="2019-Q4")) == (
        "In October to December 2019, 12 of 42 judgements in 21 audits were Good or better (29%) and 16 were "
        "Inadequate (38%). The most frequent grade was Inadequate."
    )


def test_predominantly_is_more_than_half(plans: Callable[..., DomainTrend]) -> None:
    half = plans(graded("01/02/2025", Good=5, RI=3, Inadequate=2), quarter="2025-Q1")
    assert narrative.describe_position(half).endswith("The most frequent grade was Good.")
    more = plans(graded("01/02/2025", Good=6, RI=3, Inadequate=2), quarter="2025-Q1")
    assert narrative.describe_position(more).endswith("The grades were predominantly Good.")


def test_below_ten_audits_there_are_counts_and_no_percentages(read_small: Read) -> None:
    rows = [[f"A{n}", "01/02/2025", "N", "Good", "RI", "Good"] for n in range(9)]
    rows += [[f"B{n}", "01/05/2025", "N", "Good", "RI", "Good"] for n in range(8)]
    trend = domain_trend(read_small([WIDE_HEADER, *rows]), "risk", quarter="2025-Q2")
    sentences = narrative.describe_domain(trend)
    assert sentences == [
        "In April to June 2025, 8 of 16 judgements in 8 audits were Good or better and 0 were Inadequate. Good and "
        "Requires improvement were equally frequent.",
        "Since January to March 2025, Good or better stayed the same, 9 of 18 and then 8 of 16 and Inadequate stayed the "
        "same, 0 of 18 and then 0 of 16: no evidence of change.",
    ]


def test_a_tie_is_a_tie(read_small: Read) -> None:
    trend = domain_trend(
        read_small([WIDE_HEADER, ["A1", "01/02/2025", "N", "Good", "RI", ""]]), "risk", quarter="2025-Q1"
    )
    assert narrative.describe_position(trend) == (
        "In January to March 2025, 1 of 2 judgements in 1 audit was Good or better and 0 were Inadequate. Good and "
        "Requires improvement were equally frequent."
    )


def test_a_period_in_which_nothing_was_graded_says_so_and_no_more(plans: Callable[..., DomainTrend]) -> None:
    trend = plans(graded("01/02/2025", Good=12), [["A1", "01/05/2025", "N", "Good", "Good", "N/A"]], quarter="2025-Q2")
    assert narrative.describe_domain(trend) == ["Nothing was graded in this domain in April to June 2025."]


def test_shares_that_were_only_published_bear_nothing(read_small: Read) -> None:
    rows = [["Domain", "Year", "Quarter", "Good", "Inadequate"], ["Risk", "2025", "Q1", "50%", "10%"]]
    trend = domain_trend(read_small([*rows, ["Risk", "2025", "Q2", "90%", "1%"]]), "risk", quarter="2025-Q2")
    assert narrative.describe_domain(trend) == [
        "Only published shares are at hand for this domain, so nothing can be said of the audits behind them."
    ]


# ------------------------------------------------------------------------------------------------------------ the change


def test_the_change_is_told_with_its_interval_since_the_quarter_before_and_over_the_year(example: AuditReturns) -> None:
    assert narrative.describe_change(domain_trend(example, "plans", quarter="2019-Q4")) == (
        "Since July to September 2019, Good or better went from 40% to 38% (95% interval of the change −24 to 20 points) "
        "and Inadequate went from 19% to 29% (−9 to 28): no evidence of change. Over the year since January to March "
        "2019, Good or better stayed at about 38% (95% interval of the change −19 to 20 points) and Inadequate went from "
        "9% to 29% (2 to 37): by itself the change in Inadequate would stand out, but one comparison in 20 does so by "
        "chance and the report makes 36, so this is no evidence of change."
    )


def test_two_quarters_are_not_called_a_year(example: AuditReturns) -> None:
    change = narrative.describe_change(domain_trend(example, "risk", quarter="2019-Q3"))
    assert "Over the 2 quarters since January to March 2019, " in change
    assert "year" not in change


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"RI": 40}, {"Good": 36, "RI": 4}, "strengthening, for the change in Good or better is more than chance"),
        ({"Good": 40}, {"RI": 36, "Good": 4}, "weakening, for the change in Good or better is more than chance"),
        ({"Inadequate": 40}, {"RI": 40}, "strengthening, for the change in Inadequate is more than chance"),
        ({"RI": 40}, {"Inadequate": 40}, "weakening, for the change in Inadequate is more than chance"),
        ({"Inadequate": 40}, {"Good": 40}, "strengthening, for the change in Good or better and Inadequate is more"),
        ({"RI": 40}, {"Good": 20, "Inadequate": 20}, "but Good or better and Inadequate do not point the same way."),
        ({"Good": 20, "RI": 20}, {"Good": 20, "RI": 20}, ": no evidence of change."),
        ({"Good": 20, "RI": 20}, {"Good": 24, "RI": 16}, ": no evidence of change."),
    ],
)
def test_a_direction_is_named_only_where_it_is_borne(
    plans: Callable[..., DomainTrend], before: dict[str, int], after: dict[str, int], words: str
) -> None:
    trend = plans(graded("01/02/2025", **before), graded("01/05/2025", **after), quarter="2025-Q2")
    change = narrative.describe_change(trend)
    assert words in change
    named = [word for word in ("strengthening", "weakening", "no evidence of change") if word in change]
    assert named == [word for word in ("strengthening", "weakening", "no evidence of change") if word in words]


def one_domain(rows: list[dict[str, object]], trend: DomainTrend) -> DomainTrend:
    """A trend whose comparisons are those given, beside what they have in common."""
    common = {
        "comparison": "year", "since": "2019-Q1", "comparisons": 6, "of_since": 5000, "of_until": 5000,
        "audits_since": 5000, "audits_until": 5000, "finding": "no evidence", "trend": "no evidence", "change": 0.0,
        "low": -0.1, "high": 0.1, "n_since": 10, "n_until": 10,
    }  # fmt: skip
    return replace(trend, changes=pd.DataFrame([common | row for row in rows]))


def test_what_reads_alike_and_is_a_finding_is_told_in_counts(example: AuditReturns) -> None:
    """Of thousands, a change may be more than chance and yet none in whole percentages."""
    good = {
        "grade": "good",
        "finding": "better",
        "n_since": 1905,
        "n_until": 1920,
        "change": 0.003,
        "low": 0.001,
        "high": 0.2,
    }
    trend = one_domain([good, {"grade": "inadequate"}], domain_trend(example, "risk", quarter="2019-Q4"))
    change = narrative.describe_change(trend)
    assert (
        "Good or better went from 1,905 of 5,000 to 1,920 of 5,000 (95% interval of the change just over 0 to 20"
        in change
    )
    assert change.endswith("strengthening, for the change in Good or better is more than chance would explain, with 6 "
                           "comparisons in the report.")  # fmt: skip


def test_a_trend_alone_is_told_and_is_no_strengthening(example: AuditReturns) -> None:
    rows = [{"grade": "good", "trend": "rising"}, {"grade": "inadequate", "trend": "falling"}]
    change = narrative.describe_change(one_domain(rows, domain_trend(example, "risk", quarter="2019-Q4")))
    assert change.endswith(
        "the two ends alone bear no change, but there is a rising trend in Good or better and a falling trend in "
        "Inadequate, more than chance would explain."
    )


def test_a_trend_that_goes_the_other_way_than_the_change_is_told_instead_of_a_direction(example: AuditReturns) -> None:
    good = {
        "grade": "good",
        "trend": "rising",
        "finding": "worse",
        "change": -0.3,
        "low": -0.5,
        "high": -0.2,
        "n_until": 5,
    }
    change = narrative.describe_change(
        one_domain([good, {"grade": "inadequate"}], domain_trend(example, "risk", quarter="2019-Q4"))
    )
    assert change.endswith("but not all of it points the same way: there is a rising trend in Good or better.")
    assert "weakening" not in change


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.0, 0.1, "0 to 10"), (-0.004, 0.004, "just under 0 to just over 0"), (-0.005, 0.005, "−1 to 1")],
)
def test_a_limit_that_rounds_to_nothing_says_on_which_side_it_lies(
    example: AuditReturns, low: float, high: float, words: str
) -> None:
    rows = [{"grade": "good", "low": low, "high": high}, {"grade": "inadequate"}]
    change = narrative.describe_change(one_domain(rows, domain_trend(example, "risk", quarter="2019-Q4")))
    assert f"(95% interval of the change {words} points)" in change


# --------------------------------------------------------------------------------------------- what not to conclude


def test_no_evidence_is_told_from_evidence_of_nothing(example: AuditReturns) -> None:
    assert narrative.describe_power(domain_trend(example, "risk", quarter="2019-Q4")) == (
        "That is not evidence that nothing changed: with 24 and 21 audits, a change in Good or better from 23% would "
        "probably be seen by itself only if it went to 54% or more, or to 3% or less, and as one of 36 comparisons only "
        "if it went to 68% or more, or to under 1%. To see a change of 10 points by itself would take about 192 audits "
        "in each quarter."
    )


def test_beside_a_change_it_is_the_smaller_ones_that_may_be_unseen(plans: Callable[..., DomainTrend]) -> None:
    trend = plans(graded("01/02/2025", RI=40), graded("01/05/2025", Good=40), quarter="2025-Q2")
    assert narrative.describe_power(trend).startswith("Smaller changes could have gone unseen: with 40 and 40 audits, ")


def test_with_ten_audits_and_many_comparisons_nothing_could_be_counted_on(read_small: Read) -> None:
    rows = [
        [f"A{m}-{n}", f"01/{m:02d}/2025", "N", *["Good" if n < 5 else "RI"] * 3] for m in (2, 5, 8) for n in range(10)
    ]
    power = narrative.describe_power(domain_trend(read_small([WIDE_HEADER, *rows]), "plans", quarter="2025-Q3"))
    assert "as one of 12 comparisons only if it went further than a share can go." in power


def test_a_change_of_mix_is_told_since_when(example: AuditReturns) -> None:
    assert narrative.describe_mix(domain_trend(example, "collaboration", quarter="2019-Q4")) == (
        "The change in Good or better since January to March 2019 is mostly a change of mix: it goes with which audits "
        "were made more than with practice within them."
    )
    assert narrative.describe_mix(domain_trend(example, "risk", quarter="2019-Q4")) == ""


def test_between_months_nothing_is_split(example: AuditReturns) -> None:
    assert narrative.describe_mix(domain_trend(example, "collaboration", quarter="2019-Q4", unit="month")) == ""


def test_other_types_of_audit_are_warned_of(example: AuditReturns) -> None:
    trend = domain_trend(example, "risk", quarter="2019-Q4")
    assert narrative.describe_types([trend]) == []
    types = pd.DataFrame({"2019-Q3": [24, 0], "2019-Q4": [12, 9]}, index=["Deep dive", "Re-audit"])
    warned = replace(trend, audit_types={"2019-Q3": types})
    sentence = (
        "The audit types differ: 24 Deep dive in July to September 2019, 12 Deep dive and 9 Re-audit in October to "
        "December 2019. One kind of audit is no measure for another."
    )
    assert narrative.describe_types([warned, warned]) == [sentence]
    assert narrative.describe_domain(warned)[1].endswith(sentence)


def test_a_domain_has_its_position_its_change_and_what_not_to_conclude(example: AuditReturns) -> None:
    for domain in example.framework.domain_titles:
        position, change, power = narrative.describe_domain(domain_trend(example, domain, quarter="2019-Q4"))
        assert position.startswith("In October to December 2019, ")
        assert "no evidence of change" in change
        assert power.startswith("That is not evidence that nothing changed: ")


def test_months_are_compared_as_months(example: AuditReturns) -> None:
    change = narrative.describe_change(domain_trend(example, "risk", quarter="2019-Q4", unit="month"))
    assert change.startswith("Since October 2019, ")
    assert "Over the 10 months since January 2019, Good or better went from 6 of 18 to 7 of 20 and " in change
