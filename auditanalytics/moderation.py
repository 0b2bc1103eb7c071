"""Which grade counts after moderation, and the three grades of every moderated judgement beside each other.

The auditor's grade, the moderated grade and the grade of record are three things. Moderation never overwrites what
the auditor wrote; the grade of record is worked out from both whenever it is asked for, and every page says that it
is the one counted.
"""

import pandas as pd

from auditanalytics.moderated_grades import RANDOM, agreed_grades
from auditanalytics.periods import reported_quarters
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import MODERATED_JUDGEMENTS

ALL = "all"
"""Stands in place of a quarter for all of them together."""

NOT_RECORDED = "not recorded"
"""How an audit came to be moderated, where no table of moderated grades says so."""


def grade_of_record(judgements: pd.DataFrame) -> pd.Series:
    """Give the grade that counts: the moderated one where there is one, otherwise the auditor's.

    Parameters
    ----------
    judgements
        Judgements (`schema.JUDGEMENTS`).

    Returns
    -------
    pandas.Series
        Grades, missing where there is none, on the index of the judgements.

    Examples
    --------
    >>> grade_of_record(pd.DataFrame({"grade": ["Good", "Good"], "moderated_grade": [None, "Inadequate"]})).tolist()
    ['Good', 'Inadequate']
    """
    return judgements["moderated_grade"].where(judgements["moderated_grade"].notna(), judgements["grade"])


def moderated_judgements(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give every judgement that was moderated, with the three grades and how far moderation moved it.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.MODERATED_JUDGEMENTS`, in the order of the returns. ``steps`` is missing where the auditor gave none.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> rows = moderated_judgements(read_returns("data/example"))
    >>> len(rows), rows["audit"].nunique(), int(rows["steps"].ne(0).sum())
    (192, 12, 29)
    """
    moderated = returns.judgements[returns.judgements["moderated_grade"].notna()]
    of_audit = returns.audits[["audit_id", "quarter", "auditor", "moderator"]]
    rows = moderated.merge(of_audit, on="audit_id").rename(columns={"audit_id": "audit"})
    rows = rows[rows["quarter"].isin(reported_quarters(returns, through=through))]
    # The first row that says how the audit was drawn, whole: a stratum from one and a probability from another fit not.
    chosen = returns.moderations.sort_values("stratum", kind="stable", key=pd.isna).drop_duplicates("audit_id")
    chosen = chosen.set_index("audit_id")[["stratum", "probability", "blind"]]
    rows = rows.join(chosen, on="audit").assign(grade_of_record=grade_of_record)
    rows["steps"] = _steps(rows, returns)
    return MODERATED_JUDGEMENTS.build(rows)


def _steps(rows: pd.DataFrame, returns: AuditReturns) -> pd.Series:
    """How many steps of its scale the moderated grade stands above the auditor's."""
    steps = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    for domain, of_domain in rows.groupby("domain"):
        ranks = returns.framework.scale(domain).ranks
        given, moderated = (of_domain[name].map(ranks) for name in ("grade", "moderated_grade"))
        steps[of_domain.index] = (given - moderated).astype("Int64")
    return steps


def moderated_audits(returns: AuditReturns) -> frozenset[str]:
    """Give the audits that somebody moderated, or of which it is written when.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    frozenset of str
        Pseudonyms of audits.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> len(moderated_audits(read_returns("data/example")))
    12
    """
    graded = returns.judgements.loc[returns.judgements["moderated_grade"].notna(), "audit_id"]
    dated = returns.audits.loc[returns.audits["moderated_on"].notna(), "audit_id"]
    return frozenset([*graded, *dated, *returns.moderations["audit_id"]])


def count_contested(returns: AuditReturns, *, through: str | None = None) -> int:
    """Count the judgements on which moderators differ, and of which nobody wrote down what they agreed on.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    int
        How many. They have no moderated grade, and so are in no measure of agreement.

    Raises
    ------
    ChoiceError
        If there is no such quarter.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> count_contested(read_returns("data/example"))
    0
    """
    quarters = reported_quarters(returns, through=through)
    audits = returns.audits.loc[returns.audits["quarter"].isin(quarters), "audit_id"]
    agreed = agreed_grades(returns.moderations[returns.moderations["audit_id"].isin(audits)])
    contested = agreed.loc[agreed["moderated_grade"].isna(), ["audit_id", "category"]]
    without = returns.judgements[returns.judgements["moderated_grade"].isna()]
    return len(contested.merge(without, on=["audit_id", "category"]))


def representative(moderated: pd.DataFrame) -> pd.Series:
    """Say which moderated judgements agreement may be estimated from.

    Where it was recorded how the audits of a quarter were chosen, only those drawn at random stand for others; audits
    that were looked at for a reason would make agreement look worse than it is, or better.

    Parameters
    ----------
    moderated
        `schema.MODERATED_JUDGEMENTS`.

    Returns
    -------
    pandas.Series
        True for those drawn at random, and for all of a quarter of which nothing was recorded.

    Examples
    --------
    >>> strata = pd.DataFrame({"quarter": ["2019-Q3", "2019-Q4", "2019-Q4"], "stratum": [None, "random", "certainty"]})
    >>> representative(strata).tolist()
    [True, True, False]
    """
    recorded = moderated["stratum"].notna().groupby(moderated["quarter"]).transform("any").astype(bool)
    return ~recorded | (moderated["stratum"] == RANDOM).fillna(False)
