"""Which pages a report has, and the notebook behind each, with every parameter checked before a kernel starts."""

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.execute import NotebookRun, check_parameters, declared_parameters
from auditanalytics.quarters import UNITS
from auditanalytics.reporting.pages import BRIEF_PAGE, Link, Page, describe_audience
from auditanalytics.returns import AuditReturns
from auditanalytics.trends import DomainTrend

INDEX, SUMMARY = "index.html", "Summary"
_PAGES = {
    "01_returns_received.ipynb": ("returns.html", "Returns received"),
    "03_overview.ipynb": ("overview.html", "All domains"),
    "04_moderation.ipynb": ("moderation.html", "Moderation"),
    "06_learning_brief.ipynb": (BRIEF_PAGE, "Learning brief"),
}
"""The notebooks that are run once, with the file and the title of their page."""

_MODERATION = "04_moderation.ipynb"
_INTERNAL_PAGES = ("01_returns_received.ipynb", _MODERATION)
"""What is for those who can put returns right, or moderate them, and names teams, single rows and single audits."""

_DOMAIN_TREND = "02_domain_trend.ipynb"
_LEARNING_BRIEF = "06_learning_brief.ipynb"
OF_THE_RUN = ("returns", "framework", "quarter", "reports", "run")
"""What the run decides of every notebook; it decides more of that of the learning brief."""


@dataclass(frozen=True)
class PlannedPage:
    """A page to make: the notebook run behind it and what surrounds it."""

    run: NotebookRun
    page: Page


def plan_pages(
    returns: AuditReturns,
    trends: list[DomainTrend],
    notebooks: Path,
    settings: dict[str, str],
    *,
    report: str,
    provenance: str,
    notices: list[str],
) -> list[PlannedPage]:
    """Plan the pages of a report and check every parameter.

    Parameters
    ----------
    returns
        Audit returns.
    trends
        The quarters of each domain.
    notebooks
        The folder of the notebooks.
    settings
        Values for their parameters, by name.
    report, provenance
        What the report is called, and what it was made from.
    notices
        What a reader must know before anything else.

    Returns
    -------
    list of PlannedPage
        The pages; a setting for all may leave several of them the same, and one of these is enough.

    Raises
    ------
    ArgumentError
        If a parameter is not known, or its value not one that it may have.
    """
    titles = {trend.domain: trend.title for trend in trends}
    planned, runs = _planned_runs(returns, titles, notebooks, trends[0].quarter, " ".join(notices)), {}
    given = _settings_as_declared(settings, {run.notebook: defaults for run, defaults in planned})
    # A published table has quarters and nothing finer, and what is hidden is decided by quarter.
    units = UNITS[:1] if returns.audits.empty or returns.is_shared else UNITS
    for run, defaults in planned:
        fitting = {name: value for name, value in given.items() if name in defaults}
        run = replace(run, parameters=run.parameters | fitting)
        check_parameters(run)
        for name, choices in (("domain", titles), ("points", units)):
            if (chosen := run.parameters.get(name)) is not None and chosen not in choices:
                raise ChoiceError(name, chosen, choices)
        domain = run.parameters.get("domain")
        runs.setdefault(_PAGES[run.notebook.name][0] if domain is None else f"domain-{domain}.html", run)
    fixed = dict(_PAGES.values())
    names = {href: fixed.get(href) or titles.get(run.parameters.get("domain", ""), "") for href, run in runs.items()}
    linked = names if returns.audits.empty else names | {BRIEF_PAGE: fixed[BRIEF_PAGE]}
    links = [Link(INDEX, SUMMARY), *(Link(href, name) for href, name in linked.items())]
    notice = " ".join([*notices, *describe_audience(returns)])
    return [
        PlannedPage(
            run,
            Page(
                href,
                names[href],
                report,
                links,
                provenance,
                subject=names[href] if "domain" in run.parameters else "",
                notice=notice,
            ),
        )
        for href, run in runs.items()
    ]


def _planned_runs(
    returns: AuditReturns, titles: dict[str, str], notebooks: Path, quarter: str, notice: str
) -> list[tuple[NotebookRun, dict[str, Any]]]:
    """Each notebook that is to be run, with the parameters that follow from the run, and those that may be set."""
    of_the_run = dict.fromkeys(OF_THE_RUN, "") | {"framework": returns.framework.id, "quarter": quarter}
    of_the_brief = {"kind": "quarterly", "period": quarter, "theme": "", "notice": notice}
    of_audits = (_MODERATION, _LEARNING_BRIEF) if returns.audits.empty else ()
    left_out = _INTERNAL_PAGES if returns.is_shared else of_audits
    # A folder of somebody's own need not have these: the brief is made without one, and there is no page of moderation.
    without = [name for name in (_MODERATION, _LEARNING_BRIEF) if not (notebooks / name).is_file()]
    wanted = [(notebooks / name, {}) for name in _PAGES if name not in (*left_out, *without)]
    wanted += [(notebooks / _DOMAIN_TREND, {"domain": domain}) for domain in titles]
    runs = []
    for notebook, parameters in wanted:
        defaults = declared_parameters(notebook)
        decided = of_the_brief if notebook.name == _LEARNING_BRIEF else {}
        run = NotebookRun(notebook, with_known(defaults, of_the_run | decided) | parameters)
        runs.append((run, {name: value for name, value in defaults.items() if name not in decided}))
    return runs


def with_known(parameters: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """Give parameters those of some values that they have.

    Parameters
    ----------
    parameters
        Parameters.
    values
        Values by name; those of other names are left out.

    Returns
    -------
    dict
        The parameters.
    """
    return parameters | {name: value for name, value in values.items() if name in parameters}


def _settings_as_declared(settings: dict[str, str], declared: dict[Path, dict[str, Any]]) -> dict[str, Any]:
    """The values of settings, each of the type of the parameter's default."""
    defaults = {name: value for parameters in declared.values() for name, value in parameters.items()}
    values = {}
    for name, text in settings.items():
        if name in OF_THE_RUN:
            raise ArgumentError(f"the parameter {name} follows from the other arguments; it cannot be set")
        if name not in defaults:
            raise ChoiceError("the parameter to set", name, [each for each in defaults if each not in OF_THE_RUN])
        try:
            values[name] = text if isinstance(defaults[name], str) else ast.literal_eval(text)
        except (SyntaxError, ValueError):
            raise ArgumentError(f"parameter {name} must be {type(defaults[name]).__name__}; not '{text}'") from None
    return values
