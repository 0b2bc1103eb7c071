"""The main job: from audit returns to a published report.

The order is always the same: read and check, decide the quarter, plan the pages and check every parameter, and only
then start kernels; render into a stage; publish. Whatever is wrong with an argument is said before anything runs.
"""

import ast
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from auditanalytics.changes import Changes, changes_since_last_report, received
from auditanalytics.errors import ArgumentError, ChoiceError, PublishingError, ReturnsError, describe_refusal
from auditanalytics.execute import NotebookRun, check_parameters, declared_parameters, run_notebooks
from auditanalytics.failure import clear_failure_page, leave_failure_page
from auditanalytics.publish import Stage, keep_in_order, staged
from auditanalytics.quarters import UNITS, parse_quarter, period_title
from auditanalytics.reporting.pages import Link, Page, describe_audience, export_page, index_page
from auditanalytics.reporting.tables import published_tables, write_tables
from auditanalytics.returns import AUDIENCES, INTERNAL, SHARED, AuditReturns, read_returns
from auditanalytics.run_record import describe_run, installed_folder, is_published, write_record
from auditanalytics.run_settings import DEFAULT_LIMITS, DEFAULT_PUBLISHING, Limits, Publishing
from auditanalytics.schema import CHANGES, RECEIVED
from auditanalytics.scratch import scratch_folder
from auditanalytics.sharing import (
    PROTECTING,
    check_earlier_reports,
    hide_changed_themes,
    prepare_for_sharing,
    remember_shared,
)
from auditanalytics.summary import LATEST, resolve_quarter
from auditanalytics.trends import DomainTrend, domain_trends

_INDEX, _SUMMARY = "index.html", "Summary"
_PAGES = {
    "01_returns_received.ipynb": ("returns.html", "Returns received"),
    "03_overview.ipynb": ("overview.html", "All domains"),
}
"""The notebooks that are run once, with the file and the title of their page."""

_INTERNAL_PAGES = ("01_returns_received.ipynb",)
"""What is for those who can put returns right, and names teams and single rows."""

_DOMAIN_TREND = "02_domain_trend.ipynb"
_OF_THE_RUN = ("returns", "framework", "quarter", "reports", "run")
Progress = Callable[[list["PlannedPage"]], Callable[[int], None]]
"""Called with the planned pages; what it returns is called with the number of each page as it is done."""


@dataclass(frozen=True)
class PlannedPage:
    """A page to make: the notebook run behind it and what surrounds it."""

    run: NotebookRun
    page: Page


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

    @property
    def quarter(self) -> str:
        return self.trends[0].quarter


