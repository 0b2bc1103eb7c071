"""What a run that failed leaves behind: a page that says why, beside the last good report and never in its place.

Nobody looks at the log of a scheduled run until something is missing. Whoever opens the folder of the reports finds
this page there, with what is wrong, who can mend it, and which reports still stand. The next run that is done takes it
away.
"""

import shutil
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from auditanalytics.clock import now_in_london
from auditanalytics.errors import ArgumentError, AuditAnalyticsError, LockedError, describe_error
from auditanalytics.manifest import MANIFEST
from auditanalytics.publish import staged
from auditanalytics.reporting.fragments import render
from auditanalytics.reporting.pages import Page
from auditanalytics.reporting.tables import checking_tables, write_tables
from auditanalytics.returns import AuditReturns
from auditanalytics.run_settings import Publishing

NOT_PUBLISHED = "not-published"
"""The folder, beside the reports, that says why the last run published nothing."""

_TITLE = "No report was published"
_REMEDIES = {
    1: "Run the command again. If it fails in the same way, whoever looks after it needs the sentence above and the "
    "log of the run.",
    3: "Let those who sent the returns mend what is listed, or correct the framework file where a word or a header is "
    "right and not yet known; then run the command again.",
    5: "Something that may name a person would have been published, so nothing was. Mend what the sentence above "
    "names; do not send on anything by hand instead.",
}
"""What to do, by the exit code of the run."""


def leave_failure_page(
    out: Path, error: BaseException, *, asked: str, publishing: Publishing, returns: AuditReturns | None = None
) -> Path | None:
    """Say beside the reports why a run published nothing.

    Parameters
    ----------
    out
        The folder that holds reports.
    error
        Why nothing was published.
    asked
        What the run was to make, in words.
    publishing
        Who may read what stands in ``out``.
    returns
        Audit returns that did not pass the checks, if that is why.

    Returns
    -------
    pathlib.Path or None
        The folder of the page. None where an argument was wrong or another run is publishing, because then no run
        failed; and where the page could not be written.
    """
    if isinstance(error, (ArgumentError, LockedError)):
        return None
    with suppress(OSError, AuditAnalyticsError), staged(out, NOT_PUBLISHED, publishing) as stage:
        if returns is not None:
            write_tables(stage.folder / "tables", checking_tables(returns))
        page = render(
            "failure",
            page=Page("index.html", _TITLE, "Audit report", provenance=_provenance(error)),
            asked=asked,
            sentence=describe_error(error),
            when=_describe_now(),
            remedy=_REMEDIES[getattr(error, "exit_code", 1)],
            has_tables=returns is not None,
            standing=_standing(out),
        )
        (stage.folder / "index.html").write_text(page, encoding="utf-8", newline="\n")
        clear_failure_page(out)  # the new one takes its place
        return out / NOT_PUBLISHED
    return None


def clear_failure_page(out: Path) -> None:
    """Take away what an earlier run that failed had left.

    Parameters
    ----------
    out
        The folder that holds reports.
    """
    shutil.rmtree(out / NOT_PUBLISHED, ignore_errors=True)


def _provenance(error: BaseException) -> str:
    code = error.exit_code if isinstance(error, AuditAnalyticsError) else 1
    return (
        f"auditanalytics {metadata.version('auditanalytics')}, exit code {code}. Its documentation says what each code "
        "asks for, under scheduling."
    )


def _describe_now() -> str:
    now = now_in_london()
    return f"{now.day} {now:%B %Y, %H:%M}"


def _standing(out: Path) -> list[str]:
    """The reports that stand in a folder, the last quarter first."""
    return sorted((path.parent.name for path in out.glob(f"*/{MANIFEST}")), reverse=True)
