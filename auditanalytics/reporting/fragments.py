"""What a cell of a notebook shows: pieces of a page, escaped, with their proof of origin.

A notebook calls one function a cell and shows what it returns. Every piece is made by a template that escapes
whatever it is given, and carries a mark by which the page builder knows it; anything else that a cell prints is
refused there. The last piece of a notebook also says which run it belongs to and how much it was made from.
"""

import base64
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from auditanalytics.coverage import coverage
from auditanalytics.english import as_sentence, counted
from auditanalytics.grades import TAILS
from auditanalytics.intervals import FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.months import month_title
from auditanalytics.reporting.headlines import cautions, describe_returns
from auditanalytics.reporting.wording import HIDDEN, TAIL_TITLES, chance, limit_in_points, percent, signed_points
from auditanalytics.returns import AuditReturns
from auditanalytics.sharing import few_children, returned_may_be_shown
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
    environment.filters["percent"] = percent
    environment.filters["points"] = signed_points
    environment.filters["chance"] = chance
    environment.filters["limit"] = limit_in_points
    environment.filters["sentence"] = as_sentence
    environment.globals["tails"] = [(tail, TAIL_TITLES[tail]) for tail in TAILS]
    environment.globals["hidden"] = HIDDEN
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


def plain_table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Collection[str] = (),
    note: str = "",
    style: str = "",
) -> str:
    """Lay out a table of words and numbers.

    Parameters
    ----------
    caption
        What it is of.
    heads
        The heads of its columns.
    rows
        The cells of each row, as they are shown; the first names the row.
    numbers
        The heads of the columns that hold numbers.
    note
        What stands under it.
    style
        ``prose`` where the names of the rows may wrap on paper, ``pseudonyms`` where they never may.

    Returns
    -------
    str
        HTML; "" where there is no row.
    """
    shown = [list(row) for row in rows]
    if not shown:
        return ""
    return render("plain-table", caption=caption, heads=heads, rows=shown, numbers=numbers, note=note, style=style)


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
    return describe_returns(months["expected"].sum() if has_rate else 0, months["returned"].sum(), when)


def describe_returned_for_sharing(returns: AuditReturns, quarter: str, when: str) -> str:
    """Say how many audits came back, as far as it may be shared.

    Parameters
    ----------
    returns
        Audit returns for sharing.
    quarter, when
        The quarter, and the same in words.

    Returns
    -------
    str
        A sentence; "" where there is nothing to hide.
    """
    policy, number = returns.disclosure_policy, int((returns.audits["quarter"] == quarter).sum())
    if not number or returned_may_be_shown(returns, quarter):
        return ""
    if policy.is_small(number):
        return f"Fewer than {policy.threshold} audits were returned for {when}."
    if few_children(returns, quarter):
        return f"The audits returned for {when} are of fewer than {policy.threshold} children."
    return f"About {counted(policy.rounded(number), 'audit')} were returned for {when}."


def for_internal_use(instead: str) -> Callable[[Callable[..., Fragment]], Callable[..., Fragment]]:
    """Keep what speaks of single rows, audits or people out of reports for sharing, whichever notebook asks for it.

    Parameters
    ----------
    instead
        The sentence that a report for sharing shows in its place.

    Returns
    -------
    Callable
        A decorator of functions that show something of returns, which they take first.
    """

    def decorate(show: Callable[..., Fragment]) -> Callable[..., Fragment]:
        @wraps(show)
        def shown(returns: AuditReturns, **options: Any) -> Fragment:
            return paragraphs([instead]) if returns.is_shared else show(returns, **options)

        return shown

    return decorate


CAUTION_OF_THEMES = (
    "That a theme which nobody named is well, or was looked at: comments hold what an auditor chose to write, and what "
    "the codebook has no words for carries no theme."
)

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
    if returns.is_shared:  # months that add up to a quarter would tell what is hidden of it
        note = "How many is not shown month by month."
    strip = [
        {
            "name": month_title(row.month, short=True),
            "year": row.month.year,
            "has_audits": row.returned > 0,
            "reported": row.quarter == quarter,
        }
        | _number_of_month(row, shared=returns.is_shared)
        for row in months.itertuples()
    ]
    return strip, f"{note} The reported quarter is outlined."


def _number_of_month(row: Any, *, shared: bool) -> dict[str, Any]:
    if shared:
        return {"returned": "some" if row.returned > 0 else "none", "note": "returned"}
    return {
        "returned": int(row.returned),
        "note": f"of {int(row.expected)}" if pd.notna(row.expected) else "returned",
    }


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
    points = [*cautions(trends), *([CAUTION_OF_THEMES] if len(returns.coded) else [])]
    return last_piece(returns, points, run=run)


def last_piece(returns: AuditReturns, points: list[str], *, run: str) -> Fragment:
    """End a page with a list, and the proof that its notebook came to its end and from which returns.

    Parameters
    ----------
    returns
        The audit returns the page was made from.
    points
        What stands in the list.
    run
        The run that asked for the page; "" in JupyterLab.

    Returns
    -------
    Fragment
        The list, and the proof.
    """
    return Fragment(render("points", points=points), " ".join(points), proof_of(returns, run=run))


def proof_of(returns: AuditReturns, *, run: str) -> dict[str, Any]:
    """Say to which run a notebook belongs, and how much it was made from.

    Parameters
    ----------
    returns
        The audit returns it was made from.
    run
        The run that asked for it; "" in JupyterLab.

    Returns
    -------
    dict
        What its last piece carries.
    """
    return {"run": run, "audits": len(returns.audits), "judgements": len(returns.judgements)}
