"""Audits as numbers, and one auditor's held against the rest's: what severity and drift are worked out from.

Grades alone cannot tell a strict auditor from one who was given weaker cases. So two things are weighed that do not
repeat each other: the auditor's grades against the rest's, between audits of like teams, case types and quarters; and,
where audits were moderated, what moderators gave cases that had been graded alike. Grades are ranks here, never codes
that are averaged, and nothing is said of few audits.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from auditanalytics.errors import ArgumentError
from auditanalytics.frameworks import Framework
from auditanalytics.grades import fold_label
from auditanalytics.intervals import CONFIDENCE
from auditanalytics.kept_tables import FEWEST_OF_A_WORD
from auditanalytics.periods import reported_quarters
from auditanalytics.returns import AuditReturns

ALIKE = 0.5
"""How often a grade is the lower of two, ties halved, where nobody grades lower than others."""

FEWEST_AUDITS_OF_AN_AUDITOR = 10
"""With fewer, of an auditor or of all others together, there is not enough to say. From the grades of ten audits, among
a dozen auditors, four in five are seen only of those who differ by 1.3 standard deviations of case quality."""

FEWEST_TO_SPARE = 10
"""How many audits a comparison needs beyond what it estimates; with fewer its error is a guess itself."""

CONTRADICTION = 0.99
"""Where grades and moderation differ by more than chance would make them this often, they contradict each other; at
95% that would silence one in twenty true differences, and more where moderators see the first grade."""

NAMING = 0.97
"""How often nobody is called different where nobody is. More than the 95% of other findings, because somebody would be
named; so that a fair service names nobody in at least 95 of 100 simulations, however they fall."""

NOT_ENOUGH = "not enough to say"

FEW_AUDITS = f"fewer than {FEWEST_AUDITS_OF_AN_AUDITOR} audits"
FEW_OTHERS = f"{FEW_AUDITS} of others"

_OF_GRADES, _OF_MODERATION = ("quarter", "team", "case_type"), ("quarter", "moderator")
"""What the two comparisons hold equal: what makes cases differ, and what makes moderated grades differ."""

_GRADES = ("grade", "moderated_grade")

_NOTHING_LEFT = 1e-9


class Comparison(NamedTuple):
    """One or several sets of an auditor's audits, held against the rest; arrays with an element for each set.

    Attributes
    ----------
    severity
        How much likelier than 1/2 a grade of theirs is to be lower than one of the rest; missing where it cannot be
        told.
    error, freedom
        The standard error of it, and the degrees of freedom of the error.
    from_rest, from_moderation
        What each of the two comparisons says by itself; missing where it cannot.
    contradicted
        Whether the two differ by more than chance, or point opposite ways where the whole differs from nothing.
    """

    severity: NDArray[np.float64]
    error: NDArray[np.float64]
    freedom: NDArray[np.float64]
    from_rest: NDArray[np.float64]
    from_moderation: NDArray[np.float64]
    contradicted: NDArray[np.bool_]

    def limits(self, confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the lower and the upper limit of the severity at a confidence."""
        from scipy.special import stdtrit

        reach = stdtrit(self.freedom, (1 + confidence) / 2) * self.error
        return self.severity - reach, self.severity + reach


def naming_confidence(auditors: int) -> float:
    """Give the confidence that the interval of each of several auditors needs, for one to be named by it.

    Parameters
    ----------
    auditors
        How many are compared.

    Returns
    -------
    float
        From 0 to 1.

    Notes
    -----
    Bonferroni's inequality, as in `comparisons.family_confidence`.

    Examples
    --------
    >>> naming_confidence(10)
    0.997
    """
    return 1 - (1 - NAMING) / max(auditors, 1)