def make_report(
    paths: Iterable[str | Path] = (),
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
        Files and folders of returns; the example returns if there are none.
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
        returns = read_returns(paths, framework=framework, year=year)
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
    changes = Changes() if returns.is_shared else changes_since_last_report(returns, out)
    executed = _run_pages(returns, changes, plan.pages, jobs=jobs, limits=limits, progress=progress)
    for notebook, planned in zip(executed, plan.pages, strict=True):
        _write(folder / planned.page.href, export_page(notebook, planned.page))
    tables = published_tables(returns, quarter=plan.quarter)
    if not returns.is_shared:  # a row an audit
        tables += [(CHANGES, changes.rows), (RECEIVED, received(returns))]
    write_tables(folder / "tables", tables)
    index = replace(plan.pages[0].page, href=_INDEX, title=_SUMMARY, subject="")
    _write(folder / _INDEX, index_page(returns, plan.trends, index, [table for table, _ in tables]))
    write_record(folder, returns, plan.about)
    if returns.is_shared:  # before it stands, so that nothing shared is ever forgotten
        remember_shared(out, folder)


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
        runs = [replace(page.run, parameters=_with_known(page.run.parameters, of_this_run)) for page in pages]
        return run_notebooks(runs, proof=proof, jobs=jobs, limits=limits, done=progress(pages))


def _plan(
    returns: AuditReturns, trends: list[DomainTrend], notebooks: Path, settings: dict[str, str], notices: list[str]
) -> _Plan:
    notice = " ".join([*notices, *describe_audience(returns)])
    pages = [
        replace(planned, page=replace(planned.page, notice=notice))
        for planned in _plan_pages(returns, trends, notebooks, settings)
    ]
    described = {planned.page.href: _describe_page(planned) for planned in pages}
    used = {planned.run.notebook for planned in pages}
    return _Plan(returns, trends, pages, describe_run(returns, trends[0].quarter, described, notebooks=sorted(used)))


def _plan_pages(
    returns: AuditReturns, trends: list[DomainTrend], notebooks: Path, settings: dict[str, str]
) -> list[PlannedPage]:
    """The pages to make, every parameter checked; a setting for all pages may leave several of them the same."""
    titles = {trend.domain: trend.title for trend in trends}
    of_the_run = dict.fromkeys(_OF_THE_RUN, "") | {"framework": returns.framework.id, "quarter": trends[0].quarter}
    wanted = [(notebooks / name, {}) for name in _PAGES if not (returns.is_shared and name in _INTERNAL_PAGES)]
    wanted += [(notebooks / _DOMAIN_TREND, {"domain": domain}) for domain in titles]
    declared = {notebook: declared_parameters(notebook) for notebook, _ in wanted}
    given = _settings_as_declared(settings, declared)
    runs: dict[str, NotebookRun] = {}
    for notebook, parameters in wanted:
        fitting = {name: value for name, value in given.items() if name in declared[notebook]}
        run = NotebookRun(notebook, _with_known(declared[notebook], of_the_run) | parameters | fitting)
        check_parameters(run)
        # A published table has quarters and nothing finer, and what is hidden is decided by quarter.
        units = UNITS[:1] if returns.audits.empty or returns.is_shared else UNITS
        for name, choices in (("domain", titles), ("points", units)):
            if (chosen := run.parameters.get(name)) is not None and chosen not in choices:
                raise ChoiceError(name, chosen, choices)
        domain = run.parameters.get("domain")
        runs.setdefault(_PAGES[notebook.name][0] if domain is None else f"domain-{domain}.html", run)
    fixed = dict(_PAGES.values())
    names = {href: fixed.get(href) or titles.get(run.parameters.get("domain", ""), "") for href, run in runs.items()}
    links = [Link(_INDEX, _SUMMARY), *(Link(href, name) for href, name in names.items())]
    report, provenance = _report_title(returns, trends[0].quarter), _provenance(returns)
    return [
        PlannedPage(
            run,
            Page(
                href, names[href], report, links, provenance, subject=names[href] if "domain" in run.parameters else ""
            ),
        )
        for href, run in runs.items()
    ]


def _with_known(parameters: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """Parameters with those of the values that they have."""
    return parameters | {name: value for name, value in values.items() if name in parameters}


def _settings_as_declared(settings: dict[str, str], declared: dict[Path, dict[str, Any]]) -> dict[str, Any]:
    """The values of settings, each of the type of the parameter's default."""
    defaults = {name: value for parameters in declared.values() for name, value in parameters.items()}
    values = {}
    for name, text in settings.items():
        if name in _OF_THE_RUN:
            raise ArgumentError(f"the parameter {name} follows from the other arguments; it cannot be set")
        if name not in defaults:
            raise ChoiceError("the parameter to set", name, [each for each in defaults if each not in _OF_THE_RUN])
        try:
            values[name] = text if isinstance(defaults[name], str) else ast.literal_eval(text)
        except (SyntaxError, ValueError):
            raise ArgumentError(f"parameter {name} must be {type(defaults[name]).__name__}; not '{text}'") from None
    return values


def _report_title(returns: AuditReturns, quarter: str) -> str:
    return f"{returns.framework.name}: {_period(returns, quarter)}"


def _period(returns: AuditReturns, quarter: str) -> str:
    return period_title(parse_quarter(quarter, calendar=returns.framework.quarters))


def _provenance(returns: AuditReturns) -> str:
    files = f"{len(returns.sources)} file{'' if len(returns.sources) == 1 else 's'}"
    return (
        f"Made by auditanalytics {metadata.version('auditanalytics')} from {files} with the framework "
        f"{returns.framework.id}. What was read, and its hashes: run.json."
    )


def _describe_page(planned: PlannedPage) -> dict[str, Any]:
    """What the record of the run says of a page."""
    parameters = {
        name: value for name, value in planned.run.parameters.items() if name not in ("returns", "reports", "run")
    }
    return {"title": planned.page.title, "notebook": planned.run.notebook.name, "parameters": parameters}


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
