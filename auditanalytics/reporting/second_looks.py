"""What the page of moderation shows of single audits and auditors: what to look at again, and who grades otherwise.

An audit and an auditor are pseudonyms, nobody is ranked, and a sign is never more than a reason to read again. None of
it is in a report for sharing.
"""

from typing import Any

import pandas as pd

from auditanalytics.consistency import CONSISTENCY, FLAGS
from auditanalytics.drift import auditor_drift
from auditanalytics.english import as_sentence, counted
from auditanalytics.periods import resolve_quarter
from auditanalytics.reporting import second_look_sentences as sentences
from auditanalytics.reporting.fragments import Fragment, for_internal_use, last_piece, paragraphs, plain_table, render
from auditanalytics.reporting.moderation_charts import draw_severity
from auditanalytics.reporting.moderation_sentences import NOT_SHARED, quarter_in_words, until
from auditanalytics.reporting.wording import percent
from auditanalytics.returns import AuditReturns
from auditanalytics.severity import auditor_severity
from auditanalytics.spot_checks import propose_spot_checks

MOST_ROWS = 25
"""Rows of audits, of each stratum, that a page shows; all of them are in the published table."""

_for_internal_use = for_internal_use(NOT_SHARED)


@_for_internal_use
def show_spot_checks(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show which audits of the reported quarter are to be looked at a second time, and why.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``.

    Returns
    -------
    Fragment
        Sentences and a table.
    """
    checks = propose_spot_checks(returns, quarter=quarter)
    said = [*checks.sentences, sentences.HOW_TO_MODERATE]
    shown = checks.drawn.groupby("stratum", sort=False).head(MOST_ROWS)  # or many with a reason would hide the others
    rows = [
        (row.audit, row.stratum.capitalize(), percent(row.probability), row.selection_reason)
        for row in shown.itertuples()
    ]
    table = plain_table(
        f"To look at again, {quarter_in_words(returns, checks.quarter)}",
        ("Audit", "Stratum", "Probability", "Why"),
        rows,
        numbers=("Probability",),
        note=_more(len(checks.drawn) - len(shown), "spot-check"),
        style="pseudonyms",
    )
    return Fragment(paragraphs(said).html + table, " ".join(said))


def _more(more: int, table: str) -> str:
    return f"{more:,} more are in tables/{table}.csv." if more > 0 else ""


@_for_internal_use
def show_consistency_flags(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show the signs that a second look is due in audits of the reported quarter.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``.

    Returns
    -------
    Fragment
        A sentence, how often each sign was met with what it asks, and the audits.
    """
    quarter = resolve_quarter(returns, quarter)
    audits = returns.audits.loc[returns.audits["quarter"] == quarter, "audit_id"]
    flags = returns.flags[returns.flags["audit"].isin(audits)]
    sentence = sentences.describe_flags(flags, len(audits), quarter_in_words(returns, quarter))
    met = flags.groupby("flag")["audit"].nunique()
    asked = plain_table(
        "Signs, and what they ask the moderator to look at",
        ("Sign", "Audits", "Look at"),
        [(flag.title, f"{met[code]:,}", flag.look_at) for code, flag in FLAGS.items() if code in met.index],
        numbers=("Audits",),
        style="prose",
    )
    found = plain_table(
        "Where they were met",
        ("Audit", "What was seen"),
        [(row.audit, row.reason) for row in flags.head(MOST_ROWS).itertuples()],
        note=_more(len(flags) - MOST_ROWS, "consistency-flags"),
        style="pseudonyms",
    )
    html = paragraphs([sentence]).html + asked + found + _not_looked_for(returns)
    return Fragment(html, sentence)


def _not_looked_for(returns: AuditReturns) -> str:
    """Which signs could not be looked for, or not in every audit, and why: silence would look like a pass."""
    checks = returns.checks[(returns.checks["subject"] == CONSISTENCY) & returns.checks["reason"].fillna("").ne("")]
    rows = [(FLAGS[row.code].title, as_sentence(row.reason)) for row in checks.itertuples()]
    return plain_table("Signs that were not looked for everywhere", ("Sign", "Why not"), rows, style="prose")


@_for_internal_use
def show_auditors(returns: AuditReturns, *, quarter: str) -> Fragment:
    """Show how each auditor grades against the rest, as a pseudonym and without a ranking.

    Parameters
    ----------
    returns
        Audit returns.
    quarter
        The reported quarter, or ``latest``; earlier quarters count too.

    Returns
    -------
    Fragment
        Sentences, a figure and tables.
    """
    quarter = resolve_quarter(returns, quarter)
    severity = auditor_severity(returns, through=quarter)
    if severity.empty:
        return paragraphs(["No audit names its auditor, so nothing can be said of auditors."])
    drift = auditor_drift(returns, through=quarter)
    said = sentences.describe_auditors(severity, drift)
    without = int(returns.audits.loc[returns.audits["quarter"] <= quarter, "auditor"].isna().sum())
    if without:
        said.append(f"Left out: {counted(without, 'audit')} without an auditor.")
    caption = f"Each auditor against the rest, up to {until(returns, quarter)}"
    parts = [paragraphs(said).html]
    assessed = severity[severity["lower"].notna()]
    if len(assessed):
        chart = draw_severity(assessed, caption)
        parts.append(render("figure", chart=chart, caption=caption, notes=sentences.SEVERITY_NOTES))
    rows = [
        (
            row.auditor,
            f"{row.audits:,}",
            f"{row.moderated:,}",
            _in_a_hundred(row),
            sentences.finding_of(row),
        )
        for row in assessed.itertuples()
    ]
    heads = ("Auditor", "Audits", "Moderated", "Lower than the rest, in 100 pairs", "What it bears")
    note = "All auditors are in tables/auditor-severity.csv, and their quarters in auditor-drift.csv."
    parts.append(plain_table(f"{caption}, in numbers", heads, rows, numbers=heads[1:4], note=note, style="pseudonyms"))
    return Fragment("".join(parts), " ".join(said))


def _in_a_hundred(row: Any) -> str:
    if pd.isna(row.lower):
        return "–"
    return f"{100 * row.lower:.0f} ({100 * row.low:.0f} to {100 * row.high:.0f})"


def close_moderation_page(returns: AuditReturns, *, run: str = "") -> Fragment:
    """Say what may not be concluded from the page of moderation, and prove that the notebook came to its end.

    Parameters
    ----------
    returns
        The audit returns the page was made from.
    run
        The run that asked for the page; "" in JupyterLab.

    Returns
    -------
    Fragment
        A list, and the proof.
    """
    return last_piece(returns, sentences.CAUTIONS_OF_MODERATION, run=run)
