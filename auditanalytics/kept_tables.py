"""What of the tables of a reading is kept for the notebooks: what counting and checking need, and no more.

Nothing that anybody wrote is kept but teams and audit types that are written often, and words that were found to be on
a scale or in the codebook. Children and case types become numbers, and so do teams that are rarely written, because it
is enough to know which are the same.
"""

from collections.abc import Mapping

import pandas as pd

from auditanalytics.grades import UNKNOWN, fold_label

NEVER_KEPT = ("findings", "identifiers", "headers")
"""The tables of which nothing is kept: they hold what was written."""

_KEPT_OF_AUDITS = [
    *("audit_id", "quarter", "period_date", "child", "auditor", "moderator", "team", "case_type", "audit_type"),
    *("moderated_on", "challenge", "challenge_outcome"),
]

FEWEST_OF_A_WORD = 3
"""A word written less often as a team or as the type of an audit may be somebody's name, and is not kept."""

OTHER_TYPES, RARE_TEAM = "other types", "rarely written team"
"""Stand for the types of audit, and with a number for a team, that are written less often."""


def kept_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give the tables that are kept, without what somebody wrote.

    Parameters
    ----------
    tables
        The tables of a reading, by name, as `returns.AuditReturns` has them.

    Returns
    -------
    dict of pandas.DataFrame
        By name, those of which something is kept. Of next steps their dates are kept, not what is to be done nor by
        whom; of feedback whose it is and the score, not what they said; of moderation no reason.
    """
    audits, senders = _without_rare_teams(tables["audits"][_KEPT_OF_AUDITS], tables["senders"])
    ledger = tables["ledger"]
    kept = {
        "audits": _with_children_numbered(_without_rare_types(audits)),
        "actions": tables["actions"].drop(columns=["action", "role", "person"]),
        "feedback": tables["feedback"].drop(columns="text"),
        "moderations": tables["moderations"].drop(columns="reason"),
        "senders": senders,
        "problems": tables["problems"].drop(columns="value"),
        "ledger": ledger.assign(label=ledger["label"].where(ledger["rule"] != UNKNOWN)),
    }
    return {name: kept.get(name, table) for name, table in tables.items() if name not in NEVER_KEPT}


def _without_rare_teams(*tables: pd.DataFrame) -> list[pd.DataFrame]:
    """The tables with a number for each team that is rarely written in all of them together."""
    folded = [table["team"].map(fold_label, na_action="ignore") for table in tables]
    written = pd.concat(folded).dropna().astype(object)
    times = written.value_counts()
    rare = [team for team in written.unique() if times[team] < FEWEST_OF_A_WORD]
    number = {team: f"{RARE_TEAM} {at}" for at, team in enumerate(rare, 1)}
    return [
        table.assign(team=table["team"].astype(object).mask(teams.isin(rare), teams.map(number)))
        for table, teams in zip(tables, folded, strict=True)
    ]


def _with_children_numbered(audits: pd.DataFrame) -> pd.DataFrame:
    """The audits with a number for each child, by which it is known how many children there are."""
    numbers = pd.Series(pd.factorize(audits["child"])[0] + 1, index=audits.index)
    return audits.assign(child=("child " + numbers.astype(str)).where(numbers > 0))


def _without_rare_types(audits: pd.DataFrame) -> pd.DataFrame:
    """The audits with case types numbered, and with the types that are rarely written as one."""
    folded = {name: audits[name].map(fold_label, na_action="ignore") for name in ("case_type", "audit_type")}
    number = {word: f"case type {at}" for at, word in enumerate(folded["case_type"].dropna().unique(), 1)}
    types = audits["audit_type"].astype(object)
    rare = folded["audit_type"].map(folded["audit_type"].value_counts()) < FEWEST_OF_A_WORD
    return audits.assign(case_type=folded["case_type"].map(number), audit_type=types.mask(rare, OTHER_TYPES))
