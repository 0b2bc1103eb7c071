"""What a page shows of themes: which are spoken of, by which words, what goes with a grade, what rose or fell.

A theme is never more than a pointer into the comments: beside each count stand the words that made it, and beside all
of them how many statements carry no theme.
"""

from typing import Any

import pandas as pd

from auditanalytics.english import listed
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE, wilson_interval
from auditanalytics.reporting import theme_sentences as sentences
from auditanalytics.reporting.fragments import Fragment, paragraphs, render
from auditanalytics.reporting.theme_charts import draw_themes
from auditanalytics.reporting.theme_sentences import FEWEST_AUDITS_COMPARED, KIND_TITLES, TAILS_IN_WORDS
from auditanalytics.reporting.wording import HIDDEN
from auditanalytics.returns import AuditReturns
from auditanalytics.theme_measures import (
    TAIL_OF,
    count_themes,
    theme_changes,
    theme_contrasts,
    theme_coverage,
    themed_domains,
)
from auditanalytics.themes import NO_THEME
from auditanalytics.themes.coding import NEXT_STEP
from auditanalytics.trends import DomainTrend

MOST_WORDS_SHOWN = 12
"""Different words of a theme that a page shows, those that most statements hold."""

_FOR_INTERNAL_USE = "This comes from single audits and is not part of a report for sharing."


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
    when = trend.title_of(trend.quarter)
    if counts.empty or (counts["of_audits"].fillna(1) == 0).all():
        return paragraphs([f"There are no comments on this domain in {when}."])
    if counts["of_audits"].isna().all():
        return paragraphs([f"What the comments of {when} speak of is withheld: there are too few."])
    themed = counts[counts["theme"] != NO_THEME]
    said = [sentences.describe_most_named(themed, returns.themes, kind) for kind in KIND_TITLES]
    if not returns.is_shared:
        coverage = theme_coverage(returns, through=trend.quarter).set_index(["domain", "quarter"])
        said.append(sentences.describe_coverage(coverage.loc[(trend.domain, trend.quarter)], trend.title, when))
    said = [sentence for sentence in said if sentence]
    caption = f"{trend.title}: what the comments of {when} speak of"
    parts, text = [paragraphs(said).html], " ".join(said)
    if (themed["audits"].fillna(1) > 0).any():
        chart = draw_themes(themed, returns.themes, caption)
        parts.append(render("figure", chart=chart, caption=caption, notes=_CHART_NOTES))
        parts.append(_themes_table(returns, themed, trend, caption))
        text = chart.alternative
    return Fragment("".join([*parts, _quotes(returns, trend)]), text)


_CHART_NOTES = [
    "Each bar is the audits that name the theme, of those with any comment on the domain; lines are 95% intervals.",
    "Whether it is a worry or a strength follows the box, unless the words plainly say otherwise.",
]


def _themes_table(returns: AuditReturns, themed: pd.DataFrame, trend: DomainTrend, caption: str) -> str:
    words = _words(returns, trend)
    spoken = themed[themed["audits"].fillna(1) > 0]
    kinds = [kind for kind in KIND_TITLES if kind in TAIL_OF or (spoken["kind"] == kind).any()]
    cells = themed.set_index(["theme", "kind"])
    order = (
        themed.pivot(index="theme", columns="kind", values="audits")
        .astype(float)
        .fillna(0.5)  # a hidden one stands before none
        .sort_values(kinds, ascending=False, kind="stable")
        .index
    )
    rows = [
        {
            "title": returns.themes[theme],
            "cells": [_cell(cells.loc[(theme, kind)]) for kind in kinds],
            "words": words.get(theme, []),
        }
        for theme in order
        if theme in set(spoken["theme"])
    ]
    return render(
        "themes-table",
        caption=f"{caption}, in numbers",
        kinds=[KIND_TITLES[kind] for kind in kinds],
        rows=rows,
        not_named="; ".join(title for theme, title in returns.themes.items() if theme not in set(spoken["theme"])),
        shared=returns.is_shared,
    )


def _cell(row: pd.Series) -> dict[str, Any]:
    """One count as a template takes it, with None in place of a share that is not given."""
    of = int(row["of_audits"])
    if pd.isna(row["audits"]):
        return {"count": HIDDEN, "of": of, "share": None}
    audits = int(row["audits"])
    if of < FEWEST_AUDITS_FOR_A_PERCENTAGE or pd.isna(row["share"]):
        return {"count": str(audits), "of": of, "share": None}
    low, high = wilson_interval(audits, of)
    return {"count": str(audits), "of": of, "share": float(row["share"]), "low": float(low), "high": float(high)}


def _words(returns: AuditReturns, trend: DomainTrend) -> dict[str, list[dict[str, Any]]]:
    """By theme, the words that made it in the reported quarter, as what, and how many statements hold them."""
    if returns.is_shared:
        return {}
    of_quarter = returns.audits.loc[returns.audits["quarter"] == trend.quarter, "audit_id"]
    coded = returns.coded[(returns.coded["domain"] == trend.domain) & returns.coded["audit_id"].isin(of_quarter)]
    counts = coded.groupby(["theme", "words", "kind"])["statement"].nunique().rename("n").reset_index()
    counts = counts.sort_values(["n", "words"], ascending=[False, True]).assign(kind=counts["kind"].map(KIND_TITLES))
    return {
        str(theme): rows.head(MOST_WORDS_SHOWN)[["words", "kind", "n"]].to_dict("records")
        for theme, rows in counts.groupby("theme")
    }


