"""Sections on grades: how a period was graded, where Inadequate outweighs Good, what changed and what that bears.

Counts stand beside the percentages of a period, and a row of grades adds up to its judgements. Whatever is said of a
change is said by the same functions as on the pages, so that it claims no more.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from auditanalytics.briefs.model import BriefFigure, BriefTable, Paragraph, Part, Point, Section
from auditanalytics.briefs.source import Source
from auditanalytics.english import counted, listed, were
from auditanalytics.evidence import bears_percentages
from auditanalytics.grades import GOOD_OR_BETTER, INADEQUATE, TAILS, GradeScale
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.ladder import DOTS
from auditanalytics.reporting import headlines, narrative
from auditanalytics.reporting.charts import draw_grades_of_all, draw_trend
from auditanalytics.reporting.domains import INTERVAL_NOTE, read_comparison
from auditanalytics.reporting.wording import HIDDEN, TAIL_TITLES, percent, whole_percent
from auditanalytics.trends import DomainTrend


def how_it_was_graded(source: Source) -> Section:
    """Give every grade of every domain in the period, as a table and as a picture.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section
        A table and a figure for each scale; a sentence where nothing was graded.
    """
    groups: dict[str, list[DomainTrend]] = {}
    for trend in source.standing:
        if trend.has_returns:
            groups.setdefault(trend.framework.scale_name(trend.domain), []).append(trend)
    parts: list[Part] = []
    for trends in groups.values():
        of_which = f" ({', '.join(trends[0].scale.grades)})" if len(groups) > 1 else ""
        if any(_are_shown(trend) for trend in trends):
            parts.append(BriefFigure(f"Every grade in {source.when}{of_which}", draw_grades_of_all(trends), _BARS_NOTE))
        parts.append(_grades_table(trends, f"Judgements at each grade in {source.when}{of_which}"))
    shown = {trend.domain for trend in source.standing if trend.has_returns}
    silent = [title for domain, title in source.titles.items() if domain not in shown]
    if source.returns.rejected_audits and not source.returns.is_shared:
        parts.append(
            Paragraph("Some audits came back in a way that could not be read; they are in no number.", quiet=True)
        )
    if silent:
        parts.append(Paragraph(f"Nothing was graded in {listed(silent)}.", quiet=bool(parts)))
    return Section("grades", "How it was graded", tuple(parts))


_BARS_NOTE = "Each bar is all graded judgements; to the right of the line are those that were Good or better."


def _are_shown(trend: DomainTrend) -> bool:
    return bool(trend.grades.loc[trend.grades["period"] == trend.latest, "n"].notna().all())


def _grades_table(trends: list[DomainTrend], caption: str) -> BriefTable:
    scale = trends[0].scale
    rows = [_latest(trend) for trend in trends]
    cells = [
        (trend.title, _number(row["of"].iloc[0]), _number(row["audits"].iloc[0]), *_grade_cells(row, scale))
        for trend, row in zip(trends, rows, strict=True)
    ]
    few = any(0 < row["audits"].fillna(0).iloc[0] < FEWEST_AUDITS_FOR_A_PERCENTAGE for row in rows)
    notes = ["Judgements that were left ungraded, or whose grade could not be read, are in no number."]
    if few:
        notes.append(
            f"Where fewer than {FEWEST_AUDITS_FOR_A_PERCENTAGE} audits stand behind a row, percentages are left out."
        )
    if any(_needs_rounding_note(row, scale) for row in rows):
        notes.append("Each percentage is rounded by itself, so that those of a row need not add up exactly.")
    if trends[0].is_shared:
        notes.append(f"{HIDDEN} stands for a hidden number.")
    head = ("Domain", "Judgements", "Audits", *scale.grades)
    return BriefTable(caption, head, tuple(cells), " ".join(notes))


def _latest(trend: DomainTrend) -> pd.DataFrame:
    """The counts of a domain in its last period, by grade and tail."""
    return trend.grades[trend.grades["period"] == trend.latest].set_index("grade")


def _number(count: object) -> str:
    return HIDDEN if pd.isna(count) else f"{int(count):,}"


def _grade_cells(rows: pd.DataFrame, scale: GradeScale) -> list[str]:
    of, audits = rows["of"].iloc[0], rows["audits"].iloc[0]
    bears = pd.notna(audits) and audits >= FEWEST_AUDITS_FOR_A_PERCENTAGE
    counts = [rows.at[grade, "n"] for grade in scale.grades]
    return [
        f"{_number(count)} ({percent(count / of)})" if bears and pd.notna(count) and count else _number(count)
        for count in counts
    ]


def _needs_rounding_note(rows: pd.DataFrame, scale: GradeScale) -> bool:
    counts, of = rows.loc[list(scale.grades), "n"], rows["of"].iloc[0]
    if counts.isna().any() or not of or rows["audits"].iloc[0] < FEWEST_AUDITS_FOR_A_PERCENTAGE:
        return False
    return sum(whole_percent(count / of) for count in counts) != whole_percent(1.0)


def points_of_praise(source: Source) -> list[Point]:
    """Say where most judgements were Good or better, where the best grade was given, and where nothing was Inadequate.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    list of Point
        Points; none where there is nothing of the kind, or it may not be shown.
    """
    points, best, clear = [], {}, []
    for trend, rows in _shown(source):
        grade, of = trend.scale.grades[0], int(rows["of"].iloc[0])
        if trend.scale.good and rows.at[GOOD_OR_BETTER, "n"] * 2 > of:
            points.append(Point(f"{_of_judgements(rows, GOOD_OR_BETTER)}.", lead=trend.title))
        if len(trend.scale.good) > 1 and rows.at[grade, "n"] > 0:
            best.setdefault(grade, []).append(f"{int(rows.at[grade, 'n']):,} of {of:,} in {trend.title}")
        if trend.scale.inadequate and rows.at[INADEQUATE, "n"] == 0 and of >= FEWEST_TO_PRAISE:
            clear.append(f"{trend.title} (of {of:,})")
    points += [Point(f"{listed(named)}.", lead=f"Judgements that were {grade}") for grade, named in best.items()]
    return [*points, Point(f"{listed(clear)}.", lead="No judgement Inadequate")] if clear else points


FEWEST_TO_PRAISE = 3
"""Judgements of a domain before it is said that none of them was Inadequate."""


def points_of_worry(source: Source) -> list[Point]:
    """Say in which domains more judgements were Inadequate than Good or better.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    list of Point
        A point for each such domain, with both numbers.
    """
    return [
        Point(f"{_of_judgements(rows, INADEQUATE)}, {_beside_them(rows)}.", lead=trend.title)
        for trend, rows in _shown(source)
        if _has_both_tails(trend) and rows.at[INADEQUATE, "n"] > rows.at[GOOD_OR_BETTER, "n"]
    ]


def has_both_tails(source: Source) -> bool:
    """Tell whether any domain that was graded can be Good as well as Inadequate.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    bool
        True if so.
    """
    return any(_has_both_tails(trend) for trend, _ in _shown(source))


def _has_both_tails(trend: DomainTrend) -> bool:
    return bool(trend.scale.good and trend.scale.inadequate)


def _beside_them(rows: pd.DataFrame) -> str:
    """How many were Good or better, which is fewer."""
    if not rows.at[GOOD_OR_BETTER, "n"]:
        return f"and none was {TAIL_TITLES[GOOD_OR_BETTER]}"
    return f"more than the {int(rows.at[GOOD_OR_BETTER, 'n']):,} that {_were(rows, GOOD_OR_BETTER)}"


def _shown(source: Source) -> Iterator[tuple[DomainTrend, pd.DataFrame]]:
    """The domains that were graded in the period and of which no number is hidden, with their counts."""
    for trend in source.standing:
        rows = _latest(trend)
        if len(rows) and rows["n"].notna().all() and rows["of"].iloc[0] > 0:
            yield trend, rows


def _of_judgements(rows: pd.DataFrame, tail: str) -> str:
    """How many judgements of how many were in a tail."""
    return f"{int(rows.at[tail, 'n']):,} of {counted(rows['of'].iloc[0], 'judgement')} {_were(rows, tail)}"


def _were(rows: pd.DataFrame, tail: str) -> str:
    """That so many were in a tail, with the share where enough audits stand behind it."""
    bears = rows["audits"].iloc[0] >= FEWEST_AUDITS_FOR_A_PERCENTAGE
    share = f" ({percent(rows.at[tail, 'share'])})" if bears else ""
    return f"{were(rows.at[tail, 'n'])} {TAIL_TITLES[tail]}{share}"


def what_changed(source: Source) -> Section | None:
    """Say what changed over all domains, and what the changes bear.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        Sentences, and for a quarter the table of changes; None where nothing can be compared.
    """
    trends = source.trends
    sentences = headlines.describe_year(trends) if trends else []
    if not sentences:
        return None
    if source.unit == "month":
        note = "One month says little about change; the quarterly brief compares quarters."
        return Section("changes", _CHANGES, (*map(Paragraph, sentences), Paragraph(note, quiet=True)))
    sentences += headlines.describe_directions(trends)
    sentences += [
        sentence for sentence in [headlines.describe_mixes(trends), *narrative.describe_types(trends)] if sentence
    ]
    parts: list[Part] = [Paragraph(sentence) for sentence in sentences]
    if source.unit == "quarter":
        parts += _changes_table(source)
    parts.append(Paragraph(headlines.describe_comparisons(trends), quiet=True))
    return Section("changes", _CHANGES, tuple(parts))


_CHANGES = "What changed, and what the numbers support"


def _changes_table(source: Source) -> list[Part]:
    """The last graded quarter beside this one, domain by domain."""
    compared = []
    for trend in source.trends:
        changes = trend.changes[trend.changes["comparison"] == "step"]
        compared += [(trend, changes, changes["since"].iloc[0])] if len(changes) else []
    if not compared:
        return []
    usual = max(since for _, _, since in compared)
    rows, notes = [], []
    for trend, changes, since in compared:
        by_tail = {row["grade"]: row for _, row in changes.iterrows()}
        marks = {tail: "*" * source.is_restated(trend.domain, since, tail) for tail in by_tail}
        cells = [_from_to(by_tail[tail], marks[tail]) if tail in by_tail else HIDDEN for tail in TAILS]
        when = "" if since == usual else f" (since {trend.title_of(since)})"
        rows.append((f"{trend.title}{when}", *cells, read_comparison(changes)))
        notes += ["An asterisk marks a figure that is not as the last report had it."] * any(marks.values())
        notes += [f"{HIDDEN} stands for a hidden number."] * (HIDDEN in cells)
    head = ("Domain", *TAIL_TITLES.values(), "What the numbers support")
    caption = f"{source.when} beside {source.title_of(usual)}"
    return [BriefTable(caption, head, tuple(rows), " ".join(dict.fromkeys(notes)), of_words=True)]


def _from_to(row: pd.Series, mark: str) -> str:
    before, after = (f"{row[f'n_{when}']:,} of {row[f'of_{when}']:,}" for when in ("since", "until"))
    if bears_percentages(row):
        shares = [percent(row[f"n_{when}"] / row[f"of_{when}"]) for when in ("since", "until")]
        before, after = f"{before} ({shares[0]})", f"{after} ({shares[1]})"
    return f"{before}{mark}, then {after}"


def position_of(trend: DomainTrend, when: str) -> list[Part]:
    """Say where a domain stands in the period.

    Parameters
    ----------
    trend
        The domain in the period (`source.Source.standing`).
    when
        The period in words.

    Returns
    -------
    list of Part
        A paragraph.
    """
    if trend.is_shared or trend.tail(GOOD_OR_BETTER).loc[trend.latest, "of"]:
        said = narrative.describe_position(trend)
        return [Paragraph(said.replace(trend.title_of(trend.latest), when, 1))]
    return [Paragraph(f"Nothing was graded in this domain in {when}.")]


def course_over_the_year(trend: DomainTrend, *, is_first: bool) -> list[Part]:
    """Say how a domain changed over the year, with the chart of its quarters.

    Parameters
    ----------
    trend
        The domain's quarters.
    is_first
        Whether it is the first of several, which says how such charts are read.

    Returns
    -------
    list of Part
        A paragraph where anything can be compared, and a figure.
    """
    over_the_year = trend.changes[trend.changes["comparison"] == "year"]
    change = narrative.describe_change(replace(trend, changes=over_the_year))
    parts: list[Part] = [Paragraph(f"{BY_QUARTER}{change}")] if change else []
    caption = f"{trend.title}: Good or better and Inadequate, by quarter"
    note = INTERVAL_NOTE if is_first and trend.choice.rung == DOTS else ""
    if is_first and len(trend.published):
        note = f"{note} Diamonds are the shares as published.".lstrip()
    return [*parts, BriefFigure(caption, draw_trend(trend), note, share_of_width=_SMALL)]


BY_QUARTER = "Quarter beside quarter. "
"""Before a sentence that is of two quarters, and stands beside one of the whole year."""


_SMALL = 0.75
"""How much of the width a chart takes of which there is one for each domain."""
