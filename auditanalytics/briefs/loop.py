"""Sections on what surrounds the grades: returns, feedback, next steps, restated figures, links, what is not shown."""

import pandas as pd

from auditanalytics.briefs.model import BriefTable, Paragraph, Part, Point, Points, Section
from auditanalytics.briefs.source import Source
from auditanalytics.english import counted, listed
from auditanalytics.quarters import parse_month, period_short_title
from auditanalytics.reporting.fragments import CAUTION_OF_THEMES, describe_returned_for_sharing
from auditanalytics.reporting.headlines import CAUTION_OF_CASES, CAUTION_OF_HIDDEN, cautions, describe_returns
from auditanalytics.reporting.restatements import describe_changes, restated_points
from auditanalytics.reporting.wording import percent

WHO_TITLES = {
    "child": "Children and young people",
    "parent": "Parents and carers",
    "professional": "Professionals",
    "other": "Others",
}
"""What people call those who gave feedback, in the order of a brief."""


def returned(source: Source) -> str:
    """Say how many audits came back, of how many expected.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    str
        A sentence.
    """
    expected, number = source.rate["expected"], int(source.rate["returned"])
    if not number and not pd.isna(expected):
        return f"None of the {counted(expected, 'audit')} expected for {source.when} was returned."
    if not number:
        return f"No audit was returned for {source.when}."
    hidden = (
        describe_returned_for_sharing(source.returns, source.period, source.when) if source.returns.is_shared else ""
    )
    return hidden or describe_returns(0 if pd.isna(expected) else expected, number, source.when)


def return_rates_by_month(source: Source) -> Section | None:
    """Give how many audits came back in each month, or in each quarter of a year.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        A table; None in a brief for sharing.
    """
    if source.returns.is_shared:
        return None
    finer = "month" if source.unit == "quarter" else "quarter"
    rows = source.rates[source.rates["unit"] == finer]
    if finer == "month":
        rows = rows[[parse_month(name).asfreq(source.span.freq) == source.span for name in rows["period"]]]
    titles = [
        period_short_title(parse_month(name)) if finer == "month" else source.title_of(name) for name in rows["period"]
    ]
    cells = [(title, *_rate(row)) for title, (_, row) in zip(titles, rows.iterrows(), strict=True)]
    cells.append((f"All of {source.when}", *_rate(source.rate)))
    caption = f"Audits returned, {finer} by {finer}"
    head = (finer.capitalize(), "Expected", "Returned", "Share")
    return Section("returns", "What came back", (BriefTable(caption, head, tuple(cells)),))


def _rate(row: pd.Series) -> tuple[str, str, str]:
    unknown = "not known" if row["returned"] else "none"
    expected = unknown if pd.isna(row["expected"]) else f"{int(row['expected']):,}"
    return expected, f"{int(row['returned']):,}", "" if pd.isna(row["share"]) else percent(row["share"])


def feedback(source: Source) -> Section | None:
    """Give the scores that children, parents and professionals gave, each on its own scale.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        A table; None where nobody gave feedback, and in a brief for sharing.
    """
    if source.returns.is_shared or source.feedback.empty:
        return None
    rows = []
    for who, title in WHO_TITLES.items():
        given = source.feedback[source.feedback["who"] == who]
        if len(given):
            rows.append((title, "; ".join(_score(row) for row in given.to_dict("records"))))
    caption = f"Scores that were given in {source.when}"
    note = "Each score is one person's, on the scale they were given; scores are neither averaged nor put together."
    table = BriefTable(caption, ("Who", "Scores"), tuple(rows), note, of_words=True)
    return Section("feedback", "Scores from children, parents and professionals", (table,))


def _score(row: dict[str, float]) -> str:
    times = f" ({counted(row['n'], 'time')})" if row["n"] > 1 else ""
    if pd.isna(row["score"]):
        return f"no score recorded{times}"
    scale = ", of a scale that is not given" if pd.isna(row["scale"]) else f" of {row['scale']:g}"
    return f"{row['score']:g}{scale}{times}"


