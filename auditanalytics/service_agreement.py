"""How far moderators agree with auditors in a whole service: those looked at for a reason and those drawn at random.

Neither part alone is the service, and both together are it only when each audit stands for as many as its probability
says. It can be said only of quarters in which it was recorded how the moderated audits were drawn.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.errors import ArgumentError
from auditanalytics.frameworks import OVERALL
from auditanalytics.intervals import CONFIDENCE, wilson_interval
from auditanalytics.moderation import ALL, moderated_judgements
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import SERVICE_AGREEMENT

AUDITS_FOR_AN_INTERVAL = 5
"""With fewer audits drawn at random, an interval would be more than half of the scale wide and say nothing."""


def service_agreement(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Estimate how far moderators would give the auditors' grades, were every audit of a quarter moderated.

    Parameters
    ----------
    returns
        Audit returns.
    through
        The last quarter; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.SERVICE_AGREEMENT`: a row for each quarter in which audits were drawn with a recorded probability, some
        of them at random, and for all of these together. An audit counts once, by the share of its judgements with the
        same grade, however many they are; judgements on whole audits are not counted.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> len(service_agreement(read_returns("data/example")))
    0
    """
    rows = moderated_judgements(returns, through=through)
    rows = rows[(rows["domain"] != OVERALL) & rows["steps"].notna()]
    rows = rows.assign(exact=rows["steps"].eq(0).astype(float))
    audits = rows.groupby(["quarter", "audit"]).agg(exact=("exact", "mean"), probability=("probability", "first"))
    by_lot = (audits["probability"] < 1).groupby(level="quarter").transform("any")
    audits = audits[by_lot.astype(bool)]
    parts = [*audits.groupby(level="quarter"), (ALL, audits)] if len(audits) else []
    return SERVICE_AGREEMENT.build([(quarter, *weighted_agreement(drawn)) for quarter, drawn in parts])


class WeightedAgreement(NamedTuple):
    """How far moderators agree with auditors in a whole quarter, with its 95% interval, and what it is estimated from.

    ``audits`` counts those that are counted, ``drawn_by_lot`` those of them that had a probability below 1, and
    ``left_out`` those of which agreement or probability is not known.
    """

    value: float
    low: float
    high: float
    audits: int
    drawn_by_lot: int
    left_out: int


def weighted_agreement(moderated: pd.DataFrame) -> WeightedAgreement:
    """Estimate agreement in a whole quarter from both strata, each audit weighted by how many it stands for.

    Parameters
    ----------
    moderated
        A row for every moderated audit: ``exact``, the share of its judgements of which the moderated grade is the
        auditor's, and ``probability``, with which it was drawn. Where either is missing the audit is left out.

    Returns
    -------
    WeightedAgreement
        The estimate; no limits with fewer than `AUDITS_FOR_AN_INTERVAL` audits drawn by lot.

    Raises
    ------
    ArgumentError
        If a share of agreement is not from 0 to 1, or a probability not above 0 and up to 1.

    Notes
    -----
    Horvitz and Thompson's weights (1952), one by the probability π, in Hájek's ratio (1971). What was certain to be
    drawn is all there and adds no uncertainty, so the interval is that of the lot, moved and narrowed by the rest. The
    variance of the lot is n / (n - 1) · Σ(1 - π)·w²·(x - mean)² / (Σw)² (Hájek 1964, Annals of Mathematical Statistics
    35, 1491 to 1523), which for equal probabilities is that of a simple random sample with its finite population
    correction. Wilson's interval is taken at the effective number of audits: mean · (1 - mean) by the variance, times
    the squared ratio of the normal to Student's quantile (Korn and Graubard 1998), but not fewer than if each audit
    agreed wholly or not at all.

    An audit that is drawn and not yet moderated is not in the estimate: it is taken to be like those of its stratum.

    Examples
    --------
    Two audits with a reason, in neither of which the grade stood, and five of ten others, four of which agreed.

    >>> moderated = pd.DataFrame({"exact": [0, 0, 1, 1, 1, 1, 0], "probability": [1, 1] + [0.5] * 5})
    >>> print("{:.3f} ({:.3f} to {:.3f})".format(*weighted_agreement(moderated)[:3]))
    0.667 (0.395 to 0.789)
    """
    known = moderated[["exact", "probability"]].dropna().astype(float)
    exact, probability = known["exact"].to_numpy(), known["probability"].to_numpy()
    if ((exact < 0) | (exact > 1)).any() or ((probability <= 0) | (probability > 1)).any():
        raise ArgumentError("agreement must be from 0 to 1, and the probability of being drawn above 0 and up to 1")
    by_lot = probability < 1
    counts = (len(known), int(by_lot.sum()), len(moderated) - len(known))
    if not len(known):
        return WeightedAgreement(np.nan, np.nan, np.nan, *counts)
    weights = 1 / probability
    value = float(np.average(exact, weights=weights))
    if by_lot.sum() < AUDITS_FOR_AN_INTERVAL:
        return WeightedAgreement(value, np.nan, np.nan, *counts)
    share_of_lot = weights[by_lot].sum() / weights.sum()
    certain = value - share_of_lot * np.average(exact[by_lot], weights=weights[by_lot])
    low, high = (certain + share_of_lot * limit for limit in _interval_of_lot(exact[by_lot], probability[by_lot]))
    return WeightedAgreement(value, float(low), float(high), *counts)


def _interval_of_lot(exact: np.ndarray, probability: np.ndarray) -> tuple[float, float]:
    # Loaded here because a check that draws nothing need not wait for it.
    from scipy.special import ndtri, stdtrit

    weights, of = 1 / probability, len(exact)
    total, mean = weights.sum(), np.average(exact, weights=weights)
    spread = ((1 - probability) * weights**2 * (exact - mean) ** 2).sum()
    each_its_own = (total - 1) * total / ((1 - probability) * weights**2).sum()
    quantile = (1 + CONFIDENCE) / 2
    if spread > 0:
        independent = mean * (1 - mean) * total**2 * (of - 1) / of / spread
        each_its_own = max(each_its_own, independent * (ndtri(quantile) / stdtrit(of - 1, quantile)) ** 2)
    low, high = wilson_interval(mean * each_its_own, each_its_own)
    return float(low), float(high)
