"""What is said over all domains: the year, which way it points, what came back, and what may not be concluded.

A headline is the sentence that is read when nothing else is, so it claims least: a domain is named as strengthening or
weakening only where the comparison bears it among all those the report makes, and everything else is told as a
direction without a claim.
"""

from collections.abc import Iterable

import pandas as pd

from auditanalytics.case_mix import MOSTLY_MIX
from auditanalytics.english import counted, listed
from auditanalytics.evidence import MIXED, NO_EVIDENCE, ONE_TAIL, judge
from auditanalytics.frameworks import OVERALL
from auditanalytics.grades import BETTER, TAILS, WORSE
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.ladder import DOTS, P_CHART
from auditanalytics.reporting.narrative import ONE_IN, VERDICTS, WHAT_MIX_MEANS, ends_in_words, trends_in_words
from auditanalytics.reporting.readings import latest_signal
from auditanalytics.reporting.wording import HIDDEN, TAIL_TITLES, percent, whole_percent
from auditanalytics.trends import DomainTrend


def describe_year(trends: list[DomainTrend]) -> list[str]:
    """Say what the year shows over all domains, and which way the rest points without claiming it.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    list of str
        Up to three sentences; none where nothing can be compared.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trends
    >>> describe_year(domain_trends(read_returns("data/example"), quarter="2019-Q4"))[0]
    '2019 shows no change in any domain that the audits can bear: no evidence of change.'
    """
    longest = _longest_comparisons(trends)
    if not longest:
        return []
    lately = {trend.title: _of_kind(trend, "step") for trend in trends if len(_of_kind(trend, "year"))}
    found, found_lately, signals = _found(longest), _found(lately), describe_signals(trends)
    sentences = []
    if found:
        sentences.append(f"{_span(trends[0], found)} {_found_in_words(found, trends[0])}.")
    else:
        quiet = not found_lately and not signals
        sentences.append(f"{_span(trends[0], longest, as_a_year=quiet)} {_NOTHING_FOUND}.")
    if found_lately:
        span = _span(trends[0], found_lately, as_a_year=False)
        sentences.append(f"{span} {_found_in_words(found_lately, trends[0])}.")
    return [*sentences, *filter(None, [signals])]


def describe_signals(trends: list[DomainTrend]) -> str:
    """Name the domains whose control chart has a special cause in the latest period.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    str
        One sentence; "" where there is no such signal.
    """
    charts = [(trend, tail) for trend in trends if trend.choice.rung == P_CHART for tail in TAILS]
    found = [
        f"{trend.title} ({TAIL_TITLES[tail]}, for the {variation})"
        for trend, tail in charts
        if (variation := latest_signal(trend, tail)[0]) in (BETTER, WORSE)
    ]
    if not found:
        return ""
    return (
        f"Of {counted(len(charts), 'p-chart')}, {len(found)} {'marks' if len(found) == 1 else 'mark'} "
        f"{trends[0].title_of(trends[0].latest)} as more than chance: {listed(found)}. Where nothing changes, about "
        f"one p-chart in {ONE_IN_P_CHARTS} does."
    )


ONE_IN_P_CHARTS = 50
"""Of how many p-charts on which nothing changes one marks its latest point; at 24 to 36 points, by simulation."""


def describe_directions(trends: list[DomainTrend]) -> list[str]:
    """Say which way the shares point that bear no claim.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    list of str
        A sentence for each tail; none where nothing can be compared.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> from auditanalytics.trends import domain_trends
    >>> describe_directions(domain_trends(read_returns("data/example"), quarter="2019-Q4"))[0].partition(" in ")[0]
    'Without any claim: since January to March 2019, Good or better points down'
    """
    longest = _longest_comparisons(trends)
    pointing = [_pointing(longest, tail, trends[0]) for tail in TAILS]
    return [f"Without any claim: {sentence}." for sentence in pointing if sentence]


