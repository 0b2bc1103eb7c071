"""The main job: from audit returns to a published report.

The order is always the same: read and check, decide the quarter, plan the pages and check every parameter, and only
then start kernels; render into a stage; publish. Whatever is wrong with an argument is said before anything runs.
"""

import ast
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from auditanalytics.changes import Changes, changes_since_last_report, received
from auditanalytics.errors import ArgumentError, ChoiceError, ReturnsError
from auditanalytics.execute import DEFAULT_TIMEOUT, NotebookRun, check_parameters, declared_parameters, run_notebooks
from auditanalytics.publish import staged
from auditanalytics.quarters import UNITS, parse_quarter, period_title
from auditanalytics.reporting.pages import Link, Page, describe_audience, export_page, index_page
from auditanalytics.reporting.tables import checking_tables, published_tables, write_tables
from auditanalytics.returns import AUDIENCES, INTERNAL, SHARED, AuditReturns, read_returns
from auditanalytics.run_record import installed_folder, write_record
from auditanalytics.schema import CHANGES, RECEIVED
from auditanalytics.sharing import PROTECTING, check_earlier_reports, prepare_for_sharing, remember_shared
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
NOT_PUBLISHED = "not-published"
"""The folder, beside the reports, that says why the last run published nothing."""


@dataclass(frozen=True)
class PlannedPage:
    """A page to make: the notebook run behind it and what surrounds it."""

    run: NotebookRun
    page: Page


@dataclass(frozen=True)
class PublishedReport:
    """A report that was published: where, which pages beside the summary, what it was made from, what it hides."""

    folder: Path
    quarter: str
    pages: list[str]
    audits: int
    rejected: int
    to_mend: int
    hidden: int = 0
    hidden_to_protect: int = 0


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
    timeout: int = DEFAULT_TIMEOUT,
    progress: Callable[[list[PlannedPage]], Callable[[int], None]] = lambda pages: lambda number: None,
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
    timeout
        Seconds that one cell may take.
    progress
        Called with the planned pages; what it returns is called with the number of each page as it is done.

    Returns
    -------
    PublishedReport
        What was published.

    Raises
    ------
    ArgumentError
        If an argument is wrong; nothing was run.
    ReturnsError
        If the returns did not pass the checks; what is wrong with them is in ``<out>/not-published``.
    NotebookError, LockedError, PrivacyError
        If the report could not be made; the last good one stands.
    """
    if audience not in AUDIENCES:
        raise ChoiceError("audience", audience, AUDIENCES)
    paths, out, notices = list(paths), Path(out), []
    if not paths:
        paths, framework = [installed_folder("data") / "example"], framework or "south-gloucestershire"
        notices.append("An example: every audit, person and comment behind these pages is invented.")
    returns = read_returns(paths, framework=framework, year=year)
    returns, trends = _checked(returns, quarter, audience, out)
    pages = _plan(returns, trends, Path(notebooks) if notebooks else installed_folder("notebooks"), settings or {})
    notice = " ".join([*notices, *describe_audience(returns)])
    pages = [replace(planned, page=replace(planned.page, notice=notice)) for planned in pages]
    name = trends[0].quarter
    with staged(out, name) as stage:
        if returns.is_shared:
            check_earlier_reports(returns, out, through=name)
        changes = Changes() if returns.is_shared else changes_since_last_report(returns, out)
        executed = _run_pages(returns, changes, pages, jobs=jobs, timeout=timeout, progress=progress)
        for notebook, planned in zip(executed, pages, strict=True):
            _write(stage / planned.page.href, export_page(notebook, planned.page))
        tables = published_tables(returns, quarter=name)
        if not returns.is_shared:  # a row an audit
            tables += [(CHANGES, changes.rows), (RECEIVED, received(returns))]
        write_tables(stage / "tables", tables)
        index = replace(pages[0].page, href=_INDEX, title=_SUMMARY, subject="")
        _write(stage / _INDEX, index_page(returns, trends, index, [table for table, _ in tables]))
        write_record(stage, returns, name, {planned.page.href: _describe_page(planned) for planned in pages})
        _keep_private(stage)
    shutil.rmtree(out / NOT_PUBLISHED, ignore_errors=True)
    if returns.is_shared:
        remember_shared(out, out / name)
    hrefs = [planned.page.href for planned in pages]
    protecting = int((returns.hidden["reason"] == PROTECTING).sum())
    return PublishedReport(
        out / name,
        name,
        hrefs,
        len(returns.audits),
        returns.rejected_audits,
        returns.to_mend,
        len(returns.hidden),
        protecting,
    )


def _checked(returns: AuditReturns, quarter: str, audience: str, out: Path) -> tuple[AuditReturns, list[DomainTrend]]:
    """Returns that may be published, for their audience, with their trends; of others, the reason is left behind."""
    try:
        returns.check()
        if audience == SHARED:
            returns = prepare_for_sharing(returns, through=resolve_quarter(returns, quarter))
        trends = domain_trends(returns, quarter=quarter)
        if not trends:
            raise ReturnsError("no judgement was graded in any domain")
    except ReturnsError as error:
        with staged(out, NOT_PUBLISHED) as stage:
            write_tables(stage / "tables", checking_tables(returns))
            _write(stage / "why.txt", f"Nothing was published: {error}.\n")
            _keep_private(stage)
        raise ReturnsError(
            f"{error}; every problem is listed in {out / NOT_PUBLISHED / 'tables' / 'problems.csv'}"
        ) from None
    return returns, trends


def _run_pages(
    returns: AuditReturns,
    changes: Changes,
    pages: list[PlannedPage],
    *,
    jobs: int | None,
    timeout: int,
    progress: Callable[[list[PlannedPage]], Callable[[int], None]],
) -> list[NotebookNode]:
    """The executed notebooks, each of which proved that it was made from these returns in this run."""
    run = secrets.token_hex(8)
    proof = {"run": run, "audits": len(returns.audits), "judgements": len(returns.judgements)}
    with tempfile.TemporaryDirectory(prefix="auditanalytics-") as scratch:
        saved = Path(scratch) / "returns"
        returns.save(saved)
        changes.save(saved)
        of_this_run = {"returns": str(saved), "reports": str(saved), "run": run}
        runs = [replace(page.run, parameters=_with_known(page.run.parameters, of_this_run)) for page in pages]
        return run_notebooks(runs, proof=proof, jobs=jobs, timeout=timeout, done=progress(pages))


def _plan(
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
    when = period_title(parse_quarter(quarter, calendar=returns.framework.quarters))
    return f"{returns.framework.name}: {when}"


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


def _keep_private(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
