"""Sentences that say what the numbers bear, and no more.

Every sentence is made from the rows of a table, never written beside it, so that words and picture cannot part. Where
fewer than ten audits stand behind a share, the words give counts and no percentage. "Strengthening" and "weakening"
are said only where the interval of the change, widened for all comparisons of the report, leaves out zero; which way
the rest points is told without being claimed.
"""

import pandas as pd

from auditanalytics.case_mix import MOSTLY_MIX, audit_types_differ
from auditanalytics.english import as_sentence, counted, listed
from auditanalytics.evidence import (
    CHANGE_WORTH_SEEING,
    FALLING,
    MIXED,
    NO_EVIDENCE,
    ONE_TAIL,
    RISING,
    bears_percentages,
    judge,
)
from auditanalytics.grades import BETTER, TAILS, WORSE
from auditanalytics.intervals import CONFIDENCE
from auditanalytics.ladder import P_CHART
from auditanalytics.quarters import PERIODS_OF_A_YEAR, parse_period
from auditanalytics.reporting.readings import describe_reading, describe_targets
from auditanalytics.reporting.wording import TAIL_TITLES, limit_in_points, percent, whole_percent
from auditanalytics.trends import DomainTrend

VERDICTS = {BETTER: "strengthening", WORSE: "weakening"}

ONE_IN = round(1 / (1 - CONFIDENCE))
"""Of how many comparisons at 95% one stands out by chance."""


def describe_domain(trend: DomainTrend) -> list[str]:
    """Say where a domain stands, what changed, and what not to conclude.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    list of str
        Up to three paragraphs: the position with the targets, the change, and what the audits could not have shown.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> paragraphs = describe_domain(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4"))
    >>> paragraphs[1].endswith("no evidence of change.")
    True
    """
    position = " ".join(filter(None, (describe_position(trend), describe_targets(trend))))
    signals = describe_reading(trend) if trend.choice.rung == P_CHART else ""
    change = " ".join(filter(None, (describe_change(trend), signals, describe_mix(trend))))
    return [text for text in (position, change, describe_power(trend)) if text]


