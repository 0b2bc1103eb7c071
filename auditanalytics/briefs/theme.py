"""Sections on one theme: how often and where it is named, by which words, what comes next, whether it rose or fell."""

from typing import Any

import pandas as pd

from auditanalytics.briefs.model import BriefTable, Paragraph, Part, Point, Points, Section
from auditanalytics.briefs.source import Source
from auditanalytics.english import listed
from auditanalytics.evidence import NO_EVIDENCE
from auditanalytics.frameworks import OVERALL
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.period_measures import ANY_DOMAIN
from auditanalytics.reporting.theme_sentences import KIND_TITLES, TAILS_IN_WORDS, describe_share, describe_theme_changes
from auditanalytics.reporting.wording import HIDDEN, percent
from auditanalytics.theme_measures import theme_changes
from auditanalytics.themes.by_hand import BY_HAND
from auditanalytics.themes.coding import NEXT_STEP


def spread_of_theme(source: Source, theme: str) -> Section:
    """Say in how many audits of each domain a theme is a worry, a strength and a next step.

    Parameters
    ----------
    source
        What the brief is made from.
    theme
        The id of the theme.

    Returns
    -------
    Section
        A table; a sentence where nobody spoke of it.
    """
    kinds = [kind for kind in KIND_TITLES if kind in set(source.themes["kind"])]
    rows = []
    for domain, title in (source.themed_titles | {ANY_DOMAIN: "Any domain"}).items():
        here = {row.kind: row for row in _of_theme(source, theme, domain).itertuples()}
        if any(pd.isna(row.of_audits) or row.of_audits > 0 for row in here.values()):
            rows.append((title, *[_cell(here.get(kind)) for kind in kinds]))
    if not rows:
        return Section("spread", "How often", (Paragraph(f"There are no comments in {source.when}."),))
    caption = f"Audits in {source.when} that name it, of those with any comment on the domain"
    head = ("Domain", *[KIND_TITLES[kind] for kind in kinds])
    note = f"{HIDDEN} stands for a hidden number." if source.returns.is_shared else ""
    return Section("spread", "How often", (BriefTable(caption, head, tuple(rows), note, of_words=True),))


def _of_theme(source: Source, theme: str, domain: str) -> pd.DataFrame:
    return source.themes[(source.themes["theme"] == theme) & (source.themes["domain"] == domain)]


def _cell(row: Any) -> str:
    """How many audits of how many; nothing where none has a comment."""
    if row is None or pd.isna(row.audits) or pd.isna(row.of_audits):
        return HIDDEN
    if not row.of_audits:
        return "no comments"
    share = f" ({percent(row.share)})" if row.of_audits >= FEWEST_AUDITS_FOR_A_PERCENTAGE else ""
    return f"{int(row.audits):,} of {int(row.of_audits):,}{share}"


def theme_by_domain(source: Source, theme: str, kind: str, name: str, title: str) -> Section:
    """Say in which domains a theme is spoken of, and by which words.

    Parameters
    ----------
    source
        What the brief is made from.
    theme
        The id of the theme.
    kind
        What it is spoken of as.
    name, title
        The id and the heading of the section.

    Returns
    -------
    Section
        A point for each domain, those that most audits name it in first; a sentence where there are none.
    """
    rows = source.themes[(source.themes["theme"] == theme) & (source.themes["kind"] == kind)]
    rows = rows[rows["domain"] != ANY_DOMAIN]
    hidden = [source.themed_titles[domain] for domain in rows.loc[rows["audits"].isna(), "domain"]]
    named = rows[rows["audits"].fillna(0) > 0].sort_values("audits", ascending=False, kind="stable")
    points = []
    for row in named.itertuples():
        words = _words(source, theme, kind, row.domain)
        such_as = f", in words such as {listed(words)}" if words else ""
        points.append(
            Point(f"{describe_share(row.audits, row.of_audits)}{such_as}.", lead=source.themed_titles[row.domain])
        )
    parts: list[Part] = [Points(tuple(points))] if points else []
    if hidden:
        parts.append(Paragraph(f"How many audits name it so is hidden in {listed(hidden)}.", quiet=True))
    nobody = f"No audit in {source.when} names it as a {TAILS_IN_WORDS[kind][0]}."
    return Section(name, title, (*parts, *_quotes(source, theme, kind)) if parts else (Paragraph(nobody),))