def score_audits(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Give every audit that has an auditor and a grade one number, and one for what its moderator gave.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The last quarter whose audits are scored; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        A row for every audit: its auditor and quarter; its team, case type and moderator, folded, and empty where they
        are not given or seldom written; ``score``, the mean of its judgements' ridits, and of those judgements that
        were moderated ``paired_score`` by the auditor's grades and ``moderated_score`` by the moderator's. A ridit is
        the share of all auditors' grades in the category that are lower, and half of those that are equal. Nobody
        moderates their own audit.

    Raises
    ------
    ChoiceError
        If there is no such quarter.
    ArgumentError
        If the returns are for sharing.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> scored = score_audits(read_returns("data/example"))
    >>> print(f"{scored['score'].mean():.3f}, {scored['moderated_score'].count()} moderated")
    0.500, 12 moderated
    """
    if returns.is_shared:
        raise ArgumentError("how auditors grade is for internal use; it is in no report for sharing")
    quarters = reported_quarters(returns, through=through)
    audits = returns.audits[returns.audits["auditor"].notna() & returns.audits["quarter"].isin(quarters)]
    judgements = returns.judgements[returns.judgements["grade"].notna()]
    judgements = judgements.merge(audits[["audit_id", "auditor", "moderator"]], on="audit_id")
    scores = _ridits(judgements, returns.framework).assign(audit_id=judgements["audit_id"])
    by_another = judgements["moderator"].isna() | (judgements["moderator"] != judgements["auditor"])
    scores["moderated_score"] = scores["moderated_score"].where(by_another)
    scores["paired_score"] = scores["score"].where(scores["moderated_score"].notna())
    groups = {factor: _groups(audits[factor]) for factor in ("team", "case_type", "moderator")}
    audits = audits[["audit_id", "auditor", "quarter"]].assign(**groups)
    return audits.merge(scores.groupby("audit_id").mean(), on="audit_id")


def _groups(written: pd.Series) -> pd.Series:
    """The groups of a factor; those that are seldom written, or not at all, are one."""
    groups = written.astype(object).where(written.notna(), "").map(fold_label)
    return groups.where(groups.map(groups.value_counts()) >= FEWEST_OF_A_WORD, "")


def _ridits(judgements: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """The ridits of the auditors' and of the moderators' grades, both among all auditors' grades of the category."""
    given, moderated = (_places(judgements["domain"], judgements[name], framework) for name in _GRADES)
    category = judgements.groupby(["domain", "category"]).ngroup().to_numpy()
    counts = np.zeros((category.max(initial=-1) + 1, max(given.max(initial=0), moderated.max(initial=0)) + 1))
    np.add.at(counts, (category, given), 1)
    ridit = (counts.cumsum(axis=1) - counts / 2) / counts.sum(axis=1, keepdims=True)
    scores = {"score": ridit[category, given]}
    scores["moderated_score"] = np.where(moderated >= 0, ridit[category, moderated], np.nan)
    return pd.DataFrame(scores, index=judgements.index)


def _places(domains: pd.Series, grades: pd.Series, framework: Framework) -> NDArray[np.int_]:
    """The place of every grade on the scale of its domain, the lowest 0; -1 where there is none."""
    of_domain, names = pd.factorize(domains)
    of_grade, words = pd.factorize(grades)
    scales = [framework.scale(name).grades[::-1] for name in names]
    # What is missing is numbered -1, and so finds the last column.
    places = [[scale.index(word) if word in scale else -1 for word in (*words, None)] for scale in scales]
    return np.array(places, dtype=int).reshape(len(names), -1 if len(names) else 1)[of_domain, of_grade]


def too_few(audits: int, others: int) -> str | None:
    """Say why nothing can be said of so many audits beside so many of others; None where something can.

    Parameters
    ----------
    audits
        How many audits of the auditor there are.
    others
        How many of all other auditors.

    Returns
    -------
    str or None
        The reason.

    Examples
    --------
    >>> too_few(9, 200), too_few(10, 10)
    ('fewer than 10 audits', None)
    """
    if audits < FEWEST_AUDITS_OF_AN_AUDITOR:
        return FEW_AUDITS
    return FEW_OTHERS if others < FEWEST_AUDITS_OF_AN_AUDITOR else None


def compare_with_rest(scored: pd.DataFrame, theirs: NDArray[np.bool_]) -> Comparison:
    """Hold sets of one auditor's audits against all audits in none of them.

    Parameters
    ----------
    scored
        The audits of `score_audits`.
    theirs
        Which audits are in each set; a row for every audit and a column for every set.

    Returns
    -------
    Comparison
        An element for every set.

    Examples
    --------
    Two auditors who gave the same cases other grades, one always lower:

    >>> scored = pd.DataFrame({"quarter": "", "team": "", "case_type": "", "moderator": "",
    ...     "score": [0.3, 0.5] * 10 + [0.5, 0.7] * 10, "paired_score": np.nan, "moderated_score": np.nan})
    >>> compare_with_rest(scored, np.repeat([[True], [False]], 20, axis=0)).severity.round(3).tolist()
    [0.2]
    """
    sets = theirs.astype(float)
    response = scored["score"].to_numpy(float)
    effect, variance, freedom = _effects(sets, _held_equal(scored, _OF_GRADES), response)
    moderated = scored["moderated_score"].notna().to_numpy()
    some = scored[moderated]
    columns = np.column_stack([sets[moderated], some["paired_score"].to_numpy(float)])
    response = some["moderated_score"].to_numpy(float)
    gap, of_gap, freedom_of_gap = _effects(columns, _held_equal(some, _OF_MODERATION), response)
    # A case that the auditor graded d was graded d + severity by the rest; of those, moderators give slope * d.
    slope = gap[-1] if gap[-1] > 0 else np.nan
    return _weigh((-effect, variance, freedom), (gap[:-1] / slope, of_gap[:-1] / slope**2, freedom_of_gap))


def _held_equal(audits: pd.DataFrame, factors: tuple[str, ...]) -> NDArray[np.float64]:
    """A column for every group of each factor, and one for all."""
    groups = [audits[factor].to_numpy(object)[:, None] for factor in factors]
    return np.hstack([np.ones((len(audits), 1)), *(each == np.unique(each) for each in groups)])


def _effects(
    columns: NDArray[np.float64], held_equal: NDArray[np.float64], response: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The effects of columns on a response beside what is held equal, their variances and degrees of freedom.

    They are missing where they cannot be told from what is held equal, and where too few audits are left over.
    """
    unknown = np.full(columns.shape[1], np.nan)
    if not len(response):
        return unknown, unknown, np.nan
    basis, sizes, _ = np.linalg.svd(held_equal, full_matrices=False)
    basis = basis[:, sizes > _NOTHING_LEFT * sizes[0]]
    left = columns - basis @ (basis.T @ columns)
    left[:, (left**2).sum(axis=0) <= _NOTHING_LEFT * (columns**2).sum(axis=0)] = 0
    residual = response - basis @ (basis.T @ response)
    squares = left.T @ left
    inverse = np.linalg.pinv(squares, rcond=_NOTHING_LEFT, hermitian=True)
    effect = inverse @ (left.T @ residual)
    told = np.isclose(inverse @ squares, np.eye(len(squares))).all(axis=0)
    freedom = len(response) - basis.shape[1] - np.linalg.matrix_rank(squares, tol=_NOTHING_LEFT, hermitian=True)
    if freedom < FEWEST_TO_SPARE:
        return unknown, unknown, np.nan
    spread = ((residual - left @ effect) ** 2).sum() / freedom
    # Never quite nothing, so that auditors who always give one grade can be weighed too.
    variance = np.maximum(spread, _NOTHING_LEFT) * np.diag(inverse)
    return np.where(told, effect, np.nan), np.where(told, variance, np.nan), float(freedom)


def _weigh(*sources: tuple[NDArray[np.float64], NDArray[np.float64], float]) -> Comparison:
    """Weigh two independent estimates, either of which may be missing, by the inverse of their variances."""
    from scipy.special import ndtri

    of_each, variance = (np.array([source[at] for source in sources]) for at in (0, 1))
    weight = np.nan_to_num(1 / variance)
    total = np.where(weight.any(axis=0), weight.sum(axis=0), np.nan)
    share = weight / total
    freedom = np.where(weight > 0, np.array([[source[2]] for source in sources]), np.inf)
    severity = (share * np.nan_to_num(of_each)).sum(axis=0)
    error = np.sqrt((1 + 4 * (share * (1 - share) / freedom).sum(axis=0)) / total)
    apart = np.abs(of_each[0] - of_each[1]) > ndtri((1 + CONTRADICTION) / 2) * np.sqrt(variance.sum(axis=0))
    opposite = (of_each.prod(axis=0) < 0) & (np.abs(severity) > ndtri((1 + CONFIDENCE) / 2) * error)
    return Comparison(severity, error, 1 / (share**2 / freedom).sum(axis=0), *of_each, apart | opposite)