def describe_position(trend: DomainTrend) -> str:
    """Say where a domain stands in the period that is reported.

    Parameters
    ----------
    trend
        A domain's periods.

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
    good, inadequate = (trend.tail(tail).loc[trend.latest] for tail in TAILS)
    when = trend.title_of(trend.latest)
    if good["hidden"] or inadequate["hidden"]:
        return _describe_hidden_position(good, inadequate, when)
    if good["of"] == 0:
        return f"Nothing was graded in this domain in {when}."
    shares = ["", ""]
    if good["bears_percentage"]:
        shares = [f" ({percent(point['share'])})" for point in (good, inadequate)]
    of = f"{counted(good['of'], 'judgement')} in {counted(good['audits'], 'audit')}"
    sentence = (
        f"In {when}, {int(good['n']):,} of {of} {_were(good['n'])} Good or better{shares[0]} "
        f"and {int(inadequate['n']):,} {_were(inadequate['n'])} Inadequate{shares[1]}."
    )
    return f"{sentence} {_most_frequent(trend)}".rstrip()


def _describe_hidden_position(good: pd.Series, inadequate: pd.Series, when: str) -> str:
    """What may be shown where the number of one tail, or of both, is hidden."""
    why = "because it is small or a small number could be worked out from it"
    shown = [(tail, point) for tail, point in zip(TAILS, (good, inadequate), strict=True) if not point["hidden"]]
    if not shown:
        return f"For {when}, what was graded in this domain is hidden, {why}."
    (tail, point), other = shown[0], next(each for each in TAILS if each != shown[0][0])
    share = f" ({percent(point['share'])})" if point["bears_percentage"] else ""
    return (
        f"In {when}, {int(point['n']):,} of {counted(point['of'], 'judgement')} in "
        f"{counted(point['audits'], 'audit')} {_were(point['n'])} {TAIL_TITLES[tail]}{share}. How many were "
        f"{TAIL_TITLES[other]} is hidden, {why}."
    )


def _were(number: float) -> str:
    return "was" if number == 1 else "were"


def _most_frequent(trend: DomainTrend) -> str:
    rows = trend.grades[(trend.grades["period"] == trend.latest) & ~trend.grades["grade"].isin(TAILS)]
    if rows["n"].isna().any():
        return ""  # one that is hidden may be as frequent
    most = rows.loc[rows["n"] == rows["n"].max(), "grade"].tolist()
    if len(most) > 1:
        return f"{listed(most)} were equally frequent."
    if rows["n"].max() * 2 > rows["n"].sum():
        return f"The grades were predominantly {most[0]}."
    return f"The most frequent grade was {most[0]}."


def describe_change(trend: DomainTrend) -> str:
    """Say how the reported period differs from the one before and from a year before, and what that bears.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        A sentence for each comparison; "" where there is nothing to compare with.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> sentence = describe_change(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q2"))
    >>> print(sentence.partition(" and Inadequate")[0])
    Since January to March 2019, Good or better went from 34% to 35% (95% interval of the change −21 to 23 points)
    >>> print(sentence.rpartition(": ")[2])
    no evidence of change.
    """
    sentences = [
        _describe_comparison(trend, trend.changes[trend.changes["comparison"] == comparison])
        for comparison in trend.changes["comparison"].unique()
    ]
    return " ".join(sentences)


def _describe_comparison(trend: DomainTrend, changes: pd.DataFrame) -> str:
    first = changes.iloc[0]
    since = f"since {trend.title_of(first['since'])}"
    if first["comparison"] == "year":
        since = f"over the {_length(trend, first['since'])} {since}"
    parts = [_change_in_words(row, first=at == 0) for at, (_, row) in enumerate(changes.iterrows())]
    return f"{as_sentence(since)}, {' and '.join(parts)}: {_verdict(changes)}."


def _length(trend: DomainTrend, since: str) -> str:
    """A year, if it is one: from its first period to its last, or from one period to the same a year later."""
    first, last = (parse_period(period, calendar=trend.calendar) for period in (since, trend.latest))
    periods = int((last - first).n)
    return "year" if periods >= PERIODS_OF_A_YEAR[trend.unit] - 1 else counted(periods, trend.unit)


def _change_in_words(row: pd.Series, *, first: bool) -> str:
    tail = TAIL_TITLES[row["grade"]]
    before, after = ends_in_words(row)
    if before == after:
        went = f"{tail} stayed at {'about ' if row['change'] != 0 and before[0].isdigit() else ''}{before}"
    elif row["change"] == 0:
        went = f"{tail} stayed the same, {before} and then {after}"
    else:
        went = f"{tail} went from {before} to {after}"
    if not bears_percentages(row):
        return went
    interval = f"{limit_in_points(row['low'])} to {limit_in_points(row['high'])}"
    return f"{went} ({'95% interval of the change ' if first else ''}{interval}{' points' if first else ''})"


def ends_in_words(row: pd.Series) -> tuple[str, str]:
    """Say the two shares of a comparison: percentages where both sides bear them, otherwise counts.

    A change that is a finding is given in counts too where both percentages read alike.

    Parameters
    ----------
    row
        A row of `schema.COMPARISONS`.

    Returns
    -------
    tuple of str
        The earlier and the later.
    """
    before, after = (percent(row[f"n_{when}"] / row[f"of_{when}"]) for when in ("since", "until"))
    if bears_percentages(row) and (before != after or row["finding"] == NO_EVIDENCE):
        return before, after
    return f"{row['n_since']:,} of {row['of_since']:,}", f"{row['n_until']:,} of {row['of_until']:,}"


def _verdict(changes: pd.DataFrame) -> str:
    verdict, trends = judge(changes), trends_in_words(changes)
    if verdict == NO_EVIDENCE and trends:
        return f"the two ends alone bear no change, but there is {trends}, more than chance would explain"
    if verdict == NO_EVIDENCE:
        return f"{_alone(changes)}no evidence of change"
    found = changes[changes["finding"] != NO_EVIDENCE]
    which, number = listed([TAIL_TITLES[tail] for tail in found["grade"]]), changes["comparisons"].iloc[0]
    more = f"the change in {which} is more than chance would explain, with {number} comparisons in the report"
    if verdict in VERDICTS:
        return f"{VERDICTS[verdict]}, for {more}"
    if verdict == ONE_TAIL:
        return f"{more}, but what became of the other grades is hidden"
    if judge(changes.drop(columns="trend")) == MIXED:
        return f"{more}, but Good or better and Inadequate do not point the same way"
    return f"{more}, but not all of it points the same way: there is {trends}"


def _alone(changes: pd.DataFrame) -> str:
    """What has to be said where a change would stand out if it were the only one that was looked at."""
    alone = changes[(changes["low"] > 0) | (changes["high"] < 0)]
    if alone.empty:
        return ""
    which = listed([TAIL_TITLES[tail] for tail in alone["grade"]])
    return (
        f"by itself the change in {which} would stand out, but one comparison in {ONE_IN} does so by chance and the "
        f"report makes {changes['comparisons'].iloc[0]}, so this is "
    )


def trends_in_words(changes: pd.DataFrame) -> str:
    """Name the trends that the comparisons of one domain bear.

    Parameters
    ----------
    changes
        Rows of `schema.COMPARISONS`.

    Returns
    -------
    str
        Such as ``a falling trend in Inadequate``; "" where none is borne.
    """
    borne = changes[changes["trend"].isin([RISING, FALLING])]
    return listed([f"a {row['trend']} trend in {TAIL_TITLES[row['grade']]}" for _, row in borne.iterrows()] or [""])


WHAT_MIX_MEANS = "it goes with which audits were made more than with practice within them"


def describe_mix(trend: DomainTrend) -> str:
    """Say where a change goes mostly with which audits were made, and where the audits were of other types.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        Sentences; "" where there is nothing to warn of.
    """
    sentences = []
    for since, rows in trend.mix.groupby("since", sort=True):
        mixed = rows[rows["finding"] == MOSTLY_MIX]
        if len(mixed):
            tails = listed([TAIL_TITLES[tail] for tail in mixed["grade"]])
            sentences.append(
                f"The change in {tails} since {trend.title_of(str(since))} is mostly a change of mix: {WHAT_MIX_MEANS}."
            )
    return " ".join([*sentences, *describe_types([trend])])


def describe_types(trends: list[DomainTrend]) -> list[str]:
    """Warn where the audits of two quarters that are compared were of other types.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    list of str
        A sentence for each earlier quarter whose audits were of other types than those of the reported one.
    """
    counts = {since: counts for trend in trends for since, counts in trend.audit_types.items()}
    differing = {since: types for since, types in sorted(counts.items()) if audit_types_differ(types)}
    return [
        f"The audit types differ: {_types_in_words(types[since])} in {trends[0].title_of(since)}, "
        f"{_types_in_words(types[trends[0].latest])} in {trends[0].title_of(trends[0].latest)}. One kind of audit is "
        "no measure for another."
        for since, types in differing.items()
    ]


def _types_in_words(counts: pd.Series) -> str:
    return listed([f"{number} {name}" for name, number in counts.items() if number])


def describe_power(trend: DomainTrend) -> str:
    """Say what change the audits would have shown in four reports of five, and how many one of ten points would need.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    str
        Two sentences; "" where there is nothing to compare with, or too few audits for percentages.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trend
    >>> print(describe_power(domain_trend(read_returns("data/example"), "risk", quarter="2019-Q4")).split(":")[0])
    That is not evidence that nothing changed
    """
    steps = trend.changes[trend.changes["comparison"] == "step"]
    if steps.empty or not bears_percentages(steps.iloc[0]):
        return ""
    row = steps.iloc[0]
    before = percent(row["n_since"] / row["of_since"])
    alone, of_all = (_seen_in_words(row, suffix) for suffix in ("", "_of_all"))
    claims = set(trend.changes["finding"]) | set(trend.changes["trend"].dropna())
    nothing = "That is not evidence that nothing changed"
    opening = nothing if claims == {NO_EVIDENCE} else "Smaller changes could have gone unseen"
    return (
        f"{opening}: with {row['audits_since']:,} and {counted(row['audits_until'], 'audit')}, a change in "
        f"{TAIL_TITLES[row['grade']]} from {before} would probably be seen by itself only if it went {alone}, and as "
        f"one of {row['comparisons']} comparisons only if it went {of_all}. To see a change of "
        f"{whole_percent(CHANGE_WORTH_SEEING)} points by itself would take about {row['audits_needed']:,} audits in "
        f"each {trend.unit}."
    )


def _seen_in_words(row: pd.Series, suffix: str) -> str:
    """The shares beyond which a change would be seen; words that fit both where there are none."""
    ends = [
        _reached(row[f"{name}{suffix}"], words) for name, words in _ENDS.items() if pd.notna(row[f"{name}{suffix}"])
    ]
    return f"to {', or to '.join(ends)}" if ends else "further than a share can go"


_ENDS = {"seen_above": "or more", "seen_below": "or less"}


def _reached(share: float, words: str) -> str:
    """An end that a share has to reach. "Under 1%" or more is 1% or more; "under 1%" or less is just that."""
    said = percent(share)
    if said[0].isdigit():
        return f"{said} {words}"
    low, outermost = said.startswith("under"), words == "or less"
    return said if low == outermost else f"{'1%' if low else '99%'} {words}"
