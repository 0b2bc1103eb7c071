"""Pages: executed notebooks and the index, as HTML that needs nothing else.

A page shows the prose of a notebook and the pieces that `fragments` made, and no more: no code, no script, no outside
reference. A cell that printed anything else, a data frame say, may have printed a name, so there is no page.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from auditanalytics.coverage import coverage
from auditanalytics.english import counted, listed
from auditanalytics.errors import PrivacyError
from auditanalytics.grades import TAILS
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reporting import descriptions, headlines, narrative
from auditanalytics.reporting.domains import show_overview, show_summary
from auditanalytics.reporting.fragments import (
    FRAGMENT,
    describe_returned,
    describe_returned_for_sharing,
    month_strip,
    render,
)
from auditanalytics.reporting.moderation_sentences import GRADE_OF_RECORD
from auditanalytics.reporting.sanitised import sanitised
from auditanalytics.reporting.wording import HIDDEN, accounted
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import Table
from auditanalytics.trends import DomainTrend

BRIEF_PAGE, BRIEF_IN_WORD, BRIEF_AS_PDF = "brief.html", "brief.docx", "brief.pdf"
"""The files of the learning brief of the quarter."""


@dataclass(frozen=True)
class Link:
    """A page of the report, as others point to it."""

    href: str
    title: str


@dataclass(frozen=True)
class Page:
    """What surrounds the content of a page.

    Attributes
    ----------
    href, title
        Its file and its title.
    report
        What the whole report is called.
    links
        All pages of the report.
    provenance
        What the report was made from.
    subject
        What a notebook that serves several subjects is about on this page.
    notice
        What a reader must know before anything else.
    """

    href: str
    title: str
    report: str
    links: list[Link] = field(default_factory=list)
    provenance: str = ""
    subject: str = ""
    notice: str = ""


@cache
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(
        template_name="page",
        extra_template_basedirs=[str(Path(__file__).parent / "templates")],
        extra_template_paths=[str(Path(__file__).parent / "templates")],
        exclude_anchor_links=True,
    )
    exporter.environment.autoescape = True
    exporter.register_filter("sanitised", sanitised)
    return exporter


def export_page(notebook: NotebookNode, page: Page) -> str:
    """Make the page of an executed notebook.

    Parameters
    ----------
    notebook
        An executed notebook.
    page
        What surrounds its content.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    PrivacyError
        If a cell shows anything that this library did not make; the sentence names the cell, never what it shows.
    """
    _check_pieces(notebook, page)
    html, _ = _exporter().from_notebook_node(notebook, resources={"page": page, "fragment": FRAGMENT})
    return str(html)


def shown_pieces(notebook: NotebookNode, page: Page) -> str:
    """Give what the cells of an executed notebook show, without its prose and all that surrounds a page.

    Parameters
    ----------
    notebook
        An executed notebook.
    page
        The page it is for.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    PrivacyError
        If a cell shows anything that this library did not make.
    """
    _check_pieces(notebook, page)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.data["text/html"] for output in outputs if FRAGMENT in output.get("data", {}))


def _check_pieces(notebook: NotebookNode, page: Page) -> None:
    """Refuse a notebook that shows anything which this library did not make."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                continue  # warnings of libraries; never shown
            if FRAGMENT not in output.get("data", {}):
                raise PrivacyError(
                    f"cell {number} of the notebook for {page.href} shows {_kind(output)}; a page shows "
                    "only what the functions of auditanalytics return"
                )


def _kind(output: NotebookNode) -> str:
    return "printed text" if output.output_type == "stream" else "a value of its own"


def index_page(returns: AuditReturns, trends: list[DomainTrend], page: Page, tables: list[Table]) -> str:
    """Make the first page of a report: coverage, headline, where each domain stands, and the way to the rest.

    Parameters
    ----------
    returns
        Audit returns.
    trends
        The quarters of each domain.
    page
        What surrounds its content.
    tables
        The tables that are published with it.

    Returns
    -------
    str
        HTML.
    """
    quarter = trends[0].quarter
    strip, note = month_strip(returns, quarter) if len(returns.audits) else ([], "")
    headline, sentences = _headline(returns, trends)
    linked = [trend.domain for trend in trends if f"domain-{trend.domain}.html" in {link.href for link in page.links}]
    return render(
        "index",
        page=page,
        headline=headline,
        sentences=sentences,
        months=strip,
        coverage_note=note,
        summary=show_summary(trends, linked=linked).html,
        overview=show_overview(trends).html,
        tables=tables,
        brief=BRIEF_PAGE,
        brief_as={"docx": BRIEF_IN_WORD, "pdf": BRIEF_AS_PDF},
        cautions=headlines.cautions(trends),
        accounting=_describe_accounting(returns, trends),
    )


