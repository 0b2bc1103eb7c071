"""How severely each auditor grades, and what may be said of it.

Nobody is called different on few audits, nor where their grades and the moderation of their audits contradict each
other, and nobody is ranked: rows stand in the order of the pseudonyms. What is found is a reason to read audits
together, not a verdict on anybody: it is of grades, and the cases may differ in ways that nobody recorded.
"""

from typing import Any

import numpy as np
import pandas as pd

from auditanalytics.auditor_comparison import (
    ALIKE,
    NOT_ENOUGH,
    Comparison,
    compare_with_rest,
    naming_confidence,
    score_audits,
    too_few,
)
from auditanalytics.evidence import NO_EVIDENCE
from auditanalytics.intervals import CONFIDENCE
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import AUDITOR_SEVERITY

GRADED_LOWER, GRADED_HIGHER = "graded lower", "graded higher"

NOTHING_ALIKE = "nobody else audits such cases, and too few audits are moderated"
ALL_ALIKE = "all grades are the same"
FROM_GRADES_ALONE = "from grades alone, not from moderation: the cases may differ"
FROM_MODERATION_ALONE = "from moderation alone: nobody else audits such cases"
BESIDE_OTHERS = "alike once those who differ more are left out"
CONTRADICTED = "grades and moderation contradict each other: the cases may differ"

_ROUNDING = 1e-9
"""By how much somebody must differ more, so that it is no rounding error that decides."""

_CHANCES = ["lower", "low", "high", "low_of_all", "high_of_all", "from_rest", "from_moderation"]