MOST_WORDS = 4
"""Words of a theme that a point quotes, those that most statements hold side by side."""


def _words(source: Source, theme: str, kind: str, domain: str) -> list[str]:
    """The words that made the theme most often, where they stood side by side; none in a brief for sharing."""
    if source.returns.is_shared:
        return []
    coded = source.coded.assign(words=source.coded["words"].str.split("; ")).explode("words")
    rows = coded[(coded["theme"] == theme) & (coded["kind"] == kind) & (coded["domain"] == domain)]
    rows = rows[~rows["words"].str.contains("…", regex=False) & ~rows["words"].isin(["", BY_HAND])]
    counts = (
        rows.groupby("words")["statement"]
        .nunique()
        .reset_index()
        .sort_values(["statement", "words"], ascending=[False, True])
    )
    return [f"“{words}”" for words in counts["words"].head(MOST_WORDS)]


def _quotes(source: Source, theme: str, kind: str) -> list[Part]:
    """What may be quoted of the theme."""
    quotes = source.quotes[(source.quotes["theme"] == theme) & (source.quotes["kind"] == kind)]
    return quoted([Point(f"“{row.text}”", lead=source.themed_titles[row.domain]) for row in quotes.itertuples()])


def quoted(points: list[Point]) -> list[Part]:
    """Introduce what is quoted.

    Parameters
    ----------
    points
        The quotes.

    Returns
    -------
    list of Part
        A paragraph and the points; none where nothing may be quoted.
    """
    return [Paragraph("In auditors' own words, redacted by the program:"), Points(tuple(points))] if points else []


def theme_next_steps(source: Source, theme: str) -> Section | None:
    """Say what needs to happen next.

    Parameters
    ----------
    source
        What the brief is made from.
    theme
        The id of the theme.

    Returns
    -------
    Section or None
        Points; None where there are none.
    """
    returns = source.returns
    points = [Point(returns.reminders[theme], lead="For practitioners")] if theme in returns.reminders else []
    if theme in returns.recommendations:
        points.append(Point(returns.recommendations[theme], lead="For managers"))
    parts: list[Part] = [Points(tuple(points))] if points else []
    rows = source.themes
    asked = rows[(rows["theme"] == theme) & (rows["kind"] == NEXT_STEP) & (rows["audits"].fillna(0) > 0)]
    asked = asked[asked["domain"] == (OVERALL if returns.is_shared else ANY_DOMAIN)]
    if len(asked):
        said = describe_share(asked["audits"].iloc[0], asked["of_audits"].iloc[0])
        parts.append(Paragraph(f"Auditors wrote a next step on it in {said}."))
    return Section("next-steps", "What needs to happen next", tuple(parts)) if parts else None


def change_of_theme(source: Source, theme: str) -> Section | None:
    """Say where a theme rose or fell since the last quarter with comments.

    Parameters
    ----------
    source
        What the brief is made from.
    theme
        The id of the theme.

    Returns
    -------
    Section or None
        Sentences; None where nothing can be compared.
    """
    if source.unit != "quarter" or source.returns.is_shared or not source.has_audits:
        return None
    changes = theme_changes(source.returns, through=source.through)
    changes = changes[changes["theme"] == theme]
    if changes.empty:
        return None
    titles, parts = source.returns.themes, []
    for domain, rows in changes[changes["finding"] != NO_EVIDENCE].groupby("domain", sort=False):
        sentences = describe_theme_changes(rows, titles, source.title_of(rows["since"].iloc[0]))
        parts += [Paragraph(f"{source.themed_titles[str(domain)]}: {sentence}") for sentence in sentences]
    if not parts:
        since = source.title_of(changes["since"].max())
        parts.append(
            Paragraph(
                f"“{titles[theme]}” is named neither more nor less often than in {since}, beyond what chance allows "
                "among all themes that were compared, in any domain."
            )
        )
    return Section("changes", "What changed, and what the numbers support", tuple(parts))
