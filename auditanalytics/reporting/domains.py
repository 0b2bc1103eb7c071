"""What a page shows of domains: where each stands, its charts with their tables, and what the changes bear.

Every function gives a notebook cell one piece of the page: a chart always with the table of its numbers and with why
it is this kind of chart, a change always with its interval and with what could not have been seen.
"""

from collections.abc import Collection
from typing import Any

import pandas as pd

from auditanalytics.english import listed
from auditanalytics.evidence import MIXED, ONE_TAIL, bears_percentages, judge
from auditanalytics.grades import GOOD_OR_BETTER, TAILS
from auditanalytics.ladder import DOTS
from auditanalytics.reporting import descriptions, headlines, narrative, readings
from auditanalytics.reporting.charts import (
    MOST_IN_OVERVIEW,
    draw_overview,
    draw_trend,
)
from auditanalytics.reporting.fragments import Fragment, paragraphs, render
from auditanalytics.reporting.wording import HIDDEN, TAIL_TITLES, count_of, percent
from auditanalytics.trends import DomainTrend


def show_position(trend: DomainTrend) -> Fragment:
    """Show where a domain stands, what changed, and what not to conclude.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    Fragment
        A few sentences.
    """
    sentences = [*narrative.describe_domain(trend), descriptions.compare_with_published(trend)]
    return paragraphs([sentence for sentence in sentences if sentence], lead=True)


def show_year(trends: list[DomainTrend]) -> Fragment:
    """Show what the year bears over all domains.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    Fragment
        A few sentences.
    """
    sentences = [*headlines.describe_year(trends), *headlines.describe_directions(trends)]
    sentences += [headlines.describe_mixes(trends), *narrative.describe_types(trends)]
    return paragraphs([sentence for sentence in sentences if sentence] or [_why_nothing(trends[0])], lead=True)


def _why_nothing(trend: DomainTrend) -> str:
    """Why nothing is compared."""
    if not trend.has_returns:
        return "Published shares come without numbers of audits, so nothing is compared."
    if trend.tail(GOOD_OR_BETTER).loc[trend.latest, "hidden"]:
        return f"What was graded in {trend.title_of(trend.latest)} is hidden, so nothing is compared."
    if not trend.tail(GOOD_OR_BETTER).loc[trend.latest, "of"]:
        return f"Nothing was graded in {trend.title_of(trend.latest)}, so there is nothing to compare."
    if baseline := readings.describe_baseline(trend):
        return baseline
    return "There is no earlier period with graded judgements to compare with."


def show_trend(trend: DomainTrend) -> Fragment:
    """Show a domain's chart with the table of its numbers.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    Fragment
        A figure and a table.
    """
    caption = f"{trend.title}: Good or better and Inadequate, by {trend.unit}"
    if trend.is_withheld:
        return paragraphs([_WITHHELD])
    figure = render("figure", chart=draw_trend(trend), caption=caption, notes=_chart_notes(trend))
    table = render(
        "trend-table",
        caption=f"{caption}: the numbers",
        trend=trend,
        rows=_trend_rows(trend),
        few=_has_few([trend.tail(GOOD_OR_BETTER)]),
    )
    return Fragment(figure + table, descriptions.describe_chart(trend))


_WITHHELD = (
    "The chart and its table are withheld: every share in them is of small numbers, or would let small numbers be "
    "worked out."
)
INTERVAL_NOTE = (
    "Each mark is the share of graded judgements; its bar is the 95% interval, which allows for several judgements "
    "coming from the same audit."
)
_PUBLISHED_NOTE = "Shares as published. A published table gives no number of audits, so no interval can be drawn."


def _chart_notes(trend: DomainTrend) -> list[str]:
    if not trend.has_returns:
        return [_PUBLISHED_NOTE]
    notes = [
        INTERVAL_NOTE if trend.choice.rung == DOTS else "",
        readings.describe_choice(trend),
        readings.describe_reading(trend),
        readings.describe_events(trend),
        "Diamonds are the shares as published." if len(trend.published) else "",
        descriptions.describe_coverage(trend),
    ]
    return [note for note in notes if note]


