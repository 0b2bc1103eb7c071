"""Audit returns: five tidy tables, the grade ledger and the row accounting.

This is what every later floor works on. How a row comes to be accepted is the matter of `reading`; here stands what a
reading results in, when it may be used at all, and how it is handed to the notebooks without being read again.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from auditanalytics.clock import today_in_london
from auditanalytics.consistency import flag_audits
from auditanalytics.disclosure import Policy
from auditanalytics.english import counted, listed
from auditanalytics.errors import ReturnsError
from auditanalytics.findings import code_findings, split_findings
from auditanalytics.frameworks import Framework, load_framework
from auditanalytics.intake import (
    DatabaseQuery,
    Given,
    MendedRows,
    ReturnTable,
    check_year,
    find_sources,
    matching_framework,
    read_files,
)
from auditanalytics.kept_tables import NEVER_KEPT, kept_tables
from auditanalytics.privacy import pseudonym_key
from auditanalytics.problems import in_order
from auditanalytics.quotes import choose_quotes
from auditanalytics.reading import Reading
from auditanalytics.schema import (
    ACTIONS,
    AUDITS,
    CHECKS,
    CODED,
    CONSISTENCY_FLAGS,
    EVENTS,
    FEEDBACK,
    FINDINGS,
    GRADE_LEDGER,
    HEADERS,
    HIDDEN_COUNTS,
    HIDDEN_THEMES,
    IDENTIFIERS,
    JUDGEMENTS,
    LINKS,
    MODERATIONS,
    PROBLEMS,
    PUBLISHED_SHARES,
    QUOTES,
    ROW_ACCOUNTING,
    SENDERS,
    SHEETS,
)
from auditanalytics.themes import Codebook, load_codebook
from auditanalytics.validation import validate

_SAVED = "audit-returns.json"

INTERNAL, SHARED = "internal", "shared"
AUDIENCES = (INTERNAL, SHARED)
"""For whom a report is: those who may see every number, or anybody it is sent to."""


@dataclass(frozen=True)
class AuditReturns:
    """The audit returns of one reading.

    Attributes
    ----------
    framework
        The framework they were read with.
    audits, judgements, findings, actions, problems
        The five tables of `auditanalytics.schema`.
    coded
        The themes of every statement in the comments and next steps (`schema.CODED`), without the statements.
    flags
        The signs that a second look at an audit is due (`schema.CONSISTENCY_FLAGS`).
    moderations
        The grades that moderators gave in tables beside the returns (`schema.MODERATIONS`).
    feedback
        Whose feedback each is, the score they gave, and what they said (`schema.FEEDBACK`).
    quotes
        The statements that may be quoted, redacted (`schema.QUOTES`); none unless the framework allows it.
    identifiers
        Every value of the returns that names a person or an audit, and every comment (`schema.IDENTIFIERS`): what may
        stand in nothing that is published. It is never saved.
    ledger
        What every distinct written grade became (`schema.GRADE_LEDGER`).
    accounting
        What became of every row (`schema.ROW_ACCOUNTING`).
    sheets, headers
        What every sheet and every header was taken for (`schema.SHEETS`, `schema.HEADERS`).
    checks
        Which rules were met, which passed, and which could not run (`schema.CHECKS`).
    senders
        Whose the rows with problems are (`schema.SENDERS`).
    published
        The shares of published tables that stood beside the returns (`schema.PUBLISHED_SHARES`).
    events
        The events to annotate charts with, from tables that stood beside the returns (`schema.EVENTS`).
    links
        The links to learning, from such tables (`schema.LINKS`).
    hidden, hidden_themes
        The counts that a report for sharing does not show (`schema.HIDDEN_COUNTS`, `schema.HIDDEN_THEMES`); none where
        it is internal.
    rejected_audits
        How many audits were rejected.
    sources
        The SHA-256 of every file, by its name.
    themes
        The titles of the codebook's themes, by id.
    reminders, recommendations
        What a learning brief reminds practitioners of, and asks of managers, by the id of the theme that is a worry.
    codebook
        The ``name`` and ``sha256`` of the codebook.
    audience
        ``internal`` or ``shared``: for whom what is made from these returns is.
    """

    framework: Framework
    audits: pd.DataFrame
    judgements: pd.DataFrame
    findings: pd.DataFrame
    actions: pd.DataFrame
    feedback: pd.DataFrame
    coded: pd.DataFrame
    flags: pd.DataFrame
    moderations: pd.DataFrame
    quotes: pd.DataFrame
    problems: pd.DataFrame
    identifiers: pd.DataFrame
    ledger: pd.DataFrame
    accounting: pd.DataFrame
    sheets: pd.DataFrame
    headers: pd.DataFrame
    checks: pd.DataFrame
    senders: pd.DataFrame
    published: pd.DataFrame
    events: pd.DataFrame
    links: pd.DataFrame
    hidden: pd.DataFrame
    hidden_themes: pd.DataFrame
    rejected_audits: int
    sources: dict[str, str]
    themes: dict[str, str]
    reminders: dict[str, str]
    recommendations: dict[str, str]
    codebook: dict[str, str]
    audience: str = INTERNAL

    def save(self, folder: Path) -> None:
        """Keep what counting and checking need in a folder, for `read_returns` to open again.

        Nothing that anybody wrote is kept but teams and audit types that are written often, the labels of events,
        links and quotes, which are meant to be printed, words that are on a scale, and the words of comments that are
        in the codebook: no comment, no value of a problem. Of next steps their dates are kept, not what is to be done
        nor by whom; of feedback whose it is and the score, not what they said. Children and case types become numbers,
        and so do teams that are rarely written, because it is enough to know which are the same.

        Parameters
        ----------
        folder
            A new folder.
        """
        folder.mkdir(mode=0o700)
        for name, table in kept_tables({name: getattr(self, name) for name in _TABLES}).items():
            table.to_parquet(folder / f"{name}.parquet", index=False)
        about = {
            "framework": self.framework.model_dump(),
            "rejected_audits": self.rejected_audits,
            "sources": self.sources,
            "themes": self.themes,
            "reminders": self.reminders,
            "recommendations": self.recommendations,
            "codebook": self.codebook,
            "audience": self.audience,
        }
        (folder / _SAVED).write_text(json.dumps(about), encoding="utf-8")

    @property
    def is_shared(self) -> bool:
        """Whether what is made from these returns may be sent to anybody, and small numbers are hidden."""
        return self.audience == SHARED

    @property
    def disclosure_policy(self) -> Policy:
        """Which counts are too small to be shared, as the framework says."""
        given = self.framework.disclosure
        wanted = {"threshold": given.threshold, "round_to": given.round_to}
        return Policy(**{name: value for name, value in wanted.items() if value is not None})

    @property
    def rows(self) -> dict[str, int]:
        """How many rows were read, accepted, rejected and skipped, over all sheets."""
        totals = self.accounting[["rows_read", "accepted", "rejected", "skipped"]].sum()
        return {str(name): int(number) for name, number in totals.items()}

    @property
    def counted_sources(self) -> str:
        """What was read, counted: such as ``10 files``, or ``1 query and 1 file``."""
        queries = sum("://" in name for name in self.sources)  # of a database; no name of a file has that
        files = len(self.sources) - queries
        return listed([*(["1 query"] if queries else []), *([counted(files, "file")] if files or not queries else [])])

    @property
    def to_mend(self) -> int:
        """How many problems somebody should do something about: the errors and the warnings."""
        return int(self.problems["severity"].isin(["error", "warning"]).sum())

    def check(self) -> None:
        """Refuse returns of which nothing could be read, or too much was rejected.

        Raises
        ------
        ReturnsError
            With the number rejected and the limit.
        """
        accepted, rejected = len(self.audits), self.rejected_audits
        if not accepted and self.published.empty:
            errors = self.problems[self.problems["severity"] == "error"]
            first = f": {errors['message'].iloc[0]} ({errors['code'].iloc[0]})" if len(errors) else ""
            raise ReturnsError(f"no audit could be read{first}")
        limit = self.framework.checks.reject_limit
        if rejected - limit * (accepted + rejected) > 1e-9:  # 29 of 100 is not more than 0.29
            raise ReturnsError(
                f"{rejected} of {accepted + rejected} audits were rejected, more than the "
                f"{limit:.0%} that the framework allows"
            )


_TABLES = {
    "audits": AUDITS,
    "judgements": JUDGEMENTS,
    "findings": FINDINGS,
    "actions": ACTIONS,
    "feedback": FEEDBACK,
    "coded": CODED,
    "flags": CONSISTENCY_FLAGS,
    "moderations": MODERATIONS,
    "quotes": QUOTES,
    "problems": PROBLEMS,
    "identifiers": IDENTIFIERS,
    "ledger": GRADE_LEDGER,
    "accounting": ROW_ACCOUNTING,
    "sheets": SHEETS,
    "headers": HEADERS,
    "checks": CHECKS,
    "senders": SENDERS,
    "published": PUBLISHED_SHARES,
    "events": EVENTS,
    "links": LINKS,
    "hidden": HIDDEN_COUNTS,
    "hidden_themes": HIDDEN_THEMES,
}


def read_returns(
    paths: Given | Iterable[Given],
    *,
    framework: str | Path | None = None,
    year: str | None = None,
    today: dt.date | None = None,
) -> AuditReturns:
    """Read audit returns.

    Parameters
    ----------
    paths
        A file, a folder (read recursively), a query of a database, several of them, or a folder written by
        `AuditReturns.save`.
    framework
        The name of a shipped framework or the path of a framework file; if None, the shipped one whose headers match.
    year
        The year of a published table that does not say it.
    today
        The day after which no audit can have been done; today in London if None.

    Returns
    -------
    AuditReturns
        The returns. Bad rows and grades are in its problems, not raised.

    Raises
    ------
    NoInputError
        If there is nothing to read.
    ArgumentError
        If the framework, or the year of a published table, is not known.
    CodebookError
        If the framework names a codebook that cannot be used.
    KeyFileError
        If the pseudonym key cannot be used.
    DatabaseError
        If a database cannot be asked.

    Examples
    --------
    >>> returns = read_returns("data/example", framework="south-gloucestershire")
    >>> len(returns.audits), returns.rejected_audits
    (96, 0)
    """
    return read_with_rows(paths, framework=framework, year=year, today=today)[0]


def read_with_rows(
    paths: Given | Iterable[Given],
    *,
    framework: str | Path | None = None,
    year: str | None = None,
    today: dt.date | None = None,
) -> tuple[AuditReturns, list[ReturnTable]]:
    """Read audit returns, and keep the rows as they were written, for those who have to mend them.

    Parameters
    ----------
    paths, framework, year, today
        As for `read_returns`.

    Returns
    -------
    tuple
        The returns, and the sheets that were read as returns; none where the returns were kept by `AuditReturns.save`.
    """
    paths = [paths] if isinstance(paths, Given) else list(paths)
    if len(paths) == 1 and not isinstance(paths[0], DatabaseQuery) and _is_saved(Path(paths[0])):
        return _open_saved(Path(paths[0])), []
    if year is not None:
        check_year(year)
    key = pseudonym_key()
    sources, problems = find_sources(paths)
    sheets, documents, faults = read_files(sources)
    problems += faults
    mended = MendedRows(sheets)
    sheets = [mended.apply(sheet) for sheet in mended.returns]
    chosen = load_framework(framework) if framework is not None else matching_framework(sheets, documents)
    codebook = load_codebook(chosen.codebook or None)
    reading = Reading(chosen, problems, latest=today or today_in_london(), year=year, codebook=codebook)
    for sheet in sheets:
        reading.read(sheet)
    reading.read_documents(documents, mended)
    reading.account_for_mended(mended)
    tables = reading.tables(key)
    found, checks = validate(tables, chosen)
    problems = in_order([*reading.problems, *found])
    tables |= {"checks": checks, "problems": PROBLEMS.build(problems), "senders": reading.senders(problems, key=key)}
    tables |= _themed(tables, chosen, codebook)
    tables |= flag_audits(tables, chosen)
    tables |= {"hidden": HIDDEN_COUNTS.build([]), "hidden_themes": HIDDEN_THEMES.build([])}
    returns = AuditReturns(
        chosen,
        rejected_audits=reading.rejected_audits,
        sources={source.name: source.sha256 for source in sources},
        themes=codebook.titles,
        reminders=codebook.reminders,
        recommendations=codebook.recommendations,
        codebook={"name": codebook.name, "sha256": codebook.sha256},
        **tables,
    )
    return returns, [raw.table for raw in reading.read_audits]


def _themed(tables: dict[str, pd.DataFrame], framework: Framework, codebook: Codebook) -> dict[str, pd.DataFrame]:
    """The tables of what the comments speak of."""
    statements = split_findings(tables["findings"], tables["actions"])
    coded = code_findings(statements, codebook)
    if framework.disclosure.quotes == "none":
        return {"coded": coded, "quotes": QUOTES.build([])}
    return {
        "coded": coded,
        "quotes": choose_quotes(statements, coded, tables["audits"], tables["identifiers"], codebook),
    }


def _is_saved(folder: Path) -> bool:
    try:
        return (folder / _SAVED).is_file()
    except OSError:
        return False  # it may not be entered; that is said where files are looked for


def _open_saved(folder: Path) -> AuditReturns:
    about = json.loads((folder / _SAVED).read_text(encoding="utf-8"))
    tables = {
        name: table.build([] if name in NEVER_KEPT else pd.read_parquet(folder / f"{name}.parquet"))
        for name, table in _TABLES.items()
    }
    about["framework"] = Framework.model_validate(about["framework"])
    return AuditReturns(**tables, **about)
