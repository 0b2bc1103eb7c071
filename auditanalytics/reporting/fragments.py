"""What a cell of a notebook shows: pieces of a page, escaped, with their proof of origin.

A notebook calls one function a cell and shows what it returns. Every piece is made by a template that escapes
whatever it is given, and carries a mark by which the page builder knows it; anything else that a cell prints is
refused there. The last piece of a notebook also says which run it belongs to and how much it was made from.
"""

import base64
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from auditanalytics.grades import TAILS
from auditanalytics.quarters import parse_quarter, quarter_short_title, quarter_title
from auditanalytics.reporting import narrative
from auditanalytics.reporting.charts import MOST_LABELLED, draw_overview, draw_trend
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import DomainTrend

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
    environment.filters["percent"] = narrative.percent
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
    return _paragraphs([sentence for sentence in sentences if sentence], lead=True)


def _paragraphs(sentences: list[str], *, lead: bool = False) -> Fragment:
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
    figure = render("figure", chart=draw_trend(trend), caption=caption, notes=_chart_notes(trend, published=True))
    table = render(
        "trend-table",
        caption=f"{caption}: the numbers",
        trend=trend,
        rows=_trend_rows(trend),
        tails=[(tail, narrative.TAIL_TITLES[tail]) for tail in TAILS],
        fewest=narrative.FEWEST_AUDITS_FOR_A_PERCENTAGE,
    )
    return Fragment(figure + table, narrative.describe_chart(trend))


def _chart_notes(trend: DomainTrend, *, published: bool) -> list[str]:
    if not trend.has_returns:
        return ["Shares as published. A published table gives no number of audits, so no interval can be drawn."]
    notes = [
        "Each dot is the share of graded judgements; its bar is the 95% interval, which allows for several "
        "judgements coming from the same audit."
    ]
    if published and len(trend.published):
        notes.append("Diamonds are the shares as published.")
    return [*notes, narrative.describe_coverage(trend)] if narrative.describe_coverage(trend) else notes


def _trend_rows(trend: DomainTrend) -> list[dict[str, Any]]:
    points = {tail: trend.tail(tail) for tail in TAILS}
    rows = []
    for quarter in trend.quarters:
        row: dict[str, Any] = {
            "quarter": quarter_short_title(parse_quarter(quarter, calendar=trend.calendar)),
            "part": quarter in trend.months_missing,
        }
        for tail in TAILS:
            row[tail] = {name: None if pd.isna(value) else value for name, value in points[tail].loc[quarter].items()}
        rows.append(row)
    return rows


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
        return _paragraphs(["A published table does not say how often each grade was given."])
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
    chart, notes = draw_overview(trends), _chart_notes(trends[0].last(MOST_LABELLED), published=False)
    if len(trends[0].quarters) > MOST_LABELLED:
        notes.insert(0, f"The last {MOST_LABELLED} quarters; the page of each domain shows all.")
    caption = "Every domain: Good or better and Inadequate, by quarter"
    return Fragment(render("figure", chart=chart, caption=caption, notes=notes), caption)


def show_summary(trends: list[DomainTrend], *, links: bool = False) -> Fragment:
    """Show the reported quarter of every domain as one table.

    Parameters
    ----------
    trends
        The quarters of each domain.
    links
        Whether each domain links to its page.

    Returns
    -------
    Fragment
        A table.
    """
    quarter = trends[0].quarter
    when = quarter_title(parse_quarter(quarter, calendar=trends[0].calendar))
    rows = [
        {
            "title": trend.title,
            "domain": trend.domain,
            **{
                tail: {name: None if pd.isna(value) else value for name, value in trend.tail(tail).loc[quarter].items()}
                for tail in TAILS
            },
        }
        for trend in trends
    ]
    html = render(
        "summary-table",
        caption=f"Every domain in {when}",
        rows=rows,
        links=links,
        tails=[(tail, narrative.TAIL_TITLES[tail]) for tail in TAILS],
        fewest=narrative.FEWEST_AUDITS_FOR_A_PERCENTAGE,
    )
    return Fragment(html, f"Every domain in {when}")


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
    points = narrative.cautions(
        any(trend.has_returns for trend in trends),
        any(trend.months_missing for trend in trends),
        any(len(trend.published) for trend in trends),
    )
    proof = {"run": run, "audits": len(returns.audits), "judgements": len(returns.judgements)}
    return Fragment(render("points", points=points), " ".join(points), proof)
