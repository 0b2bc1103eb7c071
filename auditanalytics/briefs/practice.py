"""Sections on practice: what auditors praise and worry about, what practitioners are reminded of, what comes next.

Themes are counted in audits. A reminder and a recommendation are the codebook's answers to the worries that most audits
name; they are suggestions for whoever edits the brief, and no findings.
"""

import pandas as pd

from auditanalytics.briefs.grading import has_both_tails, points_of_praise, points_of_worry
from auditanalytics.briefs.model import Paragraph, Part, Point, Points, Section
from auditanalytics.briefs.source import Source
from auditanalytics.briefs.theme import quoted
from auditanalytics.english import listed
from auditanalytics.frameworks import OVERALL
from auditanalytics.period_measures import ANY_DOMAIN
from auditanalytics.reporting.theme_sentences import (
    FEWEST_AUDITS_COMPARED,
    KIND_TITLES,
    describe_most_named,
    describe_share,
    most_named,
)
from auditanalytics.themes.coding import NEXT_STEP, WORKED_WELL, WORRIED_ABOUT

MOST_THEMES = 5
"""Themes that a list names, those that most audits speak of."""

MOST_RECOMMENDED = 3
"""Worries that recommendations answer."""

_VERBS = {WORRIED_ABOUT: "a worry in", WORKED_WELL: "praised in", NEXT_STEP: "a next step in"}


def has_comments(source: Source) -> bool:
    """Tell whether the audits of the period hold any comment.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    bool
        True also where it may not be shown how many.
    """
    return bool((source.themes["of_audits"].fillna(1) > 0).any())


def positive_findings(source: Source) -> Section | None:
    """Say where grades were best, and what auditors praise.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        Points; None where there are none.
    """
    points = [*points_of_praise(source), *theme_points(source, WORKED_WELL)]
    return Section("positive", "Positive findings", (Points(tuple(points)),)) if points else None


def worries(source: Source) -> Section:
    """Say where Inadequate outweighs Good, and what auditors worry about.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section
        Points, or a sentence that says there are none.
    """
    points = points_of_worry(source)
    parts: list[Part] = []
    if not points and has_both_tails(source) and not source.returns.is_shared:
        parts.append(Paragraph("In no domain were more judgements Inadequate than Good or better."))
    points += theme_points(source, WORRIED_ABOUT)
    if points:
        parts.append(Points(tuple(points)))
    if not has_comments(source):
        parts.append(Paragraph(f"The returns of {source.when} hold no comments."))
    return Section("worries", "What are we worried about?", tuple(parts))


def theme_points(source: Source, kind: str, most: int = MOST_THEMES) -> list[Point]:
    """List the themes that most audits speak of.

    Parameters
    ----------
    source
        What the brief is made from.
    kind
        What they are spoken of as.
    most
        How many to list.

    Returns
    -------
    list of Point
        A point for each theme; in a brief for sharing, for each domain.
    """
    if not has_comments(source):
        return []
    if source.returns.is_shared:
        return _points_by_domain(source, kind)
    points = []
    for theme in named_most(source, kind, most):
        rows = _rows(source, kind, theme).set_index("domain")
        said = describe_share(rows.at[ANY_DOMAIN, "audits"], rows.at[ANY_DOMAIN, "of_audits"])
        points.append(Point(f"{_VERBS[kind]} {said}{_where(rows, source)}.", lead=source.returns.themes[theme]))
    return points


def named_most(source: Source, kind: str, most: int) -> list[str]:
    """List the ids of the themes that most audits speak of.

    Parameters
    ----------
    source
        What the brief is made from.
    kind
        What they are spoken of as.
    most
        How many to list.

    Returns
    -------
    list of str
        Ids, the most named first. Where counts are hidden, those of the domains in which they are shown.
    """
    rows = source.themes[source.themes["kind"] == kind].dropna(subset="audits")
    if not source.returns.is_shared:
        rows = rows[rows["domain"] == ANY_DOMAIN]
    rows = rows.sort_values("audits", ascending=False, kind="stable").drop_duplicates("theme")
    return rows.loc[rows["audits"] > 0, "theme"].head(most).tolist()


def _rows(source: Source, kind: str, theme: str) -> pd.DataFrame:
    return source.themes[(source.themes["kind"] == kind) & (source.themes["theme"] == theme)]


def _where(rows: pd.DataFrame, source: Source) -> str:
    """The domains in which most audits say it, unless they say it once, or of the whole audit alone."""
    of_domains = rows.loc[~rows.index.isin([ANY_DOMAIN, OVERALL]), "audits"]
    top = of_domains[of_domains == of_domains.max()]
    if of_domains.empty or of_domains.max() < 2 or len(top) > 2:
        return ""
    return f", most often in {listed([source.titles[domain] for domain in top.index])}"


def _points_by_domain(source: Source, kind: str) -> list[Point]:
    points = []
    for domain, title in source.themed_titles.items():
        rows = source.themes[(source.themes["kind"] == kind) & (source.themes["domain"] == domain)]
        if not (rows["audits"].fillna(0) > 0).any():
            continue
        named = most_named(rows, source.returns.themes)
        shown = "among those shown, " if rows["audits"].isna().any() else ""
        points.append(Point(f"{shown}{'; '.join(named)}.", lead=title))
    return points


