"""What the points are held against: why a chart is of its kind, what its rules find, and how it stands to the targets.

Under every chart stands why it is this kind and no other. What a p-chart says is said of its latest point alone: a
signal of years ago is history, not news.
"""

from typing import Any

import pandas as pd

from auditanalytics.control_charts import FEWEST_USEFUL_FOR_A_SHIFT
from auditanalytics.english import as_sentence, counted
from auditanalytics.grades import DIRECTION_OF_BETTER, GOOD_OR_BETTER, TAILS
from auditanalytics.ladder import (
    DOTS,
    FEWEST_POINTS_FOR_A_MEDIAN,
    FEWEST_POINTS_FOR_LIMITS,
    P_CHART,
    RUN_CHART,
)
from auditanalytics.months import month_title
from auditanalytics.reporting.wording import TAIL_TITLES, percent
from auditanalytics.trends import DomainTrend

_CHARTS = {DOTS: "Dots with 95% intervals", RUN_CHART: "A run chart", P_CHART: "A p-chart"}


def describe_choice(trend: DomainTrend) -> str:
    """Say which kind of chart this is, and why no other.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        One sentence; "" where nothing was counted.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> print(describe_choice(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4")))
    Dots with 95% intervals, for 4 quarters are too few for a median (6) or for control limits (13).
    """
    choice = trend.choice
    if not trend.has_returns:
        return ""
    since = ""
    if choice.rebases:
        last = choice.rebases[-1]
        since = f" since the new baseline ({last.reason}, {_day(last.date)})"
    points = f"{counted(choice.points, trend.unit)}{since}"
    few = f"typically {counted(choice.typical_audits, 'audit')} in each"
    why = {
        DOTS: f"{points} {'is' if choice.points == 1 else 'are'} too few for a median ("
        f"{FEWEST_POINTS_FOR_A_MEDIAN}) or for control limits ({FEWEST_POINTS_FOR_LIMITS})",
        RUN_CHART: f"{points} bear a median, but are too few for control limits ({FEWEST_POINTS_FOR_LIMITS})",
        P_CHART: f"{points}, with {few}, bear control limits",
    }[choice.rung]
    if choice.few_audits:
        why = f"{points} bear a median, but with {few}, control limits would span nearly everything"
    return f"{_CHARTS[choice.rung]}, for {why}."


def _day(date: pd.Timestamp) -> str:
    return f"{date.day} {month_title(date.to_period('M'))} {date.year}"


_HIDDEN = "the latest {unit} is hidden"
_VARIATIONS = {
    "": "nothing was graded in the latest {unit}",
    "common cause": "the latest {unit} is within chance (common cause)",
    "better": "the latest {unit} is more than chance, for the better (special cause: {rule})",
    "worse": "the latest {unit} is more than chance, for the worse (special cause: {rule})",
}


_ASSURANCES = {
    "": "",
    "met": "; as things are the target of {target} can be expected to be met every {unit}",
    "missed": "; as things are the target of {target} can be expected to be missed every {unit}",
    "by chance": "; as things are the target of {target} will be met or missed by chance",
}


def describe_baseline(trend: DomainTrend) -> str:
    """Say that nothing is compared across a new baseline.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        One sentence; "" where there is no new baseline.
    """
    if not trend.choice.rebases:
        return ""
    last = trend.choice.rebases[-1]
    return f"Nothing is compared with what was before the new baseline ({last.reason}, {_day(last.date)})."


def describe_reading(trend: DomainTrend) -> str:
    """Say what the rules of a run chart or a p-chart find in a domain.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        A sentence or two for each tail; "" where there are only dots.
    """
    readers = {
        RUN_CHART: (_describe_run, f"too few {trend.unit}s are shown for a median"),
        P_CHART: (_describe_limits, f"too few {trend.unit}s are shown for control limits"),
    }
    if trend.choice.rung not in readers:
        return ""
    read, missing = readers[trend.choice.rung]
    since = trend.choice.baselines[-1]
    return " ".join(
        f"{TAIL_TITLES[tail]}: {missing}, as the others are hidden."
        if trend.reading(tail)["centre"].iloc[since].isna().all()
        else read(trend, tail)
        for tail in TAILS
    )


def _describe_run(trend: DomainTrend, tail: str) -> str:
    chart = trend.run_chart(tail)
    if not chart.useful:
        return f"{TAIL_TITLES[tail]}: every {trend.unit} is on the median: no sign of a shift."
    side = {1: "above", -1: "below"}[chart.run_side]
    if chart.one_sided:
        return (
            f"{TAIL_TITLES[tail]}: at least half the {trend.unit}s are on the median and the others {side} it, so no "
            "rule of a run chart can be asked."
        )
    figures = (
        f"longest run {chart.longest_run} {side} the median (chance allows {chart.longest_run_limit}), "
        f"{counted(chart.crossings, 'crossing')} (chance makes at least {chart.fewest_crossings})"
    )
    verdict = "a sign that something shifted" if chart.shifted else "no sign of a shift"
    if chart.useful < FEWEST_USEFUL_FOR_A_SHIFT and not chart.shifted:
        verdict += f", which fewer than {FEWEST_USEFUL_FOR_A_SHIFT} points off the median can hardly show"
    return f"{TAIL_TITLES[tail]}: {figures}: {verdict}."


