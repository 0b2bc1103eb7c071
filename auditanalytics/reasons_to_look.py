"""Why an audit is to be looked at a second time, whatever the lot says.

The ends of the scale weigh most with a service and are the easiest to get wrong; a sign that does not fit, a challenge
and an auditor who is still learning the scale are reasons too. A reason is never a finding: it says where to look.
"""

import pandas as pd

from auditanalytics.challenges import CHALLENGED
from auditanalytics.consistency import FLAGS
from auditanalytics.english import as_part
from auditanalytics.frameworks import OVERALL, Framework
from auditanalytics.grades import INADEQUATE, GradeScale
from auditanalytics.returns import AuditReturns

MOST_JUDGEMENTS = 0.5
"""An audit without an overall judgement counts as Inadequate, or as the best, if more than this share of its judgements
is: then no other reading of the whole has more of them on its side."""

_BEST = "best"


def graded_audits(returns: AuditReturns) -> pd.DataFrame:
    """Give the audits in which at least one judgement was graded by the auditor.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    pandas.DataFrame
        `schema.AUDITS`, in their order.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> len(graded_audits(read_returns("data/example")))
    96
    """
    graded = returns.judgements.loc[returns.judgements["grade"].notna(), "audit_id"]
    return returns.audits[returns.audits["audit_id"].isin(graded)]


def reasons_to_look(returns: AuditReturns, audits: pd.Series) -> dict[str, list[str]]:
    """Say why audits are to be looked at a second time.

    Parameters
    ----------
    returns
        Audit returns.
    audits
        The pseudonyms of the audits in question.

    Returns
    -------
    dict
        For each audit with a reason its reasons, as parts of a sentence: about its grades (Inadequate, or the best
        where the scale has a grade above plain good), then its flags, a challenge, and a new auditor.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> returns = read_returns("data/example")
    >>> reasons = reasons_to_look(returns, returns.audits["audit_id"])
    >>> sum("the overall judgement is Inadequate" in each for each in reasons.values())
    24
    """
    found = [
        _reasons_of_overall(returns, audits),
        _reasons_of_most(returns, audits),
        _reasons_of_flags(returns, audits),
        _reasons_of_challenges(returns, audits),
        _reasons_of_new_auditors(returns, audits),
    ]
    reasons: dict[str, list[str]] = {}
    for audit, reason in pd.concat(found).items():
        reasons.setdefault(str(audit), []).append(reason)
    return reasons


def _grades_to_look_at(scale: GradeScale) -> dict[str, str]:
    """Which end of the scale each grade at one is; the best only where it lies above plain good."""
    best = {scale.grades[0]: _BEST} if len(scale.good) > 1 else {}
    return best | dict.fromkeys(scale.inadequate, INADEQUATE)


def _overall_grades(returns: AuditReturns, audits: pd.Series) -> pd.Series:
    rows = returns.judgements[(returns.judgements["domain"] == OVERALL) & returns.judgements["grade"].notna()]
    return rows[rows["audit_id"].isin(audits)].drop_duplicates("audit_id").set_index("audit_id")["grade"].astype(object)


def _reasons_of_overall(returns: AuditReturns, audits: pd.Series) -> pd.Series:
    grades = _overall_grades(returns, audits)
    if not len(grades):
        return grades
    return "the overall judgement is " + grades[grades.isin(_grades_to_look_at(returns.framework.scale(OVERALL)))]


def _reasons_of_most(returns: AuditReturns, audits: pd.Series) -> pd.Series:
    """Of audits without an overall judgement, those whose judgements are mostly at one end of their scale."""
    framework = returns.framework
    without = audits[~audits.isin(_overall_grades(returns, audits).index)]
    rows = returns.judgements[returns.judgements["audit_id"].isin(without) & returns.judgements["grade"].notna()]
    ends = {domain: _grades_to_look_at(framework.scale(domain)) for domain in framework.domain_titles}
    end = [ends[domain].get(grade) for domain, grade in zip(rows["domain"], rows["grade"], strict=True)]
    found = [pd.Series(dtype=object)]
    for name in (INADEQUATE, _BEST):
        shares = (
            pd.Series([each == name for each in end], index=rows.index, dtype=bool).groupby(rows["audit_id"]).mean()
        )
        reason = f"more than half of its judgements are {_names_of(name, framework)}"
        found.append(pd.Series(reason, index=shares.index[shares > MOST_JUDGEMENTS], dtype=object))
    return pd.concat(found)


def _names_of(end: str, framework: Framework) -> str:
    """The grades at one end of the scales of the domains."""
    ends = [_grades_to_look_at(framework.scale(domain.id)) for domain in framework.domains]
    names = list(dict.fromkeys(grade for each in ends for grade, at in each.items() if at == end))
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _reasons_of_flags(returns: AuditReturns, audits: pd.Series) -> pd.Series:
    flags = returns.flags[returns.flags["audit"].isin(audits)].drop_duplicates(["audit", "flag"])
    said = [as_part(FLAGS[code].title) for code in flags["flag"]]
    return pd.Series(said, index=flags["audit"].to_numpy(), dtype=object).sort_values(kind="stable")


def _reasons_of_challenges(returns: AuditReturns, audits: pd.Series) -> pd.Series:
    challenged = returns.audits.loc[returns.audits["challenge"] == CHALLENGED, "audit_id"]
    return pd.Series("the grades were challenged", index=challenged[challenged.isin(audits)].to_numpy(), dtype=object)


def _reasons_of_new_auditors(returns: AuditReturns, audits: pd.Series) -> pd.Series:
    """Audits of the same day are counted in the order of their pseudonyms, because files may come in any order."""
    most = returns.framework.moderation.first_audits
    dated = graded_audits(returns).dropna(subset="auditor").sort_values(["period_date", "audit_id"])
    is_new = dated.groupby("auditor")["quarter"].transform("min") > returns.audits["quarter"].min()
    first = dated.loc[is_new & (dated.groupby("auditor").cumcount() < most), "audit_id"]
    reason = "the first audit of a new auditor" if most == 1 else f"one of the first {most} audits of a new auditor"
    return pd.Series(reason, index=first[first.isin(audits)].to_numpy(), dtype=object)