def reminders(source: Source) -> Section | None:
    """Remind practitioners of what answers the worries that most audits name.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        Points; None where no worry is named, or the codebook has no reminders.
    """
    found = [theme for theme in _to_answer(source, MOST_THEMES) if theme in source.returns.reminders]
    points = [Point(source.returns.reminders[theme], lead=source.returns.themes[theme]) for theme in found]
    return Section("reminders", "Reminders", (Points(tuple(points)),)) if points else None


def _to_answer(source: Source, most: int) -> list[str]:
    """The worries that most audits name, without those of a single audit among several."""
    rows = source.themes[source.themes["kind"] == WORRIED_ABOUT]
    named = rows.groupby("theme")["audits"].max()
    return [
        theme for theme in named_most(source, WORRIED_ABOUT, most) if named[theme] > 1 or source.rate["returned"] < 2
    ]


def next_steps(source: Source, title: str = "Next steps") -> Section | None:
    """Say what auditors ask for, and what managers are asked to consider.

    Parameters
    ----------
    source
        What the brief is made from.
    title
        Its heading.

    Returns
    -------
    Section or None
        Points; None where there are none.
    """
    parts: list[Part] = []
    shared = source.returns.is_shared
    if asked := theme_points(source, NEXT_STEP, MOST_RECOMMENDED):
        about = "What auditors' next steps are about, as far as it is shown:" if shared else _NEXT_STEPS
        parts += [Paragraph(about), Points(tuple(asked))]
    found = _to_answer(source, MOST_RECOMMENDED)
    advice = source.returns.recommendations
    if points := [Point(advice[theme], lead=source.returns.themes[theme]) for theme in found if theme in advice]:
        worries = "worries among those shown" if shared else "worries that are named most often"
        parts += [
            Paragraph(f"For managers and their teams to consider, in answer to {worries}:"),
            Points(tuple(points)),
        ]
    return Section("next-steps", title, tuple(parts)) if parts else None


_NEXT_STEPS = "What auditors' next steps are most often about:"


def themes_of_domain(source: Source, domain: str) -> list[Part]:
    """Say what the comments on one domain speak of most.

    Parameters
    ----------
    source
        What the brief is made from.
    domain
        The id of the domain.

    Returns
    -------
    list of Part
        Paragraphs, and what may be quoted; none where nothing was said.
    """
    rows = source.themes[source.themes["domain"] == domain]
    if rows.empty or rows["of_audits"].isna().all() or not (rows["of_audits"] > 0).any():
        return []
    kinds = [kind for kind in KIND_TITLES if (rows.loc[rows["kind"] == kind, "audits"].fillna(1) > 0).any()]
    said = [Paragraph(describe_most_named(rows, source.returns.themes, kind)) for kind in kinds]
    quotes = source.quotes[source.quotes["domain"] == domain]
    order = quotes["kind"].map(list(KIND_TITLES).index).sort_values(kind="stable").index
    points = [Point(f"“{row.text}”", lead=KIND_TITLES[row.kind]) for row in quotes.loc[order].itertuples()]
    return [*said, *quoted(points)]


def features_of_good(source: Source, domain: str) -> list[Part]:
    """List what is praised where a domain was found Good or better throughout.

    Parameters
    ----------
    source
        What the brief is made from.
    domain
        The id of the domain.

    Returns
    -------
    list of Part
        A paragraph and points; none where nothing is praised.
    """
    if source.returns.is_shared or source.features.empty:
        return []
    rows = source.features[source.features["domain"] == domain]
    rows = rows[rows["audits"] >= FEWEST_AUDITS_COMPARED]
    rows = rows.sort_values("audits", ascending=False, kind="stable").head(MOST_THEMES)
    points = [
        Point(f"praised in {describe_share(row.audits, row.of_audits)}.", lead=source.returns.themes[row.theme])
        for row in rows.itertuples()
    ]
    return [Paragraph(_FEATURES), Points(tuple(points))] if points else []


_FEATURES = "Features of Good: what auditors praise where every judgement on this domain was Good or better."


def recommendation(source: Source, domain: str) -> list[Part]:
    """Recommend what answers the worry that most audits name in a domain, of those that the codebook has an answer to.

    Parameters
    ----------
    source
        What the brief is made from, for internal use.
    domain
        The id of the domain.

    Returns
    -------
    list of Part
        A paragraph; none where there is no such worry.
    """
    advice = source.returns.recommendations
    rows = source.themes[(source.themes["domain"] == domain) & (source.themes["kind"] == WORRIED_ABOUT)]
    rows = rows[(rows["audits"] > 0) & rows["theme"].isin(list(advice))]
    if rows.empty:
        return []
    theme = rows.sort_values("audits", ascending=False, kind="stable")["theme"].iloc[0]
    return [Paragraph(f"Next step, in answer to “{source.returns.themes[theme]}”: {advice[theme]}")]
