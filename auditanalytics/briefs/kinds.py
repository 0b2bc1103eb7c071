"""The four kinds of brief: which sections each has, in which order, and the sentences above them all."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from auditanalytics.briefs import grading, loop, practice
from auditanalytics.briefs import theme as theme_sections
from auditanalytics.briefs.model import LearningBrief, Section
from auditanalytics.briefs.source import Source, find_source, find_theme
from auditanalytics.changes import Changes, changes_since_last_report
from auditanalytics.english import listed
from auditanalytics.errors import ArgumentError
from auditanalytics.grades import TAILS
from auditanalytics.period_measures import ANY_DOMAIN
from auditanalytics.periods import LATEST
from auditanalytics.reporting import headlines
from auditanalytics.reporting.pages import describe_audience
from auditanalytics.reporting.theme_sentences import describe_share
from auditanalytics.returns import AuditReturns
from auditanalytics.themes.coding import WORKED_WELL, WORRIED_ABOUT

_TITLES = {
    "monthly": "Learning brief: {when}",
    "themed": "Learning brief on {theme}: {when}",
    "quarterly": "Quarterly learning brief: {when}",
    "annual": "Annual learning brief: {when}",
}


def learning_brief(
    returns: AuditReturns,
    kind: str = "quarterly",
    *,
    period: str = LATEST,
    theme: str = "",
    since: Changes | str | Path | None = None,
    notice: str = "",
) -> LearningBrief:
    """Make a learning brief.

    Parameters
    ----------
    returns
        Audit returns; those from `prepare_for_sharing` make a brief for sharing, which is of a quarter.
    kind
        ``monthly``, ``themed``, ``quarterly`` or ``annual``.
    period
        A month (``2019-05``), a quarter (``2019-Q2``) or a year (``2019``), as the kind asks; a themed brief may be of
        any. ``latest`` for the last that has ended and has returns.
    theme
        The id or the title of the theme of a themed brief.
    since
        What changed since the last report, from `changes_since_last_report`, or the folder that holds earlier reports.
    notice
        What a reader must know before anything else.

    Returns
    -------
    LearningBrief
        The brief; `briefs.word`, `briefs.pdf` and `briefs.web` write it.

    Raises
    ------
    ChoiceError
        If there is no such kind or theme, or the period lies outside all that was returned.
    ArgumentError
        If the period is not one of the kind, or a theme is missing or not asked for.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> brief = learning_brief(read_returns("data/example"), "monthly", period="2019-05")
    >>> brief.headline[0]
    '8 audits were returned for May 2019, 53% of the 15 expected.'
    """
    source = find_source(returns, kind, period)
    if isinstance(since, (str, Path)):
        since = changes_since_last_report(returns, since, quarter=source.through)
    source = replace(source, changes=_up_to(since or Changes(), source))
    if bool(theme) != (kind == "themed"):
        asked = (
            "a themed brief needs a theme; name one with --theme" if kind == "themed" else "only a themed brief has one"
        )
        raise ArgumentError(f"theme: {asked} ({', '.join(returns.themes)})")
    chosen = find_theme(returns, theme) if theme else ""
    headline, sections = (_KINDS[kind] if source.has_audits else _of_nothing)(source, chosen)
    return LearningBrief(
        kind=kind,
        title=_TITLES[kind].format(when=source.when, theme=returns.themes.get(chosen, "")),
        framework=returns.framework.name,
        period=source.period,
        when=source.when,
        headline=tuple(sentence for sentence in headline if sentence),
        sections=tuple(section for section in sections if section and (section.parts or section.sections)),
        notice=" ".join(filter(None, [notice, *describe_audience(returns)])),
        provenance=_provenance(returns),
        is_shared=returns.is_shared,
    )


def _provenance(returns: AuditReturns) -> str:
    internal = "" if returns.is_shared else " For internal use: small numbers are not hidden."
    return f"Made by auditanalytics with the framework {returns.framework.id}.{internal}"


def _up_to(changes: Changes, source: Source) -> Changes:
    """What changed, without the figures of later quarters; nothing in a brief for sharing.

    What changed tells of single audits, and which of the hidden numbers are not what they were.
    """
    if source.returns.is_shared:
        return Changes()
    return replace(changes, restated=changes.restated[changes.restated["quarter"] <= source.through])


Made = tuple[list[str], list[Section | None]]


def _of_nothing(source: Source, _: str) -> Made:
    """What every kind says of a period without returns."""
    return [loop.returned(source)], [loop.since_last_report(source), loop.not_shown(source)]


def _monthly(source: Source, _: str) -> Made:
    return [loop.returned(source), _most_named(source)], [
        grading.how_it_was_graded(source),
        practice.positive_findings(source),
        practice.reminders(source),
        practice.worries(source),
        practice.next_steps(source),
        loop.feedback(source),
        grading.what_changed(source),
        _links(source),
        loop.not_shown(source),
    ]


def _themed(source: Source, theme: str) -> Made:
    return [loop.returned(source), _spoken_of(source, theme)], [
        theme_sections.spread_of_theme(source, theme),
        theme_sections.theme_by_domain(source, theme, WORRIED_ABOUT, "worries", "What are we worried about?"),
        theme_sections.theme_by_domain(source, theme, WORKED_WELL, "positive", "What is working well?"),
        theme_sections.theme_next_steps(source, theme),
        theme_sections.change_of_theme(source, theme),
        loop.links(source, [theme]),
        loop.not_shown(source, of_grades=False),
    ]


def _quarterly(source: Source, _: str) -> Made:
    domains = [
        Section(
            f"domain-{trend.domain}",
            trend.title,
            (
                *grading.position_of(trend, source.when),
                *practice.themes_of_domain(source, trend.domain),
                *practice.features_of_good(source, trend.domain),
            ),
        )
        for trend in source.standing
        if trend.has_returns
    ]
    return [loop.returned(source), *headlines.describe_year(source.trends), *_ranges(source)], [
        grading.how_it_was_graded(source),
        grading.what_changed(source),
        loop.return_rates_by_month(source),
        practice.positive_findings(source),
        practice.worries(source),
        practice.next_steps(source, "Recommendations"),
        loop.tracked_actions(source),
        loop.feedback(source),
        Section("domains", "Domain by domain", (), tuple(domains)),
        loop.since_last_report(source),
        _links(source),
        loop.not_shown(source),
    ]


def _annual(source: Source, _: str) -> Made:
    standing = {trend.domain: trend for trend in source.standing}
    domains = [
        Section(
            f"domain-{trend.domain}",
            trend.title,
            (
                *grading.position_of(standing[trend.domain], source.when),
                *grading.course_over_the_year(trend, is_first=trend is source.trends[0]),
                *practice.features_of_good(source, trend.domain),
                *practice.recommendation(source, trend.domain),
            ),
        )
        for trend in source.trends
    ]
    return [loop.returned(source), *headlines.describe_year(source.trends), *_ranges(source)], [
        Section("domains", "The year by domain", (), tuple(domains)),
        practice.positive_findings(source),
        practice.worries(source),
        practice.next_steps(source),
        loop.feedback(source),
        loop.tracked_actions(source),
        grading.how_it_was_graded(source),
        grading.what_changed(source),
        loop.return_rates_by_month(source),
        loop.since_last_report(source),
        _links(source),
        loop.not_shown(source, charted=True),
    ]


_KINDS: dict[str, Callable[[Source, str], Made]] = {
    "monthly": _monthly,
    "themed": _themed,
    "quarterly": _quarterly,
    "annual": _annual,
}


def _ranges(source: Source) -> list[str]:
    return [headlines.describe_range(source.standing, tail) for tail in TAILS]


def _most_named(source: Source) -> str:
    """The worries that most audits name; "" where no two audits name the same, or too many are named alike."""
    worries = source.themes[(source.themes["kind"] == WORRIED_ABOUT) & (source.themes["domain"] == ANY_DOMAIN)]
    most = worries["audits"].max()
    first = worries[worries["audits"] == most]
    if pd.isna(most) or most < 2 or len(first) > MOST_ALIKE:
        return ""
    titles = [f"“{source.returns.themes[theme]}”" for theme in first["theme"]]
    each = "" if len(titles) == 1 else " each"
    return (
        f"Most often named as a worry: {listed(titles)}, in {describe_share(most, first['of_audits'].iloc[0])}{each}."
    )


MOST_ALIKE = 3
"""Worries named in as many audits, beyond which a headline names none."""


def _spoken_of(source: Source, theme: str) -> str:
    """In how many audits the theme is a worry and a strength, in any domain."""
    rows = source.themes[(source.themes["theme"] == theme) & (source.themes["domain"] == ANY_DOMAIN)].set_index("kind")
    if rows.empty or not rows["of_audits"].max() > 0:
        return ""
    said = [
        describe_share(rows.at[kind, "audits"], rows.at[kind, "of_audits"]) for kind in (WORRIED_ABOUT, WORKED_WELL)
    ]
    return f"“{source.returns.themes[theme]}” is named as a worry in {said[0]}, and as a strength in {said[1]}."


def _links(source: Source) -> Section | None:
    """Links for the themes that reminders answer."""
    return loop.links(source, practice.named_most(source, WORRIED_ABOUT, practice.MOST_THEMES))
