"""Whether an auditor grades lower or higher from quarter to quarter, against the rest of the same quarter.

A service that improves lifts everybody's grades; what drifts is the distance to the rest. Drift is a trend of that
distance over the quarters that hold enough audits of the auditor and of others. Most auditors do not audit enough in a
quarter for anything to be said, and then nothing is.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from auditanalytics.auditor_comparison import (
    ALIKE,
    NOT_ENOUGH,
    compare_with_rest,
    naming_confidence,
    score_audits,
    too_few,
)
from auditanalytics.evidence import NO_EVIDENCE
from auditanalytics.intervals import CONFIDENCE
from auditanalytics.periods import reported_quarters
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import AUDITOR_DRIFT

FEWEST_QUARTERS = 2
"""With fewer that hold enough audits there is nothing to compare."""

LOWER_THAN_BEFORE, HIGHER_THAN_BEFORE = "graded lower than before", "graded higher than before"


class Trend(NamedTuple):
    """How much an auditor's distance to the rest rises from quarter to quarter, and how sure that is."""

    step: float
    error: float
    freedom: float


def auditor_drift(returns: AuditReturns, *, through: str | None = None) -> pd.DataFrame:
    """Say of every auditor whether they graded lower or higher than before, beside the rest.

    Parameters
    ----------
    returns
        Audit returns, for internal use.
    through
        The last quarter whose audits are compared; the last with returns if None.

    Returns
    -------
    pandas.DataFrame
        `schema.AUDITOR_DRIFT`, a row for every auditor and quarter. ``lower``, ``low`` and ``high`` are those of
        `severity.auditor_severity`, against the rest of that quarter; they are missing where either made fewer than
        ten audits in it. ``step`` is how much ``lower`` rises from quarter to quarter, with limits widened for the
        number of auditors who are compared. It and ``finding`` are of the auditor, the same in each of their rows:
        lower or higher than before only where those limits leave out 0.

    Raises
    ------
    ChoiceError
        If there is no such quarter.
    ArgumentError
        If the returns are for sharing: how somebody grades is for internal use.

    Notes
    -----
    Every quarter of an auditor is compared as in `auditor_comparison.compare_with_rest`, and a line is fitted to the
    quarters by weighted least squares, each weighing the inverse of its variance.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> auditor_drift(read_returns("data/example"))["finding"].unique().tolist()
    ['not enough to say']
    """
    scored = score_audits(returns, through=through)
    quarters = reported_quarters(returns, through=through)
    counts = scored.groupby(["quarter", "auditor"])[["score", "moderated_score"]].count()
    counts = counts.set_axis(["audits", "moderated"], axis=1)
    made = counts["audits"].groupby("quarter").sum()
    frames, trends = {}, {}
    for auditor in sorted(scored["auditor"].unique()):
        rows = counts.xs(auditor, level="auditor").reindex(quarters, fill_value=0).rename_axis("quarter")
        enough = [not too_few(audits, made.get(quarter, 0) - audits) for quarter, audits in rows["audits"].items()]
        frames[auditor] = rows.join(_distances(scored, auditor, rows.index[enough]))
        if frames[auditor]["lower"].count() >= FEWEST_QUARTERS:
            trends[auditor] = _trend(frames[auditor])
    told = [rows.assign(auditor=auditor, **_found(trends, auditor)) for auditor, rows in frames.items()]
    return AUDITOR_DRIFT.build(pd.concat(told).reset_index() if told else [])


def _distances(scored: pd.DataFrame, auditor: str, quarters: pd.Index) -> pd.DataFrame:
    """How an auditor graded against the rest in each of some quarters; all of theirs are kept out of the rest."""
    theirs = scored["auditor"] == auditor
    sets = pd.get_dummies(scored["quarter"].where(theirs))
    comparison = compare_with_rest(scored, sets.to_numpy(bool))
    low, high = comparison.limits(CONFIDENCE)
    chances = {"lower": comparison.severity, "low": low, "high": high}
    columns = {name: np.clip(ALIKE + values, 0, 1) for name, values in chances.items()}
    columns |= {name: getattr(comparison, name) for name in ("severity", "error", "freedom")}
    return pd.DataFrame(columns, index=sets.columns).loc[quarters]


def _trend(rows: pd.DataFrame) -> Trend:
    """The weighted least squares line through the quarters in which there is a distance."""
    known = rows["severity"].notna().to_numpy()
    place, told = np.flatnonzero(known), rows[known]
    weight = 1 / told["error"].to_numpy() ** 2
    place = place - np.average(place, weights=weight)
    spread = (weight * place**2).sum()
    step = float((weight * place * told["severity"]).sum() / spread)
    return Trend(step, float(spread**-0.5), float(told["freedom"].min()))


def _found(trends: dict[str, Trend], auditor: str) -> dict[str, Any]:
    """What stands in every row of an auditor."""
    if auditor not in trends:
        return {"step": np.nan, "comparisons": None, "low_of_all": np.nan, "high_of_all": np.nan, "finding": NOT_ENOUGH}
    from scipy.special import stdtrit

    trend = trends[auditor]
    reach = float(stdtrit(trend.freedom, (1 + naming_confidence(len(trends))) / 2)) * trend.error
    finding = NO_EVIDENCE
    if abs(trend.step) > reach:
        finding = LOWER_THAN_BEFORE if trend.step > 0 else HIGHER_THAN_BEFORE
    limits = {"low_of_all": trend.step - reach, "high_of_all": trend.step + reach}
    return {"step": trend.step, "comparisons": len(trends), **limits, "finding": finding}
