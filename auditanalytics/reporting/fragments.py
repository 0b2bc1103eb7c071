"""What a cell of a notebook shows: pieces of a page, escaped, with their proof of origin.

A notebook calls one function a cell and shows what it returns. Every piece is made by a template that escapes
whatever it is given, and carries a mark by which the page builder knows it; anything else that a cell prints is
refused there. The last piece of a notebook also says which run it belongs to and how much it was made from.
"""

import base64
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from auditanalytics.coverage import coverage
from auditanalytics.grades import GOOD_OR_BETTER, TAILS
from auditanalytics.quarters import month_title, parse_quarter, quarter_short_title, quarter_title
from auditanalytics.reporting import narrative
from auditanalytics.reporting.charts import MOST_LABELLED, draw_overview, draw_trend
from auditanalytics.reporting.wording import percent
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import FEWEST_AUDITS_FOR_A_PERCENTAGE, DomainTrend

FRAGMENT = "application/vnd.auditanalytics.fragment+json"
"""The kind of output by which the page builder knows a piece that this module made."""


@dataclass(frozen=True)
class Fragment:
    """A piece of a page.

    Attributes
    ----------
    html
        The piece, escaped.
    text
        The piece for those who see no HTML.
    proof
        What the last piece of a notebook says of the run that it belongs to.
    """

    html: str
    text: str
    proof: dict[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.text, FRAGMENT: self.proof}