def describe_audience(returns: AuditReturns) -> list[str]:
    """Say on every page that a report is for sharing, and what that means.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    list of str
        One sentence, or none where the report is internal.
    """
    if not returns.is_shared:
        return []
    policy = returns.disclosure_policy
    rounded = f" The others are rounded to the nearest {policy.round_to}." if policy.round_to else ""
    return [
        f"For sharing: numbers that stand for fewer than {policy.threshold} children, and those from which they could "
        f"be worked out, are hidden and written {HIDDEN}.{rounded}"
    ]


def _headline(returns: AuditReturns, trends: list[DomainTrend]) -> tuple[str, list[str]]:
    if not any(trend.has_returns for trend in trends):
        return (
            "These are shares as they were published. No returns were read, so no share can be checked, and no "
            "interval drawn."
        ), []
    when = period_title(parse_quarter(trends[0].quarter, calendar=trends[0].calendar))
    part = descriptions.describe_part_quarters(trends[0].last(1))
    sentences = [*headlines.describe_year(trends), headlines.describe_mixes(trends), *narrative.describe_types(trends)]
    sentences += ["" if returns.is_shared else _describe_losses(returns), part]
    sentences.append(" ".join(filter(None, (headlines.describe_range(trends, tail) for tail in TAILS))))
    sentences.append(headlines.describe_uncertainty(trends))
    months = coverage(returns, through=trends[0].quarter)
    of_quarter = months[months["quarter"] == trends[0].quarter]
    headline = describe_returned_for_sharing(returns, trends[0].quarter, when) if returns.is_shared else ""
    return headline or describe_returned(of_quarter, when), list(filter(None, sentences))


def _describe_losses(returns: AuditReturns) -> str:
    """What came back and is in no number, said before the numbers."""
    uncounted = int((returns.judgements["outcome"] == "not counted").sum())
    lost = [
        counted(number, noun)
        for number, noun in ((returns.rejected_audits, "audit"), (uncounted, "written grade"))
        if number
    ]
    if not lost:
        return ""
    return f"Beside these, {listed(lost)} came back in a way that could not be counted: see problems.csv."


def _describe_accounting(returns: AuditReturns, trends: list[DomainTrend]) -> str:
    shown = {trend.domain for trend in trends}
    sentences = [_describe_hidden(returns)] if returns.is_shared else _describe_rows(returns, trends[0].quarter)
    silent = [title for domain, title in returns.framework.domain_titles.items() if domain not in shown]
    if silent:
        sentences.append(f"Nothing was graded in {listed(silent)}, so there is no page for it.")
    if returns.judgements["moderated_grade"].notna().any():
        sentences.append(GRADE_OF_RECORD)
    return " ".join(sentences)


def _describe_rows(returns: AuditReturns, quarter: str) -> list[str]:
    total, errors = returns.rows, returns.to_mend
    later = int((returns.audits["quarter"] > quarter).sum())
    sentences = [
        f"{returns.counted_sources} with {counted(total['rows_read'], 'row')}: {accounted(total)}.",
        f"{counted(errors, 'thing')} to mend {'is' if errors == 1 else 'are'} listed in problems.csv."
        if errors
        else "Nothing has to be mended.",
        "These pages are for internal use: small numbers are not hidden.",
    ]
    if later:
        are = "is" if later == 1 else "are"
        sentences.append(f"{counted(later, 'audit')} from after the reported quarter {are} not in this report.")
    return sentences


def _describe_hidden(returns: AuditReturns) -> str:
    """How many numbers are hidden; how many of them are small would help to find those."""
    hidden, policy = len(returns.hidden), returns.disclosure_policy
    if not hidden:
        return "No number had to be hidden."
    return (
        f"{counted(hidden, 'number')} of judgements {'is' if hidden == 1 else 'are'} hidden: those that stand for "
        f"fewer than {policy.threshold} children, and those from which one of them could be worked out. Whatever "
        "is reckoned from all that is shown leaves every hidden number at least "
        f"{policy.narrowest + 1} possible values. Case mix, counts by month and by team, and the page of the returns "
        "are not part of a report for sharing."
    )
