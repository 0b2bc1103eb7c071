"""Every auditor's share of a tail, with the funnel in which the rest's share would put it.

Limits about the rest's share are narrower the more somebody has audited, so a share that lies outside them is not just
one of few audits. A funnel is a description: it knows nothing of the cases, one auditor in twenty lies outside the
inner limits by chance, and rows stand in the order of the pseudonyms, never of the shares.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from auditanalytics.auditor_comparison import FEWEST_AUDITS_OF_AN_AUDITOR
from auditanalytics.errors import ArgumentError, ChoiceError
from auditanalytics.frameworks import OVERALL
from auditanalytics.intervals import effective_sample_size
from auditanalytics.periods import reported_quarters
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import AUDITOR_FUNNEL

INNER, OUTER = 0.95, 0.998
"""The confidence of the two pairs of limits, two and three standard errors, as English public health draws them."""

_SUMS = ["n", "of", "audits", "sum_xx", "sum_xm", "sum_mm"]


def auditor_funnel(returns: AuditReturns, *, domain: str = OVERALL, through: str | None = None) -> pd.DataFrame:
    """Count the judgements of every auditor in both tails, and give the limits about the rest's share.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    domain
        The id of a domain, or ``overall``, where an audit has one judgement.
    through
        The last quarter whose audits are counted; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.AUDITOR_FUNNEL`, a row for every auditor and tail, by the auditor's own grades. The limits, and
        the share of the rest, are missing where the auditor, or all others together, made fewer than ten audits.

    Raises
    ------
    ChoiceError
        If there is no such domain or quarter.
    ArgumentError
        If the returns are for sharing: how somebody grades is for internal use.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24, 1185 to 1202. Judgements count as many as they are worth, by the
    design effect of the whole service.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> funnel = auditor_funnel(read_returns("data/example"))
    >>> funnel.dropna()[["grade", "n", "of", "low", "high"]].round(2).to_numpy().tolist()
    [['good', 6, 16, 0.05, 0.48], ['inadequate', 5, 16, 0.03, 0.45]]
    """
    if domain not in returns.framework.domain_titles:
        raise ChoiceError("domain", domain, returns.framework.domain_titles)
    if returns.is_shared:
        raise ArgumentError("how auditors grade is for internal use; it is in no report for sharing")
    quarters = reported_quarters(returns, through=through)
    audits = returns.audits[returns.audits["auditor"].notna() & returns.audits["quarter"].isin(quarters)]
    judgements = returns.judgements[(returns.judgements["domain"] == domain) & returns.judgements["grade"].notna()]
    graded = judgements.merge(audits[["audit_id", "auditor"]], on="audit_id")
    tails = returns.framework.scale(domain).tails
    parts = [_of_tail(graded, graded["grade"].isin(grades)).assign(grade=tail) for tail, grades in tails.items()]
    return AUDITOR_FUNNEL.build(pd.concat(parts).sort_values("auditor", kind="stable").assign(domain=domain))


def _of_tail(graded: pd.DataFrame, is_in: pd.Series) -> pd.DataFrame:
    """The counts, shares and limits of every auditor in one tail."""
    by_audit = is_in.groupby([graded["auditor"], graded["audit_id"]]).agg(["sum", "size"])
    x, m = by_audit["sum"], by_audit["size"]
    each = pd.DataFrame({"n": x, "of": m, "audits": 1, "sum_xx": x * x, "sum_xm": x * m, "sum_mm": m * m})
    rows = each.groupby(level="auditor")[_SUMS].sum()
    whole = rows.sum()
    others = whole - rows
    enough = np.minimum(rows["audits"], others["audits"]) >= FEWEST_AUDITS_OF_AN_AUDITOR
    worth = float(effective_sample_size(**whole)) / max(whole["of"], 1)
    rows["share"] = rows["n"] / rows["of"]
    rows["effective"] = rows["of"] * worth
    rows["share_of_rest"] = (others["n"] / others["of"].where(others["of"] > 0)).where(enough)
    for names, confidence in ((("low", "high"), INNER), (("outer_low", "outer_high"), OUTER)):
        limits = funnel_limits(rows["share_of_rest"], rows["effective"], confidence=confidence)
        rows[list(names)] = np.column_stack(limits)
    return rows.reset_index()


def funnel_limits(
    share: ArrayLike, of: ArrayLike, *, confidence: float = INNER
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Say between which limits shares lie that come from the same true one.

    Parameters
    ----------
    share
        The true share, from 0 to 1.
    of
        How many independent judgements each is of; need not be whole.
    confidence
        How often they lie between the limits.

    Returns
    -------
    tuple of numpy.ndarray
        The lower and the upper limit, from 0 to 1; missing where the share is, or where ``of`` is 0.

    Notes
    -----
    Wilson's interval turned round: the least and the greatest share whose interval still holds the true one. It is what
    PHEindicatormethods (``phe_funnels``) draws.

    Examples
    --------
    From its tests, four of a baseline of 80.642448%:

    >>> low, high = funnel_limits(0.80642448, 4)
    >>> print(f"{100 * low:.6f}")
    41.923356
    """
    from scipy.special import ndtri

    share, of = np.asarray(share, dtype=float), np.asarray(of, dtype=float)
    reach = ndtri((1 + confidence) / 2) * np.sqrt(share * (1 - share) / np.where(of > 0, of, np.nan))
    return np.clip(share - reach, 0, 1), np.clip(share + reach, 0, 1)
