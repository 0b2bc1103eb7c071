"""The main job: from audit returns to a published report.

The order is always the same: read and check, decide the quarter, plan the pages and check every parameter, and only
then start kernels; render into a stage; publish. Whatever is wrong with an argument is said before anything runs.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from auditanalytics.briefs.kinds import learning_brief
from auditanalytics.briefs.pdf import pdf_document
from auditanalytics.briefs.web import web_document, wrap_brief
from auditanalytics.briefs.word import word_document
from auditanalytics.changes import Changes, changes_since_last_report, received
from auditanalytics.errors import ChoiceError, PublishingError, ReturnsError, describe_refusal
from auditanalytics.execute import run_notebooks
from auditanalytics.failure import clear_failure_page, leave_failure_page
from auditanalytics.form_names import number_telling_forms
from auditanalytics.intake import Given
from auditanalytics.periods import LATEST, resolve_quarter
from auditanalytics.planned_pages import INDEX, SUMMARY, PlannedPage, plan_pages, with_known
from auditanalytics.publish import Stage, keep_in_order, staged
from auditanalytics.quarters import parse_quarter, period_title
from auditanalytics.reporting.constants import constants
from auditanalytics.reporting.pages import (
    BRIEF_AS_PDF,
    BRIEF_IN_WORD,
    BRIEF_PAGE,
    export_page,
    index_page,
    shown_pieces,
)
from auditanalytics.reporting.tables import published_tables, write_tables
from auditanalytics.returns import AUDIENCES, INTERNAL, SHARED, AuditReturns, read_returns
from auditanalytics.run_record import describe_run, installed_folder, is_published, write_record
from auditanalytics.run_settings import DEFAULT_LIMITS, DEFAULT_PUBLISHING, Limits, Publishing
from auditanalytics.schema import CONSTANTS, RECEIVED
from auditanalytics.scratch import scratch_folder
from auditanalytics.sharing import (
    PROTECTING,
    check_earlier_reports,
    hide_changed_themes,
    prepare_for_sharing,
    remember_shared,
)
from auditanalytics.trends import DomainTrend, domain_trends

Progress = Callable[[list["PlannedPage"]], Callable[[int], None]]
"""Called with the planned pages; what it returns is called with the number of each page as it is done."""


@dataclass(frozen=True)
class PublishedReport:
    """A report that stands: where, for which period, which pages beside the summary, made from what, hiding what.

    Attributes
    ----------
    is_new
        False where the same had been published before, so that nothing was written.
    is_beside
        True where it stands under a second name, because what stands in its place is in use.
    """

    folder: Path
    quarter: str
    period: str
    pages: list[str]
    audits: int
    rejected: int
    to_mend: int
    hidden: int = 0
    hidden_to_protect: int = 0
    is_new: bool = True
    is_beside: bool = False


@dataclass(frozen=True)
class _Plan:
    """All that is decided before a kernel starts."""

    returns: AuditReturns
    trends: list[DomainTrend]
    pages: list[PlannedPage]
    about: dict[str, Any]
    notice: str

    @property
    def quarter(self) -> str:
        return self.trends[0].quarter


def make_report(
    paths: Iterable[Given] = (),
    *,
    framework: str | Path | None = None,
    quarter: str = LATEST,
    out: str | Path = "reports",
    year: str | None = None,
    notebooks: str | Path | None = None,
    settings: dict[str, str] | None = None,
    audience: str = INTERNAL,
    jobs: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    publishing: Publishing = DEFAULT_PUBLISHING,
    force: bool = False,
    progress: Progress = lambda pages: lambda number: None,
) -> PublishedReport:
    """Read audit returns and publish the report of a quarter.

    Parameters
    ----------
    paths
        Files and folders of returns, and a query of a database; the example returns if there are none.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    quarter
        The quarter to report; ``latest`` for the last that has ended and has returns.
    out
        The folder that holds reports.
    year
        The year of a published table that does not say it.
    notebooks
        The folder of the notebooks, if not those that come with the library.
    settings
        Values for parameters of the notebooks, by name.
    audience
        ``internal``, or ``shared`` for a report in which small numbers are hidden.
    jobs
        How many notebooks to run at once.
    limits
        How much time and memory the pages may take.
    publishing
        Who may read the report, and how long what it replaces is kept.
    force
        Make it also where the same has been published already.
    progress
        Called with the planned pages; what it returns is called with the number of each page as it is done.

    Returns
    -------
    PublishedReport
        What was published, or stood already.

    Raises
    ------
    ArgumentError
        If an argument is wrong; nothing was run.
    ReturnsError
        If the returns did not pass the checks; what is wrong with them is in ``<out>/not-published``.
    NotebookError, PublishingError, PrivacyError
        If the report could not be made; the last good one stands, and ``<out>/not-published`` says why.
    LockedError
        If another run is publishing into the same folder.
    """
    if audience not in AUDIENCES:
        raise ChoiceError("audience", audience, AUDIENCES)
    paths, out, notices, returns, stage = list(paths), Path(out), [], None, None
    if not paths:
        paths, framework = [installed_folder("data") / "example"], framework or "south-gloucestershire"
        notices.append("An example: every audit, person and comment behind these pages is invented.")
    folder = Path(notebooks) if notebooks else installed_folder("notebooks")
    asked = "The last quarter that has ended" if quarter == LATEST else f"Quarter {quarter}"
    asked += ", for sharing" if audience == SHARED else ", for internal use"
    try:
        returns = number_telling_forms(read_returns(paths, framework=framework, year=year))
        returns, trends = _checked(returns, quarter, audience)
        plan = _plan(returns, trends, folder, settings or {}, notices)
        if not force and is_published(out / plan.quarter, plan.about):
            clear_failure_page(out)
            keep_in_order(out, plan.quarter, publishing)
            return _published(plan, out / plan.quarter, is_new=False)
        with staged(out, plan.quarter, publishing) as stage:
            _make(stage, plan, jobs=jobs, limits=limits, progress=progress)
            clear_failure_page(out)
    except BaseException as error:
        if stage and stage.stands:
            raise  # the run was stopped while it put away what was replaced
        is_of_returns = isinstance(error, ReturnsError)
        left = leave_failure_page(
            out, error, asked=asked, publishing=publishing, returns=returns if is_of_returns else None
        )
        if is_of_returns and returns is not None and left:
            raise ReturnsError(f"{error}; every problem is listed in {left / 'tables' / 'problems.csv'}") from None
        raise
    return _published(plan, stage.place)


def _checked(returns: AuditReturns, quarter: str, audience: str) -> tuple[AuditReturns, list[DomainTrend]]:
    """Returns that may be published, for their audience, with their trends."""
    returns.check()
    if audience == SHARED:
        returns = prepare_for_sharing(returns, through=resolve_quarter(returns, quarter))
    trends = domain_trends(returns, quarter=quarter)
    if not trends:
        raise ReturnsError("no judgement was graded in any domain")
    return returns, trends


def _published(plan: _Plan, folder: Path, *, is_new: bool = True) -> PublishedReport:
    returns = plan.returns
    return PublishedReport(
        folder,
        plan.quarter,
        _period(returns, plan.quarter),
        [planned.page.href for planned in plan.pages],
        len(returns.audits),
        returns.rejected_audits,
        returns.to_mend,
        len(returns.hidden),
        int((returns.hidden["reason"] == PROTECTING).sum()),
        is_new,
        folder.name != plan.quarter,
    )


def _make(stage: Stage, plan: _Plan, *, jobs: int | None, limits: Limits, progress: Progress) -> None:
    """Make the report in its stage: pages, tables, index, and last what it was made from."""
    returns, folder, out = plan.returns, stage.folder, stage.place.parent
    if returns.is_shared:
        check_earlier_reports(returns, out, through=plan.quarter)
        returns = hide_changed_themes(returns, out, through=plan.quarter)
    changes = Changes() if returns.is_shared else changes_since_last_report(returns, out, quarter=plan.quarter)
    executed = _run_pages(returns, changes, plan.pages, jobs=jobs, limits=limits, progress=progress)
    shown = ""
    for notebook, planned in zip(executed, plan.pages, strict=True):
        if planned.page.href == BRIEF_PAGE:
            shown = shown_pieces(notebook, planned.page)
        else:
            _write(folder / planned.page.href, export_page(notebook, planned.page))
    if not returns.audits.empty:
        _write_brief(folder, plan, changes, shown=shown)
    tables = [*published_tables(returns, quarter=plan.quarter), (CONSTANTS, constants(returns))]
    if not returns.is_shared:  # a row an audit
        tables += [*changes.tables(), (RECEIVED, received(returns))]
    write_tables(folder / "tables", tables)
    index = replace(plan.pages[0].page, href=INDEX, title=SUMMARY, subject="")
    _write(folder / INDEX, index_page(returns, plan.trends, index, [table for table, _ in tables]))
    write_record(folder, returns, plan.about)
    if returns.is_shared:  # before it stands, so that nothing shared is ever forgotten
        remember_shared(out, folder)


def _write_brief(folder: Path, plan: _Plan, changes: Changes, *, shown: str) -> None:
    """Write the brief of the quarter: as a web page what its notebook showed, and the same as a Word file and a PDF."""
    brief = learning_brief(plan.returns, "quarterly", period=plan.quarter, since=changes, notice=plan.notice)
    page = wrap_brief(shown, title=brief.title, provenance=brief.provenance) if shown else web_document(brief)
    _write(folder / BRIEF_PAGE, page)
    (folder / BRIEF_IN_WORD).write_bytes(word_document(brief))
    (folder / BRIEF_AS_PDF).write_bytes(pdf_document(brief))


def _run_pages(
    returns: AuditReturns,
    changes: Changes,
    pages: list[PlannedPage],
    *,
    jobs: int | None,
    limits: Limits,
    progress: Progress,
) -> list[NotebookNode]:
    """The executed notebooks, each of which proved that it was made from these returns in this run."""
    run = secrets.token_hex(8)
    proof = {"run": run, "audits": len(returns.audits), "judgements": len(returns.judgements)}
    with scratch_folder() as scratch:
        saved = scratch / "returns"
        try:
            returns.save(saved)
            changes.save(saved)
        except OSError as error:
            raise PublishingError(
                f"the folder for temporary files cannot be written ({describe_refusal(error)})"
            ) from None
        of_this_run = {"returns": str(saved), "reports": str(saved), "run": run}
        runs = [replace(page.run, parameters=with_known(page.run.parameters, of_this_run)) for page in pages]
        return run_notebooks(runs, proof=proof, jobs=jobs, limits=limits, done=progress(pages))


def _plan(
    returns: AuditReturns, trends: list[DomainTrend], notebooks: Path, settings: dict[str, str], notices: list[str]
) -> _Plan:
    pages = plan_pages(
        returns,
        trends,
        notebooks,
        settings,
        report=_report_title(returns, trends[0].quarter),
        provenance=_provenance(returns),
        notices=notices,
    )
    described = {planned.page.href: _describe_page(planned) for planned in pages}
    used = {planned.run.notebook for planned in pages}
    about = describe_run(returns, trends[0].quarter, described, notebooks=sorted(used))
    return _Plan(returns, trends, pages, about, " ".join(notices))


def _report_title(returns: AuditReturns, quarter: str) -> str:
    return f"{returns.framework.name}: {_period(returns, quarter)}"


def _period(returns: AuditReturns, quarter: str) -> str:
    return period_title(parse_quarter(quarter, calendar=returns.framework.quarters))


def _provenance(returns: AuditReturns) -> str:
    return (
        f"Made by auditanalytics {metadata.version('auditanalytics')} from "
        f"{returns.counted_sources} with the framework {returns.framework.id}. What was read, and its hashes: run.json."
    )


def _describe_page(planned: PlannedPage) -> dict[str, Any]:
    """What the record of the run says of a page."""
    parameters = {
        name: value for name, value in planned.run.parameters.items() if name not in ("returns", "reports", "run")
    }
    return {"title": planned.page.title, "notebook": planned.run.notebook.name, "parameters": parameters}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
