"""What stands under a chart: why it is of its kind, what its rules find, the targets, and the events."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from conftest import WIDE_HEADER

from auditanalytics.reporting import readings
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import EVENTS
from auditanalytics.trends import DomainTrend, domain_trend

Read = Callable[..., AuditReturns]
Quarterly = Callable[..., DomainTrend]


@pytest.fixture
def quarterly(read_small: Read) -> Quarterly:
    """The plans of quarters from 2015 on, each with so many Good, RI and Inadequate, and events beside them."""

    def trend(*quarters: tuple[int, int, int], events: list[list[str]] | None = None) -> DomainTrend:
        if events:
            read_small([["Date", "Label", "Rebase"], *events], name="events.csv")
        rows = [
            [f"{at}-{grade}-{number}", f"15/{3 * (at % 4) + 1:02d}/{2015 + at // 4}", "N", "", "", grade]
            for at, counts in enumerate(quarters)
            for grade, n in zip(("Good", "RI", "Inadequate"), counts, strict=True)
            for number in range(n)
        ]
        last = len(quarters) - 1
        returns = read_small([WIDE_HEADER, *rows])
        return domain_trend(returns, "plans", quarter=f"{2015 + last // 4}-Q{last % 4 + 1}")

    return trend


def aiming(trend: DomainTrend, **targets: float) -> DomainTrend:
    aims = trend.framework.targets.model_copy(update=targets)
    return replace(trend, framework=trend.framework.model_copy(update={"targets": aims}))


# ------------------------------------------------------------------------------------------------------ kinds of chart


def test_four_quarters_are_dots(example: AuditReturns) -> None:
    trend = domain_trend(example, "risk", quarter="2019-Q4")
    assert readings.describe_choice(trend) == (
        "Dots with 95% intervals, for 4 quarters are too few for a median (6) or for control limits (13)."
    )
    assert readings.describe_reading(trend) == ""


def test_months_are_a_run_chart_read_by_its_rules(example: AuditReturns) -> None:
    trend = domain_trend(example, "plans", quarter="2019-Q4", unit="month")
    assert readings.describe_choice(trend) == (
        "A run chart, for 10 months bear a median, but are too few for control limits (13)."
    )
    good, inadequate = readings.describe_reading(trend).split(" Inadequate: ")
    assert good == (
        "Good or better: longest run 3 above the median (chance allows 6), 4 crossings (chance makes at least 2): no sign "
        "of a shift."
    )
    assert inadequate.endswith("no sign of a shift.")


def test_few_audits_are_why_a_long_series_has_no_limits(quarterly: Quarterly) -> None:
    trend = quarterly(*[(3, 3, 2)] * 13)
    assert readings.describe_choice(trend) == (
        "A run chart, for 13 quarters bear a median, but with typically 8 audits in each, control limits would span nearly "
        "everything."
    )


def test_a_series_that_never_leaves_its_median_is_told_so(quarterly: Quarterly) -> None:
    assert readings.describe_reading(quarterly(*[(3, 3, 0)] * 6)) == (
        "Good or better: every quarter is on the median: no sign of a shift. Inadequate: every quarter is on the median: "
        "no sign of a shift."
    )


def test_a_shift_on_a_run_chart_is_a_sign_and_no_verdict(quarterly: Quarterly) -> None:
    reading = readings.describe_reading(quarterly(*[(2, 8, 0)] * 5, *[(8, 2, 0)] * 5))
    assert reading.startswith(
        "Good or better: longest run 5 below the median (chance allows 6), 1 crossing (chance makes at least 2): a sign "
        "that something shifted."
    )
    assert "strengthening" not in reading


STEADY = [(5, 5, 2), (6, 4, 2)] * 7


@pytest.mark.parametrize(
    ("latest", "words"),
    [
        ((6, 4, 2), ["within chance (common cause).", "within chance (common cause)."]),
        (
            (12, 0, 0),
            ["more than chance, for the better (special cause: outside the limits).", "within chance (common cause)."],
        ),
        (
            (0, 0, 12),
            [
                "within chance (common cause).",
                "more than chance, for the worse (special cause: outside the limits).",
            ],
        ),
    ],
)
def test_a_p_chart_is_read_at_its_latest_point_with_the_way_that_is_good_for_each_tail(
    quarterly: Quarterly, latest: tuple[int, int, int], words: list[str]
) -> None:
    trend = quarterly(*STEADY[:12], latest)
    assert readings.describe_choice(trend) == (
        "A p-chart, for 13 quarters, with typically 12 audits in each, bear control limits."
    )
    tails = ("Good or better", "Inadequate")
    assert readings.describe_reading(trend) == " ".join(
        f"{tail}: the latest quarter is {word}" for tail, word in zip(tails, words, strict=True)
    )


def test_a_signal_of_years_ago_is_history(quarterly: Quarterly) -> None:
    trend = quarterly((12, 0, 0), *STEADY[:12])
    assert (trend.reading("good")["signal"] != "").iloc[0]
    assert readings.latest_signal(trend, "good") == ("common cause", "")


def test_a_latest_quarter_in_which_nothing_was_graded_is_told_so(quarterly: Quarterly) -> None:
    trend = quarterly(*STEADY)
    gap = replace(trend, periods=[*trend.periods, "2018-Q3"])
    gap = replace(gap, choice=replace(gap.choice, length=15))
    assert readings.latest_signal(gap, "good") == ("", "")
    assert readings.describe_reading(gap).startswith("Good or better: nothing was graded in the latest quarter.")


# -------------------------------------------------------------------------------------------------------------- targets


@pytest.mark.parametrize(
    ("good", "assurance"),
    [
        (0.02, "; as things are the target of 2% can be expected to be met every quarter."),
        (0.5, "; as things are the target of 50% will be met or missed by chance."),
        (0.98, "; as things are the target of 98% can be expected to be missed every quarter."),
    ],
)
def test_the_limits_tell_what_to_expect_of_a_target(quarterly: Quarterly, good: float, assurance: str) -> None:
    trend = aiming(quarterly(*STEADY), good_at_least=good)
    assert readings.describe_reading(trend).partition(" Inadequate: ")[0].endswith(assurance)


def test_for_inadequate_it_is_below_the_target_that_meets_it(quarterly: Quarterly) -> None:
    trend = aiming(quarterly(*STEADY), inadequate_at_most=0.9)
    assert readings.latest_signal(trend, "inadequate") == ("common cause", "met")
    assert readings.latest_signal(trend, "good") == ("common cause", "")


@pytest.mark.parametrize(
    ("targets", "sentences"),
    [
        ({}, ""),
        (
            {"good_at_least": 0.6},
            "29% misses the target of at least 60% Good or better, and so does its whole interval, 16% to 45%.",
        ),
        (
            {"good_at_least": 0.3},
            "29% misses the target of at least 30% Good or better, but by no more than chance: its interval, 16% to 45%, "
            "includes it.",
        ),
        (
            {"good_at_least": 0.29},
            "Just under 29% misses the target of at least 29% Good or better, but by no more than chance: its interval, "
            "16% to 45%, includes it.",
        ),
        (
            {"good_at_least": 12 / 42},
            "29% meets the target of at least 29% Good or better, but by no more than chance: its interval, 16% to 45%, "
            "includes it.",
        ),
        (
            {"good_at_least": 0.1, "inadequate_at_most": 0.1},
            "29% meets the target of at least 10% Good or better, and so does its whole interval, 16% to 45%. 38% misses "
            "the target of at most 10% Inadequate, and so does its whole interval, 23% to 55%.",
        ),
        (
            {"inadequate_at_most": 0.0},
            "38% misses the target of at most 0% Inadequate, and so does its whole interval, 23% to 55%.",
        ),
    ],
)
def test_a_target_is_met_or_missed_with_its_interval(
    example: AuditReturns, targets: dict[str, float], sentences: str
) -> None:
    assert readings.describe_targets(aiming(domain_trend(example, "risk", quarter="2019-Q4"), **targets)) == sentences


def test_few_audits_cannot_tell_whether_a_target_is_met(quarterly: Quarterly) -> None:
    trend = aiming(quarterly((4, 4, 1)), good_at_least=0.6, inadequate_at_most=0.05)
    assert readings.describe_targets(trend) == (
        "9 audits cannot tell whether the target of at least 60% Good or better is met. 9 audits cannot tell whether the "
        "target of at most 5% Inadequate is met."
    )


# --------------------------------------------------------------------------------------------------------------- events


def test_events_are_lettered_in_their_order_and_a_new_baseline_is_named(quarterly: Quarterly) -> None:
    events = [["01/01/2016", "New form", "yes"], ["20/03/2015", "Inspection", ""]]
    trend = quarterly(*[(5, 5, 2)] * 12, events=events)
    assert readings.describe_events(trend) == (
        "Marked: A: Inspection, 20 March 2015; B: New form, 1 January 2016, with a new baseline."
    )
    assert readings.describe_choice(trend) == (
        "A run chart, for 8 quarters since the new baseline (New form, 1 January 2016) bear a median, but are too few for "
        "control limits (13)."
    )


def test_a_baseline_begins_with_the_first_whole_quarter_since(quarterly: Quarterly) -> None:
    trend = quarterly(*[(5, 5, 2)] * 12, events=[["02/01/2016", "New form", "yes"]])
    assert [rebase.start for rebase in trend.choice.rebases] == [5]
    assert "for 7 quarters since the new baseline (New form, 2 January 2016)" in readings.describe_choice(trend)


def test_without_events_nothing_is_marked(example: AuditReturns) -> None:
    assert readings.describe_events(domain_trend(example, "risk", quarter="2019-Q4")) == ""


def test_after_z_comes_aa(example: AuditReturns) -> None:
    events = EVENTS.build([(pd.Timestamp("2019-05-01"), f"event {at}", "no", "e.csv") for at in range(53)])
    trend = replace(domain_trend(example, "risk", quarter="2019-Q4"), events=events)
    letters = [letter for letter, _ in readings.lettered_events(trend)]
    assert [letters[at] for at in (0, 25, 26, 27, 51, 52)] == ["A", "Z", "AA", "AB", "AZ", "BA"]
