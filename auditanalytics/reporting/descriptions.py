"""What the charts show, in words: text alternatives, gaps, and agreement with what was published.

Whoever cannot see a picture gets its finding first and its course after it. Each sentence is made from the numbers that
are drawn.
"""

import pandas as pd

from auditanalytics.english import counted, listed
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, TAILS
from auditanalytics.months import month_title
from auditanalytics.reporting.readings import describe_choice, describe_events, describe_reading
from auditanalytics.reporting.wording import TAIL_TITLES, percent, whole_percent
from auditanalytics.trends import DomainTrend


def _share_in_words(point: pd.Series, tail: str) -> str:
    if point["hidden"]:
        return f"{TAIL_TITLES[tail]} hidden"
    count = f"{int(point['n']):,} of {counted(point['of'], 'judgement')} in {counted(point['audits'], 'audit')}"
    if not point["bears_percentage"]:
        return f"{count} {TAIL_TITLES[tail]}"
    return f"{percent(point['share'])} {TAIL_TITLES[tail]}, {count}"


def describe_chart(trend: DomainTrend, *, small: bool = False) -> str:
    """Write the text alternative of a domain's chart: its finding, then its course.

    Parameters
    ----------
    trend
        A domain's periods.
    small
        Whether the chart is one of an overview: dots alone.

    Returns
    -------
    str
        Sentences that say what the picture shows.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> text = describe_chart(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4"))
    >>> print(text.split(";")[0])
    Identification and response to risk: 38% Inadequate, 16 of 42 judgements in 21 audits, in October to December 2019
    """
    if not trend.has_returns:
        return f"{trend.title}, as published: " + ". ".join(_course(trend, tail, "published") for tail in TAILS) + "."
    inadequate, good = (trend.tail(tail).loc[trend.latest] for tail in (INADEQUATE, GOOD_OR_BETTER))
    when = trend.title_of(trend.latest)
    if good["of"] == 0 and not good["hidden"]:
        finding = f"nothing was graded in {when}"
    else:
        finding = f"{_share_in_words(inadequate, INADEQUATE)}, in {when}; {_share_in_words(good, GOOD_OR_BETTER)}"
    courses = ". ".join(_course(trend, tail, "share") for tail in TAILS)
    rest = ["Dots with 95% intervals.", describe_coverage(trend)]
    if not small:
        rest = [describe_choice(trend), describe_reading(trend), describe_events(trend), describe_coverage(trend)]
    return " ".join([f"{trend.title}: {finding}. {courses}.", *filter(None, rest)])


def describe_grades(trend: DomainTrend) -> str:
    """Write the text alternative of a chart of every grade.

    Parameters
    ----------
    trend
        A domain's periods, those shown.

    Returns
    -------
    str
        How often each grade was given, period by period.
    """
    periods = []
    for period in trend.periods:
        rows = trend.grades[trend.grades["period"] == period].set_index("grade")
        numbers = rows["n"].astype(object).where(rows["n"].notna(), "hidden")
        counts = ", ".join(f"{grade} {numbers[grade]}" for grade in trend.scale.grades)
        of = rows["of"].astype(object).where(rows["of"].notna(), "hidden").iloc[0]
        periods.append(f"{period}: {f'{counts}, of {of}' if of else 'none graded'}")
    return f"{trend.title}, every grade. {'; '.join(periods)}."


_LONGEST_COURSE = 12
_MOST_LISTED = 4


def _course(trend: DomainTrend, tail: str, column: str) -> str:
    points = trend.tail(tail).tail(_LONGEST_COURSE)
    values = []
    for period, point in points.iterrows():
        if pd.isna(point[column]):
            value = "hidden" if point["hidden"] else "none graded"
        elif column == "share" and not point["bears_percentage"]:
            value = f"{int(point['n']):,} of {int(point['of']):,}"
        else:
            value = percent(point[column])
        values.append(f"{value} in {period}")
    which = f"last {len(points)} {trend.unit}s" if len(points) < len(trend.periods) else f"{trend.unit} by {trend.unit}"
    return f"{TAIL_TITLES[tail]}, {which}: {', '.join(values)}"


def describe_part_quarters(trend: DomainTrend) -> str:
    """Say which of the quarters shown are only part of one.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    str
        A sentence for each, or one for all where there are many; "" where there is none.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> print(describe_part_quarters(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q3")))
    July to September 2019 is a part-quarter: no audit in August.
    """
    shown = trend.periods[-_LONGEST_COURSE:]
    part = [quarter for quarter in shown if quarter in trend.months_missing]
    if len(part) > _MOST_LISTED:
        return f"{len(part)} of the last {len(shown)} quarters are part-quarters, with a month without audits."
    return " ".join(
        f"{trend.title_of(quarter)} is a part-quarter: no audit in "
        f"{listed([month_title(month) for month in trend.months_missing[quarter]])}."
        for quarter in part
    )


def describe_coverage(trend: DomainTrend) -> str:
    """Say which of the quarters shown are only part of one, or have no judgement in the domain.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    str
        Sentences; "" where every quarter is whole.
    """
    if not trend.has_returns:
        return ""
    sentences = [describe_part_quarters(trend)]
    empty = [trend.title_of(quarter) for quarter in trend.tail(GOOD_OR_BETTER).query("shown_audits == 0").index]
    if empty:
        named = listed(empty) if len(empty) <= _MOST_LISTED else f"{len(empty)} of {len(trend.periods)} {trend.unit}s"
        sentences.append(f"Nothing was graded in this domain in {named}.")
    return " ".join(filter(None, sentences))


def compare_with_published(trend: DomainTrend) -> str:
    """Say how the shares counted from the returns stand to those published.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    str
        One sentence; "" where nothing was published, or nothing was counted.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> print(compare_with_published(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4")))
    The 8 shares published for these quarters equal those counted from the returns, to the whole percent.
    """
    differences, compared = [], 0
    for tail in TAILS:
        for quarter, point in trend.tail(tail).dropna(subset=["published", "share"]).iterrows():
            compared += 1
            if whole_percent(point["published"]) != whole_percent(point["share"]):
                counts = _share_in_words(point, tail) if not point["bears_percentage"] else percent(point["share"])
                differences.append(
                    f"{TAIL_TITLES[tail]} in {quarter} was published as {percent(point['published'])} "
                    f"and counts as {counts}"
                )
    if not compared:
        return ""
    if not differences:
        which, equal = ("share", "equals that") if compared == 1 else ("shares", "equal those")
        return (
            f"The {compared} {which} published for these quarters {equal} counted from the returns, to the whole "
            "percent."
        )
    return f"{len(differences)} of {counted(compared, 'published share')} differ: {'; '.join(differences)}."