def auditor_severity(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Say of every auditor whether they graded lower or higher than the rest.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The last quarter whose audits are compared; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.AUDITOR_SEVERITY`, a row for every auditor in the order of the pseudonyms. ``lower`` is the chance that
        a grade of theirs is lower than one of the rest in the same category, ties halved, were the cases alike: 0.5
        means alike. ``low`` and ``high`` are its 95% limits, ``low_of_all`` and ``high_of_all`` those by which one of
        all auditors compared may be named (`auditor_comparison.NAMING`); ``finding`` says lower or higher only where
        these leave out 0.5, with and without the others who differ more, and the two comparisons do not contradict
        each other. ``reason`` is what to bear in mind. Numbers are missing where there is not enough to say.

    Raises
    ------
    ChoiceError
        If there is no such quarter.
    ArgumentError
        If the returns are for sharing: how somebody grades is for internal use.

    Notes
    -----
    An audit's score is the mean of its judgements' ridits (Bross 1958, Biometrics 14, 18 to 38), by the auditor's
    grades, each within its category; a difference of mean ridits is the probability of superiority less 1/2, and
    ``lower`` just that where nothing has to be held equal. The first comparison is that of means, adjusted by least
    squares; the second the analysis of covariance of the moderated score on the auditor's, which a choice of audits by
    the auditor's grade or at random does not bias (Rubin 1976, Biometrika 63, 581 to 592). As the likelihood factors
    into these two (Anderson 1957, Journal of the American Statistical Association 52, 200 to 203), they are weighed by
    their inverse variances. The error allows for weights that are estimated (Meier 1953, Biometrics 9, 59 to 73), its
    degrees of freedom are Satterthwaite's (1946, Biometrics Bulletin 2, 110 to 114). ``shrunk`` is drawn toward 0.5 by
    the variance between auditors, estimated from moments (DerSimonian and Laird 1986, Controlled Clinical Trials 7,
    177 to 188).

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> severity = auditor_severity(read_returns("data/example"))
    >>> severity["finding"].value_counts().to_dict()
    {'not enough to say': 13, 'no evidence': 1}
    """
    scored = score_audits(returns, through=through)
    rows = scored.groupby("auditor")[["score", "moderated_score"]].count().set_axis(["audits", "moderated"], axis=1)
    reasons = {auditor: _too_little(scored, number) for auditor, number in rows["audits"].items()}
    compared = {auditor: _compare(scored, auditor) for auditor, reason in reasons.items() if not reason}
    compared = {auditor: each for auditor, each in compared.items() if np.isfinite(each.severity[0])}
    shrunk, findings = _shrunken(compared), _findings(scored, compared)
    told = {
        auditor: _numbers(compared[auditor], len(compared)) | {"shrunk": shrunk[auditor], **findings[auditor]}
        if auditor in compared
        else {"finding": NO_EVIDENCE if reason == ALL_ALIKE else NOT_ENOUGH, "reason": reason or NOTHING_ALIKE}
        for auditor, reason in reasons.items()
    }
    return AUDITOR_SEVERITY.build(rows.join(pd.DataFrame.from_dict(told, orient="index")).reset_index())


def _too_little(scored: pd.DataFrame, audits: int) -> str | None:
    """Why an auditor of so many audits is not compared."""
    return too_few(audits, len(scored) - audits) or (ALL_ALIKE if scored["score"].nunique() == 1 else None)


def _compare(scored: pd.DataFrame, auditor: str) -> Comparison:
    return compare_with_rest(scored, (scored["auditor"] == auditor).to_numpy()[:, None])


def _numbers(comparison: Comparison, number: int) -> dict[str, Any]:
    low, high = comparison.limits(CONFIDENCE)
    values = [comparison.severity, low, high, *comparison.limits(naming_confidence(number))]
    values += [comparison.from_rest, comparison.from_moderation]
    chances = {name: float(np.clip(ALIKE + each[0], 0, 1)) for name, each in zip(_CHANCES, values, strict=True)}
    return chances | {"comparisons": number}


def _findings(scored: pd.DataFrame, compared: dict[str, Comparison]) -> dict[str, dict[str, str | None]]:
    """What is found of each auditor, and what to bear in mind.

    Beside one who grades low the others seem to grade high. So whoever seems to differ must do so, too, where those who
    differ more are left out.
    """
    findings = {auditor: _finding(comparison, len(compared)) for auditor, comparison in compared.items()}
    notes = {auditor: _note(comparison) for auditor, comparison in compared.items()}
    size = {auditor: abs(each.severity[0]) / each.error[0] for auditor, each in compared.items()}
    differ: list[str] = []
    for auditor in sorted(compared, key=size.__getitem__, reverse=True):
        if findings[auditor] == NO_EVIDENCE:
            continue
        more = [other for other in differ if size[other] > size[auditor] * (1 + _ROUNDING)]
        again = _compare(scored[~scored["auditor"].isin(more)], auditor)
        if np.isnan(again.severity[0]) or _finding(again, len(compared)) == findings[auditor]:
            differ.append(auditor)
        else:
            findings[auditor], notes[auditor] = NO_EVIDENCE, BESIDE_OTHERS
    # Where teams that nobody recorded audit other cases, grades alone would name somebody in most fair services.
    from_grades = [auditor for auditor in differ if notes[auditor] == FROM_GRADES_ALONE]
    findings |= dict.fromkeys(from_grades, NOT_ENOUGH)
    return {auditor: {"finding": findings[auditor], "reason": notes[auditor]} for auditor in compared}


def _finding(comparison: Comparison, number: int) -> str:
    low, high = comparison.limits(naming_confidence(number))
    if comparison.contradicted[0] or low[0] <= 0 <= high[0]:
        return NO_EVIDENCE
    return GRADED_LOWER if low[0] > 0 else GRADED_HIGHER


def _note(comparison: Comparison) -> str | None:
    if np.isnan(comparison.from_moderation[0]):
        return FROM_GRADES_ALONE
    if np.isnan(comparison.from_rest[0]):
        return FROM_MODERATION_ALONE
    return CONTRADICTED if comparison.contradicted[0] else None


def _shrunken(compared: dict[str, Comparison]) -> dict[str, float]:
    """What each auditor is likely to be, given how much auditors differ: one half where they do not."""
    severity = np.array([comparison.severity[0] for comparison in compared.values()])
    variance = np.array([comparison.error[0] ** 2 for comparison in compared.values()])
    between = 0.0
    if compared:
        between = max(0.0, ((severity**2 / variance).sum() - len(compared)) / (1 / variance).sum())
    likely = np.clip(ALIKE + severity * between / (between + variance), 0, 1)
    return dict(zip(compared, likely.tolist(), strict=True))