def latest_signal(trend: DomainTrend, tail: str) -> tuple[str, str]:
    """Say what a p-chart says of its latest point alone.

    Parameters
    ----------
    trend
        A domain's periods, on a p-chart.
    tail
        ``good`` or ``inadequate``.

    Returns
    -------
    tuple of str
        The variation: ``better``, ``worse``, ``common cause``, or "" where the latest point has nothing graded; and
        the assurance: ``met``, ``missed``, ``by chance``, or "" without a target.
    """
    latest, target = trend.reading(tail).loc[trend.latest], trend.target(tail)
    if pd.isna(latest["low"]):
        return "", ""
    variation = latest["direction"] or "common cause"
    if target is None:
        return variation, ""
    ends = (latest["low"], latest["high"])
    if min(ends) <= target <= max(ends):
        return variation, "by chance"
    return variation, "met" if (latest["low"] > target) == (DIRECTION_OF_BETTER[tail] > 0) else "missed"


def _describe_limits(trend: DomainTrend, tail: str) -> str:
    variation, assurance = latest_signal(trend, tail)
    target = trend.target(tail)
    said = _HIDDEN if trend.tail(tail).loc[trend.latest, "hidden"] else _VARIATIONS[variation]
    sentence = f"{TAIL_TITLES[tail]}: {said}{_ASSURANCES[assurance]}."
    return sentence.format(
        unit=trend.unit,
        rule=trend.reading(tail).loc[trend.latest, "signal"],
        target="" if target is None else percent(target),
    )


def describe_targets(trend: DomainTrend) -> str:
    """Say how the reported period stands to the framework's targets, and how surely.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        A sentence for each target; "" where there is none or nothing was graded.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> trend = domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4")
    >>> targets = trend.framework.targets.model_copy(update={"good_at_least": 0.6})
    >>> print(describe_targets(replace(trend, framework=trend.framework.model_copy(update={"targets": targets}))))
    29% misses the target of at least 60% Good or better, and so does its whole interval, 16% to 45%.
    """
    targets = {tail: trend.target(tail) for tail in TAILS}
    points = {tail: trend.tail(tail).loc[trend.latest] for tail in TAILS}
    return " ".join(
        _describe_target(points[tail], tail, target)
        for tail, target in targets.items()
        if target is not None and points[tail]["of"] > 0
    )


def _describe_target(point: pd.Series, tail: str, target: float) -> str:
    limit = "at least" if tail == GOOD_OR_BETTER else "at most"
    aim = f"the target of {limit} {percent(target)} {TAIL_TITLES[tail]}"
    if not point["bears_percentage"]:
        return f"{counted(point['audits'], 'audit')} cannot tell whether {aim} is met."
    share, low, high = (float(point[name]) for name in ("share", "low", "high"))
    met = share >= target if tail == GOOD_OR_BETTER else share <= target
    result = f"{_beside(share, target)} {'meets' if met else 'misses'} {aim}"
    interval = f"{percent(low)} to {percent(high)}"
    # What is printed as the target is included too, so that the sentence reads right.
    if low <= target <= high or percent(target) in (percent(low), percent(high)):
        return f"{result}, but by no more than chance: its interval, {interval}, includes it."
    return f"{result}, and so does its whole interval, {interval}."


def _beside(share: float, target: float) -> str:
    """A share at the start of a sentence; one that reads like its target, and is not, is just under or over it."""
    said = percent(share)
    if share == target or said != percent(target) or not said[0].isdigit():
        return as_sentence(said)
    return f"Just {'under' if share < target else 'over'} {said}"


def describe_events(trend: DomainTrend) -> str:
    """Say what the letters over the points stand for.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        One sentence; "" where there are no events.
    """
    begun = {(rebase.date, rebase.reason): ", with a new baseline" for rebase in trend.choice.rebases}
    events = [
        f"{letter}: {event.label}, {_day(event.date)}{begun.get((event.date, event.label), '')}"
        for letter, event in lettered_events(trend)
    ]
    return f"Marked: {'; '.join(events)}." if events else ""


def lettered_events(trend: DomainTrend) -> list[tuple[str, Any]]:
    """Give each event shown the letter by which it is marked.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    list of tuple
        The letter, and the event's row (`schema.EVENTS`).
    """
    return [(_letter(number), event) for number, event in enumerate(trend.events.itertuples())]


def _letter(number: int) -> str:
    """A to Z, then AA, AB and on."""
    return (_letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)