def _quotes(returns: AuditReturns, trend: DomainTrend) -> str:
    quotes = returns.quotes[(returns.quotes["domain"] == trend.domain) & (returns.quotes["quarter"] == trend.quarter)]
    if quotes.empty:
        return ""
    order = list(KIND_TITLES)
    shown = quotes.dropna(subset="text").sort_values("kind", key=lambda kinds: kinds.map(order.index), kind="stable")
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
        return paragraphs([_FOR_INTERNAL_USE])
    contrasts = theme_contrasts(returns, through=trend.quarter)
    contrasts = contrasts[contrasts["domain"] == trend.domain]
    if contrasts.empty:
        return paragraphs(
            ["There is nothing to compare: that takes graded audits of both kinds whose comments name a theme."]
        )
    said = [
        sentences.describe_features(contrasts, returns.themes),
        *sentences.describe_contrasts(contrasts, returns.themes),
    ]
    rows = contrasts[contrasts["audits_with"] + contrasts["audits_without"] >= FEWEST_AUDITS_COMPARED]
    table = [
        _compared(row, returns, difference=row["difference"])
        | _sides(row["audits_with"], row["of_with"], row["audits_without"], row["of_without"])
        | {"of_whom": TAILS_IN_WORDS[row["kind"]][1]}
        for row in rows.sort_values("difference", ascending=False, kind="stable").to_dict("records")
    ]
    caption = f"{trend.title}: themes by grade, all quarters to {trend.title_of(trend.quarter)}"
    heads = ("In these audits", "In others", "Difference")
    notes = [
        "The others are the domain's other graded audits with comments.",
        "What goes with a grade need not be its cause: an auditor who grades Inadequate also looks for the reason.",
        "All are in tables/theme-contrasts.csv.",
    ]
    html = _differences(caption, heads, table, notes)
    said = [sentence for sentence in said if sentence]
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
        return paragraphs([_FOR_INTERNAL_USE])
    changes = theme_changes(returns, through=trend.quarter)
    changes = changes[changes["domain"] == trend.domain]
    if changes.empty:
        return paragraphs(["There is nothing to compare: that takes two quarters whose comments name a theme."])
    since = trend.title_of(changes["since"].iloc[0])
    said = sentences.describe_theme_changes(changes, returns.themes, since)
    rows = changes[changes["audits_since"] + changes["audits_until"] >= FEWEST_AUDITS_COMPARED]
    table = [
        _compared(row, returns, difference=row["change"])
        | _sides(row["audits_until"], row["of_until"], row["audits_since"], row["of_since"])
        for row in rows.sort_values("change", ascending=False, kind="stable").to_dict("records")
    ]
    caption = f"{trend.title}: themes since {since}"
    html = _differences(
        caption, (trend.title_of(trend.quarter), since, "Change"), table, ["All are in tables/theme-changes.csv."]
    )
    return Fragment(paragraphs(said).html + html, " ".join(said))


def _compared(row: dict[str, Any], returns: AuditReturns, *, difference: float) -> dict[str, Any]:
    names = ("low", "high", "low_of_all", "high_of_all", "comparisons", "finding")
    title, kind = returns.themes[row["theme"]], KIND_TITLES[row["kind"]]
    return {name: row[name] for name in names} | {"title": title, "kind": kind, "difference": difference, "of_whom": ""}


def _sides(n: int, of: int, other: int, of_other: int) -> dict[str, Any]:
    bears = min(of, of_other) >= FEWEST_AUDITS_FOR_A_PERCENTAGE
    return {"first": f"{n} of {of}", "second": f"{other} of {of_other}", "bears": bears}


def _differences(caption: str, heads: tuple[str, str, str], rows: list[dict[str, Any]], notes: list[str]) -> str:
    if not rows:
        return ""
    return render(
        "theme-differences",
        caption=caption,
        heads=heads,
        rows=rows,
        of_whom=any(row["of_whom"] for row in rows),
        number=rows[0]["comparisons"],
        least=FEWEST_AUDITS_COMPARED,
        few=not all(row["bears"] for row in rows),
        notes=notes,
    )


def show_themes_of_all(returns: AuditReturns, trends: list[DomainTrend]) -> Fragment:
    """Show of every domain which worries, strengths and next steps are named most in the reported quarter.

    Parameters
    ----------
    returns
        The audit returns.
    trends
        The periods of each domain.

    Returns
    -------
    Fragment
        A table; a sentence where there are no comments.
    """
    quarter, when = trends[0].quarter, trends[0].title_of(trends[0].quarter)
    counts = count_themes(returns, through=quarter)
    counts = counts[(counts["quarter"] == quarter) & (counts["theme"] != NO_THEME)]
    if counts.empty or (counts["of_audits"].fillna(1) == 0).all():
        return paragraphs([f"There are no comments in {when}."])
    kinds = [kind for kind in KIND_TITLES if kind in TAIL_OF or kind == NEXT_STEP]
    rows = []
    for domain, title in themed_domains(returns).items():
        here = counts[counts["domain"] == domain]
        of = here["of_audits"].iloc[0]
        cells = [sentences.most_named(here[here["kind"] == kind], returns.themes) for kind in kinds]
        hidden = pd.isna(of)
        rows.append({"title": title, "of": HIDDEN if hidden else int(of), "cells": [] if hidden else cells})
    caption = f"What the comments of {when} speak of most, domain by domain"
    titles = [KIND_TITLES[kind] for kind in kinds]
    html = render("themes-of-all", caption=caption, kinds=titles, rows=rows, shared=returns.is_shared)
    return Fragment(html, f"{caption}: {listed([row['title'] for row in rows])}")
