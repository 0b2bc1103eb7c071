"""What a series of periods bears: changes with their intervals, a test of trend, and what could have been seen.

For each domain and tail the reported period is held against the last graded one before it and against the one a year
before (or the first graded one since), and the periods of that year are tested for a trend. A report shows many such
comparisons, and of twenty at 95% one is expected to mislead; so a change is a finding only where its interval, widened
for the number of comparisons in the whole report, leaves out zero. What could have been seen is reckoned both for a
comparison by itself and by that rule. All is on effective numbers of judgements, so that several judgements on one
audit do not pass for several audits.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from auditanalytics.comparisons import (
    difference_interval,
    family_confidence,
    sample_size_for_change,
    smallest_detectable_change,
    trend_test,
)
from auditanalytics.grades import BETTER, DIRECTION_OF_BETTER, WORSE
from auditanalytics.intervals import CONFIDENCE, FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.quarters import PERIODS_OF_A_YEAR
from auditanalytics.schema import COMPARISONS

CHANGE_WORTH_SEEING = 0.10
"""The change, ten points, for which it is said how many audits would show it."""

MIXED, ONE_TAIL, NO_EVIDENCE = "mixed", "one tail", "no evidence"
RISING, FALLING = "rising", "falling"
_WAYS = {RISING: 1, FALLING: -1}


def weigh_changes(series: Mapping[tuple[str, str], pd.DataFrame], *, unit: str) -> pd.DataFrame:
    """Compare the last period of every series with the one before, and with the one a year before.

    Parameters
    ----------
    series
        By domain and tail, the points (`schema.GRADE_COUNTS`) on an index of periods without a gap.
    unit
        ``quarter`` or ``month``: what the periods are.

    Returns
    -------
    pandas.DataFrame
        `schema.COMPARISONS`: none for a series whose last period has nothing graded, or that has nothing before it;
        one where a year holds just two periods.

    Examples
    --------
    >>> points = pd.DataFrame({"share": [0.2, 0.8], "effective": 60.0, "n": [12, 48], "of": 60, "audits": 60})
    >>> changes = weigh_changes({("risk", "good"): points.set_axis(["2019-Q1", "2019-Q2"])}, unit="quarter")
    >>> changes[["comparison", "finding"]].to_numpy().tolist()
    [['step', 'better']]
    """
    graded: dict[str, np.ndarray] = {}
    for (domain, _), points in series.items():
        graded[domain] = graded.get(domain, False) | (points["of"] > 0).to_numpy()
    compared = {domain: _compared(known, PERIODS_OF_A_YEAR[unit]) for domain, known in graded.items()}
    pairs = [
        (domain, tail, comparison, points.iloc[places])
        for (domain, tail), points in series.items()
        for comparison, places in compared[domain].items()
        if (points["of"].iloc[places[[0, -1]]] > 0).all()  # one tail may be hidden where the other is shown
    ]
    number = sum(1 if comparison == "step" else 2 for _, _, comparison, _ in pairs)
    rows = [
        {"unit": unit, "domain": domain, "grade": tail, "comparison": comparison, "comparisons": number}
        | _compare(points.iloc[0], points.iloc[-1], tail, number)
        | (_test_trend(points, number) if comparison == "year" else {})
        for domain, tail, comparison, points in pairs
    ]
    return COMPARISONS.build(pd.DataFrame(rows, columns=COMPARISONS.names))


def _compared(known: np.ndarray, year: int) -> dict[str, np.ndarray]:
    """The places of the points of each comparison, its two ends graded; those in the middle of a year may be gaps."""
    graded = np.flatnonzero(known)
    last = len(known) - 1
    earlier = graded[graded < last]
    if not len(earlier) or graded[-1] != last:
        return {}
    within_a_year = earlier[earlier >= last - year]
    compared = {"step": np.array([earlier[-1], last])}
    if len(within_a_year) > 1:
        compared["year"] = np.arange(within_a_year[0], last + 1)
    return compared


def _compare(before: pd.Series, after: pd.Series, tail: str, number: int) -> dict[str, Any]:
    numbers = (before["share"], before["effective"], after["share"], after["effective"])
    low, high = difference_interval(*numbers)
    of_all = family_confidence(number)
    low_of_all, high_of_all = difference_interval(*numbers, confidence=of_all)
    seen = (before["share"], before["effective"], after["effective"])
    seen_below, seen_above = smallest_detectable_change(*seen)
    seen_below_of_all, seen_above_of_all = smallest_detectable_change(*seen, confidence=of_all)
    counts = {
        f"{name}_{when}": point[name]
        for when, point in (("since", before), ("until", after))
        for name in ("n", "of", "audits", "effective")
    }
    return {
        "since": before.name,
        "until": after.name,
        **counts,
        "change": after["share"] - before["share"],
        "low": float(low),
        "high": float(high),
        "low_of_all": float(low_of_all),
        "high_of_all": float(high_of_all),
        "finding": _finding(float(low_of_all), float(high_of_all), tail),
        "seen_below": seen_below,
        "seen_above": seen_above,
        "seen_below_of_all": seen_below_of_all,
        "seen_above_of_all": seen_above_of_all,
        "audits_needed": _audits_needed(before, after),
    }


def _finding(low: float, high: float, tail: str) -> str:
    if low <= 0 <= high:
        return NO_EVIDENCE
    return BETTER if (low > 0) == (DIRECTION_OF_BETTER[tail] > 0) else WORSE


def _audits_needed(before: pd.Series, after: pd.Series) -> float:
    """Audits in each period for one comparison to see a change of ten points, up or down, whichever asks for more.

    Each audit is taken to be worth as many independent judgements as those of the two periods were.
    """
    share = float(before["share"])
    needed = [sample_size_for_change(share, change) for change in (-CHANGE_WORTH_SEEING, CHANGE_WORTH_SEEING)]
    worth = (before["effective"] + after["effective"]) / (before["audits"] + after["audits"])
    return float(np.ceil(np.nanmax(needed) / worth))


def _test_trend(points: pd.DataFrame, number: int) -> dict[str, Any]:
    test = trend_test(points["share"].to_numpy(dtype=float), points["effective"].to_numpy(dtype=float))
    p_of_all = min(1.0, test.p * number)
    borne = p_of_all < 1 - CONFIDENCE
    trend = NO_EVIDENCE if not borne else RISING if test.z > 0 else FALLING
    return {"z": test.z, "p": test.p, "p_of_all": p_of_all, "trend": trend}


def bears_percentages(row: pd.Series) -> bool:
    """Say whether a comparison has enough audits on both sides for percentages.

    Parameters
    ----------
    row
        A row of `schema.COMPARISONS`.

    Returns
    -------
    bool
        Whether both periods have ten audits or more.
    """
    return bool(min(row["audits_since"], row["audits_until"]) >= FEWEST_AUDITS_FOR_A_PERCENTAGE)


def judge(changes: pd.DataFrame) -> str:
    """Say what the comparisons of one domain bear, both tails taken together.

    A domain is better or worse only where one tail says so, the other does not even point the other way, and no trend
    that is borne does: a domain that gained Good and Inadequate out of the middle is neither, nor is one that rises
    from a fall but still ends below where it began. Nor is one of which only one tail is known.

    Parameters
    ----------
    changes
        The comparisons of one domain of one kind (`schema.COMPARISONS`): a row for each tail.

    Returns
    -------
    str
        ``better``, ``worse``, ``mixed`` where they disagree, ``one tail`` where only one is known and it changed, or
        ``no evidence`` where neither change is a finding.

    Examples
    --------
    >>> tails = pd.DataFrame({"grade": ["good", "inadequate"], "finding": ["better", "no evidence"]})
    >>> judge(tails.assign(change=[0.4, -0.1])), judge(tails.assign(change=[0.4, 0.1]))
    ('better', 'mixed')
    """
    found = set(changes["finding"]) - {NO_EVIDENCE}
    if not found:
        return NO_EVIDENCE
    if len(changes) == 1:
        return ONE_TAIL
    ways = {way * DIRECTION_OF_BETTER[row["grade"]] for _, row in changes.iterrows() for way in _ways(row)} - {0}
    return found.pop() if len(found) == 1 and len(ways) == 1 else MIXED


def _ways(row: pd.Series) -> tuple[int, int]:
    """Which way a tail's change points, and which way a trend that it bears; 0 for neither."""
    return int(np.sign(row["change"])), _WAYS.get(row.get("trend"), 0)
