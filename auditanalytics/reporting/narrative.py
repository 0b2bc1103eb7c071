"""Sentences that say what the numbers bear, and no more.

Every sentence is made from the rows of a table, never written beside it, so that words and picture cannot part. Where
fewer than ten audits stand behind a share, the words give counts and no percentage.
"""

import pandas as pd

from auditanalytics.frameworks import OVERALL
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, TAILS
from auditanalytics.quarters import month_title, parse_quarter, quarter_title
from auditanalytics.reporting.wording import counted, listed, percent, whole_percent
from auditanalytics.trends import FEWEST_AUDITS_FOR_A_PERCENTAGE, DomainTrend

TAIL_TITLES = {GOOD_OR_BETTER: "Good or better", INADEQUATE: "Inadequate"}


def _share_in_words(point: pd.Series, tail: str) -> str:
    count = f"{int(point['n'])} of {counted(point['of'], 'judgement')} in {counted(point['audits'], 'audit')}"
    if not point["bears_percentage"]:
        return f"{count} {TAIL_TITLES[tail]}"
    return f"{percent(point['share'])} {TAIL_TITLES[tail]}, {count}"


def _title(trend: DomainTrend, quarter: str) -> str:
    return quarter_title(parse_quarter(quarter, calendar=trend.calendar))


def describe_position(trend: DomainTrend) -> str:
    """Say where a domain stands in the quarter that is reported.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    str
        One or two sentences.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> sentences = describe_position(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4"))
    >>> sentences.split(" were ")[0]
    'In October to December 2019, 12 of 42 judgements in 21 audits'
    """
    if not trend.has_returns:
        return "Only published shares are at hand for this domain, so nothing can be said of the audits behind them."
    good, inadequate = (trend.tail(tail).loc[trend.quarter] for tail in TAILS)
    when = _title(trend, trend.quarter)
    if good["of"] == 0:
        return f"Nothing was graded in this domain in {when}."
    shares = ["", ""]
    if good["bears_percentage"]:
        shares = [f" ({percent(point['share'])})" for point in (good, inadequate)]
    of = f"{counted(good['of'], 'judgement')} in {counted(good['audits'], 'audit')}"
    sentence = (
        f"In {when}, {int(good['n'])} of {of} were Good or better{shares[0]} "
        f"and {int(inadequate['n'])} {'was' if inadequate['n'] == 1 else 'were'} Inadequate{shares[1]}."
    )
    return f"{sentence} {_most_frequent(trend)}"


def _most_frequent(trend: DomainTrend) -> str:
    rows = trend.grades[(trend.grades["quarter"] == trend.quarter) & ~trend.grades["grade"].isin(TAILS)]
    most = rows.loc[rows["n"] == rows["n"].max(), "grade"].tolist()
    if len(most) == 1:
        return f"The most frequent grade was {most[0]}."
    return f"{listed(most)} were equally frequent."