def _overview_notes(trends: list[DomainTrend]) -> list[str]:
    notes = [INTERVAL_NOTE] if any(trend.has_returns for trend in trends) else [_PUBLISHED_NOTE]
    if len(trends[0].periods) > MOST_IN_OVERVIEW:
        notes.append(f"The last {MOST_IN_OVERVIEW} {trends[0].unit}s; the page of each domain shows all.")
    part = descriptions.describe_part_quarters(trends[0].last(MOST_IN_OVERVIEW))
    if trends[0].is_shared:
        notes.append(f"{HIDDEN} stands for a hidden share.")
    return [*notes, part] if part else notes


def _cells(points: pd.DataFrame, period: str) -> dict[str, Any]:
    """One point as a template takes it, with None in place of what is missing."""
    point = points.loc[period]
    return {name: None if pd.isna(value) else value for name, value in point.items()} | {"count": count_of(point)}


def _has_few(points: list[pd.DataFrame]) -> bool:
    """Whether any share has too few audits behind it for a percentage."""
    return any(bool((~each["bears_percentage"] & each["share"].notna()).any()) for each in points)


def _trend_rows(trend: DomainTrend) -> list[dict[str, Any]]:
    points = {tail: trend.tail(tail) for tail in TAILS}
    return [
        {
            "period": trend.short_title_of(period),
            "part": period in trend.months_missing,
            **{tail: _cells(points[tail], period) for tail in TAILS},
        }
        for period in trend.periods
    ]


def show_changes_in_shares(trends: list[DomainTrend]) -> Fragment:
    """Show how the reported period differs from those before, and what that bears.

    Parameters
    ----------
    trends
        The periods of one domain, of which every comparison is shown, or of several, each with its longest.

    Returns
    -------
    Fragment
        A table and its notes; a sentence where there is nothing to compare with.
    """
    several = len(trends) > 1
    pairs = [pair for trend in trends for pair in _changes_in_pairs(trend)[-1 if several else 0 :]]
    if not pairs:
        return paragraphs([_why_nothing(trends[0])])
    caption = f"{trends[0].title}: what changed"
    if several:
        since = dict.fromkeys(pair["since"] for pair in pairs)
        caption = f"What changed in every domain since {listed(list(since))}"
    html = render(
        "changes-in-shares",
        caption=caption,
        first="Domain" if several else "Since",
        pairs=[pair | {"title": pair["domain" if several else "since"]} for pair in pairs],
        number=pairs[0]["rows"][0]["comparisons"],
    )
    baseline = readings.describe_baseline(trends[0])
    notes = paragraphs([headlines.describe_comparisons(trends), *([baseline] if baseline else [])])
    return Fragment(html + notes.html, f"{caption}. {notes.text}")


_READINGS = narrative.VERDICTS | {
    MIXED: "points both ways",
    ONE_TAIL: "a change, the other grades being hidden",
}


def _reading(changes: pd.DataFrame) -> str:
    """What both tails of a comparison bear together, in a few words; "" for no evidence."""
    return _READINGS.get(judge(changes), "")


def read_comparison(changes: pd.DataFrame) -> str:
    """Say in a few words what a comparison bears.

    Parameters
    ----------
    changes
        The rows of one comparison of one domain (`schema.COMPARISONS`).

    Returns
    -------
    str
        Such as ``strengthening``, or ``no evidence of change``.
    """
    return _reading(changes) or narrative.trends_in_words(changes) or "no evidence of change"


def _changes_in_pairs(trend: DomainTrend) -> list[dict[str, Any]]:
    """The comparisons of a domain, both tails of each together, with what they bear together."""
    pairs = []
    for comparison in trend.changes["comparison"].unique():
        changes = trend.changes[trend.changes["comparison"] == comparison]
        rows = [
            row | {"tail": TAIL_TITLES[row["grade"]], "bears": bears_percentages(pd.Series(row))}
            for row in changes.to_dict("records")
        ]
        reading = read_comparison(changes)
        pairs.append(
            {
                "domain": trend.title,
                "since": trend.short_title_of(changes["since"].iloc[0]),
                "rows": rows,
                "reading": reading,
            }
        )
    return pairs


