"""What a page shows of themes: which are spoken of, by which words, what goes with a grade, what rose or fell.

A theme is never more than a pointer into the comments: beside each count stand the words that made it, and beside all
of them how many statements carry no theme.
"""

from typing import Any

import pandas as pd

from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE, wilson_interval
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reporting import theme_sentences as sentences
from auditanalytics.reporting.fragments import Fragment, paragraphs, render
from auditanalytics.reporting.theme_charts import draw_themes
from auditanalytics.reporting.theme_sentences import KIND_TITLES
from auditanalytics.reporting.wording import listed
from auditanalytics.returns import AuditReturns
from auditanalytics.summary import resolve_quarter
from auditanalytics.theme_measures import (
    STRENGTH,
    WORRY,
    count_themes,
    theme_changes,
    theme_contrasts,
    theme_coverage,
    themed_domains,
)
from auditanalytics.themes import KINDS, NO_THEME
from auditanalytics.trends import DomainTrend

MOST_WORDS_SHOWN = 8
"""Different words of a theme that a page shows, those that most statements hold."""

FEWEST_AUDITS_COMPARED = 3
"""Audits that must name a theme before a table compares it; all are in the published tables."""

_TABLE_KINDS = (WORRY, STRENGTH, *KINDS[2:])
_INTERNAL = (
    "What goes with a grade, and what rose or fell, comes from single audits and is not part of a report for sharing."
)
_NO_COMMENTS = "The returns hold no comments on this domain."


def _when(returns: AuditReturns, quarter: str) -> str:
    return period_title(parse_quarter(quarter, calendar=returns.framework.quarters))


def show_themes(returns: AuditReturns, trend: DomainTrend) -> Fragment:
    """Show which themes the comments on a domain speak of in the reported quarter, with the words that made each.

    Parameters
    ----------
    returns
        The audit returns.
    trend
        The domain's periods.

    Returns
    -------
    Fragment
        Sentences, a figure and a table; a sentence where nothing was said.
    """
    counts = count_themes(returns, through=trend.quarter)
    counts = counts[(counts["domain"] == trend.domain) & (counts["quarter"] == trend.quarter)]
    if counts.empty or not counts["of_audits"].max():
        return paragraphs([_NO_COMMENTS])
    when, themed = _when(returns, trend.quarter), counts[counts["theme"] != NO_THEME]
    said = [sentences.describe_most_named(themed, returns.themes, kind) for kind in (WORRY, STRENGTH)]
    if not returns.is_shared:
        coverage = theme_coverage(returns, through=trend.quarter).set_index(["domain", "quarter"])
        said.append(sentences.describe_coverage(coverage.loc[(trend.domain, trend.quarter)], trend.title, when))
    caption = f"{trend.title}: what the comments of {when} speak of"
    parts = [paragraphs(said).html]
    text = " ".join(said)
    if (themed["audits"].fillna(1) > 0).any():
        chart = draw_themes(themed, returns.themes, caption)
        parts.append(render("figure", chart=chart, caption=caption, notes=_chart_notes(returns)))
        parts.append(_themes_table(returns, themed, trend, caption))
        text = chart.alternative
    parts.append(_quotes(returns, trend))
    return Fragment("".join(parts), text)


def _chart_notes(returns: AuditReturns) -> list[str]:
    bars = (
        "Each bar is the audits that name the theme, of those with any comment on the domain; lines are 95% intervals."
    )
    kinds = "Whether it is a worry or a strength follows the box, unless the words plainly say otherwise."
    shared = "c stands for a hidden number." if returns.is_shared else ""
    return [note for note in (bars, kinds, shared) if note]


