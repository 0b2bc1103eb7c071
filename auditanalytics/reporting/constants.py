"""The numbers that sentences and notes use and that come from no return, as a table beside those that do."""

import pandas as pd

from auditanalytics.evidence import CHANGE_WORTH_SEEING
from auditanalytics.intervals import CONFIDENCE, FEWEST_AUDITS_FOR_A_PERCENTAGE
from auditanalytics.reporting.headlines import ONE_IN_P_CHARTS
from auditanalytics.reporting.narrative import ONE_IN
from auditanalytics.returns import AuditReturns
from auditanalytics.schema import CONSTANTS


def constants(returns: AuditReturns) -> pd.DataFrame:
    """Give the numbers that what is written of returns uses and does not take from them.

    Parameters
    ----------
    returns
        Audit returns.

    Returns
    -------
    pandas.DataFrame
        `schema.CONSTANTS`.

    Examples
    --------
    >>> from auditanalytics.returns import read_returns
    >>> constants(read_returns("data/example")).set_index("name")["value"].loc["confidence"].item()
    0.95
    """
    rows = [
        ("confidence", CONFIDENCE, "the share of intervals that hold the true value"),
        ("one_in", ONE_IN, "of so many comparisons at that confidence one misleads by chance"),
        ("one_in_p_charts", ONE_IN_P_CHARTS, "of so many p-charts without a change one marks its latest point"),
        ("fewest_audits_for_a_percentage", FEWEST_AUDITS_FOR_A_PERCENTAGE, "with fewer, counts stand alone"),
        ("change_worth_seeing", CHANGE_WORTH_SEEING, "the change for which the audits that it takes are told"),
    ]
    if returns.is_shared:
        policy = returns.disclosure_policy
        rows.append(("threshold", policy.threshold, "numbers that stand for fewer children are hidden"))
        if policy.round_to:
            rows.append(("round_to", policy.round_to, "numbers are rounded to a multiple of this"))
    return CONSTANTS.build(rows)
