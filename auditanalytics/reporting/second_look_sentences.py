"""Sentences about second looks: at audits that call for one, and at auditors who grade otherwise than the rest."""

from typing import Any

import pandas as pd

from auditanalytics.english import counted, listed
from auditanalytics.severity import GRADED_HIGHER, GRADED_LOWER, NO_EVIDENCE, NOT_ENOUGH

HOW_TO_MODERATE = (
    "auditanalytics moderate draw, with the seed 0 and no share of its own, writes the same into a workbook for "
    "moderators; auditanalytics lookup says which record an audit is."
)

SEVERITY_NOTES = [
    "In so many of 100 pairs, one audit of the auditor's and one of the rest, the auditor's grade is the lower "
    "one, ties halved; 50 is alike. Lines are 95% intervals.",
    "In the order of the pseudonyms: it is no ranking.",
]

CAUTIONS_OF_MODERATION = [
    "That the moderator is right where two grades differ: both are judgements, and what counts is what they agree on.",
    "That agreement on a handful of audits is that of a team or an auditor: it is read by the quarter, and best by the "
    "year.",
    "That an audit with a sign is wrong, or one without is right: a sign asks somebody to read it again.",
    "That an auditor whose grades are lower is too strict: who audits the harder cases grades lower, too.",
]
"""What nobody may conclude from the page of moderation."""


def describe_flags(flags: pd.DataFrame, audits: int, when: str) -> str:
    """Say in how many audits there is a sign that a second look is due.

    Parameters
    ----------
    flags
        Rows of `schema.CONSISTENCY_FLAGS` of one quarter.
    audits
        How many audits the quarter has.
    when
        The quarter in words.

    Returns
    -------
    str
        A sentence.
    """
    if flags.empty:
        return f"None of the {counted(audits, 'audit')} of {when} has a sign that a second look is due."
    found = flags["audit"].nunique()
    have = "has" if found == 1 else "have"
    return (
        f"{found:,} of {counted(audits, 'audit')} of {when} {have} a sign that a second look is due. Each has innocent "
        "causes; none changes a grade or is counted anywhere."
    )


def describe_auditors(severity: pd.DataFrame, drift: pd.DataFrame) -> list[str]:
    """Say which auditors grade otherwise than the rest as far as can be told, and of how many nothing can be said.

    Parameters
    ----------
    severity
        `schema.AUDITOR_SEVERITY`, at least a row.
    drift
        `schema.AUDITOR_DRIFT`.

    Returns
    -------
    list of str
        Sentences, with the warning that belongs to them.
    """
    assessed = severity[severity["lower"].notna()]
    unclear = len(severity) - len(assessed)
    sentences = []
    for finding, words in ((GRADED_LOWER, "lower"), (GRADED_HIGHER, "higher")):
        who = assessed.loc[assessed["finding"] == finding, "auditor"].tolist()
        if who:
            verb = "grades" if len(who) == 1 else "grade"
            sentences.append(
                f"{listed(who)} {verb} {words} than the rest, by more than chance among so many comparisons."
            )
    if not sentences and len(assessed) and (assessed["finding"] == NO_EVIDENCE).all():
        who = "The one auditor" if len(assessed) == 1 else f"None of the {len(assessed):,} auditors"
        verb = "does not grade" if len(assessed) == 1 else "grades"
        sentences.append(f"{who} with enough audits {verb} otherwise than the rest by more than chance.")
    apart = int((assessed["finding"] == NOT_ENOUGH).sum())
    if apart:
        lie = "lie" if apart > 1 else "lies"
        sentences.append(
            f"By grades alone {counted(apart, 'auditor')} {lie} apart from the rest. Too few of their audits are "
            "moderated to tell a strict reading from harder cases, so nobody is named."
        )
    if unclear:
        sentences.append(f"Of {counted(unclear, 'auditor')} there is not enough to say.")
    moved = drift[~drift["finding"].isin([NO_EVIDENCE, NOT_ENOUGH])].drop_duplicates("auditor")
    sentences += [f"{row.auditor} {row.finding}." for row in moved.itertuples()]
    return [*sentences, _CASE_MIX]


_CASE_MIX = (
    "Cases are seldom given out by lot: an auditor of harder cases, or of a team that nobody recorded, grades lower "
    "and is not stricter for it. Only where the moderators, too, put the same cases higher or lower does a difference "
    "speak of the auditor; talk before anything else."
)


def finding_of(row: Any) -> str:
    """Say what is found of an auditor, as a cell of a table.

    Parameters
    ----------
    row
        A row of `schema.AUDITOR_SEVERITY`.

    Returns
    -------
    str
        Words.
    """
    return row.finding if pd.isna(row.reason) else f"{row.finding}: {row.reason}"