def describe_chart(trend: DomainTrend) -> str:
    """Write the text alternative of a domain's chart: its finding, then its course.

    Parameters
    ----------
    trend
        A domain's quarters.

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
    inadequate, good = (trend.tail(tail).loc[trend.quarter] for tail in (INADEQUATE, GOOD_OR_BETTER))
    when = _title(trend, trend.quarter)
    if good["of"] == 0:
        finding = f"nothing was graded in {when}"
    else:
        finding = f"{_share_in_words(inadequate, INADEQUATE)}, in {when}; {_share_in_words(good, GOOD_OR_BETTER)}"
    courses = ". ".join(_course(trend, tail, "share") for tail in TAILS)
    return f"{trend.title}: {finding}. {courses}. Dots with 95% intervals. {describe_coverage(trend)}".strip()


_LONGEST_COURSE = 12
_MOST_LISTED = 4


def _course(trend: DomainTrend, tail: str, column: str) -> str:
    points = trend.tail(tail).tail(_LONGEST_COURSE)
    values = []
    for quarter, point in points.iterrows():
        if pd.isna(point[column]):
            value = "none graded"
        elif column == "share" and not point["bears_percentage"]:
            value = f"{int(point['n'])} of {int(point['of'])}"
        else:
            value = percent(point[column])
        values.append(f"{value} in {quarter}")
    which = f"last {len(points)} quarters" if len(points) < len(trend.quarters) else "quarter by quarter"
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
    shown = trend.quarters[-_LONGEST_COURSE:]
    part = [quarter for quarter in shown if quarter in trend.months_missing]
    if len(part) > _MOST_LISTED:
        return f"{len(part)} of the last {len(shown)} quarters are part-quarters, with a month without audits."
    return " ".join(
        f"{_title(trend, quarter)} is a part-quarter: no audit in "
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
    empty = [_title(trend, quarter) for quarter in trend.tail(GOOD_OR_BETTER).query("audits == 0").index]
    if empty:
        named = listed(empty) if len(empty) <= _MOST_LISTED else f"{len(empty)} of {len(trend.quarters)} quarters"
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


def describe_returns(expected: float, returned: float, when: str) -> str:
    """Say how many audits were returned, and of how many where that is known.

    Parameters
    ----------
    expected
        Audits expected; 0 or missing where the framework expects none.
    returned
        Audits returned.
    when
        The time they are for, in words.

    Returns
    -------
    str
        One sentence. A return rate never stands without both its numbers.

    Examples
    --------
    >>> describe_returns(30, 21, "October to December 2019")
    '21 audits were returned for October to December 2019, 70% of the 30 expected.'
    """
    were = "was" if returned == 1 else "were"
    sentence = f"{counted(returned, 'audit')} {were} returned for {when}"
    if not expected > 0:
        return f"{sentence}."
    return f"{sentence}, {percent(returned / expected)} of the {int(expected):,} expected."


def describe_range(trends: list[DomainTrend], tail: str) -> str:
    """Say between which domains a tail's share lies in the reported quarter.

    Parameters
    ----------
    trends
        The quarters of each domain.
    tail
        ``good`` or ``inadequate``.

    Returns
    -------
    str
        One sentence; "" where fewer than two domains can bear a percentage.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trends
    >>> describe_range(domain_trends(read_returns("data/example"), quarter="2019-Q4"), "good")
    'Good or better ranges from 19% in Assessments to 38% in Plans.'
    """
    points = {trend.title: trend.tail(tail).loc[trend.quarter] for trend in trends if trend.domain != OVERALL}
    shares = {title: point["share"] for title, point in points.items() if point["bears_percentage"]}
    if len(shares) < 2:
        return ""
    ends = []
    for share in (min(shares.values()), max(shares.values())):
        domains = listed([title for title, value in shares.items() if value == share])
        ends.append(f"{percent(share)} in {domains}")
    ranges = f"{TAIL_TITLES[tail]} ranges from {ends[0]} to {ends[1]}"
    left_out = [title for title, point in points.items() if title not in shares and point["of"] > 0]
    if not left_out:
        return f"{ranges}."
    return f"{ranges}, leaving out {listed(left_out)}, with fewer than {FEWEST_AUDITS_FOR_A_PERCENTAGE} audits."


def describe_uncertainty(trends: list[DomainTrend]) -> str:
    """Say how far a share of the reported quarter may be from what more audits would show.

    Parameters
    ----------
    trends
        The quarters of each domain.

    Returns
    -------
    str
        One sentence; "" where there is no interval.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trends
    >>> sentence = describe_uncertainty(domain_trends(read_returns("data/example"), quarter="2019-Q4"))
    >>> sentence.split(",")[0]
    'With this many audits a share is typically uncertain by about 13 percentage points either way'
    """
    points = [trend.tail(tail).loc[trend.quarter] for trend in trends for tail in TAILS if trend.domain != OVERALL]
    widths = pd.Series([point["high"] - point["low"] for point in points], dtype=float).dropna()
    if widths.empty:
        return ""
    return (
        f"With this many audits a share is typically uncertain by about {whole_percent(widths.median() / 2)} "
        "percentage points either way, and the difference between two shares by more."
    )


def cautions(trends: list[DomainTrend]) -> list[str]:
    """List what a reader may not conclude from the charts.

    Parameters
    ----------
    trends
        What the charts show.

    Returns
    -------
    list of str
        Sentences.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trends
    >>> cautions(domain_trends(read_returns("data/example")))[-2]
    'That a part-quarter stands for the whole quarter.'
    """
    points = [
        "That practice became better or worse: the charts show shares and how uncertain they are, and make no "
        "test of change."
    ]
    if any(trend.has_returns for trend in trends):
        points += [
            "Anything about cases that were not audited, unless the audits were drawn at random from all cases.",
            "That two domains differ, from their shares alone: they have different categories and the same audits.",
        ]
    if any(trend.months_missing for trend in trends):
        points.append("That a part-quarter stands for the whole quarter.")
    if any(len(trend.published) for trend in trends):
        points.append(
            "How certain a published share is: a published table gives no number of audits, so no interval "
            "can be drawn."
        )
    return points