def _themes_table(returns: AuditReturns, themed: pd.DataFrame, trend: DomainTrend, caption: str) -> str:
    words = _words(returns, trend)
    rows = []
    spoken = themed[themed["audits"].fillna(1) > 0]
    kinds = [kind for kind in _TABLE_KINDS if kind in (WORRY, STRENGTH) or (spoken["kind"] == kind).any()]
    order = themed.groupby("theme", sort=False)["audits"].sum().sort_values(ascending=False, kind="stable").index
    for theme in order:
        of_theme = themed[themed["theme"] == theme].set_index("kind")
        cells = [_cell(of_theme.loc[kind], returns) for kind in kinds]
        if any(cell["count"] != "0" for cell in cells):
            rows.append({"title": returns.themes[theme], "cells": cells, "words": words.get(theme, [])})
    named = {row["title"] for row in rows}
    return render(
        "themes-table",
        caption=f"{caption}, in numbers",
        kinds=[KIND_TITLES[kind] for kind in kinds],
        rows=rows,
        not_named=listed([title for title in returns.themes.values() if title not in named] or [""]),
        shared=returns.is_shared,
    )


def _cell(row: pd.Series, returns: AuditReturns) -> dict[str, Any]:
    of = int(row["of_audits"])
    if pd.isna(row["audits"]):
        return {"count": "c", "of": of, "share": None, "low": None, "high": None}
    audits = int(row["audits"])
    bears = of >= FEWEST_AUDITS_FOR_A_PERCENTAGE and pd.notna(row["share"])
    low, high = wilson_interval(audits, of)
    limits = {"share": row["share"], "low": float(low), "high": float(high)}
    return {"count": str(audits), "of": of} | (limits if bears else dict.fromkeys(limits))


def _words(returns: AuditReturns, trend: DomainTrend) -> dict[str, list[dict[str, Any]]]:
    """By theme, the words that made it in the reported quarter and how many statements hold them."""
    if returns.is_shared:
        return {}
    of_quarter = returns.audits.loc[returns.audits["quarter"] == trend.quarter, "audit_id"]
    coded = returns.coded[(returns.coded["domain"] == trend.domain) & returns.coded["audit_id"].isin(of_quarter)]
    counts = coded.groupby(["theme", "words"])["statement"].nunique().rename("n").reset_index()
    counts = counts.sort_values(["n", "words"], ascending=[False, True])
    return {
        theme: rows.head(MOST_WORDS_SHOWN)[["words", "n"]].to_dict("records") for theme, rows in counts.groupby("theme")
    }


def _quotes(returns: AuditReturns, trend: DomainTrend) -> str:
    here = (returns.quotes["domain"] == trend.domain) & (returns.quotes["quarter"] == trend.quarter)
    quotes = returns.quotes[here]
    if quotes.empty:
        return ""
    shown = quotes.dropna(subset="text")
    rows = [
        {"kind": KIND_TITLES[row.kind], "theme": returns.themes[row.theme], "text": row.text, "reason": row.reason}
        for row in shown.itertuples()
    ]
    return render("quotes", rows=rows, withheld=len(quotes) - len(shown))


def show_theme_contrasts(returns: AuditReturns, trend: DomainTrend) -> Fragment:
    """Show which worries come with an Inadequate, and which strengths with Good, over all quarters to the reported one.

    Parameters
    ----------
    returns
        The audit returns.
    trend
        The domain's periods.

    Returns
    -------
    Fragment
        Sentences and a table; a sentence where there is nothing to compare.
    """
    if returns.is_shared:
        return paragraphs([_INTERNAL])
    contrasts = theme_contrasts(returns, through=trend.quarter)
    contrasts = contrasts[contrasts["domain"] == trend.domain]
    if contrasts.empty:
        return paragraphs(["There are no graded audits with comments to compare."])
    features = contrasts[contrasts["kind"] == STRENGTH].sort_values("audits_with", ascending=False, kind="stable")
    said = sentences.describe_contrasts(contrasts, returns.themes)
    if len(good := features[features["audits_with"] > 0].head(3)):
        named = [f"{returns.themes[row.theme]} ({row.audits_with} of {row.of_with})" for row in good.itertuples()]
        said.insert(0, f"Where every judgement was Good or better, auditors most often praise {listed(named)}.")
    rows = contrasts[contrasts["audits_with"] + contrasts["audits_without"] >= FEWEST_AUDITS_COMPARED]
    first = {WORRY: "with an Inadequate", STRENGTH: "Good or better throughout"}
    table = [
        _compared(
            row, returns, row["audits_with"], row["of_with"], row["audits_without"], row["of_without"], "difference"
        )
        | {"when": first[row["kind"]]}
        for row in rows.sort_values("difference", ascending=False, kind="stable").to_dict("records")
    ]
    caption = f"{trend.title}: themes by grade, all quarters to {_when(returns, trend.quarter)}"
    html = _compared_table(caption, ("Audits that are so", "Other graded audits", "Difference"), table, with_when=True)
    return Fragment(paragraphs(said).html + html, " ".join(said))