def tracked_actions(source: Source) -> Section | None:
    """Say what became of the next steps, those of the quarter before first.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        A sentence and a table; None where no next step was written, and in a brief for sharing.
    """
    if source.returns.is_shared or not (source.actions["actions"] > 0).any():
        return None
    rows = source.actions[source.actions["actions"] > 0]
    earlier = rows[rows["quarter"] < source.through]
    parts: list[Part] = [Paragraph(_followed(earlier.iloc[-1], source))] if len(earlier) else []
    head = ("Quarter", "Next steps", "Completed", "of them late", "Overdue", "Not yet due", "No date")
    cells = tuple((source.title_of(row.quarter), *[f"{number:,}" for number in row[2:]]) for row in rows.itertuples())
    caption = f"Next steps by the quarter of their audit, at the end of {source.title_of(source.through)}"
    note = "Overdue: not completed by then, and due by then. What was completed later was not completed then."
    return Section("actions", "What became of the next steps", (*parts, BriefTable(caption, head, cells, note)))


def _followed(row: pd.Series, source: Source) -> str:
    """What became of the next steps of one quarter; every number is one of the table's."""
    late = f" ({int(row['completed_late']):,} of them late)" if row["completed_late"] else ""
    words = {
        "completed": f"completed{late}",
        "overdue": "overdue",
        "not_yet_due": "not yet due",
        "without_date": "open without a date",
    }
    states = [f"{int(row[state]):,} {said}" for state, said in words.items() if row[state]]
    return f"Next steps from {source.title_of(row['quarter'])}: {int(row['actions']):,}, of them {listed(states)}."


def since_last_report(source: Source) -> Section | None:
    """Say what changed since the last report, and which figures are restated.

    Parameters
    ----------
    source
        What the brief is made from.

    Returns
    -------
    Section or None
        Sentences and points; None in a brief for sharing.
    """
    if source.returns.is_shared:
        return None
    framework = source.returns.framework
    parts: list[Part] = [Paragraph(sentence) for sentence in describe_changes(source.changes, framework)]
    points = [Point(text) for text in restated_points(source.changes, framework)]
    if points:
        parts.append(Points(tuple(points[:MOST_RESTATED])))
    if len(points) > MOST_RESTATED:
        parts.append(Paragraph("The table restated.csv of the report has the others.", quiet=True))
    return Section("since", "What changed since the last report", tuple(parts))


MOST_RESTATED = 12
"""Restated figures that a brief lists, those of the last quarter first."""


def links(source: Source, themes: list[str]) -> Section | None:
    """List the links to learning of themes, and those of every brief.

    Parameters
    ----------
    source
        What the brief is made from.
    themes
        The ids of the themes that the brief speaks of.

    Returns
    -------
    Section or None
        Points; None where there are no links.
    """
    table = source.returns.links
    wanted = table[table["theme"].isna() | table["theme"].isin(themes)]
    order = {theme: number for number, theme in enumerate(themes)}
    wanted = wanted.sort_values("theme", key=lambda ids: ids.map(order), na_position="last", kind="stable")
    points = [
        Point(row.title, lead="" if pd.isna(row.theme) else source.returns.themes[row.theme], address=row.address)
        for row in wanted.itertuples()
    ]
    return Section("links", "Links to learning", (Points(tuple(points)),)) if points else None


def not_shown(source: Source, *, of_grades: bool = True, charted: bool = False) -> Section:
    """Say what nobody may conclude from the brief.

    Parameters
    ----------
    source
        What the brief is made from.
    of_grades
        Whether the brief says anything of grades.
    charted
        Whether it has charts of periods beside each other.

    Returns
    -------
    Section
        Points.
    """
    said = ["Anything about practice: no audit stands behind this brief."]
    if source.has_audits:
        said = cautions(source.trends, charted=charted) if of_grades else []
        said = said or [CAUTION_OF_CASES]
        said += [CAUTION_OF_HIDDEN] if source.returns.is_shared and not of_grades else []
        said += [CAUTION_OF_THEMES] if len(source.themes) else []
    parts = (Paragraph("From this brief alone nobody may conclude:"), Points(tuple(Point(text) for text in said)))
    return Section("not-shown", "What this brief does not show", parts)