@cache
def templates() -> Environment:
    """Give the templates, with escaping on and every undefined name an error."""
    environment = Environment(
        loader=PackageLoader("auditanalytics.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    environment.globals["tails"] = [(tail, narrative.TAIL_TITLES[tail]) for tail in TAILS]
    environment.globals["fewest"] = FEWEST_AUDITS_FOR_A_PERCENTAGE
    environment.filters["data_uri"] = lambda svg: f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    return environment


def render(template: str, **values: object) -> str:
    """Fill a template.

    Parameters
    ----------
    template
        The name of its file, without the ending.
    **values
        What it shows.

    Returns
    -------
    str
        HTML.
    """
    return templates().get_template(f"{template}.html.j2").render(**values)


def show_position(trend: DomainTrend) -> Fragment:
    """Show where a domain stands in the quarter that is reported.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    Fragment
        One or two sentences.
    """
    sentences = [narrative.describe_position(trend), narrative.compare_with_published(trend)]
    return paragraphs([sentence for sentence in sentences if sentence], lead=True)


def paragraphs(sentences: list[str], *, lead: bool = False) -> Fragment:
    """Show sentences, each a paragraph.

    Parameters
    ----------
    sentences
        The sentences.
    lead
        Whether the first is what the page says above all.

    Returns
    -------
    Fragment
        The paragraphs.
    """
    return Fragment(render("paragraphs", sentences=sentences, lead=lead), " ".join(sentences))


def show_trend(trend: DomainTrend) -> Fragment:
    """Show a domain's chart with the table of its numbers.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    Fragment
        A figure and a table.
    """
    caption = f"{trend.title}: Good or better and Inadequate, by quarter"
    figure = render("figure", chart=draw_trend(trend), caption=caption, notes=_chart_notes(trend))
    table = render(
        "trend-table",
        caption=f"{caption}: the numbers",
        trend=trend,
        rows=_trend_rows(trend),
        few=_has_few([trend.tail(GOOD_OR_BETTER)]),
    )
    return Fragment(figure + table, narrative.describe_chart(trend))


_INTERVAL_NOTE = (
    "Each mark is the share of graded judgements; its bar is the 95% interval, which allows for several judgements "
    "coming from the same audit."
)
_PUBLISHED_NOTE = "Shares as published. A published table gives no number of audits, so no interval can be drawn."


def _chart_notes(trend: DomainTrend) -> list[str]:
    if not trend.has_returns:
        return [_PUBLISHED_NOTE]
    published = "Diamonds are the shares as published." if len(trend.published) else ""
    return [note for note in (_INTERVAL_NOTE, published, narrative.describe_coverage(trend)) if note]


def _overview_notes(trends: list[DomainTrend]) -> list[str]:
    notes = [_INTERVAL_NOTE] if any(trend.has_returns for trend in trends) else [_PUBLISHED_NOTE]
    if len(trends[0].quarters) > MOST_LABELLED:
        notes.append(f"The last {MOST_LABELLED} quarters; the page of each domain shows all.")
    part = narrative.describe_part_quarters(trends[0].last(MOST_LABELLED))
    return [*notes, part] if part else notes


def _cells(points: pd.DataFrame, quarter: str) -> dict[str, Any]:
    """One point as a template takes it, with None in place of what is missing."""
    return {name: None if pd.isna(value) else value for name, value in points.loc[quarter].items()}


def _has_few(points: list[pd.DataFrame]) -> bool:
    """Whether any share has too few audits behind it for a percentage."""
    return any(bool((~each["bears_percentage"] & each["share"].notna()).any()) for each in points)


def _trend_rows(trend: DomainTrend) -> list[dict[str, Any]]:
    points = {tail: trend.tail(tail) for tail in TAILS}
    return [
        {
            "quarter": quarter_short_title(parse_quarter(quarter, calendar=trend.calendar)),
            "part": quarter in trend.months_missing,
            **{tail: _cells(points[tail], quarter) for tail in TAILS},
        }
        for quarter in trend.quarters
    ]


def show_grades(trend: DomainTrend) -> Fragment:
    """Show how often each grade was given, quarter by quarter, also those nobody received.

    Parameters
    ----------
    trend
        A domain's quarters.

    Returns
    -------
    Fragment
        A table; a sentence where only shares were published.
    """
    if not trend.has_returns:
        return paragraphs(["A published table does not say how often each grade was given."])
    rows = trend.grades[~trend.grades["grade"].isin(TAILS)]
    grades = list(rows["grade"].unique())
    counts = rows.pivot(index="quarter", columns="grade", values="n")
    ungraded = trend.ungraded.set_index("quarter")
    table = [
        {
            "quarter": quarter_short_title(parse_quarter(quarter, calendar=trend.calendar)),
            "counts": [int(counts.at[quarter, grade]) for grade in grades],
            "not_graded": int(ungraded.at[quarter, "not_graded"]),
            "not_counted": int(ungraded.at[quarter, "not_counted"]),
        }
        for quarter in trend.quarters
    ]
    html = render("grades-table", caption=f"{trend.title}: judgements at each grade", grades=grades, rows=table)
    return Fragment(html, f"{trend.title}: judgements at each grade, by quarter")


def show_overview(trends: list[DomainTrend]) -> Fragment:
    """Show every domain on one scale.

    Parameters
    ----------
    trends
        The quarters of each domain.

    Returns
    -------
    Fragment
        A figure.
    """
    caption = "Every domain: Good or better and Inadequate, by quarter"
    html = render("figure", chart=draw_overview(trends), caption=caption, notes=_overview_notes(trends))
    return Fragment(html, caption)


def show_summary(trends: list[DomainTrend], *, linked: Collection[str] = ()) -> Fragment:
    """Show the reported quarter of every domain as one table.

    Parameters
    ----------
    trends
        The quarters of each domain.
    linked
        The ids of the domains whose name leads to their page.

    Returns
    -------
    Fragment
        A table.
    """
    when = quarter_title(parse_quarter(trends[0].quarter, calendar=trends[0].calendar))
    rows = [
        {"title": trend.title, "domain": trend.domain}
        | {tail: _cells(trend.tail(tail), trend.quarter) for tail in TAILS}
        for trend in trends
    ]
    few = _has_few([trend.tail(GOOD_OR_BETTER).loc[[trend.quarter]] for trend in trends])
    html = render("summary-table", caption=f"Every domain in {when}", rows=rows, linked=linked, few=few)
    return Fragment(html, f"Every domain in {when}")


def describe_returned(months: pd.DataFrame, when: str) -> str:
    """Say how many audits came back; the rate only where each month with audits has an expected number.

    Parameters
    ----------
    months
        Months, from `coverage.coverage`.
    when
        What the months are together.

    Returns
    -------
    str
        A sentence.
    """
    has_rate = months.loc[months["returned"] > 0, "expected"].notna().all()
    return narrative.describe_returns(months["expected"].sum() if has_rate else 0, months["returned"].sum(), when)


_MOST_MONTHS = 24


def month_strip(returns: AuditReturns, quarter: str) -> tuple[list[dict[str, Any]], str]:
    """Give the months as the strip of months shows them, and the sentence under it.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The quarter that is reported.

    Returns
    -------
    tuple
        A record for every month, and the sentence.
    """
    months = coverage(returns, through=quarter)
    note = describe_returned(months, "the quarters shown")
    if len(months) > _MOST_MONTHS:
        months, note = months.tail(_MOST_MONTHS), f"The strip shows the last {_MOST_MONTHS} months. {note}"
    strip = [
        {
            "name": month_title(row.month, short=True),
            "year": row.month.year,
            "returned": int(row.returned),
            "note": f"of {int(row.expected)}" if pd.notna(row.expected) else "returned",
            "reported": row.quarter == quarter,
        }
        for row in months.itertuples()
    ]
    return strip, f"{note} The reported quarter is outlined."


def close_page(returns: AuditReturns, trends: list[DomainTrend], *, run: str = "") -> Fragment:
    """Say what may not be concluded, and prove that the notebook came to its end.

    Parameters
    ----------
    returns
        The audit returns the page was made from.
    trends
        What the page showed.
    run
        The run that asked for the page; "" in JupyterLab.

    Returns
    -------
    Fragment
        A list, and the proof.
    """
    points = narrative.cautions(trends)
    proof = {"run": run, "audits": len(returns.audits), "judgements": len(returns.judgements)}
    return Fragment(render("points", points=points), " ".join(points), proof)