def _longest_comparisons(trends: list[DomainTrend]) -> dict[str, pd.DataFrame]:
    """By title, the year of each domain where there is one, otherwise its step."""
    kinds = {trend.title: trend.changes["comparison"].unique() for trend in trends if len(trend.changes)}
    return {trend.title: _of_kind(trend, kinds[trend.title][-1]) for trend in trends if trend.title in kinds}


def _of_kind(trend: DomainTrend, comparison: str) -> pd.DataFrame:
    return trend.changes[trend.changes["comparison"] == comparison]


def _span(trend: DomainTrend, changes: dict[str, pd.DataFrame], *, as_a_year: bool = True) -> str:
    """A whole year by its name, otherwise its last and first period; with the verb."""
    since, until = _earliest(changes), trend.latest
    whole = trend.unit == "quarter" and since.endswith("Q1") and until.endswith("Q4") and since[:-3] == until[:-3]
    if whole and as_a_year:
        return f"{until[:-3]} shows"
    return f"{trend.title_of(until)}, beside {trend.title_of(since)}, shows"


def _earliest(changes: dict[str, pd.DataFrame]) -> str:
    return min(rows["since"].iloc[0] for rows in changes.values())


def _found(changes: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The comparisons of those domains whose comparisons bear anything."""
    return {title: rows for title, rows in changes.items() if judge(rows) != NO_EVIDENCE or trends_in_words(rows)}


def _found_in_words(found: dict[str, pd.DataFrame], trend: DomainTrend) -> str:
    """What the comparisons bear, domain by domain."""
    since = _earliest(found)
    by_word: dict[str, list[str]] = {}
    for title, rows in found.items():
        verdict = judge(rows)
        word = trends_in_words(rows) if verdict == NO_EVIDENCE else _WORDS[verdict]
        ends = [f"{TAIL_TITLES[row['grade']]} {_from_to(row)}" for _, row in rows.iterrows()]
        named = f"{title} ({'; '.join([*ends, *_other_since(rows.iloc[0], since, trend)])})"
        by_word.setdefault(word, []).append(named)
    return "; ".join(f"{word} in {listed(titles)}" for word, titles in by_word.items())


_WORDS = VERDICTS | {
    MIXED: "a change that does not point one way",
    ONE_TAIL: "a change in what is shown, while what became of the other grades is hidden,",
}


def _other_since(row: pd.Series, since: str, trend: DomainTrend) -> list[str]:
    """Since when, where a domain's comparison begins later than those beside it."""
    return [] if row["since"] == since else [f"since {trend.title_of(row['since'])}"]


def _from_to(row: pd.Series) -> str:
    before, after = ends_in_words(row)
    return before if before == after else f"{before} to {after}"


def _pointing(changes: dict[str, pd.DataFrame], tail: str, trend: DomainTrend) -> str:
    """Where one tail points up and where down without a finding; what reads the same twice points nowhere."""
    rows = {title: row for title, frame in changes.items() for _, row in frame[frame["grade"] == tail].iterrows()}
    rows = {title: row for title, row in rows.items() if row["finding"] == NO_EVIDENCE}
    if not rows:
        return ""
    since = min(row["since"] for row in rows.values())
    ways: dict[str, list[str]] = {"up": [], "down": [], "nowhere": []}
    for title, row in rows.items():
        before, after = ends_in_words(row)
        way = "nowhere" if before == after or row["change"] == 0 else "up" if row["change"] > 0 else "down"
        ways[way].append(f"{title} ({', '.join([_from_to(row), *_other_since(row, since, trend)])})")
    parts = [f"{way} in {listed(titles)}" for way, titles in ways.items() if titles]
    return f"since {trend.title_of(since)}, {TAIL_TITLES[tail]} points {'; '.join(parts)}"


_NOTHING_FOUND = "no change in any domain that the audits can bear: no evidence of change"


def describe_mixes(trends: list[DomainTrend]) -> str:
    """Name the domains whose change since the quarter before goes mostly with which audits were made.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    str
        One sentence; "" where there are none.
    """
    mixed: dict[str, list[str]] = {}
    for trend in trends:
        lately = trend.mix[trend.mix["since"] == trend.mix["since"].max()]
        for _, row in lately[lately["finding"] == MOSTLY_MIX].iterrows():
            mixed.setdefault(row["since"], []).append(f"{trend.title} ({TAIL_TITLES[row['grade']]})")
    if not mixed:
        return ""
    named = [f"since {trends[0].title_of(since)} in {listed(mixed[since])}" for since in sorted(mixed)]
    return f"The change is mostly a change of mix {'; '.join(named)}: {WHAT_MIX_MEANS}."


def describe_comparisons(trends: Iterable[DomainTrend]) -> str:
    """Say how many comparisons a report shows, and what is done about it.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    str
        Two sentences; "" where nothing is compared.
    """
    numbers = [int(number) for trend in trends for number in trend.changes["comparisons"].head(1)]
    if not numbers:
        return ""
    return (
        f"The report makes {counted(numbers[0], 'comparison')} and tests of trend. At 95% one in {ONE_IN} would "
        "mislead by chance, so a change is called one only where its interval, widened for all of them, leaves out "
        "zero."
    )


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
    points = {trend.title: trend.tail(tail).loc[trend.latest] for trend in trends if trend.domain != OVERALL}
    shares = {title: point["share"] for title, point in points.items() if point["bears_percentage"]}
    if len(shares) < 2:
        return ""
    ends = []
    for share in sorted({min(shares.values()), max(shares.values())}):
        domains = listed([title for title, value in shares.items() if value == share])
        ends.append(f"{percent(share)} in {domains}")
    ranges = f"{TAIL_TITLES[tail]} {'is' if len(ends) == 1 else 'ranges from'} {' to '.join(ends)}"
    left_out = [title for title, point in points.items() if title not in shares and point["of"] > 0]
    if hidden := [title for title, point in points.items() if point["hidden"]]:
        ranges += f", beside what is hidden in {listed(hidden)}"
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
    points = [trend.tail(tail).loc[trend.latest] for trend in trends for tail in TAILS if trend.domain != OVERALL]
    widths = pd.Series([point["high"] - point["low"] for point in points], dtype=float).dropna()
    if widths.empty:
        return ""
    return (
        f"With this many audits a share is typically uncertain by about {whole_percent(widths.median() / 2)} "
        "percentage points either way, and the difference between two shares by more."
    )


CAUTION_OF_CASES = "Anything about cases that were not audited, unless the audits were drawn at random from all cases."


CAUTION_OF_HIDDEN = f"That a hidden number ({HIDDEN}) is small: others are hidden so that it cannot be worked out."


def cautions(trends: list[DomainTrend], *, charted: bool = True) -> list[str]:
    """List what a reader may not conclude from trends.

    Parameters
    ----------
    trends
        The periods of each domain.
    charted
        Whether they are shown as charts.

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
    points = []
    if any(trend.has_returns for trend in trends):
        points += [
            "That practice became better or worse where there is no evidence of change, or stayed the same: the audits "
            "may be too few to show it.",
            "Why anything changed: audits show what was found, not what brought it about.",
            CAUTION_OF_CASES,
            "That two domains differ, from their shares alone: they have different categories and the same audits.",
        ]
    if any(trend.is_shared for trend in trends):
        points.append(CAUTION_OF_HIDDEN)
    if charted and any(trend.choice.rung != DOTS for trend in trends):
        points.append(
            "That a single signal on a run chart or a p-chart is real beyond doubt: where nothing changes, about one "
            "series in twenty still gives one, and a long series more often."
        )
    if any(trend.months_missing for trend in trends):
        points.append("That a part-quarter stands for the whole quarter.")
    if charted and any(len(trend.published) for trend in trends):
        points.append(
            "How certain a published share is: a published table gives no number of audits, so no interval "
            "can be drawn."
        )
    return points