def show_theme_changes(returns: AuditReturns, trend: DomainTrend) -> Fragment:
    """Show which themes rose or fell since the last quarter with comments.

    Parameters
    ----------
    returns
        The audit returns.
    trend
        The domain's periods.

    Returns
    -------
    Fragment
        Sentences and a table; a sentence where there is nothing to compare.
    """
    if returns.is_shared:
        return paragraphs([_INTERNAL])
    changes = theme_changes(returns, through=trend.quarter)
    changes = changes[changes["domain"] == trend.domain]
    if changes.empty:
        return paragraphs(["There is no earlier quarter with comments to compare with."])
    since, until = (_when(returns, changes[when].iloc[0]) for when in ("since", "until"))
    said = sentences.describe_theme_changes(changes, returns.themes, since)
    rows = changes[changes["audits_since"] + changes["audits_until"] >= FEWEST_AUDITS_COMPARED]
    table = [
        _compared(row, returns, row["audits_until"], row["of_until"], row["audits_since"], row["of_since"], "change")
        for row in rows.sort_values("change", ascending=False, kind="stable").to_dict("records")
    ]
    caption = f"{trend.title}: themes since {since}"
    html = _compared_table(caption, (until, since, "Change"), table, with_when=False)
    return Fragment(paragraphs(said).html + html, " ".join(said))


def _compared(
    row: dict[str, Any], returns: AuditReturns, n: int, of: int, other: int, of_other: int, name: str
) -> dict[str, Any]:
    bears = min(of, of_other) >= FEWEST_AUDITS_FOR_A_PERCENTAGE
    return {
        "title": returns.themes[row["theme"]],
        "kind": KIND_TITLES[row["kind"]],
        "first": f"{n} of {of}",
        "second": f"{other} of {of_other}",
        "difference": row[name] if bears else None,
        "low": row["low"],
        "high": row["high"],
        "finding": row["finding"],
    }


def _compared_table(caption: str, heads: tuple[str, str, str], rows: list[dict[str, Any]], *, with_when: bool) -> str:
    if not rows:
        return ""
    return render(
        "theme-differences", caption=caption, heads=heads, rows=rows, with_when=with_when, least=FEWEST_AUDITS_COMPARED
    )


def show_themes_of_all(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show of every domain which worries and strengths are named most in the reported quarter.

    Parameters
    ----------
    returns
        The audit returns.
    quarter
        The name of a quarter, or ``latest``.

    Returns
    -------
    Fragment
        A table; a sentence where the returns hold no comments.
    """
    quarter = resolve_quarter(returns, quarter)
    counts = count_themes(returns, through=quarter)
    counts = counts[(counts["quarter"] == quarter) & (counts["theme"] != NO_THEME)]
    if counts.empty or not counts["of_audits"].max():
        return paragraphs(["The returns hold no comments."])
    rows = []
    for domain, title in themed_domains(returns).items():
        here = counts[counts["domain"] == domain]
        cells = [_most_named(here[here["kind"] == kind], returns) for kind in (WORRY, STRENGTH)]
        rows.append({"title": title, "of": int(here["of_audits"].max()), "cells": cells})
    caption = f"What the comments of {_when(returns, quarter)} speak of most, domain by domain"
    html = render("themes-of-all", caption=caption, kinds=[KIND_TITLES[WORRY], KIND_TITLES[STRENGTH]], rows=rows)
    return Fragment(html, caption)


def _most_named(rows: pd.DataFrame, returns: AuditReturns) -> list[str]:
    named = rows.dropna(subset="audits")
    named = named[named["audits"] > 0].sort_values("audits", ascending=False, kind="stable").head(3)
    return [f"{returns.themes[row.theme]} ({int(row.audits)})" for row in named.itertuples()]