def show_case_mix(trend: DomainTrend) -> Fragment:
    """Show what the changes between quarters go with: practice, or which audits were made.

    Parameters
    ----------
    trend
        A domain's periods.

    Returns
    -------
    Fragment
        A table and its notes; a sentence where there is nothing to split.
    """
    if trend.is_shared:
        return paragraphs([_SPLIT_FOR_INTERNAL_USE])
    if trend.mix.empty:
        return paragraphs([_why_nothing(trend) if trend.unit == "quarter" else _SPLIT_BY_QUARTER])
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        | {"since_title": trend.short_title_of(row["since"]), "tail": TAIL_TITLES[row["grade"]]}
        for row in trend.mix.to_dict("records")
    ]
    left_out = dict.fromkeys(
        f"Left out since {row['since_title']}: {row['left_out']}."
        for row in rows
        if row["left_out"] and row["practice"] is not None
    )
    caption = f"{trend.title}: what the change goes with, in percentage points"
    html = render("case-mix", caption=caption, rows=rows) + paragraphs([_MIX_NOTE, *left_out]).html
    return Fragment(html, caption)


_SPLIT_FOR_INTERNAL_USE = (
    "Changes are not split into practice and mix in a report for sharing: the parts come from every single audit."
)
_SPLIT_BY_QUARTER = "Changes are split into practice and mix between quarters, not between months."
_MIX_NOTE = (
    "Before rounding, the parts add up to the change. Practice is what is left within teams, case types and auditors; "
    "a part goes with its column and need not come from it."
)


def show_overview(trends: list[DomainTrend]) -> Fragment:
    """Show every domain on one scale.

    Parameters
    ----------
    trends
        The periods of each domain.

    Returns
    -------
    Fragment
        A figure.
    """
    caption = f"Every domain: Good or better and Inadequate, by {trends[0].unit}"
    if all(trend.is_withheld for trend in trends):
        return paragraphs([_WITHHELD])
    html = render("figure", chart=draw_overview(trends), caption=caption, notes=_overview_notes(trends))
    return Fragment(html, caption)


def show_summary(trends: list[DomainTrend], *, linked: Collection[str] = ()) -> Fragment:
    """Show the reported period of every domain as one table.

    Parameters
    ----------
    trends
        The periods of each domain.
    linked
        The ids of the domains whose name leads to their page.

    Returns
    -------
    Fragment
        A table.
    """
    when = trends[0].title_of(trends[0].latest)
    rows = [
        {"title": trend.title, "domain": trend.domain, "since": _step_change(trend)}
        | {tail: _cells(trend.tail(tail), trend.latest) for tail in TAILS}
        for trend in trends
    ]
    few = _has_few([trend.tail(GOOD_OR_BETTER).loc[[trend.latest]] for trend in trends])
    targets = {tail: target for tail in TAILS if (target := trends[0].target(tail)) is not None}
    html = render(
        "summary-table",
        caption=f"Every domain in {when}",
        rows=rows,
        linked=linked,
        few=few,
        unit=trends[0].unit,
        shared=trends[0].is_shared,
        compared=any(row["since"] for row in rows),
        targets={tail: percent(target) for tail, target in targets.items()},
    )
    return Fragment(html, f"Every domain in {when}")


def _step_change(trend: DomainTrend) -> dict[str, Any]:
    """The change of each tail since the period before, and what both together bear; nothing where there is none."""
    changes = trend.changes[trend.changes["comparison"] == "step"]
    if changes.empty:
        return {}
    bears = bears_percentages(changes.iloc[0])
    known = {row["grade"]: row["change"] if bears else None for row in changes.to_dict("records")}
    return dict.fromkeys(TAILS) | known | {"reading": _reading(changes) or "no evidence"}
